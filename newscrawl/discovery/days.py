"""Days of the site's calendar, as numbers like 20261120, and the spans of time between them. Pure. Times are seconds since 1970."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from datetime import datetime, time, timedelta

from newscrawl.korean import KST

Span = tuple[int, int]
"""A first and a last second."""


def day_of(at: float) -> int:
    """The day of a moment."""
    day = datetime.fromtimestamp(at, KST)
    return day.year * 10_000 + day.month * 100 + day.day


def bounds_of(day: int) -> Span:
    """The first and the last second of a day."""
    start = datetime(day // 10_000, day // 100 % 100, day % 100, tzinfo=KST)
    return int(start.timestamp()), int((start + timedelta(days=1)).timestamp()) - 1


def days_between(first: float, last: float) -> Iterator[int]:
    """The days from that of one moment to that of a later one, the newest first."""
    day = datetime.combine(datetime.fromtimestamp(last, KST), time(), KST)
    while day.timestamp() + 86_400 > first:
        yield day_of(day.timestamp())
        day -= timedelta(days=1)


def still_open(span: Span, settled: Collection[int], taken: Iterable[Span]) -> list[Span]:
    """What is left of a span, the newest first, without the days that are `settled`, as far as they lie in it wholly, and without what
    others have `taken`."""
    done = [bounds_of(day) for day in days_between(*span) if day in settled]
    spans = [span]
    for first, last in [*((a, b) for a, b in done if span[0] <= a and b <= span[1]), *taken]:
        spans = [part for one in spans for part in _without(one, first, last)]
    return sorted(spans, reverse=True)


def _without(span: Span, first: int, last: int) -> list[Span]:
    """A span without the seconds from `first` to `last`."""
    low, high = span
    if last < low or high < first:
        return [span]
    return [part for part in ((low, first - 1), (last + 1, high)) if part[0] <= part[1]]
