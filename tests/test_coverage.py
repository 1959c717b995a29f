"""What each way named, alone or not, and what it missed."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from newscrawl.discovery.coverage import Coverage

DAY = 20261120000000


def counted(*named: tuple[int, str], most: int = 1000) -> Coverage:
    coverage = Coverage(most)
    for number, way in named:
        coverage.name(DAY + number, way, full=way != "sidebar")
    return coverage


def test_a_way_that_alone_names_an_article_is_told_from_one_of_several() -> None:
    counts = counted((1, "list"), (1, "feed"), (2, "list"), (3, "sidebar"), (3, "sidebar")).counts()
    assert counts["list"]["named"] == 2
    assert counts["list"]["only"] == 1
    assert counts["feed"]["only"] == 0
    assert counts["sidebar"] == {"named": 1, "only": 1}


def test_a_way_misses_what_others_name_within_its_time_and_not_beyond() -> None:
    """A feed of fifty articles misses none of those before them."""
    named = [(number, "list") for number in range(1, 11)] + [(5, "feed"), (7, "feed"), (9, "feed")]
    counts = counted(*named).counts()
    assert counts["feed"]["missed"] == 2
    assert counts["list"]["missed"] == 0


def test_an_article_with_an_old_number_does_not_stretch_the_time_of_a_feed() -> None:
    """It was begun days ago; the feed is of the last hours."""
    named = [(number, "list") for number in range(1, 101)] + [(1, "feed")] + [(n, "feed") for n in range(61, 101)]
    assert counted(*named).counts()["feed"]["missed"] == 0


def test_what_a_section_has_does_not_stretch_it_either() -> None:
    coverage = counted(*((number, "list") for number in range(1, 101)), *((n, "feed") for n in range(91, 101)))
    for number in range(1, 101, 10):  # the feed of a section that brings ten articles in all that time
        coverage.name(DAY + number, "feed", full=False)
    assert coverage.counts()["feed"]["missed"] == 0


def test_a_way_of_links_misses_nothing() -> None:
    assert "missed" not in counted((1, "sidebar"), (2, "list"), (3, "sidebar")).counts()["sidebar"]


def test_a_way_that_named_nothing_is_not_counted() -> None:
    assert set(counted((1, "list")).counts()) == {"list"}


def test_gaps_are_counted_within_each_day() -> None:
    coverage = counted((1, "list"), (2, "list"), (5, "feed"), (1_000_007, "list"), (1_000_009, "sidebar"))
    assert coverage.gaps() == 3
    assert counted().gaps() == 0


NAMED = st.lists(st.tuples(st.integers(1, 60), st.sampled_from(["list", "feed", "sidebar"])), max_size=200)


@given(NAMED)
def test_counts_agree_with_the_sets_that_they_count(named: list[tuple[int, str]]) -> None:
    counts = counted(*named).counts()
    for way in {way for _, way in named}:
        own = {number for number, other in named if other == way}
        others = {number for number, other in named if other != way}
        assert counts[way]["named"] == len(own)
        assert counts[way]["only"] == len(own - others)
        if way != "sidebar":
            low = sorted(own)[len(own) // 20]
            assert counts[way]["missed"] == sum(low <= number <= max(own) for number in others - own)


@given(NAMED)
def test_with_little_memory_named_and_the_bound_hold(named: list[tuple[int, str]]) -> None:
    """An article that comes again after it was forgotten counts again: the counts are then upper bounds."""
    small, large = counted(*named, most=10).counts(), counted(*named).counts()
    assert set(small) == set(large)
    assert all(small[way]["named"] >= large[way]["named"] for way in large)
