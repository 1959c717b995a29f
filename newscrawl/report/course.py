"""The course of some figures over several runs: a point for each run, or for each hour, day or week when there are too many. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from newscrawl.korean import KST
from newscrawl.report.amounts import when
from newscrawl.report.merging import Together
from newscrawl.report.reading import Figures

MOST_POINTS = 100  # of a line: three hours each, of a week; of more, each would be too few articles to say much
_HOUR, _DAY = 3_600, 86_400
_STEPS = (0, _HOUR, 3 * _HOUR, 6 * _HOUR, _DAY, 7 * _DAY, 28 * _DAY, 364 * _DAY)
"""Seconds, 0 for each run by itself. Each is a whole number of the one before, so that points can be put together again."""
_MONDAY = datetime(1970, 1, 5, tzinfo=KST)
_SHOWN = (
    *("id", "runs", "started_at", "seconds", "reason", "exit_code", "problems", "monitors", "troubled", "articles"),
    *("records", "fields", "lateness", "failures", "speed", "pages"),
)
_Start = tuple[datetime, int]  # when it begins, and which of those that do, as they were added


class Course:
    """Figures over time, in at most so many points, with a gap where no run began."""

    def __init__(self, most: int = MOST_POINTS) -> None:
        self._most = most
        self._place = 0
        self._points: dict[_Start, Together] = {}

    @property
    def step(self) -> int:
        """Seconds from one point to the next; 0 when each point is a run."""
        return _STEPS[self._place]

    def add(self, figures: Figures) -> None:
        """Those of a run, or of a part of a watch; one that does not say when it began has no place."""
        begun = when(figures.get("started_at"))
        if begun is None:
            return
        self._point(begun).add({name: figures.get(name) for name in _SHOWN if name in figures})
        while self._length() > self._most and self._place + 1 < len(_STEPS):
            self._place += 1
            finer, self._points = self._points, {}
            for (start, _), together in sorted(finer.items()):
                self._point(start).add(together.figures())

    def points(self) -> list[dict[str, Any]]:
        """Figures in the order of time, each with its begin as `started_at`; where no run began, nothing else."""
        return [
            {**(self._points[start].figures() if start in self._points else {}), "started_at": start[0].isoformat()}
            for start in self._starts()
        ]

    def within(self, most: int) -> Course:
        """The same in fewer points."""
        coarser = Course(most)
        coarser._place = self._place
        for (start, _), together in sorted(self._points.items()):
            coarser.add({**together.figures(), "started_at": start.isoformat()})
        return coarser

    def _point(self, at: datetime) -> Together:
        if not self.step:  # two runs may have begun in the same second
            return self._points.setdefault((at, len(self._points)), Together())
        return self._points.setdefault((at - (at - _MONDAY) % timedelta(seconds=self.step), 0), Together())

    def _length(self) -> int:
        if not self.step:
            return len(self._points)
        (last, _), (first, _) = max(self._points), min(self._points)
        return (last - first) // timedelta(seconds=self.step) + 1

    def _starts(self) -> Sequence[_Start]:
        if not self.step or not self._points:
            return sorted(self._points)
        first, _ = min(self._points)
        return [(first + place * timedelta(seconds=self.step), 0) for place in range(self._length())]
