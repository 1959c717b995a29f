"""The stages of an article between the page and the file, thin: they call pure functions, count, and drop with a reason."""

from __future__ import annotations

import hashlib
import logging
from collections import Counter
from datetime import datetime, timedelta
from functools import cached_property
from typing import TYPE_CHECKING, NoReturn, cast

from scrapy.crawler import Crawler
from scrapy.exceptions import DropItem
from scrapy.statscollectors import StatsCollector

from newscrawl.clock import MACHINE, Clock
from newscrawl.duplicates import FORMULA, Placed, dropped, letters, moment, text
from newscrawl.items import RESTATED, Article, Duplicate, Listed, NoText
from newscrawl.korean import KST
from newscrawl.lease import Copied, LostItem
from newscrawl.record import article, line, record
from newscrawl.revisions import APART, ages, changes, counted_from, next_look
from newscrawl.state import NO_HASH, Considered, Entry, Journal, Listing, Looked, Watch
from newscrawl.text import fold, fold_lines

if TYPE_CHECKING:
    from newscrawl.scheduler import FrontierScheduler

logger = logging.getLogger(__name__)

SHORT_BODY = 40  # characters; a sentence has more, so a shorter body that is no flash deserves a look
_FEW = 5  # articles that may be taken back at once without a doubt, when others are there
_STATUS = {"absent": "withdrawn", "not_modified": "published"}  # what a look without a text says
_SHOWN = {
    "exact": "the same as",
    "update": "a step of the story of",
    "rewrite": "much the same as",
    "template": "of one series with",
}
CLOCKS_APART = timedelta(minutes=10)  # a site's clock may run ahead of ours by minutes; by more is a wrong date


class Incomplete(LostItem):
    """An article without id, title, or both body and images."""

    reason = "incomplete"


class Unchanged(DropItem):
    """A look at an article of the output that gave no new revision."""


class _Stage:
    def __init__(self, stats: StatsCollector, clock: Clock = MACHINE) -> None:
        self.stats = stats
        self.clock = clock

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> _Stage:
        assert crawler.stats is not None
        return cls(crawler.stats, Clock.of(crawler.settings))


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
        for what in suspicions(item, self.clock.now()):
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


class Noted(DropItem):
    """What is for the ledger, and no article."""


class Ledger(_WithJournal):
    """What pages of lists name, for the state's ledger; articles pass."""

    def process_item(self, item: Article | NoText | Listed) -> Article | NoText:
        """Raises Noted."""
        if not isinstance(item, Listed):
            return item
        self.journal.note(Listing(item.section, item.rows, item.passed, item.at))
        raise Noted(f"{len(item.rows)} rows of {item.section}", log_level="DEBUG")


class Rechecks(_WithJournal):
    """A look that gave no text: what it says of the article of the output, as that article or not at all."""

    _there = 0  # articles that this run has seen to be there, and those that it has not
    _absent = 0
    _warned = False

    def process_item(self, item: Article | NoText) -> Article:
        """The article of the output in its new status. Raises Unchanged."""
        self._there += isinstance(item, Article) or item.why == "not_modified"
        if isinstance(item, Article):
            return item
        self._absent += item.why == "absent"
        latest = self.journal.latest(number_of(item.id))
        if latest is None:
            self.stats.inc_value("newscrawl/rechecked/unwatched")
            raise Unchanged(f"{item.id} is watched no more", log_level="DEBUG")
        found = article(latest.record)
        status = _STATUS.get(item.why, found.status)
        look = self._without_change(item, latest.absent_since, status == found.status)
        if look:
            self.stats.inc_value(f"newscrawl/rechecked/{item.why}")
            self.journal.looked(look)
            raise Unchanged(f"{item.id} is {item.why}", log_level="DEBUG")
        found.recheck, found.status, found.fetched_at = True, status, datetime.fromtimestamp(item.at, KST)
        found.archived = item.archived
        return found

    def _site_is_out(self) -> bool:
        """Whether so many articles are gone that the site is more likely to be out of order than to have taken them back."""
        out = self._absent > max(_FEW if self._there else 0, self._there)
        if out and self._absent > _FEW and not self._warned:
            self._warned = True
            logger.warning(
                "Of %d articles that were looked at, %d are gone: the site may be out of order, so none of them counts as withdrawn yet",
                self._there + self._absent,
                self._absent,
            )
        return out

    def _without_change(self, item: NoText, absent_since: int | None, same: bool) -> Looked | None:
        """What is to be noted of a look that changes nothing, or nothing yet; None for one that changes the status."""
        number = number_of(item.id)
        if same:
            return Looked(number, absent_since=absent_since if item.why == "elsewhere" else None)
        since = min(absent_since or item.at, item.at)  # no later than now, even if the clock was set back
        if item.why == "absent" and item.at - since < APART:
            return Looked(number, absent_since=since, not_after=since + APART)
        if item.why == "absent" and self._site_is_out():
            return Looked(number, absent_since=since, not_after=item.at + APART)
        return None


class Revisions(_WithJournal):
    """What a look changed: a new revision, or nothing."""

    def process_item(self, item: Article) -> Article:
        """Raises Unchanged."""
        if not item.recheck:
            item.first_seen_at = item.fetched_at
            return item
        number = number_of(item.id)
        latest = self.journal.latest(number)
        if latest is None:
            self.stats.inc_value("newscrawl/rechecked/unwatched")
            raise Unchanged(f"{item.id} is watched no more", log_level="DEBUG")
        before = article(latest.record)
        item.changed = changes(record(before), record(item))
        if not item.changed:
            self.stats.inc_value("newscrawl/rechecked/unchanged")
            self.journal.looked(Looked(number, item.validators))
            raise Unchanged(f"{item.id} is as it was", log_level="DEBUG")
        withdrawn = item.status == "withdrawn"
        self.stats.inc_value(f"newscrawl/rechecked/{'withdrawn' if withdrawn else 'changed'}")
        item.revision, item.previous_hash = latest.revision + 1, before.hash
        item.found, item.first_seen_at = before.found, before.first_seen_at
        item.placed = self.journal.placed(number)
        state_story(item, item.placed)
        item.changed += [name for name in RESTATED if before.story and getattr(item, name) != getattr(before, name)]
        return item


class Duplicates(_WithJournal):
    """One of each in the output, by id and by the kinds that `NEWSCRAWL_DUPLICATES` drops; the others are marked."""

    @cached_property
    def _dropped(self) -> frozenset[str]:
        return dropped(self.crawler.settings.getlist("NEWSCRAWL_DUPLICATES"))

    def process_item(self, item: Article) -> Article:
        """Raises Copied, naming the one that is kept."""
        if item.revision > 1:
            return item
        number, hash_ = number_of(item.id), short_hash(item)
        first = self.journal.same_as(number, hash_)
        if first == number:
            self._drop(item, "id", "again")
        if first is not None and "exact" in self._dropped:
            self._drop(item, "exact", f"has the words of {item.source}:{first}")
        values = record(item)
        considered = self.journal.consider(text(values, number, moment(values, number)), hash_)
        for other, found in considered.placement.kin.items():
            if found.kind in self._dropped and not considered.text.corrects and not self.journal.is_withdrawn(other):
                self._drop(item, found.kind, f"is {_SHOWN[found.kind]} {item.source}:{other}")
        item.considered = considered
        state_story(item, considered.placement.own)
        if item.duplicate:
            self.stats.inc_value(f"newscrawl/duplicate/{item.duplicate.kind}")
        return item

    def _drop(self, item: Article, kind: str, words: str) -> NoReturn:
        self.stats.inc_value(f"newscrawl/drop/duplicate/{kind}")
        raise Copied(f"{item.id} {words}", log_level="DEBUG")


def state_story(item: Article, placed: Placed | None) -> None:
    """Write where an article stands among others into its fields; of one that was never compared, that it is a story of its own."""
    item.story, item.duplicate = item.id, None
    if placed is not None:
        item.story = f"{item.source}:{placed.story}"
    if placed is not None and (mark := placed.mark) is not None:
        item.duplicate = Duplicate(f"{item.source}:{mark.of}", mark.kind, mark.similarity, mark.containment)


class Store(_WithJournal):
    """Hands the article's line to the state, which makes it durable together with all else that came of the page."""

    @cached_property
    def _ages(self) -> tuple[int, ...]:
        return ages(self.crawler.settings.getlist("NEWSCRAWL_RECHECK_AFTER"))

    def process_item(self, item: Article) -> Article:
        """Raises nothing; an article counts as exported when the state has committed it."""
        watch = self._watch(item) if item.revision == 1 else None
        changed = tuple(item.changed)
        considered = cast("Considered | None", item.considered)
        words = NO_HASH if item.status == "withdrawn" else considered.hash if considered else short_hash(item)
        published = item.published_at.timestamp() if item.published_at else None
        via = item.found.via if item.found else ""
        entry = Entry(
            number_of(item.id),
            words,
            line(item),
            item.revision,
            changed,
            watch,
            item.validators,
            published,
            via,
            considered,
            cast("Placed | None", item.placed),
        )
        self.journal.write(entry)
        return item

    def _watch(self, item: Article) -> Watch | None:
        """When the article is looked at again; None for never."""
        assert item.fetched_at is not None
        since = int(counted_from(item).timestamp())
        next_at = next_look(since, int(item.fetched_at.timestamp()), self._ages)
        return Watch(since, next_at) if next_at else None


def number_of(article_id: str) -> int:
    """The digits of an article's id."""
    return int(article_id.rpartition(":")[2])


def short_hash(item: Article) -> bytes:
    """Sixteen bytes of the article's hash: enough to tell all articles of the world apart, and half the space. Of few words the day is a
    part: `[속보] 코스피 하락 출발` is another article tomorrow."""
    assert item.hash is not None
    if item.body is None or item.published_at is None or _has_letters(item.body, FORMULA):
        return bytes.fromhex(item.hash[:32])
    return hashlib.sha256(f"{item.hash} {item.published_at:%Y%m%d}".encode()).digest()[:16]


def _has_letters(text: str, count: int) -> bool:
    """Whether a text has so many letters, which the beginning of a long one tells."""
    return any(len(letters(part)) >= count for part in (text[: 4 * count], text))
