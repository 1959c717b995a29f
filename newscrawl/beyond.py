"""What a run does when nothing of its own is left: it takes over what dead runs had, looks again at articles, and helps runs of other machines."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from typing import Protocol

from scrapy import Request
from scrapy.crawler import Crawler

from newscrawl.revisions import next_look
from newscrawl.state import Journal, Recovered, StateError

logger = logging.getLogger(__name__)

_RECHECKS_AT_ONCE = 100  # so many looks become requests together


class Resumable(Protocol):
    """What is asked of a spider here."""

    def resume(self, scopes: list[str]) -> None:
        """Go on with what is left of these, this run's among them."""

    def recheck(self, number: int) -> Request:
        """The request for a look at an article that the output has."""


class Beyond:
    """The work that a run was not asked for itself. Of each method the result is whether there is any now."""

    def __init__(
        self,
        crawler: Crawler,
        spider: Resumable,
        journal: Journal,
        ages: Sequence[int],
        give_up: Callable[[Exception], None],
    ) -> None:
        """`ages`: at which articles are looked at again, in seconds; none: this run takes no looks. `give_up`: told when the state fails."""
        self._crawler, self._spider, self._journal = crawler, spider, journal
        self._ages = ages
        self._give_up = give_up
        self._left: list[str] = []  # what was asked for by runs that left something, and by this one
        self._helped: set[str] = set()  # and by those that are helped
        self._helps = False

    def go_on_with(self, left: Recovered, scopes: list[str]) -> None:
        """What earlier runs left is this one's; `scopes`: what was asked for by them, and by this run."""
        self._left = scopes
        self._resume()
        if left.requests or left.bytes:
            logger.info(
                "Going on with %d requests that earlier runs left (%d of them died); %d bytes were missing in their feeds",
                left.requests,
                left.runs,
                left.bytes,
            )

    def take_over(self) -> bool:
        """What another run left that died or ended meanwhile."""
        try:
            recovered, scopes = self._journal.take_over()
        except (StateError, OSError) as error:
            self._give_up(error)
            return False
        if recovered.requests:
            self.go_on_with(recovered, scopes)
        return bool(recovered.requests)

    def recheck(self) -> bool:
        """Looks that are due become requests."""
        if not self._ages:
            return False
        now = self._journal.now()
        try:
            due = self._journal.due(now, _RECHECKS_AT_ONCE)
        except StateError as error:
            self._give_up(error)
            return False
        assert self._crawler.engine is not None
        for one in due:
            self._journal.take(one, next_look(one.since, now, self._ages))
            # Which also wakes the engine: it asked us as it fell asleep.
            self._crawler.engine.crawl(self._spider.recheck(one.number))
        return bool(due)

    def help(self) -> bool:
        """What runs of the same schedule have on other machines: it is taken as it comes up, with each beat of the engine."""
        try:
            busy = self._journal.others_are_busy()
        except StateError as error:
            self._give_up(error)
            return False
        if busy and not self._helps:
            self._helps = True
            logger.info("Nothing of its own is left to this run: it helps those of the same schedule on other machines")
        return busy

    def helping(self, scopes: list[str]) -> None:
        """Requests of others were leased, who were asked for this."""
        if not self._helped.issuperset(scopes):
            self._helped.update(scopes)
            self._resume()

    def _resume(self) -> None:
        self._spider.resume([*self._left, *sorted(self._helped)])
