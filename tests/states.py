"""States for tests, of both engines: which one is said once, by a fixture, and the same test runs on it."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, create_engine

from newscrawl.state import Database, postgres, sqlite
from tests.postgres import Server

_servers: list[Server] = []  # the one in use, if any
_opened: list[Database] = []
_made: set[tuple[int, str]] = set()
_first: dict[str, Engine] = {}  # by dialect


def keep_compiled(patch: pytest.MonkeyPatch) -> None:
    """All states of a process share what SQLAlchemy compiled, which it keeps by dialect and engine: tests that open hundreds of states spend two
    fifths of their time on it."""
    for module in (sqlite, postgres):
        patch.setattr(module, "create_engine", _create_engine)


def _create_engine(*arguments: Any, **more: Any) -> Engine:
    made = create_engine(*arguments, **more)
    first = _first.setdefault(made.dialect.name, made)
    made.dialect, made._compiled_cache = first.dialect, first._compiled_cache
    return made


def use(server: Server | None) -> None:
    """From now on states are in this server; None: in files."""
    for one in _opened:
        one.close()
    _opened.clear()
    _servers[:] = [server] if server else []


def url(folder: Path, name: str = "state") -> str:
    """The state of a folder, for NEWSCRAWL_STATE."""
    return url_in(_servers[0] if _servers else None, folder, name)


def url_in(server: Server | None, folder: Path, name: str = "state") -> str:
    """The same, in a server or (None) in a file."""
    if server is None:
        return f"sqlite:///{folder / name}.sqlite"
    schema = "s" + hashlib.sha256(str(folder / name).encode()).hexdigest()[:20]
    if (server.port, schema) not in _made:
        server.sql(f"CREATE SCHEMA IF NOT EXISTS {schema}")
        _made.add((server.port, schema))
    return server.url(schema)


def database(folder: Path, name: str = "state", **more: Any) -> Database:
    """The same, opened; it is closed when the test is over."""
    made = Database(url(folder, name), folder, **more)
    _opened.append(made)
    return made


def some(steps: range, each: int) -> range:
    """All steps; of a server every so many: each takes three times as long there."""
    return steps[::each] if _servers else steps


def is_shared() -> bool:
    """Whether it is PostgreSQL."""
    return bool(_servers)
