"""Numbers by what they are worth."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newscrawl.korean import numbers


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("3만5000명", "3만5천명"),
        ("3만5천명", "35,000명"),
        ("1조2500억원", "1조2천500억원"),
        ("1조 2500억원", "1조2500억원"),
        ("1천300명", "1,300명"),
        ("12.30%", "12.3%"),
    ],
)
def test_a_number_is_one_however_it_is_written(one: str, other: str) -> None:
    assert numbers(one)[0] == numbers(other)[0]
    assert len(numbers(one)[0]) == 1


@pytest.mark.parametrize(("one", "other"), [("12.5%", "125%"), ("3만", "3억"), ("5명", "5%"), ("1.2.3", "1.23")])
def test_other_numbers_are_others(one: str, other: str) -> None:
    assert numbers(one)[0] != numbers(other)[0]


def test_dates_and_times_stand_apart() -> None:
    assert numbers("2026년 11월 20일 오전 9시 30분에 1250억원") == (
        frozenset({"125000000000"}),
        frozenset({"2026년", "11월", "20일", "9시", "30분"}),
    )


@given(st.text(alphabet="0123456789.,조억만천년월일시분% 가", max_size=60))
def test_no_heap_of_digits_raises(text: str) -> None:
    numbers(text)
