"""When the parts of a watch are over, and what each took of the counts."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newscrawl.korean import KST
from newscrawl.report.parts import end_of_part, since

NINE = datetime(2026, 11, 20, 9, 0, tzinfo=KST)
HOUR, DAY = 3600.0, 86_400.0


def end(at: datetime, every: float) -> datetime:
    return datetime.fromtimestamp(end_of_part(at.timestamp(), every), KST)


@pytest.mark.parametrize(
    ("minutes", "every", "then"),
    [
        (0, HOUR, 60),
        (10, HOUR, 60),
        (45, HOUR, 60),
        (46, HOUR, 120),  # what is left of the hour is no part
        (59.9, HOUR, 120),
        (10, DAY, 15 * 60),  # midnight in Korea
        (11 * 60, DAY, 39 * 60),
        (3, 600, 10),
    ],
)
def test_a_part_is_over_at_the_full_hour(minutes: float, every: float, then: float) -> None:
    assert end(NINE + timedelta(minutes=minutes), every) == NINE + timedelta(minutes=then)


@given(st.floats(0, 4e9), st.floats(60, 366 * DAY))
def test_a_part_lasts_a_quarter_of_its_time_at_least_and_less_than_a_quarter_more(begun: float, every: float) -> None:
    assert 0.2499 * every < end_of_part(begun, every) - begun < 1.2501 * every


def test_counts_of_a_part_are_without_those_of_the_parts_before() -> None:
    before = {"newscrawl/exported": 5, "newscrawl/ways/feed/only": 4}
    now = {"newscrawl/exported": 8, "newscrawl/ways/feed/only": 3, "retry/count": 2, "finish_reason": "shutdown"}
    assert since(now, before) == {
        "newscrawl/exported": 3,
        "newscrawl/ways/feed/only": 0,
        "retry/count": 2,
        "finish_reason": "shutdown",
    }


def test_the_first_part_has_all_that_was_counted() -> None:
    assert since({"retry/count": 2, "elapsed_time_seconds": 1.5}, {}) == {
        "retry/count": 2,
        "elapsed_time_seconds": 1.5,
    }
