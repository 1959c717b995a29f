"""Retries that wait: as long as the server asks, else longer each time."""

from __future__ import annotations

import asyncio
import logging
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.downloadermiddlewares.retry import RetryMiddleware
from scrapy.http import Response

logger = logging.getLogger(__name__)


class PatientRetry(RetryMiddleware):
    """Scrapy's retry middleware, after a pause. With one request at a time, as by default, the whole crawl pauses."""

    longest: float

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> PatientRetry:
        middleware = super().from_crawler(crawler)
        middleware.longest = crawler.settings.getfloat("NEWSCRAWL_LONGEST_PAUSE")
        return middleware

    async def process_response(self, request: Request, response: Response) -> Request | Response:  # type: ignore[override]  # a coroutine is allowed
        """The response, or the request again after the pause that the response asks for; one too long for us is not cut short."""
        header = (response.headers.get("Retry-After") or b"").decode("latin-1")
        asked = retry_after(header, datetime.now(UTC))
        if asked is not None and asked > self.longest and response.status in self.retry_http_codes:
            logger.warning(
                "%s asks us to stay away for %.0f s, longer than NEWSCRAWL_LONGEST_PAUSE", response.url, asked
            )
            return response
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
        seconds = backoff(request.meta["retry_times"]) if asked is None else asked
        logger.debug("Waiting %.1f s before %s again", seconds, request.url)
        await asyncio.sleep(min(seconds, self.longest))


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
