"""What turns out later: an article that came late was the first of a story, and lines that are out say otherwise. New revisions say it."""

from __future__ import annotations

from typing import cast

from scrapy import signals
from scrapy.crawler import Crawler
from scrapy.exceptions import DontCloseSpider

from newscrawl import signals as our_signals
from newscrawl.items import RESTATED, Article
from newscrawl.pipelines import number_of, short_hash, state_story
from newscrawl.record import article, line
from newscrawl.scheduler import FrontierScheduler
from newscrawl.state import NO_HASH, Entry, Journal, StateError

_AT_ONCE = 200  # revisions between two looks at what else there is to do


class Restating:
    """Extension: when there is nothing else to do, writes a revision of each article whose story or mark is another than its line says.

    Not at once, when it turns out: a backfill from the newest to the oldest would write a step of a story again with each earlier one that it
    meets. What a run that is ended leaves, the next one writes.
    """

    def __init__(self, crawler: Crawler) -> None:
        self.crawler = crawler

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Restating:
        restating = cls(crawler)
        crawler.signals.connect(restating.idle, signal=signals.spider_idle)
        return restating

    def idle(self) -> None:
        """Raises DontCloseSpider while there may be more."""
        assert self.crawler.engine is not None
        scheduler = cast("FrontierScheduler", self.crawler.engine.scheduler)
        try:
            numbers = scheduler.journal.unsaid(_AT_ONCE)
            for number in numbers:
                self._restate(scheduler.journal, number)
        except StateError as error:
            scheduler.give_up(error)
            return
        if numbers:
            self.crawler.signals.send_catch_log(our_signals.RESTATED)
            raise DontCloseSpider

    def _restate(self, journal: Journal, number: int) -> None:
        latest = journal.latest(number)
        assert latest is not None  # the text of what is compared is kept
        found = article(latest.record)
        said = {name: getattr(found, name) for name in RESTATED}
        placed = journal.placed(number)
        assert placed is not None
        state_story(found, placed)
        found.changed = [name for name in RESTATED if getattr(found, name) != said[name]]
        if not found.changed:  # it moved there and back
            journal.say(placed)
            return
        assert self.crawler.stats is not None
        self.crawler.stats.inc_value("newscrawl/restated")
        found.revision, found.previous_hash = latest.revision + 1, found.hash
        words = NO_HASH if found.status == "withdrawn" else short_hash(found)
        journal.write(
            Entry(
                number_of(found.id),
                words,
                line(found),
                found.revision,
                tuple(found.changed),
                said=placed,
                restates=True,
            )
        )
        self._copy(found)

    def _copy(self, found: Article) -> None:
        """Into the outputs beside the feed, as any other item."""
        self.crawler.signals.send_catch_log(
            signal=signals.item_scraped, item=found, response=None, spider=self.crawler.spider
        )
