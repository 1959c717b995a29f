"""Where the walks down the lists begin: at the top, or at a date, which is looked for; and what the ledger says need not be walked."""

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
from newscrawl.discovery.days import Span, bounds_of, day_of, still_open
from newscrawl.discovery.seeking import Seek
from newscrawl.discovery.walking import LATE, Walk, earliest_time
from newscrawl.korean import KST
from newscrawl.lease import KEY, RANK, REACH
from newscrawl.spider.base import REDIRECTS
from newscrawl.spider.lists import RECENT, ListSpider
from newscrawl.spider.naming import PRIORITY_ARTICLES

logger = logging.getLogger(__name__)

_DAY = 86_400
_A_LOOK = 600  # seconds of articles
_FEW_PAGES, _MOST_DAYS = 10, 31  # a walk of fewer pages is hardly worth its search: the next one is twice as long


class BackfillSpider(ListSpider):
    """The part of a spider that reaches into the past."""

    def __init__(self, name: str | None = None, _clock: Clock = MACHINE, **arguments: str) -> None:
        super().__init__(name, _clock, **arguments)
        self._searches = 0  # for the place of a date in the list of everything
        self._held: list[Request] = []  # those in other lists, until the first of these is over
        self._ended: dict[str, int] = {}  # lists that end before the time asked for: when (seconds since 1970)

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
            yield from self.arrived()

    def arrived(self) -> Iterator[Request]:
        """A walk from a date has come there, or will not: the searches in the other lists begin."""
        held, self._held = self._held, []
        yield from held

    def _walks(self, code: str) -> Iterator[Request]:
        """The beginnings of the walks down a list."""
        asked, now = self.arguments, int(self.clock.time())
        assert asked.since is not None
        until = min(int(asked.until.timestamp()), now) if asked.until else now
        since = int(asked.since.timestamp()) // 60 * 60  # rows show minutes, and all of one may come after this second
        spans = self._open(code, (since, until), now)
        if asked.order == "oldest" and spans:
            yield self._seek_oldest(code, spans[-1][0], spans[0][1])
            return
        for first, last in spans:
            if last == now:
                yield self._first_page(Walk(code, first, begun=now))
            else:
                yield self._seek(Walk(code, first, last), Seek(last))

    def _open(self, code: str, span: Span, now: int) -> list[Span]:
        """The parts of a span that are to be walked, the newest first: without the days that are settled, unless they are recent, and
        without what walks of earlier runs go on with."""
        settled = self.ledger.settled(code, day_of(span[0]), day_of(min(span[1], now - RECENT)))
        walks = (key.split(":") for key, _ in self.ledger.waiting(f"walk:{code}:"))
        taken = [(int(first), int(last)) for _, _, first, last, *_ in walks]
        # One from the top has passed the days after those that it has still to walk, and the ledger knows them; not what came after it began.
        begun = ((int(key.split(":")[2]), reach) for key, reach in self.ledger.waiting(f"top:{code}:"))
        taken += [(reach, min(at - LATE, now - RECENT)) for at, reach in begun]
        return still_open(span, settled, taken)

    def _seek(self, walk: Walk, seek: Seek, previous: Sequence[str] = ()) -> Request:
        """The next page to look at for the place of a date in a list. `previous`: the articles of the page at `seek.low`."""
        # In the list of everything first; in the others while the articles are fetched that it names: a look for those of ten minutes.
        first = walk.code == self.site.list_all
        later = 0 if first else _A_LOOK * (seek.probes + 1)
        at = seek.target + (later if self.arguments.order == "oldest" else -later)
        return Request(
            self._address(walk.code, seek.next_offset(self.site.list_step)),
            self.parse_seek,
            errback=self.list_failed,
            priority=PRIORITY_ARTICLES,
            cb_kwargs={"walk": asdict(walk), "seek": asdict(seek), "previous": list(previous)},
            meta={
                "handle_httpstatus_all": True,
                KEY: self._key(walk, f"seek{seek.probes}"),
                RANK: self._rank(at) + first,
                REACH: walk.since,
            },
        )

    def _seek_oldest(self, code: str, since: int, end: int, days: int = 1, below: Seek | None = None) -> Request:
        """The first days of a span, from which walks go on towards `end`. `below`: a search that knows a page from before `since`."""
        until = min(bounds_of(day_of(since + (days - 1) * _DAY))[1], end)
        walk, seek = Walk(code, since, until, end, days), replace(below or Seek(0), target=until)
        found = seek.is_found(self.site.list_step)
        return self._walk_from(walk, max(0, seek.low - self.site.list_step)) if found else self._seek(walk, seek)

    def list_failed(self, failure: Failure) -> Iterator[Request]:
        """A page of a list that gave no response: the other lists are walked without it."""
        self.failed(failure)
        yield from self.arrived()

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
            yield from self._lost_list(response, str(response.status))
            return
        self._count("list/probes")
        rows = [] if beyond else self._rows_of(self._page(response), in_rows=False)[0]
        if not rows and offset == 0:
            yield from self._lost_list(response, "names_no_article")
            return
        fresh = [row for row in rows if row.number not in previous]
        # At the earliest, so that a page is above the moment only if its rows surely are: from there one walks on.
        times = sorted(time for row in fresh if (time := earliest_time(row)) is not None)
        at = int(median_low(times)) if times else None  # a page without anything new lies beyond the end
        found = here.narrowed(offset, at, (times[-1] - times[0]) / len(times) if times else 0.0)
        if found.is_found(self.site.list_step):
            # A page above the place: the rows need not be in the strictest order.
            yield self._walk_from(way, max(0, found.low - self.site.list_step))
        else:
            newer = [row.number for row in rows] if found.low == offset else previous
            yield self._seek(way, found, newer)

    def _walk_from(self, walk: Walk, offset: int) -> Request:
        assert walk.until is not None
        begun = replace(walk, top=offset)
        return self._list(
            self._address(walk.code, offset), "list", walk.since, walk.until, begun, section=self._section(walk)
        )

    def after(self, walk: Walk, *, ended: bool) -> Iterator[Request]:
        """What follows a walk that is over, or whose list `ended` before the time that is asked for: the day after it, if the oldest comes
        first."""
        if ended:
            self._ended.setdefault(walk.code, walk.reached)
        if walk.until is not None and walk.end is not None and walk.until < walk.end:
            below = Seek(0, low_at=int(self.clock.time()), high=walk.top, high_at=walk.until)
            days = min(2 * walk.days, _MOST_DAYS) if walk.pages < _FEW_PAGES else walk.days
            yield self._seek_oldest(walk.code, walk.until + 1, walk.end, days, below)

    def closed(self, reason: str) -> None:
        """Scrapy calls it at the end: say which lists end too early; what lies before their ends they do not name."""
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
