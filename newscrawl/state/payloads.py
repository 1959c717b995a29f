"""What the archive has of an address: later runs, too, point to an answer that came unchanged."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import Connection, delete, select

from newscrawl.state.database import Database
from newscrawl.state.schema import payloads

_KEPT = 8 * 86_400  # seconds: a day longer than articles are looked at again, by default


@dataclass(frozen=True, slots=True)
class Payload:
    """An answer in the archive: its record's id, its payload's digest, when it came, in which file it stands and at which byte."""

    record: str
    digest: str
    said_at: str
    file: str
    offset: int


def payload(connection: Connection, site: int, address: str) -> Payload | None:
    """The last that is known of an address."""
    columns = [payloads.c[name] for name in Payload.__slots__]
    ours = (payloads.c.site == site, payloads.c.address == _key(address))
    found = connection.execute(select(*columns).where(*ours)).one_or_none()
    return Payload(*found) if found else None


def keep(database: Database, connection: Connection, site: int, found: Iterable[tuple[str, Payload]], now: int) -> None:
    """Addresses, and what the archive has of them now. `now`: seconds since 1970."""
    rows = [
        {name: getattr(one, name) for name in Payload.__slots__}
        | {"site": site, "address": _key(address), "seen_at": now}
        for address, one in dict(found).items()
    ]
    if rows:
        statement = database.insert(payloads)
        others = {name: statement.excluded[name] for name in (*Payload.__slots__, "seen_at")}
        keys = [payloads.c.site, payloads.c.address]
        connection.execute(statement.on_conflict_do_update(index_elements=keys, set_=others), rows)


def forget_old(connection: Connection, site: int, now: int) -> None:
    """Those of addresses that nobody has asked for in a week are of no use any more."""
    connection.execute(delete(payloads).where(payloads.c.site == site, payloads.c.seen_at < now - _KEPT))


def forget_all(connection: Connection, site: int) -> None:
    """Nothing points to anything any more."""
    connection.execute(delete(payloads).where(payloads.c.site == site))


def _key(address: str) -> bytes:
    return hashlib.sha256(address.encode()).digest()[:16]
