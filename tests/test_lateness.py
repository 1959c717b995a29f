"""How late articles are, by way: medians and percentiles of any number of them in little memory."""

from __future__ import annotations

import statistics
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newscrawl.discovery.lateness import Late, Lateness, shown

SECONDS = st.floats(0, 1e9)


def late(*seconds: float, way: str = "flash") -> Late:
    lateness = Lateness()
    for one in seconds:
        lateness.add(way, one)
    return lateness.summary()[way]


def test_each_way_is_measured_by_itself_and_all_together() -> None:
    lateness = Lateness()
    for seconds in (10, 20, 30):
        lateness.add("flash", seconds)
    lateness.add("feed", 300)
    assert lateness.summary() == {
        "": Late(4, 25, 259.5),
        "flash": Late(3, 20, 29),
        "feed": Late(1, 300, 300),
    }


def test_without_an_article_there_is_nothing_to_sum_up() -> None:
    assert Lateness().summary() == {}


def test_to_sum_up_changes_nothing() -> None:
    lateness = Lateness()
    lateness.add("flash", 10)
    assert lateness.summary() == lateness.summary()


def test_an_article_from_the_future_was_not_late() -> None:
    assert late(-30) == Late(1, 0, 0)


@pytest.mark.parametrize(
    ("seconds", "kept"),
    [
        (0.04, 0.0),
        (0.06, 0.1),
        (42, 42),
        (42.26, 42.3),
        (99.96, 100),
        (100.4, 100),
        (259, 259),
        (3604, 3600),
        (3606, 3610),
    ],
)
def test_three_digits_are_kept_but_no_hundredths(seconds: float, kept: float) -> None:
    assert late(seconds).median == kept


@given(SECONDS, SECONDS)
def test_rounding_keeps_the_order(one: float, other: float) -> None:
    low, high = sorted((one, other))
    assert late(low).median <= late(high).median


@given(st.lists(SECONDS, min_size=2, max_size=300))
def test_the_figures_are_those_of_the_exact_times_within_the_promised_error(seconds: list[float]) -> None:
    found, exact = late(*seconds), statistics.quantiles(seconds, n=100, method="inclusive")
    assert found.count == len(seconds)
    assert found.median == pytest.approx(statistics.median(seconds), rel=0.00501, abs=0.0501)
    assert found.p95 == pytest.approx(exact[94], rel=0.00501, abs=0.0501)


@given(st.lists(st.integers(0, 99), min_size=2, max_size=300))
def test_of_whole_seconds_under_a_hundred_they_are_exact(seconds: list[int]) -> None:
    exact = statistics.quantiles(seconds, n=100, method="inclusive")
    found = late(*seconds)
    assert found.median == pytest.approx(exact[49])
    assert found.p95 == pytest.approx(exact[94])


@given(st.lists(st.tuples(st.sampled_from(["flash", "feed", "list"]), st.integers(0, 99)), min_size=1))
def test_all_together_are_the_articles_of_all_ways(named: list[tuple[str, int]]) -> None:
    lateness = Lateness()
    for way, seconds in named:
        lateness.add(way, seconds)
    summary = lateness.summary()
    assert summary[""] == late(*(seconds for _, seconds in named))
    assert set(summary) == {"", *(way for way, _ in named)}


def test_counts_are_few_whatever_the_number_of_articles() -> None:
    """Of all lengths from a tenth of a second to three years."""
    lateness, die = Lateness(), Random(1)
    for _ in range(100_000):
        lateness.add("feed", 10 ** die.uniform(-1, 8))
    (counts,) = lateness._ways.values()
    assert len(counts) <= 1000 + 6 * 900 + 1


@pytest.mark.parametrize(
    ("seconds", "text"),
    [
        *((0, "0 s"), (0.4, "0 s"), (42, "42 s"), (59.4, "59 s"), (59.6, "1 m 00 s"), (60, "1 m 00 s")),
        *((65, "1 m 05 s"), (190, "3 m 10 s"), (3599, "59 m 59 s"), (3599.6, "1 h 00 m"), (3629, "1 h 00 m")),
        *((3631, "1 h 01 m"), (7500, "2 h 05 m"), (7199, "2 h 00 m"), (108_300, "30 h 05 m")),
    ],
)
def test_a_person_reads_seconds_minutes_and_hours(seconds: float, text: str) -> None:
    assert shown(seconds) == text
