"""SQLite: one table, `articles`, what is nested as JSON text in its column."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import orjson

from newscrawl.export.columns import Kind, Plain

_TYPES = {
    Plain.WHOLE: "INTEGER",
    Plain.LONG: "INTEGER",
    Plain.REAL: "REAL",
}  # all else is TEXT; times sort as text: they have one offset
_BATCH = 1000  # rows given to SQLite at once
_INDEXES = ("published_at", "story")  # besides the one of id and revision


class SqliteWriter:
    """One file, made in one transaction: it gets its name only when it is whole, so nothing in it must survive a crash."""

    def __init__(self, path: Path, columns: Mapping[str, Kind]) -> None:
        self.refused: list[str] = []
        self.notes: list[str] = []
        self._columns, self._rows = columns, list[list[object]]()
        self._connection = sqlite3.connect(path, isolation_level=None)
        self._run("PRAGMA journal_mode = OFF")
        self._run("PRAGMA synchronous = OFF")
        self._run(f"CREATE TABLE articles ({', '.join(_declared(name, kind) for name, kind in columns.items())})")
        self._run("BEGIN")

    def add(self, line: bytes, record: Mapping[str, Any], month: str) -> None:
        """One row more."""
        try:
            self._rows.append([_value(record.get(name)) for name in self._columns])
        except (TypeError, OverflowError) as error:
            self.refused.append(f"{record['id']} ({error})")
        if len(self._rows) >= _BATCH:
            self._flush()

    def finish(self) -> None:
        """The last rows, and the indexes of the columns that there are."""
        self._flush()
        if {"id", "revision"} <= self._columns.keys():
            self._run("CREATE UNIQUE INDEX articles_id ON articles (id, revision)")
        for name in _INDEXES:
            if name in self._columns:
                self._run(f"CREATE INDEX articles_{name} ON articles ({name})")
        self._run("COMMIT")
        self.close()

    def close(self) -> None:
        """Close the file."""
        self._connection.close()

    def _flush(self) -> None:
        places = ", ".join("?" * len(self._columns))
        with _Explained():
            self._connection.executemany(f"INSERT INTO articles VALUES ({places})", self._rows)
        self._rows.clear()

    def _run(self, statement: str) -> None:
        with _Explained():
            self._connection.execute(statement)


class _Explained:
    """SQLite's own errors of a disk that is full or of a file that cannot be made, as OSError."""

    def __enter__(self) -> None:
        pass

    def __exit__(self, kind: object, error: BaseException | None, trace: object) -> None:
        if isinstance(error, sqlite3.OperationalError):
            raise OSError(0, str(error)) from error


def _declared(name: str, kind: Kind) -> str:
    return f'"{name}" {_TYPES.get(kind, "TEXT") if isinstance(kind, Plain) else "TEXT"}'


def _value(value: object) -> object:
    """Raises TypeError for what is nested too deep, OverflowError for a number of more than 64 bits."""
    if isinstance(value, int) and not -(1 << 63) <= value < 1 << 63:
        raise OverflowError(f"{value} is too large")
    return orjson.dumps(value).decode() if isinstance(value, list | dict) else value
