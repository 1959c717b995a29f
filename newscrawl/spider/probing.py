"""Articles that nothing names, found by asking for numbers: those missing between others, or all of a day. The last resort, and the slowest."""

from __future__ import annotations

import logging
from collections.abc import AsyncIterator, Callable, Iterator
from functools import partial
from typing import Any, Self

from scrapy import Request, signals
from scrapy.crawler import Crawler
from scrapy.exceptions import DontCloseSpider
from scrapy.http import Response

from newscrawl.discovery.days import bounds_of, day_of, days_between
from newscrawl.extraction import Page
from newscrawl.identity import article_number, canonical_url, numbered
from newscrawl.items import Article, Found, Listed
from newscrawl.lease import KEY, RANK
from newscrawl.spider.base import MOST_REDIRECTS, REDIRECTS, Seen, again
from newscrawl.spider.naming import PRIORITY_OUTSIDE_LISTS, NamingSpider
from newscrawl.state import DAY_ENDS

logger = logging.getLogger(__name__)

SECTION = "ids"
"""Under which the ledger has the days of which each number was asked for."""
_PRIORITY = PRIORITY_OUTSIDE_LISTS - 5  # after all that is named, before what the output has
Further = Callable[..., Iterator[Request | Listed]]
_MISSES = 100  # numbers in a row that are no article: the day has no more


class ProbingSpider(NamingSpider):
    """The part of a spider that asks for numbers, with the argument `probe`."""

    @classmethod
    def from_crawler(cls, crawler: Crawler, *args: Any, **kwargs: Any) -> Self:
        spider = super().from_crawler(crawler, *args, **kwargs)
        if spider.arguments.probe == "gaps":
            crawler.signals.connect(spider._ask_for_gaps, signal=signals.spider_idle)
        return spider

    def _ask_for_gaps(self) -> None:
        """When all else is done: ask once for the numbers that nothing named, those of the newest days first."""
        missing = self.coverage.missing()
        self.crawler.signals.disconnect(self._ask_for_gaps, signal=signals.spider_idle)
        wanted = [number for number in missing if self.wanted.could_have(str(number)) and not self.ledger.has(number)]
        asked = wanted[: self.arguments.most_probes]
        logger.info("Asking for %d of %d numbers that nothing named between others", len(asked), len(wanted))
        assert self.crawler.engine is not None
        for number in asked:
            self.crawler.engine.crawl(self._probe(str(number)))
        if asked:
            raise DontCloseSpider

    def _days_to_probe(self) -> Iterator[Request]:
        """The first number of each day of which not every number was asked for, or is on its way."""
        asked = self.arguments
        assert asked.since is not None
        first, now = int(asked.since.timestamp()), int(self.clock.time())
        last = min(int(asked.until.timestamp()), now) if asked.until else now
        known = self.ledger.settled(SECTION, day_of(first), day_of(last))
        known |= {int(key.split(":")[1]) for key, _ in self.ledger.waiting("probe:")}
        for day in days_between(first, last):
            if day not in known:
                yield from (one for one in self._next_of_day(day, 0, 0, 0) if isinstance(one, Request))

    def _next_of_day(self, day: int, place: int, misses: int, asked: int) -> Iterator[Request | Listed]:
        """The next number of a day that the output does not have; at the end of the day a note for the ledger."""
        while misses < _MISSES:
            place += 1
            number = numbered(day, place)
            if not self.ledger.has(int(number)):
                if asked < self.arguments.most_probes:
                    yield self._probe(number, day, place, misses, asked + 1)
                return
            misses = 0
        now = int(self.clock.time())
        if now > bounds_of(day)[1]:
            yield Listed(SECTION, (), ((day, 0, DAY_ENDS),), now)

    def _probe(self, number: str, day: int = 0, place: int = 0, misses: int = 0, asked: int = 0) -> Request:
        return Request(
            canonical_url(number, self.site),
            self.parse_probe,
            errback=self.failed,
            priority=_PRIORITY,
            cb_kwargs={"number": number, "day": day, "place": place, "misses": misses, "asked": asked},
            meta={
                "handle_httpstatus_all": True,
                KEY: f"probe:{day or number}:{place}",
                RANK: self._rank(bounds_of(day)[0] if day else int(number[-6:])),
            },
        )

    def parse_probe(
        self, response: Response, number: str, day: int, place: int, misses: int, asked: int, hops: int = 0
    ) -> Iterator[Request | Article | Listed] | AsyncIterator[Request | Article | Listed]:
        """The article of a number, if there is one, and the next number of the day, if that is asked for."""
        further = partial(self._next_of_day, day, place, asked=asked) if day else None
        if response.status == 200:
            return self._seen(response, number, partial(self._probed, response, number, misses, further))
        return self._nothing_there(response, number, misses, further, hops)

    def _nothing_there(
        self, response: Response, number: str, misses: int, further: Further | None, hops: int
    ) -> Iterator[Request | Listed]:
        """An answer without a page."""
        if response.status in REDIRECTS:
            url = self._target(response)
            if url and article_number(url, self.site) == number and hops < MOST_REDIRECTS:
                assert response.request is not None
                yield again(response.request, url, hops + 1)
                return
        elif response.status not in (404, 410):
            self._lost(response.request, f"probe/{response.status}")
            return  # a day of which a number is not known is not done: the next run begins it again
        self._count("probed/nothing")
        if further:
            yield from further(misses=misses + 1)

    def _probed(
        self, response: Response, number: str, misses: int, further: Further | None, seen: Seen
    ) -> Iterator[Request | Article | Listed]:
        self._now_at = "probe", None, None
        article = self._extract(seen, number, response)
        if article:
            yield from self.given(seen.page, article, number, None, Found("probe", None, self.now()))
        self._count(f"probed/{'article' if article else 'nothing'}")
        if further:
            yield from further(misses=0 if article else misses + 1)

    def _extract(self, seen: Seen, number: str, response: Response) -> Article | None:
        """The article; None for one that is gone or lost; a subclass says."""
        raise NotImplementedError

    def given(
        self, page: Page, article: Article, number: str, section: str | None, found: Found
    ) -> Iterator[Request | Article]:
        """What an article gives: its links, and itself if it is wanted; a subclass says."""
        raise NotImplementedError
