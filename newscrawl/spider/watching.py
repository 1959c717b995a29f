"""A watch: a run that goes on until it is told to stop, and asks each source of news again and again, at that source's own pace."""

from __future__ import annotations

import hashlib
import logging
from collections.abc import AsyncIterator, Iterable, Iterator
from typing import Any, Self
from urllib.parse import urlsplit

from scrapy import Request, signals
from scrapy.crawler import Crawler
from scrapy.exceptions import DontCloseSpider, IgnoreRequest
from scrapy.http import Response
from scrapy.utils.asyncio import create_looping_call
from twisted.python.failure import Failure

from newscrawl.clock import MACHINE, Clock
from newscrawl.discovery.polling import Polls
from newscrawl.extraction import Page
from newscrawl.items import Article, Listed
from newscrawl.lease import KEY, REACH, lease_of
from newscrawl.ledger import RETRIED, TRIES
from newscrawl.retry import NotNow
from newscrawl.robots import HostUnreachable
from newscrawl.spider.base import validators
from newscrawl.spider.finding import FindingSpider
from newscrawl.spider.naming import PRIORITY_BREAKING
from newscrawl.spider.source import SWEEP_EVERY, Source

logger = logging.getLogger(__name__)

_PRIORITY_POLLS = PRIORITY_BREAKING - 3  # after flashes, before articles, of which there may be a day's at the start
_MOST_SOURCES = 300  # a site has some fifty; what a page of menus invents beyond that is not watched


class WatchingSpider(FindingSpider):
    """The part of a spider that watches, with the argument `watch=yes`."""

    rechecks: bool

    def __init__(self, name: str | None = None, _clock: Clock = MACHINE, **arguments: str) -> None:
        super().__init__(name, _clock, **arguments)
        self._sources: dict[str, Source] = {}
        self._began = str(self.clock.time())
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
        """All that any run asks for; in a watch ways come again and again, and so do the lists that are walked once from their tops."""
        async for request in super().start():
            if self.watches and request.callback in (self.parse_list, self.parse_way):
                self._watch(request)
            if not self.watches or request.callback != self.parse_way:
                yield request

    # When

    def _tell_lost(self, url: str, reason: str) -> None:
        """What a watch asks for again is not lost yet."""
        if self.watches and reason.startswith(RETRIED):
            logger.warning("Failed: %s (%s); it is asked for again, an hour apart, %d times in all", url, reason, TRIES)
        else:
            super()._tell_lost(url, reason)

    def _begin(self) -> None:
        settings = self.crawler.settings
        assert self.crawler.stats is not None
        self.crawler.stats.set_value("newscrawl/watch", 1)
        fastest, slowest = settings.getfloat("NEWSCRAWL_POLL_FASTEST"), settings.getfloat("NEWSCRAWL_POLL_SLOWEST")
        self._polls = Polls(fastest, slowest)
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
        self._polls.delay = self._delay() * self.clock.speed
        for key in self._polls.due(now):
            engine.crawl(self._poll(key))
        silent = sum(source.silent_since is not None for source in self._sources.values())
        self.rechecks = 2 * silent <= len(self._sources)  # while most are, the site is out: other requests would fail
        if not self.rechecks:
            self._retry_at = now
        elif now >= self._retry_at:
            self._retry_at = now + SWEEP_EVERY
            self.ledger.retry_failed()

    def _delay(self) -> float:
        """Seconds of the machine from one request to the next: as set, or AutoThrottle's when the site is slow."""
        assert self.crawler.engine is not None
        slot = self.crawler.engine.downloader.slots.get(urlsplit(self.site.home).hostname or "")
        return max(self.crawler.settings.getfloat("DOWNLOAD_DELAY"), slot.delay if slot else 0.0)

    # What

    def _watch(self, request: Request) -> None:
        """Make a source of the first request of a way or a list."""
        key, now = _key(self._began, request.url), self.clock.time()
        if key in self._sources:
            return
        if len(self._sources) == _MOST_SOURCES:
            self._count("polls/not_watched")
            return
        self._sources[key] = Source.known_until(request, now)
        self._polls.add(key, now)
        if request.callback == self.parse_list:
            self._polls.done(key, now, 0)  # its top is read by the walk that begins there

    def _poll(self, key: str) -> Request:
        """The next request of a source."""
        source = self._sources[key]
        self._count("polls/asked")
        source.begin(self.clock.time())
        given = zip(("If-None-Match", "If-Modified-Since"), source.validators or (None, None), strict=True)
        headers = {name: value for name, value in given if value and not source.back_to}
        request = self._polled(source.request, key)
        if request.callback == self.parse_polled_list:  # no farther, also when a later run goes on with it
            request.meta[REACH] = source.back_to or source.reach()
        breaking = request.cb_kwargs["via"] in self._breaking
        return request.replace(priority=source.request.priority if breaking else request.priority, headers=headers)

    def _polled(self, request: Request, key: str) -> Request:
        """The request as one of a source: it comes again, and is forgotten when it is done."""
        callback = self.parse_polled_list if request.callback == self.parse_list else self.parse_polled_way
        return request.replace(
            callback=callback,
            errback=self.poll_failed,
            priority=_PRIORITY_POLLS,
            cb_kwargs={**request.cb_kwargs, "poll": key},
            meta={**request.meta, KEY: f"poll:{_key(key, request.url)}+"},
        )

    def _top_bar(self, page: Page) -> Iterator[Request]:
        for request in super()._top_bar(page):
            if self.watches:
                self._watch(request)
            yield request

    # What comes back

    def comes_again(self, request: Request | None) -> bool:
        """Whether it is one of a source."""
        return request is not None and "poll" in request.cb_kwargs

    def parse_polled_list(self, response: Response, poll: str, **known: Any) -> Iterator[Request | Article | Listed]:
        """A page of a list: its rows, and the next page until one names what the list named before."""
        yield from self._answered(response, poll, self.parse_list(response, **known))

    def parse_polled_way(self, response: Response, poll: str, **known: Any) -> Iterator[Request | Article | Listed]:
        """A feed, a sitemap or a page of links; never in a browser, since it is asked again soon."""
        yield from self._answered(response, poll, self._way_of(response, **known))

    def _answered(
        self, response: Response, poll: str, outputs: Iterable[Request | Article | Listed]
    ) -> Iterator[Request | Article | Listed]:
        # That of a watch before this one is read back to its reach, and that is all.
        source = self._sources.get(poll) or Source(Request(response.url))
        if response.status == 304:
            self._count("polls/not_modified")
            self._done(poll, source)
            return
        goes_on = False
        for output in self._counted(outputs, source):
            if isinstance(output, Listed):
                source.take(output)
            if not isinstance(output, Request):
                yield output
            elif output.callback == self.parse_list and "previous" in output.cb_kwargs:
                if source.goes_on(output):
                    goes_on = True
                    yield self._polled(output, poll)
            else:  # a sitemap of an index, too: it is read once, the index again and again
                goes_on = goes_on or "poll" in output.cb_kwargs  # redirected
                yield output
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

    def _done(self, key: str, source: Source, given: tuple[str | None, str | None] | None = None) -> None:
        """All of an answer, with its pages, was read."""
        now = self.clock.time()
        if source.silent_since is not None:
            logger.info("%s answers again, after %.0f s", source.request.url, now - source.silent_since)
            source.silent_since = None
        source.done(given)
        self._polls.done(key, now, source.news)

    # What does not

    def poll_failed(self, failure: Failure) -> None:
        """A source that gave no answer is asked again: nothing is lost yet."""
        request: Request = failure.request  # type: ignore[attr-defined]  # set by Scrapy for every errback
        key = request.cb_kwargs["poll"]
        assert self.crawler.engine is not None
        if key not in self._sources:
            self.failed(failure)
            return
        if failure.check(NotNow) and not self.crawler.engine.running:
            return  # the run ends: the request waits for the next one
        if failure.check(IgnoreRequest) and not failure.check(HostUnreachable):
            self._count("refused")  # by robots.txt, which may change
            self._polls.done(key, self.clock.time(), 0)
        else:
            self._silent(request, type(failure.value).__name__)
        if lease := lease_of(request):  # Scrapy hands what an errback gives to no middleware
            lease.closed()

    def _lost(self, request: Request | None, reason: str) -> None:
        if request is not None and request.cb_kwargs.get("poll") in self._sources:
            self._silent(request, reason)
        else:
            super()._lost(request, reason)

    def _silent(self, request: Request, reason: str) -> None:
        self._count("polls/failed")
        key, now = request.cb_kwargs["poll"], self.clock.time()
        source = self._sources[key]
        source.broken, source.validators = True, None
        if source.silent_since is None:
            logger.warning("%s gives no answer (%s): it is asked again", request.url, reason)
            source.silent_since = now
        self._polls.done(key, now, None)


def _key(*parts: str) -> str:
    return hashlib.sha1("\n".join(parts).encode(), usedforsecurity=False).hexdigest()
