"""The runs: begun, ended, found dead; what each was asked for, as long as something that it found is left to do."""

from __future__ import annotations

import os
import socket
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import orjson
from sqlalchemy import Connection, func, insert, or_, select, update

from newscrawl.state import archives, frontier, outbox
from newscrawl.state.alive import RunLock, is_held
from newscrawl.state.database import Database, StateError
from newscrawl.state.schema import reports, runs, sites

DIED = "died"

SIGNS = (runs.c.id, runs.c.node, runs.c.beat_at)
"""What `is_alive` asks of a run's row."""


class TakenForDead(StateError):
    """Another machine has this run's requests now."""


@dataclass(slots=True)
class Run:
    """A run that has begun. `lock` is None when the state is in memory, where no other process can see it."""

    id: int
    site: int
    lock: RunLock | None


@dataclass(frozen=True, slots=True)
class Recovered:
    """What was taken over: how many runs had died, requests that dead and ended runs left, bytes that were missing in their feeds."""

    runs: int
    requests: int
    bytes: int


def check_begin(database: Database) -> None:
    """Raises StateError while `scrapy forget` rewrites files: a run that begins completes feeds, and writes. Asked in the transaction that begins
    a run: who rewrites takes the lock first and looks for living runs then, so one of both sees the other."""
    lock = rewriting_lock(database)
    if lock is not None and is_held(lock):
        raise StateError(
            f"{database.name}: scrapy forget is rewriting files at this moment: start again when it has ended"
        )


def begin(
    database: Database,
    connection: Connection,
    site_name: str,
    scope: str,
    job: str | None,
    now: int,
    asked: str | None = None,
) -> Run:
    """Note that a run begins; its number is higher than that of every run before it. `scope`: what it was asked for, as JSON; `asked`: the same
    in the words in which it was given; `now`: seconds since 1970."""
    statement = database.insert(sites).values(name=site_name).on_conflict_do_nothing(index_elements=[sites.c.name])
    connection.execute(statement)
    site = site_id(connection, site_name)
    assert site is not None
    database.alone(connection, site)
    values = {
        "site": site,
        "job": job,
        "node": database.node,
        "beat_at": database.now(connection) if database.shared else None,
        "host": socket.gethostname(),
        "process": os.getpid(),
        "scope": scope,
        "asked": asked,
        "settled": 0,
        "started_at": now,
    }
    run = int(connection.execute(insert(runs).values(values).returning(runs.c.id)).scalar_one())
    # Before anyone else can see the run: who sees it must find it alive.
    lock = _lock(database, run)
    return Run(run, site, RunLock(lock) if lock else None)


def beat(database: Database, connection: Connection, run: Run) -> None:
    """Say that a run lives. Raises TakenForDead when another machine said that it does not: what the run has not committed is with others."""
    if not database.shared:
        return
    ours = (runs.c.id == run.id, runs.c.ended_at.is_(None))
    if not connection.execute(update(runs).where(*ours).values(beat_at=database.now(connection))).rowcount:
        raise TakenForDead(
            f"{database.name}: another machine took this run for dead, after {database.node_timeout:.0f} seconds without a sign of it "
            "(NEWSCRAWL_NODE_TIMEOUT), and has its requests now"
        )


def site_id(connection: Connection, name: str) -> int | None:
    """A site's number; None when no run has been there."""
    return connection.execute(select(sites.c.id).where(sites.c.name == name)).scalar()


def _lock(database: Database, run: int) -> Path | None:
    return database.beside(f"run-{run}")


def recover(database: Database, connection: Connection, site: int, own: int, now: int, *, looks: bool) -> Recovered:
    """Take over what dead and ended runs left (`looks`: also looks), and complete their feeds. Raises OSError when a feed cannot be
    written."""
    dead = bury(database, connection, site, now, own)
    return Recovered(
        dead,
        frontier.adopt(connection, site, own, looks=looks),
        outbox.complete(connection, site, database.folder, database.node),
    )


def bury(database: Database, connection: Connection, site: int, now: int, own: int = 0) -> int:
    """Note the dead runs as ended, give back what they had, and finish the files of their archives; how many. Raises OSError. `now`: seconds
    since 1970; `own` is alive."""
    unended = select(*SIGNS).where(runs.c.site == site, runs.c.ended_at.is_(None), runs.c.id != own)
    dead = [row.id for row in connection.execute(unended).all() if not is_alive(database, connection, row)]
    for run in dead:
        frontier.give_back(connection, site, run)
    if dead:
        frontier.retry(connection, site, since=min(dead))  # nobody was told that these failed
        values = {"ended_at": now, "reason": DIED}
        connection.execute(update(runs).where(runs.c.id.in_(dead)).values(values))
    archives.complete(connection, site, database.folder, database.node)
    return len(dead)


def living(database: Database, connection: Connection) -> list[tuple[int, str]]:
    """The runs of this state that go on, of whatever site: number and site."""
    unended = select(*SIGNS, sites.c.name).join(sites, sites.c.id == runs.c.site).where(runs.c.ended_at.is_(None))
    rows = connection.execute(unended.order_by(runs.c.id)).all()
    return [(row.id, row.name) for row in rows if is_alive(database, connection, row)]


def siblings(connection: Connection, run: Run) -> list[tuple[int, str]]:
    """The runs that have not ended and were asked for the same in the same words, as one schedule asks several machines: number and scope, which
    differs by when they began."""
    asked = select(runs.c.asked).where(runs.c.id == run.id).scalar_subquery()
    query = select(runs.c.id, runs.c.scope).where(runs.c.site == run.site, runs.c.asked == asked, runs.c.id != run.id)
    return [(other, scope) for other, scope in connection.execute(query.where(runs.c.ended_at.is_(None)))]


def unreported(database: Database, connection: Connection, run: Run, since: int) -> int:
    """How many runs of other machines share this one's work and have kept no figures yet: that go on, or ended since a time (seconds since
    1970)."""
    asked = select(runs.c.asked).where(runs.c.id == run.id).scalar_subquery()
    query = (
        select(*SIGNS, runs.c.ended_at)
        .where(runs.c.site == run.site, runs.c.asked == asked, runs.c.node != database.node)
        .where(or_(runs.c.ended_at.is_(None), runs.c.ended_at >= since))
        .where(~select(reports.c.run).where(reports.c.run == runs.c.id).exists())
    )
    return sum(
        row.ended_at is not None or is_alive(database, connection, row) for row in connection.execute(query).all()
    )


def rewriting_lock(database: Database) -> Path | None:
    """The file that `scrapy forget` holds while it rewrites files; no run of this machine may begin meanwhile. None where no state is kept."""
    return database.beside("forget")


def is_alive(database: Database, connection: Connection, row: Any) -> bool:
    """Whether the process of a run that has not ended lives (`row`: its `SIGNS`): of this machine by its lock, of another by its last sign, on the
    clock of the database, which itself was there to hear one."""
    if row.node == database.node:
        lock = _lock(database, row.id)
        return lock is not None and is_held(lock)
    return not database.may_judge or database.quiet_for(connection, row.beat_at or 0.0) < database.node_timeout


def end(connection: Connection, run: Run, reason: str, counts: dict[str, int], now: int) -> int:
    """Note how a run ended; how many of its requests are left for the next. When nothing is left, no run's scope is needed any more."""
    frontier.give_back(connection, run.site, run.id)
    values = {"ended_at": now, "reason": reason[:80], "counts": orjson.dumps(counts).decode()}
    connection.execute(update(runs).where(runs.c.id == run.id).values(values))
    left = frontier.waiting(connection, run.site, run.id)
    if not frontier.waiting(connection, run.site, run.id, looks=False):  # a look needs nobody's scope
        connection.execute(update(runs).where(runs.c.id == run.id).values(settled=1))
    if not frontier.waiting(connection, run.site, looks=False):
        ended = runs.c.ended_at.is_not(None)
        connection.execute(update(runs).where(runs.c.site == run.site, ended).values(settled=1))
    first = func.min(runs.c.id)
    living = connection.execute(select(first).where(runs.c.site == run.site, runs.c.ended_at.is_(None))).scalar()
    frontier.forget_done(connection, run.site, before=living or run.id + 1, now=now)
    return left


def scopes(connection: Connection, site: int, own: int | None = None) -> list[str]:
    """What this run, and those that ended and left something, were asked for, as JSON, once each. A run that lives does its own work: what it
    was asked for is told only without `own`."""
    query = select(runs.c.scope).where(runs.c.site == site, runs.c.settled == 0).order_by(runs.c.id)
    if own is not None:
        query = query.where(or_(runs.c.ended_at.is_not(None), runs.c.id == own))
    return list(dict.fromkeys(scope for (scope,) in connection.execute(query)))
