"""A watch: a run that goes on until it is told to stop, and asks each source of news again and again, at that source's own pace."""

from __future__ import annotations

import hashlib
import logging
from collections.abc import AsyncIterator, Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any, Self

from scrapy import Request, signals
from scrapy.crawler import Crawler
from scrapy.exceptions import DontCloseSpider
from scrapy.http import Response
from scrapy.utils.asyncio import create_looping_call
from twisted.python.failure import Failure

from newscrawl.clock import MACHINE, Clock
from newscrawl.discovery.days import bounds_of, day_of
from newscrawl.discovery.polling import Polls
from newscrawl.extraction import Page
from newscrawl.items import Article, Listed
from newscrawl.lease import KEY, REACH, lease_of
from newscrawl.spider.base import validators
from newscrawl.spider.finding import FindingSpider
from newscrawl.spider.naming import PRIORITY_BREAKING

logger = logging.getLogger(__name__)

_PRIORITY_POLLS = PRIORITY_BREAKING - 3  # after flashes, before articles, of which there may be a day's at the start
_MOST_SOURCES = 300  # a site has some fifty; what a page of menus invents beyond that is not watched
_KNOWN = 100  # articles by which a list is known to go on where it was
_SWEEP_EVERY, _SWEEP_BACK = (
    3600,
    7200,
)  # seconds: an article may appear below newer ones, where the top of a list does not show it
_DAY_IS_OVER = 3900  # seconds after midnight: then lists have all of the day before, and the ledger may say so


@dataclass(slots=True)
class Source:
    """What is asked again and again. `request`: as it is asked for the first time. `known`: the articles that it named last, `named` those
    that it names now, of which `news` nobody had named before. Times are seconds since 1970."""

    request: Request
    known: frozenset[int] = frozenset()
    named: list[int] = field(default_factory=list)
    news: int = 0
    back_to: float = 0.0  # a list is walked to here now, whatever it names
    swept_at: float = 0.0
    swept_day: int = 0  # the last one that was walked whole (20261120)
    validators: tuple[str | None, str | None] | None = None
    broken: bool = False  # something of this answer was not to be had
    silent_since: float | None = None


class WatchingSpider(FindingSpider):
    """The part of a spider that watches, with the argument `watch=yes`."""

    def __init__(self, name: str | None = None, _clock: Clock = MACHINE, **arguments: str) -> None:
        super().__init__(name, _clock, **arguments)
        self._sources: dict[str, Source] = {}
        self._polls = Polls(1.0, 1.0)  # of a run that watches nothing
        self._retry_at = 0.0

    @classmethod
    def from_crawler(cls, crawler: Crawler, *args: Any, **kwargs: Any) -> Self:
        spider = super().from_crawler(crawler, *args, **kwargs)
        if spider.watches:
            crawler.signals.connect(spider._begin, signal=signals.spider_opened)
            crawler.signals.connect(spider._stay, signal=signals.spider_idle)
            crawler.signals.connect(spider._end, signal=signals.spider_closed)
        return spider

    @property
    def watches(self) -> bool:
        """Whether the run goes on until it is told to stop."""
        return self.arguments.watch

    async def start(self) -> AsyncIterator[Request]:
        """Each source for the first time; in a watch they come again."""
        async for request in super().start():
            if self.watches and request.callback in (self.parse_list, self.parse_way):
                self._watch(request)
            else:
                yield request

    # When

    def _begin(self) -> None:
        settings = self.crawler.settings
        assert self.crawler.stats is not None
        self.crawler.stats.set_value("newscrawl/watch", 1)
        fastest, slowest = settings.getfloat("NEWSCRAWL_POLL_FASTEST"), settings.getfloat("NEWSCRAWL_POLL_SLOWEST")
        # The delay is the machine's seconds: on a clock that runs fast it is more.
        self._polls = Polls(fastest, slowest, settings.getfloat("DOWNLOAD_DELAY") * self.clock.speed)
        self._ticker = create_looping_call(self._tick)
        self._ticker.start(max(0.01, min(0.5, self.clock.here(fastest) / 4)), now=False)

    def _stay(self) -> None:
        raise DontCloseSpider

    def _end(self) -> None:
        if self._ticker.running:
            self._ticker.stop()

    def _tick(self) -> None:
        engine = self.crawler.engine
        assert engine is not None
        now = self.clock.time()
        if not engine.running:
            return
        for key in self._polls.due(now):
            engine.crawl(self._poll(key))
        if now >= self._retry_at:
            self._retry_at = now + _SWEEP_EVERY
            self.ledger.retry_articles()

    # What

    def _watch(self, request: Request) -> None:
        """Make a source of the first request of a way or a list."""
        key = hashlib.sha1(request.url.encode(), usedforsecurity=False).hexdigest()
        if len(self._sources) < _MOST_SOURCES and key not in self._sources:
            self._sources[key] = Source(request)
            self._polls.add(key, self.clock.time())

    def _poll(self, key: str) -> Request:
        """The next request of a source."""
        source = self._sources[key]
        self._count("polls/asked")
        source.named, source.news, source.broken, source.back_to = [], 0, False, self._back_to(source)
        given = zip(("If-None-Match", "If-Modified-Since"), source.validators or (None, None), strict=True)
        headers = {name: value for name, value in given if value and not source.back_to}
        request = self._polled(source.request, key)
        breaking = request.cb_kwargs["via"] in self._breaking
        return request.replace(priority=request.priority if breaking else _PRIORITY_POLLS, headers=headers)

    def _polled(self, request: Request, key: str) -> Request:
        """The request as one of a source: it comes again, and is forgotten when it is done."""
        callback = self.parse_polled_list if request.callback == self.parse_list else self.parse_polled_way
        address = hashlib.sha1(request.url.encode(), usedforsecurity=False).hexdigest()
        meta = {**request.meta, KEY: f"poll:{address}+"}
        return request.replace(
            callback=callback, errback=self.poll_failed, cb_kwargs={**request.cb_kwargs, "poll": key}, meta=meta
        )

    def _back_to(self, source: Source) -> float:
        """How far back a list is walked this time, whatever it names: at first as far as is asked for; once a day through all of the day before;
        else, every hour, two hours. 0 for not farther than it must."""
        if source.request.callback != self.parse_list:
            return 0.0
        now, since = self.clock.time(), source.request.meta[REACH]
        if not source.swept_at:
            return float(since or 1)
        yesterday = day_of(now - 86_400)
        first, last = bounds_of(yesterday)
        if source.swept_day != yesterday and now > last + _DAY_IS_OVER:
            return float(max(first, since))
        return max(now - _SWEEP_BACK, since) if now - source.swept_at >= _SWEEP_EVERY else 0.0

    def _top_bar(self, page: Page) -> Iterator[Request]:
        for request in super()._top_bar(page):
            if self.watches:
                self._watch(request)
            else:
                yield request

    # What comes back

    def parse_polled_list(self, response: Response, poll: str, **known: Any) -> Iterator[Request | Article | Listed]:
        """A page of a list: its rows, and the next page until one names what the list named before."""
        yield from self._answered(response, poll, self.parse_list(response, **known))

    def parse_polled_way(self, response: Response, poll: str, **known: Any) -> Iterator[Request | Article | Listed]:
        """A feed, a sitemap or a page of links; the sitemaps that it names become sources."""
        yield from self._answered(response, poll, self.parse_way(response, **known))

    def _answered(
        self, response: Response, poll: str, outputs: Iterable[Request | Article | Listed]
    ) -> Iterator[Request | Article | Listed]:
        source = self._sources.get(poll) or Source(
            Request(response.url)
        )  # of a watch before this one: read, and that is all
        if response.status == 304:
            self._count("polls/not_modified")
            self._done(poll, source)
            return
        goes_on = False
        for output in self._counted(outputs, source):
            if isinstance(output, Listed):
                source.named += [number for _, number in output.rows]
                output.rows = tuple(row for row in output.rows if row[1] not in source.known)
                output.passed = (
                    output.passed if source.back_to else ()
                )  # a walk that ends where the list is known sees no day
            if not isinstance(output, Request) or output.callback == self.parse_article:
                yield output
            elif output.callback in (self.parse_polled_list, self.parse_polled_way):  # redirected
                goes_on = True
                yield output
            elif output.callback == self.parse_way:
                yield output  # a sitemap of an index: it is read once, the index again and again
            elif self._goes_on(output, source):
                goes_on = True
                yield self._polled(output, poll)
        if not goes_on and not source.broken:
            self._done(poll, source, validators(response.headers) if response.url == source.request.url else None)

    def _counted(self, outputs: Iterable[Any], source: Source) -> Iterator[Any]:
        """The same, counting what nobody had named before: while this takes a step, nobody else does."""
        steps = iter(outputs)
        while True:
            before = self.new_names
            output = next(steps, None)
            source.news += self.new_names - before
            if output is None:
                return
            yield output

    def _goes_on(self, following: Request, source: Source) -> bool:
        """Whether the next page of a list is wanted: until one names what the list named before, and as far back as the source is swept."""
        walk = following.cb_kwargs["walk"]
        if walk is None:  # of the top bar, whose rows have no time that is known
            return not source.swept_at
        return source.known.isdisjoint(source.named) or walk["reached"] >= source.back_to > 0

    def _done(self, key: str, source: Source, given: tuple[str | None, str | None] | None = None) -> None:
        """All of an answer, with its pages, was read."""
        now = self.clock.time()
        if source.silent_since is not None:
            logger.info("%s answers again, after %.0f s", source.request.url, now - source.silent_since)
            source.silent_since = None
        if source.named:
            source.known = frozenset(source.named[:_KNOWN])
        if source.back_to:
            source.swept_at = now
            yesterday = day_of(now - 86_400)
            if source.back_to <= max(bounds_of(yesterday)[0], source.request.meta[REACH]):
                source.swept_day = yesterday
        source.validators = given or source.validators
        self._polls.done(key, now, source.news)

    # What does not

    def poll_failed(self, failure: Failure) -> None:
        """A source that gave no answer is asked again: nothing is lost yet."""
        request: Request = failure.request  # type: ignore[attr-defined]  # set by Scrapy for every errback
        self._silent(request, type(failure.value).__name__)
        if lease := lease_of(request):  # Scrapy hands what an errback gives to no middleware
            lease.closed()

    def _lost(self, request: Request | None, reason: str) -> None:
        if request is not None and "poll" in request.cb_kwargs:
            self._silent(request, reason)
        else:
            super()._lost(request, reason)

    def _silent(self, request: Request, reason: str) -> None:
        self._count("polls/failed")
        key, now = request.cb_kwargs["poll"], self.clock.time()
        if source := self._sources.get(key):
            source.broken = True
            if source.silent_since is None:
                logger.warning("%s gives no answer (%s): it is asked again", request.url, reason)
                source.silent_since = now
            self._polls.done(key, now, None)
