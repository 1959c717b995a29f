"""Retries that wait: as long as the server asks, else longer each time."""

from __future__ import annotations

import asyncio
import logging
import time
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from urllib.parse import urlsplit

from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.downloadermiddlewares.retry import RetryMiddleware
from scrapy.http import Response

from newscrawl.robots import HostUnreachable, is_home

logger = logging.getLogger(__name__)

ASKED_TO_STAY_AWAY = "asked_to_stay_away"
_DAY = 86_400.0  # seconds
_LOOK_UP = 0.5  # seconds between two looks, during a pause, at whether somebody ends the run


class NotNow(HostUnreachable):
    """A request that is left to the next run: its host asked us to stay away, or this run ends before its next try."""


class PatientRetry(RetryMiddleware):
    """Scrapy's retry middleware, after a pause. With one request at a time, as by default, the whole crawl pauses.

    A pause longer than we wait is neither cut short nor ignored: the run ends, and the next one goes on with what is left.
    """

    longest: float

    def __init__(self, crawler: Crawler) -> None:
        super().__init__(crawler.settings)
        self.crawler = crawler
        self.longest = crawler.settings.getfloat("NEWSCRAWL_LONGEST_PAUSE")
        self._away: set[str] = set()  # hosts that asked us to stay away

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> PatientRetry:
        return cls(crawler)

    def process_request(self, request: Request) -> None:
        """Raises NotNow for a host that asked us to stay away."""
        if urlsplit(request.url).netloc in self._away:
            raise NotNow(f"{request.url}: its host asked us to stay away")

    async def process_response(self, request: Request, response: Response) -> Request | Response:  # type: ignore[override]  # a coroutine is allowed
        """The response, or the request again after the pause that the response asks for. Raises NotNow when that is too long."""
        header = (response.headers.get("Retry-After") or b"").decode("latin-1")
        asked = retry_after(header, datetime.now(UTC))
        if asked is not None and asked > self._longest and response.status in self.retry_http_codes:
            self._stay_away(request.url, asked)
            raise NotNow(f"{request.url}: asks us to stay away")
        result = super().process_response(request, response)
        if isinstance(result, Request):
            await self._pause(result, asked)
        return result

    async def process_exception(self, request: Request, exception: Exception) -> Request | Response | None:  # type: ignore[override]  # as above
        """None, or the request again after a pause."""
        result = super().process_exception(request, exception)
        if isinstance(result, Request):
            await self._pause(result, None)
        return result

    async def _pause(self, request: Request, asked: float | None) -> None:
        """Wait. Raises NotNow as soon as somebody ends the run: a Ctrl-C does not wait for minutes."""
        seconds = min(backoff(request.meta["retry_times"]) if asked is None else asked, self._longest)
        logger.debug("Waiting %.1f s before %s again", seconds, request.url)
        end = time.monotonic() + seconds
        while (left := end - time.monotonic()) > 0:
            await asyncio.sleep(min(left, _LOOK_UP))
            if is_ending(self.crawler):
                raise NotNow(f"{request.url}: the run ends before its next try")

    @property
    def _longest(self) -> float:
        """The most seconds that are waited; a watch, which goes on anyway, waits up to a day."""
        return max(self.longest, _DAY) if getattr(self.crawler.spider, "watches", False) else self.longest

    def _stay_away(self, url: str, seconds: float) -> None:
        """Ask nothing more of this host; of the site's own, end the run."""
        host = urlsplit(url).netloc
        if host in self._away:
            return
        self._away.add(host)
        home = is_home(self.crawler, url)
        logger.log(
            logging.ERROR if home else logging.WARNING,
            "%s asks us to stay away for %.0f s, longer than we wait (%.0f s, NEWSCRAWL_LONGEST_PAUSE): %s",
            url,
            seconds,
            self._longest,
            "the run ends here, and the next one goes on with what is left" if home else "this run leaves its host out",
        )
        if home:
            assert self.crawler.engine is not None
            closing = self.crawler.engine.close_spider_async(reason=ASKED_TO_STAY_AWAY)
            self._closing = asyncio.get_running_loop().create_task(closing)


def is_ending(crawler: Crawler) -> bool:
    """Whether somebody ends the run, or it ends by itself."""
    engine = crawler.engine
    assert engine is not None
    slot = engine._slot  # no public name tells that the spider is being closed
    return not engine.running or slot is None or slot.closing is not None


def retry_after(value: str, now: datetime) -> float | None:
    """Seconds that a Retry-After header asks for (RFC 9110, 10.2.3: seconds or a date); None when it is neither."""
    value = value.strip()
    if value.isascii() and value.isdigit():
        return float(value[:9])
    try:
        moment = parsedate_to_datetime(value)
    except (ValueError, OverflowError):
        return None
    if moment.tzinfo is None:  # asctime's form and an unknown offset are UTC (RFC 9110, 5.6.7)
        moment = moment.replace(tzinfo=UTC)
    return max(0.0, (moment.astimezone(UTC) - now).total_seconds())


def backoff(times: int) -> float:
    """Seconds before the n-th retry, without a word from the server: 0.5, 1, 2, 4 …"""
    return 0.5 * 2.0 ** min(times - 1, 10)
