"""Parquet: a folder with a folder for each month of publication, real types, read by whatever reads Parquet."""

from __future__ import annotations

import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import orjson

from newscrawl.export.columns import Kind, ListOf, Plain
from newscrawl.export.formats import ExportError
from newscrawl.export.months import Months
from newscrawl.items import SCHEMA_VERSION

if TYPE_CHECKING:
    import pyarrow

PARTITION = "published_month"
UNDATED = "undated"  # not Hive's own name for null: pandas does not read that beside months
_ROW_GROUP = 16 << 20  # bytes of JSON: some 5,000 articles, and the most that is unpacked at a time
_LEAST_BLOCK = 1 << 20  # bytes that one thread parses
_ZONE = "Asia/Seoul"


class ParquetWriter:
    """A folder. Lines wait by month, packed, until all are there: then one file after the other is written, and each month has one."""

    def __init__(self, path: Path, columns: Mapping[str, Kind]) -> None:
        """Raises ExportError when pyarrow is not installed."""
        self.refused: list[str] = []
        self.notes: list[str] = []
        self._schema = schema(columns)
        self._path, self._waiting = path, path.with_name(f"{path.name}.waiting")
        path.mkdir()
        self._waiting.mkdir()
        self._months = Months(self._waiting)

    def add(self, line: bytes, record: Mapping[str, Any], month: str) -> None:
        """One record more."""
        self._months.add(month, line)

    def finish(self) -> None:
        """Write the files. Without a record there is one without rows, so that readers find the columns."""
        names = self._months.names()
        for name in names:
            self._write(name)
        if not names:
            self._opened(UNDATED).close()

    def close(self) -> None:
        """Remove what waits."""
        shutil.rmtree(self._waiting, ignore_errors=True)

    def _write(self, month: str) -> None:
        with self._opened(month) as file:
            for lines in self._months.chunks(month, _ROW_GROUP):
                for one in tables(lines, self._schema, self.refused):
                    file.write_table(one, row_group_size=one.num_rows)

    def _opened(self, month: str) -> pyarrow.parquet.ParquetWriter:
        from pyarrow.parquet import ParquetWriter as File

        folder = self._path / f"{PARTITION}={month}"
        folder.mkdir()
        return File(folder / "part-0.parquet", self._schema, compression="zstd")


def schema(columns: Mapping[str, Kind]) -> pyarrow.Schema:
    """The columns as Arrow knows them; each may be null, as all are in lines older than the column. Raises ExportError without pyarrow."""
    try:
        import pyarrow
    except ImportError as error:
        raise ExportError(
            f"Parquet needs a package ({error}): pip install pyarrow (or, where newscrawl is installed, pip install 'newscrawl[export]')"
        ) from error
    fields = [(name, _arrow(kind)) for name, kind in columns.items()]
    return pyarrow.schema(fields, metadata={"newscrawl.schema": str(SCHEMA_VERSION)})


def _arrow(kind: Kind) -> pyarrow.DataType:
    import pyarrow

    if isinstance(kind, ListOf):
        return pyarrow.list_(_arrow(kind.item))
    if isinstance(kind, Plain):
        plain = {
            Plain.TEXT: pyarrow.string(),
            Plain.WHOLE: pyarrow.int32(),
            Plain.LONG: pyarrow.int64(),
            Plain.REAL: pyarrow.float64(),
        }
        return plain.get(kind) or pyarrow.timestamp("us", _ZONE)
    return pyarrow.struct([(name, _arrow(part)) for name, part in kind.parts])


def tables(lines: list[bytes], wanted: pyarrow.Schema, refused: list[str]) -> list[pyarrow.Table]:
    """The lines as tables. A line whose values have other types is found by halving, and its id goes to `refused`."""
    import pyarrow

    try:
        return [_table(lines, wanted)]
    except pyarrow.ArrowInvalid as error:
        if len(lines) == 1:
            refused.append(f"{orjson.loads(lines[0])['id']} ({error})")
            return []
    half = len(lines) // 2
    return [*tables(lines[:half], wanted, refused), *tables(lines[half:], wanted, refused)]


def _table(lines: list[bytes], wanted: pyarrow.Schema) -> pyarrow.Table:
    """Arrow parses JSON itself, ten times as fast as it takes Python's objects. A block must hold a line."""
    import pyarrow
    from pyarrow import json

    parsing = json.ParseOptions(explicit_schema=wanted, unexpected_field_behavior="ignore")
    reading = json.ReadOptions(block_size=max(_LEAST_BLOCK, 2 * max(map(len, lines))))
    found = json.read_json(pyarrow.BufferReader(b"".join(lines)), reading, parsing)
    return found.select(wanted.names).cast(wanted).combine_chunks()
