"""The feeds of a site: where they lie, in which order, and how much of each is read."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from sqlalchemy import ColumnElement, func, select

from newscrawl.state import Database
from newscrawl.state.runs import SIGNS, is_alive
from newscrawl.state.schema import feeds, runs, sites

ENDINGS = (".jsonl", ".jsonl.gz", ".jsonl.zst")


@dataclass(frozen=True, slots=True)
class Feed:
    """A file of lines, of which the first `size` bytes are read: what comes later was not there when the reading began. `grows`: a run writes
    it, and its last line may not be whole yet."""

    path: Path
    size: int
    grows: bool = False


@dataclass(slots=True)
class Feeds:
    """The feeds of a site in their order. `troubles`: what the state promises and nobody can read now, a line each. `state`: its file."""

    found: list[Feed] = field(default_factory=list)
    troubles: list[str] = field(default_factory=list)
    state: Path | None = None

    @property
    def own(self) -> list[Path]:
        """The files that nothing else may take the place of."""
        return [*(feed.path for feed in self.found), *([self.state] if self.state else [])]

    @property
    def size(self) -> int:
        """Bytes."""
        return sum(feed.size for feed in self.found)


@dataclass(frozen=True, slots=True)
class _Promised:
    path: Path
    size: int
    grows: bool


def find_feeds(folder: Path, database: Database | None, site: str, run: int | None = None) -> Feeds:
    """Those that the state names, in the order in which they were begun, then others in the site's folder by name; of one run only its own,
    by the number that `scrapy runs` shows. Raises StateError.

    A feed that was compressed since (`….jsonl.gz`, `….jsonl.zst`) is taken in the place of the one that the state names.
    """
    result = Feeds(state=database.path if database else None)
    if database and database.shared:
        result.troubles += _elsewhere(database, site, run)
    for one in _promised(database, site, run) if database else []:
        path = next((path for path in _spellings(one.path) if path.is_file()), None)
        if path is None:
            result.troubles.append(f"{one.path} is gone: what it held is missing here")
            continue
        feed = Feed(path, path.stat().st_size, one.grows)
        result.found.append(feed)
        if path == one.path and feed.size < one.size and not one.grows:
            result.troubles.append(
                f"{path} lacks {one.size - feed.size:,} bytes that were promised: the next scrapy crawl writes them"
            )
    if run is not None:
        return result
    known = {feed.path.resolve() for feed in result.found}
    others = sorted(path for path in _in_folder(folder) if path.resolve() not in known)
    result.found += [Feed(path, path.stat().st_size) for path in others]
    return result


def _promised(database: Database, site: str, run: int | None) -> list[_Promised]:
    query = (
        select(feeds.c.path, feeds.c.size, runs.c.ended_at, *SIGNS)
        .join(runs, runs.c.id == feeds.c.run)
        .join(sites, sites.c.id == runs.c.site)
        .where(sites.c.name == site, runs.c.node == database.node, *_of_run(run))
        .order_by(feeds.c.id)
    )
    with database.reading() as connection:
        return [
            _Promised(
                database.folder / row.path, row.size, row.ended_at is None and is_alive(database, connection, row)
            )
            for row in connection.execute(query).all()
        ]


def _elsewhere(database: Database, site: str, run: int | None) -> list[str]:
    """The feeds of other machines: how many of which host."""
    query = (
        select(runs.c.host, func.count())
        .join(feeds, feeds.c.run == runs.c.id)
        .join(sites, sites.c.id == runs.c.site)
        .where(sites.c.name == site, runs.c.node != database.node, *_of_run(run))
        .group_by(runs.c.host)
        .order_by(runs.c.host)
    )
    with database.reading() as connection:
        rows = connection.execute(query).all()
    return [f"{count:,} feeds of {host} lie there: what they hold is missing here" for host, count in rows]


def _of_run(run: int | None) -> tuple[ColumnElement[bool], ...]:
    return (runs.c.id == run,) if run is not None else ()


def _spellings(path: Path) -> Iterator[Path]:
    yield path
    for ending in (".gz", ".zst"):
        yield path.with_name(path.name + ending)


def _in_folder(folder: Path) -> Iterator[Path]:
    if folder.is_dir():
        yield from (path for path in folder.iterdir() if path.name.endswith(ENDINGS) and path.is_file())
