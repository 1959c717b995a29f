"""How late articles are: from their publication to the line in the output, by the way that found them. Pure."""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter
from dataclasses import dataclass
from itertools import accumulate

_MINUTE = 60
_HOUR = 3600
_THREE_DIGITS_FROM = 100.0  # seconds; below, tenths are no more digits


@dataclass(frozen=True, slots=True)
class Late:
    """Of `count` articles half came within `median` seconds and 95 of 100 within `p95`."""

    count: int
    median: float
    p95: float


class Lateness:
    """Counts articles by way and by seconds, rounded to three digits and to a tenth of a second.

    So a median or a percentile is wrong by half a percent at most, or by 0.05 s below ten seconds; and a way has at most a thousand counts
    for what is under 100 s and nine hundred for each power of ten above, whatever the number of articles.
    """

    def __init__(self) -> None:
        self._ways: dict[str, Counter[float]] = {}

    def add(self, way: str, seconds: float, articles: int = 1) -> None:
        """An article that a way found so late, or several; one from the future, by a clock that runs ahead, was not late at all."""
        self._ways.setdefault(way, Counter())[_rounded(max(seconds, 0.0))] += articles

    def join(self, other: Lateness) -> None:
        """Count what another counted."""
        for way, counts in other._ways.items():
            self._ways.setdefault(way, Counter()).update(counts)

    def counts(self) -> dict[str, list[tuple[float, int]]]:
        """For each way the seconds, rounded, and how many articles were so late; the shortest first."""
        return {way: sorted(counts.items()) for way, counts in self._ways.items()}

    def summary(self) -> dict[str, Late]:
        """For each way, and under "" for all together; empty without an article."""
        if not self._ways:
            return {}
        every = sum(self._ways.values(), Counter[float]())
        return {way: _late(counts) for way, counts in {"": every, **self._ways}.items()}


def shown(seconds: float) -> str:
    """For a person: `42 s`, `3 m 10 s`, `2 h 05 m`."""
    whole = round(seconds)
    if whole < _MINUTE:
        return f"{whole} s"
    if whole < _HOUR:
        return f"{whole // _MINUTE} m {whole % _MINUTE:02} s"
    minutes = round(whole / _MINUTE)
    return f"{minutes // 60} h {minutes % 60:02} m"


def _rounded(seconds: float) -> float:
    """Keeps the order of any two, so ranks stay what they are."""
    return float(f"{seconds:.3g}") if seconds >= _THREE_DIGITS_FROM else round(seconds, 1)


def _late(counts: Counter[float]) -> Late:
    values = sorted(counts)
    ends = list(accumulate(counts[value] for value in values))  # how many articles are no later than each value
    return Late(ends[-1], _quantile(values, ends, 50), _quantile(values, ends, 95))


def _quantile(values: list[float], ends: list[int], percent: int) -> float:
    """Between the two articles next to that place, as `statistics.quantiles(…, method="inclusive")` has it."""
    place, part = divmod((ends[-1] - 1) * percent, 100)
    low = values[bisect_right(ends, place)]
    high = values[bisect_right(ends, min(place + 1, ends[-1] - 1))]
    return low + (high - low) * part / 100
