"""A capture -> what the spider makes of it: the same callbacks, with the answer from the archive in place of the site's."""

from __future__ import annotations

import asyncio
import inspect
from collections import Counter
from collections.abc import AsyncIterable, Callable, Iterable
from dataclasses import dataclass, field, replace
from functools import lru_cache
from typing import Any, cast

from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.downloadermiddlewares.httpcompression import HttpCompressionMiddleware
from scrapy.exceptions import IgnoreRequest
from scrapy.http import Response
from scrapy.settings import Settings
from scrapy.statscollectors import MemoryStatsCollector

from newscrawl.archive.answer import RESTATED
from newscrawl.archive.reading import Capture
from newscrawl.arguments import Arguments
from newscrawl.identity import article_number
from newscrawl.items import Article, Found, NoText
from newscrawl.lease import ANSWERED_AT, ARCHIVED
from newscrawl.spider.news import NewsSpider
from newscrawl.unreadable import UnreadablePages
from newscrawl.wanted import Wanted

READ_BY = frozenset(("parse_article", "parse_recheck", "parse_probe"))
"""The callbacks whose pages hold an article."""
_EVERYTHING = Arguments(None, None, (), frozenset(), (), frozenset())


@dataclass(slots=True)
class Outcome:
    """What came of a capture. `looks`: whether the crawl looked at an article that it had; None if nobody knows; `restates`: that it wrote
    here what had turned out later; `id`, `of`, `waits`: as of the capture."""

    run: str
    items: list[Article | NoText] = field(default_factory=list)
    looks: bool | None = None
    restates: bool = False
    id: str = ""
    of: str = ""
    waits: bool = False
    counts: Counter[str] = field(default_factory=Counter)


class Reader:
    """The spider of a site, without a crawl. Not for several threads."""

    def __init__(self, spider: type[NewsSpider], settings: Settings, *, everything: bool) -> None:
        """`everything`: also articles that the crawl read and nobody asked for."""
        self._class = spider
        self._crawler = crawler_of(spider, settings)
        self._everything = everything
        self._spiders: dict[tuple[str, ...], NewsSpider] = {}
        self._inflate = HttpCompressionMiddleware.from_crawler(self._crawler)
        self._loop = asyncio.Runner()

    def read(self, capture: Capture) -> Outcome:
        """Raises nothing for a page that is no use: that is counted."""
        if capture.callback == RESTATED:
            return Outcome(capture.run, restates=True)
        spider = self._spider(() if self._everything else capture.scopes)
        ours = capture.callback in READ_BY
        looks = capture.callback == "parse_recheck" if ours else None
        outcome = Outcome(capture.run, looks=looks, id=capture.id, of=capture.of, waits=capture.waits)
        callback, arguments = getattr(spider, capture.callback if ours else "parse_article"), capture.arguments
        if not ours or not _fits(callback, arguments):
            callback, arguments = spider.parse_article, self._unknown(capture)
        before = Counter(self._counts())
        try:
            response = self.response(capture)
        except IgnoreRequest:  # too large; the crawl had none of it either
            outcome.counts["newscrawl/failed/article/IgnoreRequest"] += 1
            return outcome
        outputs = self._outputs(callback(response, **arguments))
        outcome.items = [item for item in outputs if isinstance(item, Article | NoText)]
        for item in outcome.items if not ours else ():
            if isinstance(item, Article):
                item.found = Found("archive", None, capture.at)
        outcome.counts = Counter(self._counts()) - before
        return outcome

    def _spider(self, scopes: tuple[str, ...]) -> NewsSpider:
        """That of a run which was asked for this. Links are of no use here."""
        if scopes not in self._spiders:
            spider = self._class()
            spider._set_crawler(self._crawler)
            spider.unreadable = UnreadablePages(self._crawler.settings["NEWSCRAWL_DATA_DIR"], spider.site.name, most=0)
            asked = [replace(Arguments.from_json(scope), follow=frozenset(), ways=frozenset()) for scope in scopes]
            spider.arguments = asked[0] if asked else _EVERYTHING
            spider.wanted = Wanted(spider.arguments, spider.site)
            spider.wanted.go_on_with([one.to_json() for one in asked])
            self._spiders[scopes] = spider
        return self._spiders[scopes]

    def response(self, capture: Capture) -> Response:
        """The site's answer, unpacked. Raises IgnoreRequest for one that is larger than `DOWNLOAD_MAXSIZE`."""
        request = Request(capture.url, meta={ARCHIVED: capture.place, ANSWERED_AT: capture.at})
        headers: dict[str, list[str]] = {}
        for name, value in capture.headers:
            headers.setdefault(name, []).append(value)
        response = Response(capture.url, capture.status, headers, capture.body, request=request)
        return cast("Response", self._inflate.process_response(request, response)).replace(request=request)

    def _unknown(self, capture: Capture) -> dict[str, Any]:
        number = article_number(capture.url, self._class.site)
        return {"number": number, "via": "archive", "source": None, "at": capture.at.isoformat()}

    def _outputs(self, result: Iterable[Any] | AsyncIterable[Any]) -> list[Any]:
        if isinstance(result, AsyncIterable):
            return self._loop.run(_all(result))
        return list(result)

    def _counts(self) -> dict[str, int]:
        stats = self._crawler.stats.get_stats()
        return {name: count for name, count in stats.items() if isinstance(count, int)}


def crawler_of(spider: type[NewsSpider], settings: Settings) -> Crawler:
    """What components ask of a crawler: settings, signals, stats; there is no engine."""
    crawler = Crawler(spider, settings)
    crawler.stats = MemoryStatsCollector(crawler)
    return crawler


def _fits(callback: Any, arguments: dict[str, Any]) -> bool:
    """Whether a callback takes what another version wrote."""
    try:
        _signature(callback.__func__).bind(None, None, **arguments)
    except TypeError:
        return False
    return True


@lru_cache
def _signature(function: Callable[..., Any]) -> inspect.Signature:
    return inspect.signature(function)


async def _all(result: AsyncIterable[Any]) -> list[Any]:
    return [item async for item in result]
