"""Where to look for articles, and what lists, feeds, sitemaps and pages of links name: each article is asked for once."""

from __future__ import annotations

import logging
from collections.abc import AsyncIterator, Iterator, Sequence
from datetime import datetime
from typing import Any

from scrapy import Request
from scrapy.http import Response

from newscrawl.arguments import Arguments
from newscrawl.clock import MACHINE, Clock
from newscrawl.discovery import pages, ways
from newscrawl.discovery.coverage import Coverage
from newscrawl.extraction import Page
from newscrawl.identity import canonical_url
from newscrawl.items import Article
from newscrawl.korean import KST
from newscrawl.lease import KEY, RANK, REACH, STAT
from newscrawl.site import Way
from newscrawl.spider.base import MOST_REDIRECTS, REDIRECTS, SiteSpider, again
from newscrawl.syndication import NotAFeed, NotASitemap
from newscrawl.wanted import Wanted, reach_of

logger = logging.getLogger(__name__)

# Lists, feeds and the like first: they move on while they are read, and tell what there is. Then breaking news, then other articles, the
# newest first; where only some sections are asked for, what only a link names and may be of another comes after them. Last, at 0, what
# the output has.
_PRIORITY_LISTS, _PRIORITY_BREAKING, _PRIORITY_ARTICLES, _PRIORITY_OUTSIDE_LISTS = 30, 25, 20, 10
# Of everything, not of a section, these are meant to name every article of their time.
_FULL = frozenset(("list", "feed", "sitemap"))
_OLD_ENOUGH = 0.8  # of a page's new rows: a page in an unknown form has other links among them
_MOST_SITEMAPS = 50  # that one index names; an archive of years is not read in passing
_REMEMBERED = 10_000  # numbers, 1 MB; a page names some hundred, most of them those of the page before
_MENUS = 100  # different menus in which a run looks for a top bar; a site has a few, and its advertisements vary them


class FindingSpider(SiteSpider):
    """The part of a spider that finds articles. A subclass reads them, with `parse_article`."""

    def __init__(self, name: str | None = None, _clock: Clock = MACHINE, **arguments: str) -> None:
        super().__init__(name, _clock)
        self.arguments = Arguments.parse(arguments, self.site, self.now())
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
        """What an article's page gives; a subclass says. The arguments are what `_article` knows of it."""
        raise NotImplementedError

    # What a page names

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
        rows = known = pages.rows(page, self.site)
        if not known and not in_rows:
            rows = [pages.Row(number) for number in pages.listed_numbers(page, self.site)]
        self._count("list/pages")
        for row in rows:
            yield from self._row(row, via, response.url, section)
        numbers = [row.number for row in rows]
        if not numbers and not previous and via == "list":
            self._lost(response.request, "list/names_no_article")
        reach = response.meta.get(REACH, 0)
        since = datetime.fromtimestamp(reach, KST) if reach else None
        fresh = [row for row in rows if row.number not in previous]  # not what is pinned to every page
        older = sum(1 for row in fresh if since and pages.is_older(row, since))
        if older >= _OLD_ENOUGH * len(fresh):  # nothing new is old enough too
            return
        following = pages.next_page(page, self.site)
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

    def _row(self, row: pages.Row, via: str, source: str, section: str | None) -> Iterator[Request]:
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
        menu = pages.menu(page)
        if menu in self._menus:
            return
        self._menus.add(menu)
        for url in pages.top_bar(page, self.site):
            if url not in self._bar:
                self._bar.add(url)
                yield self._list(url, "topbar", self.wanted.reach)

    def _redirected_list(self, response: Response) -> Iterator[Request]:
        assert response.request is not None
        hops = response.request.cb_kwargs.get("hops", 0)
        url = self._target(response)
        if not url or hops >= MOST_REDIRECTS:
            self._lost(response.request, "list/redirect")
        else:
            yield again(response.request, url, hops + 1)
