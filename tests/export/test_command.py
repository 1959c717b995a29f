"""`scrapy export`: which feeds it reads, where it writes, and what it says."""

from __future__ import annotations

import argparse
import os
from pathlib import Path

import pytest
from scrapy.settings import Settings

from newscrawl.commands.export import Command
from newscrawl.export import FORMATS, ExportError, beside, check_place, find_feeds
from newscrawl.items import KINDS
from newscrawl.record import line
from newscrawl.state import Database, Entry, Journal
from tests.crawl.conftest import scrapy

from .records import article, feed

OWN = (Path("data/newspim"),)


def test_a_state_s_feeds_are_exported_with_one_line_that_says_how_many(tmp_path: Path) -> None:
    data = tmp_path / "data" / "newspim"
    run_of(data, "first.jsonl", 1, 2)
    feed(data / "restored.jsonl", article(2), article(3), b"broken\n")
    done = scrapy("export", "-s", f"NEWSCRAWL_DATA_DIR={data.parent}", "-o", str(tmp_path / "new" / "out.jsonl"))
    assert (tmp_path / "new" / "out.jsonl").read_bytes() == b"".join(line(article(number)) for number in (1, 2, 3))
    assert done.stdout == f"3 records of 5 lines, 0.0 MB: {tmp_path}/new/out.jsonl\n"
    repeated, broken = done.stderr.splitlines()
    assert repeated == "1 lines stand in the feeds more than once: each revision was taken once"
    assert f"{data}/restored.jsonl:3" in broken
    assert done.returncode == 1
    assert [path.name for path in (tmp_path / "new").iterdir()] == ["out.jsonl"]


def test_what_is_wrong_is_one_line_and_exit_code_2(tmp_path: Path) -> None:
    done = scrapy("export", "-s", f"NEWSCRAWL_DATA_DIR={tmp_path}", "-o", str(tmp_path / "out.csv"))
    assert done.returncode == 2
    assert f"there is no feed in {tmp_path}/newspim yet" in (done.stdout + done.stderr)
    assert not (tmp_path / "out.csv").exists()


def run_of(folder: Path, name: str, *numbers: int, ends: bool = True) -> Journal:
    """A run that writes a feed."""
    journal = Journal(Database(f"sqlite:///{folder / 'state.sqlite'}"), folder / name)
    journal.begin("newspim", "{}", None)
    for number in numbers:
        journal.write(Entry(20261120000000 + number, bytes(15) + bytes([number]), line(article(number))))
    journal.commit()
    if ends:
        journal.end("finished", {})
    return journal


def found(folder: Path) -> tuple[list[str], list[str]]:
    """The names of the feeds, and what is wrong with them."""
    database = Database(f"sqlite:///{folder / 'state.sqlite'}")
    feeds = find_feeds(folder, database, "newspim")
    database.close()
    return [one.path.name for one in feeds.found], feeds.troubles


def test_feeds_come_in_the_order_of_their_runs_and_then_those_that_the_state_does_not_know(tmp_path: Path) -> None:
    run_of(tmp_path, "z.jsonl", 1)
    run_of(tmp_path, "a.jsonl", 2)
    for other in ("old.jsonl.gz", "b.jsonl", "notes.txt", "pages.json"):
        (tmp_path / other).touch()
    assert found(tmp_path) == (["z.jsonl", "a.jsonl", "b.jsonl", "old.jsonl.gz"], [])


def test_a_feed_that_was_compressed_stands_where_it_stood(tmp_path: Path) -> None:
    run_of(tmp_path, "z.jsonl", 1)
    run_of(tmp_path, "a.jsonl", 2)
    (tmp_path / "z.jsonl").rename(tmp_path / "z.jsonl.zst")
    assert found(tmp_path) == (["z.jsonl.zst", "a.jsonl"], [])


def test_a_feed_that_is_gone_is_told(tmp_path: Path) -> None:
    run_of(tmp_path, "a.jsonl", 1)
    run_of(tmp_path, "b.jsonl", 2)
    (tmp_path / "a.jsonl").unlink()
    assert found(tmp_path) == (["b.jsonl"], [f"{tmp_path}/a.jsonl is gone: what it held is missing here"])


def test_a_feed_that_lacks_what_was_promised_is_told_unless_its_run_goes_on(tmp_path: Path) -> None:
    journal = run_of(tmp_path, "a.jsonl", 1, ends=False)
    size = (tmp_path / "a.jsonl").stat().st_size
    os.truncate(tmp_path / "a.jsonl", size - 10)
    assert found(tmp_path)[1] == []
    journal.end("finished", {})
    assert "lacks 10 bytes that were promised" in found(tmp_path)[1][0]


@pytest.mark.parametrize(
    ("made", "form", "message"),
    [
        ("data/newspim/out.csv", "csv", "the crawler's own feeds and state lie there"),
        ("data/newspim", "parquet", "the crawler's own feeds and state lie there"),
        ("folder/other.txt", "parquet", "has something else in it"),
        ("folder/published_month=2026-11/other.txt", "parquet", "has something else in it"),
        ("folder/published_month=2026-11/part-0.parquet", "csv", "is a folder; csv is a file"),
        ("folder", "parquet", "is a file; parquet is a folder"),
        ("-", "csv", "no stream"),
    ],
)
def test_what_is_no_earlier_export_is_never_overwritten(
    made: str, form: str, message: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    Path(made).parent.mkdir(parents=True, exist_ok=True)
    Path(made).touch()
    place = Path("folder") if made.startswith("folder") else Path(made)
    with pytest.raises(ExportError, match=message):
        check_place(place, form, overwrite=True, own=OWN)


def test_an_earlier_export_is_overwritten_only_when_asked(tmp_path: Path) -> None:
    (tmp_path / "folder" / "published_month=2026-11").mkdir(parents=True)
    with pytest.raises(ExportError, match="say --overwrite"):
        check_place(tmp_path / "folder", "parquet", overwrite=False, own=OWN)
    check_place(tmp_path / "folder", "parquet", overwrite=True, own=OWN)


def test_an_empty_folder_is_a_place_for_parquet(tmp_path: Path) -> None:
    check_place(tmp_path, "parquet", overwrite=False, own=OWN)


def test_a_device_is_no_place(tmp_path: Path) -> None:
    with pytest.raises(ExportError, match="no stream"):
        check_place(Path("/dev/null"), "csv", overwrite=True, own=OWN)


@pytest.mark.parametrize("is_folder", [False, True])
def test_what_is_written_takes_the_place_of_the_old_when_it_is_whole(is_folder: bool, tmp_path: Path) -> None:
    def fill(path: Path, text: str) -> None:
        if is_folder:
            path.mkdir()
        (path / "part" if is_folder else path).write_text(text, encoding="utf-8")

    def read() -> str:
        return (tmp_path / "out" / "part" if is_folder else tmp_path / "out").read_text(encoding="utf-8")

    fill(tmp_path / "out", "old")
    with beside(tmp_path / "out") as place:
        fill(place, "new")
        assert read() == "old"
    assert read() == "new"
    assert [path.name for path in tmp_path.iterdir()] == ["out"]


def test_what_fails_leaves_the_old_and_nothing_else(tmp_path: Path) -> None:
    (tmp_path / "out").write_text("old", encoding="utf-8")

    def fail() -> None:
        with beside(tmp_path / "out") as place:
            place.write_text("half", encoding="utf-8")
            raise OSError("full")

    with pytest.raises(OSError, match="full"):
        fail()
    assert (tmp_path / "out").read_text(encoding="utf-8") == "old"
    assert [path.name for path in tmp_path.iterdir()] == ["out"]


def test_what_a_killed_export_left_is_removed_by_the_next(tmp_path: Path) -> None:
    (tmp_path / ".out.unfinished").mkdir()
    (tmp_path / ".out.unfinished" / "new").write_text("half", encoding="utf-8")
    (tmp_path / ".out.lock").touch()
    with beside(tmp_path / "out") as place:
        assert not place.exists()
        place.touch()
    assert [path.name for path in tmp_path.iterdir()] == ["out"]


def test_when_a_kill_came_between_the_old_and_the_new_the_old_is_put_back(tmp_path: Path) -> None:
    path, left = tmp_path / "articles", tmp_path / ".articles.unfinished"
    for name in ("old", "new"):
        (left / name).mkdir(parents=True)
        (left / name / "words").write_text(name)
    with pytest.raises(ValueError, match="fails"), beside(path):
        raise ValueError("the next one fails")
    assert (path / "words").read_text() == "old"


def test_when_the_new_cannot_take_its_place_the_old_is_put_back(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "articles"
    path.mkdir()
    (path / "words").write_text("old")

    def refuse(self: Path, target: Path) -> None:
        raise OSError(5, "Input/output error")

    def write() -> None:
        with beside(path) as place:
            place.mkdir()
            monkeypatch.setattr(Path, "replace", refuse)

    with pytest.raises(OSError, match="Input/output"):
        write()
    assert (path / "words").read_text() == "old"


@pytest.mark.parametrize("ending", ["-wal", "-journal"])
def test_a_database_that_another_program_has_open_is_not_replaced(ending: str, tmp_path: Path) -> None:
    (tmp_path / "x.sqlite").touch()
    (tmp_path / f"x.sqlite{ending}").touch()
    with pytest.raises(ExportError, match="open in another program"):
        check_place(tmp_path / "x.sqlite", "sqlite", overwrite=True, own=OWN)


def test_links_in_a_circle_are_no_place(tmp_path: Path) -> None:
    (tmp_path / "a").symlink_to(tmp_path / "b")
    (tmp_path / "b").symlink_to(tmp_path / "a")
    with pytest.raises(ExportError, match="name another path"):
        check_place(tmp_path / "a", "csv", overwrite=False, own=OWN)


def test_two_exports_to_one_place_do_not_mix(tmp_path: Path) -> None:
    with beside(tmp_path / "out") as place:
        place.touch()
        with pytest.raises(ExportError, match="another export is writing"), beside(tmp_path / "out"):
            pass


def test_the_help_names_every_format_and_every_kind() -> None:
    command, parser = Command(), argparse.ArgumentParser()
    command.settings = Settings()
    command.add_options(parser)
    text = " ".join(parser.format_help().split())
    assert [word for word in (*FORMATS, *KINDS) if word not in text] == []
