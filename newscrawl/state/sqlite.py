"""What SQLite does in its own way: one file, one writer at a time, a log beside it."""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from sqlalchemy import URL, ColumnElement, Connection, Engine, Select, Table, bindparam, create_engine, event, insert
from sqlalchemy.dialects import sqlite
from sqlalchemy.pool import StaticPool

# SQLite's result codes (sqlite.org/rescode.html), the primary ones: the low eight bits.
_ADVICE = {
    sqlite3.SQLITE_BUSY: "another process has kept it locked; wait for that one, or end it",
    sqlite3.SQLITE_LOCKED: "another process has kept it locked; wait for that one, or end it",
    sqlite3.SQLITE_READONLY: "it cannot be written; give this user the right to write the file and its folder",
    sqlite3.SQLITE_CANTOPEN: "it cannot be opened; check that the folder exists and that this user may write in it",
    sqlite3.SQLITE_FULL: "the disk is full; make room and start again, nothing is lost",
    sqlite3.SQLITE_IOERR: "the disk does not read or write (full, or damaged); nothing that was committed is lost",
    sqlite3.SQLITE_CORRUPT: "it is damaged; restore it from a backup, or move it away (then everything is fetched again)",
    sqlite3.SQLITE_NOTADB: "it is no SQLite database, or damaged; restore it from a backup, or move it away "
    "(then everything is fetched again)",
}


class SQLite:
    """A file, or the memory of this process."""

    driver_error: type[Exception] = sqlite3.Error
    shared = False  # by several machines: no

    def __init__(self, address: URL, busy: float) -> None:
        """`busy`: seconds to wait for another's commit. Raises OSError when the file's folder cannot be made."""
        in_memory = address.database in (None, "", ":memory:")
        self.name = "the state in memory" if in_memory else f"the state {address.database}"
        # SQLite's own form of a URL
        self.path = None if in_memory else Path(str(address.database).removeprefix("file:"))
        if self.path:
            self.path.parent.mkdir(parents=True, exist_ok=True)
        more: dict[str, Any] = {"poolclass": StaticPool} if in_memory else {}
        self.engine = create_engine(
            address, connect_args={"timeout": busy, "check_same_thread": False}, hide_parameters=True, **more
        )
        _set_up(self.engine, busy)

    def beside(self, folder: Path, identity: str, what: str) -> Path | None:
        """A file's name for what belongs to this state; None in memory."""
        return self.path.with_name(f"{self.path.name}.{what}") if self.path else None

    def insert(self, table: Table) -> Any:
        """An INSERT that has ON CONFLICT."""
        return sqlite.insert(table)

    def of_any(
        self, query: Select[Any], column: ColumnElement[int], count: int
    ) -> tuple[Select[Any], Callable[[Sequence[int]], dict[str, Any]]]:
        """A query of rows whose `column` is one of `count` numbers at most, and how these are given."""
        names = [f"any{place}" for place in range(count)]

        def given_as(numbers: Sequence[int]) -> dict[str, Any]:
            return dict(zip(names, [*numbers, *([numbers[0]] * (count - len(numbers)))], strict=True))

        return query.where(column.in_([bindparam(name) for name in names])), given_as

    def filler(self, table: Table) -> Callable[[Any, Sequence[tuple[Any, ...]]], None]:
        """What inserts many rows by the driver's cursor."""
        statement = str(insert(table).compile(dialect=self.engine.dialect))

        def fill(cursor: Any, rows: Sequence[tuple[Any, ...]]) -> None:
            cursor.executemany(statement, rows)

        return fill

    def reader(self) -> Connection:
        """A connection that sees what is committed, and waits for no writer."""
        return self.engine.connect().execution_options(reading=True)

    def explain(self, error: BaseException | None) -> str:
        """An error of the driver, and what to do about it."""
        code = getattr(error, "sqlite_errorcode", 0) & 0xFF
        return f"{_ADVICE[code]} ({error})" if code in _ADVICE else str(error)

    def is_away(self, error: BaseException | None) -> bool:
        """A file is there, or it is not."""
        return False

    def alone(self, connection: Connection, site: int) -> None:
        """A transaction that writes has the whole file anyway."""

    def now(self, connection: Connection) -> float:
        """Seconds since 1970, by this machine's clock: nobody else has one."""
        return time.time()

    def quiet_for(self, connection: Connection, since: float) -> float:
        """Seconds since then."""
        return time.time() - since

    def size(self, connection: Connection) -> int | None:
        """Bytes of the file with its log; None in memory."""
        if self.path is None:
            return None
        files = (self.path, self.path.with_name(f"{self.path.name}-wal"))
        return sum(path.stat().st_size for path in files if path.exists())

    def mark(self, connection: Connection) -> str | None:
        """A commit that fails did not happen: nothing is to be asked of it later."""
        return None

    def was_committed(self, mark: str) -> bool | None:
        """Never asked."""
        raise NotImplementedError

    def overwrite_deleted(self, connection: Connection) -> None:
        """From now on, what this connection deletes is overwritten with zeros."""
        connection.exec_driver_sql("PRAGMA secure_delete=ON")

    def compact(self) -> None:
        """Write the file anew, without what was deleted; nor does the log have it any more. Needs twice the file's room on the disk, and that no
        other process has it open. Raises sqlite3.Error."""
        self._alone("VACUUM")

    def empty_log(self) -> None:
        """Bring what was committed from the log into the file, and empty the log. Raises sqlite3.Error."""
        self._alone()

    def _alone(self, *statements: str) -> None:
        connection = self.engine.raw_connection()
        try:
            cursor = connection.cursor()
            for statement in (*statements, "PRAGMA wal_checkpoint(TRUNCATE)"):
                cursor.execute(statement)
            (was_busy, *_) = cursor.fetchone() or (1,)
            if was_busy:
                busy = sqlite3.OperationalError("the log could not be emptied")
                busy.sqlite_errorcode = sqlite3.SQLITE_BUSY
                raise busy
        finally:
            connection.close()


def _use_write_ahead_log(cursor: Any, busy: float) -> None:
    """Readers do not wait for the writer then. SQLite does not wait by itself for this change: two that make a state at once meet here."""
    end = time.monotonic() + busy
    while True:
        try:
            cursor.execute("PRAGMA journal_mode=WAL")
            return
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode & 0xFF != sqlite3.SQLITE_BUSY or time.monotonic() > end:
                raise
        time.sleep(0.02)  # the other needs a millisecond; SQLite has no call that waits for this


def _set_up(engine: Engine, busy: float) -> None:
    @event.listens_for(engine, "connect")
    def connect(connection: Any, _: Any) -> None:
        connection.isolation_level = None  # pysqlite would begin by itself, and late
        cursor = connection.cursor()
        _use_write_ahead_log(cursor, busy)
        cursor.execute("PRAGMA synchronous=FULL")  # a commit outlives a power failure
        cursor.execute("PRAGMA foreign_keys=ON")
        cursor.close()

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        # The lock to write from the start: one taken later fails at once if another process wrote in between.
        if not connection.get_execution_options().get("reading"):
            connection.exec_driver_sql("BEGIN IMMEDIATE")
