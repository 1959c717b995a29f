"""A data folder with an article in every kind of place, made by the state and the exporters themselves; and the search for what is left of it."""

from __future__ import annotations

import hashlib
import shutil
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import orjson

from newscrawl.export import Feed
from newscrawl.forgetting.flow import Report, forget
from newscrawl.items import Article
from newscrawl.korean import KST
from newscrawl.record import line
from newscrawl.spiders.newspim import NEWSPIM
from newscrawl.state import Database, Entry, Journal
from newscrawl.state.copying import copy
from newscrawl.state.forgotten import note_export
from newscrawl.state.schema import exports
from newscrawl.state.seen import Watch
from tests import states
from tests.export.records import article, wish, write

from . import warc

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=KST)
SITE = NEWSPIM
GONE = 7  # the article that is removed
FORMS = {"parquet": "e.parquet", "csv": "e.csv", "sqlite": "e.sqlite", "jsonl.zst": "e.jsonl.zst"}


def number(place: int) -> int:
    """As `article` numbers them."""
    return 20261120000000 + place


def about(place: int, revision: int = 1) -> Article:
    """An article whose words no other has, nor another revision of it."""
    word = "가나다라마바사아자차카타파하"[place % 14]
    body = "\n\n".join(
        f"{word}시 {place}번째 소식의 {part}번째 문단은 {revision}판에서 이렇게 적혔다. 이어지는 문장 {place}-{part}-{revision}도 있다."
        for part in range(3)
    )
    title = f"{word}시의 {place}번째 소식, 제{revision}판 '머리말'과 \"본론\""
    values: dict[str, Any] = {
        "title": title,
        "body": body,
        "deck": [f"{word}시 {place}번째 부제목 {revision}판"],
        "ai_summary": [f"{word}시 {place}번째 요약 {revision}판입니다"],
        "images": [],
        "marks": [],
        "related": [],
        "duplicate": None,
        "revision": revision,
        "changed": ["title", "body"] if revision > 1 else [],
    }
    one = article(place, **values)
    one.url = f"https://www.newspim.com/news/view/{number(place)}"
    return one


def entry(one: Article) -> Entry:
    """What a run writes of it."""
    raw = line(one)
    place = int(one.id[-6:])
    hash_ = hashlib.sha256(raw).digest()[:16]
    watch = Watch(0, 1) if one.revision == 1 else None
    return Entry(number(place), hash_, raw, one.revision, tuple(one.changed), watch, published_at=NOW.timestamp())


def run(folder: Path, name: str, *articles: Article, ends: bool = True) -> Journal:
    """A run that writes these into its feed, one commit each."""
    journal = Journal(states.database(folder), folder / name)
    journal.begin("newspim", "{}", None)
    for one in articles:
        journal.write(entry(one))
        journal.commit()
    if ends:
        journal.end("finished", {})
    return journal


class Folder:
    """The part of a data folder for the site, and exports beside it."""

    def __init__(self, path: Path) -> None:
        self.path = path / "data" / "newspim"
        self.exports = path / "exports"

    @property
    def database(self) -> Database:
        """Its state, opened anew."""
        return states.database(self.path)

    def fill(self) -> Folder:
        """Article 7 in two revisions, among others, in each place."""
        self.path.mkdir(parents=True)
        self.exports.mkdir()
        run(self.path, "a.jsonl", about(1), about(GONE), about(2))
        run(self.path, "b.jsonl", about(3), about(GONE, 2))
        run(self.path, "c.jsonl", about(4))
        for name, pack in (("old.jsonl.gz", warc.gzipped), ("old.jsonl.zst", warc.zstandarded)):
            lines = [line(one) for one in (about(5), about(GONE), about(6))]
            (self.path / name).write_bytes(b"".join(pack(one) for one in lines))
        warc.archive(self.path / "warc" / "one.warc.gz", about(GONE), about(1))
        self._keep_pages()
        self.export()
        return self

    def _keep_pages(self) -> None:
        (self.path / "unreadable").mkdir()
        page = f"<html><body><p>{about(GONE).body}</p></body></html>"
        (self.path / "unreadable" / f"{number(GONE)}.html").write_text(page, encoding="utf-8")
        (self.path / "reports" / "000001-2026").mkdir(parents=True)
        story = {"id": f"newspim:{number(GONE)}", "title": about(GONE).title, "articles": 2}
        figures = {"stories": [story], "failures": {"named": []}}
        (self.path / "reports" / "000001-2026" / "run.json").write_bytes(orjson.dumps(figures))

    def export(self, *forms: str) -> None:
        """Into each form, noted as `scrapy export` does."""
        feeds = [self._feed(name) for name in ("a.jsonl", "b.jsonl", "c.jsonl")]
        database = self.database
        for form in forms or FORMS:
            path = self.exports / FORMS[form]
            write(form, path, feeds, wish())
            with database.transaction() as connection:
                note_export(database, connection, str(path), form, 1)
        database.close()

    def _feed(self, name: str) -> Feed:
        path = self.path / name
        return Feed(path, path.stat().st_size)

    def forget(self, *places: int) -> Report:
        """As the command does."""
        database = self.database
        try:
            return forget(
                self.path, database, SITE, [number(one) for one in places], int(NOW.timestamp()), "2026-11-23"
            )
        finally:
            database.close()

    def copy(self, to: Path) -> Folder:
        """The same somewhere else; its exports are noted there."""
        shutil.copytree(self.path, to / "data" / "newspim")
        shutil.copytree(self.exports, to / "exports")
        new = Folder(to)
        database = new.database
        if states.is_shared():
            file = Database(states.url_in(None, new.path), new.path)
            copy(file, database)
            file.close()
            for path in new.path.glob("state.sqlite*"):
                path.unlink()
        with database.transaction() as connection:
            for path in FORMS.values():
                ours = exports.c.path == str(self.exports / path)
                connection.execute(exports.update().where(ours).values(path=str(new.exports / path)))
        database.close()
        return new

    def lines(self) -> list[bytes]:
        """All of all plain feeds, in the order of their names."""
        return [
            one for path in sorted(self.path.glob("*.jsonl")) for one in path.read_bytes().splitlines(keepends=True)
        ]


def places(folder: Path) -> list[str]:
    """The settings of a command that works on a site's folder, and its state."""
    settings = (f"NEWSCRAWL_DATA_DIR={folder.parent}", f"NEWSCRAWL_STATE={states.url(folder)}")
    return [part for setting in settings for part in ("-s", setting)]


def sentences(*articles: Article) -> list[str]:
    """What must be found nowhere: by another rule than that of the project."""
    found = []
    for one in articles:
        for text in (one.title, *(one.body or "").split("\n\n"), *one.deck, *one.ai_summary):
            found += [part for part in (text or "").replace('"', "'").split("'") if len(part) > 8]
    return found


def left(folder: Folder, *articles: Article) -> list[str]:
    """Files that have any of their sentences, however packed."""
    wanted = [one.encode() for one in sentences(*articles)]
    return [
        f"{path.name}: {piece.decode()}"
        for path in sorted((folder.path.parent.parent).rglob("*"))
        if path.is_file()
        for data in [b"".join(unpacked(path))]
        for piece in wanted
        if piece in data
    ]


def unpacked(path: Path) -> Iterator[bytes]:
    """What is in a file, as it stands and unpacked."""
    data = path.read_bytes()
    yield data
    if ".warc.gz" in path.name:
        yield from warc.everything(path)
    elif path.suffix == ".gz":
        yield warc.gunzipped(data)
    elif path.suffix == ".zst":
        yield warc.unzstandarded(data)
    elif path.suffix == ".parquet":
        import pyarrow.parquet

        yield repr(pyarrow.parquet.ParquetFile(path).read().to_pylist()).encode()
