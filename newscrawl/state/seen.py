"""The articles that the output has. An article is here when its line is promised, never before."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection, bindparam, func, insert, select, union_all, update

from newscrawl.state.schema import articles, revisions

if TYPE_CHECKING:
    from newscrawl.duplicates import Placed
    from newscrawl.state.uncommitted import Considered

NO_HASH = bytes(16)
"""Of an article that was taken back: what has its words is no copy of it, for it may be the same article under another number."""
AT_ONCE = 500  # values of one statement; SQLite's oldest limit is 999


@dataclass(frozen=True, slots=True)
class Watch:
    """That an article is looked at again: from when its age is counted, and when first. Seconds since 1970."""

    since: int
    next_at: int


@dataclass(frozen=True, slots=True)
class Entry:
    """A line for the output: the article's number, the first sixteen bytes of its hash, the line; which revision it is, and the
    fields in which it differs from the one before; of a first one, whether it is looked at again; the validators (ETag, Last-Modified) that
    came with its text, None when none came anew; when it was published (seconds since 1970), and the way that found it; of a first one, where it
    stands among others; of a later one, where its line says that the article stands, and whether it says nothing else anew."""

    number: int
    hash: bytes
    line: bytes
    revision: int = 1
    changed: tuple[str, ...] = ()
    watch: Watch | None = None
    validators: tuple[str | None, str | None] | None = None
    published_at: float | None = None
    via: str = ""
    considered: Considered | None = None
    said: Placed | None = None
    restates: bool = False


def parts(values: Sequence[Any]) -> Iterable[Sequence[Any]]:
    """The values in parts that one statement can hold."""
    return (values[start : start + AT_ONCE] for start in range(0, len(values), AT_ONCE))


def numbers(connection: Connection, site: int, asked: Iterable[int]) -> set[int]:
    """Those of the numbers that the output has."""
    found: set[int] = set()
    for part in parts(list(asked)):
        query = select(articles.c.number).where(articles.c.site == site, articles.c.number.in_(part))
        found.update(connection.execute(query).scalars())
    return found


def rehash(connection: Connection, site: int, entries: Iterable[Entry]) -> None:
    """Articles that were taken back or came back: by their words others are, or are not, copies of them."""
    for entry in entries:
        for table in (articles, revisions):
            ours = (table.c.site == site, table.c.number == entry.number)
            connection.execute(update(table).where(*ours).values(hash=entry.hash))


def is_withdrawn(connection: Connection, site: int, number: int) -> bool:
    """Whether an article of the output was taken back."""
    query = select(articles.c.hash).where(articles.c.site == site, articles.c.number == number)
    return connection.execute(query).scalar() == NO_HASH


def _hashes(connection: Connection, site: int, asked: Sequence[bytes]) -> set[bytes]:
    """Those of the hashes that articles of the output have."""
    found: set[bytes] = set()
    for part in parts(asked):
        query = select(articles.c.hash).where(articles.c.site == site, articles.c.hash.in_(part))
        found.update(connection.execute(query).scalars())
    return found


_OURS = articles.c.site == bindparam("site")
SAME_AS = union_all(
    select(articles.c.number).where(_OURS, articles.c.number == bindparam("number")),
    select(func.min(articles.c.number)).where(_OURS, articles.c.hash == bindparam("hash")),
    select(func.min(revisions.c.number)).where(
        revisions.c.site == bindparam("site"), revisions.c.hash == bindparam("hash")
    ),
)
"""The article of the output with this number; the oldest with this hash, and that with a revision of this hash (NULL for none)."""


def add(connection: Connection, site: int, entries: Sequence[Entry], now: int, *, copies: bool = False) -> list[Entry]:
    """Note articles as seen. The entries whose lines may be written: not those with which, or (unless `copies` are wanted) with a copy of which,
    another run was faster."""
    known = numbers(connection, site, [entry.number for entry in entries])
    copied = set() if copies else _hashes(connection, site, [entry.hash for entry in entries])
    fresh = [entry for entry in entries if entry.number not in known and entry.hash not in copied]
    if fresh:
        rows = [{"site": site, "number": entry.number, "hash": entry.hash, "seen_at": now} for entry in fresh]
        connection.execute(insert(articles), rows)
    return fresh
