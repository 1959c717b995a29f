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
_BY_NOON = 600  # articles that are begun by then
_LATE = 3600  # seconds after midnight until a list has all of a day: an article may appear a while after the time that it bears


@dataclass(frozen=True, slots=True)
class Walk:
    """A walk down the list of a section. Times are seconds since 1970.

    `since`: how far back rows are wanted; `until`: from where, None for the top of the list; `end`: where the walks end that follow this
    one when the oldest is wanted first; `days`: so many each. `top`: the row offset at which it began. `covered`: from where everything
    is seen, `reached`: of when the last rows were, `passed`: the earliest day that it has passed, after so many `pages`. 0 for none yet.
    """

    code: str
    since: int
    until: int | None = None
    end: int | None = None
    days: int = 1
    top: int = 0
    covered: int = 0
    reached: int = 0
    passed: int = 0
    pages: int = 0

    @property
    def last(self) -> int:
        """The end of all that this walk, and those which follow it, are to cover; 0 for one from the top, which has no end."""
        return self.end or self.until or 0

    def wants(self, row: Row) -> bool:
        """Whether a row is for this walk: one that is newer is for those which follow it."""
        at = likely_time(row)
        return self.end is None or self.until is None or at is None or at <= self.until

    def on(self, rows: Sequence[Row], now: int) -> tuple[Walk, tuple[tuple[int, int, int], ...]]:
        """After a page with these new rows: the walk, and the days that it has passed thereby, each from which of its seconds to which it
        saw it, the last of them 86,400 if the day is over."""
        covered = self.covered or min(self.until or now, now)
        newest = bounds_of(self.passed)[0] - 1 if self.passed else covered
        low = max(floor(rows), self.since - 86_400)  # nobody asks for days before that
        passed = [day for day in days_between(low, newest) if bounds_of(day)[0] > low] if low < newest else []
        days = tuple((day, *self._seen(day, covered, now)) for day in passed if bounds_of(day)[1] >= self.since)
        last = days[-1][0] if days else self.passed
        reached = int(floor(rows)) if rows and floor(rows) < math.inf else self.reached
        return replace(self, covered=covered, reached=reached, passed=last, pages=self.pages + 1), days

    def _seen(self, day: int, covered: int, now: int) -> Span:
        first, last = bounds_of(day)
        is_over = covered >= last and now > last + _LATE
        return max(self.since - first, 0), _DAY if is_over else min(covered, last) - first


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
    """When a row's article was published, for a search: as the row shows it, or noon of its number's date; None when neither says."""
    if row.published_at is not None:
        return row.published_at.timestamp()
    day = creation_date(row.number)
    return datetime.combine(day, time(12), KST).timestamp() if day else None


def guessed_time(number: str) -> float:
    """When an article may have been published, for no more than an order: by its number's day, and by its place in it."""
    day, place = creation_date(number), int(number[-6:])
    return datetime.combine(day, time(), KST).timestamp() + 86_400 * place / (place + _BY_NOON) if day else 0.0


def day_listed(row: Row) -> int | None:
    """The day under which a row counts in the ledger."""
    at = likely_time(row)
    return None if at is None else day_of(at)
