"""Exports as tables: CSV and SQLite without the rows of the sought articles, the rest as it was."""

from __future__ import annotations

import csv
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from newscrawl.forgetting.files import NotNow, replaced
from newscrawl.forgetting.sought import Sought

_BOM = "\ufeff".encode()


def survey_csv(path: Path, sought: Sought) -> int:
    """How many rows are theirs. Raises OSError; ValueError for what is no CSV of records."""
    return sum(is_theirs for _, is_theirs in _rows(path, sought))


def rewrite_csv(path: Path, sought: Sought) -> int:
    """Write it without them; how many went. Raises as `survey_csv` does."""
    count = 0
    with replaced(path) as beside, beside.open("wb") as file:
        for row, is_theirs in _rows(path, sought):
            count += is_theirs
            if not is_theirs:
                file.write(row)
    return count


def _rows(path: Path, sought: Sought) -> Iterator[tuple[bytes, bool]]:
    """Each row as it stands, the heading first, and whether it is theirs. A row has line ends inside of quotes."""
    names: list[str] = []
    with path.open("rb") as file:
        row = b""
        for line in file:
            row += line
            if row.count(b'"') % 2 == 0:
                cells = _cells(row)
                if not names:
                    sought.check_columns(cells)
                yield row, bool(names) and sought.is_of(dict(zip(names, cells, strict=False)))
                names, row = names or cells, b""
    if row:
        raise ValueError("ends in the middle of a row")


def _cells(row: bytes) -> list[str]:
    """Raises ValueError for what is no row. What `--for-excel` put before a cell is taken off."""
    text = row.removeprefix(_BOM).decode()
    found = next(csv.reader([text]), [])
    return [cell.removeprefix("'") for cell in found]


def survey_sqlite(path: Path, sought: Sought) -> int:
    """How many rows are theirs. Raises OSError; ValueError for what is no database of records."""
    _check_closed(path)
    with _opened(path) as connection:
        return len(_row_numbers(connection, sought))


def rewrite_sqlite(path: Path, sought: Sought) -> int:
    """Write it without them; how many went. Raises as `survey_sqlite` does, and for one that is open in another program."""
    _check_closed(path)
    with replaced(path) as beside:
        shutil.copyfile(path, beside)
        with _opened(beside) as connection:
            connection.execute("PRAGMA journal_mode = MEMORY")
            rows = _row_numbers(connection, sought)
            connection.executemany("DELETE FROM articles WHERE rowid = ?", [(row,) for row in rows])
            connection.execute("VACUUM")  # else they stand in free pages
    return len(rows)


def _check_closed(path: Path) -> None:
    """Raises NotNow for one in which another program has something that is not in the file itself."""
    if any(path.with_name(path.name + ending).exists() for ending in ("-wal", "-journal")):
        raise NotNow("is open in another program: close it")


@contextmanager
def _opened(path: Path) -> Iterator[sqlite3.Connection]:
    """A database, closed in the end; SQLite's own errors as ValueError."""
    connection = sqlite3.connect(f"{path.as_uri()}?mode=rw", uri=True, isolation_level=None)
    try:
        yield connection
    except sqlite3.Error as error:
        raise ValueError(f"cannot be read as an export: {error}") from error
    finally:
        connection.close()


def _row_numbers(connection: sqlite3.Connection, sought: Sought) -> list[int]:
    known = [row[1] for row in connection.execute("PRAGMA table_info(articles)")]
    names = [name for name in ("id", "url", "title", "body") if name in known]
    by = names[:1] if names[:1] in (["id"], ["url"]) else names
    if not by:
        return []
    sought.check_columns(by)
    columns = ", ".join(f'"{name}"' for name in by)
    rows = connection.execute(f"SELECT rowid, {columns} FROM articles")
    return [row for row, *values in rows if sought.is_of(dict(zip(by, values, strict=True)))]
