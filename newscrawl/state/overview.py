"""What the state holds, in figures: for `scrapy status`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Connection, and_, func, or_, select

from newscrawl.state.database import Database
from newscrawl.state.run_rows import RunRow, run_rows
from newscrawl.state.runs import SIGNS, is_alive
from newscrawl.state.schema import Standing, articles, forgotten, frontier, revisions, runs, sites, watched

_RUNS = 5  # the latest that are shown
_WEEK = 7 * 86_400  # seconds


@dataclass(frozen=True, slots=True)
class Failure:
    """One address that failed for good. `at`: seconds since 1970."""

    url: str
    reason: str
    times: int
    at: int


@dataclass(frozen=True, slots=True)
class Machine:
    """One of those that share the state, by which of its runs go on, and when it last began one (seconds since 1970). `here`: whether it is this
    one; `quiet_for`: seconds since it was last heard of, None when none of its runs goes on."""

    host: str
    here: bool
    running: int
    last_began: int
    quiet_for: int | None


@dataclass(frozen=True, slots=True)
class Overview:
    """One site. `new`: articles of today; `revised`: those of which the output has several revisions; `due`: looks that could be taken now,
    of `watched` articles. `forgotten`: those that were removed, of which `forgetting` are not
    removed everywhere yet. `size`: bytes of the state with its log; None when it is in no file. `machines`: those that
    share the state and had a run in the last week."""

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
    forgotten: int = 0
    forgetting: int = 0
    machines: list[Machine] = field(default_factory=list)


def failures(
    database: Database, site_name: str, since: int, limit: int, *, retried: Sequence[str], tries: int = 0
) -> tuple[int, list[Failure]]:
    """Addresses that failed since a time (seconds since 1970), the latest first; without those that are asked again: the reason begins with
    one of `retried`, and they failed fewer than `tries` times. Before them how many of these kinds are not asked again. Raises StateError."""
    with database.reading() as connection:
        site = select(sites.c.id).where(sites.c.name == site_name).scalar_subquery()
        failed = (frontier.c.site == site) & (frontier.c.standing == Standing.FAILED) & (frontier.c.changed_at >= since)
        kinds = or_(*(frontier.c.reason.like(f"{kind}%") for kind in retried))
        lost = failed & ~and_(kinds, frontier.c.failures < tries)
        named = [Failure(*row) for row in connection.execute(_failures(lost, limit))]
        return _count(connection, lost, kinds), named


def overview(database: Database, site_name: str, today: int, now: int, named: int | None) -> Overview | None:
    """The figures of a site, None when the state does not know it. `today`: when the day began, and `now`, in seconds since 1970;
    `named`: how many failed addresses are named at most, None for all."""
    with database.reading() as connection:
        site = connection.execute(select(sites.c.id).where(sites.c.name == site_name)).scalar()
        if site is None:
            return None
        ours = articles.c.site == site
        gone = select(forgotten.c.number).where(forgotten.c.site == site, forgotten.c.number == articles.c.number)
        standing = dict(_counts(connection, frontier.c.standing, frontier.c.site == site))
        failed = (frontier.c.site == site) & (frontier.c.standing == Standing.FAILED)
        return Overview(
            site_name,
            _count(connection, ours) - _count(connection, forgotten.c.site == site),
            _count(connection, ours, articles.c.seen_at >= today, ~gone.exists()),
            _count(connection, revisions.c.site == site, revisions.c.revision == 2),
            _count(connection, watched.c.site == site),
            _count(connection, watched.c.site == site, watched.c.next_at <= now),
            standing.get(Standing.PENDING, 0),
            standing.get(Standing.LEASED, 0),
            standing.get(Standing.FAILED, 0),
            dict(_counts(connection, frontier.c.reason, failed)),
            [Failure(*row) for row in connection.execute(_failures(failed, named))],
            run_rows(database, site_name, limit=_RUNS),
            size(database),
            _count(connection, forgotten.c.site == site),
            _count(connection, forgotten.c.site == site, forgotten.c.done_at.is_(None)),
            _machines(database, connection, site, now) if database.shared else [],
        )


def _machines(database: Database, connection: Connection, site: int, now: int) -> list[Machine]:
    lately = or_(runs.c.started_at > now - _WEEK, runs.c.ended_at.is_(None))
    query = select(*SIGNS, runs.c.host, runs.c.started_at, runs.c.ended_at).where(runs.c.site == site, lately)
    found: dict[str, list[Any]] = {}
    for row in connection.execute(query.order_by(runs.c.id)).all():
        found.setdefault(row.node, []).append(row)
    return [_machine(database, connection, rows) for rows in found.values()]


def _machine(database: Database, connection: Connection, rows: Sequence[Any]) -> Machine:
    """Of the runs of one, in their order."""
    alive = [row for row in rows if row.ended_at is None and is_alive(database, connection, row)]
    heard = max((row.beat_at for row in alive if row.beat_at is not None), default=None)
    quiet_for = None if heard is None else max(0, int(database.now(connection) - heard))
    last = rows[-1]
    return Machine(last.host, last.node == database.node, len(alive), last.started_at, quiet_for)


def _count(connection: Connection, *where: Any) -> int:
    return int(connection.execute(select(func.count()).where(*where)).scalar_one())


def _counts(connection: Connection, column: Any, where: Any) -> list[tuple[Any, int]]:
    count = func.count()
    return [
        (value, n)
        for value, n in connection.execute(select(column, count).where(where).group_by(column).order_by(-count))
    ]


def _failures(failed: Any, limit: int | None) -> Any:
    columns = (frontier.c.url, frontier.c.reason, frontier.c.failures, frontier.c.changed_at)
    return select(*columns).where(failed).order_by(frontier.c.changed_at.desc(), frontier.c.id).limit(limit)


def size(database: Database) -> int | None:
    """Bytes of the state, of a file with its log; None for one in memory."""
    with database.reading() as connection:
        return database.size(connection)
