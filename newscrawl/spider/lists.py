"""Lists, page by page, and the pages of the top bar."""

from __future__ import annotations

import logging
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from typing import Any

from scrapy import Request
from scrapy.http import Response
from twisted.python.failure import Failure

from newscrawl.clock import MACHINE, Clock
from newscrawl.discovery import pages
from newscrawl.discovery.pages import Row
from newscrawl.discovery.walking import Walk, day_listed, floor, is_over
from newscrawl.extraction import Page
from newscrawl.items import Listed
from newscrawl.lease import KEY, RANK, REACH
from newscrawl.spider.base import MOST_REDIRECTS, REDIRECTS, again
from newscrawl.spider.naming import PRIORITY_ARTICLES, PRIORITY_LISTS, NamingSpider
from newscrawl.verdict import total

logger = logging.getLogger(__name__)

_MENUS = 100  # different menus in which a run looks for a top bar; a site has a few, and its advertisements vary them
RECENT = 172_800  # seconds; what is older is no news, and its lists do not go before articles
_DEALT_WITH = ("exported", "drop/", "gone/", "failed/", "no_container", "refused", "skipped/outside/published")


class ListSpider(NamingSpider):
    """The part of a spider that reads lists."""

    def __init__(self, name: str | None = None, _clock: Clock = MACHINE, **arguments: str) -> None:
        super().__init__(name, _clock, **arguments)
        self._menus: set[int] = set()  # menus already looked into for a top bar: most pages have the same
        self._bar: set[str] = set()  # pages of the top bar already asked for
        self._shares: dict[str, float] = {}  # of the time asked for, how much each list was walked through

    def _first_page(self, walk: Walk) -> Request:
        """A list from the top."""
        now = self.clock.time()
        return self._list(self._address(walk.code, 0), "list", walk.since, now, walk, section=self._section(walk))

    def _address(self, code: str, offset: int) -> str:
        return self.site.list_url.format(code=code, offset=offset)

    def _list(self, url: str, via: str, reach: int, at: float, walk: Walk | None = None, **more: Any) -> Request:
        """The request of a page, whose rows are wanted back to `reach` and are of about the time `at` (seconds since 1970)."""
        meta: dict[str, Any] = {"handle_httpstatus_all": True, REACH: reach, RANK: self._rank(at)}
        if walk:
            meta[KEY] = self._key(walk, url.rpartition("=")[2])
        recent = self.clock.time() - at < RECENT and self.arguments.order == "newest"
        # With the oldest first: a few days' pages are read to their end before their articles, whose oldest stands there.
        few_days = walk is not None and walk.end is not None
        return Request(
            url,
            self.parse_list,
            errback=self.list_failed,
            priority=PRIORITY_LISTS if recent or few_days else PRIORITY_ARTICLES,
            cb_kwargs={"via": via, "walk": asdict(walk) if walk else None, **more},
            meta=meta,
        )

    def _key(self, walk: Walk, page: str) -> str:
        """What makes a page of a walk the same as another; a later run reads it. From the top, whoever asks for how much: two runs walk it
        once."""
        if walk.until is None:
            return f"top:{walk.code}:{page}"
        return f"walk:{walk.code}:{walk.since}:{walk.last}:{walk.until}:{page}"

    def list_failed(self, failure: Failure) -> Iterator[Request]:
        """A page of a list that gave no response."""
        self.failed(failure)
        yield from ()

    def arrived(self) -> Iterator[Request]:
        """What follows when a walk from a date has come there, or will not; a subclass says."""
        raise NotImplementedError

    def after(self, walk: Walk, *, ended: bool) -> Iterator[Request]:
        """What follows a walk that is over, or whose list `ended` before the time that is asked for; a subclass says."""
        raise NotImplementedError

    def _section(self, walk: Walk) -> str | None:
        return None if walk.code == self.site.list_all else walk.code

    def parse_list(
        self,
        response: Response,
        via: str,
        section: str | None = None,
        walk: dict[str, Any] | None = None,
        previous: Sequence[str] = (),
        in_rows: bool = False,
        stale: int = 0,
        hops: int = 0,
    ) -> Iterator[Request | Listed]:
        """A list's rows, the top bar, and the next page unless the rows are older than asked for, or nothing new came twice.

        `previous`: the articles of the page before; `in_rows`: they stood in rows, so that a page without rows is the end; `stale`: pages in
        a row on which nothing was new.
        """
        if response.status in REDIRECTS:
            yield from self._redirected_list(response)
            return
        if response.status in (404, 410) and via == "topbar":
            self._count("gone/topbar")  # a dead link of the page's is no loss of ours
            return
        way = Walk(**walk) if walk else None
        is_end = response.status in (404, 410) and bool(previous or (way and way.top))
        if response.status != 200 and not is_end:
            self._lost(response.request, f"list/{response.status}")
            yield from self.arrived()
            return
        rows: list[Row] = []
        following = None
        if not is_end:
            page = self._page(response)
            yield from self._top_bar(page)
            rows, in_rows = self._rows_of(page, in_rows)
            following = pages.next_page(page, self.site)
            self._count("list/pages")
            for row in rows:
                if way is None or way.wants(row):
                    yield from self._row(row, via, response.url, section)
        if not rows and not previous and via == "list" and not (way and way.top):
            self._lost(response.request, "list/names_no_article")
            return
        fresh = [row for row in rows if row.number not in previous]  # not what is pinned to every page
        if way:
            way, listed = self._noted(way, fresh)
            yield listed
        # A page on which nothing is new may be the end of a list that repeats its last one; or as many rows came in at its top.
        stale = stale + 1 if rows and not fresh else 0
        reach = response.meta.get(REACH, 0)
        goes_on = stale == 1 or (bool(fresh) and not is_over(fresh, reach))
        if goes_on and following and following != response.url:
            numbers, at = [row.number for row in rows], floor(fresh or rows)
            known = {"previous": numbers, "in_rows": in_rows, "stale": stale}
            yield self._list(following, via, reach, at, way, section=section, **known)
        elif way:
            yield from self.after(way, ended=goes_on or not fresh)
        if way and way.until is not None and (way.reached <= way.until or not goes_on):
            yield from self.arrived()

    def _rows_of(self, page: Page, in_rows: bool) -> tuple[list[Row], bool]:
        """The rows of a list, and whether they stand in rows; where none does, and none did on the page before, all its links."""
        if known := pages.rows(page, self.site):
            return known, True
        return [] if in_rows else [Row(number) for number in pages.listed_numbers(page, self.site)], in_rows

    def _noted(self, walk: Walk, fresh: Sequence[Row]) -> tuple[Walk, Listed]:
        """The walk after a page with these new rows, and what the ledger is to know of it."""
        now = int(self.clock.time())
        after, passed = walk.on(fresh, now)
        self._note_share(after, now)
        rows = tuple((day, int(row.number)) for row in fresh if (day := day_listed(row)) is not None)
        return after, Listed(walk.code, rows, passed, now)

    def _note_share(self, walk: Walk, now: int) -> None:
        asked = self.arguments
        first = int(asked.since.timestamp()) if asked.since else walk.since
        last = min(int(asked.until.timestamp()), now) if asked.until else now
        done = walk.since - first if walk.end else last - max(walk.reached, walk.since)
        self._shares[walk.code] = min(max(done / max(1, last - first), 0.0), 1.0)
        self._now_at = "list", walk.code, walk.reached

    def share_done(self) -> float | None:
        """How far the lists were walked, as far as what they named was dealt with. A watch has no share: it has no end."""
        if self.arguments.watch or not self._shares:
            return None
        assert self.crawler.stats is not None
        stats = self.crawler.stats.get_stats()
        found = sum(total(stats, f"newscrawl/{name}") for name in ("found/", "retried"))
        dealt = sum(total(stats, f"newscrawl/{name}") for name in _DEALT_WITH)
        return sum(self._shares.values()) / len(self._shares) * min(1.0, dealt / found if found else 1.0)

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
                yield self._list(url, "topbar", self.wanted.reach, self.clock.time())

    def _redirected_list(self, response: Response) -> Iterator[Request]:
        assert response.request is not None
        hops = response.request.cb_kwargs.get("hops", 0)
        url = self._target(response)
        if not url or hops >= MOST_REDIRECTS:
            self._lost(response.request, "list/redirect")
        else:
            yield again(response.request, url, hops + 1)
