"""When articles are looked at again, and what counts as a change."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newscrawl.items import COMPARED, Article
from newscrawl.korean import KST
from newscrawl.revisions import ages, changes, counted_from, next_look
from newscrawl.schema import RECORD

NOON = datetime(2026, 11, 22, 12, tzinfo=KST)
DEFAULT = (600, 3600, 6 * 3600, 24 * 3600, 7 * 24 * 3600)


@pytest.mark.parametrize(
    ("given_ages", "seconds"),
    [
        (["10m", "1h", "6h", "24h", "7d"], DEFAULT),
        (["7d", "10m"], (600, 604_800)),
        ([" 1h ", "60m", ""], (3600,)),
        (["90s", "2w"], (90, 1_209_600)),
        (["0"], ()),
        ([], ()),
        ([""], ()),
        (["999999w"], (5200 * 604_800,)),  # a hundred years: what lies farther away has no date
    ],
)
def test_ages_are_read_and_put_in_order(given_ages: list[str], seconds: tuple[int, ...]) -> None:
    assert ages(given_ages) == seconds


@pytest.mark.parametrize("wrong", [["10"], ["0m"], ["1h", "0"], ["-1h"], ["1.5h"], ["soon"], ["1h;2h"], ["١h"]])
def test_what_is_no_age_is_refused_with_what_it_takes(wrong: list[str]) -> None:
    with pytest.raises(ValueError, match=r"NEWSCRAWL_RECHECK_AFTER=.*10m,1h,6h,24h,7d"):
        ages(wrong)


@pytest.mark.parametrize(
    ("now", "next_at"),
    [
        (1000, 1600),  # just published
        (1600, 4600),  # at the look itself
        (1601, 4600),
        (1000 + 30 * 3600, 1000 + 7 * 24 * 3600),  # a run a day: what was missed is one look
        (1000 + 7 * 24 * 3600, None),
        (900, 1600),  # the clock was set back
        (1000 + 3590, 1000 + 6 * 3600),  # late for the first: the second, ten seconds later, is done with it
    ],
)
def test_the_next_look_is_at_the_first_age_that_is_still_to_come(now: int, next_at: int | None) -> None:
    assert next_look(1000, now, DEFAULT) == next_at


def test_without_ages_there_is_no_look() -> None:
    assert next_look(1000, 1000, ()) is None


@pytest.mark.parametrize(
    ("published", "since"),
    [
        (NOON - timedelta(minutes=5), NOON - timedelta(minutes=5)),
        (None, NOON),
        (NOON + timedelta(hours=3), NOON),  # an embargo, or a site whose clock runs ahead
    ],
)
def test_the_age_is_counted_from_publication_if_that_is_known_and_past(
    published: datetime | None, since: datetime
) -> None:
    article = Article("newspim:20261122000001", "newspim", "", published_at=published, fetched_at=NOON)
    assert counted_from(article) == since


def fields(**more: Any) -> dict[str, Any]:
    usual = {
        "title": "가온시, 버스 요금 3% 인하",
        "deck": ["이르면 다음 달"],
        "modified_at": None,
        "body": "첫 문단이다.\n\n둘째 문단이다.",
        "tables": [[["종목", "값"], ["가나", None]]],
        "images": [{"url": "https://img.newspim.com/a.jpg", "caption": "가온 시청", "credit": None}],
        "status": "published",
    }
    return usual | more


@pytest.mark.parametrize(
    ("after", "changed"),
    [
        ({}, []),
        ({"title": "가온시, 버스 요금 5% 인하"}, ["title"]),
        ({"deck": []}, ["deck"]),
        ({"deck": ["이르면 다음 달", "시행"]}, ["deck"]),
        ({"body": "첫 문단이다.\n\n둘째 문단이었다."}, ["body"]),
        ({"body": "둘째 문단이다.\n\n첫 문단이다."}, ["body"]),
        ({"body": None}, ["body"]),
        ({"tables": [[["종목", "값"], ["가나", "1"]]]}, ["tables"]),
        ({"images": []}, ["images"]),
        ({"images": [{"url": "https://img.newspim.com/b.jpg", "caption": "가온 시청", "credit": None}]}, ["images"]),
        ({"images": [{"url": "https://img.newspim.com/a.jpg", "caption": "한빛 시청", "credit": None}]}, ["images"]),
        ({"modified_at": "2026-11-22T12:00:00+09:00"}, ["modified_at"]),
        ({"status": "withdrawn"}, ["status"]),
        ({"title": "새 제목", "body": "새 글", "status": "withdrawn"}, ["title", "body", "status"]),
    ],
)
def test_what_differs_is_named_in_the_order_of_the_record(after: dict[str, Any], changed: list[str]) -> None:
    assert changes(fields(), fields(**after)) == changed


@pytest.mark.parametrize(
    "after",
    [
        {"title": "가온시,  버스 요금 3 % 인하 "},
        {"body": "첫 문단이다.\n둘째 문단이다."},
        {"body": "첫문단이다. 둘째 문단이다.\n"},
        {"deck": ["이르면 다음달"]},
        {"images": [{"url": "https://img.newspim.com/a.jpg", "caption": "가온\u00a0시청", "credit": None}]},
    ],
)
def test_white_space_alone_is_no_change(after: dict[str, Any]) -> None:
    assert changes(fields(), fields(**after)) == []


def test_a_time_of_modification_that_is_no_longer_shown_says_nothing() -> None:
    shown = fields(modified_at="2026-11-22T12:00:00+09:00")
    assert changes(shown, fields()) == []
    assert changes(shown, fields(body="새 글")) == ["body"]


def test_other_fields_are_not_compared() -> None:
    assert changes(fields(section="정치", hash="a"), fields(section="사회", hash="b")) == []


@given(st.text(), st.text())
def test_two_texts_differ_as_their_letters_do(one: str, other: str) -> None:
    differs = "".join(one.split()) != "".join(other.split())
    assert changes(fields(body=one), fields(body=other)) == (["body"] if differs else [])


def test_what_is_compared_stands_in_the_record_and_in_its_order() -> None:
    names = list(RECORD["properties"])
    assert [name for name in names if name in COMPARED and name != "status"] == [*COMPARED[:-1]]
    assert COMPARED[-1] == "status"
