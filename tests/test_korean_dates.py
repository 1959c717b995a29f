"""Dates as Korean pages write them are moments in KST."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from newscrawl.korean import KST, label_date, parse_date

PROPERTY = settings(deadline=None, database=None, derandomize=True, max_examples=300)
FRAGMENTS = st.lists(
    st.sampled_from(
        [
            "2026",
            "년",
            "-",
            ".",
            "09",
            "월",
            "11",
            "일",
            " ",
            "오후",
            "10",
            ":",
            "시",
            "23",
            "T",
            "+09:00",
            "Z",
            "99",
            "W",
            "\x00",
        ]
    ),
    max_size=14,
).map("".join)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("2026-09-11T10:23:07+09:00", "2026-09-11T10:23:07+09:00", id="datetime attribute of 2026"),
        pytest.param("기사입력 : 2022년05월30일 15:47", "2022-05-30T15:47:00+09:00", id="2022"),
        pytest.param("기사등록 : 2023-04-05 09:36", "2023-04-05T09:36:00+09:00", id="mobile"),
        pytest.param("2025-12-03 13:40", "2025-12-03T13:40:00+09:00", id="list"),
        pytest.param("2025-06-16 06:00", "2025-06-16T06:00:00+09:00", id="best articles"),
        pytest.param("2026-09-11T01:23:07Z", "2026-09-11T10:23:07+09:00", id="UTC"),
        pytest.param("2026-09-10T18:23:07-07:00", "2026-09-11T10:23:07+09:00", id="another zone, another day"),
        pytest.param("2026-09-11T10:23:07", "2026-09-11T10:23:07+09:00", id="no offset is KST"),
        pytest.param("2026-09-11T10:23:07+0900", "2026-09-11T10:23:07+09:00", id="offset without a colon"),
        pytest.param("2026-09-11T10:23", "2026-09-11T10:23:00+09:00", id="no seconds"),
        pytest.param("2022년 5월 30일 15:47", "2022-05-30T15:47:00+09:00", id="spaces, one digit"),
        pytest.param("2022년 5월 30일 (월) 오후 3시 47분", "2022-05-30T15:47:00+09:00", id="weekday, half, units"),
        pytest.param("2026/09/11 10시 23분 07초", "2026-09-11T10:23:07+09:00", id="slashes and units"),
        pytest.param("2025.06.16 오후 12:10", "2025-06-16T12:10:00+09:00", id="noon"),
        pytest.param("2025.06.16 오전 12:10", "2025-06-16T00:10:00+09:00", id="midnight"),
        pytest.param("2025.06.16 오후 5:10", "2025-06-16T17:10:00+09:00", id="afternoon"),
        pytest.param("2026-09-11 03:05 PM", "2026-09-11T15:05:00+09:00", id="PM"),
        pytest.param("2026-09-11 03:05:07PM", "2026-09-11T15:05:07+09:00", id="PM without a space"),
        pytest.param("2026-09-11 03:05 p.m.", "2026-09-11T15:05:00+09:00", id="p.m."),
        pytest.param("2026-09-11 03:05 AM", "2026-09-11T03:05:00+09:00", id="AM"),
        pytest.param("2026-09-11 12:05 PM", "2026-09-11T12:05:00+09:00", id="noon, PM"),
        pytest.param("2026-09-11 12:05 am", "2026-09-11T00:05:00+09:00", id="midnight, AM"),
        pytest.param("2026-09-11 PM 03:05", "2026-09-11T15:05:00+09:00", id="PM before the time"),
        pytest.param("2026-09-11 15:05 PM", "2026-09-11T15:05:00+09:00", id="PM of 24 hours"),
        pytest.param("2026-09-11 오후 03:05", "2026-09-11T15:05:00+09:00", id="afternoon, two digits"),
        pytest.param("2026-09-11 오후 15:05", "2026-09-11T15:05:00+09:00", id="afternoon of 24 hours"),
        pytest.param("2026-09-11 03:05 PMI 발표", "2026-09-11T03:05:00+09:00", id="a word that begins like PM"),
        pytest.param("2024-02-29 00:00", "2024-02-29T00:00:00+09:00", id="leap day"),
        pytest.param("  2025-12-03 13:40\n", "2025-12-03T13:40:00+09:00", id="spaces around"),
    ],
)
def test_each_form_is_a_moment_in_kst(text: str, expected: str) -> None:
    found = parse_date(text)
    assert found is not None
    assert found.isoformat() == expected


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("T:00+09:00", id="the site's empty page"),
        pytest.param("", id="empty"),
        pytest.param("2026-09-11", id="a day is no moment"),
        pytest.param("20260911", id="a day without dashes"),
        pytest.param("20260911000123", id="an article's number"),
        pytest.param("2022년05월30일", id="a Korean day"),
        pytest.param("15:47", id="a time is no moment"),
        pytest.param("2022년13월45일 10:00", id="no such day"),
        pytest.param("2023-02-29 10:00", id="no leap year"),
        pytest.param("2022-05-30 25:00", id="no such hour"),
        pytest.param("2022-05-30 10:60", id="no such minute"),
        pytest.param("0001-01-01T00:00:00+14:00", id="before the first year"),
        pytest.param("9999-12-31T23:59:59-12:00", id="after the last year"),
        pytest.param("기사입력 :", id="a blank label"),
        pytest.param("２０２２년05월30일 15:47", id="full-width digits"),
        pytest.param("코스피 2022.05 30.15:47", id="numbers of other things"),
    ],
)
def test_what_names_no_moment_is_none(text: str) -> None:
    assert parse_date(text) is None


@pytest.mark.parametrize("text", ["12022년05월30일 15:47", "2022-05-30 15:477"])
def test_digits_of_a_longer_number_are_no_date(text: str) -> None:
    assert parse_date(text) is None


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("최종수정 : 2022년05월30일 20:46", "20:46", id="the form of the site"),
        pytest.param("최종수정: 2022-05-30 20:46", "20:46", id="no space"),
        pytest.param("최종수정 2022.05.30 20:46", "20:46", id="no colon"),
        pytest.param(
            "기사입력 : 2022년05월30일 15:47 최종수정 : 2022년05월30일 20:46", "20:46", id="behind another label"
        ),
        pytest.param(
            "최종수정 안내 최종수정 : 2022년05월30일 20:46", "20:46", id="the second time the label stands there"
        ),
    ],
)
def test_the_date_behind_a_label_is_found(text: str, expected: str) -> None:
    found = label_date(text, ("최종수정",))
    assert found is not None
    assert f"{found:%H:%M}" == expected


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("2022년05월30일 20:46", id="no label"),
        pytest.param("최종수정 :", id="no date"),
        pytest.param("최종수정 : 기사입력 : 2022년05월30일 20:46", id="the date is another label's"),
        pytest.param("최종수정 : 2022년05월30일", id="no time"),
        pytest.param(f"최종수정 {'.' * 50} 2022년05월30일 20:46", id="too far away"),
        pytest.param("2022년05월30일 20:46 최종수정", id="before the label"),
    ],
)
def test_a_date_that_is_not_the_labels_is_none(text: str) -> None:
    assert label_date(text, ("최종수정",)) is None


@PROPERTY
@given(st.datetimes(datetime(1990, 1, 1), datetime(2099, 12, 31)), st.integers(-14 * 60, 14 * 60))  # noqa: DTZ001  # hypothesis takes naive bounds
def test_an_iso_moment_of_any_zone_is_the_same_moment_in_kst(naive: datetime, minutes: int) -> None:
    moment = naive.replace(tzinfo=timezone(timedelta(minutes=minutes)))
    found = parse_date(moment.isoformat())
    assert found == moment
    assert found.utcoffset() == timedelta(hours=9)


@PROPERTY
@given(st.text(max_size=40) | FRAGMENTS)
def test_no_text_raises_and_every_moment_is_aware(text: str) -> None:
    for found in (parse_date(text), label_date(f"입력 {text}", ("입력",))):
        if found is not None:
            assert found.tzinfo is KST
            found.astimezone(UTC)
