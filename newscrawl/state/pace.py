"""One pace for a host, whatever the number of runs that ask it."""

from __future__ import annotations

import time

from sqlalchemy import Connection, select

from newscrawl.state.database import Database
from newscrawl.state.schema import pace

_LONGEST_QUEUE = 120.0  # seconds; a turn further ahead was given before the clock was set back


def reserve(database: Database, connection: Connection, host: str, delay: float) -> float:
    """Take the host's next turn: how many seconds to wait for it. The one after it is `delay` seconds later."""
    now = time.time()
    turn = connection.execute(select(pace.c.next_at).where(pace.c.host == host)).scalar()
    if turn is None or not now < turn < now + max(_LONGEST_QUEUE, 10 * delay):
        turn = now
    statement = database.insert(pace).values(host=host, next_at=turn + delay)
    connection.execute(
        statement.on_conflict_do_update(index_elements=[pace.c.host], set_={"next_at": statement.excluded.next_at})
    )
    return float(turn - now)
