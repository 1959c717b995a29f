"""Which way named which article: what each way named, what only it named, what it missed that others had. Pure."""

from __future__ import annotations

from collections import Counter

MOST = 20_000
"""Articles that are remembered at once, two weeks of a wire, 3 MB; of older ones only the counts."""
_STRAYS = 20  # one in so many may bear an old number: an article keeps the number of the day on which it was begun


class Coverage:
    """Counts over a run, by way. An article is its number: of equal length, growing with time."""

    def __init__(self, most: int = MOST) -> None:
        self._most = most
        self._ways: dict[str, int] = {}  # way -> its place: two bits of what is kept of an article
        self._articles: dict[int, int] = {}  # in the order in which they were named
        self._named: Counter[str] = Counter()
        self._only: Counter[str] = Counter()  # among articles that are not remembered any more

    def name(self, number: int, way: str, *, full: bool = False) -> None:
        """An article that a way names. `full`: in a list that is meant to have every article of its time."""
        bit = 1 << 2 * self._ways.setdefault(way, len(self._ways))
        known = self._articles.get(number, 0)
        if not known & bit:
            self._named[way] += 1
        self._articles[number] = known | bit | (bit << 1 if full else 0)
        if len(self._articles) > self._most:
            self._only.update(self._alone(self._articles.pop(next(iter(self._articles)))))

    def _alone(self, bits: int) -> list[str]:
        """The way of an article that one way names."""
        ways = [way for way, place in self._ways.items() if bits & 1 << 2 * place]
        return ways if len(ways) == 1 else []

    def counts(self) -> dict[str, dict[str, int]]:
        """For each way that named anything: `named`, `only` (no other way did), and of one with full lists `missed`: what others named of
        the time that those cover."""
        only = Counter(self._only)
        for bits in self._articles.values():
            only.update(self._alone(bits))
        found = {way: {"named": named, "only": only[way]} for way, named in self._named.items()}
        for way, place in self._ways.items():
            bit = 1 << 2 * place
            covered = sorted(number for number, bits in self._articles.items() if bits & bit << 1)
            if covered:
                low, high = covered[len(covered) // _STRAYS], covered[-1]
                found[way]["missed"] = sum(
                    low <= number <= high for number, bits in self._articles.items() if not bits & bit
                )
        return found

    def missing(self) -> list[int]:
        """The numbers that `gaps` counts, the newest first; without those of days of which less than half is named: there it is chance which
        numbers are first and last."""
        found: list[int] = []
        for numbers in self._days().values():
            low, high = min(numbers), max(numbers)
            if len(numbers) * 2 > high - low:
                found += set(range(low, high + 1)) - set(numbers)
        return sorted(found, reverse=True)

    def gaps(self) -> int:
        """Numbers that nobody named between the lowest and the highest that somebody did, day by day. A number is a date and six digits."""
        return sum(max(numbers) - min(numbers) + 1 - len(numbers) for numbers in self._days().values())

    def _days(self) -> dict[int, list[int]]:
        days: dict[int, list[int]] = {}
        for number in self._articles:
            days.setdefault(number // 1_000_000, []).append(number)
        return days
