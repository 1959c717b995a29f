"""The database: opened, checked, migrated, waited for. What SQLite and PostgreSQL do differently stands in `sqlite.py` and `postgres.py`."""

from __future__ import annotations

import time
import uuid
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, TypeVar

from sqlalchemy import ColumnElement, Connection, Select, Table, select
from sqlalchemy.exc import DBAPIError

from newscrawl.state.kinds import database_address, kind_of
from newscrawl.state.migrations import migrate
from newscrawl.state.node import node_of
from newscrawl.state.patience import Patience, StateAway, StateError, UnknownCommit
from newscrawl.state.schema import VERSION, facts, metadata

__all__ = ["Database", "StateAway", "StateError", "UnknownCommit", "database_address"]

_BUSY = 30  # seconds to wait for another process's commit; one takes milliseconds
_COMMIT_ENDS = 90.0  # seconds after which a server has ended the session of a lost connection (`postgres.py`), and some
_NODE_TIMEOUT = 120.0  # seconds without a sign of life, after which a run of another machine is dead
IDENTITY = "identity"  # the name of a fact
_OPENING = -1  # the site of the lock under which the tables are made

T = TypeVar("T")


class Database:
    """A database of one of the two kinds, as this machine uses it."""

    def __init__(
        self,
        url: str,
        folder: Path | None = None,
        *,
        busy: float = _BUSY,
        patience: float = 0,
        node_timeout: float = _NODE_TIMEOUT,
    ) -> None:
        """Open or make it. `folder`: where this machine keeps feeds and archives, from which the state names them; by default where the state's file
        is. `busy`: seconds to wait for another's commit; `patience`: seconds for which a server that is away is waited for; `node_timeout`: seconds
        without a sign of life after which a run of another machine counts as dead.

        Raises ValueError for an address that is none, StateError for a damaged, locked or read-only file, for a server that cannot be used, and for
        a newer schema.
        """
        address = database_address(url)
        self._reader: Connection | None = None
        self._identity = ""  # by which this machine knows a state that is in no file
        self.node_timeout = node_timeout
        try:
            self._kind = kind_of(address, busy)
        except ModuleNotFoundError as error:
            raise StateError(str(error)) from error
        except OSError as error:
            raise StateError(f"the state {address.database}: {error.strerror or error}") from error
        self.name, self.path, self.shared = self._kind.name, self._kind.path, self._kind.shared
        self.engine = self._kind.engine
        self.folder = self.path.parent if self.path else folder or Path()
        """Where this machine's files lie, which the state names from there."""
        self._patience = Patience(self.name, patience if self.shared else 0)
        with self._explained():
            self.node = node_of(self.folder) if self.shared else ""
            """Which machine this is, by its folder; empty where there is only one."""
        self.patiently(self._migrate)

    def beside(self, what: str) -> Path | None:
        """The path of a lock of this machine; None for a state in memory, which no other process sees."""
        return self._kind.beside(self.folder, self._identity, what)

    # Transactions

    def insert(self, table: Table) -> Any:
        """An INSERT that has ON CONFLICT; both dialects write it the same way."""
        return self._kind.insert(table)

    @contextmanager
    def transaction(self) -> Iterator[Connection]:
        """One transaction that writes: begun at once, durable when this returns. Raises StateError when it cannot be, StateAway when the same may be
        tried again."""
        with self._explained(), self.engine.connect() as connection:
            mark: str | None = None
            transaction = connection.begin()
            try:
                yield connection
                mark = self._kind.mark(connection)
            except BaseException:
                with suppress(DBAPIError):  # the connection is gone, and with it the transaction
                    transaction.rollback()
                raise
            try:
                transaction.commit()
            except DBAPIError as error:
                if mark is None or not self._kind.is_away(error.orig):
                    raise
                connection.invalidate()
                if not self._became_durable(mark):
                    raise

    def _became_durable(self, mark: str) -> bool:
        """Whether a transaction was committed although nobody said so. Raises UnknownCommit when that cannot be found out: it is for the next
        run then, as after a kill."""

        def ask() -> bool:
            with self._driver_explained():
                found = self._kind.was_committed(mark)
            if found is None:  # the server has not noticed yet that the connection is lost
                raise StateAway(f"{self.name} is still at the last commit", ends_within=_COMMIT_ENDS)
            return found

        try:
            return self.patiently(ask)
        except StateError as error:
            raise UnknownCommit(f"{error}; whether the last commit was made, the next run finds out") from error

    def patiently(self, work: Callable[[], T]) -> T:
        """What `work` gives, which is called anew as long as the database is away, and may wait for it. Raises StateError."""
        with self._patience.waiting() as waiting:
            while True:
                try:
                    return work()
                except StateAway as error:
                    self._drop_reader()
                    waiting.pause(error)

    def alone(self, connection: Connection, site: int) -> None:
        """From here to the end of its transaction, no other that says so deals with this site: as with SQLite, which has one writer at a time."""
        self._kind.alone(connection, site)

    def now(self, connection: Connection) -> float:
        """Seconds since 1970 by the clock of the database, which decides between machines."""
        return self._kind.now(connection)

    def size(self, connection: Connection) -> int | None:
        """Bytes that it takes on the disk; None in memory."""
        return self._kind.size(connection)

    def quiet_for(self, connection: Connection, since: float) -> float:
        """For how many seconds the database could have heard of somebody who was heard of last at a time (seconds since 1970, by its clock)."""
        return self._kind.quiet_for(connection, since)

    @property
    def may_judge(self) -> bool:
        """Whether silence of others says anything: just after the database was away, they had no chance to speak."""
        back_at = self._patience.back_at
        return back_at is None or time.monotonic() - back_at > self.node_timeout

    def claim(self, connection: Connection, origin: str) -> None:
        """Note where the state's articles come from. Raises StateError when they come from elsewhere."""
        values = {"name": "origin", "value": origin}
        connection.execute(self.insert(facts).values(values).on_conflict_do_nothing(index_elements=[facts.c.name]))
        found = connection.execute(select(facts.c.value).where(facts.c.name == "origin")).scalar_one()
        if found != origin:
            raise StateError(
                f"{self.name} holds what came from {found}, and this run asks {origin}: what is seen there is not seen here. "
                "Give one of them another NEWSCRAWL_DATA_DIR, or another NEWSCRAWL_STATE"
            )

    # Statements compiled once

    def prepared(self, statement: Any) -> Callable[[Mapping[str, Any]], list[Any]]:
        """A SELECT compiled once, for what is asked of every article: a fifth of the time of `Connection.execute`.

        It gives the rows of the driver, and raises StateError.
        """
        compiled = statement.compile(dialect=self.engine.dialect)
        text, order, constants = str(compiled), compiled.positiontup, dict(compiled.params)  # a LIMIT is a constant

        def ask(values: Mapping[str, Any]) -> list[Any]:
            given = {**constants, **values}
            with self._driver_explained():
                cursor = (self._reader or self._open_reader()).connection.cursor()
                try:
                    cursor.execute(text, [given[name] for name in order] if order else given)
                    return list(cursor.fetchall())
                finally:
                    cursor.close()

        return ask

    def prepared_of(
        self, query: Select[Any], column: ColumnElement[int], count: int
    ) -> Callable[[Mapping[str, Any], Sequence[int]], list[Any]]:
        """The same for a SELECT of rows whose `column` is one of `count` numbers at most, which are given besides: each is looked up by itself."""
        statement, given_as = self._kind.of_any(query, column, count)
        ask = self.prepared(statement)

        def ask_of(values: Mapping[str, Any], numbers: Sequence[int]) -> list[Any]:
            return ask({**values, **given_as(numbers)})

        return ask_of

    def filler(self, table: Table) -> Callable[[Connection, Sequence[tuple[Any, ...]]], None]:
        """An INSERT of many rows, their values in the order of the table's columns, compiled once: a third of the time of
        `Connection.execute`, for what comes in dozens with every article. It raises what `transaction` explains."""
        fill_with = self._kind.filler(table)

        def fill(connection: Connection, rows: Sequence[tuple[Any, ...]]) -> None:
            with self._driver_explained():
                cursor = connection.connection.cursor()
                try:
                    fill_with(cursor, rows)
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
            self._reader = self._kind.reader()
        return self._reader

    def _drop_reader(self) -> None:
        """It may be that of a server that was restarted."""
        reader, self._reader = self._reader, None
        if reader is not None:
            with suppress(DBAPIError):
                reader.invalidate()
            reader.close()

    # What is deleted

    def overwrite_deleted(self, connection: Connection) -> None:
        """From now on, what this connection deletes is overwritten with zeros, where the database can do that."""
        self._kind.overwrite_deleted(connection)

    def compact(self) -> None:
        """Write the database anew, without what was deleted. Raises StateError."""
        with self._driver_explained():
            self._kind.compact()

    def empty_log(self) -> None:
        """Bring what was committed into its place, so that nothing that was deleted stands beside it. Raises StateError."""
        with self._driver_explained():
            self._kind.empty_log()

    def close(self) -> None:
        """Let go of the file, or the server."""
        if self._reader is not None:
            with suppress(DBAPIError):
                self._reader.close()
            self._reader = None
        self.engine.dispose()

    def _migrate(self) -> None:
        with self.transaction() as connection:
            self.alone(connection, _OPENING)
            metadata.create_all(connection, tables=[facts])
            found = connection.execute(select(facts.c.value).where(facts.c.name == "schema")).scalar()
            version = int(found) if found is not None else None
            if version is not None and version > VERSION:
                raise StateError(
                    f"{self.name} was made by a newer newscrawl (schema {version}, this one knows {VERSION}): update newscrawl, or set "
                    "NEWSCRAWL_STATE to another one"
                )
            if version is None:
                metadata.create_all(connection)
                connection.execute(facts.insert().values(name="schema", value=str(VERSION)))
            elif version < VERSION:
                migrate(connection, version)
                connection.execute(facts.update().where(facts.c.name == "schema").values(value=str(VERSION)))
            if self.shared:
                self._identity = self._identified(connection)

    def _identified(self, connection: Connection) -> str:
        """The word of a state, made when it has none."""
        made = self.insert(facts).values(name=IDENTITY, value=uuid.uuid4().hex[:12])
        connection.execute(made.on_conflict_do_nothing(index_elements=[facts.c.name]))
        return str(connection.execute(select(facts.c.value).where(facts.c.name == IDENTITY)).scalar_one())

    @contextmanager
    def _explained(self) -> Iterator[None]:
        """Errors of the database as StateError, in words that say what to do."""
        try:
            yield
        except DBAPIError as error:
            raise self._as_state_error(error.orig) from error
        except OSError as error:
            raise StateError(f"{self.name}: {error.strerror or error}") from error

    @contextmanager
    def _driver_explained(self) -> Iterator[None]:
        """The same, of what is asked of the driver itself."""
        with self._explained():
            try:
                yield
            except self._kind.driver_error as error:
                raise self._as_state_error(error) from error

    def _as_state_error(self, error: BaseException | None) -> StateError:
        text = f"{self.name}: {self._kind.explain(error)}"
        return StateAway(text) if self._kind.is_away(error) else StateError(text)
