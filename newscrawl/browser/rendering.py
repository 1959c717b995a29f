"""Pages in Chromium, one at a time, each in a context of its own, by scrapy-playwright."""

from __future__ import annotations

import asyncio
import logging
from contextlib import suppress
from typing import Any

from playwright.async_api import Error
from playwright.async_api import TimeoutError as PageTimeout
from scrapy import Request
from scrapy_playwright.handler import ScrapyPlaywrightDownloadHandler

from newscrawl.browser.chromium import CANNOT_START, Chromium
from newscrawl.browser.fetching import Fetching
from newscrawl.browser.kept import Kept
from newscrawl.browser.opened import Opened
from newscrawl.browser.trying import Browser, BrowserFailed
from newscrawl.browser.visit import Visit

logger = logging.getLogger(__name__)
logging.getLogger("scrapy-playwright").setLevel(logging.ERROR)  # we say what failed, once, and what became of it

PAGES_EACH = 200  # after so many a browser is ended: what it leaks goes with it
_OPENING = 15.0  # seconds until a page must have begun
_CLOSING = 5.0  # seconds for a context, or a browser, to end


class Rendering(ScrapyPlaywrightDownloadHandler):  # type: ignore[misc]  # it has no types
    """scrapy-playwright's handler, with a browser that is started late and answers that come from us."""

    def __init__(self, ours: Browser) -> None:
        super().__init__(ours.crawler)
        self.config.target_closed_max_retries = 0  # we try once more, in a new browser
        self.browser_provider = Chromium(ours.choice.path, self.config)
        self._ours = ours
        self._libraries = frozenset(ours.crawler.settings.getlist("NEWSCRAWL_BROWSER_LIBRARIES"))
        self._kept = Kept()
        self._one = asyncio.Lock()
        self._pages = 0
        self._broken = False

    async def render(self, visit: Visit) -> str:
        """The page as HTML, with what its scripts made of it. Raises BrowserFailed, after a second try if the browser crashed."""
        async with self._one:
            try:
                return await self._visited(visit)
            except BrowserFailed as error:
                if str(error) != "crashed" or visit.is_over():
                    raise
                logger.info("The browser crashed on %s, which is tried once more", visit.url)
            return await self._visited(visit)

    async def _visited(self, visit: Visit) -> str:
        if self._broken or visit.is_over():
            raise BrowserFailed(CANNOT_START)
        self._pages += 1
        name = f"page-{self._pages}"
        opened = Opened(self._fetching(visit), self._libraries, visit)
        try:
            await self._ready()
            return await self._seen(visit, opened, name)
        except BrowserFailed as error:
            self._cannot_start(error)
            raise
        except (TimeoutError, PageTimeout) as error:
            if opened.has_begun and self._is_alive:
                raise BrowserFailed("timeout") from error
            await self._renew()  # the browser itself does not answer
            raise BrowserFailed("crashed") from error
        except Error as error:
            logger.debug("%s in the browser: %s", visit.url, error)
            ended = "closed" in str(error) or "crashed" in str(error)
            raise BrowserFailed("crashed" if ended else "error") from error
        finally:
            opened.fetching.close()
            await self._closed(name)

    def _fetching(self, visit: Visit) -> Fetching:
        return Fetching(self._ours.crawler, self._ours.site, self._libraries, self._kept, visit.wait)

    async def _seen(self, visit: Visit, opened: Opened, name: str) -> str:
        request = Request(visit.url, meta=self._meta(opened, name))
        await self._maybe_launch_browser()  # which has a patience of its own
        await self._begun(request)
        opened.page = request.meta["playwright_page"]
        return await visit.stay(opened)

    async def _begun(self, request: Request) -> None:
        """Open the page. Raises TimeoutError, also as soon as the browser is gone: what is asked of it just then is never answered."""
        gone, browser = asyncio.Event(), self.browser

        def note(_: object) -> None:
            gone.set()

        browser.on("disconnected", note)
        tasks = [asyncio.ensure_future(one) for one in (self.download_request(request), gone.wait())]
        try:
            await asyncio.wait(tasks, timeout=_OPENING, return_when=asyncio.FIRST_COMPLETED)
            if not tasks[0].done():
                raise TimeoutError
            with suppress(UnicodeEncodeError):  # half a character, in an answer that nobody reads: the page is open
                await tasks[0]
        finally:
            browser.remove_listener("disconnected", note)
            for task in tasks:
                task.cancel()

    def _meta(self, opened: Opened, name: str) -> dict[str, Any]:
        context = {
            "user_agent": self._ours.crawler.settings["USER_AGENT"],
            "locale": "ko-KR",
            "timezone_id": "Asia/Seoul",
            "service_workers": "block",
            "accept_downloads": False,
        }
        return {
            "playwright": True,
            "playwright_include_page": True,  # the visit goes on after the page has begun
            "playwright_context": name,
            "playwright_context_kwargs": context,
            "playwright_page_init_callback": opened.prepare,
            "playwright_page_goto_kwargs": {"wait_until": "commit"},
        }

    @property
    def _is_alive(self) -> bool:
        browser = getattr(self, "browser", None)
        return browser is not None and browser.is_connected()

    async def _ready(self) -> None:
        """Make room for a new browser where one has served enough or is dead, and wait until scrapy-playwright has noticed."""
        browser = getattr(self, "browser", None)
        if browser is None:
            return
        if self._pages % PAGES_EACH == 0 and self._is_alive:
            await self._ended(browser)
        for _ in range(20):
            if browser.is_connected() or not hasattr(self, "browser"):
                return
            await asyncio.sleep(0.05)
        if getattr(self, "browser", None) is browser:
            del self.browser

    async def _renew(self) -> None:
        """End the browser and Playwright's driver; the next page begins with new ones."""
        await self._ended(getattr(self, "browser", None))
        with suppress(Error, TimeoutError):
            await self.browser_provider.close()
        if hasattr(self, "browser"):
            del self.browser
        self.context_wrappers.clear()

    async def _ended(self, browser: Any) -> None:
        if browser is None:
            return
        with suppress(Error, TimeoutError):
            async with asyncio.timeout(_CLOSING):
                await browser.close()

    async def _closed(self, name: str) -> None:
        """Close a page's context; where it cannot be closed, the browser."""
        wrapper = self.context_wrappers.get(name)
        if wrapper is None:
            return
        try:
            async with asyncio.timeout(_CLOSING):
                await wrapper.context.close()
        except Error:
            return  # the browser has ended
        except TimeoutError:
            await self._ended(self.browser)

    def _cannot_start(self, error: BrowserFailed) -> None:
        """Say once that there is no browser, and try no more in this run."""
        if str(error) == CANNOT_START and not self._broken:
            self._broken = True
            why = self.browser_provider.why
            logger.error("Cannot start %s: %s. Pages that need it are lost", self.browser_provider.path, why)

    async def close(self) -> None:
        """End the browser."""
        with suppress(Error, TimeoutError):
            async with asyncio.timeout(2 * _CLOSING):
                await super().close()
