"""When a newswire publishes: by the half-hour of the day and the day of the week, flashes in bursts."""

from __future__ import annotations

from bisect import bisect
from collections.abc import Sequence
from datetime import datetime, timedelta
from itertools import accumulate

from .dice import Dice

RHYTHMS = ("uniform", "wire")
HALF_HOUR = timedelta(minutes=30)
WEEKEND = 1 / 3
# Weight of each half-hour of a weekday, from midnight on: most between 07:00 and 18:30, peaks at 08:30-10:00 and 15:00-17:00.
DAY = (
    0.15, 0.15, 0.1, 0.1, 0.1, 0.1, 0.1, 0.1, 0.1, 0.15, 0.3, 0.5,  # 00:00-06:00
    0.8, 1.2, 2.2, 2.8, 3.4, 5.2, 5.4, 5.0, 3.4, 3.2, 3.0, 2.6,  # 06:00-12:00
    1.8, 1.8, 2.6, 2.8, 3.2, 3.4, 5.0, 5.4, 5.2, 4.8, 3.2, 2.6,  # 12:00-18:00
    1.8, 1.2, 0.9, 0.8, 0.7, 0.6, 0.6, 0.5, 0.5, 0.4, 0.3, 0.2,  # 18:00-24:00
)  # fmt: skip
SATURDAY = 5
BURST = (2, 6)
"""Flashes of one piece of news."""
APART = (15, 150)
"""Seconds between two of them."""


def wire(die: Dice, start: datetime, end: datetime, forms: Sequence[str]) -> list[tuple[int, str]]:
    """For each form the second after `start` (in KST) at which an article of it is published, in order of time."""
    slots, weights = _slots(start, end)
    sums = list(accumulate(weights))
    last = int((end - start).total_seconds()) - 1

    def moment() -> int:
        low, high = slots[min(bisect(sums, die.random() * sums[-1]), len(slots) - 1)]
        return min(low + int(die.random() * (high - low)), last)

    drawn = [(moment(), form) for form in forms if form != "flash"]
    flashes = len(forms) - len(drawn)
    while flashes:
        second = moment()
        for _ in range(min(flashes, die.between(*BURST))):
            drawn.append((min(second, last), "flash"))
            flashes -= 1
            second += die.between(*APART)
    return sorted(drawn)


def _slots(start: datetime, end: datetime) -> tuple[list[tuple[int, int]], list[float]]:
    """The half-hours of a span, as seconds after its start, and how many articles each has for its part."""
    slots, weights = [], []
    at = start.replace(minute=start.minute // 30 * 30, second=0, microsecond=0)
    while at < end:
        low = max(0, int((at - start).total_seconds()))
        high = int((min(at + HALF_HOUR, end) - start).total_seconds())
        share = (high - low) / HALF_HOUR.total_seconds()
        weight = DAY[at.hour * 2 + at.minute // 30] * (WEEKEND if at.weekday() >= SATURDAY else 1)
        slots.append((low, high))
        weights.append(weight * share)
        at += HALF_HOUR
    return slots, weights
