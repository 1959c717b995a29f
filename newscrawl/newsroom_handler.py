"""The way to a newsroom: a download handler that asks 127.0.0.1 for what the crawler believes to ask the site for."""

from __future__ import annotations

from typing import cast
from urllib.parse import urlsplit

from scrapy import Request
from scrapy.core.downloader.handlers import DownloadHandlerProtocol
from scrapy.core.downloader.handlers.base import BaseDownloadHandler
from scrapy.crawler import Crawler
from scrapy.http import Response
from scrapy.utils.misc import build_from_crawler, load_object

from newscrawl.addon import THROUGH, loopback_origin


class NewsroomDownloadHandler(BaseDownloadHandler):
    """Sends every request to `NEWSCRAWL_NEWSROOM` with its own Host, through the handler that would have asked the site; nothing above it can
    tell the difference."""

    def __init__(self, crawler: Crawler) -> None:
        super().__init__(crawler)
        self._origin = loopback_origin(crawler.settings["NEWSCRAWL_NEWSROOM"])
        handler = build_from_crawler(load_object(crawler.settings[THROUGH]), crawler)
        self._through = cast("DownloadHandlerProtocol", handler)

    async def download_request(self, request: Request) -> Response:
        """The newsroom's response, under the address that was asked for."""
        parts = urlsplit(request.url)
        there = request.replace(url=f"{self._origin}{parts.path or '/'}{'?' + parts.query if parts.query else ''}")
        there.headers["Host"] = parts.netloc
        response = await self._through.download_request(there)
        request.meta.update(there.meta)  # download_latency, which AutoThrottle reads
        return response.replace(url=request.url)

    async def close(self) -> None:
        """The connections."""
        await self._through.close()
