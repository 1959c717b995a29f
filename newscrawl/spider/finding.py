"""Where to look for articles: lists, feeds, sitemaps and pages of links."""

from __future__ import annotations

import logging
from collections.abc import AsyncIterator, Iterator, Sequence

from scrapy import Request
from scrapy.http import Response

from newscrawl.discovery import ways
from newscrawl.site import Way
from newscrawl.spider.base import REDIRECTS
from newscrawl.spider.lists import ListSpider
from newscrawl.spider.naming import PRIORITY_LISTS
from newscrawl.syndication import NotAFeed, NotASitemap

logger = logging.getLogger(__name__)

_MOST_SITEMAPS = 50  # that one index names; an archive of years is not read in passing


class FindingSpider(ListSpider):
    """The part of a spider that finds articles."""

    async def start(self) -> AsyncIterator[Request]:
        """The named articles; or the ways, and the lists of everything and of all sections, or of the sections asked for."""
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

    def _way_requests(self, way: Way, codes: Sequence[str]) -> Iterator[Request]:
        """A way's one address, or that of each section; a sub-section has none."""
        if "{code}" not in way.url:
            yield self._way(way.url, way.name, way.kind)
            return
        for code in codes:
            if code in self.site.sections:
                section = None if code == self.site.list_all else code
                yield self._way(way.url.format(code=code), way.name, way.kind, section)

    def _way(self, url: str, via: str, kind: str, section: str | None = None) -> Request:
        return Request(
            url,
            self.parse_way,
            errback=self.failed,
            priority=PRIORITY_LISTS,
            cb_kwargs={"via": via, "kind": kind, "section": section},
            meta={"handle_httpstatus_all": True},
        )

    def parse_way(
        self, response: Response, via: str, kind: str, section: str | None = None, hops: int = 0
    ) -> Iterator[Request]:
        """The articles that a feed, a sitemap or a page of links names, and further sitemaps."""
        if response.status in REDIRECTS:
            yield from self._redirected_list(response)
        elif response.status in (404, 410):
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
            for row in named.rows:
                yield from self._row(row, via, response.url, section)
            for url in named.further[:_MOST_SITEMAPS]:
                yield self._way(url, via, "sitemap")
            if len(named.further) > _MOST_SITEMAPS:
                self._count(f"{via}/truncated")
                logger.warning(
                    "%s names %d sitemaps: the first %d are read", response.url, len(named.further), _MOST_SITEMAPS
                )

    def _named_by(self, response: Response, kind: str) -> ways.Named:
        if kind == "page":
            return ways.of_page(self._page(response), self.site)
        read = {"feed": ways.of_feed, "sitemap": ways.of_sitemap, "robots": ways.of_robots}[kind]
        return read(response.body, response.url, self.site)
