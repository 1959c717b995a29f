"""An export of Parquet, as each of its readers finds it: the columns, their types, and what stands in them."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Mapping
from datetime import datetime, timedelta
from importlib.util import find_spec
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import orjson
import pytest

from newscrawl.export.columns import COLUMNS, ListOf, Plain, Struct, columns
from newscrawl.export.formats import ExportError
from newscrawl.export.months import Months
from newscrawl.korean import KST
from newscrawl.record import record
from newscrawl.schema import RECORD

from .records import article, feed, numbers, wish, write

ROOT = Path(__file__).parents[2]

pytest.importorskip("pyarrow")  # the extra `export`

AT = datetime(2026, 11, 20, 9, 0, tzinfo=KST)
EMPTY = dict.fromkeys(
    (
        "title",
        "section",
        "subsection",
        "language",
        "place",
        "body",
        "modified_at",
        "duplicate",
        "previous_hash",
        "story",
    )
) | {
    name: [] for name in ("marks", "deck", "authors", "tables", "images", "notices", "ai_summary", "tickers", "changed")
}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Three articles of two months, of which one has as little as there can be, and one without a date."""
    base = tmp_path_factory.mktemp("parquet")
    lines = article(1), article(2, published_at=AT.replace(month=10), **EMPTY), article(3, published_at=None)
    told = write("parquet", base / "out", [feed(base / "feed", *lines)])
    assert (told.records, told.notes, told.troubles) == (3, [], [])
    return base / "out"


def test_each_month_is_a_folder_with_one_file(folder: Path) -> None:
    found = sorted(str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file())
    months = ("2026-10", "2026-11", "undated")
    assert found == [f"published_month={month}/part-0.parquet" for month in months]


def test_pyarrow_gives_back_the_records_value_for_value(folder: Path) -> None:
    from pyarrow import dataset

    rows = dataset.dataset(folder, partitioning="hive").to_table().drop(["published_month"]).to_pylist()
    lines = article(2, published_at=AT.replace(month=10), **EMPTY), article(1), article(3, published_at=None)
    assert [_as_record(row, COLUMNS) for row in rows] == [record(one) for one in lines]


def _as_record(row: Mapping[str, Any], kinds: Mapping[str, Any]) -> dict[str, Any]:
    found = {name: _back(row[name], kind) for name, kind in kinds.items()}
    return found | {"fields_from": {name: value for name, value in found["fields_from"].items() if value is not None}}


def _back(value: Any, kind: Any) -> Any:
    if value is None or isinstance(kind, Plain):
        return value.isoformat() if isinstance(value, datetime) else value
    if isinstance(kind, ListOf):
        return [_back(one, kind.item) for one in value]
    return {name: _back(value[name], part) for name, part in kind.parts}


def test_duckdb_knows_the_types(folder: Path) -> None:
    duckdb = pytest.importorskip("duckdb")
    rows = duckdb.sql(f"DESCRIBE FROM read_parquet('{folder}/**/*.parquet', hive_partitioning = true)").fetchall()
    found = {row[0]: row[1] for row in rows}
    assert list(found) == [*COLUMNS, "published_month"]
    assert found["published_at"] == found["modified_at"] == found["fetched_at"] == "TIMESTAMP WITH TIME ZONE"
    assert (found["title"], found["revision"], found["published_month"]) == ("VARCHAR", "INTEGER", "VARCHAR")
    assert (found["tickers"], found["tables"]) == ("VARCHAR[]", "VARCHAR[][][]")
    assert found["authors"].replace('"', "") == "STRUCT(name VARCHAR, role VARCHAR, email VARCHAR)[]"
    assert found["found"].replace('"', "") == "STRUCT(via VARCHAR, from VARCHAR, at TIMESTAMP WITH TIME ZONE)"
    assert (
        found["duplicate"].replace('"', "") == "STRUCT(of VARCHAR, kind VARCHAR, similarity DOUBLE, containment DOUBLE)"
    )


@pytest.mark.parametrize("readme", ["README.md", "README.ko.md"])
def test_duckdb_answers_the_question_of_the_readme(folder: Path, monkeypatch: pytest.MonkeyPatch, readme: str) -> None:
    duckdb = pytest.importorskip("duckdb")
    asked = re.findall(r'^duckdb -c "(.*)"$', (ROOT / readme).read_text(encoding="utf-8"), re.MULTILINE)
    assert len(asked) == 1
    monkeypatch.chdir(folder.parent)
    answer = duckdb.sql(asked[0].replace("'articles/", f"'{folder.name}/")).fetchall()
    assert sum(count for _, _, count in answer) > 0


def test_duckdb_answers_the_questions_of_the_document(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    duckdb = pytest.importorskip("duckdb")
    text = (Path(__file__).parents[2] / "docs" / "export.md").read_text(encoding="utf-8")
    queries = [part.split("```")[0] for part in text.split("```sql\n")[1:]]
    asked = [query for part in queries if "articles/" in part for query in part.split(";") if query.strip()]
    (folder.parent / "articles").symlink_to(folder)
    monkeypatch.chdir(folder.parent)
    answers = [duckdb.sql(query).fetchall() for query in asked]
    assert answers == [
        [("2026-10", None, 1), ("2026-11", "증권·금융", 1)],
        [("005930", 2)],
        [("list", 2, timedelta(days=15, hours=12))],
    ]


def test_pandas_knows_the_types(folder: Path) -> None:
    pandas = pytest.importorskip("pandas")
    frame = pandas.read_parquet(folder)
    assert str(frame.dtypes["published_at"]) == "datetime64[us, Asia/Seoul]"
    assert str(frame.dtypes["revision"]) == "int32"
    latest = frame[frame["published_month"] == "2026-11"].iloc[0]
    assert latest["published_at"].to_pydatetime() == AT
    assert [author["name"] for author in latest["authors"]] == ["홍길동", None]
    assert list(latest["tickers"]) == ["005930"]


def test_polars_knows_the_types(folder: Path) -> None:
    polars = pytest.importorskip("polars")
    frame = polars.scan_parquet(folder)
    schema = frame.collect_schema()
    assert schema["published_at"] == polars.Datetime("us", "Asia/Seoul")
    assert schema["tables"] == polars.List(polars.List(polars.List(polars.String)))
    assert schema["authors"] == polars.List(polars.Struct(dict.fromkeys(("name", "role", "email"), polars.String)))
    assert schema["published_month"] == polars.String
    since = datetime(2026, 11, 20, 9, 0, tzinfo=ZoneInfo("Asia/Seoul"))  # Polars compares times of one zone only
    recent = frame.filter(polars.col("published_at") >= since).select("title", "published_month").collect()
    assert recent.rows() == [('[속보] 코스피, 3000선 "회복"', "2026-11")]


_HUGGING = """
import sys, datasets
datasets.disable_progress_bars()
rows = datasets.load_dataset("parquet", data_dir=sys.argv[1], split="train")
print(rows.features["published_at"], rows.features["authors"], rows.features["tables"], sep="|")
print([row["published_at"] and row["published_at"].isoformat() for row in rows])
"""


def test_hugging_face_datasets_knows_the_types(folder: Path, tmp_path: Path) -> None:
    """In a process of its own: it reads its settings when it is imported, and asks the network unless it is told not to."""
    if find_spec("datasets") is None:
        pytest.skip("datasets is not installed")
    environment = {"HF_HUB_OFFLINE": "1", "HF_HOME": str(tmp_path), "PATH": "", "PYTHONIOENCODING": "utf-8"}
    command = [sys.executable, "-c", _HUGGING, str(folder)]
    done = subprocess.run(
        command, env=environment, capture_output=True, text=True, timeout=60, check=False, cwd=tmp_path
    )
    assert done.returncode == 0, done.stderr
    features, times = done.stdout.splitlines()
    moment, authors, tables = features.split("|")
    assert moment == "Value('timestamp[us, tz=Asia/Seoul]')"
    assert authors == "List({'name': Value('string'), 'role': Value('string'), 'email': Value('string')})"
    assert tables == "List(List(List(Value('string'))))"
    assert times == "['2026-10-20T09:00:00+09:00', '2026-11-20T09:00:00+09:00', None]"


def test_an_export_without_a_record_has_its_columns(tmp_path: Path) -> None:
    from pyarrow import dataset

    write("parquet", tmp_path / "out", [feed(tmp_path / "feed", article(1))], wish(kind="photo", columns="id,found"))
    table = dataset.dataset(tmp_path / "out").to_table()
    assert (table.column_names, table.num_rows) == (["id", "found"], 0)


def test_a_record_with_values_of_other_types_is_told_and_costs_no_other(tmp_path: Path) -> None:
    wrong = orjson.dumps(record(article(2)) | {"tickers": [{"code": "005930"}]}) + b"\n"
    lines = article(1), article(3), wrong, article(4), article(5)
    told = write("parquet", tmp_path / "out", [feed(tmp_path / "feed", *lines)])
    from pyarrow import dataset

    assert numbers(dataset.dataset(tmp_path / "out").to_table(columns=["id"]).to_pylist()) == [1, 3, 4, 5]
    assert told.records == 4
    assert len(told.troubles) == 1
    assert "left out: newspim:20261120000002 (" in told.troubles[0]


def test_without_pyarrow_the_command_to_install_it_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    with pytest.raises(ExportError, match=r"pip install 'newscrawl\[export\]'"):
        write("parquet", tmp_path / "out", [feed(tmp_path / "feed", article(1))])


def test_lines_come_back_by_month_in_their_order_whether_they_fitted_into_memory_or_not(tmp_path: Path) -> None:
    lines = [(f"2026-{number % 3 + 1:02}", b'{"number": %d}\n' % number) for number in range(300)]
    months = Months(tmp_path, most=500)
    for month, line in lines:
        months.add(month, line)
    assert months.names() == ["2026-01", "2026-02", "2026-03"]
    for name in months.names():
        chunks = list(months.chunks(name, 100))
        assert max(map(len, chunks)) <= 8
        assert [line for chunk in chunks for line in chunk] == [line for month, line in lines if month == name]
    assert list(tmp_path.iterdir()) == []


def test_the_columns_are_those_of_the_schema() -> None:
    assert list(COLUMNS) == list(RECORD["properties"])
    times = {"published_at", "modified_at", "first_seen_at", "fetched_at"}
    assert {name for name, kind in COLUMNS.items() if kind is Plain.TIME} == times
    assert {name for name, kind in COLUMNS.items() if kind is Plain.WHOLE} == {"schema", "revision"}
    assert COLUMNS["tables"] == ListOf(ListOf(ListOf(Plain.TEXT)))
    assert isinstance(COLUMNS["duplicate"], Struct)


def test_a_description_that_no_format_knows_is_refused() -> None:
    with pytest.raises(ValueError, match="no column is known"):
        columns({"properties": {"loud": {"type": "boolean"}}})
