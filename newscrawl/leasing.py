"""Tasks of the state -> requests with a lease; what came of each goes back to the journal."""

from __future__ import annotations

import logging
from collections.abc import Callable

from scrapy import Request, signals
from scrapy.crawler import Crawler
from scrapy.exceptions import DropItem
from scrapy.http import Response
from twisted.python.failure import Failure

from newscrawl.lease import LEASE, Copied, Lease, LostItem, lease_of, lose
from newscrawl.state import AGAIN, Journal, StateError, Task, looked_at
from newscrawl.task_form import TaskForm
from newscrawl.verdict import PIPELINE_ERRORS

logger = logging.getLogger(__name__)


class Leasing:
    """The leases of a run. `under_way`: how many there are."""

    def __init__(
        self, crawler: Crawler, journal: Journal, tasks: TaskForm, give_up: Callable[[Exception], None]
    ) -> None:
        """`give_up`: told when the state cannot be read."""
        self.under_way = 0
        self._stats = crawler.stats
        self._journal = journal
        self._tasks = tasks
        self._give_up = give_up
        crawler.signals.connect(self._item_done, signal=signals.item_scraped)
        crawler.signals.connect(self._item_dropped, signal=signals.item_dropped)
        crawler.signals.connect(self._item_failed, signal=signals.item_error)

    def request(self, task: Task) -> Request | None:
        """The request of a task; None when it cannot be read: another version wrote it, whose spider had other methods."""
        assert task.id is not None
        try:
            request = self._tasks.request(task)
        except ValueError as error:
            why = f"cannot be read: {error}"
        else:
            look = looked_at(task.key)
            request.meta[LEASE] = Lease(task.id, self._finished, look, comes_again=task.key.endswith(AGAIN))
            if look is not None:
                self._say_what_we_have(request, look)
            self.under_way += 1
            return request
        self._stats.inc_value("newscrawl/failed/unreadable_request")
        self._journal.fail(task.id, why)
        logger.error("Lost %s (what the state keeps of it %s)", task.url, why)
        return None

    def _say_what_we_have(self, request: Request, number: int) -> None:
        """Let the site answer that nothing changed. Now, and not when the look came due: another look may have brought other words."""
        try:
            etag, last_modified = self._journal.validators(number)
        except StateError as error:
            self._give_up(error)
            return
        for name, value in (("If-None-Match", etag), ("If-Modified-Since", last_modified)):
            if value:
                request.headers[name] = value

    def _finished(self, lease: Lease) -> None:
        self.under_way -= 1
        if lease.failed:
            self._journal.fail(lease.row, lease.failed, lease.look)
        else:
            self._journal.finish(lease.row, comes_again=lease.comes_again, copied=lease.copied)

    def _item_done(self, response: Response | None) -> None:
        if response is not None and (lease := lease_of(response.request)):
            lease.closed()

    def _item_dropped(self, response: Response | None, exception: DropItem) -> None:
        if isinstance(exception, LostItem) and response is not None:
            lose(response.request, exception.reason)
        if isinstance(exception, Copied) and response is not None and (lease := lease_of(response.request)):
            lease.copied = True
        self._item_done(response)

    def _item_failed(self, response: Response | None, failure: Failure) -> None:
        """Scrapy logs it, and counts it nowhere. When it was the state that failed, the article is not lost: what is leased is given back."""
        if isinstance(failure.value, StateError):
            self._give_up(failure.value)
            return
        assert self._stats is not None
        self._stats.inc_value(PIPELINE_ERRORS)
        if response is not None and (lease := lease_of(response.request)):
            lease.failed = "error in a pipeline"
            lease.closed()
