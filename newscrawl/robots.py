"""robots.txt as RFC 9309 says: a missing one allows all, an unreachable one forbids all, and of the site itself ends the run."""

from __future__ import annotations

import asyncio
import logging
from dataclasses import dataclass
from urllib.parse import urlsplit

from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.exceptions import DownloadCancelledError, IgnoreRequest, NotConfigured
from scrapy.http import Response
from scrapy.http.request import NO_CALLBACK
from scrapy.robotstxt import RobotParser
from scrapy.utils.misc import build_from_crawler, load_object

from newscrawl.clock import Clock

logger = logging.getLogger(__name__)

UNREACHABLE = "site_unreachable"
ROBOTS_UNREACHABLE = "robots_unreachable"
_HOUR, _DAY = 3600, 86_400  # seconds


class HostUnreachable(IgnoreRequest):
    """A request that is not made now: robots.txt of its host cannot be had. It is no loss, and waits for a later run."""


class Unreachable(Exception):
    """robots.txt of a host cannot be had: RFC 9309, 2.3.1.4, everything there is forbidden."""


@dataclass(frozen=True, slots=True)
class Rules:
    """The rules of an origin, or their fetching, and when it began (seconds since 1970). None: everything is forbidden."""

    fetched: asyncio.Task[RobotParser | None]
    at: float

    def is_old(self, now: float) -> bool:
        """Whether they should be fetched again: after a day (RFC 9309, 2.4); after an hour, if they could not be had."""
        if not self.fetched.done():
            return False
        return now - self.at > (_HOUR if self.fetched.result() is None else _DAY)


class RobotsTxt:
    """Downloader middleware in place of Scrapy's, which takes an error page for rules and an unreachable file for permission."""

    def __init__(self, crawler: Crawler) -> None:
        if not crawler.settings.getbool("ROBOTSTXT_OBEY"):
            raise NotConfigured("ROBOTSTXT_OBEY is off")
        self.crawler = crawler
        self._agent: str = crawler.settings["ROBOTSTXT_USER_AGENT"] or crawler.settings["USER_AGENT"]
        self._parser: type[RobotParser] = load_object(crawler.settings["ROBOTSTXT_PARSER"])
        # What Scrapy itself takes for a failed download, and a redirect off the site or without end.
        self._failures = (
            *map(load_object, crawler.settings.getlist("RETRY_EXCEPTIONS")),
            DownloadCancelledError,
            IgnoreRequest,
        )
        self._clock = Clock.of(crawler.settings)
        self._rules: dict[str, Rules] = {}  # by origin

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> RobotsTxt:
        return cls(crawler)

    async def process_request(self, request: Request) -> None:
        """Raises IgnoreRequest for what robots.txt forbids, HostUnreachable where there is none to be had."""
        if request.meta.get("dont_obey_robotstxt"):
            return
        rules = await self._of(request)
        if rules is None:
            raise HostUnreachable(f"{request.url}: robots.txt cannot be had")
        if not rules.allowed(request.url, self._agent):
            self._count("robotstxt/forbidden")
            logger.debug("Forbidden by robots.txt: %s", request.url)
            raise IgnoreRequest("Forbidden by robots.txt")

    async def _of(self, request: Request) -> RobotParser | None:
        parts = urlsplit(request.url)
        origin = f"{parts.scheme}://{parts.netloc}"
        known, now = self._rules.get(origin), self._clock.time()
        if known is None or known.is_old(now):
            fetching = asyncio.get_running_loop().create_task(self._rules_or_none(origin, known))
            known = self._rules[origin] = Rules(fetching, now)
        return await known.fetched

    async def _rules_or_none(self, origin: str, before: Rules | None) -> RobotParser | None:
        """The rules of an origin, None when they cannot be had; while that lasts, those of `before` hold (RFC 9309, 2.4)."""
        old = await before.fetched if before else None
        try:
            return await self._fetch(origin)
        except HostUnreachable:
            return old  # asked to stay away, or the run ends: whoever found that has said so
        except Unreachable as error:
            if old is None:
                self._unreachable(origin, error)
            return old

    async def _fetch(self, origin: str) -> RobotParser:
        """Raises Unreachable for no answer, 5xx, 429, and a redirect that does not end; HostUnreachable when it may not be asked now."""
        # Whoever asks for something of an origin was let through already, also to a host that is not the site's.
        meta = {"dont_obey_robotstxt": True, "allow_offsite": True}
        robots = Request(f"{origin}/robots.txt", priority=1000, meta=meta, callback=NO_CALLBACK)
        assert self.crawler.engine is not None
        self._count("robotstxt/request_count")
        try:
            response = await self.crawler.engine.download_async(robots)
        except HostUnreachable:
            raise
        except self._failures as error:
            raise Unreachable(str(error) or type(error).__name__) from error
        self._count(f"robotstxt/response_status_count/{response.status}")
        return build_from_crawler(self._parser, self.crawler, _rules_of(response))

    def _unreachable(self, origin: str, error: Unreachable) -> None:
        """Of the site itself: the run ends with a line that says so. Of another of its hosts: that host is left out."""
        if not is_home(self.crawler, origin):
            logger.info("%s/robots.txt cannot be had (%s): nothing is asked of this host", origin, error)
            return
        answered = str(error).startswith("answered")
        if answered:
            logger.error(
                "%s/robots.txt %s: while it does, nothing may be fetched (RFC 9309). Try again later.", origin, error
            )
        else:
            logger.error("%s cannot be reached (%s). To see a crawl without the network: make demo", origin, error)
        assert self.crawler.engine is not None
        self._closing = asyncio.get_running_loop().create_task(
            self.crawler.engine.close_spider_async(reason=ROBOTS_UNREACHABLE if answered else UNREACHABLE)
        )

    def _count(self, key: str) -> None:
        assert self.crawler.stats is not None
        self.crawler.stats.inc_value(key)


def is_home(crawler: Crawler, url: str) -> bool:
    """Whether an address is on the site's own host, without which there is nothing to crawl; not on another of its hosts."""
    home = getattr(getattr(crawler.spider, "site", None), "home", "")
    return urlsplit(url)[:2] == urlsplit(home)[:2]


def _rules_of(response: Response) -> bytes:
    """The rules in a response: RFC 9309, 2.3.1: 2xx as it is, 4xx allows all, 5xx (and 429, which asks us to stay away) raises."""
    if response.status == 429 or response.status >= 500:
        raise Unreachable(f"answered {response.status}")
    return response.body if 200 <= response.status < 300 else b""
