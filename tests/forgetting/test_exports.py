"""Exports without an article: in each form, whatever columns they have."""

from __future__ import annotations

import csv
import sqlite3
import sys
from pathlib import Path

import pyarrow.parquet
import pytest

from newscrawl.export import Feed
from newscrawl.forgetting import exports, places, tables
from newscrawl.forgetting.sought import Sought
from newscrawl.record import line
from tests.export.records import feed, wish, write

from .folder import FORMS, GONE, SITE, Folder, about, left, number

WANTED = ("parquet", "csv", "sqlite", "jsonl", "jsonl.gz", "jsonl.zst")


@pytest.fixture
def lines(tmp_path: Path) -> Feed:
    return feed(tmp_path / "feed.jsonl", about(1), about(GONE), about(GONE, 2), about(2))


def sought() -> Sought:
    wanted = Sought.of(SITE, [number(GONE)])
    for revision in (1, 2):
        wanted.learn(line(about(GONE, revision)))
    return wanted


@pytest.mark.parametrize("columns", ["", "id,title", "url,body", "title,published_at", "body", "kind,body,title"])
@pytest.mark.parametrize("form", WANTED)
def test_the_rows_of_the_article_go_by_whatever_tells_them(
    tmp_path: Path, lines: Feed, form: str, columns: str
) -> None:
    path, clean = tmp_path / "with", tmp_path / "without"
    wanted = wish(columns=columns) if columns else wish()
    write(form, path, [lines], wanted)
    write(form, clean, [feed(tmp_path / "other.jsonl", about(1), about(2))], wanted)
    assert exports.survey(path, form, sought()) == 2
    assert exports.rewrite(path, form, sought()) == 2
    assert exports.survey(path, form, sought()) == 0
    assert _content(path, form) == _content(clean, form)


@pytest.mark.parametrize("form", ["csv", "jsonl", "sqlite", "parquet"])
def test_where_words_alone_tell_articles_very_many_are_not_found_and_that_is_said(
    tmp_path: Path, lines: Feed, form: str
) -> None:
    path = tmp_path / "with"
    write(form, path, [lines], wish(columns="title,body"))
    with pytest.raises(ValueError, match="neither ids nor addresses"):
        exports.survey(path, form, Sought.of(SITE, range(101)))


def _content(path: Path, form: str) -> object:
    if form == "parquet":
        files = sorted(path.rglob("*.parquet"))
        read = [pyarrow.parquet.ParquetFile(one) for one in files]
        return [
            (one.relative_to(path), file.schema_arrow, file.read().to_pylist())
            for one, file in zip(files, read, strict=True)
        ]
    if form == "sqlite":
        with sqlite3.connect(path) as connection:
            return connection.execute("SELECT * FROM articles").fetchall(), connection.execute(
                "SELECT sql FROM sqlite_master"
            ).fetchall()
    if form in ("csv", "jsonl"):
        return path.read_bytes()
    import gzip

    import zstandard

    with gzip.open(path) if form.endswith("gz") else zstandard.open(path, "rb") as file:
        return file.read()


def test_an_export_without_columns_that_tell_an_article_has_none_of_its_words_and_stays(
    tmp_path: Path, lines: Feed
) -> None:
    write("csv", tmp_path / "e.csv", [lines], wish(columns="kind,section"))
    assert exports.survey(tmp_path / "e.csv", "csv", sought()) == 0


def test_a_cell_for_excel_is_the_same_text(tmp_path: Path) -> None:
    one = about(GONE)
    one.title = "=가온시의 소식이 이렇게 시작한다"
    path = tmp_path / "e.csv"
    write("csv", path, [feed(tmp_path / "feed.jsonl", one, about(1))], wish(columns="title"), for_excel=True)
    wanted = Sought.of(SITE, [number(GONE)])
    wanted.learn(line(one))
    assert tables.rewrite_csv(path, wanted) == 1
    with path.open(encoding="utf-8-sig", newline="") as file:
        assert [row[0] for row in csv.reader(file)] == ["title", about(1).title]


def test_a_month_of_which_nothing_is_left_goes_but_the_last_keeps_the_columns(tmp_path: Path) -> None:
    early = about(1)
    assert early.published_at is not None
    early.published_at = early.published_at.replace(month=10)
    path = tmp_path / "e.parquet"
    write("parquet", path, [feed(tmp_path / "feed.jsonl", early, about(GONE))])
    exports.rewrite(path, "parquet", sought())
    assert [one.name for one in path.iterdir()] == ["published_month=2026-10"]
    exports.rewrite(path, "parquet", Sought.of(SITE, [number(1)]))
    (last,) = path.rglob("*.parquet")
    assert pyarrow.parquet.ParquetFile(last).metadata.num_rows == 0


def test_parquet_keeps_its_compression_and_metadata(tmp_path: Path, lines: Feed) -> None:
    path = tmp_path / "e.parquet"
    write("parquet", path, [lines])
    exports.rewrite(path, "parquet", sought())
    (one,) = path.rglob("*.parquet")
    file = pyarrow.parquet.ParquetFile(one)
    assert file.metadata.row_group(0).column(0).compression == "ZSTD"
    assert b"newscrawl.schema" in file.schema_arrow.metadata


def test_without_pyarrow_one_line_says_what_to_do_and_the_next_command_goes_on(
    folder: Folder, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patch:
        for name in ("pyarrow", "pyarrow.parquet"):
            patch.setitem(sys.modules, name, None)
        report = folder.forget(GONE)
    assert report.waits
    assert report.troubles == [f"{folder.exports / FORMS['parquet']}: needs pyarrow: pip install pyarrow"]
    assert folder.forget().troubles == []
    assert left(folder, about(GONE), about(GONE, 2)) == []


def test_one_that_was_moved_is_named(folder: Folder) -> None:
    (folder.exports / FORMS["csv"]).rename(folder.exports / "elsewhere.csv")
    notes = [note for one in folder.forget(GONE).touched for note in one.notes]
    assert any(note.startswith(f"not found any more: {folder.exports / FORMS['csv']};") for note in notes)


def test_one_in_a_form_that_cannot_be_written_anew_is_named(folder: Folder) -> None:
    database = folder.database
    with database.transaction() as connection:
        connection.exec_driver_sql(f"UPDATE exports SET form = 'xlsx' WHERE path = '{folder.exports / FORMS['csv']}'")
    database.close()
    assert any("is xlsx, which cannot be written anew" in line for line in folder.forget(GONE).troubles)


def test_one_that_is_open_in_another_program_is_left_and_named(folder: Folder) -> None:
    path = folder.exports / FORMS["sqlite"]
    path.with_name(f"{path.name}-journal").write_bytes(b"x")
    assert any("is open in another program" in line for line in folder.forget(GONE).troubles)


def test_one_that_is_being_written_is_left_and_named(folder: Folder) -> None:
    from newscrawl.state.alive import RunLock

    path = folder.exports / FORMS["csv"]
    lock = RunLock(exports.lock_of(path))
    troubles = folder.forget(GONE).troubles
    lock.release()
    assert any("an export is being written there" in line for line in troubles)


def test_what_is_no_export_any_more_is_left_and_named(folder: Folder) -> None:
    broken = {"csv": b'id,title\n"never', "sqlite": b"no database", "jsonl.zst": b"\x28\xb5\x2f\xfdno frame"}
    for form, data in broken.items():
        (folder.exports / FORMS[form]).write_bytes(data)
    report = folder.forget(GONE)
    assert len(report.troubles) >= len(broken)
    assert all((folder.exports / FORMS[form]).read_bytes() == data for form, data in broken.items())


def test_a_link_to_an_export_stays_a_link(folder: Folder, tmp_path: Path) -> None:
    path, real = folder.exports / FORMS["csv"], tmp_path / "real.csv"
    path.rename(real)
    path.symlink_to(real)
    folder.forget(GONE)
    assert path.is_symlink()
    assert str(number(GONE)) not in real.read_text(encoding="utf-8")


def test_the_names_of_outputs_are_those_of_files(tmp_path: Path) -> None:
    from newscrawl.forgetting.noting import form_of, local_file

    named = {
        "out.jsonl": True,
        f"file://{tmp_path}/a%20b.jsonl.gz": True,
        "stdout:": False,
        "/dev/stdout": False,
        "s3://b/k": False,
    }
    assert {name: local_file(name) is not None for name in named} == named
    assert local_file(f"file://{tmp_path}/a%20b.jsonl.gz") == tmp_path / "a b.jsonl.gz"
    assert [form_of(Path(name)) for name in ("a.jsonl", "a.jsonl.gz", "a.zst", "a")] == [
        "jsonl",
        "jsonl.gz",
        "jsonl.zst",
        "jsonl",
    ]
    assert places.Touched("x").steps == []
