"""Scrapy extension: shows while a run goes on how far it is. In place of Scrapy's `LogStats`."""

from __future__ import annotations

import atexit
import logging
import os
import time
from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, Any, Protocol, runtime_checkable

from scrapy import signals
from scrapy.crawler import Crawler
from scrapy.exceptions import NotConfigured
from scrapy.settings import BaseSettings
from scrapy.utils.asyncio import AsyncioLoopingCall, create_looping_call
from scrapy.utils.log import get_scrapy_root_handler
from twisted.internet.task import LoopingCall

from newscrawl.progress.figures import Counts, Course, Doing, Figures
from newscrawl.progress.wording import log_line, rows
from newscrawl.storage import STANDARD_OUTPUT

if TYPE_CHECKING:
    from newscrawl.progress.live import LiveRows

logger = logging.getLogger("newscrawl.progress")

_DRAW_EVERY = 0.5  # seconds
_PLAIN_TERMINALS = ("", "dumb", "unknown")  # values of TERM


@runtime_checkable
class SaysWhatItDoes(Protocol):
    """What a spider may have."""

    def doing(self) -> Doing | None:
        """What it does at the moment; None when it cannot say."""


class Progress:
    """Rows on a terminal that the log goes to; where there is none, or it cannot be seen, a log line every LOGSTATS_INTERVAL seconds."""

    def __init__(self, crawler: Crawler, interval: float) -> None:
        self._crawler = crawler
        self._interval = interval
        self._course = Course()
        self._tickers: list[AsyncioLoopingCall | LoopingCall] = []
        self._rows: LiveRows | None = None
        self._seen = False  # whether the rows are

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Progress:
        """Raises NotConfigured when LOGSTATS_INTERVAL is 0: neither rows nor lines."""
        interval = crawler.settings.getfloat("LOGSTATS_INTERVAL")
        if interval <= 0:
            raise NotConfigured
        progress = cls(crawler, interval)
        crawler.signals.connect(progress._opened, signal=signals.spider_opened)
        crawler.signals.connect(progress._closed, signal=signals.spider_closed)
        return progress

    def _opened(self) -> None:
        self._figures()  # the first rate counts from here
        self._every(self._interval, self._log)
        handler = _log_on_terminal()
        if handler and not _feed_on_stdout(self._crawler.settings):
            from newscrawl.progress.live import LiveRows  # rich takes a tenth of a second to import

            self._rows = LiveRows(handler)
            atexit.register(self._rows.vanish)  # a second Ctrl-C ends a run that is not closed
            self._every(_DRAW_EVERY, self._draw)
            self._draw()

    def _every(self, seconds: float, do: Callable[[], None]) -> None:
        ticker = create_looping_call(do)
        ticker.start(seconds, now=False)
        self._tickers.append(ticker)

    def _closed(self) -> None:
        for ticker in self._tickers:
            if ticker.running:  # an error in it stops it, and it alone
                ticker.stop()
        if self._rows:
            self._rows.vanish()
            atexit.unregister(self._rows.vanish)

    def _draw(self) -> None:
        assert self._rows is not None
        self._seen = self._rows.show(partial(rows, self._figures()))

    def _log(self) -> None:
        figures = self._figures()
        if not self._seen:
            logger.info("Progress: %s", log_line(figures))

    def _figures(self) -> Figures:
        spider = self._crawler.spider
        doing = spider.doing() if isinstance(spider, SaysWhatItDoes) else None
        return self._course.add(time.monotonic(), Counts.of(self._crawler.stats.get_stats()), doing)


def _log_on_terminal() -> logging.StreamHandler[Any] | None:
    """The handler of Scrapy's log, if that goes to a terminal that can move its cursor."""
    handler = get_scrapy_root_handler()
    if not isinstance(handler, logging.StreamHandler):
        return None
    is_terminal = getattr(handler.stream, "isatty", None)
    can_move = os.environ.get("TERM", "") not in _PLAIN_TERMINALS
    return handler if can_move and is_terminal is not None and is_terminal() else None


def _feed_on_stdout(settings: BaseSettings) -> bool:
    """Whether records are printed (`-o -`): rows would stand between them."""
    return any(str(name) in STANDARD_OUTPUT for name in settings.getdict("FEEDS"))
