"""What a run exported, counted as it comes: when it was published and where it stood, which fields it has and what gave them. Pure.

In bounded memory: a backfill of twenty years counts by the month what a run of today counts by the hour.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Any

from newscrawl.discovery.lateness import Lateness
from newscrawl.items import Article

_MOST_ROWS = 3000  # of the timeline: a month of hours and four sections in each, some 200 kB
_MOST_STORIES = 2000  # that are remembered: those of some days of a wire
_FIELDS = (
    "title",
    "deck",
    "section",
    "subsection",
    "published_at",
    "modified_at",
    "place",
    "authors",
    "body",
    "tables",
    "images",
    "notices",
    "ai_summary",
    "tickers",
    "related",
)
_UNITS: tuple[tuple[str, Callable[[datetime], datetime]], ...] = (
    ("hour", lambda at: at.replace(minute=0, second=0, microsecond=0)),
    ("day", lambda at: at.replace(hour=0, minute=0, second=0, microsecond=0)),
    ("month", lambda at: at.replace(day=1, hour=0, minute=0, second=0, microsecond=0)),
)
"""By what the timeline counts, the finest first."""

Row = tuple[datetime | None, str | None]
"""When articles were published, None for those without a date, and their section."""


class Timeline:
    """Articles by the hour of their publication and by section; by the day or the month when there are too many hours."""

    def __init__(self, most: int = _MOST_ROWS) -> None:
        self._most = most
        self._unit = 0
        self._counts: Counter[Row] = Counter()

    def add(self, at: datetime | None, section: str | None, articles: int = 1) -> None:
        """An article, or several that stand in one row."""
        self._counts[self._row(at, section)] += articles
        while len(self._counts) > self._most and self._unit + 1 < len(_UNITS):
            self._coarsen(self._unit + 1)

    def at_least(self, unit: str) -> None:
        """Count by this unit from now on, if it is coarser: finer ones cannot be told any more. Raises ValueError for one that is none."""
        self._coarsen(max(self._unit, [name for name, _ in _UNITS].index(unit)))

    def _coarsen(self, unit: int) -> None:
        if unit == self._unit:
            return
        self._unit = unit
        finer, self._counts = self._counts, Counter()
        for (start, name), count in finer.items():
            self._counts[self._row(start, name)] += count

    def _row(self, at: datetime | None, section: str | None) -> Row:
        return (_UNITS[self._unit][1](at) if at else None, section)

    def summary(self) -> dict[str, Any]:
        """`unit` and `rows`, in the order of time; those without a date last."""
        rows = sorted(self._counts.items(), key=lambda row: (row[0][0] is None, str(row[0][0]), row[0][1] or ""))
        return {
            "unit": _UNITS[self._unit][0],
            "rows": [
                {"at": at.isoformat() if at else None, "section": section, "articles": count}
                for (at, section), count in rows
            ],
        }


class Tally:
    """Counts over the new articles of a run."""

    def __init__(self) -> None:
        self.timeline = Timeline()
        self.lateness = Lateness()  # of lines that are in the output for good
        self.records = 0
        self.kinds: Counter[str] = Counter()
        self.via: Counter[str] = Counter()
        self.grown: Counter[str] = Counter()  # articles that joined a story, by its id
        self._filled: Counter[str] = Counter()
        self._origins: dict[str, Counter[str]] = {}

    def add(self, article: Article) -> None:
        """A new article that was exported."""
        self.records += 1
        self.kinds[article.kind] += 1
        self.timeline.add(article.published_at, article.section)
        if article.found:
            self.via[article.found.via] += 1
        for name in _FIELDS:
            if getattr(article, name) not in (None, []):
                self._filled[name] += 1
                if origin := article.fields_from.get(name):
                    self._origins.setdefault(name, Counter())[origin] += 1
        self.joins(article)

    def joins(self, article: Article) -> None:
        """An article, new or not, of which it turned out to which story it belongs."""
        story = article.story
        if story and story != article.id and (story in self.grown or len(self.grown) < _MOST_STORIES):
            self.grown[story] += 1

    def fields(self) -> dict[str, dict[str, Any]]:
        """For each field how many articles have it, and how many of them by which layer of extraction."""
        return {name: {"filled": self._filled[name], "from": _ordered(self._origins.get(name, {}))} for name in _FIELDS}


def _ordered(counts: Counter[str] | dict[str, int]) -> dict[str, int]:
    return dict(_most_first(counts.items()))


def _most_first(counts: Iterable[tuple[str, int]]) -> list[tuple[str, int]]:
    return sorted(counts, key=lambda one: (-one[1], one[0]))
