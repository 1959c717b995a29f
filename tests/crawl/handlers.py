"""A download handler of somebody's own, as a project may set it."""

from __future__ import annotations

from scrapy import Request
from scrapy.core.downloader.handlers.http11 import HTTP11DownloadHandler
from scrapy.http import Response


class Counting(HTTP11DownloadHandler):
    """Counts what it is asked for, by host."""

    async def download_request(self, request: Request) -> Response:
        """Scrapy's own answer."""
        self.crawler.stats.inc_value(f"asked/{request.url.split('/')[2].split(':')[0]}")
        return await super().download_request(request)
