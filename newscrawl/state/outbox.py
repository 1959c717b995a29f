"""Lines that are promised and perhaps not yet on the disk."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from sqlalchemy import Connection, delete, insert, select, update

from newscrawl.state.feed import restore
from newscrawl.state.schema import feeds, outbox, runs

Place = tuple[int, int]
"""A row of the outbox: the feed, and where in it the lines begin, in bytes."""


def new_feed(connection: Connection, run: int, path: Path, size: int, folder: Path) -> int:
    """Note a run's new feed, which has so many bytes already; its number. `folder`: the state's, which may be moved with its feeds."""
    values = {"run": run, "path": from_folder(path, folder), "size": size}
    return int(connection.execute(insert(feeds).values(values).returning(feeds.c.id)).scalar_one())


def from_folder(path: Path, folder: Path) -> str:
    """A path as the state keeps it: from its own folder, if it lies there."""
    place, state = path.resolve(), folder.resolve()
    return str(place.relative_to(state) if place.is_relative_to(state) else place)


def promise(connection: Connection, place: Place, data: bytes) -> None:
    """These lines will stand at this place, whatever happens."""
    feed, start = place
    connection.execute(insert(outbox).values(feed=feed, start=start, data=data))
    connection.execute(update(feeds).where(feeds.c.id == feed).values(size=start + len(data)))


def settle(connection: Connection, places: Iterable[Place]) -> None:
    """The lines of these places are on the disk."""
    for feed, start in places:
        connection.execute(delete(outbox).where(outbox.c.feed == feed, outbox.c.start == start))


def complete(connection: Connection, site: int, folder: Path, node: str) -> int:
    """Write again what ended runs promised and may not have on the disk; how many bytes were missing. Raises OSError.

    `folder`: the state's, from which the feeds' paths go; `node`: this machine, whose feeds they are.
    """
    owed = (
        select(outbox.c.feed, feeds.c.path, outbox.c.start, outbox.c.data)
        .join(feeds, feeds.c.id == outbox.c.feed)
        .join(runs, runs.c.id == feeds.c.run)
        .where(runs.c.site == site, runs.c.node == node, runs.c.ended_at.is_not(None))
        .order_by(outbox.c.feed, outbox.c.start)
    )
    by_feed: dict[tuple[int, str], list[tuple[int, bytes]]] = {}
    for feed, path, start, data in connection.execute(owed):
        by_feed.setdefault((feed, path), []).append((start, data))
    missing = 0
    for (feed, path), lines in by_feed.items():
        missing += restore(folder / path, lines)
        settle(connection, [(feed, start) for start, _ in lines])
    return missing
