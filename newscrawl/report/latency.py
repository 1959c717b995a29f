"""How long the site took for its answers, whatever our own pace. Pure."""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from itertools import accumulate


class Latency:
    """Counts answers by their seconds, to three digits or a millisecond: at most a thousand counts below a second, and nine hundred for each
    power of ten above, whatever the number of answers."""

    def __init__(self) -> None:
        self._counts: Counter[float] = Counter()

    def add(self, seconds: float) -> None:
        """An answer that took so long."""
        self._counts[round(seconds, 3) if seconds < 1 else float(f"{seconds:.3g}")] += 1

    def summary(self) -> dict[str, float | None]:
        """`median` and `p95`: seconds within which half of the answers came, and 95 of 100; None without an answer."""
        values = sorted(self._counts)
        ends = list(accumulate(self._counts[value] for value in values))  # how many took no longer than each value
        ranks = {"median": 50, "p95": 95}
        return {
            name: values[bisect_left(ends, -(-ends[-1] * percent // 100))] if ends else None
            for name, percent in ranks.items()
        }
