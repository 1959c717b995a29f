"""Scrapy's scheduler over the durable frontier: in place of memory and disk queues, and of the filter of duplicates."""

from __future__ import annotations

import asyncio
import logging
import time
from collections import deque
from collections.abc import AsyncIterator
from typing import Any, Protocol, cast

import orjson
from scrapy import Request, Spider, signals
from scrapy.core.scheduler import BaseScheduler
from scrapy.crawler import Crawler
from scrapy.exceptions import CloseSpider
from scrapy.http import Response
from scrapy.utils.asyncio import create_looping_call
from scrapy.utils.request import RequestFingerprinterProtocol, request_from_dict

from newscrawl.folders import feed_path, origin, state_url
from newscrawl.lease import KEY, LEASE, OWN_KEYS, PARENT, RANK, REACH, STAT, Lease, lease_of
from newscrawl.site import Site
from newscrawl.state import Committed, Database, Journal, Recovered, StateError, Task
from newscrawl.verdict import figures

logger = logging.getLogger(__name__)

COMMIT_EVERY = 0.25  # seconds
COMMIT_AT = 500  # things that wait for a commit; bounds what a crash makes us fetch again, and the memory
_LEASED_AHEAD = 8  # requests for each that may be under way: few enough that a more urgent one does not wait long
_NO_PARTS = frozenset(("url", "priority", "encoding", "dont_filter", "meta"))
CANNOT_OPEN = "cannot_open_state"
CANNOT_WRITE = "cannot_write"


class Resumable(Protocol):
    """What the scheduler asks of a spider: `NewsSpider` has it."""

    site: Site
    job: str | None

    @property
    def scope(self) -> str:
        """What the run is asked for, as text."""

    def resume(self, scopes: list[str]) -> None:
        """Go on with what is left of these, this run's among them."""


class FrontierScheduler(BaseScheduler):
    """Leases requests from the state, and commits what came of them a few times a second."""

    def __init__(self, crawler: Crawler) -> None:
        assert crawler.request_fingerprinter is not None
        assert crawler.stats is not None
        self.crawler = crawler
        self.stats = crawler.stats
        self._fingerprinter: RequestFingerprinterProtocol = crawler.request_fingerprinter
        self._ahead = max(1, crawler.settings.getint("CONCURRENT_REQUESTS")) * _LEASED_AHEAD
        self._journal: Journal | None = None
        self._leased: deque[Task] = deque()
        self._again: deque[Request] = deque()  # leased ones that come back: retries, redirects
        self._under_way = 0
        self._dry = False  # the last lease gave nothing, and nothing was added since
        self._given_up = False
        self._last_commit = 0.0
        self._ticker = create_looping_call(self._tick)

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> FrontierScheduler:
        scheduler = cls(crawler)
        for signal in (signals.item_scraped, signals.item_dropped):
            crawler.signals.connect(scheduler._item_done, signal=signal)
        crawler.signals.connect(scheduler._item_failed, signal=signals.item_error)
        crawler.signals.connect(scheduler._opened, signal=signals.spider_opened)
        return scheduler

    @property
    def journal(self) -> Journal:
        """What the run has done since the last commit. Raises CloseSpider when the state could not be opened."""
        if self._journal is None:
            raise CloseSpider(CANNOT_OPEN)
        return self._journal

    def open(self, spider: Spider) -> None:
        """Begin the run; when the state cannot be used, after a line that says why, the spider is closed as soon as it is open."""
        self.spider = spider
        settings, ours = self.crawler.settings, cast("Resumable", spider)
        site = ours.site.name
        try:
            journal = Journal(
                Database(state_url(settings, site)), feed_path(settings, site, ours.job), origin(settings)
            )
            recovered, scopes = journal.begin(site, ours.scope, ours.job)
        except (StateError, OSError) as error:
            logger.critical("%s", error)
            return
        self._journal = journal
        self._go_on_with(recovered, scopes)
        self._ticker.start(COMMIT_EVERY, now=False)

    def _opened(self) -> None:
        """Raises CloseSpider when there is no state. Raised in `open`, it would leave Scrapy half opened."""
        if self._journal is None:
            raise CloseSpider(CANNOT_OPEN)

    def close(self, reason: str) -> None:
        """The last commit; what is left waits for the next run."""
        if self._ticker.running:
            self._ticker.stop()
        if self._journal is None:
            return
        try:
            self._take(self.journal.commit())
            if left := self.journal.end(reason, figures(self.stats.get_stats())):
                self.stats.set_value("newscrawl/left", left)
        except (StateError, OSError) as error:
            self._give_up(error)
            self.journal.abandon()
        if self.journal.feed:
            logger.info("%d articles in %s", self.stats.get_value("newscrawl/exported", 0), self.journal.feed)

    # What Scrapy asks

    def has_pending_requests(self) -> bool:
        """Whether there is anything left to do; asked when all that was under way is dealt with."""
        return bool(self._again or self._leased) or self._refill() or self._take_over()

    def enqueue_request(self, request: Request) -> bool:
        """Take a request in; whether it is new is found out at the commit."""
        if lease_of(request):
            self._again.append(request)
            return True
        parent: Lease | None = request.meta.pop(PARENT, None)
        self.journal.add(self._task(request))
        self._dry = False
        if parent:
            parent.closed()
        if self.journal.size >= COMMIT_AT:
            self._commit()
        return True

    def next_request(self) -> Request | None:
        """The most urgent request that waits; None for now when there is none."""
        if self._again:
            return self._again.popleft()
        # While pages are under way, lease at most as often as commits are made anyway: they end soon, and we are asked again.
        soon = self._under_way and time.monotonic() - self._last_commit < COMMIT_EVERY / 10
        while self._leased or (not soon and self._refill()):
            if request := self._request(self._leased.popleft()):
                self._under_way += 1
                return request
        return None

    def reserve(self, host: str, delay: float) -> float:
        """Seconds to wait for the host's next turn, which is taken thereby; the one after it comes `delay` seconds later."""
        try:
            return self.journal.reserve(host, delay)
        except StateError as error:
            self._give_up(error)
            return delay

    # Commits

    def _refill(self) -> bool:
        """Lease more; whether there is any."""
        if self._given_up or self._dry:
            return False
        self._commit(self._ahead)
        self._dry = not self._leased
        return bool(self._leased)

    def _take_over(self) -> bool:
        """Before this run ends: go on with what another left that died meanwhile; whether there is any."""
        if self._given_up:
            return False
        try:
            recovered, scopes = self.journal.take_over()
        except (StateError, OSError) as error:
            self._give_up(error)
            return False
        if recovered.requests:
            self._go_on_with(recovered, scopes)
        return bool(recovered.requests) and self._refill()

    def _go_on_with(self, left: Recovered, scopes: list[str]) -> None:
        cast("Resumable", self.spider).resume(scopes)
        self._dry = False
        if left.requests or left.bytes:
            logger.info(
                "Going on with %d requests that earlier runs left (%d of them died); %d bytes were missing in their feeds",
                left.requests,
                left.runs,
                left.bytes,
            )

    def _tick(self) -> None:
        if self.journal.size and time.monotonic() - self._last_commit > COMMIT_EVERY / 2:
            self._commit()

    def _commit(self, lease: int = 0) -> None:
        if self._given_up:
            return
        self._last_commit = time.monotonic()
        try:
            self._take(self.journal.commit(lease))
        except (StateError, OSError) as error:
            self._give_up(error)

    def _take(self, committed: Committed) -> None:
        self._leased.extend(committed.leased)
        for stat, count in committed.new.items():
            self.stats.inc_value(f"newscrawl/{stat}", count)
        for stat, count in (("exported", committed.exported), ("seen", committed.seen)):
            if count:
                self.stats.inc_value(f"newscrawl/{stat}", count)
        if committed.undelivered:
            self._give_up(committed.undelivered)

    def _give_up(self, error: Exception) -> None:
        """Nothing can be written any more: end the run. What was committed is safe, what was not is fetched again."""
        if self._given_up:
            return
        self._given_up = True
        logger.critical("%s. The run ends here; nothing is lost: start it again when that is mended.", error)
        assert self.crawler.engine is not None
        if self.crawler.engine.running:
            closing = self.crawler.engine.close_spider_async(reason=CANNOT_WRITE)
            self._closing = asyncio.get_running_loop().create_task(closing)

    # Requests and what comes of them

    def _task(self, request: Request) -> Task:
        meta = request.meta
        key = meta.get(KEY) or self._fingerprinter.fingerprint(request).hex()
        parts = self._parts(request)
        parts["meta"] = {name: value for name, value in meta.items() if name not in OWN_KEYS}
        return Task(
            key,
            request.url,
            orjson.dumps({name: value for name, value in parts.items() if value}, default=_text).decode(),
            request.priority,
            meta.get(RANK, 0),
            meta.get(REACH, 0),
            meta.get(STAT),
        )

    def _parts(self, request: Request) -> dict[str, Any]:
        """What of a request is no default, by Scrapy's names."""
        if request.method == "GET" and not (request.headers or request.body or request.cookies or request.flags):
            callback, errback = getattr(request.callback, "__name__", None), getattr(request.errback, "__name__", None)
            # Nearly all, in a fifth of the time.
            return {"callback": callback, "errback": errback, "cb_kwargs": request.cb_kwargs}
        return {name: value for name, value in request.to_dict(spider=self.spider).items() if name not in _NO_PARTS}

    def _request(self, task: Task) -> Request | None:
        """The request of a task; None when it cannot be read: another version wrote it, whose spider had other methods."""
        assert task.id is not None
        try:
            parts = orjson.loads(task.request)
            request = request_from_dict({"url": task.url, "priority": task.priority, **parts}, spider=self.spider)
        except ValueError as error:
            why = f"cannot be read: {error}"
        else:
            return self._leased_request(request, task, task.id)
        self.stats.inc_value("newscrawl/failed/unreadable_request")
        self.journal.fail(task.id, why)
        logger.error("Lost %s (what the state keeps of it %s)", task.url, why)
        return None

    def _leased_request(self, request: Request, task: Task, row: int) -> Request:
        request.meta[KEY], request.meta[RANK], request.meta[REACH] = task.key, task.rank, task.reach
        request.meta[LEASE] = Lease(row, self._finished)
        return request

    def _finished(self, lease: Lease) -> None:
        self._under_way -= 1
        if lease.failed:
            self.journal.fail(lease.row, lease.failed)
        else:
            self.journal.finish(lease.row)

    def _item_done(self, response: Response | None) -> None:
        if response is not None and (lease := lease_of(response.request)):
            lease.closed()

    def _item_failed(self, response: Response | None) -> None:
        if response is not None and (lease := lease_of(response.request)):
            lease.failed = "error in a pipeline"
            lease.closed()


def _text(value: object) -> str:
    """Headers and bodies are bytes; anything else that JSON has no form for is a mistake of the spider's."""
    if isinstance(value, bytes):
        return value.decode("latin-1")
    raise TypeError(f"a request that is to be kept cannot hold a {type(value).__name__}: {value!r}")


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
