"""What a spider asks of the browser: the same page once more, with what its scripts make of it; counted."""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import Self

from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.exceptions import IgnoreRequest
from scrapy.http import HtmlResponse, Response

from newscrawl.browser.choice import HOW, Choice, choose
from newscrawl.browser.visit import VISIT, ArticleVisit, ListVisit, Visit
from newscrawl.extraction import Page, awaits_script, shown
from newscrawl.retry import is_ending
from newscrawl.site import Site

logger = logging.getLogger(__name__)


class BrowserFailed(Exception):
    """The browser could not show the page. The message is one word: crashed, timeout, cannot_start, error."""


class NoTime(Exception):
    """The run ends before the page could be tried: it is left to the next run."""


class Browser:
    """The browser of a run, as a spider sees it; it is started when the first page needs it."""

    def __init__(self, crawler: Crawler, site: Site, choice: Choice) -> None:
        self.crawler, self.site, self.choice = crawler, site, choice
        self._wait = crawler.settings.getfloat("NEWSCRAWL_BROWSER_WAIT")

    @classmethod
    def of(cls, crawler: Crawler, site: Site) -> Self | None:
        """That of a run by its settings; None when it has none. Where one was wanted and is missing, the log says how to get it."""
        settings = crawler.settings
        choice = choose(settings["NEWSCRAWL_BROWSER"], settings["NEWSCRAWL_BROWSER_PATH"])
        if choice.missing:
            logger.info(
                "Pages whose body a script fills are lost: %s is not here. To read them: %s. NEWSCRAWL_BROWSER=off says nothing",
                choice.missing,
                HOW,
            )
        return None if choice.mode == "off" else cls(crawler, site, choice)

    def needs(self, page: Page) -> bool:
        """Whether an article page, as plain HTTP gave it, has no body yet and may get one."""
        return awaits_script(page, self.site)

    def wants(self, page: Page) -> bool:
        """Whether it is tried: when it needs it, or `always`."""
        return self.choice.mode == "always" or self.needs(page)

    async def article(self, response: Response, page: Page) -> HtmlResponse | None:
        """The page of an article with what its scripts make of it; None when they bring no body that it had not. Raises BrowserFailed, NoTime."""
        before = shown(page, self.site)
        visit = ArticleVisit(response, page, self.site, self._wait, lambda: is_ending(self.crawler))
        try:
            rendered = await self._tried(visit)
        except BrowserFailed:
            if visit.is_over():  # who ends a run in a terminal ends the browser too
                raise NoTime from None
            self._count("failed", needed=not before)
            raise
        after = shown(Page(rendered.text, rendered.url), self.site)
        self._count("gained" if after and not before else "nothing", needed=not before)
        return rendered if after else None

    async def grown(
        self, response: Response, page: Page, articles: Callable[[Page], int], wants_more: Callable[[Page], bool]
    ) -> Page:
        """A page of links with what it shows to who presses 더보기 or scrolls; the same when nothing comes, or the browser fails. Raises NoTime.

        `articles`: how many a page names; `wants_more`: whether those do not reach far enough.
        """
        visit = ListVisit(response, page, self.site, self._wait, lambda: is_ending(self.crawler))
        visit.articles, visit.wants_more = articles, wants_more
        try:
            grown = Page((await self._tried(visit)).text, response.url)
        except BrowserFailed as error:
            if visit.is_over():
                raise NoTime from None
            logger.warning("%s is read as it is: the browser failed (%s)", response.url, error)
            self._count_list("failed")
            return page
        more = articles(grown) > articles(page)
        self._count_list("gained" if more else "nothing")
        return grown if more else page

    def _count_list(self, what: str) -> None:
        assert self.crawler.stats is not None
        self.crawler.stats.inc_value(f"newscrawl/browser_lists/{what}")

    async def _tried(self, visit: Visit) -> HtmlResponse:
        engine, stats = self.crawler.engine, self.crawler.stats
        assert engine is not None
        assert stats is not None
        meta = {"playwright": True, VISIT: visit, "dont_retry": True, "handle_httpstatus_all": True}
        try:
            rendered = await engine.download_async(Request(visit.url, meta=meta))
        except IgnoreRequest as error:  # its host asked us meanwhile to stay away
            raise NoTime from error
        stats.inc_value("response_received_count", -1)  # Scrapy takes it for another answer of the site
        assert isinstance(rendered, HtmlResponse)
        if visit.is_over():
            raise NoTime
        return rendered

    def _count(self, what: str, *, needed: bool) -> None:
        """A page that was tried, and what came of it; `needed`: plain HTTP had given no body."""
        assert self.crawler.stats is not None
        for name in ("tried", what, *(("needed",) if needed else ())):
            self.crawler.stats.inc_value(f"newscrawl/browser/{name}")
