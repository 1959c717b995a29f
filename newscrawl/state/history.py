"""The history of a site's runs in little memory: of the five weeks of a run every ten minutes some parts are wanted of each, and most are alike."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import orjson
from sqlalchemy import select

from newscrawl.state.database import Database
from newscrawl.state.reports import Figures, unpacked
from newscrawl.state.schema import reports, runs, sites

_SPAN = 36 * 86_400  # seconds: five weeks, and a day for the time that the first run covers
_LATEST = 12  # runs, however long ago
_WHOLE = 60  # runs: those that a page shows
# What monitors hold a run against (monitors/past.py and its neighbours); of older runs nothing else is asked.
ASKED = frozenset(
    (
        *("id", "kind", "arguments", "node", "started_at", "ended_at", "seconds", "reason", "records", "articles"),
        *("timeline", "fields", "ways", "lateness", "pages", "dropped", "duplicates", "failures", "unreadable"),
        *("disk", "sources", "settings"),
    )
)


def history(database: Database, site: str, kind: str, before: int) -> list[Figures]:
    """Of the runs of a kind that ended, and the parts of watches, that began before a time (seconds since 1970): those of the last five weeks,
    and the latest twelve; the oldest first. They name no addresses but those of sources, and their timelines have sums by section. What is
    alike in several is one object: it is only to be read. Raises StateError."""
    asked = (
        select(reports.c.brief)
        .join(runs, runs.c.id == reports.c.run)
        .join(sites, sites.c.id == runs.c.site)
        .where(sites.c.name == site, reports.c.kind == kind, reports.c.started_at < before)
        .order_by(reports.c.started_at.desc(), reports.c.run.desc(), reports.c.part.desc())
    )
    with database.reading() as connection:
        found = _thinned(connection.execute(asked.where(reports.c.started_at >= before - _SPAN)).scalars())
        if len(found) < _LATEST:
            found = _thinned(connection.execute(asked.limit(_LATEST)).scalars())
    return found[::-1]


def _thinned(briefs: Iterable[bytes]) -> list[Figures]:
    """Of the latest first."""
    known: dict[str, Any] = {}
    return [_thin(unpacked(brief), place, known) for place, brief in enumerate(briefs)]


def _thin(figures: Figures, place: int, known: dict[str, Any]) -> Figures:
    """What is wanted of a run, the latest being at place 0. `known`: what others say, by its JSON."""
    names = figures if place < _WHOLE else ASKED & figures.keys()
    return {name: _shared(figures[name], known) for name in names}


def _shared(value: Any, known: dict[str, Any]) -> Any:
    """The same, its parts and itself as one object with what is equal: a run of ten minutes has few figures that no other has."""
    if isinstance(value, dict):
        value = {name: _shared(part, known) for name, part in value.items()}
    elif isinstance(value, list):
        value = [_shared(part, known) for part in value]
    else:
        return value
    # As a str: what orjson gives keeps kilobytes of its buffer alive.
    return known.setdefault(orjson.dumps(value).decode(), value)
