"""The days that a walk down a list passes, and what is left of a span of time."""

from __future__ import annotations

from datetime import datetime, timedelta
from random import Random

from hypothesis import given
from hypothesis import strategies as st

from newscrawl.discovery.days import bounds_of, day_of, days_between, still_open
from newscrawl.discovery.pages import Row
from newscrawl.discovery.walking import ListPage, Walk, day_listed, guessed_time, is_over
from newscrawl.korean import KST

NOW = datetime(2026, 11, 20, 15, tzinfo=KST)


def at(day: int, hour: int = 0, minute: int = 0) -> int:
    """A moment in November 2026."""
    return int(datetime(2026, 11, day, hour, minute, tzinfo=KST).timestamp())


def rows(*moments: int) -> list[Row]:
    return [Row(f"20261101{n:06}", datetime.fromtimestamp(moment, KST)) for n, moment in enumerate(moments, 1)]


def days(walk: Walk, *pages: list[Row], now: int = at(20, 15)) -> list[tuple[int, bool]]:
    """The days that a walk passes on its way through pages, without the year and the month."""
    found: list[tuple[int, bool]] = []
    for page in pages:
        walk, passed = walk.on(page, now)
        found += [(day % 100, seen == [0, 86_400]) for day, *seen in passed]
    return found


def test_a_day_is_passed_when_nearly_all_rows_of_a_page_are_older() -> None:
    walk = Walk("1", at(17), None)
    assert days(walk, rows(at(20, 14), at(20, 9)), rows(at(20, 1), at(19, 23))) == []
    assert days(walk, rows(at(20, 14)), rows(*[at(19, 23)] * 5)) == [(20, False)]  # which is not over
    pinned = [at(20, 14), *[at(18, 3)] * 5]
    assert days(walk, rows(*pinned)) == [(20, False), (19, True)]


def test_a_walk_from_a_date_sees_the_whole_of_its_days_and_no_more() -> None:
    walk = Walk("1", at(10), at(13) - 1)
    assert days(walk, rows(at(13, 4), at(12, 23)), rows(at(9, 23))) == [(12, True), (11, True), (10, True)]
    halves = Walk("1", at(10, 12), at(12, 12))
    assert days(halves, rows(at(12, 11)), rows(at(10, 13)), rows(at(9, 23))) == [(12, False), (11, True), (10, False)]


def test_a_day_that_has_just_ended_may_still_get_articles() -> None:
    walk = Walk("1", at(18), None)
    page = rows(at(18, 9))
    assert days(walk, page, now=at(20, 0, 30)) == [(19, False)]  # and of the 20th nothing is sure yet
    assert days(walk, page, now=at(20, 1, 30)) == [(20, False), (19, True)]


def test_of_a_day_that_is_not_seen_wholly_it_is_known_from_when_to_when() -> None:
    _, passed = Walk("1", at(10, 12), at(12, 12)).on(rows(at(9, 23)), at(20))
    assert passed == ((20261112, 0, 43_200), (20261111, 0, 86_400), (20261110, 43_200, 86_400))
    _, passed = Walk("1", at(20), None).on(rows(at(19, 23)), at(20, 9))
    assert passed == ((20261120, 0, 28_800),)  # not the last hour, of which articles may still appear


def test_rows_without_a_time_pass_a_day_only_when_their_numbers_are_old_enough() -> None:
    walk = Walk("1", at(1), None)
    assert days(walk, [Row("20261118000001")]) == []  # it may have been published on the 21st
    assert days(walk, [Row("20261115000001")]) == [(20, False), (19, True)]


def test_each_day_is_passed_once_and_none_is_left_out() -> None:
    dice = Random(3)
    moments = sorted((at(1) + dice.randrange(19 * 86_400) for _ in range(900)), reverse=True)
    pages = [rows(*moments[start : start + 20]) for start in range(0, len(moments), 20)]
    assert days(Walk("1", at(2), None), *pages) == [(20, False), *((day, True) for day in range(19, 1, -1))]


def test_a_few_new_rows_among_known_ones_do_not_tell_how_far_a_list_has_come() -> None:
    page = rows(*[at(18, 12)] * 18, at(1), at(2))
    known = [row.number for row in page[:18]]
    repeated, pinned = ListPage(page, known), ListPage(page, known[:2])
    assert repeated.is_known
    assert (repeated.fresh, repeated.telling) == (page[18:], page)
    assert not pinned.is_known
    assert pinned.telling == pinned.fresh == page[2:]
    assert not ListPage([], known).is_known


def test_an_empty_page_passes_nothing_and_ends_nothing() -> None:
    assert days(Walk("1", at(1), None), []) == []
    assert not is_over([], at(1))


def test_a_row_counts_under_the_day_that_it_shows() -> None:
    assert day_listed(Row("20261101000001", NOW)) == 20261120
    assert day_listed(Row("20261101000001")) == 20261101
    assert day_listed(Row("20269901000001")) is None


@given(st.floats(800_000_000, 3_800_000_000))
def test_a_day_has_bounds_that_lie_in_it(seconds: float) -> None:
    first, last = bounds_of(day_of(seconds))
    assert first <= seconds < last + 1
    assert (day_of(first), day_of(last), last - first) == (day_of(seconds), day_of(seconds), 86_399)


def test_days_between_are_given_the_newest_first() -> None:
    assert [day % 100 for day in days_between(at(18, 23), at(20, 1))] == [20, 19, 18]
    assert list(days_between(at(18, 5), at(18, 6))) == [20261118]


def test_what_is_settled_is_cut_out_of_a_span() -> None:
    span = (at(10), at(20, 12))
    assert still_open(span, {20261112, 20261113, 20261120}, []) == [(at(14), at(20, 12)), (at(10), at(12) - 1)]
    assert still_open(span, set(), []) == [span]
    assert still_open((at(10, 5), at(10, 6)), {20261110}, []) == [(at(10, 5), at(10, 6))]  # seen, but not wholly ours
    assert still_open((at(10), at(12) - 1), {20261110, 20261111}, []) == []


@given(
    st.lists(st.tuples(st.integers(1, 19), st.integers(1, 19)), max_size=5),
    st.sets(st.integers(1, 19), max_size=8),
)
def test_what_is_left_is_what_nobody_has(taken: list[tuple[int, int]], settled: set[int]) -> None:
    spans = [(at(min(pair)), at(max(pair), 12)) for pair in taken]
    left = still_open((at(1), at(20) - 1), {20261100 + day for day in settled}, spans)
    assert left == sorted(left, reverse=True)
    for day in range(1, 20):
        for hour in (0, 6, 12, 13, 23):
            moment = at(day, hour)
            free = day not in settled and not any(first <= moment <= last for first, last in spans)
            assert free == any(first <= moment <= last for first, last in left)


def test_a_walk_is_kept_as_json() -> None:
    walk, _ = Walk("101", at(1), at(3), at(9), 40).on(rows(at(2, 3)), at(20))
    assert walk.covered == at(3)
    assert walk.reached == at(2, 3)
    assert timedelta(seconds=walk.last - walk.since) == timedelta(days=8)


def test_a_number_stands_in_the_order_of_its_day() -> None:
    numbers = [f"202611{day:02}{place:06}" for day in (1, 2) for place in (1, 20, 600, 1300, 999_999)]
    times = [guessed_time(number) for number in numbers]
    assert times == sorted(set(times))
    assert (times[0], times[-1]) >= (at(1), at(2))
    assert times[4] < at(2) <= times[5]
    assert guessed_time("20269901000001") == 0
