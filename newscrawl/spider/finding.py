"""Where to look for articles: lists, feeds, sitemaps and pages of links."""

from __future__ import annotations

import logging
from collections.abc import AsyncIterator, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from scrapy import Request
from scrapy.http import Response

from newscrawl.browser import Browser, NoTime
from newscrawl.clock import MACHINE, Clock
from newscrawl.discovery import ways
from newscrawl.discovery.growing import may_grow
from newscrawl.discovery.walking import is_over
from newscrawl.identity import article_id
from newscrawl.korean import KST
from newscrawl.lease import REACH, leave
from newscrawl.site import Way
from newscrawl.spider.backfill import BackfillSpider
from newscrawl.spider.base import REDIRECTS
from newscrawl.spider.naming import PRIORITY_LISTS
from newscrawl.syndication import NotAFeed, NotASitemap
from newscrawl.wanted import reach_of

logger = logging.getLogger(__name__)

_READ_BY_MACHINES = ("feed", "sitemap")  # robots.txt is read anyway, by its middleware
_MOST_SOURCES = 100  # that are remembered: a site has some twenty, the sitemaps of an index may be thousands


@dataclass(frozen=True, slots=True)
class Source:
    """What machines read, as it answered last in this run; `named`: how many articles it named, None when it was not read."""

    url: str
    kind: str
    status: int
    named: int | None


class FindingSpider(BackfillSpider):
    """The part of a spider that finds articles."""

    def __init__(self, name: str | None = None, _clock: Clock = MACHINE, **arguments: str) -> None:
        super().__init__(name, _clock, **arguments)
        self.sources: dict[str, Source] = {}

    async def start(self) -> AsyncIterator[Request]:
        """The named articles; or the ways, and the lists of everything and of all sections, or of the sections asked for."""
        if self.arguments.numbers:
            self._tell_forgotten()
        for number in self.arguments.numbers:
            if request := self._article(number, "argument", None):
                yield request
        if self.arguments.numbers:
            return
        codes = self.arguments.sections or tuple(self.site.sections)
        for way in self.site.ways:
            if way.name in self.arguments.ways:
                for request in self._way_requests(way, codes):
                    yield request
        if "list" in self.arguments.ways:
            for request in self._lists(codes):
                yield request

    def _tell_forgotten(self) -> None:
        """Articles that somebody asks for by their addresses, and that were removed: the state takes them for seen."""
        for number, at in self.ledger.forgotten(map(int, self.arguments.numbers)).items():
            id, day = article_id(str(number), self.site), datetime.fromtimestamp(at, KST)
            self._count("forgotten")
            logger.warning(
                "%s was forgotten on %s and is not fetched; to have it again: scrapy forget --allow %s",
                id,
                f"{day:%Y-%m-%d}",
                id,
            )

    def _way_requests(self, way: Way, codes: Sequence[str]) -> Iterator[Request]:
        """A way's one address, or that of each section; a sub-section has none."""
        reach = reach_of(self.arguments)
        if "{code}" not in way.url:
            yield self._way(way.url, way.name, way.kind, reach)
            return
        for code in codes:
            if code in self.site.sections:
                section = None if code == self.site.list_all else code
                yield self._way(way.url.format(code=code), way.name, way.kind, reach, section)

    def _way(
        self,
        url: str,
        via: str,
        kind: str,
        reach: int,
        section: str | None = None,
        budget: int = ways.SITEMAP_BUDGET,
    ) -> Request:
        """The request of a feed, a sitemap, a robots.txt or a page of links; what it names is wanted back to `reach` (seconds since 1970)."""
        return Request(
            url,
            self.parse_way,
            errback=self.failed,
            priority=PRIORITY_LISTS,
            cb_kwargs={"via": via, "kind": kind, "section": section, "budget": budget},
            meta={"handle_httpstatus_all": True, REACH: reach},
        )

    def parse_way(
        self,
        response: Response,
        via: str,
        kind: str,
        section: str | None = None,
        hops: int = 0,
        budget: int = ways.SITEMAP_BUDGET,
    ) -> Iterator[Request] | AsyncIterator[Request]:
        """The articles that a feed, a sitemap or a page of links names, and further sitemaps.

        `budget`: how many sitemaps may be asked for because of this answer, those that they name in turn among them.
        """
        if self.browser and kind == "page" and response.status == 200:
            return self._grown(response, via, section, self.browser)
        return self._way_of(response, via, kind, section, hops, budget)

    async def _grown(
        self, response: Response, via: str, section: str | None, browser: Browser
    ) -> AsyncIterator[Request]:
        """A page of links, with all that it shows to who presses or scrolls, if something on it says that it shows more."""
        page, reach = self._page(response), response.meta.get(REACH, 0)
        if may_grow(page, self.site):
            try:
                page = await browser.grown(
                    response,
                    page,
                    lambda one: len(ways.of_page(one, self.site).rows),
                    lambda one: not is_over(ways.of_page(one, self.site).rows, reach),
                )
            except NoTime:
                leave(response.request)
                return
        for row in ways.of_page(page, self.site).rows:
            for request in self._row(row, via, response.url, section):
                yield request

    def _way_of(
        self,
        response: Response,
        via: str,
        kind: str,
        section: str | None = None,
        hops: int = 0,
        budget: int = ways.SITEMAP_BUDGET,
    ) -> Iterator[Request]:
        """What the answer itself names, as `parse_way` says."""
        self._note(response.url, kind, response.status)
        if response.status in REDIRECTS:
            yield from self._redirected_list(response)
        elif response.status in (404, 410) or (kind == "robots" and 400 <= response.status < 500):  # RFC 9309, 2.3.1.3
            self._count(f"gone/{via}")  # what it would have named, other ways name; that it is gone shows in the counts
        elif response.status != 200:
            self._lost(response.request, f"way/{response.status}")
        else:
            try:
                named = self._named_by(response, kind)
            except (NotAFeed, NotASitemap) as error:
                self._lost(response.request, f"way/no_{kind}")
                logger.debug("%s: %s", response.url, error)
                return
            if not named.whole:
                self._count(f"{via}/truncated")
                logger.warning("%s could not be read to its end", response.url)
            self._note(response.url, kind, response.status, len(named.rows))
            for row in named.rows:
                yield from self._row(row, via, response.url, section)
            yield from self._further(named, response, via, budget)

    def _note(self, url: str, kind: str, status: int, named: int | None = None) -> None:
        """How a feed or a sitemap answered. That nothing changed says nothing new of it."""
        if kind in _READ_BY_MACHINES and status != 304 and (url in self.sources or len(self.sources) < _MOST_SOURCES):
            self.sources[url] = Source(url, kind, status, named)

    def _named_by(self, response: Response, kind: str) -> ways.Named:
        if kind == "page":
            return ways.of_page(self._page(response), self.site)
        if kind == "feed":
            return ways.of_feed(response.body, response.url, self.site)
        read = ways.of_robots if kind == "robots" else ways.of_sitemap
        reach = response.meta.get(REACH, 0)
        since = datetime.fromtimestamp(reach, KST) if reach else None
        return read(response.body, response.url, self.site, since, self.wanted.until)

    def _further(self, named: ways.Named, response: Response, via: str, budget: int) -> Iterator[Request]:
        """The sitemaps that an index or a robots.txt names, as many as may be read."""
        read, each = ways.rationed(named.further, budget)
        for url in read:
            yield self._way(url, via, "sitemap", response.meta.get(REACH, 0), budget=each)
        self._count(f"{via}/older", named.older)
        if unread := len(named.further) - len(read):
            self._count(f"{via}/unread", unread)
            logger.info("%s names %d sitemaps: %d are read", response.url, len(named.further), len(read))
