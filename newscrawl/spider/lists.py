"""Lists, walked from the top or from a date, and the pages of the top bar."""

from __future__ import annotations

import logging
from collections.abc import Iterator, Sequence
from dataclasses import asdict, replace
from datetime import datetime
from statistics import median_low
from typing import Any

from scrapy import Request
from scrapy.http import Response
from twisted.python.failure import Failure

from newscrawl.clock import MACHINE, Clock
from newscrawl.discovery import pages
from newscrawl.discovery.days import Span, bounds_of, day_of, still_open
from newscrawl.discovery.pages import Row
from newscrawl.discovery.seeking import Seek
from newscrawl.discovery.walking import Walk, day_listed, floor, is_over, likely_time
from newscrawl.extraction import Page
from newscrawl.items import Listed
from newscrawl.korean import KST
from newscrawl.lease import KEY, RANK, REACH
from newscrawl.spider.base import MOST_REDIRECTS, REDIRECTS, again
from newscrawl.spider.naming import PRIORITY_ARTICLES, PRIORITY_LISTS, NamingSpider
from newscrawl.verdict import total

logger = logging.getLogger(__name__)

_MENUS = 100  # different menus in which a run looks for a top bar; a site has a few, and its advertisements vary them
_RECENT = 172_800  # seconds; what is older is no news, and its lists do not go before articles
_DAY = 86_400
_DEALT_WITH = ("exported", "drop/", "gone/", "failed/", "no_container", "refused", "skipped/outside/published")
_FEW_PAGES, _MOST_DAYS = 10, 31  # a walk of fewer pages is hardly worth its search: the next one is twice as long


class ListSpider(NamingSpider):
    """The part of a spider that reads lists."""

    def __init__(self, name: str | None = None, _clock: Clock = MACHINE, **arguments: str) -> None:
        super().__init__(name, _clock, **arguments)
        self._menus: set[int] = set()  # menus already looked into for a top bar: most pages have the same
        self._bar: set[str] = set()  # pages of the top bar already asked for
        self._searches = 0  # for the place of a date in the list of everything
        self._held: list[Request] = []  # those in other lists, until the first of these is over
        self._shares: dict[str, float] = {}  # of the time asked for, how much each list was walked through
        self._ended: dict[str, int] = {}  # lists that end before the time asked for: when (seconds since 1970)

    # Where to begin

    def _lists(self, codes: Sequence[str]) -> Iterator[Request]:
        """A walk for each list and each span of time that the ledger does not know as walked.

        The places of a date in the other lists are looked for when that in the list of everything is found: the first articles come soon.
        """
        for code in codes:
            for request in self._walks(code):
                from_date = request.callback == self.parse_seek
                if from_date and code != self.site.list_all:
                    self._held.append(request)
                else:
                    self._searches += from_date
                    yield request
        if not self._searches:
            yield from self._release()

    def _release(self) -> Iterator[Request]:
        """The searches that wait for that in the list of everything."""
        held, self._held = self._held, []
        yield from held

    def _walks(self, code: str) -> Iterator[Request]:
        """The beginnings of the walks down a list."""
        asked, now = self.arguments, int(self.clock.time())
        assert asked.since is not None
        until = min(int(asked.until.timestamp()), now) if asked.until else now
        spans = self._open(code, (int(asked.since.timestamp()), until), now)
        if asked.order == "oldest" and spans:
            yield self._seek_oldest(code, spans[-1][0], spans[0][1])
            return
        for first, last in spans:
            yield (
                self._first_page(Walk(code, first)) if last == now else self._seek(Walk(code, first, last), Seek(last))
            )

    def _open(self, code: str, span: Span, now: int) -> list[Span]:
        """The parts of a span that are to be walked, the newest first: without the days that are settled, unless they are recent, and
        without what walks of earlier runs go on with."""
        settled = self.ledger.settled(code, day_of(span[0]), day_of(min(span[1], now - _RECENT)))
        keys = [key.split(":") for key in self.ledger.waiting(f"walk:{code}:")]
        return still_open(span, settled, [(int(first), int(last)) for _, _, first, last, *_ in keys])

    def _first_page(self, walk: Walk) -> Request:
        """A list from the top. Its pages are known by their addresses, whoever asks for them: two runs walk them once."""
        now = self.clock.time()
        return self._list(self._address(walk.code, 0), "list", walk.since, now, walk, section=self._section(walk))

    def _address(self, code: str, offset: int) -> str:
        return self.site.list_url.format(code=code, offset=offset)

    def _list(self, url: str, via: str, reach: int, at: float, walk: Walk | None = None, **more: Any) -> Request:
        """The request of a page, whose rows are wanted back to `reach` and are of about the time `at` (seconds since 1970)."""
        meta: dict[str, Any] = {"handle_httpstatus_all": True, REACH: reach, RANK: self._rank(at)}
        if walk and walk.until is not None:
            meta[KEY] = self._key(walk, url.rpartition("=")[2])
        recent = self.clock.time() - at < _RECENT and self.arguments.order == "newest"
        # With the oldest first: a few days' pages are read to their end before their articles, whose oldest stands there.
        few_days = walk is not None and walk.end is not None
        return Request(
            url,
            self.parse_list,
            errback=self.failed,
            priority=PRIORITY_LISTS if recent or few_days else PRIORITY_ARTICLES,
            cb_kwargs={"via": via, "walk": asdict(walk) if walk else None, **more},
            meta=meta,
        )

    def _key(self, walk: Walk, page: str) -> str:
        """What makes a page of a walk from a date the same as another; `_open` reads it."""
        return f"walk:{walk.code}:{walk.since}:{walk.last}:{walk.until}:{page}"

    # From a date

    def _seek(self, walk: Walk, seek: Seek, previous: Sequence[str] = ()) -> Request:
        """The next page to look at for the place of a date in a list. `previous`: the articles of the page at `seek.low`."""
        first = walk.code == self.site.list_all  # among equals: it names most
        return Request(
            self._address(walk.code, seek.next_offset(self.site.list_step)),
            self.parse_seek,
            errback=self.seek_failed,
            priority=PRIORITY_ARTICLES,
            cb_kwargs={"walk": asdict(walk), "seek": asdict(seek), "previous": list(previous)},
            meta={
                "handle_httpstatus_all": True,
                KEY: self._key(walk, f"seek{seek.probes}"),
                RANK: self._rank(seek.target) + first,
                REACH: walk.since,
            },
        )

    def _seek_oldest(self, code: str, since: int, end: int, days: int = 1, below: Seek | None = None) -> Request:
        """The first days of a span, from which walks go on towards `end`. `below`: a search that knows a page from before `since`."""
        until = min(bounds_of(day_of(since + (days - 1) * _DAY))[1], end)
        walk, seek = Walk(code, since, until, end, days), replace(below or Seek(0), target=until)
        found = seek.is_found(self.site.list_step)
        return self._walk_from(walk, max(0, seek.low - self.site.list_step)) if found else self._seek(walk, seek)

    def seek_failed(self, failure: Failure) -> Iterator[Request]:
        """A page on the way to a date that gave no response: the other lists are walked without it."""
        self.failed(failure)
        yield from self._release()

    def parse_seek(
        self,
        response: Response,
        walk: dict[str, Any],
        seek: dict[str, Any],
        previous: Sequence[str] = (),
        hops: int = 0,
    ) -> Iterator[Request]:
        """A page on the way to a date: another one, or the walk from there."""
        here, way = Seek(**seek), Walk(**walk)
        offset = here.next_offset(self.site.list_step)
        beyond = response.status in (404, 410) and offset > 0
        if response.status in REDIRECTS and not (beyond := self._target(response) is None and offset > 0):
            yield from self._redirected_list(response)
            return
        if response.status != 200 and not beyond:
            self._lost(response.request, f"list/{response.status}")
            yield from self._release()
            return
        self._count("list/probes")
        rows = [] if beyond else self._rows_of(self._page(response), in_rows=False)[0]
        if not rows and offset == 0:
            self._lost(response.request, "list/names_no_article")
            yield from self._release()
            return
        fresh = [row for row in rows if row.number not in previous]
        times = sorted(time for row in fresh if (time := likely_time(row)) is not None)
        at = int(median_low(times)) if times else None  # a page without anything new lies beyond the end
        found = here.narrowed(offset, at, (times[-1] - times[0]) / len(times) if times else 0.0)
        if found.is_found(self.site.list_step):
            # A page above the place: the rows need not be in the strictest order.
            yield self._walk_from(way, max(0, found.low - self.site.list_step))
            yield from self._release()
        else:
            newer = [row.number for row in rows] if found.low == offset else previous
            yield self._seek(way, found, newer)

    def _walk_from(self, walk: Walk, offset: int) -> Request:
        assert walk.until is not None
        begun = replace(walk, top=offset)
        return self._list(
            self._address(walk.code, offset), "list", walk.since, walk.until, begun, section=self._section(walk)
        )

    def _section(self, walk: Walk) -> str | None:
        return None if walk.code == self.site.list_all else walk.code

    # Page by page

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
            yield from self._after(way, ended=goes_on or not fresh)

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

    def _after(self, walk: Walk, *, ended: bool) -> Iterator[Request]:
        """What follows a walk that is over, or whose list `ended` before the time that is asked for: the day after it, if the oldest comes
        first."""
        if ended:
            self._ended.setdefault(walk.code, walk.reached)
        if walk.until is not None and walk.end is not None and walk.until < walk.end:
            below = Seek(0, low_at=int(self.clock.time()), high=walk.top, high_at=walk.until)
            days = min(2 * walk.days, _MOST_DAYS) if walk.pages < _FEW_PAGES else walk.days
            yield self._seek_oldest(walk.code, walk.until + 1, walk.end, days, below)

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

    def sum_up(self) -> None:
        """Also say which lists end too early: what lies before their ends they do not name."""
        super().sum_up()
        if not self._ended:
            return
        ends = (f"{self.site.sections.get(code, code)} at {_shown(at)}" for code, at in self._ended.items())
        logger.warning(
            "Lists end before %s: %s. What is older they do not name; -a probe=ids asks for each number of a day",
            f"{self.arguments.since:%Y-%m-%d %H:%M}",
            ", ".join(ends),
        )


def _shown(at: int) -> str:
    return datetime.fromtimestamp(at, KST).strftime("%Y-%m-%d %H:%M") if at else "its top"
