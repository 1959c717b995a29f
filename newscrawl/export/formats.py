"""The formats: by what name each is asked for, and what writes it."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any, Protocol

from newscrawl.export.columns import COLUMNS, Kind

PARQUET = "parquet"
FORMATS = (PARQUET, "csv", "sqlite", "jsonl", "jsonl.gz", "jsonl.zst")
_ENDINGS = {".parquet": PARQUET, ".db": "sqlite"} | {f".{name}": name for name in FORMATS}


class ExportError(Exception):
    """It cannot be written; the message says why, and what to do."""


class Writer(Protocol):
    """Takes records one by one. Each raises OSError when the disk does not take them."""

    def add(self, line: bytes, record: Mapping[str, Any], month: str) -> None:
        """One more: its line as it stands in the feed, and what it says. `month`: of its publication, `2026-11` or `undated`."""

    def finish(self) -> None:
        """Everything is there."""

    def close(self) -> None:
        """Let go of files, also when it was not finished."""

    @property
    def refused(self) -> list[str]:
        """Records that were not taken after all: their values have other types than the record's."""

    @property
    def notes(self) -> list[str]:
        """What whoever reads it should know, a line each."""


def format_of(named: str | None, path: Path) -> str:
    """The format that is named, else the one of the path's ending. Raises ValueError when neither tells."""
    by_ending = max((ending for ending in _ENDINGS if path.name.endswith(ending)), key=len, default=None)
    if named is None and by_ending is None:
        raise ValueError(f"-o {path}: the ending tells no format; name one: --format {'|'.join(FORMATS)}")
    told = _ENDINGS[by_ending] if by_ending else None
    if named is None or (named == "jsonl" and told in FORMATS[3:]):  # `--format jsonl -o articles.jsonl.zst`
        assert told is not None
        return told
    if named not in FORMATS:
        raise ValueError(f"--format {named}: takes one of {', '.join(FORMATS)}")
    return named


def writer(form: str, path: Path, names: tuple[str, ...], *, for_excel: bool = False) -> Writer:
    """What writes this format to a path. `names`: the columns; empty for all. Raises ExportError when a package is missing, OSError."""
    wanted: dict[str, Kind] = {name: COLUMNS[name] for name in names} if names else dict(COLUMNS)
    if form == PARQUET:
        from newscrawl.export.parquet import ParquetWriter

        return ParquetWriter(path, wanted)
    if form == "csv":
        from newscrawl.export.csv_file import CsvWriter

        return CsvWriter(path, wanted, for_excel=for_excel)
    if form == "sqlite":
        from newscrawl.export.sqlite_file import SqliteWriter

        return SqliteWriter(path, wanted)
    from newscrawl.export.json_lines import JsonLinesWriter

    return JsonLinesWriter(path, form.removeprefix("jsonl"), names)
