"""Weeks of figures for tests, made once."""

from __future__ import annotations

import copy
from datetime import datetime, timedelta
from functools import cache

from benchmarks import _weeks
from newscrawl.monitors.calendar import KST

Figures = _weeks.Figures


@cache
def _made(every: int, seed: int) -> list[Figures]:
    return _weeks.runs(_weeks.Plan(every=every, seed=seed))


def history(every: int = 3_600, seed: int = 5) -> list[Figures]:
    """Six good weeks of runs, of which the last is the one to be judged. Not to be changed."""
    return _made(every, seed)


def at(day: int, hour: int, every: int = 3_600) -> int:
    """The place of the first run that begins at this hour, or after it, of a day of the last week; 0: Monday."""
    moment = datetime(2026, 11, 16, hour, tzinfo=KST) + timedelta(days=day)
    return next(
        place for place, run in enumerate(history(every)) if datetime.fromisoformat(run["started_at"]) >= moment
    )


def one(place: int, every: int = 3_600) -> tuple[Figures, list[Figures]]:
    """A run of the last week that may be changed, and those before it."""
    runs = history(every)
    return copy.deepcopy(runs[place]), runs[:place]
