"""What the state holds, in figures: for `scrapy status`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import orjson
from sqlalchemy import Connection, func, select

from newscrawl.state.database import Database
from newscrawl.state.runs import is_alive
from newscrawl.state.schema import Standing, articles, feeds, frontier, revisions, runs, sites, watched

_RUNS = 5  # the latest that are shown


@dataclass(frozen=True, slots=True)
class Failure:
    """One address that failed for good. `at`: seconds since 1970."""

    url: str
    reason: str
    times: int
    at: int


@dataclass(frozen=True, slots=True)
class RunRow:
    """One run: `reason` is how it ended, `running` while it does, `died` when nobody ended it. Times are seconds since 1970."""

    id: int
    job: str | None
    started_at: int
    ended_at: int | None
    reason: str
    counts: dict[str, int]
    feeds: list[str]


@dataclass(frozen=True, slots=True)
class Overview:
    """One site. `new`: articles of today; `revised`: those of which the output has several revisions; `due`: looks that could be taken now,
    of `watched` articles. `size`: bytes of the state with its log; None when it is in no file."""

    site: str
    articles: int
    new: int
    revised: int
    watched: int
    due: int
    pending: int
    leased: int
    failed: int
    reasons: dict[str, int]
    failures: list[Failure]
    runs: list[RunRow]
    size: int | None


def overview(database: Database, site_name: str, today: int, now: int, failures: int) -> Overview | None:
    """The figures of a site, None when the state does not know it. `today`: when the day began, and `now`, in seconds since 1970;
    `failures`: how many failed addresses are named at most."""
    with database.reading() as connection:
        site = connection.execute(select(sites.c.id).where(sites.c.name == site_name)).scalar()
        if site is None:
            return None
        ours = articles.c.site == site
        standing = dict(_counts(connection, frontier.c.standing, frontier.c.site == site))
        failed = (frontier.c.site == site) & (frontier.c.standing == Standing.FAILED)
        return Overview(
            site_name,
            _count(connection, ours),
            _count(connection, ours, articles.c.seen_at >= today),
            _count(connection, revisions.c.site == site, revisions.c.revision == 2),
            _count(connection, watched.c.site == site),
            _count(connection, watched.c.site == site, watched.c.next_at <= now),
            standing.get(Standing.PENDING, 0),
            standing.get(Standing.LEASED, 0),
            standing.get(Standing.FAILED, 0),
            dict(_counts(connection, frontier.c.reason, failed)),
            [Failure(*row) for row in connection.execute(_failures(failed, failures))],
            _runs(database, connection, site),
            _size(database),
        )


def _count(connection: Connection, *where: Any) -> int:
    return int(connection.execute(select(func.count()).where(*where)).scalar_one())


def _counts(connection: Connection, column: Any, where: Any) -> list[tuple[Any, int]]:
    count = func.count()
    return [
        (value, n)
        for value, n in connection.execute(select(column, count).where(where).group_by(column).order_by(-count))
    ]


def _failures(failed: Any, limit: int) -> Any:
    columns = (frontier.c.url, frontier.c.reason, frontier.c.failures, frontier.c.changed_at)
    return select(*columns).where(failed).order_by(frontier.c.changed_at.desc(), frontier.c.id).limit(limit)


def _runs(database: Database, connection: Connection, site: int) -> list[RunRow]:
    query = select(runs).where(runs.c.site == site).order_by(runs.c.id.desc()).limit(_RUNS)
    found = []
    for row in connection.execute(query).all():
        paths = connection.execute(select(feeds.c.path).where(feeds.c.run == row.id).order_by(feeds.c.id)).scalars()
        reason = row.reason or ("running" if is_alive(database, row.id) else "died")
        counts = orjson.loads(row.counts) if row.counts else {}
        found.append(RunRow(row.id, row.job, row.started_at, row.ended_at, reason, counts, list(paths)))
    return found


def _size(database: Database) -> int | None:
    if database.path is None:
        return None
    files = (database.path, database.path.with_name(f"{database.path.name}-wal"))
    return sum(path.stat().st_size for path in files if path.exists())
