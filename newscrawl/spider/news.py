"""A news site's spider: finds articles, reads them and follows their links; looks at them again.

Links first and then the article, so that a bad page costs no links. The links of an article that lies outside the time or the sections asked
for are not followed: they lead farther away.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from datetime import datetime
from functools import partial

from scrapy import Request
from scrapy.http import Response

from newscrawl.arguments import Arguments
from newscrawl.clock import MACHINE, Clock
from newscrawl.discovery import pages
from newscrawl.discovery.walking import guessed_time
from newscrawl.extraction import Gone, Page
from newscrawl.identity import article_number, canonical_url
from newscrawl.items import Article, Found
from newscrawl.spider.base import MOST_REDIRECTS, REDIRECTS, Seen, again
from newscrawl.spider.probing import ProbingSpider
from newscrawl.spider.rechecks import RecheckSpider
from newscrawl.spider.watching import WatchingSpider
from newscrawl.wanted import Wanted


class NewsSpider(WatchingSpider, RecheckSpider, ProbingSpider):
    """A subclass names its `site`; nothing else is needed."""

    def __init__(self, name: str | None = None, _clock: Clock = MACHINE, **arguments: str) -> None:
        super().__init__(name, _clock, **arguments)
        self.rechecks = not self.arguments.numbers  # who asks for certain articles waits for no others

    async def start(self) -> AsyncIterator[Request]:
        """The named articles, or all ways and lists; with `probe=ids` also each number of the days."""
        async for request in super().start():
            yield request
        if self.arguments.probe == "ids":
            for request in self._days_to_probe():
                yield request

    def parse_article(
        self,
        response: Response,
        number: str,
        via: str,
        source: str | None,
        at: str,
        section: str | None = None,
        hops: int = 0,
    ) -> Iterator[Request | Article] | AsyncIterator[Request | Article]:
        """The links of an article's page, then the article; later, when the page is tried in the browser before."""
        if response.status != 200:
            return self._no_article(response, number, hops)
        return self._seen(response, number, partial(self._article_of, response, number, section, via, source, at))

    def _no_article(self, response: Response, number: str, hops: int) -> Iterator[Request]:
        """An answer without a page."""
        if response.status in REDIRECTS:
            yield from self._redirected_article(response, number, hops)
        elif response.status in (404, 410):
            self._count(f"gone/{response.status}")
        else:
            self._lost(response.request, f"article/{response.status}")

    def _article_of(
        self, response: Response, number: str, section: str | None, via: str, source: str | None, at: str, seen: Seen
    ) -> Iterator[Request | Article]:
        self._now_at = "article", section, guessed_time(number)
        yield from self._top_bar(seen.page)
        article = None
        try:
            article = self._extract(seen, number, response)
        finally:  # an error in extraction costs the article and is told, but costs no links
            if article is None:
                yield from self._links(seen.page, None, number, self.wanted.askers)
        if article is not None:
            found = Found(via, source, datetime.fromisoformat(at))
            yield from self.given(seen.page, article, number, section, found)

    def given(
        self, page: Page, article: Article, number: str, section: str | None, found: Found
    ) -> Iterator[Request | Article]:
        """What an article gives: its links, as those wish who want it, and itself if anybody does."""
        wanting = self._wanting(article, number, section)
        yield from self._links(page, article, number, wanting)
        if wanting:
            article.found = found
            yield article

    def _extract(self, seen: Seen, number: str, response: Response) -> Article | None:
        """The article; None for one that is gone, and for one that is lost because its page has no body container."""
        try:
            return self._read(seen, number, response)
        except Gone:
            self._count("gone/empty")
        return None

    def links_of(self, page: Page, article: Article, number: str) -> Iterator[Request]:
        """The links of an article of the output, for all who ask for anything: who asked for it is not known any more."""
        return self._links(page, article, number, self.wanted.askers)

    def _links(self, page: Page, article: Article | None, number: str, wanting: list[Arguments]) -> Iterator[Request]:
        """Related articles, then those of the sidebar, as `follow` says to those who want the article."""
        follow = frozenset[str]().union(*(one.follow for one in wanting))
        if not follow:
            return
        related = [identifier.rpartition(":")[2] for identifier in article.related] if article else []
        sidebar = pages.article_numbers(page, self.site) if "sidebar" in follow else []
        own = {number, *related}
        links = [
            *((other, "related") for other in related if "related" in follow),
            *((other, "sidebar") for other in sidebar if other not in own),
        ]
        source = canonical_url(number, self.site)
        for other, via in links:
            if request := self._linked_article(other, via, source):
                yield request

    def _wanting(self, article: Article, number: str, listed_in: str | None) -> list[Arguments]:
        """Who asked for an article, which is counted as skipped when nobody did."""
        of_time = self.wanted.of_time(article, number)
        wanting = self.wanted.of_section(of_time, article, listed_in)
        if not wanting:
            wanting = self._wanting_elsewhere(article, number, listed_in)
        if not wanting:
            self._count("skipped/section" if of_time else "skipped/outside/published")
        return wanting

    def _wanting_elsewhere(self, article: Article, number: str, listed_in: str | None) -> list[Arguments]:
        """Who did in a run at the same time: an article is asked for once, so that run leaves it to this one."""
        others = Wanted(self.arguments, self.site)
        others.go_on_with(self.ledger.scopes())
        return others.of_section(others.of_time(article, number), article, listed_in)

    # Redirects

    def _redirected_article(self, response: Response, number: str, hops: int) -> Iterator[Request]:
        """To another spelling of the article: go there. To another article: that one. Elsewhere: this one is no more."""
        url = self._target(response)
        other = article_number(url, self.site) if url else None
        if url == "":
            self._lost(response.request, "article/bad_redirect")
        elif url is None:
            self._count("gone/left_site")
        elif other is None:
            self._count("gone/redirect")
        elif other != number:
            self._count("gone/moved")
            if request := self._article(other, "related", canonical_url(number, self.site)):
                yield request
        elif hops >= MOST_REDIRECTS:
            self._lost(response.request, "article/redirect_loop")
        else:
            assert response.request is not None
            yield again(response.request, url, hops + 1)
