"""States for tests, of both engines: which one is said once, by a fixture, and the same test runs on it."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Any

from newscrawl.state import Database
from tests.postgres import Server

_servers: list[Server] = []  # the one in use, if any
_opened: list[Database] = []
_made: set[tuple[int, str]] = set()


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
