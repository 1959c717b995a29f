"""The machinery of a crawl: where to look, what to follow; links first and then the article, so that a bad page costs no links.

The links of an article that lies outside the time or the sections asked for are not followed: they lead farther away.
"""

from __future__ import annotations

import logging
from collections.abc import AsyncIterator, Iterator, Sequence
from datetime import datetime
from typing import Any

from scrapy import Request
from scrapy.http import Response

from newscrawl import discovery, ways
from newscrawl.arguments import Arguments
from newscrawl.coverage import Coverage
from newscrawl.extraction import Gone, Page
from newscrawl.identity import article_number, canonical_url
from newscrawl.items import Article, Found
from newscrawl.korean import KST
from newscrawl.lease import KEY, RANK, REACH, STAT
from newscrawl.rechecks import RecheckSpider
from newscrawl.site import Way
from newscrawl.site_spider import MOST_REDIRECTS, REDIRECTS, again
from newscrawl.syndication import NotAFeed, NotASitemap
from newscrawl.wanted import Wanted, reach_of

logger = logging.getLogger(__name__)

# Lists, feeds and the like first: they move on while they are read, and tell what there is. Then breaking news, then other articles, the
# newest first; where only some sections are asked for, what only a link names and may be of another comes after them. Last, at 0, what
# the output has.
_PRIORITY_LISTS, _PRIORITY_BREAKING, _PRIORITY_ARTICLES, _PRIORITY_OUTSIDE_LISTS = 30, 25, 20, 10
_FULL = frozenset(
    ("list", "feed", "sitemap")
)  # of everything, not of a section, they are meant to name every article of their time
_OLD_ENOUGH = 0.8  # of a page's new rows: a page in an unknown form has other links among them
_MOST_SITEMAPS = 50  # that one index names; an archive of years is not read in passing
_REMEMBERED = 10_000  # numbers, 1 MB; a page names some hundred, most of them those of the page before
_MENUS = 100  # different menus in which a run looks for a top bar; a site has a few, and its advertisements vary them


class NewsSpider(RecheckSpider):
    """A news site's spider. A subclass names its `site`; nothing else is needed."""

    def __init__(self, name: str | None = None, **arguments: str) -> None:
        super().__init__(name)
        self.arguments = Arguments.parse(arguments, self.site, self.now())
        self.rechecks = not self.arguments.numbers  # who asks for certain articles waits for no others
        self.wanted = Wanted(self.arguments, self.site)
        self.job = arguments.get("_job")
        self.allowed_domains = sorted(self.site.hosts)
        self.coverage = Coverage()
        self._breaking = {way.name for way in self.site.ways if way.breaking}
        # Numbers lately asked for, and whether they can lie in the time that is asked for: a page names a hundred of them again. Only
        # to save time: the state knows.
        self._named: dict[int, bool] = {}
        self._menus: set[int] = set()  # menus already looked into for a top bar: most pages have the same
        self._bar: set[str] = set()  # pages of the top bar already asked for

    @property
    def scope(self) -> str:
        """What this run is asked for, as text: a later run goes on with it if this one does not come to its end."""
        return self.arguments.to_json()

    def resume(self, scopes: list[str]) -> None:
        """Go on with what earlier runs left: `scopes` of all runs that are not worked off."""
        self.wanted.go_on_with(scopes)
        self._named.clear()

    def sum_up(self) -> None:
        """Count which way named what, at the end of the run."""
        assert self.crawler.stats is not None
        for way, counts in self.coverage.counts().items():
            for what, count in counts.items():
                self.crawler.stats.set_value(f"newscrawl/ways/{way}/{what}", count)
        self.crawler.stats.set_value("newscrawl/gaps", self.coverage.gaps())

    # Where to look

    async def start(self) -> AsyncIterator[Request]:
        """The named articles; or the first page of each list: of everything and of all sections, or of the sections asked for."""
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
        for code in codes if "list" in self.arguments.ways else ():
            section = None if code == self.site.list_all else code
            yield self._list(
                self.site.list_url.format(code=code, offset=0), "list", reach_of(self.arguments), section=section
            )

    def _list(self, url: str, via: str, reach: int, **more: Any) -> Request:
        """The request of a list, whose rows are wanted back to `reach` (seconds since 1970)."""
        return Request(
            url,
            self.parse_list,
            errback=self.failed,
            priority=_PRIORITY_LISTS,
            cb_kwargs={"via": via, **more},
            meta={"handle_httpstatus_all": True, REACH: reach},
        )

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
            priority=_PRIORITY_LISTS,
            cb_kwargs={"via": via, "kind": kind, "section": section},
            meta={"handle_httpstatus_all": True},
        )

    def _article(self, number: str, via: str, source: str | None, section: str | None = None) -> Request | None:
        """The request of an article; None when it was asked for lately, or cannot lie in the time that is asked for.

        `section`: the code of the section in whose list it stands.
        """
        key = int(number)
        known = self._named.get(key)
        inside = self._remember(key, self.wanted.could_have(number)) if known is None else known
        if inside:
            self.coverage.name(key, via, full=section is None and via in _FULL)
        if known is not None and section is None:  # a sidebar may have named it first, and not known its section
            return None
        if not inside:
            self._count(f"skipped/outside/{via}")
            return None
        return Request(
            canonical_url(number, self.site),
            self.parse_article,
            errback=self.failed,
            priority=self._priority(via),
            cb_kwargs={
                "number": number,
                "via": via,
                "source": source,
                "at": self.now().isoformat(),
                "section": section,
            },
            meta={"handle_httpstatus_all": True, KEY: number, RANK: int(number), STAT: f"found/{via}"},
        )

    def _priority(self, via: str) -> int:
        """How soon an article is fetched, by the way that named it."""
        if via in ("related", "sidebar") and not self.wanted.everything:
            return _PRIORITY_OUTSIDE_LISTS
        return _PRIORITY_BREAKING if via in self._breaking else _PRIORITY_ARTICLES

    def _remember(self, key: int, inside: bool) -> bool:
        """Keep for a while whether an article can lie in the time that is asked for, which is given back."""
        self._named[key] = inside
        if len(self._named) > _REMEMBERED:
            del self._named[next(iter(self._named))]
        return inside

    # What a page says

    def parse_list(
        self,
        response: Response,
        via: str,
        section: str | None = None,
        previous: Sequence[str] = (),
        in_rows: bool = False,
        hops: int = 0,
    ) -> Iterator[Request]:
        """A list's rows, the top bar, and the next page unless the rows are older than asked for, or nothing new came.

        `previous`: the articles of the page before; `in_rows`: they stood in rows, so that a page without rows is the end.
        """
        if response.status in REDIRECTS:
            yield from self._redirected_list(response)
            return
        if response.status in (404, 410) and via == "topbar":
            self._count("gone/topbar")  # a dead link of the page's is no loss of ours
            return
        if response.status != 200:
            self._lost(response.request, f"list/{response.status}")
            return
        page = self._page(response)
        yield from self._top_bar(page)
        rows = known = discovery.rows(page, self.site)
        if not known and not in_rows:
            rows = [discovery.Row(number) for number in discovery.listed_numbers(page, self.site)]
        self._count("list/pages")
        for row in rows:
            yield from self._row(row, via, response.url, section)
        numbers = [row.number for row in rows]
        if not numbers and not previous and via == "list":
            self._lost(response.request, "list/names_no_article")
        reach = response.meta.get(REACH, 0)
        since = datetime.fromtimestamp(reach, KST) if reach else None
        fresh = [row for row in rows if row.number not in previous]  # not what is pinned to every page
        older = sum(1 for row in fresh if since and discovery.is_older(row, since))
        if older >= _OLD_ENOUGH * len(fresh):  # nothing new is old enough too
            return
        following = discovery.next_page(page, self.site)
        if following and following != response.url:
            yield self._list(following, via, reach, section=section, previous=numbers, in_rows=bool(known))

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

    def _row(self, row: discovery.Row, via: str, source: str, section: str | None) -> Iterator[Request]:
        if not self.wanted.could_have_row(row):
            if int(row.number) not in self._named:
                self._remember(int(row.number), False)
                self._count(f"skipped/outside/{via}")
        elif request := self._article(row.number, via, source, section):
            yield request

    def _top_bar(self, page: Page) -> Iterator[Request]:
        """The pages of the top bar; not with `sections`, whose articles they need not be."""
        if len(self._menus) >= _MENUS or not self.wanted.everything or "topbar" not in self.arguments.ways:
            return
        menu = discovery.menu(page)
        if menu in self._menus:
            return
        self._menus.add(menu)
        for url in discovery.top_bar(page, self.site):
            if url not in self._bar:
                self._bar.add(url)
                yield self._list(url, "topbar", self.wanted.reach)

    def parse_article(
        self,
        response: Response,
        number: str,
        via: str,
        source: str | None,
        at: str,
        section: str | None = None,
        hops: int = 0,
    ) -> Iterator[Request | Article]:
        """The links of an article's page, then the article."""
        if response.status in REDIRECTS:
            yield from self._redirected_article(response, number, hops)
        elif response.status in (404, 410):
            self._count(f"gone/{response.status}")
        elif response.status != 200:
            self._lost(response.request, f"article/{response.status}")
        else:
            page = self._page(response)
            yield from self._top_bar(page)
            article = None
            wanting = self.wanted.askers
            try:
                article = self._extract(page, number, response)
                wanting = self._wanting(article, number, section) if article else wanting
            finally:  # an error in extraction costs the article and is told, but costs no links
                yield from self._links(page, article, number, wanting)
            if article is not None and wanting:
                article.found = Found(via, source, datetime.fromisoformat(at))
                yield article

    def _extract(self, page: Page, number: str, response: Response) -> Article | None:
        """The article; None for one that is gone, and for one that is lost because its page has no body container."""
        try:
            return self._read(page, number, response)
        except Gone:
            self._count("gone/empty")
        return None

    def _links(self, page: Page, article: Article | None, number: str, wanting: list[Arguments]) -> Iterator[Request]:
        """Related articles, then those of the sidebar, as `follow` says to those who want the article."""
        follow = frozenset[str]().union(*(one.follow for one in wanting))
        if not follow:
            return
        related = [identifier.rpartition(":")[2] for identifier in article.related] if article else []
        sidebar = discovery.article_numbers(page, self.site) if "sidebar" in follow else []
        own = {number, *related}
        ways = [
            *((other, "related") for other in related if "related" in follow),
            *((other, "sidebar") for other in sidebar if other not in own),
        ]
        source = canonical_url(number, self.site)
        for other, via in ways:
            if request := self._article(other, via, source):
                yield request

    def _wanting(self, article: Article, number: str, listed_in: str | None) -> list[Arguments]:
        """Who asked for an article, which is counted as skipped when nobody did."""
        of_time = self.wanted.of_time(article, number)
        wanting = self.wanted.of_section(of_time, article, listed_in)
        if not wanting:
            self._count("skipped/section" if of_time else "skipped/outside/published")
        return wanting

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

    def _redirected_list(self, response: Response) -> Iterator[Request]:
        assert response.request is not None
        hops = response.request.cb_kwargs.get("hops", 0)
        url = self._target(response)
        if not url or hops >= MOST_REDIRECTS:
            self._lost(response.request, "list/redirect")
        else:
            yield again(response.request, url, hops + 1)
