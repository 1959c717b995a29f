"""The database: opened, checked, migrated. What SQLite and PostgreSQL do differently stands here and nowhere else."""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import URL, Connection, Engine, Table, create_engine, event, insert, make_url, select
from sqlalchemy.dialects import sqlite
from sqlalchemy.exc import ArgumentError, DBAPIError
from sqlalchemy.pool import StaticPool

from newscrawl.state.migrations import migrate
from newscrawl.state.schema import VERSION, facts, metadata

_BUSY = 30  # seconds to wait for another process's commit; one takes milliseconds


class StateError(Exception):
    """The state cannot be used; the message says why, and what to do."""


def database_address(url: str) -> URL:
    """The address of a database. Raises ValueError for one that is none, or of a kind that is not known."""
    wrong = f"NEWSCRAWL_STATE={url!r}: takes the URL of an SQLite database, like sqlite:////data/state.sqlite"
    try:
        address = make_url(url)
    except ArgumentError:
        raise ValueError(wrong) from None
    if address.get_backend_name() != "sqlite":
        raise ValueError(wrong)
    return address


class Database:
    """A database of one of the two kinds."""

    def __init__(self, url: str, *, busy: float = _BUSY) -> None:
        """Open or make it. `busy`: seconds to wait for another's commit.

        Raises ValueError for an address that is none, StateError for a damaged, locked or read-only file, and for a newer schema.
        """
        address = database_address(url)
        in_memory = address.database in (None, "", ":memory:")
        self.name = "the state in memory" if in_memory else f"the state {address.database}"
        self.path = (
            None if in_memory else Path(str(address.database).removeprefix("file:"))
        )  # SQLite's own form of a URL
        with self._explained():
            if self.path:
                self.path.parent.mkdir(parents=True, exist_ok=True)
            more: dict[str, Any] = {"poolclass": StaticPool} if in_memory else {}
            self.engine = create_engine(
                address, connect_args={"timeout": busy, "check_same_thread": False}, hide_parameters=True, **more
            )
            self._reader: Connection | None = None
            _set_up_sqlite(self.engine, busy)
            self._migrate()

    @property
    def folder(self) -> Path:
        """Where the state's file stands; of one in memory, where we are."""
        return self.path.parent if self.path else Path()

    def insert(self, table: Any) -> Any:
        """An INSERT that has ON CONFLICT; both dialects write it the same way."""
        if self.engine.dialect.name == "postgresql":
            from sqlalchemy.dialects import postgresql  # a tenth of the time that the state takes to import

            return postgresql.insert(table)
        return sqlite.insert(table)

    @contextmanager
    def transaction(self) -> Iterator[Connection]:
        """One transaction that writes: begun at once, durable when this returns. Raises StateError when it cannot be."""
        with self._explained(), self.engine.begin() as connection:
            yield connection

    def claim(self, connection: Connection, origin: str) -> None:
        """Note where the state's articles come from. Raises StateError when they come from elsewhere."""
        found = connection.execute(select(facts.c.value).where(facts.c.name == "origin")).scalar()
        if found is None:
            connection.execute(facts.insert().values(name="origin", value=origin))
        elif found != origin:
            raise StateError(
                f"{self.name} holds what came from {found}, and this run asks {origin}: what is seen there is not seen here. "
                "Give one of them another NEWSCRAWL_DATA_DIR"
            )

    def prepared(self, statement: Any) -> Callable[[Mapping[str, Any]], list[Any]]:
        """A SELECT compiled once, for what is asked of every article: a fifth of the time of `Connection.execute`.

        It gives the rows of the driver, and raises StateError.
        """
        compiled = statement.compile(dialect=self.engine.dialect)
        text, order, constants = str(compiled), compiled.positiontup, dict(compiled.params)  # a LIMIT is a constant

        def ask(values: Mapping[str, Any]) -> list[Any]:
            cursor = (self._reader or self._open_reader()).connection.cursor()
            try:
                given = {**constants, **values}
                cursor.execute(text, [given[name] for name in order] if order else given)
                return list(cursor.fetchall())
            except sqlite3.Error as error:
                raise StateError(f"{self.name}: {_explain(error)}") from error
            finally:
                cursor.close()

        return ask

    def filler(self, table: Table) -> Callable[[Connection, Sequence[tuple[Any, ...]]], None]:
        """An INSERT of many rows, their values in the order of the table's columns, compiled once: a third of the time of
        `Connection.execute`, for what comes in dozens with every article. It raises what `transaction` explains."""
        compiled = insert(table).compile(dialect=self.engine.dialect)
        text, named = str(compiled), not compiled.positional
        names = [column.name for column in table.columns]

        def fill(connection: Connection, rows: Sequence[tuple[Any, ...]]) -> None:
            cursor = connection.connection.cursor()
            try:
                cursor.executemany(text, [dict(zip(names, row, strict=True)) for row in rows] if named else rows)
            except sqlite3.Error as error:
                raise StateError(f"{self.name}: {_explain(error)}") from error
            finally:
                cursor.close()

        return fill

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """A connection that only reads, and waits for no writer. Raises StateError when it cannot."""
        with self._explained():
            yield self._reader or self._open_reader()

    def _open_reader(self) -> Connection:
        with self._explained():
            self._reader = self.engine.connect().execution_options(reading=True)
        return self._reader

    def overwrite_deleted(self, connection: Connection) -> None:
        """From now on, what this connection deletes is overwritten with zeros. PostgreSQL knows nothing like it."""
        if self.engine.dialect.name == "sqlite":
            connection.exec_driver_sql("PRAGMA secure_delete=ON")

    def compact(self) -> None:
        """Write the file anew, without what was deleted; nor does the log have it any more. Needs twice the file's room on the disk, and that no
        other process has it open. Raises StateError."""
        with self._explained():
            connection = self.engine.raw_connection()
        try:
            connection.execute("VACUUM")
            self._empty_log(connection)
        except sqlite3.Error as error:
            raise StateError(f"{self.name}: {_explain(error)}") from error
        finally:
            connection.close()

    def empty_log(self) -> None:
        """Bring what was committed from the log into the file, and empty the log. Raises StateError."""
        with self._explained():
            connection = self.engine.raw_connection()
        try:
            self._empty_log(connection)
        except sqlite3.Error as error:
            raise StateError(f"{self.name}: {_explain(error)}") from error
        finally:
            connection.close()

    def _empty_log(self, connection: Any) -> None:
        busy, _, _ = connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
        if busy:
            raise StateError(f"{self.name}: {_ADVICE[sqlite3.SQLITE_BUSY]}")

    def close(self) -> None:
        """Let go of the file."""
        if self._reader is not None:
            self._reader.close()
            self._reader = None
        self.engine.dispose()

    def _migrate(self) -> None:
        with self.engine.begin() as connection:
            metadata.create_all(connection, tables=[facts])
            found = connection.execute(select(facts.c.value).where(facts.c.name == "schema")).scalar()
            version = int(found) if found is not None else None
            if version is not None and version > VERSION:
                raise StateError(
                    f"{self.name} was made by a newer newscrawl (schema {version}, this one knows {VERSION}): update newscrawl, or set "
                    "NEWSCRAWL_STATE to another file"
                )
            if version is None:
                metadata.create_all(connection)
                connection.execute(facts.insert().values(name="schema", value=str(VERSION)))
            elif version < VERSION:
                migrate(connection, version)
                connection.execute(facts.update().where(facts.c.name == "schema").values(value=str(VERSION)))

    @contextmanager
    def _explained(self) -> Iterator[None]:
        """Errors of the database as StateError, in words that say what to do."""
        try:
            yield
        except DBAPIError as error:
            raise StateError(f"{self.name}: {_explain(error.orig)}") from error
        except OSError as error:
            raise StateError(f"{self.name}: {error.strerror or error}") from error


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


def _explain(error: BaseException | None) -> str:
    code = getattr(error, "sqlite_errorcode", 0) & 0xFF
    return f"{_ADVICE[code]} ({error})" if code in _ADVICE else str(error)


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


def _set_up_sqlite(engine: Engine, busy: float) -> None:
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
