"""Scrapy's scheduler over the durable frontier: in place of memory and disk queues, and of the filter of duplicates."""

from __future__ import annotations

import asyncio
import json
import logging
import time
from collections import deque
from typing import Protocol, cast

from scrapy import Request, Spider, signals
from scrapy.core.scheduler import BaseScheduler
from scrapy.crawler import Crawler
from scrapy.exceptions import CloseSpider
from scrapy.utils.asyncio import create_looping_call

from newscrawl import signals as our_signals
from newscrawl.beyond import Beyond, Resumable
from newscrawl.clock import Clock
from newscrawl.folders import feed_path
from newscrawl.lease import PARENT, Lease, lease_of
from newscrawl.leasing import Leasing
from newscrawl.ledger import Ledger, RunLedger
from newscrawl.opening import open_journal, open_state
from newscrawl.revisions import ages
from newscrawl.site import Site
from newscrawl.state import Committed, Journal, Payload, StateError, Task
from newscrawl.task_form import TaskForm
from newscrawl.verdict import figures

logger = logging.getLogger(__name__)

COMMIT_EVERY = 0.25  # seconds of the clock
_SHORTEST = 0.02  # seconds of the machine: a clock that runs fast is no reason to keep the disk busy
COMMIT_AT = 500  # things that wait for a commit; bounds what a crash makes us fetch again, and the memory
_LEASED_AHEAD = 8  # requests for each that may be under way: few enough that a more urgent one does not wait long
_BEATS = 8  # signs of life in the time after which a silent run counts as dead
CANNOT_OPEN = "cannot_open_state"
CANNOT_WRITE = "cannot_write"


class Asked(Resumable, Protocol):
    """What the scheduler asks of a spider: `NewsSpider` has it."""

    site: Site
    job: str | None
    asked_as: dict[str, str]
    ledger: Ledger

    @property
    def scope(self) -> str:
        """What the run is asked for, as text."""

    @property
    def rechecks(self) -> bool:
        """Whether the run looks again at articles that the output has."""


class FrontierScheduler(BaseScheduler):
    """Leases requests from the state, and commits what came of them a few times a second."""

    def __init__(self, crawler: Crawler) -> None:
        assert crawler.stats is not None
        self.crawler = crawler
        self.stats = crawler.stats
        self._recheck_ages = ages(crawler.settings.getlist("NEWSCRAWL_RECHECK_AFTER"))
        self._clock = Clock.of(crawler.settings)
        self._commit_every = max(_SHORTEST, self._clock.here(COMMIT_EVERY))
        self._ahead = max(1, crawler.settings.getint("CONCURRENT_REQUESTS")) * _LEASED_AHEAD
        self._journal: Journal | None = None
        self._leased: deque[Task] = deque()
        self._again: deque[Request] = deque()  # leased ones that come back: retries, redirects
        self._dry = False  # the last lease gave nothing, and nothing was added since
        self._given_up = False
        self._last_commit = 0.0
        self._beat_every: float | None = None  # seconds; None where nobody listens
        self._ticker = create_looping_call(self._tick)

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> FrontierScheduler:
        scheduler = cls(crawler)
        crawler.signals.connect(scheduler._opened, signal=signals.spider_opened)
        crawler.signals.connect(scheduler._settle, signal=our_signals.COUNTING)
        return scheduler

    @property
    def journal(self) -> Journal:
        """What the run has done since the last commit. Raises CloseSpider when the state could not be opened."""
        if self._journal is None:
            raise CloseSpider(CANNOT_OPEN)
        return self._journal

    @property
    def has_state(self) -> bool:
        """Whether the state could be opened."""
        return self._journal is not None

    def open(self, spider: Spider) -> None:
        """Begin the run; when the state cannot be used, after a line that says why, the spider is closed as soon as it is open."""
        self.spider = spider
        assert self.crawler.request_fingerprinter is not None
        self._tasks = TaskForm(spider, self.crawler.request_fingerprinter)
        settings, ours = self.crawler.settings, cast("Asked", spider)
        site = ours.site.name
        try:
            database = open_state(settings, site, patient=True)
            journal = open_journal(settings, database, feed_path(settings, site, ours.job), self._clock.time)
            asked = json.dumps(ours.asked_as, sort_keys=True)
            recovered, scopes = journal.begin(site, ours.scope, ours.job, looks=self._takes_looks, asked=asked)
        except (StateError, OSError) as error:
            logger.critical("%s", error)
            return
        self._journal = journal
        self._beat_every = database.node_timeout / _BEATS if database.shared else None
        self._leasing = Leasing(self.crawler, journal, self._tasks, self.give_up)
        self._tell_unfinished(journal)
        ours.ledger = RunLedger(journal, self.give_up, self._more)
        looks = self._recheck_ages if self._takes_looks else ()
        self._beyond = Beyond(self.crawler, ours, journal, looks, self.give_up)
        self._beyond.go_on_with(recovered, scopes)
        self._ticker.start(self._commit_every, now=False)

    def _tell_unfinished(self, journal: Journal) -> None:
        """A removal that was cut off is not finished by a run, whose feed grows."""
        try:
            count = journal.unfinished()
        except StateError as error:
            logger.warning("Whether articles are still to be removed is not known: %s", error)
            return
        if count:
            logger.warning(
                "The removal of %d articles was cut off: when this run has ended, scrapy forget goes on with it", count
            )

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
            self.crawler.signals.send_catch_log(our_signals.COUNTING)
            if left := self.journal.end(reason, figures(self.stats.get_stats())):
                self.stats.set_value("newscrawl/left", left)
        except (StateError, OSError) as error:
            self.give_up(error)
            self.journal.abandon()
        if self.journal.feed:
            counts = (self.stats.get_value(f"newscrawl/{name}", 0) for name in ("exported", "revised"))
            logger.info("%d articles and %d revisions in %s", *counts, self.journal.feed)

    @property
    def _takes_looks(self) -> bool:
        """Whether this run looks again at articles."""
        return bool(self._recheck_ages) and cast("Asked", self.spider).rechecks

    # What Scrapy asks

    def has_pending_requests(self) -> bool:
        """Whether there is anything left to do; asked when all that was under way is dealt with."""
        if self._again or self._leased or self._refill():
            return True
        for found in (self._beyond.take_over, self._beyond.recheck):
            if not self._given_up and found() and self._refill(anew=True):
                return True
        if self._given_up or not self._beyond.help():
            return False
        self._dry = False
        return True

    def enqueue_request(self, request: Request) -> bool:
        """Take a request in; whether it is new is found out at the commit."""
        if lease_of(request):
            self._again.append(request)
            return True
        parent: Lease | None = request.meta.pop(PARENT, None)
        self.journal.add(self._tasks.task(request))
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
        soon = self._leasing.under_way and time.monotonic() - self._last_commit < self._commit_every / 10
        while self._leased or (not soon and self._refill()):
            if request := self._leasing.request(self._leased.popleft()):
                return request
        return None

    def reserve(self, host: str, delay: float) -> float:
        """Seconds to wait for the host's next turn, which is taken thereby; the one after it comes `delay` seconds later."""
        try:
            return self.journal.reserve(host, delay)
        except StateError as error:
            self.give_up(error)
            return delay

    def archive_nothing(self) -> None:
        """No answer of this run is archived."""
        try:
            self.journal.archive_nothing()
        except StateError as error:
            self.give_up(error)

    def archived(self, address: str) -> Payload | None:
        """What earlier runs archived of an address."""
        try:
            return self.journal.payload(address)
        except StateError as error:
            self.give_up(error)
            return None

    # Commits

    def _refill(self, *, anew: bool = False) -> bool:
        """Lease more; whether there is any. `anew`: also when there was none a moment ago."""
        if self._given_up or (self._dry and not anew):
            return False
        self._commit(self._ahead)
        self._dry = not self._leased
        return bool(self._leased)

    def _more(self, retried: int) -> None:
        """So many requests that had failed wait again."""
        self.stats.inc_value("newscrawl/retried", retried)
        self._dry = False

    def _settle(self) -> None:
        """What is counted and what is in the state shall be the same."""
        if self._journal is not None and self.journal.size:
            self._commit()

    def _tick(self) -> None:
        quiet_for = time.monotonic() - self._last_commit
        if self.journal.size and quiet_for > self._commit_every / 2:
            self._commit()
        elif self._beat_every is not None and quiet_for > self._beat_every:
            self._beat()

    def _beat(self) -> None:
        """Let other machines know that this run lives."""
        if self._given_up:
            return
        self._last_commit = time.monotonic()
        try:
            self.journal.beat()
        except StateError as error:
            self.give_up(error)

    def _commit(self, lease: int = 0) -> None:
        if self._given_up:
            return
        self._last_commit = time.monotonic()
        try:
            self._take(self.journal.commit(lease))
        except (StateError, OSError) as error:
            self.give_up(error)

    def _take(self, committed: Committed) -> None:
        self._leased.extend(committed.leased)
        if committed.scopes:
            self.stats.inc_value("newscrawl/helped", len(committed.leased))
            self._beyond.helping(committed.scopes)
        for stat, count in committed.new.items():
            self.stats.inc_value(f"newscrawl/{stat}", count)
        counts = {"exported": committed.exported, "revised": committed.revised, "seen": committed.seen}
        counts["drop/duplicate/other_run"] = committed.beaten
        for stat, count in counts.items():
            if count:
                self.stats.inc_value(f"newscrawl/{stat}", count)
        if committed.written:
            self.crawler.signals.send_catch_log(our_signals.WRITTEN, entries=committed.written)
        if committed.undelivered:
            self.give_up(committed.undelivered)

    def give_up(self, error: Exception) -> None:
        """Nothing can be written any more: end the run. What was committed is safe, what was not is fetched again."""
        if self._given_up:
            return
        self._given_up = True
        logger.critical("%s. The run ends here; nothing is lost: start it again when that is mended.", error)
        assert self.crawler.engine is not None
        if self.crawler.engine.running:
            closing = self.crawler.engine.close_spider_async(reason=CANNOT_WRITE)
            self._closing = asyncio.get_running_loop().create_task(closing)
