"""Where in a list that is ordered by time, newest first, a moment lies: found by galloping and bisecting over row offsets. Pure.

Articles that appear meanwhile push all rows down. So a page that was newer than the moment is so for ever (`low`), while one that was not
newer (`high`) may become so: the search gives a `low` from which one walks on, never a page that must be the right one.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

MOST_PROBES = 40
_BISECT_FROM = 12  # probes after which guesses are given up: halving takes at most 17 more for three million rows
_NEAR = 3  # pages: so near, walking costs no more than searching
_MOST_GROWTH = (
    64  # a gallop goes at most so many times as far as it has come: a wrong guess is no request for row ten million
)
_BEYOND = 1.1  # a gallop goes a tenth farther than it guesses: what lies behind the moment is as good to know as what lies before it


@dataclass(frozen=True, slots=True)
class Seek:
    """A search for the first rows that are not newer than `target`. Offsets are in rows, times in seconds since 1970.

    `low`: a page that is newer, with the time of its rows; at first the top of the list. `high`: a page that is not newer, with its time, or
    (`high_at` None) one that lies beyond the end of the list. `per_row`: seconds from one row to the next, as far as is known; `probes`:
    pages asked for so far.
    """

    target: int
    low: int = 0
    low_at: int | None = None
    high: int | None = None
    high_at: int | None = None
    per_row: float = 0.0
    probes: int = 0

    def is_found(self, step: int) -> bool:
        """Whether the walk may begin at `low`: the moment is near, or there is no sense in looking farther. `step`: rows a page."""
        near = self.high is not None and self.high - self.low <= _NEAR * step
        return near or self.probes >= MOST_PROBES

    def next_offset(self, step: int) -> int:
        """The page to look at next, a whole number of pages from the top."""
        if self.low_at is None:
            return self.low
        if self.high is None:
            return _page(self._gallop(self.low_at, step), step)
        middle = (self.low + self.high) // 2
        blind = self.high_at is None or self.high_at >= self.low_at
        if blind or self.probes >= _BISECT_FROM or self.probes % 3 == 2:
            return _page(middle, step)
        assert self.high_at is not None
        share = (self.low_at - self.target) / (self.low_at - self.high_at)
        guess = self.low + int(share * (self.high - self.low))
        return _page(min(max(guess, self.low + step), self.high - step), step)

    def _gallop(self, low_at: int, step: int) -> int:
        """As far down as the moment lies if articles came as often as they did above; twice as far as before at least."""
        guess = self.low + int((low_at - self.target) / self.per_row * _BEYOND) if self.per_row > 0 else 0
        far = max(self.low, step)
        return min(max(guess, 2 * far), _MOST_GROWTH * far)

    def narrowed(self, offset: int, at: int | None, per_row: float = 0.0) -> Seek:
        """After a look at the page at `offset`, whose rows are of the time `at`; None: it lies beyond the end. `per_row`: what the page itself
        tells of the seconds from row to row."""
        probes = self.probes + 1
        if at is None or at <= self.target:
            return replace(self, high=offset, high_at=at, probes=probes)
        if self.low_at is not None and offset > self.low and at < self.low_at:  # over a longer way than a page
            per_row = (self.low_at - at) / (offset - self.low)
        return replace(self, low=offset, low_at=at, per_row=per_row or self.per_row, probes=probes)


def _page(offset: int, step: int) -> int:
    return offset // step * step
