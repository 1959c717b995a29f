"""What a run has done so far, how fast it goes, how long it will still take: samples go in, figures come out."""

from __future__ import annotations

from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from newscrawl.verdict import total

# Seconds; a little under the minute between two log lines, whose clock trembles: a line counts from the one before it, not from two before.
_WINDOW = 58.0
_FIRST_RATE = 5.0  # seconds; a rate over less would be chance
_STEP = 15.0  # seconds from one noted share to the next, at least
_STEPS = 21  # so the last five minutes count; longer where the share moves seldom, as one that is counted in days
_FIRST_FORECAST = 30.0  # seconds
_OTHER_WORK = 0.1  # a share that falls by more is of other work: what was before says nothing about it


@dataclass(frozen=True, slots=True)
class Doing:
    """What a run does at the moment. A spider that has a method `doing`, without arguments, returns one, or None.

    `what`: in a word: list, article, recheck, poll. `section`: its name, as 정치. `day`: the day of the articles that are looked for.
    `done`: the share of the work that is done, 0 to 1; None when nobody can tell, as of a watch.
    """

    what: str
    section: str | None = None
    day: date | None = None
    done: float | None = None


@dataclass(frozen=True, slots=True)
class Counts:
    """What the stats say; `left`: requests that wait, None if that is not known."""

    pages: int = 0
    found: int = 0
    exported: int = 0
    revised: int = 0
    skipped: int = 0
    failed: int = 0
    left: int | None = None

    @classmethod
    def of(cls, stats: Mapping[str, Any]) -> Counts:
        """The counts as the summary at the end makes them (`newscrawl.verdict`)."""
        return cls(
            pages=total(stats, "newscrawl/pages"),
            found=total(stats, "newscrawl/found/"),
            exported=total(stats, "newscrawl/exported"),
            revised=total(stats, "newscrawl/revised"),
            skipped=total(stats, "newscrawl/skipped/"),
            failed=total(stats, "newscrawl/failed/"),
            left=stats.get("newscrawl/left"),
        )


@dataclass(frozen=True, slots=True)
class Figures:
    """What is shown. `pages` and `articles` (exported ones): a second, over the last minute. `to_go`: seconds. None: not known (yet)."""

    counts: Counts
    doing: Doing | None = None
    pages: float | None = None
    articles: float | None = None
    to_go: float | None = None


class Course:
    """How a run goes: the samples that rates and the time to go are made from. Each `now` is in seconds, of a clock that only goes on."""

    def __init__(self) -> None:
        self._samples: deque[tuple[float, int, int]] = deque()
        self._forecast = Forecast()

    def add(self, now: float, counts: Counts, doing: Doing | None) -> Figures:
        """Take a sample; the figures of this moment. Samples farther apart than a minute give rates over the time between them."""
        self._samples.append((now, counts.pages, counts.exported))
        while len(self._samples) > 2 and self._samples[1][0] <= now - _WINDOW:
            self._samples.popleft()
        self._forecast.add(now, doing.done if doing else None)
        return Figures(counts, doing, *self._rates(), self._forecast.to_go(now))

    def _rates(self) -> tuple[float | None, float | None]:
        (since, *before), (now, *after) = self._samples[0], self._samples[-1]
        took = now - since
        if took < _FIRST_RATE:
            return None, None
        pages, articles = ((later - earlier) / took for earlier, later in zip(before, after, strict=True))
        return pages, articles


class Forecast:
    """How long work will still take, by how the share of it that is done moved."""

    def __init__(self) -> None:
        self._steps: deque[tuple[float, float]] = deque(maxlen=_STEPS)

    def add(self, now: float, done: float | None) -> None:
        """Take in the share that is done; None forgets what was before."""
        if done is None or (self._steps and done < self._steps[-1][1] - _OTHER_WORK):
            self._steps.clear()
        if done is None:
            return
        if not self._steps or (done != self._steps[-1][1] and now - self._steps[-1][0] >= _STEP):
            self._steps.append((now, done))

    def to_go(self, now: float) -> float | None:
        """Seconds; None while there is too little to go by, or the share does not grow.

        From one step to the next the time counts down; when the next is late, so is the end.
        """
        if len(self._steps) < 3:
            return None
        (began, first), (at, done) = self._steps[0], self._steps[-1]
        took, waited = at - began, now - at
        if took < _FIRST_FORECAST or done <= first:
            return None
        late = max(0.0, waited - took / (len(self._steps) - 1))
        return max(0.0, (1 - done) * (took + late) / (done - first) - (waited - late))
