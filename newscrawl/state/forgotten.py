"""Articles that were removed: the markers that keep them away, and what goes from the tables. Each function is part of the caller's transaction."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import ColumnElement, Connection, delete, func, select, update

from newscrawl.state import payloads
from newscrawl.state import revisions as texts
from newscrawl.state.alive import is_held
from newscrawl.state.database import Database
from newscrawl.state.frontier import look_key
from newscrawl.state.runs import rewriting_lock
from newscrawl.state.schema import (
    archives,
    articles,
    bands,
    cleared,
    exports,
    facts,
    feeds,
    forgotten,
    frontier,
    listed,
    revisions,
    runs,
    sites,
    stories,
    watched,
)
from newscrawl.state.seen import NO_HASH, parts

ASKED, RETENTION = "asked", "retention"
"""Why an article was removed: somebody asked for it, or its time was over."""
_WEEK = 7 * 86_400  # seconds; as in `state/stories.py`


@dataclass(frozen=True, slots=True)
class Marker:
    """That an article was removed. `asked_at`, `done_at`: seconds since 1970; without `done_at` files may still have it."""

    number: int
    asked_at: int
    why: str
    done_at: int | None


def site_row(database: Database, connection: Connection, name: str) -> int:
    """A site's number, which it gets if no run has been there."""
    statement = database.insert(sites).values(name=name).on_conflict_do_nothing(index_elements=[sites.c.name])
    connection.execute(statement)
    return int(connection.execute(select(sites.c.id).where(sites.c.name == name)).scalar_one())


def markers(connection: Connection, site: int, numbers: Iterable[int]) -> dict[int, Marker]:
    """Of these articles, those that were removed."""
    found: dict[int, Marker] = {}
    columns = (forgotten.c.number, forgotten.c.asked_at, forgotten.c.why, forgotten.c.done_at)
    for part in parts(list(numbers)):
        query = select(*columns).where(forgotten.c.site == site, forgotten.c.number.in_(part))
        found.update((row.number, Marker(*row)) for row in connection.execute(query))
    return found


def every(connection: Connection, site: str) -> frozenset[int]:
    """The numbers of all articles of a site that were removed."""
    query = select(forgotten.c.number).join(sites, sites.c.id == forgotten.c.site).where(sites.c.name == site)
    return frozenset(connection.execute(query).scalars())


def unfinished(connection: Connection, site: int) -> list[Marker]:
    """Articles whose removal was begun and not finished."""
    columns = (forgotten.c.number, forgotten.c.asked_at, forgotten.c.why, forgotten.c.done_at)
    query = select(*columns).where(forgotten.c.site == site, forgotten.c.done_at.is_(None))
    return [Marker(*row) for row in connection.execute(query.order_by(forgotten.c.number))]


def mark(database: Database, connection: Connection, site: int, numbers: Sequence[int], now: int, why: str) -> int:
    """These articles are removed from now on: never fetched again, compared with nothing, looked at no more; how many rows went. `now`: seconds
    since 1970.

    The texts of the articles stay in `revisions` until `drop_texts`: by them it is known what to look for in files, also after a kill. Which machines
    have cleared their files stays too, until `finish`: the next one names the same articles.
    """
    # What is deleted is overwritten, and stands in no free page of the file.
    database.overwrite_deleted(connection)
    rows = [{"site": site, "number": one, "asked_at": now, "why": why, "done_at": None} for one in numbers]
    again = {"asked_at": now, "why": why, "done_at": None}
    statement = database.insert(forgotten).on_conflict_do_update(index_elements=["site", "number"], set_=again)
    seen = [{"site": site, "number": one, "hash": NO_HASH, "seen_at": now} for one in numbers]
    known = database.insert(articles).on_conflict_do_update(index_elements=["site", "number"], set_={"hash": NO_HASH})
    if rows:
        connection.execute(statement, rows)
        connection.execute(known, seen)
        # What later answers may point to: some of it goes, and nobody can tell here which.
        payloads.forget_all(connection, site)
    return sum(_drop(connection, site, part) for part in parts(numbers))


def _drop(connection: Connection, site: int, numbers: Sequence[int]) -> int:
    """All but the texts and the markers; how many rows went."""
    ours = (revisions.c.site == site, revisions.c.number.in_(numbers))
    connection.execute(update(revisions).where(*ours).values(hash=NO_HASH))
    count = _drop_bands(connection, site, numbers)
    for table in (watched, stories, listed):
        gone = delete(table).where(table.c.site == site, table.c.number.in_(numbers))
        count += connection.execute(gone).rowcount
    keys = [key for number in numbers for key in (str(number), look_key(number))]
    for some in parts(keys):
        count += connection.execute(delete(frontier).where(frontier.c.site == site, frontier.c.key.in_(some))).rowcount
    return count


def _drop_bands(connection: Connection, site: int, numbers: Sequence[int]) -> int:
    """By their weeks: the table has no other way to an article."""
    placed = select(stories.c.number, stories.c.at).where(stories.c.site == site, stories.c.number.in_(numbers))
    weeks: dict[int, list[int]] = {}
    for number, at in connection.execute(placed):
        weeks.setdefault(at // _WEEK, []).append(number)
    count = 0
    for week, some in weeks.items():
        ours = (bands.c.site == site, bands.c.week == week, bands.c.number.in_(some))
        count += connection.execute(delete(bands).where(*ours)).rowcount
    return count


def drop_texts(database: Database, connection: Connection, site: int, numbers: Sequence[int]) -> int:
    """The texts of all revisions; how many there were."""
    database.overwrite_deleted(connection)
    return sum(
        connection.execute(delete(revisions).where(revisions.c.site == site, revisions.c.number.in_(part))).rowcount
        for part in parts(numbers)
    )


def texts_of(connection: Connection, site: int, numbers: Sequence[int]) -> list[bytes]:
    """The lines of all revisions that the state has of these articles."""
    found: list[bytes] = []
    for part in parts(numbers):
        query = select(revisions.c.record).where(revisions.c.site == site, revisions.c.number.in_(part))
        found += map(texts.unpacked, connection.execute(query).scalars())
    return found


def clear(database: Database, connection: Connection, site: int, numbers: Sequence[int]) -> None:
    """No file of this machine has them any more."""
    rows = [{"site": site, "number": one, "node": database.node} for one in numbers]
    if rows and database.shared:
        connection.execute(database.insert(cleared).on_conflict_do_nothing(), rows)


def left_to(database: Database, connection: Connection, site: int, numbers: Sequence[int]) -> list[str]:
    """The other machines that have files of the site, by the names of their hosts, and have not cleared them of all these articles."""
    of_site = (runs.c.site == site, runs.c.node != database.node)
    hosts: dict[str, str] = {}
    for table in (feeds, archives):
        query = select(runs.c.node, runs.c.host).join(table, table.c.run == runs.c.id).where(*of_site)
        hosts.update((node, host) for node, host in connection.execute(query.order_by(runs.c.id)))
    done: Counter[str] = Counter()
    for part in parts(numbers):
        count = select(cleared.c.node, func.count()).where(cleared.c.site == site, cleared.c.number.in_(part))
        for node, times in connection.execute(count.group_by(cleared.c.node)):
            done[node] += times
    return sorted(host for node, host in hosts.items() if done[node] < len(numbers))


def finish(connection: Connection, site: int, numbers: Sequence[int], now: int) -> None:
    """No file has them any more. `now`: seconds since 1970."""
    for part in parts(numbers):
        connection.execute(delete(cleared).where(cleared.c.site == site, cleared.c.number.in_(part)))
        ours = (forgotten.c.site == site, forgotten.c.number.in_(part))
        connection.execute(update(forgotten).where(*ours).values(done_at=now))


def allow(connection: Connection, site: int, number: int) -> bool:
    """Take a marker away: the article is fetched again when something names it. Whether there was one."""
    ours = (forgotten.c.site == site, forgotten.c.number == number, forgotten.c.done_at.is_not(None))
    if not connection.execute(delete(forgotten).where(*ours)).rowcount:
        return False
    same = (articles.c.site == site, articles.c.number == number, articles.c.hash == NO_HASH)
    connection.execute(delete(articles).where(*same))
    return True


def kin(connection: Connection, site: int, numbers: Sequence[int]) -> list[int]:
    """Other articles of the stories of these, those that are marked with them, and those that they are marked with."""
    found: set[int] = set()
    for part in parts(numbers):
        ours = (stories.c.site == site, stories.c.number.in_(part))
        own = connection.execute(select(stories.c.story, stories.c.of).where(*ours)).all()
        told = [row.story for row in own]
        same = select(stories.c.number).where(stories.c.site == site, stories.c.story.in_(told))
        marked = select(stories.c.number).where(stories.c.site == site, stories.c.of.in_(part))
        found |= {row.of for row in own if row.of is not None}
        found |= {*connection.execute(same).scalars(), *connection.execute(marked).scalars()}
    gone = markers(connection, site, found)
    return sorted(found - set(numbers) - gone.keys())


def expired(connection: Connection, site: int, below: int, before: int) -> list[int]:
    """Articles of the output that were published before a time (seconds since 1970). `below`: a number that none of them reaches, by its day: one
    is created before it is published. Of one that was never compared the day alone is known."""
    is_gone = select(forgotten.c.number).where(forgotten.c.site == site, forgotten.c.number == articles.c.number)
    placed = (stories.c.site == articles.c.site) & (stories.c.number == articles.c.number)
    query = (
        select(articles.c.number)
        .outerjoin(stories, placed)
        .where(articles.c.site == site, articles.c.number < below, ~is_gone.exists())
        .where(stories.c.at.is_(None) | (stories.c.at < before))
        .order_by(articles.c.number)
    )
    return list(connection.execute(query).scalars())


def take_turn(database: Database, connection: Connection, site: int, now: int, every: int) -> bool:
    """Whether this machine's last removal by age was longer ago than `every` seconds; it is noted as made now (seconds since 1970)."""
    name = f"expired {site} {database.node}".rstrip()
    last = int(connection.execute(select(facts.c.value).where(facts.c.name == name)).scalar() or 0)
    if last <= now < last + every:
        return False
    statement = database.insert(facts).values(name=name, value=str(now))
    connection.execute(statement.on_conflict_do_update(index_elements=["name"], set_={"value": str(now)}))
    return True


# Files


def resize_feed(database: Database, connection: Connection, paths: Iterable[str], size: int) -> None:
    """A feed of this machine, by its path as the state may have it, is to be read so far: what it promises is no more."""
    ours = _our_feed(database, paths)
    connection.execute(update(feeds).where(*ours, feeds.c.size > size).values(size=size))


def drop_feed(database: Database, connection: Connection, paths: Iterable[str]) -> None:
    """A feed of this machine of which nothing is left, by its path as the state may have it. All that it promised is written."""
    connection.execute(delete(feeds).where(*_our_feed(database, paths)))


def _our_feed(database: Database, paths: Iterable[str]) -> tuple[ColumnElement[bool], ...]:
    ours = select(runs.c.id).where(runs.c.node == database.node)
    return (feeds.c.path.in_(list(paths)), feeds.c.run.in_(ours))


def archive_sizes(database: Database, connection: Connection, site: int) -> dict[Path, int]:
    """How many bytes of each archive of a site count."""
    ours = (runs.c.site == site, runs.c.node == database.node)
    query = select(archives.c.path, archives.c.size).join(runs, runs.c.id == archives.c.run).where(*ours)
    return {(database.folder / path).resolve(): size for path, size in connection.execute(query)}


def old_archives(database: Database, connection: Connection, site: int, before: int) -> list[tuple[int, str]]:
    """Row and path of each archive of this machine whose run had ended by a time (seconds since 1970)."""
    query = select(archives.c.id, archives.c.path).join(runs, runs.c.id == archives.c.run)
    old = (runs.c.site == site, runs.c.node == database.node, runs.c.ended_at < before)
    return [(row, path) for row, path in connection.execute(query.where(*old).order_by(archives.c.id))]


def drop_archive(connection: Connection, row: int) -> None:
    """An archive that is no more."""
    connection.execute(delete(archives).where(archives.c.id == row))


def note_export(database: Database, connection: Connection, path: str, form: str, now: int) -> None:
    """An output was made outside of the data folder. `path`: absolute; `now`: seconds since 1970."""
    values = {"node": database.node, "path": path, "form": form, "made_at": now}
    statement = database.insert(exports).values(values)
    connection.execute(statement.on_conflict_do_update(index_elements=["node", "path"], set_=values))


def noted_exports(database: Database, connection: Connection) -> list[tuple[str, str]]:
    """Path and form of each output of this machine that was noted, in the order of their paths."""
    query = select(exports.c.path, exports.c.form).where(exports.c.node == database.node).order_by(exports.c.path)
    return [(path, form) for path, form in connection.execute(query)]


def turn(connection: Connection) -> tuple[int, int, int]:
    """What changes whenever articles are removed or their removal is finished, of any site."""
    columns = (func.count(), func.max(forgotten.c.asked_at), func.count(forgotten.c.done_at))
    count, last, done = connection.execute(select(*columns)).one()
    return count, last or 0, done


def is_rewriting(database: Database) -> bool:
    """Whether `scrapy forget` is at work on the files of this state."""
    lock = rewriting_lock(database)
    return lock is not None and is_held(lock)
