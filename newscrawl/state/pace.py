"""One pace for a host, whatever the number of runs and machines that ask it."""

from __future__ import annotations

from sqlalchemy import Connection, bindparam, case, or_

from newscrawl.state.database import Database
from newscrawl.state.schema import pace

_LONGEST_QUEUE = 120.0  # seconds; a turn further ahead was given before the clock was set back


def reserve(database: Database, connection: Connection, host: str, delay: float) -> float:
    """Take the host's next turn: how many seconds to wait for it. The one after it is `delay` seconds later."""
    now = database.now(connection)
    statement = database.insert(pace).values(host=host, next_at=now + delay)
    # One statement: of two machines at once the second sees what the first took.
    wrong = or_(pace.c.next_at <= bindparam("now"), pace.c.next_at >= bindparam("latest"))
    turn = case((wrong, bindparam("now")), else_=pace.c.next_at)
    taken = statement.on_conflict_do_update(index_elements=[pace.c.host], set_={"next_at": turn + bindparam("delay")})
    given = {"now": now, "latest": now + max(_LONGEST_QUEUE, 10 * delay), "delay": delay}
    following = float(connection.execute(taken.returning(pace.c.next_at), given).scalar_one())
    return max(0.0, following - delay - now)
