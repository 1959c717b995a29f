"""The stages of an article between the page and the file, thin: they call pure functions, count, and drop with a reason."""

from __future__ import annotations

from collections import Counter
from datetime import datetime, timedelta
from functools import cached_property
from typing import TYPE_CHECKING, cast

from scrapy.crawler import Crawler
from scrapy.exceptions import DropItem
from scrapy.statscollectors import StatsCollector

from newscrawl.exporters import line
from newscrawl.items import Article
from newscrawl.korean import KST
from newscrawl.state import Entry, Journal
from newscrawl.text import fold, fold_lines

if TYPE_CHECKING:
    from newscrawl.scheduler import FrontierScheduler

SHORT_BODY = 40  # characters; a sentence has more, so a shorter body that is no flash deserves a look
CLOCKS_APART = timedelta(minutes=10)  # a site's clock may run ahead of ours by minutes; by more is a wrong date


class Incomplete(DropItem):
    """An article without id, title, or both body and images."""


class Duplicate(DropItem):
    """An article that the output has: the same id, or the same words under another."""


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


class _WithJournal:
    """A stage that deals with the state."""

    def __init__(self, crawler: Crawler) -> None:
        assert crawler.stats is not None
        self.crawler = crawler
        self.stats = crawler.stats

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> _WithJournal:
        return cls(crawler)

    @cached_property
    def journal(self) -> Journal:
        """The run's. Scrapy opens the scheduler, which has it, before the pipelines."""
        assert self.crawler.engine is not None
        scheduler = cast("FrontierScheduler", self.crawler.engine.scheduler)  # by settings.py
        return scheduler.journal


class Duplicates(_WithJournal):
    """One of each in the output: by id, and by hash of title and body."""

    def process_item(self, item: Article) -> Article:
        """Raises Duplicate, naming the first."""
        number = number_of(item)
        first = self.journal.same_as(number, short_hash(item))
        if first is None:
            return item
        self.stats.inc_value(f"newscrawl/drop/duplicate/{'id' if first == number else 'hash'}")
        words = "again" if first == number else f"has the words of {item.source}:{first}"
        raise Duplicate(f"{item.id} {words}", log_level="DEBUG")


class Store(_WithJournal):
    """Hands the article's line to the state, which makes it durable together with all else that came of the page."""

    def process_item(self, item: Article) -> Article:
        """Raises nothing; an article counts as exported when the state has committed it."""
        self.journal.write(Entry(number_of(item), short_hash(item), line(item)))
        return item


def number_of(item: Article) -> int:
    """The digits of the article's id."""
    return int(item.id.rpartition(":")[2])


def short_hash(item: Article) -> bytes:
    """Sixteen bytes of the article's hash: enough to tell all articles of the world apart, and half the space."""
    assert item.hash is not None
    return bytes.fromhex(item.hash[:32])
