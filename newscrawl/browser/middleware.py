"""Downloader middleware: answers the requests that are meant for the browser, as a download would; all others pass."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from scrapy import Request, signals
from scrapy.crawler import Crawler
from scrapy.downloadermiddlewares.stats import DownloaderStats
from scrapy.exceptions import NotConfigured
from scrapy.http import HtmlResponse, Response

from newscrawl.browser.trying import Browser
from newscrawl.browser.visit import VISIT, Visit

if TYPE_CHECKING:
    from newscrawl.browser.rendering import Rendering


class InBrowser:
    """Stands after whatever decides whether a page may be asked for, and before the pace: the browser itself asks the site for nothing.

    It is no download handler, since those may not use Scrapy's downloader, which fetches what the page's scripts ask for.
    """

    def __init__(self, browser: Browser) -> None:
        self.browser = browser
        self._rendering: Rendering | None = None

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> InBrowser:
        browser = getattr(crawler.spider, "browser", None)
        if browser is None:
            raise NotConfigured  # with a reason Scrapy would warn of it
        made = cls(browser)
        crawler.signals.connect(made.close, signal=signals.engine_stopped)
        return made

    async def process_request(self, request: Request) -> Response | None:
        """The page as the browser shows it; None for any other request. Raises BrowserFailed."""
        if VISIT not in request.meta:
            return None
        visit = cast("Visit", request.meta[VISIT])
        if self._rendering is None:
            from newscrawl.browser.rendering import Rendering

            self._rendering = Rendering(self.browser)
        text = await self._rendering.render(visit)
        return HtmlResponse(
            visit.url, visit.status, visit.headers, text.encode("utf-8", "replace"), ["playwright"], request
        )

    async def close(self) -> None:
        """End the browser, if it was started."""
        if self._rendering is not None:
            await self._rendering.close()


class SiteStats(DownloaderStats):
    """Scrapy's counts of requests and answers, without pages that the browser made of an answer which was counted."""

    def process_request(self, request: Request) -> None:  # type: ignore[override]  # the spider is not given
        """Count a request to the site."""
        if VISIT not in request.meta:
            super().process_request(request)

    def process_response(self, request: Request, response: Response) -> Response:  # type: ignore[override]  # the spider is not given
        """Count an answer of the site."""
        if VISIT not in request.meta:
            super().process_response(request, response)
        return response

    def process_exception(self, request: Request, exception: Exception) -> None:  # type: ignore[override]  # the spider is not given
        """Count a request that failed."""
        if VISIT not in request.meta:
            super().process_exception(request, exception)
