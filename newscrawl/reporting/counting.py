"""Counts what comes in a run, from Scrapy's signals and the project's own."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from typing import Any
from urllib.parse import urlsplit

from scrapy import Request
from scrapy import signals as scrapy_signals
from scrapy.crawler import Crawler
from scrapy.http import Response

from newscrawl import signals
from newscrawl.clock import Clock
from newscrawl.discovery.lateness import Lateness
from newscrawl.items import Article
from newscrawl.report.latency import Latency
from newscrawl.report.tally import Tally
from newscrawl.state import Entry


class Counting:
    """`tally` and `latency` are of the run, or of what came since `begin_again`. `robots`: the robots.txt that were asked, as the figures name
    sources. `late_from`: what was published since then (seconds since 1970) counts for lateness, with None nothing does."""

    def __init__(self, crawler: Crawler, clock: Clock) -> None:
        self.crawler = crawler
        self.tally = Tally()
        self.latency = Latency()
        self.late_from: float | None = None
        self._clock = clock
        self._lateness = Lateness()  # of what came before `begin_again`
        self._robots: dict[str, dict[str, Any]] = {}
        for handler, signal in (
            (self._answered, scrapy_signals.response_received),
            (self._took, scrapy_signals.response_downloaded),
            (self._exported, scrapy_signals.item_scraped),
            (self._written, signals.WRITTEN),
            (self._count_lateness, signals.COUNTING),
        ):
            crawler.signals.connect(handler, signal=signal)

    @property
    def robots(self) -> list[dict[str, Any]]:
        """As they answered last."""
        return list(self._robots.values())

    def begin_again(self) -> None:
        """What comes from now on is counted by itself."""
        self._lateness.join(self.tally.lateness)
        self.tally, self.latency = Tally(), Latency()

    def _answered(self, response: Response, request: Request) -> None:
        """robots.txt, whose rules may have changed: the requests for it are nobody's but the middleware's."""
        if urlsplit(response.url).path == "/robots.txt":
            about = {"url": response.url, "kind": "robots", "status": response.status}
            self._robots[response.url] = {**about, "hash": _hash(response.body), "named": None}

    def _took(self, request: Request) -> None:
        """An answer of any status, also one after which the request is sent again; Scrapy notes when its head had come."""
        if (seconds := request.meta.get("download_latency")) is not None:
            self.latency.add(seconds)

    def _exported(self, item: Any) -> None:
        if isinstance(item, Article):
            (self.tally.add if item.revision == 1 else self.tally.joins)(item)

    def _written(self, entries: Iterable[Entry]) -> None:
        if self.late_from is None:
            return
        for entry in entries:
            if entry.revision == 1 and entry.published_at and entry.published_at >= self.late_from:
                self.tally.lateness.add(entry.via, self._clock.time() - entry.published_at)

    def _count_lateness(self) -> None:
        """Of the whole run, for its summary."""
        assert self.crawler.stats is not None
        every = Lateness()
        every.join(self._lateness)
        every.join(self.tally.lateness)
        for way, late in every.summary().items():
            for name, value in (("count", late.count), ("median", late.median), ("p95", late.p95)):
                self.crawler.stats.set_value(f"newscrawl/lateness/{way or 'all'}/{name}", value)


def _hash(body: bytes) -> str:
    """Of the rules without white space at the ends of lines: a server that sends other line ends changes nothing."""
    return hashlib.sha256(b"\n".join(line.strip() for line in body.splitlines())).hexdigest()[:16]
