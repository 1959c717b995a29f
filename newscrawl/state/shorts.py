"""Short texts by the hour of their publication, kept at hand: every article is held against all of the day before it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from typing import Any

import numpy as np
from sqlalchemy import bindparam, func, literal, select

from newscrawl.duplicates import PROBE, Shingles, hits_enough
from newscrawl.state.database import Database
from newscrawl.state.schema import stories

_HOUR = 3600  # seconds
_HOURS = 1500  # that are kept at hand, of some twenty short texts each: two megabytes
_DAYS = 32  # that are kept joined

_OURS = stories.c.site == bindparam("site")
_BETWEEN = stories.c.at.between(bindparam("first"), bindparam("last"))
_PROBES = select(stories.c.number, stories.c.at, func.substr(stories.c.sketch, 1, 4 * PROBE)).where(
    _OURS, stories.c.short == 1, _BETWEEN
)
# Both values of `short` are named: else the index by time would not be used.
_SKETCHES = select(stories.c.number, stories.c.at, stories.c.sketch).where(
    _OURS, stories.c.short.in_([literal(0), literal(1)]), _BETWEEN
)

Place = tuple[int, int]
"""When an article was published (seconds since 1970), and its number."""


class _Sketches:
    """The shingles of articles, one after the other: which of them have enough of some others is one look through them."""

    def __init__(self, rows: Sequence[Sequence[Any]]) -> None:
        """From rows of the state: number, time, shingles (NULL for none: of so few letters, SQLite's substr gives that)."""
        sketches = [row[2] or b"" for row in rows]
        self._places = [(row[1], row[0]) for row in rows]
        self._sizes = np.array([len(one) // 4 for one in sketches], dtype=np.int64)
        self._shingles = np.frombuffer(b"".join(sketches), dtype="<u4")
        self._halves = self._shingles >> np.uint32(16)
        self._whose = np.repeat(np.arange(len(rows)), self._sizes)

    def with_hits(self, sought: Shingles, probes: int | None = None) -> list[Place]:
        """Those that have enough of some shingles. `probes`: how many there are to be hit, if not all of an article's."""
        if not len(sought):
            return []
        # Nearly all are told apart by their upper halves, in a table; to sort so many costs sixty times as much.
        among = np.zeros(1 << 16, dtype=np.bool_)
        among[sought >> np.uint32(16)] = True
        likely = np.flatnonzero(among[self._halves])
        values = self._shingles[likely]
        found = likely[sought.take(np.searchsorted(sought, values), mode="clip") == values]
        hits = np.bincount(self._whose[found], minlength=len(self._sizes))
        enough = np.flatnonzero(hits_enough(hits, self._sizes if probes is None else probes))
        return [self._places[one] for one in enough]


class Shorts:
    """The short texts of the state. What another process adds is seen after `forget`."""

    def __init__(self, database: Database) -> None:
        self._probes, self._sketches = database.prepared(_PROBES), database.prepared(_SKETCHES)
        self._site = 0
        self._hours: dict[int, list[Sequence[Any]]] = {}
        # The hours that were asked for lately, as one: the next articles ask for the same.
        self._days: dict[range, _Sketches] = {}

    def begin(self, site: int) -> None:
        """For which site."""
        self._site = site

    def add(self, number: int, at: int, sketch: bytes) -> None:
        """One more, as it was committed."""
        if at // _HOUR in self._hours:
            self._hours[at // _HOUR].append((number, at, sketch[: 4 * PROBE]))
            self._days.clear()

    def forget(self) -> None:
        """Some were added elsewhere."""
        self._hours.clear()
        self._days.clear()

    def held_by(self, sketch: Shingles, first: int, until: Place) -> set[int]:
        """The numbers of those published from a time on, before an article whose sketch leaves it open that it holds them. Raises StateError."""
        hours = range(first // _HOUR, until[0] // _HOUR + 1)
        if hours not in self._days:
            if len(self._days) >= _DAYS:
                self._days.clear()
            self._days[hours] = self._joined(hours)
        found = self._days[hours].with_hits(sketch)
        return {number for at, number in found if first <= at and (at, number) < until}

    def _joined(self, hours: range) -> _Sketches:
        if len(self._hours) > _HOURS:
            self._hours.clear()
        if missing := [hour for hour in hours if hour not in self._hours]:
            self._read(missing[0], missing[-1])
        return _Sketches([row for hour in hours for row in self._hours[hour]])

    def _read(self, first: int, last: int) -> None:
        """All from one hour to another, at once."""
        rows = defaultdict[int, list[Sequence[Any]]](list)
        for row in self._probes({"site": self._site, "first": first * _HOUR, "last": (last + 1) * _HOUR - 1}):
            rows[row[1] // _HOUR].append(row)
        self._hours |= {hour: rows[hour] for hour in range(first, last + 1)}

    def holding(self, sketch: Shingles, after: Place, last: int) -> set[int]:
        """The numbers of articles published after a short one, until a time, whose sketches leave it open that they hold it. Raises StateError."""
        probe = sketch[:PROBE]
        rows = _Sketches(self._sketches({"site": self._site, "first": after[0], "last": last}))
        return {number for at, number in rows.with_hits(probe, len(probe)) if (at, number) > after}
