"""A limit to the time that a run takes: closed in good order when it is reached, ended by force when that does not help."""

from __future__ import annotations

import asyncio
import faulthandler
import io
import logging
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TextIO

from scrapy import signals
from scrapy.crawler import Crawler
from scrapy.exceptions import NotConfigured
from scrapy.settings import BaseSettings
from scrapy.utils.asyncio import CallLaterResult, call_later
from scrapy.utils.log import get_scrapy_root_handler

logger = logging.getLogger(__name__)

SETTING = "NEWSCRAWL_TIME_LIMIT"
REASON = "time_limit"
# Seconds that the closing may take: a fifth of the limit. What is under way is waited for, and DOWNLOAD_TIMEOUT is 60.
SHORTEST_GRACE = 60.0
LONGEST_GRACE = 600.0


class TimeLimit:
    """Scrapy extension: closes a run that goes on for NEWSCRAWL_TIME_LIMIT seconds. What is left waits for the next run."""

    def __init__(self, crawler: Crawler, limit: float) -> None:
        self._crawler = crawler
        self._limit = limit
        self._timer: CallLaterResult | None = None

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> TimeLimit:
        """Raises NotConfigured when there is no limit."""
        limit = crawler.settings.getfloat(SETTING)
        if limit <= 0:
            raise NotConfigured
        extension = cls(crawler, limit)
        crawler.signals.connect(extension._opened, signal=signals.spider_opened)
        crawler.signals.connect(extension._closed, signal=signals.spider_closed)
        return extension

    def _opened(self) -> None:
        self._timer = call_later(self._limit, self._end)

    def _closed(self) -> None:
        if self._timer:
            self._timer.cancel()

    def _end(self) -> None:
        engine = self._crawler.engine
        assert engine is not None
        if not engine.running:  # somebody ends the run already
            return
        logger.warning(
            "The time limit of %.0f s (%s) is reached: the run ends here, the next one goes on with what is left",
            self._limit,
            SETTING,
        )
        self._closing = asyncio.get_running_loop().create_task(engine.close_spider_async(reason=REASON))


def grace(limit: float) -> float:
    """Seconds from the limit to the forced end."""
    return min(max(limit / 5, SHORTEST_GRACE), LONGEST_GRACE)


@contextmanager
def forced_end(settings: BaseSettings) -> Iterator[None]:
    """For the one who owns the process: ends it, with exit code 1, when what is inside goes on for longer than limit and grace.

    Where each thread stands is written to the log. It needs no Python code to run at that time, so a hang in C, or in a callback that
    does not return, ends too.
    """
    limit = settings.getfloat(SETTING)
    if limit <= 0:
        yield
        return
    logger.info("The run may take %.0f s. It is ended by force, as one that hangs, %.0f s later", limit, grace(limit))
    faulthandler.dump_traceback_later(limit + grace(limit), exit=True, file=_log())
    try:
        yield
    finally:
        faulthandler.cancel_dump_traceback_later()


def _log() -> TextIO:
    """Where Scrapy's log goes: a file (Scrapyd's is one), else standard error."""
    stream = getattr(get_scrapy_root_handler(), "stream", None)
    try:
        stream.fileno()  # type: ignore[union-attr]  # what has none cannot be written to without Python
    except (AttributeError, io.UnsupportedOperation):
        assert sys.__stderr__ is not None
        return sys.__stderr__
    return stream  # type: ignore[return-value]
