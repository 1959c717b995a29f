"""A request on its way through Scrapy: what came of it, and whether all that came of it has been dealt with.

The scheduler hands out a request with its lease; the spider says when it is lost; `LeaseMiddleware` and the scheduler count what is
still to come. When nothing is, the scheduler is told.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from typing import Any

from scrapy import Request
from scrapy.exceptions import DropItem
from scrapy.http import Response

# Keys of `Request.meta`: what a spider may say of a request that it yields …
KEY = "frontier_key"  # what makes it the same as another; default: Scrapy's fingerprint
RANK = "frontier_rank"  # within its priority, the highest first
REACH = "frontier_reach"  # seconds since 1970: how far back the rows of a list are wanted
STAT = "frontier_stat"  # counted when the request is new to the state
# … and what the machinery notes.
LEASE = "frontier_lease"
PARENT = "frontier_parent"
ARCHIVED = "archived"  # where the answer is kept
ANSWERED_AT = "answered_at"  # when it came
OWN_KEYS = frozenset((KEY, RANK, REACH, STAT, LEASE, PARENT, ARCHIVED, ANSWERED_AT))


class Lease:
    """One leased request. `row`: its row in the frontier; `look`: the article of the output that it looks at again, None for others;
    `comes_again`: whether it may be asked for again in this run; `copied`: whether its article was dropped as a copy of another."""

    __slots__ = ("_on_finished", "_open", "comes_again", "copied", "failed", "look", "row")

    def __init__(
        self, row: int, on_finished: Callable[[Lease], None], look: int | None = None, *, comes_again: bool = False
    ) -> None:
        self.row = row
        self.look = look
        self.comes_again = comes_again
        self.copied = False
        self.failed: str | None = None  # why it is lost
        self._open = 1  # the page itself; each request and each item that it gives adds one until it is dealt with
        self._on_finished = on_finished

    def opened(self) -> None:
        """One more thing came of the page."""
        self._open += 1

    def closed(self) -> None:
        """One thing is dealt with."""
        self._open -= 1
        if self._open == 0:
            self._on_finished(self)


def lease_of(request: Request | None) -> Lease | None:
    """The lease of a request; None for one that the frontier did not give."""
    return request.meta.get(LEASE) if request is not None else None


def lose(request: Request | None, reason: str) -> None:
    """Say that what a request asks for is lost, for good as far as this run is concerned."""
    if lease := lease_of(request):
        lease.failed = reason


def leave(request: Request | None) -> None:
    """Say that a request is left to the next run: it is not done, whatever its page gives, and is given back when this run ends."""
    if lease := lease_of(request):
        lease.opened()  # and never closed


class LostItem(DropItem):
    """An item that is dropped and missed: the request that gave it counts as failed, with this reason."""

    reason = "lost"


class Copied(DropItem):
    """An article that the output has: the same id, or the same words (or what else is dropped) under another."""


class LeaseMiddleware:
    """Spider middleware, the nearest to the engine: counts what a page gives, and notes when it has given all."""

    async def process_spider_output(self, response: Response, result: AsyncIterator[Any]) -> AsyncIterator[Any]:
        """Everything, as it comes."""
        lease = lease_of(response.request)
        if lease is None:
            async for output in result:
                yield output
            return
        complete = False
        try:
            async for output in result:
                lease.opened()
                if isinstance(output, Request) and lease_of(output) is not lease:
                    output.meta[PARENT] = lease
                yield output
            complete = True
        finally:
            if not complete:
                lease.failed = lease.failed or "error in the spider"
            lease.closed()
