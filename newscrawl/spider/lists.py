"""Lists, page by page, and the pages of the top bar."""

from __future__ import annotations

import logging
from collections.abc import Iterator, Sequence
from dataclasses import asdict, replace
from typing import Any

from scrapy import Request
from scrapy.http import Response
from twisted.python.failure import Failure

from newscrawl.clock import MACHINE, Clock
from newscrawl.discovery import pages
from newscrawl.discovery.pages import Row
from newscrawl.discovery.walking import ListPage, Walk, day_listed, floor, is_over
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
            page = url.rpartition("=")[2]  # which a walk that went back passes once more
            meta[KEY] = self._key(walk, f"{page}~{walk.back}" if walk.back else page)
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
        """What makes a page of a walk the same as another; a later run reads it. From the top each run walks by itself: pages of walks that
        began at different moments do not join."""
        if walk.until is None:
            return f"top:{walk.code}:{walk.begun}:{walk.since}:{page}"
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
        confirms: bool = False,
    ) -> Iterator[Request | Listed]:
        """A list's rows, the top bar, and the next page unless the rows are older than asked for, or little new came twice.

        `previous`: the articles of the page before; `in_rows`: they stood in rows, so that a page without rows is the end; `stale`: pages in
        a row on which little was new; `confirms`: the page was empty a moment ago.
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
            yield from self._lost_list(response, str(response.status))
            return
        page = None if is_end else self._page(response)
        rows, in_rows = self._rows_of(page, in_rows) if page else ([], in_rows)
        if page:
            self._count("list/pages")
            yield from self._top_bar(page)
        for row in rows:
            if way is None or way.wants(row):
                yield from self._row(row, via, response.url, section)
        if not rows and not previous and via == "list" and not (way and way.top):
            yield from self._lost_list(response, "names_no_article")
            return
        if way and not rows and not confirms and not self.comes_again(response.request):
            yield self._once_more(response.request)
            return
        here, known = ListPage(rows, previous), {"via": via, "section": section, "in_rows": in_rows}
        if way and self._overlaps(way, response) and not here.joins(way.reached):
            yield from self._go_back(response, here, way, known)
        else:
            yield from self._go_on(response, page, here, way, stale, known)

    def _overlaps(self, walk: Walk, response: Response) -> bool:
        """Whether the pages of a walk are asked for so that each has rows of the one before."""
        by_rows = pages.page_beside(response.url, 0) is not None
        return by_rows and not walk.rounded and not self.comes_again(response.request)

    def _step(self, response: Response, here: ListPage, walk: Walk | None) -> int:
        """So many rows below the beginning of a page the next one begins: some of this one stand there too, if it can be so."""
        overlap = here.overlap if walk and self._overlaps(walk, response) else 0
        return min(len(here.rows), self.site.list_step) - overlap

    def _go_back(self, response: Response, here: ListPage, walk: Walk, known: dict[str, Any]) -> Iterator[Request]:
        """The page half a page above one that does not join the one before it."""
        above = pages.page_beside(response.url, -len(here.previous) // 2)
        if walk.is_lost or above is None:
            yield from self._lost_list(response, "moves")
            return
        self._count("list/back")
        back, reach = replace(walk, back=walk.back + 1), response.meta.get(REACH, 0)
        yield self._list(above, reach=reach, at=walk.reached, walk=back, previous=here.previous, **known)

    def _go_on(
        self, response: Response, page: Page | None, here: ListPage, way: Walk | None, stale: int, known: dict[str, Any]
    ) -> Iterator[Request | Listed]:
        """What the ledger is to know of a page of a list, and the page after it, or what follows the walk. `known`: what the next page is
        told of this one."""
        if way:
            way, listed = self._noted(replace(way, rounded=way.rounds(here)), here)
            yield listed
        stale = stale + 1 if here.is_known else 0
        reach = response.meta.get(REACH, 0)
        goes_on = stale == 1 or (bool(here.fresh) and not is_over(here.fresh, reach))
        following = pages.next_page(page, self.site, self._step(response, here, way)) if page and goes_on else None
        if following and following != response.url:
            known = {**known, "previous": here.numbers, "stale": stale}
            yield self._list(following, reach=reach, at=floor(here.telling), walk=way, **known)
        elif way:
            yield from self.after(way, ended=goes_on or not here.fresh or here.is_known)
        if way and way.until is not None and (way.reached <= way.until or not goes_on):
            yield from self.arrived()

    def _lost_list(self, response: Response, why: str) -> Iterator[Request]:
        """A page of a list that cannot be read: the other lists are walked without it."""
        self._lost(response.request, f"list/{why}")
        yield from self.arrived()

    def comes_again(self, request: Request | None) -> bool:
        """Whether a request is asked for again and again, whatever its answer; a subclass may say so."""
        return False

    def _once_more(self, request: Request | None) -> Request:
        """A page of a list again, which is empty: it may be so by mistake, and what lies below it would be missed in silence."""
        assert request is not None
        meta = {name: request.meta[name] for name in ("handle_httpstatus_all", REACH, RANK)}
        meta[KEY] = f"{request.meta[KEY]}:confirms"
        return request.replace(cb_kwargs={**request.cb_kwargs, "confirms": True}, meta=meta)

    def _rows_of(self, page: Page, in_rows: bool) -> tuple[list[Row], bool]:
        """The rows of a list, and whether they stand in rows; where none does, and none did on the page before, all its links."""
        if known := pages.rows(page, self.site):
            return known, True
        return [] if in_rows else [Row(number) for number in pages.listed_numbers(page, self.site)], in_rows

    def _noted(self, walk: Walk, here: ListPage) -> tuple[Walk, Listed]:
        """The walk after a page, and what the ledger is to know of it."""
        now = int(self.clock.time())
        after, passed = walk.on(here.telling, now)
        self._note_share(after, now)
        rows = tuple((day, int(row.number)) for row in here.fresh if (day := day_listed(row)) is not None)
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
            yield from self._lost_list(response, "redirect")
        else:
            yield again(response.request, url, hops + 1)
