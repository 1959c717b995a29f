"""What every callback of a spider needs: an answer -> a page, an article, where a redirect leads, or a loss that is told."""

from __future__ import annotations

import logging
import re
from collections.abc import AsyncIterator, Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any, ClassVar, Self
from urllib.parse import urljoin, urlsplit

import scrapy
from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.exceptions import IgnoreRequest
from scrapy.http import Headers, Response
from twisted.python.failure import Failure

from newscrawl.browser import Browser, BrowserFailed, NoTime
from newscrawl.clock import MACHINE, Clock
from newscrawl.extraction import Gone, NoContainer, Page, extract
from newscrawl.items import Article
from newscrawl.korean import KST
from newscrawl.lease import ANSWERED_AT, ARCHIVED, OWN_KEYS, lease_of, leave, lose
from newscrawl.progress import Doing
from newscrawl.retry import NotNow
from newscrawl.robots import HostUnreachable
from newscrawl.site import Site
from newscrawl.unreadable import UnreadablePages

logger = logging.getLogger(__name__)

REDIRECTS = frozenset((301, 302, 303, 307, 308))
MOST_REDIRECTS = 5  # RFC 9309 asks for five of robots.txt; an article needs one or two
_KINDS = {"parse_article": "article", "parse_recheck": "recheck", "parse_list": "list", "parse_way": "way"}


@dataclass(frozen=True, slots=True)
class Seen:
    """An article's page as it is read. `rendered`: the answer that it is of, when a browser had to make it; `failed`: why that could not,
    although it had to."""

    page: Page
    rendered: Response | None = None
    failed: str | None = None


class SiteSpider(scrapy.Spider):
    """A spider of one site: reads its answers, and counts what is lost. `browser`: that of the run, if it has one."""

    site: ClassVar[Site]
    unreadable: UnreadablePages
    browser: Browser | None = None

    def __init__(self, name: str | None = None, clock: Clock = MACHINE) -> None:
        super().__init__(name)
        self.clock = clock
        self._now_at: tuple[str, str | None, float | None] | None = None

    @classmethod
    def from_crawler(cls, crawler: Crawler, *args: Any, **kwargs: Any) -> Self:
        spider = super().from_crawler(crawler, *args, _clock=Clock.of(crawler.settings), **kwargs)
        if not crawler.settings["NEWSCRAWL_CONTACT"] and not crawler.settings["NEWSCRAWL_NEWSROOM"]:
            logger.warning("The site cannot tell whom to write to: set NEWSCRAWL_CONTACT to an address or URL of yours")
        spider.browser = Browser.of(crawler, cls.site)
        spider.unreadable = UnreadablePages(crawler.settings["NEWSCRAWL_DATA_DIR"], cls.site.name)
        return spider

    def now(self) -> datetime:
        """The time, in the site's zone."""
        return self.clock.now()

    def doing(self) -> Doing | None:
        """What the run does at the moment, and how much of its work is done: for its progress."""
        if self._now_at is None:
            return None
        what, section, at = self._now_at
        day = datetime.fromtimestamp(at, KST).date() if at else None
        return Doing(what, self.site.sections.get(section, section) if section else None, day, self.share_done())

    def share_done(self) -> float | None:
        """The share of the run's work that is done, 0 to 1; None when nobody can tell."""
        return None

    def _seen(
        self, response: Response, number: str, read: Callable[[Seen], Iterator[Any]]
    ) -> Iterator[Any] | AsyncIterator[Any]:
        """What `read` gives of an article's page, which is tried in the browser before, if it needs it."""
        if self.browser is None:
            return self._plain(response, read)
        return self._tried(response, number, read, self.browser)

    def _plain(self, response: Response, read: Callable[[Seen], Iterator[Any]]) -> Iterator[Any]:
        yield from read(Seen(self._page(response)))

    async def _tried(
        self, response: Response, number: str, read: Callable[[Seen], Iterator[Any]], browser: Browser
    ) -> AsyncIterator[Any]:
        page = self._page(response)
        try:
            seen = await self._in_browser(response, page, browser) if self._may_gain(page, number) else Seen(page)
        except NoTime:
            leave(response.request)
            return
        for given in read(seen):
            yield given

    def _may_gain(self, page: Page, number: str) -> bool:
        """Whether a page is tried in the browser: never that of an article which is gone."""
        if self.browser is None or not self.browser.wants(page):
            return False
        try:
            extract(page, number, self.site)
        except Gone:
            return False
        except NoContainer:
            pass
        return True

    async def _in_browser(self, response: Response, page: Page, browser: Browser) -> Seen:
        """Raises NoTime."""
        try:
            rendered = await browser.article(response, page)
        except BrowserFailed as error:
            return Seen(page, failed=str(error) if browser.needs(page) else None)
        return Seen(page) if rendered is None else Seen(_page_of(rendered), rendered)

    def _read(self, seen: Seen, number: str, response: Response) -> Article | None:
        """The article, None when it is lost. Raises Gone."""
        self._count("article_pages")
        if seen.failed:
            self._lost(response.request, f"browser/{seen.failed}")
            return None
        try:
            article = extract(seen.page, number, self.site)
        except NoContainer:
            self._count("no_container")
            lose(response.request, "no body container")
            kept = self.unreadable.keep(number, response.body, response.url)
            logger.warning("No body container in %s%s", response.url, f"; kept as {kept}" if kept else "")
            return None
        answer = seen.rendered or response
        article.fetched_at = self._answered_at(answer)
        article.archived = answer.meta.get(ARCHIVED)
        # What a browser made of a page may change while the page does not: it is never asked for on the condition that it has.
        article.validators = validators(response.headers) if seen.rendered is None else (None, None)
        return article

    def _answered_at(self, response: Response) -> datetime:
        """When the answer came, as the archive says, so that reading it again says the same; else now."""
        at: datetime | None = response.meta.get(ANSWERED_AT)
        return at or self.now()

    def _target(self, response: Response) -> str | None:
        """Where a redirect leads, if that is a page of this site; "" when it names no address."""
        location = (response.headers.get("Location") or b"").decode("latin-1")
        try:
            url = urljoin(response.url, location)
            parts = urlsplit(url)
        except ValueError:
            return ""
        on_site = parts.scheme in ("http", "https") and parts.hostname in self.site.hosts
        return url if on_site and not parts.path.startswith(self.site.forbidden_paths) else None

    def failed(self, failure: Failure) -> None:
        """A request that gave no response: forbidden, off the site, or lost after all tries."""
        request: Request = failure.request  # type: ignore[attr-defined]  # set by Scrapy for every errback
        name = getattr(request.callback, "__name__", "")
        kind = _KINDS.get(name, name)
        if failure.check(HostUnreachable):
            if failure.check(NotNow) or urlsplit(request.url).hostname == urlsplit(self.site.home).hostname:
                return  # the run ends, or its host wants to be left alone, and the log says so: the request waits for the next run
            self._lost(request, f"{kind}/host_unreachable")
        elif failure.check(IgnoreRequest):
            self._count("refused")
            if kind == "recheck":
                lose(request, "refused")  # tried again a few times, like any look that fails
        else:
            self._lost(request, f"{kind}/{type(failure.value).__name__}")
        if lease := lease_of(request):  # Scrapy hands what an errback gives to no middleware
            lease.closed()

    def _lost(self, request: Request | None, reason: str) -> None:
        assert request is not None
        self._count(f"failed/{reason}")
        lose(request, reason)
        self._tell_lost(request.url, reason)

    def _tell_lost(self, url: str, reason: str) -> None:
        logger.error("Lost %s (%s)", url, reason)

    def _page(self, response: Response) -> Page:
        self._count("pages")
        return _page_of(response)

    def _count(self, what: str, count: int = 1) -> None:
        assert self.crawler.stats is not None
        if count:
            self.crawler.stats.inc_value(f"newscrawl/{what}", count)


def _page_of(response: Response) -> Page:
    content_type = response.headers.get("Content-Type")
    return Page.from_bytes(response.body, response.url, content_type.decode("latin-1") if content_type else None)


_ETAG = re.compile(r'(?:W/)?"[\x21\x23-\x7e]{0,200}"')
_HTTP_DATE = re.compile(r"(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun), \d\d [A-Z][a-z]{2} \d{4} \d\d:\d\d:\d\d GMT", re.ASCII)


def validators(headers: Headers) -> tuple[str | None, str | None]:
    """ETag and Last-Modified of an answer in the forms of RFC 9110 (8.8.3, 5.6.7); None for one in another form: sent back, `*` would
    match any text."""
    etag, last_modified = ((headers.get(name) or b"").decode("latin-1") for name in ("ETag", "Last-Modified"))
    return (etag if _ETAG.fullmatch(etag) else None, last_modified if _HTTP_DATE.fullmatch(last_modified) else None)


def again(request: Request, url: str, hops: int) -> Request:
    """The same request at another address, as a redirect asks."""
    meta = {name: value for name, value in request.meta.items() if name in OWN_KEYS or name == "handle_httpstatus_all"}
    return request.replace(url=url, cb_kwargs={**request.cb_kwargs, "hops": hops}, meta=meta)
