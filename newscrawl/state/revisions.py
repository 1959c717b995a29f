"""The articles that are looked at again, and the texts of their revisions.

A watched article has a row in `watched`, until its last look is over. The texts stay: others are compared with them, and what turns out later
about an article is said in a further revision.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import zstandard
from sqlalchemy import Connection, and_, bindparam, delete, func, insert, or_, select, update

from newscrawl.state.database import Database
from newscrawl.state.schema import revisions, watched
from newscrawl.state.seen import Entry

_compressor, _decompressor = zstandard.ZstdCompressor(level=3), zstandard.ZstdDecompressor()


TRIES = 5  # of a look that fails, before it is given up
_NEXT_TRY = 3600  # seconds


@dataclass(frozen=True, slots=True)
class Due:
    """An article whose next look is due. `at`: when it was to be, `since`: from which its age is counted, in seconds since 1970."""

    number: int
    at: int
    since: int


@dataclass(frozen=True, slots=True)
class Looked:
    """What a look at an article found, but for a revision: the validators (ETag, Last-Modified) that came with its text, None when
    none came anew; when it was first found gone, None while it is there; the latest time for the next look. Times are seconds since
    1970."""

    number: int
    validators: tuple[str | None, str | None] | None = None
    absent_since: int | None = None
    not_after: int | None = None


@dataclass(frozen=True, slots=True)
class Kept:
    """A revision that the state keeps. `seen_at`: seconds since 1970; `record`: the line of the output."""

    revision: int
    seen_at: int
    changed: tuple[str, ...]
    record: bytes


LATEST = (
    select(revisions.c.revision, revisions.c.record, watched.c.absent_since)
    .outerjoin(watched, and_(watched.c.site == revisions.c.site, watched.c.number == revisions.c.number))
    .where(revisions.c.site == bindparam("site"), revisions.c.number == bindparam("number"))
    .order_by(revisions.c.revision.desc())
    .limit(1)
)
"""The last revision of an article: which, its compressed record, since when the article is gone."""


def unpacked(record: bytes) -> bytes:
    """The line of a compressed record."""
    return _decompressor.decompress(record)


def watch(connection: Connection, site: int, entries: Iterable[Entry]) -> None:
    """Look at these new articles again, those that have a time for it."""
    rows = [
        {
            "site": site,
            "number": entry.number,
            "since": entry.watch.since,
            "next_at": entry.watch.next_at,
            **_validators(entry.validators or (None, None)),
        }
        for entry in entries
        if entry.watch
    ]
    if rows:
        connection.execute(insert(watched), rows)


def _validators(given: tuple[str | None, str | None]) -> dict[str, str | None]:
    return dict(zip(("etag", "last_modified"), given, strict=True))


def keep(connection: Connection, site: int, entries: Iterable[Entry], now: int) -> None:
    """Keep the texts of revisions. `now`: seconds since 1970."""
    rows = [
        {
            "site": site,
            "number": entry.number,
            "revision": entry.revision,
            "hash": entry.hash,
            "seen_at": now,
            "changed": ",".join(entry.changed),
            "record": _compressor.compress(entry.line),
        }
        for entry in entries
    ]
    if rows:
        connection.execute(insert(revisions), rows)


def fresh(connection: Connection, site: int, entries: Iterable[Entry]) -> list[Entry]:
    """Those of the later revisions that no other run was faster with."""
    ours = (revisions.c.site == site, revisions.c.number == bindparam("number"))
    latest = select(func.max(revisions.c.revision)).where(*ours)
    return [
        entry
        for entry in entries
        if connection.execute(latest, {"number": entry.number}).scalar() == entry.revision - 1
    ]


def due(connection: Connection, site: int, now: int, limit: int) -> list[Due]:
    """The articles whose next look is due, those first that wait longest; last those that a look found gone: by then it is known
    whether others are there."""
    columns = (watched.c.number, watched.c.next_at, watched.c.since)
    query = (
        select(*columns)
        .where(watched.c.site == site, watched.c.next_at <= now)
        .order_by(watched.c.absent_since.is_not(None), watched.c.next_at)
        .limit(limit)
    )
    return [Due(*row) for row in connection.execute(query)]


def validators(connection: Connection, site: int, number: int) -> tuple[str | None, str | None]:
    """The ETag and Last-Modified that came with the text that we have. None for the last look: it asks for the text itself, in case
    the site's validators do not change with it."""
    columns = (watched.c.etag, watched.c.last_modified)
    ours = (watched.c.site == site, watched.c.number == number, watched.c.next_at.is_not(None))
    found = connection.execute(select(*columns).where(*ours)).one_or_none()
    return (found[0], found[1]) if found else (None, None)


def failed(connection: Connection, site: int, looks: Mapping[int, int], now: int) -> None:
    """Try looks that failed again in an hour from now; after so many tries (`looks`: of each article), go on to the next age, or give up."""
    for number, tries in looks.items():
        if tries < TRIES:
            _look_by(connection, site, number, now + _NEXT_TRY)
        else:
            _end(connection, site, number)


def take(connection: Connection, site: int, taken: Mapping[int, tuple[int, int | None]]) -> None:
    """Looks that are with the frontier now: by number, when each was due, and when the one after it will be (None: it is the last)."""
    if not taken:
        return
    statement = update(watched).where(
        watched.c.site == site, watched.c.number == bindparam("which"), watched.c.next_at == bindparam("due")
    )
    rows = [{"which": number, "due": at, "following": following} for number, (at, following) in taken.items()]
    connection.execute(statement.values(next_at=bindparam("following")), rows)


def looked(connection: Connection, site: int, looks: Iterable[Looked]) -> None:
    """Note what looks found; an article whose last look is over is watched no more."""
    for look in looks:
        ours = and_(watched.c.site == site, watched.c.number == look.number)
        values: dict[str, object] = {"absent_since": look.absent_since}
        if look.validators:
            values |= _validators(look.validators)
        connection.execute(update(watched).where(ours).values(values))
        if look.not_after is not None:
            _look_by(connection, site, look.number, look.not_after)
        _end(connection, site, look.number)


def _look_by(connection: Connection, site: int, number: int, at: int) -> None:
    """See to it that an article's next look is not later than this."""
    later = or_(watched.c.next_at.is_(None), watched.c.next_at > at)
    ours = (watched.c.site == site, watched.c.number == number)
    connection.execute(update(watched).where(*ours, later).values(next_at=at))


def _end(connection: Connection, site: int, number: int) -> None:
    """Watch an article no more if its last look is over."""
    ours = (watched.c.site == site, watched.c.number == number, watched.c.next_at.is_(None))
    connection.execute(delete(watched).where(*ours))


def history(database: Database, site: int, number: int) -> list[Kept]:
    """The revisions of an article, in order; none for one that never changed and was watched no more when schema 4 came."""
    columns = (revisions.c.revision, revisions.c.seen_at, revisions.c.changed, revisions.c.record)
    query = (
        select(*columns).where(revisions.c.site == site, revisions.c.number == number).order_by(revisions.c.revision)
    )
    with database.reading() as connection:
        return [_kept(*row) for row in connection.execute(query)]


def latest(database: Database, site: int, limit: int) -> list[tuple[int, Kept]]:
    """The latest revisions after the first, of all articles, the newest first: the number of each article, and the revision."""
    columns = (revisions.c.number, revisions.c.revision, revisions.c.seen_at, revisions.c.changed, revisions.c.record)
    order = (revisions.c.seen_at.desc(), revisions.c.number.desc())
    query = select(*columns).where(revisions.c.site == site, revisions.c.revision > 1).order_by(*order).limit(limit)
    with database.reading() as connection:
        return [(number, _kept(*row)) for number, *row in connection.execute(query)]


def _kept(revision: int, seen_at: int, changed: str, record: bytes) -> Kept:
    return Kept(revision, seen_at, tuple(changed.split(",")) if changed else (), unpacked(record))


def next_look(database: Database, site: int, number: int) -> int | None:
    """When an article is looked at again, in seconds since 1970; None for never, and for one whose last look is under way."""
    with database.reading() as connection:
        query = select(watched.c.next_at).where(watched.c.site == site, watched.c.number == number)
        return connection.execute(query).scalar()
