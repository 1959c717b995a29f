"""A walk down a list that is ordered by time, newest first: which days it has passed, and when it may end. Pure."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, time

from newscrawl.discovery.days import Span, bounds_of, day_of, days_between
from newscrawl.discovery.pages import PUBLISHED_WITHIN, Row
from newscrawl.identity import creation_date
from newscrawl.korean import KST

_OLD_ENOUGH = 0.8  # of a page's rows: a page in an unknown form has other links among them, and pages have pinned rows
_DAY = 86_400
_OVERLAP = 2  # rows of a page that the next one is to have too
_SHORT = 10  # rows: of a page with fewer, two are much
_FIRST = 3  # pages of a walk
_MOST_BACK = (
    20  # times that a walk goes back, beside once for each page that joined: more, and nobody can walk down the list
)
_BY_NOON = 600  # articles that are begun by then
LATE = 3600
"""Seconds until a list has all of a time: an article may appear a while after the time that it bears."""


class ListPage:
    """The rows of a page of a list, and the `fresh` ones: those that the page before did not name, as it did what is pinned to every page."""

    def __init__(self, rows: Sequence[Row], previous: Sequence[str] = ()) -> None:
        before = frozenset(previous)
        self.rows, self.previous = rows, previous
        self.fresh = [row for row in rows if row.number not in before]

    @property
    def numbers(self) -> list[str]:
        """The articles of all rows."""
        return [row.number for row in self.rows]

    @property
    def is_known(self) -> bool:
        """Whether most of it stood on the page before: the list has ended and repeats itself, or as many rows came in at its top."""
        return 2 * len(self.fresh) < len(self.rows)

    @property
    def telling(self) -> Sequence[Row]:
        """The rows that tell how far the list has come: among known ones, a few that are new may be anything."""
        return self.rows if self.is_known else self.fresh

    @property
    def is_same(self) -> bool:
        """Whether it is the page before once more."""
        return self.numbers == list(self.previous)

    @property
    def overlap(self) -> int:
        """How many of its rows the next page is to have too, which shows that it joins."""
        return _OVERLAP if len(self.rows) >= _SHORT else 0

    def joins(self, reached: int) -> bool:
        """Whether it goes on where the page before ended, or higher up: it has one of that one's lower rows, or newer ones than those that it
        had `reached`. Else rows above have vanished meanwhile, or it comes of another moment's list."""
        lower = self.previous[len(self.previous) // 2 :]  # what is pinned stands above
        if len(self.previous) < _SHORT or not self.fresh or not set(lower).isdisjoint(self.numbers):
            return True
        return floor(self.fresh) > reached


@dataclass(frozen=True, slots=True)
class Walk:
    """A walk down the list of a section. Times are seconds since 1970.

    `since`: how far back rows are wanted; `until`: from where, None for the top of the list; `end`: where the walks end that follow this
    one when the oldest is wanted first; `days`: so many each. `top`: the row offset at which it began, `begun`: when, if from the top.
    `covered`: from where everything is seen, `reached`: of when the last rows were, `passed`: the earliest day that it has passed, after
    so many `pages`. 0 for none yet. `back`: how often it went back, because a page did not join the one before; `rounded`: the list
    begins its pages where it likes, so that they cannot be made to overlap.
    """

    code: str
    since: int
    until: int | None = None
    end: int | None = None
    days: int = 1
    top: int = 0
    begun: int = 0
    covered: int = 0
    reached: int = 0
    passed: int = 0
    pages: int = 0
    back: int = 0
    rounded: bool = False

    @property
    def last(self) -> int:
        """The end of all that this walk, and those which follow it, are to cover; 0 for one from the top, which has no end."""
        return self.end or self.until or 0

    @property
    def is_lost(self) -> bool:
        """Whether it went back so often that it will not come to an end."""
        return self.back >= _MOST_BACK + self.pages

    def rounds(self, here: ListPage) -> bool:
        """Whether its list begins pages where it likes: asked for one farther down, it gives the same again. That shows on the first pages; on
        later ones it is chance, when pages come of several moments."""
        return self.rounded or (here.is_same and self.pages < _FIRST)

    def wants(self, row: Row) -> bool:
        """Whether a row is for this walk: one that is newer is for those which follow it."""
        at = likely_time(row)
        return self.end is None or self.until is None or at is None or at <= self.until

    def on(self, rows: Sequence[Row], now: int) -> tuple[Walk, tuple[tuple[int, int, int], ...]]:
        """After a page whose rows tell how far the list has come: the walk, and the days that it has passed thereby, each from which of its
        seconds to which it saw it, the last of them 86,400 if it saw the day to its end. Of the last hour nothing counts as seen."""
        covered = self.covered or min(self.until or now, now - LATE)
        newest = bounds_of(self.passed)[0] - 1 if self.passed else covered
        low = max(floor(rows), self.since - 86_400)  # nobody asks for days before that
        passed = [day for day in days_between(low, newest) if bounds_of(day)[0] > low] if low < newest else []
        days = tuple((day, *self._seen(day, covered)) for day in passed if bounds_of(day)[1] >= self.since)
        last = days[-1][0] if days else self.passed
        reached = int(floor(rows)) if rows and floor(rows) < math.inf else self.reached
        return replace(self, covered=covered, reached=reached, passed=last, pages=self.pages + 1), days

    def _seen(self, day: int, covered: int) -> Span:
        first, last = bounds_of(day)
        return max(self.since - first, 0), _DAY if covered >= last else covered - first


def is_over(rows: Sequence[Row], since: float) -> bool:
    """Whether nearly all of a page's rows are older than asked for."""
    return floor(rows) < since


def floor(rows: Sequence[Row]) -> float:
    """The moment than which nearly all of these rows are not newer; of none, infinity."""
    times = sorted(latest_time(row) for row in rows)
    return times[math.ceil(_OLD_ENOUGH * len(times)) - 1] if times else math.inf


def latest_time(row: Row) -> float:
    """When a row's article was published at the latest, as the row shows it, or by the date of its number; in seconds since 1970."""
    if row.published_at is not None:
        return row.published_at.timestamp()
    day = creation_date(row.number)
    return bounds_of(day_of(datetime.combine(day + PUBLISHED_WITHIN, time(), KST).timestamp()))[1] if day else math.inf


def likely_time(row: Row) -> float | None:
    """When a row's article was published, more or less: as the row shows it, or noon of its number's date; None when neither says."""
    if row.published_at is not None:
        return row.published_at.timestamp()
    day = creation_date(row.number)
    return datetime.combine(day, time(12), KST).timestamp() if day else None


def earliest_time(row: Row) -> float | None:
    """When a row's article was published at the earliest: as the row shows it, or as its number's day begins; None when neither says."""
    if row.published_at is not None:
        return row.published_at.timestamp()
    day = creation_date(row.number)
    return datetime.combine(day, time(), KST).timestamp() if day else None


def guessed_time(number: str) -> float:
    """When an article may have been published, for no more than an order: by its number's day, and by its place in it."""
    day, place = creation_date(number), int(number[-6:])
    return datetime.combine(day, time(), KST).timestamp() + 86_400 * place / (place + _BY_NOON) if day else 0.0


def day_listed(row: Row) -> int | None:
    """The day under which a row counts in the ledger."""
    at = likely_time(row)
    return None if at is None else day_of(at)
