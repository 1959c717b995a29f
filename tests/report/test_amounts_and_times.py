"""Amounts, scales and columns of time: what a reader sees of a number."""

from __future__ import annotations

import re
from datetime import datetime, timedelta, timezone
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newscrawl.report.amounts import count, duration, moment, percent, share, size, tick, until
from newscrawl.report.foreign import clipped, plain
from newscrawl.report.scales import durations, numbers, percents
from newscrawl.report.timeline import timeline

KST = timezone(timedelta(hours=9))


@pytest.mark.parametrize(("number", "shown"), [(1234, "1,234"), (89.34, "89.3"), (0, "0"), (2.0, "2"), (None, "–")])
def test_counts_have_separators(number: float | None, shown: str) -> None:
    assert count(number) == shown


@pytest.mark.parametrize(
    ("seconds", "ko", "en"),
    [
        (0.4, "0.4초", "0.4 s"),
        (67.2, "1분 7초", "1 min 7 s"),
        (59.6, "1분", "1 min"),
        (3600, "1시간", "1 h"),
        (90_061, "1일 1시간", "1 d 1 h"),
        (9.97, "10초", "10 s"),
        (86_400 * 4000, "4,000일", "4,000 d"),
    ],
)
def test_durations_have_two_units_at_most(seconds: float, ko: str, en: str) -> None:
    assert duration(seconds) == (ko, en)


@pytest.mark.parametrize(
    ("part", "whole", "shown"),
    [(99, 100, "99 %"), (9999, 10_000, "99.9 %"), (1, 10_000, "0.1 %"), (0, 5, "0 %"), (5, 5, "100 %"), (0, 0, "–")],
)
def test_a_share_is_never_rounded_to_all_or_nothing(part: int, whole: int, shown: str) -> None:
    assert share(part, whole) == shown


@given(st.floats(0, 100))
def test_a_percentage_that_is_not_all_never_reads_so(value: float) -> None:
    assert (percent(value) == "100 %") == (value == 100)


@pytest.mark.parametrize(("number", "shown"), [(999, "999 B"), (131_000_000, "131 MB"), (999_999, "1 MB"), (None, "–")])
def test_sizes_are_short(number: float | None, shown: str) -> None:
    assert size(number) == shown


def test_moments_are_korean_time() -> None:
    assert moment("2026-11-20T00:00:03Z") == "2026-11-20 09:00:03"
    assert moment("soon") == "soon"
    assert until("2026-11-20T09:00:03+09:00", "2026-11-20T09:01:10+09:00") == "09:01:10"
    assert until("2026-11-20T09:00:03+09:00", "2026-11-21T09:01:10+09:00") == "2026-11-21 09:01:10"


@given(st.lists(st.floats(0, 1e12), max_size=4))
def test_a_scale_is_short_and_above_all_that_is_drawn(values: list[float]) -> None:
    for scale in (numbers(values), numbers(values, whole=False)):
        assert 2 <= len(scale) <= 5
        assert scale[-1] >= max(values, default=0) * (1 - 1e-9)


@given(st.floats(0, 86_400 * 20_000))
def test_a_scale_of_durations_names_whole_or_half_units(seconds: float) -> None:
    scale = durations([seconds])
    assert 2 <= len(scale) <= 5
    assert scale[-1] >= seconds
    assert all(re.fullmatch(r"[\d,]+(\.5)? (s|min|h|d)", tick(value).en) for value in scale)


def test_a_scale_of_percentages_shows_a_small_loss() -> None:
    assert percents([99.0, 100.0]) == [96, 97, 98, 99, 100]
    assert percents([None, 3.0]) == [0, 25, 50, 75, 100]


def rows(*at: str | None, articles: int = 1) -> list[dict[str, Any]]:
    return [{"at": one, "section": "경제", "articles": articles} for one in at]


def test_hours_without_articles_are_columns_too() -> None:
    found = timeline("hour", rows("2026-11-20T08:00:00+09:00", "2026-11-20T11:00:00+09:00"))
    assert [name.en for name in found.names] == [f"2026-11-20 {hour:02}:00" for hour in range(12)]
    assert found.sections[0][1] == [0] * 8 + [1, 0, 0, 1]


def test_one_old_article_does_not_squeeze_the_others() -> None:
    recent = [f"2026-11-20T{hour:02}:00:00+09:00" for hour in range(10)]
    found = timeline("hour", rows("2021-01-01T00:00:00+09:00", *recent, *recent))
    assert (found.unit, found.names[0].en, found.sections[0][1][0]) == ("hour", "earlier", 1)


def test_articles_without_a_date_are_the_last_column() -> None:
    found = timeline("hour", rows(None, "2026-11-20T08:00:00+09:00"))
    assert [name.en for name in found.names][-2:] == ["2026-11-20 08:00", "no date"]


def test_twenty_years_are_shown_by_the_year() -> None:
    months = [f"{year}-{month:02}-01T00:00:00+09:00" for year in range(2006, 2026) for month in range(1, 13)]
    found = timeline("month", rows(*months, articles=10))
    assert (found.unit, len(found.names), found.sections[0][1]) == ("year", 20, [120] * 20)


def test_small_sections_are_put_together() -> None:
    found = timeline(
        "hour",
        [{"at": "2026-11-20T08:00:00+09:00", "section": f"s{place:02}", "articles": 20 - place} for place in range(12)],
    )
    assert [name.en for name, _ in found.sections] == [*(f"s{place:02}" for place in range(8)), "others"]
    assert found.sections[-1][1][-1] == 12 + 11 + 10 + 9


@given(
    st.lists(st.tuples(st.integers(630_000_000, 2_200_000_000), st.sampled_from("가나다"), st.integers(0, 9))),
    st.sampled_from(["hour", "day", "month"]),
)
def test_no_article_is_left_out_of_the_columns(found: list[tuple[int, str, int]], unit: str) -> None:
    made = timeline(
        unit,
        [
            {"at": datetime.fromtimestamp(at, KST).isoformat(), "section": name, "articles": count}
            for at, name, count in found
        ],
    )
    assert sum(sum(counts) for _, counts in made.sections) == sum(count for _, _, count in found)
    assert len(made.names) <= 52


@given(st.text())
def test_foreign_text_in_a_drawing_is_short_and_in_one_line(text: str) -> None:
    shown = plain(text)
    assert len(shown) <= 21
    assert "\n" not in shown


def test_a_long_value_is_clipped() -> None:
    assert clipped("a" * 9, 4) == "aaa…"
