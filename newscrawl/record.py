"""The record: an article as one line of JSON, and back."""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from dataclasses import fields
from datetime import datetime
from typing import Any

import orjson

from newscrawl.items import SCHEMA_VERSION, Archived, Article, Author, Duplicate, Found, Image
from newscrawl.schema import RECORD


def record(article: Article) -> dict[str, Any]:
    """The record of an article, fields in their order: `docs/record.md`."""
    found, archived = article.found, article.archived
    return {
        "schema": SCHEMA_VERSION,
        "id": article.id,
        "source": article.source,
        "url": article.url,
        "title": article.title,
        "marks": article.marks,
        "deck": article.deck,
        "section": article.section,
        "subsection": article.subsection,
        "language": article.language,
        "kind": article.kind,
        "access": article.access,
        "published_at": _time(article.published_at),
        "modified_at": _time(article.modified_at),
        "place": article.place,
        "authors": [{"name": author.name, "role": author.role, "email": author.email} for author in article.authors],
        "body": article.body,
        "tables": article.tables,
        "images": [{"url": image.url, "caption": image.caption, "credit": image.credit} for image in article.images],
        "notices": article.notices,
        "ai_summary": article.ai_summary,
        "tickers": article.tickers,
        "related": article.related,
        "story": article.story,
        "duplicate": _duplicate(article.duplicate),
        "found": {"via": found.via, "from": found.source, "at": _time(found.at)} if found else None,
        "first_seen_at": _time(article.first_seen_at),
        "fetched_at": _time(article.fetched_at),
        "archived": {"file": archived.file, "offset": archived.offset} if archived else None,
        "revision": article.revision,
        "status": article.status,
        "changed": article.changed,
        "previous_hash": article.previous_hash,
        "fields_from": article.fields_from,
        "extractor": article.extractor,
        "hash": article.hash,
    }


def line(article: Article) -> bytes:
    """The record as a line of UTF-8 JSON."""
    return orjson.dumps(record(article), option=orjson.OPT_APPEND_NEWLINE)


_FIELDS = frozenset(one.name for one in fields(Article)) & frozenset(RECORD["properties"])
_DUPLICATE = tuple(one.name for one in fields(Duplicate))
_TIMES = ("published_at", "modified_at", "first_seen_at", "fetched_at")


def article(line: bytes) -> Article:
    """The article of a line that `line` wrote, in this version of the record or an earlier one."""
    values: dict[str, Any] = {name: value for name, value in orjson.loads(line).items() if name in _FIELDS}
    for name in _TIMES:
        values[name] = _moment(values.get(name))
    values["authors"] = [Author(**author) for author in values["authors"]]
    values["images"] = [Image(**image) for image in values["images"]]
    if duplicate := values.get("duplicate"):
        values["duplicate"] = Duplicate(**duplicate)
    if archived := values.get("archived"):
        values["archived"] = Archived(**archived)
    if found := values["found"]:
        values["found"] = Found(found["via"], found["from"], datetime.fromisoformat(found["at"]))
    return Article(**values)


def check_fields(setting: str, wanted: Iterable[str]) -> None:
    """Raises ValueError for the first name that no record has: such a field would be missing in silence. `setting`: what names it."""
    known = list(RECORD["properties"])
    for name in wanted:
        if name not in known:
            close = difflib.get_close_matches(str(name), known, n=1)
            hint = f" (did you mean {close[0]}?)" if close else ""
            raise ValueError(f"{setting} names no field {name!r}{hint}; the fields are {', '.join(known)}")


def _duplicate(duplicate: Duplicate | None) -> dict[str, Any] | None:
    return {name: getattr(duplicate, name) for name in _DUPLICATE} if duplicate else None


def _time(moment: datetime | None) -> str | None:
    return moment.isoformat(timespec="seconds") if moment else None


def _moment(time: str | None) -> datetime | None:
    return datetime.fromisoformat(time) if time else None
