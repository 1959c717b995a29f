"""The stages of an article between the page and the file, thin: they call pure functions, count, and drop with a reason."""

from __future__ import annotations

from collections import Counter
from datetime import datetime, timedelta

from scrapy.crawler import Crawler
from scrapy.exceptions import DropItem
from scrapy.statscollectors import StatsCollector

from newscrawl.items import Article
from newscrawl.korean import KST
from newscrawl.text import fold, fold_lines

SHORT_BODY = 40  # characters; a sentence has more, so a shorter body that is no flash deserves a look
CLOCKS_APART = timedelta(minutes=10)  # a site's clock may run ahead of ours by minutes; by more is a wrong date


class Incomplete(DropItem):
    """An article without id, title, or both body and images."""


class Duplicate(DropItem):
    """An article that this run has already: the same id, or the same words under another."""


class _Stage:
    def __init__(self, stats: StatsCollector) -> None:
        self.stats = stats

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> _Stage:
        assert crawler.stats is not None
        return cls(crawler.stats)


class Clean(_Stage):
    """Every text in normal form; all that was taken out, here and by extraction, is counted under `newscrawl/clean/<kind>`."""

    def process_item(self, item: Article) -> Article:
        """Raises nothing; the same item, cleaned."""
        removed = Counter(item.removed)
        for name in ("title", "section", "subsection", "place"):
            value = getattr(item, name)
            setattr(item, name, fold(value, removed) or None if value else None)
        for name in ("marks", "deck", "notices", "ai_summary"):
            setattr(item, name, [text for value in getattr(item, name) if (text := fold(value, removed))])
        if item.body is not None:
            item.body = fold_lines(item.body, removed) or None
        for kind, count in removed.items():
            self.stats.inc_value(f"newscrawl/clean/{kind}", count)
        return item


class Check(_Stage):
    """Incomplete articles are dropped, suspicious ones kept and counted under `newscrawl/check/<what>`."""

    def process_item(self, item: Article) -> Article:
        """Raises Incomplete."""
        for what, missing in (
            ("id", not item.id),
            ("title", item.title is None),
            ("body", item.body is None and not item.images and not item.tables),
        ):
            if missing:
                self.stats.inc_value(f"newscrawl/drop/incomplete/{what}")
                raise Incomplete(
                    f"{item.url} has no {'body and no images' if what == 'body' else what}", log_level="WARNING"
                )
        for what in suspicions(item, datetime.now(KST)):
            self.stats.inc_value(f"newscrawl/check/{what}")
        return item


def suspicions(item: Article, now: datetime) -> list[str]:
    """What about an article deserves a look: no_date, future_date, short_body."""
    found = []
    if item.published_at is None:
        found.append("no_date")
    elif item.published_at > now + CLOCKS_APART:
        found.append("future_date")
    if item.body is not None and len(item.body) < SHORT_BODY and item.kind != "flash":
        found.append("short_body")
    return found


class Duplicates(_Stage):
    """One of each in a run: by id, then by hash of title and body."""

    def __init__(self, stats: StatsCollector) -> None:
        super().__init__(stats)
        self._by_hash: dict[bytes, int] = {}  # sixteen bytes of the hash -> number: 200 bytes an article
        self._ids: set[int] = set()

    def process_item(self, item: Article) -> Article:
        """Raises Duplicate, naming the first."""
        number = int(item.id.rpartition(":")[2])
        if number in self._ids:
            self.stats.inc_value("newscrawl/drop/duplicate/id")
            raise Duplicate(f"{item.id} again", log_level="DEBUG")
        assert item.hash is not None
        first = self._by_hash.setdefault(bytes.fromhex(item.hash[:32]), number)
        self._ids.add(number)
        if first != number:
            self.stats.inc_value("newscrawl/drop/duplicate/hash")
            raise Duplicate(f"{item.id} has the words of {item.source}:{first}", log_level="DEBUG")
        return item
