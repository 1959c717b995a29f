"""The two kinds of databases: what they have in common, and which one an address means."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, Protocol

from sqlalchemy import URL, ColumnElement, Connection, Engine, Select, Table, make_url
from sqlalchemy.exc import ArgumentError

from newscrawl.state.sqlite import SQLite

_FORMS = "takes the URL of a database: sqlite:////data/state.sqlite, or postgresql://user:password@host/database"


class Kind(Protocol):
    """One of the two kinds of databases. `path`: its file, None for what is in none; `shared`: whether other machines may use it too, and then it
    may be away for a while; `driver_error`: what its driver raises."""

    name: str
    path: Path | None
    shared: bool
    engine: Engine
    driver_error: type[Exception]

    def beside(self, folder: Path, identity: str, what: str) -> Path | None: ...
    def insert(self, table: Table) -> Any: ...
    def of_any(
        self, query: Select[Any], column: ColumnElement[int], count: int
    ) -> tuple[Select[Any], Callable[[Sequence[int]], dict[str, Any]]]: ...
    def filler(self, table: Table) -> Callable[[Any, Sequence[tuple[Any, ...]]], None]: ...
    def reader(self) -> Connection: ...
    def alone(self, connection: Connection, site: int) -> None: ...
    def now(self, connection: Connection) -> float: ...
    def quiet_for(self, connection: Connection, since: float) -> float: ...
    def size(self, connection: Connection) -> int | None: ...
    def mark(self, connection: Connection) -> str | None: ...
    def was_committed(self, mark: str) -> bool | None: ...
    def explain(self, error: BaseException | None) -> str: ...
    def is_away(self, error: BaseException | None) -> bool: ...
    def overwrite_deleted(self, connection: Connection) -> None: ...
    def compact(self) -> None: ...
    def empty_log(self) -> None: ...


def database_address(url: str) -> URL:
    """The address of a database. Raises ValueError for one that is none, or of a kind that is not known; it names no password."""
    plain = url.partition("?")[0]  # behind it a password may stand too
    shown = plain if "@" not in plain else f"{plain.partition(':')[0]}://…@{plain.rpartition('@')[2]}"
    try:
        # As services of databases like to write it.
        address = make_url(f"postgresql{url.removeprefix('postgres')}" if url.startswith("postgres://") else url)
    except ArgumentError:
        raise ValueError(f"NEWSCRAWL_STATE={shown!r}: {_FORMS}") from None
    if address.get_backend_name() not in ("sqlite", "postgresql"):
        raise ValueError(f"NEWSCRAWL_STATE={shown!r}: {_FORMS}")
    if address.get_backend_name() == "postgresql" and address.drivername not in ("postgresql", "postgresql+psycopg"):
        raise ValueError(f"NEWSCRAWL_STATE={shown!r}: the driver is psycopg; write postgresql://…")
    return address


def kind_of(address: URL, busy: float) -> Kind:
    """The database at an address. `busy`: seconds to wait for another's commit. Raises ModuleNotFoundError without its driver, OSError."""
    if address.get_backend_name() == "sqlite":
        return SQLite(address, busy)
    from newscrawl.state.postgres import Postgres

    return Postgres(address)
