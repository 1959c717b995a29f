"""The figures of runs that ended: for reports, and as the history against which a new run is judged."""

from __future__ import annotations

from typing import Any

import orjson
import zstandard
from sqlalchemy import delete, func, insert, select

from newscrawl.state.database import Database, StateError
from newscrawl.state.schema import reports, runs, sites
from newscrawl.state.seen import parts

Figures = dict[str, Any]
"""Those of one run, as `docs/reports.md` names them."""

_HISTORY = 36 * 86_400  # seconds: five weeks, and a day for the time that the first run covers
_LATEST = 12  # runs, however long ago
# Of the history, in which only counts matter.
_LEFT_OUT = ("cleaned", "host", "monitors", "process", "skipped", "stories")

_compressor, _decompressor = zstandard.ZstdCompressor(level=6), zstandard.ZstdDecompressor()


def keep(database: Database, run: int, figures: Figures, forget_before: int) -> None:
    """Keep the figures of a run, also a second time; those of runs that began before a time (seconds since 1970) go. Raises StateError."""
    with database.transaction() as connection:
        connection.execute(delete(reports).where(reports.c.run == run))
        packed = {"brief": _packed(_brief(figures)), "figures": _packed(figures)}
        connection.execute(insert(reports).values(run=run, kind=figures["kind"], **packed))
        old = select(runs.c.id).where(runs.c.started_at < forget_before)
        connection.execute(delete(reports).where(reports.c.run.in_(old)))


def figures_of(database: Database, run: int) -> Figures | None:
    """All figures of a run; None for one that died, goes on, or began longer ago than they are kept. Raises StateError."""
    with database.reading() as connection:
        found = connection.execute(select(reports.c.figures).where(reports.c.run == run)).scalar()
    return _unpacked(found) if found is not None else None


def latest(database: Database) -> list[Figures]:
    """Of the latest run of each site and kind that ended. Raises StateError."""
    last = select(func.max(runs.c.id)).join(reports, reports.c.run == runs.c.id).group_by(runs.c.site, reports.c.kind)
    with database.reading() as connection:
        found = connection.execute(select(reports.c.figures).where(reports.c.run.in_(last)).order_by(reports.c.run))
        return [_unpacked(packed) for packed in found.scalars()]


def last_start(database: Database, site: int, kind: str) -> int | None:
    """When the last run of a kind began that came to its end (seconds since 1970); None when there is none. Raises StateError."""
    query = (
        select(runs.c.started_at)
        .join(reports, reports.c.run == runs.c.id)
        .where(runs.c.site == site, reports.c.kind == kind, runs.c.reason == "finished")
    )
    with database.reading() as connection:
        return connection.execute(query.order_by(runs.c.started_at.desc()).limit(1)).scalar()


def history(database: Database, site: str, kind: str, before: int) -> list[Figures]:
    """Of the runs of a kind that ended and began before a time (seconds since 1970): those of the last five weeks, and the latest twelve; the
    oldest first. They name no addresses, and their timelines have sums by section. Raises StateError."""
    asked = (
        select(runs.c.id)
        .join(reports, reports.c.run == runs.c.id)
        .join(sites, sites.c.id == runs.c.site)
        .where(sites.c.name == site, reports.c.kind == kind, runs.c.started_at < before)
    )
    with database.reading() as connection:
        latest = connection.execute(asked.order_by(runs.c.started_at.desc()).limit(_LATEST)).scalars().all()
        weeks = connection.execute(asked.where(runs.c.started_at >= before - _HISTORY)).scalars().all()
        rows = [
            row
            for part in parts(sorted({*latest, *weeks}))
            for row in connection.execute(select(reports.c.run, reports.c.brief).where(reports.c.run.in_(part)))
        ]
    return [_unpacked(brief) for _, brief in sorted(rows, key=lambda row: row[0])]


def _brief(figures: Figures) -> Figures:
    """What of them is history: no lists of names."""
    found = {name: value for name, value in figures.items() if name not in _LEFT_OUT}
    sections: dict[str | None, int] = {}
    for row in figures["timeline"]["rows"]:
        sections[row["section"]] = sections.get(row["section"], 0) + row["articles"]
    rows = [{"at": None, "section": section, "articles": count} for section, count in sections.items()]
    found["timeline"] = {"unit": None, "rows": rows}
    for name in ("failures", "unreadable"):
        found[name] = {**figures[name], "named": []}
    return found


def _packed(figures: Figures) -> bytes:
    return _compressor.compress(orjson.dumps(figures))


def _unpacked(packed: bytes) -> Figures:
    try:
        found: Figures = orjson.loads(_decompressor.decompress(packed))
    except (zstandard.ZstdError, orjson.JSONDecodeError) as error:
        raise StateError(
            f"what the state keeps of an earlier run cannot be read ({error}): restore it from a backup"
        ) from error
    return found
