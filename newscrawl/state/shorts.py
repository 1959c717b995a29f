"""Sketches by the hour of publication, kept at hand: of short texts, against which each article of the next day is held, and of all that may hold
one."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from sqlalchemy import bindparam, func, literal, select

from newscrawl.duplicates import PROBE, Place, Shingles, Sketches
from newscrawl.state.database import Database
from newscrawl.state.schema import stories

_HOUR = 3600  # seconds
_HOURS_OF_SHORTS = 1500  # that are kept at hand, of some twenty short texts each: two megabytes
_HOURS_OF_ALL = 72  # of some fifty articles each: three megabytes
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


class _Kept:
    """Sketches of the state by the hour, kept at hand."""

    def __init__(self, ask: Callable[[Mapping[str, Any]], Sequence[Sequence[Any]]], most: int) -> None:
        """`ask`: for the rows of a time; `most`: hours."""
        self._ask, self._most = ask, most
        self._hours: dict[int, list[Sequence[Any]]] = {}
        # The hours that were asked for lately, as one: the next articles ask for the same.
        self._days: dict[range, Sketches] = {}

    def add(self, number: int, at: int, sketch: bytes) -> None:
        """One more, as it was committed."""
        hour = at // _HOUR
        if hour in self._hours:
            self._hours[hour].append((number, at, sketch))
        for hours in [one for one in self._days if hour in one]:
            del self._days[hours]

    def forget(self) -> None:
        """Some were added elsewhere."""
        self._hours.clear()
        self._days.clear()

    def between(self, site: int, first: int, last: int) -> Sketches:
        """Those of all hours from one time to another, and so of a little more. Raises StateError."""
        hours = range(first // _HOUR, last // _HOUR + 1)
        if hours not in self._days:
            if len(self._days) >= _DAYS:
                self._days.clear()
            if len(self._hours) > self._most:
                self._hours.clear()
            if missing := [hour for hour in hours if hour not in self._hours]:
                self._read(site, missing[0], missing[-1])
            self._days[hours] = Sketches([row for hour in hours for row in self._hours[hour]])
        return self._days[hours]

    def _read(self, site: int, first: int, last: int) -> None:
        """All from one hour to another, at once."""
        rows = defaultdict[int, list[Sequence[Any]]](list)
        for row in self._ask({"site": site, "first": first * _HOUR, "last": (last + 1) * _HOUR - 1}):
            rows[row[1] // _HOUR].append(row)
        self._hours |= {hour: rows[hour] for hour in range(first, last + 1)}


class Shorts:
    """What short texts may be held by, and which are held. What another process adds is seen after `forget`."""

    def __init__(self, database: Database) -> None:
        self._shorts = _Kept(database.prepared(_PROBES), _HOURS_OF_SHORTS)
        self._all = _Kept(database.prepared(_SKETCHES), _HOURS_OF_ALL)
        self._site = 0

    def begin(self, site: int) -> None:
        """For which site."""
        self._site = site

    def add(self, number: int, at: int, sketch: bytes, *, short: bool) -> None:
        """One more article, as it was committed."""
        self._all.add(number, at, sketch)
        if short:
            self._shorts.add(number, at, sketch[: 4 * PROBE])

    def forget(self) -> None:
        """Some were added elsewhere."""
        self._shorts.forget()
        self._all.forget()

    def held_by(self, sketch: Shingles, first: int, until: Place) -> set[int]:
        """The numbers of short ones published from a time on, before an article whose sketch leaves it open that it holds them. Raises
        StateError."""
        found = self._shorts.between(self._site, first, until[0]).with_hits(sketch)
        return {number for at, number in found if first <= at and (at, number) < until}

    def holding(self, sketch: Shingles, after: Place, last: int) -> set[int]:
        """The numbers of articles published after a short one, until a time, whose sketches leave it open that they hold it. Raises StateError."""
        probe = sketch[:PROBE]
        found = self._all.between(self._site, after[0], last).with_hits(probe, len(probe))
        return {number for at, number in found if (at, number) > after and at <= last}
