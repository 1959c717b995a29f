"""What PostgreSQL does in its own way: many writers, a clock for all of them, a connection that can be lost."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from sqlalchemy import (
    ARRAY,
    URL,
    BigInteger,
    ColumnElement,
    Connection,
    Engine,
    Select,
    Table,
    bindparam,
    create_engine,
    func,
    literal_column,
    select,
    text,
    true,
)

from newscrawl.state.schema import UNSAID, metadata, stories_unsaid

stories_unsaid.dialect_options["postgresql"]["where"] = UNSAID

OLDEST = 13  # pg_current_xact_id, pg_xact_status
_CONNECT_IN = 10  # seconds
# A machine that is gone holds no lock for longer than this lasts, and the loss of the server is seen as fast (postgresql.org/docs, "Connections and
# Authentication" and "Database Connection Control Functions"). Times are seconds, of `tcp_user_timeout` and the other timeouts milliseconds.
_KEEPALIVE = {"keepalives_idle": "10", "keepalives_interval": "5", "keepalives_count": "3", "tcp_user_timeout": "30000"}
_SESSION = (
    *("-c tcp_keepalives_idle=10", "-c tcp_keepalives_interval=5", "-c tcp_keepalives_count=3"),
    *("-c tcp_user_timeout=30000", "-c idle_in_transaction_session_timeout=60000"),
    *("-c standard_conforming_strings=on", "-c jit=off"),  # short statements, of which compiling makes long ones
)
# SQLSTATEs (postgresql.org/docs: errcodes-appendix) of what passes by itself.
_PASSES = frozenset(
    (
        *("57P01", "57P02", "57P03", "57P05", "25P03"),  # shut down, crashed, starting up; an idle session was ended
        *("40001", "40P01", "55P03"),  # the turn of another
        *("53300", "53000"),  # too many connections, no room for one more
    )
)
_CONNECTION_LOST = "08"  # a class of them
_ADVICE = {
    "53100": "the database's disk is full; make room and start again, nothing is lost",
    "53300": "the database has no free connection; raise max_connections, or run fewer nodes",
    "25006": "it cannot be written: is this a standby? Give NEWSCRAWL_STATE the address of the primary",
    "42501": "this user may not do that; the first run needs the right to create tables, later ones to read and write them",
    "3D000": "there is no such database; make it (createdb), newscrawl makes the tables itself",
    "28P01": "the password is wrong",
    "28000": "the server refuses this user; see its pg_hba.conf",
    "XX001": "the database is damaged; restore it from a backup",
    "XX002": "the database is damaged; restore it from a backup",
}


class Postgres:
    """A database of a server."""

    shared = True  # by several machines
    path: Path | None = None

    def __init__(self, address: URL) -> None:
        """Raises ModuleNotFoundError, which says what to install, without psycopg."""
        try:
            import psycopg
        except ModuleNotFoundError as error:
            raise ModuleNotFoundError(
                "NEWSCRAWL_STATE is the URL of a PostgreSQL database, and psycopg is not installed: pip install 'newscrawl[postgres]'"
            ) from error
        self.driver_error: type[Exception] = psycopg.Error
        self._lost = (psycopg.OperationalError, psycopg.InterfaceError)
        self.name = f"the state {address.database or address.username} on {address.host or 'this machine'}"
        given = dict(address.query)
        options = " ".join((*_SESSION, *_words(given.pop("options", ()))))
        more = {name: value for name, value in _KEEPALIVE.items() if name not in given}
        self.engine: Engine = create_engine(
            address.set(drivername="postgresql+psycopg", query=given),
            connect_args={"connect_timeout": _CONNECT_IN, "application_name": "newscrawl", "options": options, **more},
            hide_parameters=True,
            pool_size=2,  # one that reads, one that writes
            max_overflow=2,
        )

    def beside(self, folder: Path, identity: str, what: str) -> Path | None:
        """A file's name for what belongs to this state, on this machine, whatever name its server goes by."""
        return folder / f"state-{identity}.{what}"

    def insert(self, table: Table) -> Any:
        """An INSERT that has ON CONFLICT."""
        from sqlalchemy.dialects import postgresql  # a tenth of the time that the state takes to import

        return postgresql.insert(table)

    def of_any(
        self, query: Select[Any], column: ColumnElement[int], count: int
    ) -> tuple[Select[Any], Callable[[Sequence[int]], dict[str, Any]]]:
        """A query of rows whose `column` is one of some numbers, and how these are given.

        Each number is looked up by itself. Of `IN` the planner knows only how often a value of the columns before it was seen when the table was
        analyzed: of a new week, never; and it would read all rows of that week to find a few.
        """
        numbers = func.unnest(bindparam("any", type_=ARRAY(BigInteger))).table_valued("number").render_derived()
        one = (
            query.where(column == numbers.c.number).offset(literal_column("0")).lateral()
        )  # with OFFSET it stays as it is
        return select(*one.c).select_from(numbers.join(one, true())), lambda given: {"any": list(given)}

    def filler(self, table: Table) -> Callable[[Any, Sequence[tuple[Any, ...]]], None]:
        """What inserts many rows by the driver's cursor: one statement with a list for each column, a tenth of the time of one for each row."""
        types = [column.type.compile(self.engine.dialect) for column in table.columns]
        lists = ", ".join(f"%s::{type_}[]" for type_ in types)
        statement = f"INSERT INTO {table.name} SELECT * FROM unnest({lists})"

        def fill(cursor: Any, rows: Sequence[tuple[Any, ...]]) -> None:
            cursor.execute(statement, [list(column) for column in zip(*rows, strict=True)])

        return fill

    def reader(self) -> Connection:
        """A connection that sees what is committed, and waits for no writer."""
        return self.engine.connect().execution_options(isolation_level="AUTOCOMMIT")

    def alone(self, connection: Connection, site: int) -> None:
        """From here to its end, no other transaction that says so deals with this site."""
        connection.execute(text("SELECT pg_advisory_xact_lock(hashtext('newscrawl'), :site)"), {"site": site})

    def now(self, connection: Connection) -> float:
        """Seconds since 1970, by the server's clock."""
        return float(connection.execute(text("SELECT extract(epoch FROM clock_timestamp())")).scalar_one())

    def quiet_for(self, connection: Connection, since: float) -> float:
        """Seconds since then, or since the server started: before that nobody could be heard."""
        heard = text(
            "SELECT extract(epoch FROM clock_timestamp()) - greatest(:since, extract(epoch FROM pg_postmaster_start_time()))"
        )
        return float(connection.execute(heard, {"since": since}).scalar_one())

    def size(self, connection: Connection) -> int | None:
        """Bytes of the tables with their indexes."""
        found = text(
            "SELECT sum(pg_total_relation_size(oid)) FROM pg_class WHERE oid = ANY(CAST(:tables AS regclass[]))"
        )
        return int(connection.execute(found, {"tables": list(metadata.tables)}).scalar_one())

    def mark(self, connection: Connection) -> str | None:
        """By what `was_committed` knows a transaction again; None for one that wrote nothing."""
        found = connection.execute(text("SELECT pg_current_xact_id_if_assigned()::text")).scalar()
        return str(found) if found is not None else None

    def was_committed(self, mark: str) -> bool | None:
        """Whether a transaction whose COMMIT had no answer was committed; None while the server has not ended it, which _SESSION bounds to a minute.
        Raises the driver's and SQLAlchemy's errors, also while the server cannot be asked."""
        with self.engine.connect() as connection:
            status = connection.execute(text("SELECT pg_xact_status(CAST(:mark AS xid8))"), {"mark": mark}).scalar()
        return None if status == "in progress" else status == "committed"

    def explain(self, error: BaseException | None) -> str:
        """An error of the driver, and what to do about it."""
        state, said = _state(error), " ".join(str(error).split())
        return f"{_ADVICE[state]} ({said})" if state in _ADVICE else said

    def is_away(self, error: BaseException | None) -> bool:
        """Whether it passes when one waits and tries again."""
        state = _state(error)
        return isinstance(error, self._lost) and (not state or state in _PASSES or state.startswith(_CONNECTION_LOST))

    def overwrite_deleted(self, connection: Connection) -> None:
        """PostgreSQL knows nothing like it: `compact` it is."""

    def compact(self) -> None:
        """Write the tables anew, without what was deleted: others wait meanwhile. The server's write-ahead log, replicas and backups have it for as
        long as they are kept."""
        self._vacuum("VACUUM (FULL)")

    def empty_log(self) -> None:
        """What was deleted may be written over from now on."""
        self._vacuum("VACUUM")

    def _vacuum(self, how: str) -> None:
        with self.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.exec_driver_sql(f"{how} {', '.join(metadata.tables)}")


def _state(error: BaseException | None) -> str:
    """The SQLSTATE of an error; empty when the server did not say one, as when it could not be reached."""
    return str(getattr(error, "sqlstate", None) or "")


def _words(given: Any) -> tuple[str, ...]:
    return (given,) if isinstance(given, str) else tuple(given)
