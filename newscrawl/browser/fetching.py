"""Fetches for one page in the browser what its scripts ask for, by Scrapy's own downloader."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from urllib.parse import urljoin

from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.exceptions import DownloadCancelledError, IgnoreRequest
from scrapy.http import Response
from scrapy.utils.misc import load_object

from newscrawl.browser.asked import Answer, Asked, answer, is_of_site
from newscrawl.browser.kept import Fetched, Kept
from newscrawl.site import Site

MOST_REQUESTS = 30  # of one page: one that asks for ever is no reason to ask the site for ever
_AT_ONCE = 2  # one may be held open by the site
_REDIRECTS = frozenset((301, 302, 303, 307, 308))
_MOST_REDIRECTS = 3
_PASSED = ("accept", "x-requested-with")  # of what scripts say; what tells who asks is Scrapy's to say
_GIVEN = ("content-type", "access-control-allow-origin", "access-control-allow-credentials")


class Fetching:
    """`busy`: how many requests are under way."""

    def __init__(self, crawler: Crawler, site: Site, libraries: frozenset[str], kept: Kept, timeout: float) -> None:
        self.busy = 0
        self._crawler, self._site, self._libraries = crawler, site, libraries
        self._kept, self._timeout = kept, timeout
        self._left = MOST_REQUESTS
        self._turn = asyncio.Semaphore(_AT_ONCE)
        self._failures = (
            *map(load_object, crawler.settings.getlist("RETRY_EXCEPTIONS")),
            DownloadCancelledError,
            IgnoreRequest,
        )

    def close(self) -> None:
        """The page is closed: ask for nothing more."""
        self._left = 0

    async def fetch(self, asked: Asked, headers: Mapping[str, str]) -> Fetched | None:
        """The answer; None when there is none: forbidden, failed, or too much was asked for."""
        if asked.kind == "script" and (known := self._kept.get(asked.url)):
            return known
        self.busy += 1
        try:
            async with self._turn:
                found = await self._followed(asked, headers)
        finally:
            self.busy -= 1
        if found and asked.kind == "script" and found.status == 200:
            self._kept.add(asked.url, found)
        return found

    async def _followed(self, asked: Asked, headers: Mapping[str, str]) -> Fetched | None:
        """The answer behind redirects, each of which must be one that may be asked for: the browser itself would follow them unseen."""
        for _ in range(_MOST_REDIRECTS + 1):
            response = await self._download(asked, headers)
            if response is None:
                return None
            if response.status not in _REDIRECTS:
                return _given(response)
            location = (response.headers.get("Location") or b"").decode("latin-1")
            asked = Asked(asked.method, asked.kind, urljoin(asked.url, location))
            if answer(asked, "", self._site, self._libraries, first=False) is not Answer.FETCH:
                return None
        return None

    async def _download(self, asked: Asked, headers: Mapping[str, str]) -> Response | None:
        if self._left <= 0:
            return None
        self._left -= 1
        assert self._crawler.engine is not None
        assert self._crawler.stats is not None
        self._crawler.stats.inc_value("newscrawl/browser/requests")
        meta = {"handle_httpstatus_all": True, "download_timeout": self._timeout, "max_retry_times": 1}
        if not is_of_site(asked.url, self._site):
            meta["allow_offsite"] = True  # a library: which hosts may be asked was decided before
        said = {name: value for name, value in headers.items() if name.lower() in _PASSED}
        try:
            return await self._crawler.engine.download_async(Request(asked.url, headers=said, meta=meta))
        except self._failures:
            return None


def _given(response: Response) -> Fetched:
    found = {name: response.headers.get(name) for name in _GIVEN}
    return Fetched(
        response.status, {name: value.decode("latin-1") for name, value in found.items() if value}, response.body
    )
