"""The figures of runs that ended, and of the parts of watches: for reports, and in brief as history."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

import orjson
import zstandard
from sqlalchemy import Connection, delete, func, insert, select, update

from newscrawl.state.database import Database, StateError
from newscrawl.state.schema import reports, runs

Figures = dict[str, Any]
"""Those of one run or one part of a watch, as `docs/reports.md` names them."""

# Of the history, in which only counts matter.
_LEFT_OUT = ("cleaned", "host", "monitors", "process", "skipped", "stories")

_compressor, _decompressor = zstandard.ZstdCompressor(level=6), zstandard.ZstdDecompressor()


def keep(database: Database, figures: Figures, forget_before: int) -> None:
    """Keep figures, also a second time; those of what began before a time (seconds since 1970) go. Raises StateError."""
    run, part = figures["id"], figures["part"] or 1
    began = int(datetime.fromisoformat(figures["started_at"]).timestamp())
    about = {"run": run, "part": part, "kind": figures["kind"], "started_at": began}
    packed = {"brief": _packed(_brief(figures)), "figures": _packed(figures)}
    with database.transaction() as connection:
        connection.execute(delete(reports).where(reports.c.run == run, reports.c.part == part))
        connection.execute(insert(reports).values(**about, **packed))
        connection.execute(delete(reports).where(reports.c.started_at < forget_before))


def figures_of(database: Database, run: int) -> list[Figures]:
    """All figures of a run, of a watch those of each part in their order; none of one that died, goes on, or began longer ago than they are
    kept. Raises StateError."""
    query = select(reports.c.figures).where(reports.c.run == run).order_by(reports.c.part)
    with database.reading() as connection:
        return [unpacked(packed) for packed in connection.execute(query).scalars()]


def last_figures(database: Database, run: int) -> Figures | None:
    """Those of a run, of a watch those of its last part; None where there are none. Raises StateError."""
    query = select(reports.c.figures).where(reports.c.run == run).order_by(reports.c.part.desc()).limit(1)
    with database.reading() as connection:
        found = connection.execute(query).scalar()
    return unpacked(found) if found is not None else None


def latest(database: Database) -> list[Figures]:
    """Of the latest run of each site and kind that ended, of a watch its latest part. Raises StateError."""
    run, part = func.max(runs.c.id).label("run"), func.max(reports.c.part).label("part")
    last = select(run).join(reports, reports.c.run == runs.c.id).group_by(runs.c.site, reports.c.kind).subquery()
    parts = select(reports.c.run, part).where(reports.c.run.in_(select(last.c.run))).group_by(reports.c.run).subquery()
    query = select(reports.c.figures).join(parts, (parts.c.run == reports.c.run) & (parts.c.part == reports.c.part))
    with database.reading() as connection:
        return [unpacked(packed) for packed in connection.execute(query.order_by(reports.c.run)).scalars()]


def last_start(database: Database, site: int, kind: str) -> int | None:
    """When the last run of a kind began that came to its end (seconds since 1970); None when there is none. Raises StateError."""
    query = (
        select(runs.c.started_at)
        .join(reports, reports.c.run == runs.c.id)
        .where(runs.c.site == site, reports.c.kind == kind, runs.c.reason == "finished")
    )
    with database.reading() as connection:
        return connection.execute(query.order_by(runs.c.started_at.desc()).limit(1)).scalar()


def change(connection: Connection, site: int, how: Callable[[Figures], Figures], *, dry: bool = False) -> int:
    """Change figures that are kept, of all runs of a site: `how` gives the same object for what stays. How many changed, or would. Raises
    StateError."""
    query = select(reports.c.run, reports.c.part, reports.c.figures).join(runs, runs.c.id == reports.c.run)
    count = 0
    for run, part, packed in connection.execute(query.where(runs.c.site == site)).all():
        before = unpacked(packed)
        after = how(before)
        if after is before:
            continue
        count += 1
        if not dry:
            ours = (reports.c.run == run, reports.c.part == part)
            values = {"brief": _packed(_brief(after)), "figures": _packed(after)}
            connection.execute(update(reports).where(*ours).values(values))
    return count


def _brief(figures: Figures) -> Figures:
    """What of them is history: no lists of names, and of lateness what is said of all ways together."""
    found = {name: value for name, value in figures.items() if name not in _LEFT_OUT}
    sections: dict[str | None, int] = {}
    for row in figures["timeline"]["rows"]:
        sections[row["section"]] = sections.get(row["section"], 0) + row["articles"]
    rows = [{"at": None, "section": section, "articles": count} for section, count in sections.items()]
    found["timeline"] = {"unit": None, "rows": rows}
    found["lateness"] = {way: late for way, late in figures["lateness"].items() if way == "all"}
    for name in ("failures", "unreadable"):
        found[name] = {**figures[name], "named": []}
    return found


def _packed(figures: Figures) -> bytes:
    return _compressor.compress(orjson.dumps(figures))


def unpacked(packed: bytes) -> Figures:
    """Figures as they are kept. Raises StateError for what is damaged."""
    try:
        found: Figures = orjson.loads(_decompressor.decompress(packed))
    except (zstandard.ZstdError, orjson.JSONDecodeError) as error:
        raise StateError(
            f"what the state keeps of an earlier run cannot be read ({error}): restore it from a backup"
        ) from error
    return found
