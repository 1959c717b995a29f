"""Politeness that runs share: two on one state ask a host no faster than one."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, cast

from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.exceptions import NotConfigured
from scrapy.utils.httpobj import urlparse_cached

if TYPE_CHECKING:
    from newscrawl.scheduler import FrontierScheduler


class SharedPace:
    """Downloader middleware, the last before the download: waits for the host's next turn, which all runs take from the state."""

    def __init__(self, crawler: Crawler) -> None:
        self.crawler = crawler
        self.delay = crawler.settings.getfloat("DOWNLOAD_DELAY")
        if not self.delay:
            raise NotConfigured  # with a reason Scrapy would warn of it

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> SharedPace:
        return cls(crawler)

    async def process_request(self, request: Request) -> None:
        """Returns when it is this request's turn."""
        engine = self.crawler.engine
        assert engine is not None
        slot = engine.downloader.slots.get(request.meta.get("download_slot", ""))
        delay = max(self.delay, slot.delay if slot else 0.0)  # AutoThrottle's, when the site is slow
        scheduler = cast("FrontierScheduler", engine.scheduler)  # by settings.py
        await asyncio.sleep(scheduler.reserve(urlparse_cached(request).netloc, delay))
