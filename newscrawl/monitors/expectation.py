"""What is usual for a time like that of a run: sums over several windows that end with it, and the same windows of the last weeks."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from newscrawl.monitors.past import ENOUGH, Past
from newscrawl.monitors.readings import DAY, RUNS, Key
from newscrawl.monitors.statistics import median, so_few, spread

HOUR = 3600.0
WEEK = 7 * DAY
# Beside the run itself: one of ten minutes holds too few articles to tell half of them from chance, and a day's runs together do not.
_WINDOWS = (HOUR, 6 * HOUR, DAY)
_LONGER = 1.5  # times the last window, at least: a window that is hardly longer says nothing new
_COVERED = 0.8  # of a window must be covered by runs
_COVERED_THEN = 0.5  # of a window of the past: the rest is made up for
_WHOLE = 0.5  # runs: of a nightly run nobody knows which of its articles came in an hour
# How much the mean of an hour, six hours, a day or more differs from week to week at the least (standard deviation over mean). Five weeks
# are too few to find it less than that: their MAD is often near 0 by chance. A single story makes an hour; hardly anything makes a day.
_VARIES = ((HOUR, 0.3), (6 * HOUR, 0.2), (float("inf"), 0.12))
ALARMS = 1e-4
"""False ones that a series of figures may raise in a week, by each length of windows, were runs independent of each other. They overlap,
and a wire has some twenty series: benchmarks/monitors.py counts what comes of it."""
_NEWEST = 0.25  # the part of a window that must be bad too: what is past is no trouble of this run
_BAD = 0.01  # the probability of the newest part, which need not be proof by itself


@dataclass(frozen=True, slots=True)
class Window:
    """What was found in a time that ends with a run, and in the same time of the last weeks (a row a week). `covered`: seconds."""

    past: Past
    since: float
    until: float
    found: NDArray[Any]
    then: NDArray[Any]

    @property
    def length(self) -> float:
        """In seconds."""
        return self.until - self.since

    @property
    def covered(self) -> float:
        """Seconds of it for which runs stand."""
        return float(self.found[0])

    def count(self, key: Key) -> float:
        """What was found in it."""
        return _of(self.found, self.past.columns.get(key))

    def usual(self, key: Key) -> list[float]:
        """What was found in the same time of each of the last weeks, as if those had been covered as this one is."""
        column = self.past.columns.get(key)
        if column is None:
            return [0.0] * len(self.then)
        return [row[column] / row[0] * self.covered for row in self.then]

    def probability(self, mean: float, values: Sequence[float], count: float, varies: float = 1.0) -> float:
        """That of so few where `mean` are expected. `values`: of the weeks that it comes from; `varies`: times as much as all articles do."""
        least = varies * next(relative for longest, relative in _VARIES if self.length <= longest)
        centre = median(values)
        excess = max(0.0, spread(values) ** 2 - centre) / centre**2 if centre else 0.0
        # The median of n values is not the mean itself: its variance is pi/2 of the mean's (Kenney and Keeping 1962).
        unsure = 1.57 / (len(values) * max(centre * max(1.0, HOUR / self.length), 1.0))
        return so_few(count, mean, (max(least**2, excess) + unsure) ** 0.5)

    def allowed(self) -> float:
        """The probability below which a count is no chance."""
        return ALARMS * min(1.0, self.length / WEEK)

    def newest(self) -> Window | None:
        """Its last part; None where that is no more than the run itself."""
        length = self.length * _NEWEST
        return _window(self.past, self.until - length, self.until, HOUR) if length >= _span(self.past) else None

    def lasts(self, key: Key, part: float = 1.0, varies: float = 1.0) -> bool:
        """Whether its newest part lacks articles too. `part`: of what is usual is expected."""
        newest = self.newest()
        if newest is None or len(newest.then) < ENOUGH:
            return True
        values = newest.usual(key)
        return newest.probability(median(values) * part, values, newest.count(key), varies) < _BAD


def _of(row: NDArray[Any], column: int | None) -> float:
    return float(row[column]) if column is not None else 0.0


def _span(past: Past) -> float:
    spell = past.spell
    return spell.until - (spell.until if spell.since is None else spell.since)


def windows(past: Past, *, widen: float = HOUR) -> Iterator[Window]:
    """The time that the run covers, and longer ones that end with it, as far as they are covered and there are enough of the same to
    compare with. `widen`: seconds; the same windows of the past are at least so long, around the same middle."""
    span, until = _span(past), past.spell.until
    if span <= 0:
        return
    last = 0.0
    for length in (span, *(length for length in _WINDOWS if length >= _LONGER * span)):
        if length >= _LONGER * last:
            last = length
            window = _window(past, until - length, until, widen)
            if window.covered >= _COVERED * length and len(window.then) >= ENOUGH:
                yield window


def _window(past: Past, since: float, until: float, widen: float) -> Window:
    wider = max(0.0, widen - (until - since)) / 2
    rows = [
        past.between(since - shift - wider, min(until - shift + wider, since)) for shift in past.shifts(since, until)
    ]
    enough, runs = _COVERED_THEN * (until - since + 2 * wider), past.columns[RUNS]
    covered = [row for row in rows if row[0] >= enough and row[runs] >= _WHOLE]
    then = np.array(covered) if covered else np.zeros((0, len(past.columns) + 1))
    return Window(past, since, until, past.between(since, until), then)
