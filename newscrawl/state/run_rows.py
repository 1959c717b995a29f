"""The runs of a site, as rows to be shown."""

from __future__ import annotations

from dataclasses import dataclass

import orjson
from sqlalchemy import or_, select

from newscrawl.state.database import Database
from newscrawl.state.runs import DIED, is_alive
from newscrawl.state.schema import feeds, reports, runs, sites

RUNNING = "running"


@dataclass(frozen=True, slots=True)
class RunRow:
    """One run: `reason` is how it ended, `running` while it does, `died` when nobody ended it. Times are seconds since 1970; `process` is
    its number on the machine `host`, which the state knows as `node`; `scope`: what it was asked for, as JSON."""

    id: int
    job: str | None
    host: str
    process: int
    scope: str
    started_at: int
    ended_at: int | None
    reason: str
    counts: dict[str, int]
    feeds: list[str]
    node: str = ""


def run_rows(
    database: Database,
    site: str,
    *,
    limit: int | None = None,
    job: str | None = None,
    run: int | None = None,
    since: int = 0,
    parts: bool = False,
) -> list[RunRow]:
    """The runs of a site, the latest first: of a Scrapyd job, of one number, begun since a time (seconds since 1970), with `parts` also
    watches of which a part began since then. Raises StateError."""
    lately = runs.c.started_at >= since
    if parts:
        lately = or_(lately, runs.c.id.in_(select(reports.c.run).where(reports.c.started_at >= since)))
    query = select(runs).join(sites, sites.c.id == runs.c.site).where(sites.c.name == site, lately)
    if job is not None:
        query = query.where(runs.c.job == job)
    if run is not None:
        query = query.where(runs.c.id == run)
    found = []
    with database.reading() as connection:
        for row in connection.execute(query.order_by(runs.c.id.desc()).limit(limit)).all():
            paths = connection.execute(select(feeds.c.path).where(feeds.c.run == row.id).order_by(feeds.c.id)).scalars()
            reason = row.reason or (RUNNING if is_alive(database, connection, row) else DIED)
            counts = orjson.loads(row.counts) if row.counts else {}
            about = (row.id, row.job, row.host, row.process, row.scope, row.started_at, row.ended_at)
            found.append(RunRow(*about, reason, counts, list(paths), row.node))
    return found
