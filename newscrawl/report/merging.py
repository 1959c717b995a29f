"""The figures of several runs, or of the parts of a watch, -> figures of the same form. Pure.

What is not known is left out of a sum and is no zero: a sum is null only when no run knows its part. `docs/reports.md` says how each name is
merged. It is the same whether all are merged at once, or some first and the others then.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from newscrawl.discovery.lateness import Late, Lateness
from newscrawl.report.amounts import when
from newscrawl.report.reading import Figures, number, rows, table, value
from newscrawl.report.tally import Timeline
from newscrawl.report.troubles import Ends, Troubles

_MOST_NAMED = 100  # addresses that failed, and pages that could not be read: as many as one run names
_MOST_STORIES = 20  # as one run
Row = dict[str, Any]
Path = tuple[str, ...]

_ALIKE = ("schema", "id", "site", "job", "kind", "arguments", "version", "host", "process", "node", "others")
"""What is told when all have the same."""
_SUMS: tuple[Path, ...] = (
    *(
        (name,)
        for name in (
            "seconds",
            "articles",
            "kinds",
            "records",
            "fields",
            "ways",
            "pages",
            "browser",
            "polls",
            "rechecked",
        )
    ),
    *((name,) for name in ("dropped", "skipped", "checks", "cleaned", "duplicates", "log")),
    *(("failures", "total"), ("failures", "reasons"), ("unreadable", "total"), ("speed", "cpu_seconds")),
)
_LAST: tuple[Path, ...] = (("articles", "left"), ("disk", "free"), ("disk", "state"), ("disk", "feeds"))
"""How it stood in the end: no sum would mean anything."""


def merged(several: Iterable[Figures]) -> Row:
    """Those of all, given in the order of time. Raises ValueError when there are none."""
    together = Together()
    for figures in several:
        together.add(figures)
    return together.figures()


class Together:
    """Adds up figures, one after another, in the order of time: what was added is not held."""

    def __init__(self) -> None:
        self.added = 0
        self._one: Figures | None = None  # while there is no second
        self._runs = 0
        self._ids: set[int] = set()  # of the runs that are not among `_runs`: the parts of a watch share one
        self._unknown = 0
        self._alike: Row = {}
        self._began: str | None = None
        self._ended: str | None = None
        self._sums: dict[Path, Any] = {}
        self._last: dict[Path, Any] = {}
        self._peak: float | None = None
        self._ends, self._troubles = Ends(), Troubles()
        self._timeline: Timeline | None = None
        self._lateness = _Latenesses()
        self._named = _Named()
        self._settings: Row | None = None

    def add(self, figures: Figures) -> None:
        """Those of a run, of a part of a watch, or of several that were merged before."""
        self.added += 1
        self._one = figures if self.added == 1 else None
        self._count(figures)
        self._add_alike(figures)
        self._add_amounts(figures)
        self._ends.add(figures)
        self._troubles.add(figures)
        self._add_timeline(figures)
        self._lateness.add(table(figures, "lateness"))
        self._named.add(figures)
        self._add_settings(figures)

    def figures(self) -> Row:
        """Of all that were added; those of one are what they were. Raises ValueError when none was added."""
        if not self.added:
            raise ValueError("there are no figures to be merged")
        if self._one is not None:
            return {**self._one, "runs": self._one.get("runs", 1)}
        runs, sums, named = self._runs + len(self._ids), self._sums, self._named
        found = self._alike | {path[0]: amount for path, amount in sums.items() if len(path) == 1}
        found["seconds"] = _tenths(found["seconds"])
        found["articles"] = _known({**(found["articles"] or {}), "left": self._last.get(("articles", "left"))})
        if found["pages"] is not None:  # a median of medians is none
            found["pages"] = {**found["pages"], "latency": dict.fromkeys(found["pages"].get("latency") or ())}
        found["browser"] = _browser(found)
        lost = {"total": sums["failures", "total"], "reasons": sums["failures", "reasons"], "named": named.failed}
        return found | {
            "part": None,
            "runs": runs,
            "unknown": self._unknown,
            "started_at": self._began,
            "ended_at": self._ended,
            "reason": self._ends.reason,
            "exit_code": self._ends.exit_code,
            "exits": dict(self._ends.exits),
            "problems": self._ends.problems(runs, self._lost()),
            "timeline": self._timeline.summary() if self._timeline else None,
            "lateness": self._lateness.figures(),
            "stories": list(named.stories.values()),
            "failures": _known(lost),
            "unreadable": _known({"total": sums["unreadable", "total"], "named": named.unreadable}),
            "speed": self._speed(found),
            "disk": {path[1]: self._last.get(path) for path in _LAST if path[0] == "disk"},
            "sources": list(named.sources.values()),
            "settings": self._settings,
            "feeds": list(named.feeds),
            "monitors": self._troubles.monitors,
            "troubled": {"total": self._troubles.total, "named": self._troubles.named},
        }

    def _count(self, figures: Figures) -> None:
        runs, one = int(number(figures, "runs") or 1), figures.get("id")
        if one is None or runs > 1:
            self._runs += runs
        else:
            self._ids.add(one)
        known = number(figures, "unknown")
        self._unknown += int(value(figures, "timeline", "unit") is None) if known is None else int(known)

    def _add_alike(self, figures: Figures) -> None:
        found = {name: figures.get(name) for name in _ALIKE}
        before = self._alike or found
        self._alike = {name: one if before[name] == one else None for name, one in found.items()}

    def _add_amounts(self, figures: Figures) -> None:
        for path in _SUMS:
            self._sums[path] = _sum(self._sums.get(path), value(figures, *path))
        self._last |= {path: found for path in _LAST if (found := value(figures, *path)) is not None}
        self._peak = _chosen(max, self._peak, number(figures, "speed", "peak_memory"))
        self._began = _chosen(min, self._began, figures.get("started_at"))
        self._ended = _chosen(max, self._ended, figures.get("ended_at"))

    def _add_timeline(self, figures: Figures) -> None:
        if (unit := value(figures, "timeline", "unit")) is None:
            return
        self._timeline = self._timeline or Timeline()
        self._timeline.at_least(unit)
        for row in rows(figures, "timeline", "rows"):
            self._timeline.add(when(row["at"]), row["section"], row["articles"])

    def _add_settings(self, figures: Figures) -> None:
        """One that some runs have otherwise, or not at all, is null."""
        found = figures.get("settings")
        if found is None:
            return
        before = found if self._settings is None else self._settings
        alike = {name for name in found if name in before and before[name] == found[name]}
        self._settings = {name: found[name] if name in alike else None for name in [*before, *found]}

    def _lost(self) -> dict[str, int]:
        """What newscrawl.verdict calls lost, in its words."""
        dropped: Mapping[str, int] = self._sums["dropped",] or {}
        return {
            "could not be fetched or written": self._sums["failures", "total"] or 0,
            "had no body container": self._sums["unreadable", "total"] or 0,
            "were incomplete": sum(count for why, count in dropped.items() if why.startswith("incomplete/")),
        }

    def _speed(self, found: Figures) -> Row:
        exported, records = number(found, "articles", "exported"), found["records"]
        seconds, requests = found["seconds"], number(found, "pages", "requests")
        return {
            "articles_per_minute": round(60 * exported / seconds, 1) if seconds and exported is not None else None,
            # By records: of a run whose requests are not known any more, they are not known either.
            "requests_per_article": round(requests / records, 2) if records and requests is not None else None,
            "cpu_seconds": _tenths(self._sums["speed", "cpu_seconds"]),
            "peak_memory": self._peak,
        }


class _Named:
    """What is named: the latest of what failed, the longest stories, the last that is known of each source."""

    def __init__(self) -> None:
        self.failed: list[Row] = []
        self.unreadable: list[Row] = []
        self.stories: dict[str, Row] = {}
        self.sources: dict[str, Row] = {}
        self.feeds: dict[str, None] = {}

    def add(self, figures: Figures) -> None:
        failed = _once([*rows(figures, "failures", "named"), *self.failed])
        self.failed = sorted(failed, key=lambda one: str(one.get("at") or ""), reverse=True)[:_MOST_NAMED]
        self.unreadable = _once([*rows(figures, "unreadable", "named"), *self.unreadable])[:_MOST_NAMED]
        for one in rows(figures, "stories"):
            self._add_story(one)
        longest = sorted(self.stories.values(), key=lambda one: (-one["articles"], one["id"]))[:_MOST_STORIES]
        self.stories = {one["id"]: one for one in longest}
        self.sources |= {str(one["url"]): one for one in rows(figures, "sources")}
        self.feeds |= dict.fromkeys(rows(figures, "feeds"))

    def _add_story(self, one: Row) -> None:
        known = self.stories.get(one["id"], one)
        title = known["title"] if one["title"] is None else one["title"]
        self.stories[one["id"]] = {**one, "title": title, "articles": max(one["articles"], known["articles"])}


class _Latenesses:
    """How late articles were in several runs: exactly, by their counts; null where a run has none."""

    def __init__(self) -> None:
        self._counts = Lateness()
        self._articles: Counter[str] = Counter()
        self._only: dict[str, Row | None] = {}  # of a way that one run alone measured
        self._uncounted: set[str] = set()

    def add(self, lateness: Mapping[str, Any]) -> None:
        for way, found in lateness.items():
            if number(found, "count"):
                self._articles[way] += found["count"]
                self._only[way] = None if way in self._only else dict(found)
                if way != "all" and not rows(found, "counts"):
                    self._uncounted.add(way)
                for seconds, articles in rows(found, "counts"):
                    self._counts.add(way, seconds, articles)

    def figures(self) -> dict[str, Row]:
        return {way: self._only[way] or self._of(way) for way in self._articles}

    def _of(self, way: str) -> Row:
        total, known = self._articles[way], self._counts.summary()
        if way == "all":
            every = known.get("")
            return _late(total, None if self._uncounted or not every or every.count != total else every)
        if way in self._uncounted:
            return _late(total, None) | {"counts": None}
        return _late(total, known[way]) | {"counts": [list(one) for one in self._counts.counts()[way]]}


def _browser(found: Row) -> Row | None:
    """With the share of all article pages together: the sum of shares is none."""
    pages = sum(number(found, "pages", name) or 0 for name in ("articles", "no_container"))
    needed = number(found, "browser", "needed")
    share = round(needed / pages, 4) if pages and needed is not None else None
    return None if found["browser"] is None else {**found["browser"], "share": share}


def _late(total: int, late: Late | None) -> Row:
    return {"count": total, "median": late.median if late else None, "p95": late.p95 if late else None}


def _sum(one: Any, other: Any) -> Any:
    """Of two numbers, or of two tables name by name; None is not known, and changes nothing."""
    if other is None:
        return one
    if isinstance(other, Mapping):
        into = {} if one is None else one
        for name, found in other.items():
            into[name] = _sum(into.get(name), found)
        return into
    return other if one is None else one + other


def _chosen(which: Callable[..., Any], one: Any, other: Any) -> Any:
    """By `min` or `max`, of two of which either may not be known."""
    return which(one, other) if one is not None and other is not None else one if other is None else other


def _known(found: Row) -> Row | None:
    """None when nothing of it is known."""
    return found if any(one not in (None, []) for one in found.values()) else None


def _tenths(number: float | None) -> float | None:
    return None if number is None else round(number, 1)


def _once(named: Sequence[Row]) -> list[Row]:
    """Each of them once: runs that overlap name the same."""
    return list({tuple(map(str, one.values())): one for one in named}.values())
