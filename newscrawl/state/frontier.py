"""The requests that wait, that runs have, and that are finished. Each function is one statement or two, in the caller's transaction."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from sqlalchemy import ColumnElement, Connection, and_, bindparam, case, delete, func, or_, select, update
from sqlalchemy.engine import Row

from newscrawl.state import seen
from newscrawl.state.database import Database
from newscrawl.state.schema import Standing, frontier, runs

AGAIN = "+"
"""Ends the key of a task that may come again in the same run: it is forgotten when it is done."""
_COMES_AGAIN = frontier.c.key.like(f"%{AGAIN}")

_LONGEST_NUMBER = 20  # digits; the key of a list has forty letters
COPIES_FOR = 3600
"""Seconds for which a copy that was dropped is left alone: runs every ten minutes would read it a dozen times. Not for longer: it may be
corrected, and runs that reach back two hours must see that."""
GIVEN = "found/argument"
"""The `stat` of an article that somebody asks for by its address: it is read, copy or not."""

_ORDER = (frontier.c.priority.desc(), frontier.c.rank.desc(), frontier.c.id)


@dataclass(frozen=True, slots=True)
class Task:
    """A request as the frontier keeps it. `id`: its row, None while it is new. `reach`: how far back a list's rows are wanted, in
    seconds since 1970; 0 is to its end, and what an article has."""

    key: str
    url: str
    request: str
    priority: int = 0
    rank: int = 0
    reach: int = 0
    stat: str | None = None
    id: int | None = None


def look_key(number: int) -> str:
    """The key of a look at an article of the output. An article has one: a look that comes due takes the place of one that failed."""
    return f"{number}{AGAIN}"


def looked_at(key: str) -> int | None:
    """The article of a look's key; None for any other key."""
    number = key.removesuffix(AGAIN)
    return int(number) if number != key and number.isdigit() else None


@dataclass(frozen=True, slots=True)
class Added:
    """What came of adding tasks: how many were new by their `stat`, how many were articles that the output has."""

    new: Counter[str]
    seen: int


def add(database: Database, connection: Connection, site: int, run: int, tasks: Iterable[Task], now: int) -> Added:
    """Put tasks into the frontier. Left out: articles that the output has, what is under way, what this run (or one that overlaps with
    it) has finished, copies that were dropped within the hour. What waits for another run is this one's from now on. What failed or was
    dropped before this run began is tried again; so is a list whose rows are wanted further back than it was, or is being, walked."""
    unique = {task.key: task for task in tasks}
    if given := [task.key for task in unique.values() if task.stat == GIVEN]:
        forget_copies(connection, site, given)
    in_output = _seen(connection, site, unique)
    rows = [_row(site, run, task, now) for key, task in unique.items() if key not in in_output]
    if not rows:
        return Added(Counter(), len(in_output))
    known = _known(connection, site, [str(row["key"]) for row in rows], run, now)
    connection.execute(_insert(database, run), rows)
    new = Counter(str(row["stat"]) for row in rows if row["stat"] and row["key"] not in known)
    return Added(new, len(in_output))


def _row(site: int, run: int, task: Task, now: int) -> dict[str, Any]:
    return {
        "site": site,
        "key": task.key,
        "run": run,
        "standing": Standing.PENDING,
        "priority": task.priority,
        "rank": task.rank,
        "reach": task.reach,
        "url": task.url,
        "request": task.request,
        "stat": task.stat,
        "changed_at": now,
    }


@lru_cache(maxsize=8)  # building it costs more than running it
def _insert(database: Database, run: int) -> Any:
    insert = database.insert(frontier)
    new, old = insert.excluded, frontier.c
    further = new.reach < old.reach
    leased, waits = old.standing == Standing.LEASED, old.standing == Standing.PENDING
    values = {
        "standing": case((leased, old.standing), else_=new.standing),
        "run": case((leased, old.run), else_=new.run),
        "again": case((leased, 1), else_=0),
        # Of one that is over, what it was wanted for is over too.
        "reach": case((or_(further, old.standing >= Standing.DONE), new.reach), else_=old.reach),
        "priority": case((and_(waits, old.priority > new.priority), old.priority), else_=new.priority),
        **{name: new[name] for name in ("rank", "url", "request", "stat", "changed_at")},
    }
    better = and_(waits, or_(old.priority < new.priority, old.run.is_distinct_from(run)))
    lost = and_(old.standing == Standing.FAILED, _COMES_AGAIN)  # it comes due again by its own time, in a long run too
    return insert.on_conflict_do_update(
        index_elements=[old.site, old.key],
        set_=values,
        where=or_(_ended_before(run, new.changed_at), lost, better, further),
    )


def _ended_before(run: int, now: Any) -> ColumnElement[bool]:
    """Whether a task was finished before the run began: then the run may try it again; a copy only after an hour."""
    column = frontier.c
    ended = and_(column.standing >= Standing.DONE, column.run < run)
    return and_(ended, or_(column.standing != Standing.COPY, _is_free(now)))


def _is_free(now: Any) -> ColumnElement[bool]:
    """Whether a copy may be read again; also when the clock was ahead of this time."""
    return or_(frontier.c.changed_at < now - COPIES_FOR, frontier.c.changed_at > now)


def _seen(connection: Connection, site: int, keys: Iterable[str]) -> set[str]:
    """The keys that are articles in the output."""
    return {str(number) for number in seen.numbers(connection, site, (int(key) for key in keys if key.isdigit()))}


def _known(connection: Connection, site: int, keys: Sequence[str], run: int, now: int) -> set[str]:
    """The keys that the frontier has, and that are not to be tried again."""
    found: set[str] = set()
    for part in seen.parts(keys):
        still = ~_ended_before(run, now)
        query = select(frontier.c.key).where(frontier.c.site == site, frontier.c.key.in_(part), still)
        found.update(key for (key,) in connection.execute(query))
    return found


def lease(connection: Connection, site: int, run: int, count: int) -> list[Task]:
    """The first `count` of the run's waiting tasks."""
    return _leased(connection, site, run, run, count)


def _leased(
    connection: Connection, site: int, owner: int, run: int, count: int, *which: ColumnElement[bool]
) -> list[Task]:
    first = (
        select(frontier.c.id)
        .where(frontier.c.site == site, frontier.c.standing == Standing.PENDING, frontier.c.run == owner, *which)
        .order_by(*_ORDER)
        .limit(count)
        .with_for_update(skip_locked=True)  # PostgreSQL's; SQLite has one writer at a time anyway
        .cte("first")  # PostgreSQL may ask a subquery several times, and would lease more
    )
    taken = (
        update(frontier)
        .where(frontier.c.id.in_(select(first.c.id)))
        .values(standing=Standing.LEASED, run=run)
        .returning(frontier)
    )
    rows = sorted(connection.execute(taken), key=lambda row: (-row.priority, -row.rank, row.id))
    return [_task(row) for row in rows]


def help_out(connection: Connection, site: int, run: int, others: Iterable[int], count: int) -> list[Task]:
    """The first `count` waiting articles of one of the other runs, which are this run's from now on. A list stays with who walks down it."""
    first_letter = func.substr(frontier.c.key, 1, 1)
    is_article = and_(
        first_letter.in_(list("0123456789")), func.length(frontier.c.key) <= _LONGEST_NUMBER, ~_COMES_AGAIN
    )
    for other in others:
        if leased := _leased(connection, site, other, run, count, is_article):
            return leased
    return []


def are_busy(connection: Connection, site: int, others: Sequence[int]) -> bool:
    """Whether anything waits for these runs, or is under way."""
    left = (frontier.c.site == site, frontier.c.standing < Standing.DONE, frontier.c.run.in_(others))
    return bool(others) and connection.execute(select(frontier.c.id).where(*left).limit(1)).scalar() is not None


def _task(row: Row[Any]) -> Task:
    return Task(row.key, row.url, row.request, row.priority, row.rank, row.reach, row.stat, row.id)


def finish(
    connection: Connection, done: Iterable[int], failed: Mapping[int, str], now: int, copied: Iterable[int] = ()
) -> None:
    """Tasks (by row) that are done, those that failed for good, with the reason, and those whose articles were dropped as copies. `now`:
    seconds since 1970."""
    latest = select(func.max(runs.c.id)).scalar_subquery()
    for rows, reached in ((done, Standing.DONE), (copied, Standing.COPY)):
        if ended := [{"row": row} for row in rows]:
            statement = update(frontier).where(frontier.c.id == bindparam("row"))
            again = frontier.c.again == 1
            standing = case((again, Standing.PENDING), else_=reached)
            values = {"standing": standing, "again": 0, "run": case((again, None), else_=latest), "changed_at": now}
            connection.execute(statement.values(values), ended)
    if lost := [{"row": row, "why": reason[:200]} for row, reason in failed.items()]:
        statement = update(frontier).where(frontier.c.id == bindparam("row"))
        values = {"reason": bindparam("why"), "failures": frontier.c.failures + 1, "changed_at": now}
        connection.execute(statement.values(standing=Standing.FAILED, run=latest, **values), lost)


def drop(connection: Connection, done: Iterable[int]) -> None:
    """Forget tasks (by row) that are done and may come again at any time."""
    if rows := [{"row": row} for row in done]:
        connection.execute(delete(frontier).where(frontier.c.id == bindparam("row")), rows)


def failures(connection: Connection, row: int) -> int:
    """How often a task has failed."""
    return int(connection.execute(select(frontier.c.failures).where(frontier.c.id == row)).scalar() or 0)


def give_back(connection: Connection, site: int, run: int) -> None:
    """What a run has and did not finish waits again. An article whose line is in the output is done."""
    ours = and_(frontier.c.standing == Standing.LEASED, frontier.c.run == run)
    keys = [key for (key,) in connection.execute(select(frontier.c.key).where(ours))]
    finished = _seen(connection, site, keys)
    for part in seen.parts(sorted(finished)):
        connection.execute(update(frontier).where(ours, frontier.c.key.in_(part)).values(standing=Standing.DONE))
    connection.execute(update(frontier).where(ours).values(standing=Standing.PENDING))


def adopt(connection: Connection, site: int, run: int, *, looks: bool) -> int:
    """What waits for runs that have ended, or for nobody, is this run's from now on; how many. `looks`: also what comes again by itself."""
    living = select(runs.c.id).where(runs.c.site == site, runs.c.ended_at.is_(None))
    orphans = or_(frontier.c.run.is_(None), frontier.c.run.not_in(living))
    waits = and_(frontier.c.site == site, frontier.c.standing == Standing.PENDING, orphans)
    if not looks:
        waits = and_(waits, ~_COMES_AGAIN)
    return connection.execute(update(frontier).where(waits).values(run=run)).rowcount


def retry(connection: Connection, site: int, *, since: int = 0, kind: str = "", most: int | None = None) -> int:
    """What failed since the run `since` began waits again; how many. `kind`: how its reason begins; `most`: not what failed so often."""
    failed = and_(frontier.c.site == site, frontier.c.standing == Standing.FAILED, frontier.c.run >= since)
    if kind:
        failed = and_(failed, frontier.c.reason.like(f"{kind}%"))
    if most is not None:
        failed = and_(failed, frontier.c.failures < most)
    return connection.execute(update(frontier).where(failed).values(standing=Standing.PENDING, run=None)).rowcount


def waiting(connection: Connection, site: int, run: int | None = None, *, looks: bool = True) -> int:
    """How many wait or are under way: of the site, or of one run; with looks or without."""
    left = and_(frontier.c.site == site, frontier.c.standing < Standing.DONE)
    ours = left if run is None else and_(left, frontier.c.run == run)
    if not looks:
        ours = and_(ours, ~_COMES_AGAIN)
    return int(connection.execute(select(func.count()).where(ours)).scalar_one())


def waiting_like(connection: Connection, site: int, run: int, prefix: str) -> list[tuple[str, int]]:
    """A run's tasks that wait or are under way and whose keys begin so: key and reach. `prefix` has no % and no _."""
    ours = (frontier.c.site == site, frontier.c.standing < Standing.DONE, frontier.c.run == run)
    query = select(frontier.c.key, frontier.c.reach).where(*ours, frontier.c.key.like(f"{prefix}%"))
    return [(key, reach) for key, reach in connection.execute(query)]


def forget_done(connection: Connection, site: int, before: int, now: int) -> None:
    """Drop what was done before the run `before` began: no run that lives could name it again and be told that it is done. Copies stay for
    an hour."""
    old_copy = and_(frontier.c.standing == Standing.COPY, _is_free(now))
    done = and_(frontier.c.run < before, or_(frontier.c.standing == Standing.DONE, old_copy))
    connection.execute(delete(frontier).where(frontier.c.site == site, done))


def forget_copies(connection: Connection, site: int, keys: Sequence[str] | None = None) -> None:
    """Of copies that were dropped, all or those of these keys, nothing is known any more: who names them asks for them."""
    copies = and_(frontier.c.site == site, frontier.c.standing == Standing.COPY)
    if keys is None:
        connection.execute(delete(frontier).where(copies))
        return
    for part in seen.parts(keys):
        connection.execute(delete(frontier).where(copies, frontier.c.key.in_(part)))
