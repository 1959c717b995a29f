"""The site's own past as sums over time: what runs alike found between any two moments.

A run stands for the time from the beginning of the last run that ended well to its own: what it found came in that time, whatever the
runs' frequency. What runs found that did not end well is counted with the next that did.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

import numpy as np
from numpy.typing import NDArray

from newscrawl.monitors.calendar import coarse, day_of, kind_of
from newscrawl.monitors.finding import Figures, Limits
from newscrawl.monitors.readings import DAY, USUAL_AGE, Key, age, asked, readings, seconds, started, well_ended
from newscrawl.monitors.together import together

WEEKS = 5
"""How far back a run of any frequency up to weekly is compared: an odd number, so that the median is one of them."""
ENOUGH = 3
"""Windows of the past that are needed: the median of three bears one that was bad."""
_MOST_SHIFTS = 12  # windows longer than a week: the last twelve


@dataclass(frozen=True, slots=True)
class Spell:
    """The time that a run covers, and what it found. `since` is None where that is not known."""

    since: float | None
    until: float
    found: dict[Key, float]


@dataclass(frozen=True, slots=True, eq=False)
class Past:
    """All runs that are like one, that one among them, the oldest first. `last`: its place; nothing after it is looked at."""

    runs: Sequence[Figures]
    spells: Sequence[Spell]
    last: int
    _begun: Sequence[float]
    columns: dict[Key, int]
    _times: Sequence[float]  # at which a spell begins or ends
    _sums: NDArray[Any]  # up to that time, a column a key; the first column: seconds that are covered
    holidays: frozenset[date]
    _kinds: dict[int, int]  # of days, in days since 1970: a calendar costs

    @classmethod
    def of(cls, figures: Figures, history: Sequence[Figures], limits: Limits) -> Past:
        """The past of a run. `history`: runs of the site, the oldest first, with or without the run itself at the end. Runs of several machines
        that shared their work are one."""
        like = asked(figures)
        usable = [run for run in history if _is_usable(run) and asked(run) == like]
        if not usable or usable[-1] is not figures:
            usable = sorted([*usable, figures], key=started)  # another machine's may have begun later
        runs = together(usable)
        spells = list(_spells(runs))
        columns = {key: place for place, key in enumerate(sorted({key for spell in spells for key in spell.found}), 1)}
        times, sums = _sums(list(_settled(runs, spells)), columns)
        begun = [started(run) for run in runs]
        return cls(runs, spells, len(runs) - 1, begun, columns, times, sums, limits.holidays, {})

    def at(self, place: int) -> Past:
        """The same at an earlier run: as if the later ones had not been."""
        return replace(self, last=place)

    @property
    def figures(self) -> Figures:
        """The run itself."""
        return self.runs[self.last]

    @property
    def spell(self) -> Spell:
        """What it covers."""
        return self.spells[self.last]

    def between(self, since: float, until: float) -> NDArray[Any]:
        """What was found in this time: a number for each column."""
        found: NDArray[Any] = self._until(until) - self._until(since)
        return found

    def _until(self, moment: float) -> NDArray[Any]:
        moment = max(moment, self._times[0])
        place = bisect_right(self._times, moment) - 1
        row: NDArray[Any] = self._sums[place]
        if place + 1 < len(self._times):
            part = (moment - self._times[place]) / (self._times[place + 1] - self._times[place])
            row = row + part * (self._sums[place + 1] - row)
        return row

    def shifts(self, since: float, until: float) -> list[float]:
        """How many seconds ago there were times like this: the same days of the week at the same hour, in the last weeks; where those are
        fewer than ENOUGH, any working days for a working day. Empty when there are fewer still."""
        length = until - since
        if length > 1.5 * DAY:  # a daily run is never a day after the last to the second
            step = 7 * DAY * -(-length // (7 * DAY))
            return [step * times for times in range(1, _MOST_SHIFTS + 1) if since - step * times >= self._times[0]]
        days = [
            float(days * DAY) for days in range(1, WEEKS * 7 + 1) if since - days * DAY >= self._times[0] - length / 2
        ]
        here = self._days(since, until)
        exact = [shift for shift in days if self._days(since - shift, until - shift) == here]
        if len(exact) >= ENOUGH:
            return exact
        alike = [coarse(kind) for kind in here]
        near = [s for s in days if [coarse(kind) for kind in self._days(since - s, until - s)] == alike]
        return near if len(near) >= ENOUGH else []

    def _days(self, since: float, until: float) -> tuple[int, int]:
        return self._kind(since), self._kind(until - 1)

    def _kind(self, moment: float) -> int:
        number = int((moment + 9 * 3600) // DAY)
        if number not in self._kinds:
            self._kinds[number] = kind_of(day_of(moment), self.holidays)
        return self._kinds[number]

    def begun(self, since: float, until: float) -> list[Figures]:
        """The runs before this one that began in this time, and ended well."""
        low, high = (bisect_left(self._begun, moment, hi=self.last) for moment in (since, until))
        return [run for run in self.runs[low:high] if well_ended(run)]

    def before(self, most: int) -> Iterator[Figures]:
        """The runs before this one that ended well, the latest first, at most so many."""
        place = self.last
        while place and most:
            place -= 1
            if well_ended(self.runs[place]):
                most -= 1
                yield self.runs[place]


def _is_usable(run: Figures) -> bool:
    """Whether it has figures; one that died has none, and what it took comes in no other."""
    return bool(run.get("started_at")) and run.get("records") is not None


def _spells(runs: Sequence[Figures]) -> Iterator[Spell]:
    """Each run's spell. What a run that did not end well covers, the next that did covers too."""
    reached = _before_the_first(runs)
    for run in runs:
        begun = started(run)
        if run.get("kind") == "latest":
            back = None if (run.get("arguments") or {}).get("until") else age(run, begun)
            yield Spell(None if back is None else max(reached, begun - back), begun, readings(run))
            reached = begun if well_ended(run) else reached
        else:
            ended = seconds(run["ended_at"]) if run.get("ended_at") else begun
            yield Spell(begun if run.get("kind") == "watch" else None, max(ended, begun), readings(run))


def _before_the_first(runs: Sequence[Figures]) -> float:
    """When the run before the first that is known began: as long before it as the second did after it."""
    begun = [started(run) for run in runs[:2]]
    return begun[0] - (begun[1] - begun[0] if len(begun) > 1 else USUAL_AGE)


def _settled(runs: Sequence[Figures], spells: Sequence[Spell]) -> Iterator[Spell]:
    """The spells without those that a later one covers too, whose runs stand for no time: what such a run found is the next one's. The last
    run stands for its own time, however it ended."""
    waiting: dict[Key, float] = {}
    for run, spell in zip(runs, spells, strict=True):
        found = {key: spell.found.get(key, 0) + waiting.get(key, 0) for key in spell.found | waiting}
        if run.get("kind") == "latest" and not well_ended(run) and run is not runs[-1]:
            waiting = found
        else:
            yield replace(spell, found=found)
            waiting = {}


def _sums(spells: Sequence[Spell], columns: dict[Key, int]) -> tuple[list[float], NDArray[Any]]:
    """The times at which spells begin and end, in order, each once, and all that was found until then."""
    times, rows = [_start(spells[0]) - 1], [np.zeros(len(columns) + 1)]
    for spell in spells:
        since, until = max(_start(spell), times[-1]), max(spell.until, times[-1] + 0.001)
        if since > times[-1]:
            times.append(since)
            rows.append(rows[-1])
        row = rows[-1].copy()
        row[0] += until - since
        for key, count in spell.found.items():
            row[columns[key]] += count
        times.append(until)
        rows.append(row)
    return times, np.array(rows)


def _start(spell: Spell) -> float:
    return spell.until - 1 if spell.since is None else spell.since
