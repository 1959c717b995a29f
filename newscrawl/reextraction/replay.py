"""What the spider makes of captures -> records, through the pipelines and a state of their own, as a crawl would."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Iterable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from scrapy.crawler import Crawler
from scrapy.exceptions import DontCloseSpider, DropItem
from scrapy.settings import Settings
from scrapy.utils.conf import build_component_list
from scrapy.utils.misc import build_from_crawler, load_object

from newscrawl.items import Article, NoText
from newscrawl.opening import open_journal
from newscrawl.pipelines import number_of
from newscrawl.reextraction.worker import Outcome, crawler_of
from newscrawl.restating import Restating
from newscrawl.scheduler import COMMIT_AT
from newscrawl.spider.news import NewsSpider
from newscrawl.state import Database
from newscrawl.state.revisions import history

_FOR_EVER = "10m,36500d"  # ages of looks: what a crawl of other settings looked at is looked at here
_HELD = 100  # answers; a browser has one or two pages open
_RUNS = 4  # that may be under way at the same time; older ones are at their end


class Replay:
    """One pass over an archive. Its records are in `feed`, a new file."""

    def __init__(self, spider: type[NewsSpider], settings: Settings, folder: Path) -> None:
        """`folder`: an empty one, for the state and the feed. Raises StateError, OSError."""
        settings = settings.copy()
        settings.set("NEWSCRAWL_RECHECK_AFTER", _FOR_EVER, "cmdline")
        self.counts: Counter[str] = Counter()
        self.crawler = crawler_of(spider, settings)
        database = Database(f"sqlite:///{folder / 'state.sqlite'}")
        self.journal = open_journal(settings, database, folder / "records.jsonl", time.time)
        self.journal.begin(spider.site.name, "{}", None)
        self._site = self.journal.run.site
        engine: Any = SimpleNamespace(scheduler=SimpleNamespace(journal=self.journal))
        self.crawler.engine = engine  # what pipelines ask of one
        self._held: dict[
            str, Outcome
        ] = {}  # answers of which a browser made a page, which stands a few records farther on
        self._uncommitted = set[int]()
        self._stages: dict[str, list[Any]] = {}  # by run: some count what a run has seen

    def take(self, outcomes: Iterable[Outcome]) -> None:
        """Go on with these. Raises StateError, OSError."""
        for outcome in outcomes:
            self.counts += outcome.counts
            if outcome.restates:
                self._restate()
            if outcome.waits:
                self._held[outcome.id] = outcome
            else:
                held = self._held.pop(outcome.of, None)
                self._go_on(outcome if outcome.items or held is None else held)
            while len(self._held) > _HELD:
                self._go_on(self._held.pop(next(iter(self._held))))

    def finish(self) -> None:
        """Write what is left, and what turned out later. Raises StateError, OSError."""
        for outcome in self._held.values():
            self._go_on(outcome)
        self._restate()
        self._commit()

    @property
    def feed(self) -> Path | None:
        """The records; None while there are none."""
        return self.journal.feed

    def totals(self) -> Counter[str]:
        """What the spider and the stages counted."""
        stats = self.crawler.stats.get_stats()
        return self.counts + Counter({name: count for name, count in stats.items() if isinstance(count, int)})

    def record(self, number: int, revision: int) -> bytes | None:
        """The line of a revision; None when there is none."""
        kept = history(self.journal.database, self._site, number)
        return next((one.record for one in kept if one.revision == revision), None)

    def close(self) -> None:
        """Let go of the state."""
        self.journal.abandon()

    def _go_on(self, outcome: Outcome) -> None:
        if outcome.run not in self._stages:
            self._next_run(outcome.run)
        for item in outcome.items:
            self._take(item, outcome)
        if self.journal.size >= COMMIT_AT:
            self._commit()

    def _take(self, item: Article | NoText, outcome: Outcome) -> None:
        found: Any = item
        number = number_of(item.id)
        if number in self._uncommitted:  # a look sees what is committed: in a crawl it comes minutes later
            self._commit()
        self._uncommitted.add(number)
        if isinstance(item, Article) and outcome.looks is not False:
            # A look at what is not in these files is all that there is of it; a second capture of unknown hands is a look.
            item.recheck = self.journal.latest(number) is not None
        try:
            for stage in self._stages[outcome.run]:
                found = stage.process_item(found)
        except DropItem:
            return

    def _commit(self) -> None:
        self._uncommitted.clear()
        committed = self.journal.commit()
        self.counts["exported"] += committed.exported
        self.counts["revised"] += committed.revised
        if committed.undelivered:
            raise committed.undelivered

    def _next_run(self, run: str) -> None:
        self._stages[run] = pipelines(self.crawler)
        while len(self._stages) > _RUNS:
            del self._stages[next(iter(self._stages))]

    def _restate(self) -> None:
        self._commit()
        restating = Restating(self.crawler)
        while True:
            try:
                restating.idle()
            except DontCloseSpider:
                self._commit()
            else:
                return


def pipelines(crawler: Crawler) -> list[Any]:
    """The stages of `ITEM_PIPELINES` in their order."""
    paths = build_component_list(crawler.settings.getwithbase("ITEM_PIPELINES"))
    return [build_from_crawler(load_object(path), crawler) for path in paths]
