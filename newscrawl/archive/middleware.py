"""Every answer of an article, a list, a feed and robots.txt goes into the archive, as it came."""

from __future__ import annotations

import logging
from functools import cache, partial
from http import HTTPStatus
from importlib.metadata import version
from typing import TYPE_CHECKING, Any, Protocol, cast
from urllib.parse import urlsplit

import orjson
from scrapy import Request, Spider, signals
from scrapy.crawler import Crawler
from scrapy.exceptions import NotConfigured
from scrapy.http import Response

import newscrawl
from newscrawl import signals as our_signals
from newscrawl.archive.answer import RESTATED, Answer
from newscrawl.archive.extra import is_on
from newscrawl.archive.files import ArchiveFiles
from newscrawl.archive.writing import Writing
from newscrawl.arguments import Arguments
from newscrawl.browser import Browser
from newscrawl.browser.visit import VISIT
from newscrawl.clock import Clock
from newscrawl.folders import archive_folder
from newscrawl.lease import ANSWERED_AT, ARCHIVED, lease_of
from newscrawl.site import Site
from newscrawl.wanted import Wanted

if TYPE_CHECKING:
    from newscrawl.scheduler import FrontierScheduler

logger = logging.getLogger(__name__)

_FORMAT = "https://iipc.github.io/warc-specifications/specifications/warc-format/warc-1.1/"


class Crawling(Protocol):
    """What of a spider goes with its answers."""

    site: Site
    wanted: Wanted
    browser: Browser | None


class Archive:
    """Downloader middleware, the nearest to the download: nothing is decompressed yet. `NEWSCRAWL_WARC` turns it on."""

    def __init__(self, crawler: Crawler) -> None:
        if not is_on(crawler.settings):
            crawler.signals.connect(_archive_nothing, signal=signals.spider_opened)
            raise NotConfigured  # with a reason Scrapy would warn of it
        self.crawler = crawler
        self._clock = Clock.of(crawler.settings)
        self._writing: Writing | None = None
        self._fields: dict[str, str] = {}
        self._asked: list[Arguments] = []

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Archive:
        archive = cls(crawler)
        crawler.signals.connect(archive.open, signal=signals.spider_opened)
        crawler.signals.connect(archive.note_restating, signal=our_signals.RESTATED)
        crawler.signals.connect(archive.tell, signal=signals.spider_closed)
        return archive

    def open(self) -> None:
        """The state is open: from now on its commits see to the archive."""
        assert self.crawler.engine is not None
        scheduler = cast("FrontierScheduler", self.crawler.engine.scheduler)  # by settings.py
        if not scheduler.has_state:
            return
        settings, site, run = self.crawler.settings, self._spider.site.name, scheduler.journal.run.id
        name = f"{site}-{self._clock.now():%Y%m%dT%H%M%S}-{run:05d}"
        files = ArchiveFiles(archive_folder(settings, site), name, settings.getint("NEWSCRAWL_WARC_SIZE"))
        self._fields = {
            "software": f"newscrawl/{newscrawl.__version__} scrapy/{version('scrapy')}",
            "format": "WARC File Format 1.1",
            "conformsTo": _FORMAT,
            "robots": "obey" if settings.getbool("ROBOTSTXT_OBEY") else "ignore",
            "operator": settings["NEWSCRAWL_CONTACT"] or "no contact given",
            "http-header-user-agent": settings["USER_AGENT"],
            "isPartOf": f"run {run} of {site}",
        }
        self._writing = Writing(files, self._clock.now, scheduler.archived)
        scheduler.journal.archive_in(self._writing)

    def process_response(self, request: Request, response: Response) -> Response:
        """The same response; the request's meta says where it is kept and when it came."""
        by_browser = VISIT in request.meta
        if self._writing is None or not (by_browser or lease_of(request) or _is_robots(request)):
            return response
        self._describe(self._writing)
        answer = self._answer(request, response)
        is_first = answer.context.get("callback") == "parse_article"
        keep = (
            self._writing.keep_rendered
            if by_browser
            else partial(self._writing.keep, status=response.status, is_first=is_first)
        )
        kept = keep(answer)
        request.meta[ARCHIVED], request.meta[ANSWERED_AT] = kept, answer.at
        self.crawler.stats.inc_value("newscrawl/archived")
        return response

    def note_restating(self) -> None:
        """Who reads the archive again shall say at the same point what turned out later."""
        if self._writing is not None:
            self._writing.note({"event": RESTATED})

    def tell(self) -> None:
        """How much was archived, and where."""
        if self._writing is not None and (count := self.crawler.stats.get_value("newscrawl/archived", 0)):
            logger.info("%d answers in %s", count, self._writing.files.folder)

    @property
    def _spider(self) -> Crawling:
        return cast("Crawling", self.crawler.spider)

    @property
    def _always_rendered(self) -> bool:
        browser = self._spider.browser
        return browser is not None and browser.choice.mode == "always"

    def _describe(self, writing: Writing) -> None:
        """Who asks for what may change in a run, when another died and left its requests."""
        if self._asked is not self._spider.wanted.askers:
            self._asked = self._spider.wanted.askers
            scopes = [asker.to_json() for asker in self._asked]
            writing.describe(self._fields | {"newscrawl-scopes": orjson.dumps(scopes).decode()})

    def _answer(self, request: Request, response: Response) -> Answer:
        visit = request.meta.get(VISIT)
        asked = request if visit is None else cast("Request", visit.asked_by)
        context: dict[str, Any] = {}
        if lease_of(asked):
            context = {"callback": getattr(asked.callback, "__name__", ""), "arguments": asked.cb_kwargs}
        if visit is None and self._always_rendered:
            context["browser"] = "always"  # a page that is made of this answer follows, and is read in its place
        address = str(response.ip_address) if response.ip_address else None
        now = self._clock.now()
        return Answer(response.url, _asked(request), _head(response), response.body, now, address, context)


def _archive_nothing(spider: Spider) -> None:
    assert spider.crawler.engine is not None
    scheduler = spider.crawler.engine.scheduler
    if getattr(scheduler, "has_state", False):  # a page that is only looked at has none
        cast("FrontierScheduler", scheduler).archive_nothing()


def _is_robots(request: Request) -> bool:
    return urlsplit(request.url).path == "/robots.txt"


def _asked(request: Request) -> bytes:
    parts = urlsplit(request.url)
    path = f"{parts.path or '/'}{'?' + parts.query if parts.query else ''}"
    first = f"{request.method} {path} HTTP/1.1\r\nHost: {parts.netloc}\r\n".encode()
    return first + _lines(request) + request.body


def _head(response: Response) -> bytes:
    first = f"{response.protocol or 'HTTP/1.1'} {response.status} {_phrase(response.status)}\r\n".encode()
    return first + _lines(response)


def _lines(message: Request | Response) -> bytes:
    """The headers, and the empty line after them."""
    written = message.headers.to_string()
    return written + b"\r\n\r\n" if written else b"\r\n"


@cache
def _phrase(status: int) -> str:
    """What usually stands behind a status: Scrapy does not keep the site's words."""
    try:
        return HTTPStatus(status).phrase
    except ValueError:
        return ""
