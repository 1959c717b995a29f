"""The troubles of a site: what monitors found wrong, what of it is over, who is still to be told."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from sqlalchemy import Connection, delete, insert, or_, select

from newscrawl.monitors.notices import Trouble
from newscrawl.state.schema import troubles

Change = Callable[[Sequence[Trouble]], Sequence[Trouble]]


def open_troubles(connection: Connection, site: int) -> list[Trouble]:
    """Those that are not over, and those that are over but not told to everybody, in the order in which they began."""
    unsettled = or_(troubles.c.over_at.is_(None), troubles.c.owed != "")
    query = select(troubles).where(troubles.c.site == site, unsettled).order_by(troubles.c.began_at, troubles.c.monitor)
    return [_trouble(row._mapping) for row in connection.execute(query)]


def note(connection: Connection, site: int, changed: Sequence[Trouble]) -> None:
    """Write these troubles, in place of what was known of them."""
    for trouble in changed:
        key = (
            troubles.c.site == site,
            troubles.c.monitor == trouble.monitor,
            troubles.c.began_at == trouble.began_at,
        )
        connection.execute(delete(troubles).where(*key))
        connection.execute(insert(troubles).values(site=site, **_values(trouble)))


def change(connection: Connection, site: int, how: Change) -> list[Trouble]:
    """Read, change and write them in one transaction, so that of two runs that end at once the later knows what the earlier began. Returns
    the troubles as they are now."""
    found = list(how(open_troubles(connection, site)))
    note(connection, site, found)
    return found


def _trouble(row: Any) -> Trouble:
    values = {name: value for name, value in row.items() if name not in ("site", "lasting", "owed")}
    owed = frozenset(filter(None, row["owed"].split(",")))
    return Trouble(**values, lasting=bool(row["lasting"]), owed=owed)


def _values(trouble: Trouble) -> dict[str, Any]:
    names = ("monitor", "text", "began_at", "began_run", "failed_at", "failures", "passes", "over_at")
    values: dict[str, Any] = {name: getattr(trouble, name) for name in names}
    return values | {"lasting": int(trouble.lasting), "owed": ",".join(sorted(trouble.owed))}
