"""Finding the place of a date in a list by galloping and bisecting, and walking on from there. The lists here are made of times alone."""

from __future__ import annotations

from bisect import bisect_left
from dataclasses import asdict
from random import Random

import orjson
from hypothesis import given
from hypothesis import strategies as st

from newscrawl.discovery.seeking import MOST_PROBES, Seek

STEP = 20
NOW = 1_800_000_000


class List:
    """A list of so many rows, whose articles came at a wire's rhythm: many by day, few at night and at weekends. More come at each look."""

    def __init__(self, rows: int, seed: int, *, arriving: float = 0.0, end: str = "empty") -> None:
        self.dice, self.arriving, self.end = Random(seed), arriving, end
        self.times: list[int] = []
        at = float(NOW)
        for _ in range(rows):
            hour, day = at / 3600 % 24, int(at // 86_400) % 7
            at -= self.dice.expovariate((60 if 0 <= hour < 11 else 5) * (0.3 if day > 4 else 1) / 3600)
            self.times.append(int(at))
        self.new = 0

    def page(self, offset: int) -> list[int]:
        self.new += self.dice.random() < self.arriving
        times = [NOW + 1] * self.new + self.times
        if self.end == "repeat" and offset >= len(times):
            offset = (len(times) - 1) // STEP * STEP
        return times[offset : offset + STEP]

    def place(self, target: int) -> int:
        """The first row that is not newer than a moment."""
        return self.new + bisect_left([-at for at in self.times], -target)


def search(rows: List, target: int) -> tuple[Seek, int]:
    """The search to its end, through JSON at each step as the frontier keeps it; and how many pages it looked at."""
    seek, known = Seek(target), list[int]()
    while True:
        offset = seek.next_offset(STEP)
        assert offset % STEP == 0
        times = rows.page(offset)
        fresh = times if times != known else []
        at = sorted(fresh)[(len(fresh) - 1) // 2] if fresh else None
        seek = seek.narrowed(offset, at, (fresh[0] - fresh[-1]) / len(fresh) if fresh else 0.0)
        known = times if seek.low == offset else known
        if seek.is_found(STEP):
            return seek, seek.probes
        seek = Seek(**orjson.loads(orjson.dumps(asdict(seek))))


@given(st.integers(1, 30_000), st.integers(0, 100), st.floats(0, 1), st.sampled_from((0.0, 0.05, 0.5)))
def test_the_walk_begins_above_the_place_and_near_it(count: int, seed: int, share: float, arriving: float) -> None:
    rows = List(count, seed, arriving=arriving)
    target = int(NOW - share * (NOW - rows.times[-1]))
    seek, probes = search(rows, target)
    assert seek.low <= rows.place(target) + STEP
    assert rows.place(target) - seek.low <= 4 * STEP + rows.new
    assert probes <= 30


@given(st.integers(1, 5_000), st.integers(0, 100), st.sampled_from(("empty", "repeat")))
def test_a_list_that_ends_before_the_date_is_walked_from_its_end(count: int, seed: int, end: str) -> None:
    rows = List(count, seed, end=end)
    seek, probes = search(rows, rows.times[-1] - 10_000_000)
    assert rows.page(max(0, seek.low - STEP))  # also where a list repeats its last page for all that lie beyond it
    assert min(rows.page(seek.low), default=0) in (0, *rows.times[-4 * STEP :])
    assert probes <= 30


def test_three_million_rows_take_no_more_than_the_limit() -> None:
    rows = List(200_000, 5)
    rows.times = [NOW - (NOW - at) * 15 for at in rows.times for _ in range(15)]
    worst = max(search(rows, rows.times[place])[1] for place in range(0, len(rows.times), 190_000))
    assert worst <= MOST_PROBES - 10


def test_a_list_that_gives_its_top_for_every_page_ends_the_search() -> None:
    seek = Seek(NOW - 10**7)
    while not seek.is_found(STEP):
        seek = seek.narrowed(seek.next_offset(STEP), NOW, 1.0)
    assert seek.probes == MOST_PROBES


def test_what_is_on_the_first_page_takes_one_look() -> None:
    seek, probes = search(List(1_000, 1), NOW)
    assert (seek.low, probes) == (0, 1)


def test_a_search_that_knows_a_page_below_begins_between_it_and_the_top() -> None:
    rows = List(20_000, 3)
    day = 86_400
    target = rows.times[15_000] + day
    seek = Seek(target, 0, NOW, high=15_000, high_at=rows.times[15_000])
    assert 10_000 < seek.next_offset(STEP) < 15_000
