"""A source that a watch asks again and again: how far back it is read this time, what it named, when it is known again."""

from __future__ import annotations

import math
from dataclasses import dataclass, field

from scrapy import Request

from newscrawl.discovery.days import bounds_of, day_of
from newscrawl.items import Listed
from newscrawl.lease import REACH

SWEEP_EVERY = 3600  # seconds; an article may appear below newer ones, where the top of a list does not show it
_OVERLAP = 3600  # seconds, for the same reason
_KNOWN = 100  # articles by which a list is known to go on where it was
_DAY_IS_OVER = 3900  # seconds after midnight: then lists have all of the day before, and the ledger may say so


@dataclass(slots=True)
class Source:
    """What is asked again and again. `request`: as it is asked for. `known`: the articles that it named last, `named` those that it names
    now, of which `news` nobody had named before. Times are seconds since 1970."""

    request: Request
    asked_at: float = 0.0
    swept_at: float = 0.0  # what a list named then is known, all of it
    swept_day: int = 0  # the last one that was walked whole, when it was over (20261120)
    back_to: int = 0  # a list is walked to here now, whatever it names; 0 for no farther than it must
    known: frozenset[int] = frozenset()
    named: list[int] = field(default_factory=list)
    joined: bool = False  # the last page names what is known
    news: int = 0
    validators: tuple[str | None, str | None] | None = None
    broken: bool = False  # something of this answer was not to be had
    silent_since: float | None = None

    @classmethod
    def known_until(cls, request: Request, now: float) -> Source:
        """One of which a walk reads now all that there is."""
        return cls(request, swept_at=now, swept_day=_last_whole_day(now))

    def begin(self, now: float) -> None:
        """It is asked."""
        self.named, self.joined, self.news, self.broken = [], False, 0, False
        self.asked_at = now
        self.back_to = self._back_to()

    def reach(self, at: float = math.inf) -> int:
        """From when on a list may name what it did not when it was swept; or a time before that, but not before what is asked for."""
        since: int = self.request.meta[REACH]
        return max(since, int(min(at, self.swept_at - _OVERLAP)))

    def _back_to(self) -> int:
        """How far back a list is walked this time, whatever it names: once a day through all of the day before; else, every hour, to an hour
        before it was the last time. 0 for no farther than it must."""
        if self.request.cb_kwargs.get("walk") is None:
            return 0  # the rows of other pages have no time that is known
        day = _last_whole_day(self.asked_at)
        if day != self.swept_day:
            return self.reach(bounds_of(day)[0])
        return self.reach() if self.asked_at - self.swept_at >= SWEEP_EVERY else 0

    def goes_on(self, following: Request) -> bool:
        """Whether the next page of a list is wanted: until one names what the list named before, and as far back as the list is swept."""
        return following.cb_kwargs["walk"] is not None and (self.back_to > 0 or not self.joined)

    def take(self, listed: Listed) -> None:
        """What a page of a list names: of it only what is new is for the ledger. Days are, as a walk passes them, if all of them is walked."""
        numbers = [number for _, number in listed.rows]
        self.named += numbers
        # The lower half: what is pinned to the top of a list is always known.
        self.joined = not self.known.isdisjoint(numbers[len(numbers) // 2 :])
        listed.rows = tuple(row for row in listed.rows if row[1] not in self.known)
        listed.passed = listed.passed if self.back_to else ()  # a walk that ends where the list is known sees no day

    def done(self, given: tuple[str | None, str | None] | None) -> None:
        """All of an answer, with its pages, was read. `given`: its validators (ETag, Last-Modified)."""
        if self.named:
            self.known = frozenset(self.named[:_KNOWN])
        if self.back_to:
            self.swept_at, self.swept_day = self.asked_at, _last_whole_day(self.asked_at)
        self.validators = given or self.validators


def _last_whole_day(at: float) -> int:
    """The last day (20261120) of which lists name all by a moment."""
    return day_of(at - 86_400 - _DAY_IS_OVER)
