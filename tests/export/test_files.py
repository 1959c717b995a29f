"""The formats that are one file: CSV, SQLite, JSON Lines."""

from __future__ import annotations

import csv
import gzip
import sqlite3
from pathlib import Path

import orjson
import pytest
import zstandard

from newscrawl.export import format_of
from newscrawl.export.columns import COLUMNS
from newscrawl.export.csv_file import LONGEST_CELL
from newscrawl.record import record

from .records import article, feed, wish, write


def rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def test_csv_opens_in_excel_as_korean_with_a_mark_and_ends_of_lines_of_the_standard(tmp_path: Path) -> None:
    write("csv", tmp_path / "out", [feed(tmp_path / "feed", article(1))], wish(columns="title,section"))
    text = '\ufefftitle,section\r\n"[속보] 코스피, 3000선 ""회복""",증권·금융\r\n'
    assert (tmp_path / "out").read_bytes().decode() == text


def test_csv_has_every_value_and_what_is_nested_as_json(tmp_path: Path) -> None:
    write("csv", tmp_path / "out", [feed(tmp_path / "feed", article(1))])
    (row,) = rows(tmp_path / "out")
    nested = {name for name, value in record(article(1)).items() if isinstance(value, list | dict)}
    found = {name: orjson.loads(value) if name in nested else value for name, value in row.items()}
    assert found == record(article(1)) | {"schema": "4", "revision": "1"}


def test_null_is_an_empty_cell_and_an_empty_list_is_not(tmp_path: Path) -> None:
    write(
        "csv", tmp_path / "out", [feed(tmp_path / "feed", article(1, place=None, deck=[]))], wish(columns="place,deck")
    )
    assert rows(tmp_path / "out") == [{"place": "", "deck": "[]"}]


@pytest.mark.parametrize("first", ["=", "+", "-", "@", "\t", "\r", "＝", "＋"])
def test_what_excel_takes_for_a_formula_is_kept_and_counted_or_marked_when_asked(first: str, tmp_path: Path) -> None:
    feeds = [feed(tmp_path / "feed", article(1, title=f"{first}3% 급등"))]
    kept = write("csv", tmp_path / "kept", feeds, wish(columns="title"))
    assert rows(tmp_path / "kept") == [{"title": f"{first}3% 급등"}]
    assert "--for-excel puts ' before them" in kept.notes[0]
    marked = write("csv", tmp_path / "marked", feeds, wish(columns="title"), for_excel=True)
    assert rows(tmp_path / "marked") == [{"title": f"'{first}3% 급등"}]
    assert marked.notes == ["1 cells begin with = + - or @: ' was put before them"]


def test_cells_that_excel_cuts_are_whole_and_counted(tmp_path: Path) -> None:
    lines = article(1, body="가" * LONGEST_CELL), article(2, body="가" * (LONGEST_CELL + 1))
    told = write("csv", tmp_path / "out", [feed(tmp_path / "feed", *lines)], wish(columns="body"))
    assert [len(row["body"]) for row in rows(tmp_path / "out")] == [LONGEST_CELL, LONGEST_CELL + 1]
    assert told.notes == ["1 cells have more than 32,767 characters: Excel cuts them, others do not"]


def test_sqlite_has_every_value_with_its_type_and_what_is_nested_as_json(tmp_path: Path) -> None:
    write("sqlite", tmp_path / "out", [feed(tmp_path / "feed", article(1, place=None))])
    connection = sqlite3.connect(tmp_path / "out")
    (row,) = connection.execute("SELECT * FROM articles").fetchall()
    connection.close()
    expected = record(article(1, place=None))
    found = dict(zip(COLUMNS, row, strict=True))
    read = {
        name: orjson.loads(found[name]) if isinstance(value, list | dict) else found[name]
        for name, value in expected.items()
    }
    assert read == expected


def test_sqlite_finds_articles_by_id_and_time_without_reading_all(tmp_path: Path) -> None:
    write("sqlite", tmp_path / "out", [feed(tmp_path / "feed", article(1), article(1, revision=2))])
    connection = sqlite3.connect(tmp_path / "out")
    plans = [
        connection.execute(f"EXPLAIN QUERY PLAN SELECT body FROM articles WHERE {where}").fetchone()[3]
        for where in ("id = 'a' AND revision = 1", "published_at >= '2026'", "story = 'a'")
    ]
    connection.close()
    assert [plan.split()[4] for plan in plans] == ["articles_id", "articles_published_at", "articles_story"]


def test_sqlite_answers_the_questions_of_the_document(tmp_path: Path) -> None:
    text = (Path(__file__).parents[2] / "docs" / "export.md").read_text(encoding="utf-8")
    (script,) = [part.split("```")[0] for part in text.split("```sql\n")[1:] if "fts5" in part]
    *making, question = [one for one in script.split(";") if one.strip()]
    write("sqlite", tmp_path / "out", [feed(tmp_path / "feed", article(1), article(2, body="코스닥이 내렸다."))])
    connection = sqlite3.connect(tmp_path / "out")
    connection.executescript(";".join(making))
    found = connection.execute(question).fetchall()
    connection.close()
    assert [row[0] for row in found] == ["newspim:20261120000001"]


@pytest.mark.parametrize("form", ["jsonl.gz", "jsonl.zst"])
def test_json_lines_can_be_compressed(form: str, tmp_path: Path) -> None:
    one = feed(tmp_path / "feed", article(1), article(2))
    write(form, tmp_path / "out", [one])
    with (tmp_path / "out").open("rb") as file:
        opened = gzip.GzipFile(fileobj=file) if form == "jsonl.gz" else zstandard.ZstdDecompressor().stream_reader(file)
        with opened:
            assert opened.read() == one.path.read_bytes()


@pytest.mark.parametrize(
    ("named", "path", "form"),
    [
        (None, "a.parquet", "parquet"),
        (None, "a.csv", "csv"),
        (None, "a.db", "sqlite"),
        (None, "a.sqlite", "sqlite"),
        (None, "a.jsonl.zst", "jsonl.zst"),
        ("jsonl", "a.jsonl.gz", "jsonl.gz"),
        ("jsonl", "a", "jsonl"),
        ("jsonl", "a.csv", "jsonl"),
        ("parquet", "articles", "parquet"),
    ],
)
def test_the_format_is_the_one_that_is_named_or_that_of_the_ending(named: str | None, path: str, form: str) -> None:
    assert format_of(named, Path(path)) == form


@pytest.mark.parametrize(("named", "path"), [(None, "articles"), ("excel", "a.csv"), (None, "a.json")])
def test_a_format_that_there_is_not_is_told_with_those_that_there_are(named: str | None, path: str) -> None:
    with pytest.raises(ValueError, match=r"parquet.*csv.*sqlite.*jsonl.*jsonl\.gz.*jsonl\.zst"):
        format_of(named, Path(path))
