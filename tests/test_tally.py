"""What a run exported, counted as it comes."""

from __future__ import annotations

from collections import Counter
from datetime import datetime, timedelta
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from newscrawl.items import Article, Author, Found
from newscrawl.korean import KST
from newscrawl.report.tally import Tally, Timeline

NINE = datetime(2026, 11, 20, 9, 0, tzinfo=KST)


def article(**fields: Any) -> Article:
    return Article("newspim:20261120000001", "newspim", "https://www.newspim.com/news/view/20261120000001", **fields)


def test_articles_are_counted_by_the_hour_and_the_section() -> None:
    line = Timeline()
    for minutes, section in ((0, "경제"), (59, "경제"), (60, "경제"), (30, None)):
        line.add(NINE + timedelta(minutes=minutes), section)
    line.add(None, "경제")
    assert line.summary() == {
        "unit": "hour",
        "rows": [
            {"at": "2026-11-20T09:00:00+09:00", "section": None, "articles": 1},
            {"at": "2026-11-20T09:00:00+09:00", "section": "경제", "articles": 2},
            {"at": "2026-11-20T10:00:00+09:00", "section": "경제", "articles": 1},
            {"at": None, "section": "경제", "articles": 1},
        ],
    }


def test_a_long_time_is_counted_by_the_day_and_a_longer_one_by_the_month() -> None:
    line = Timeline(most=50)
    units = []
    for hours in range(24 * 400):
        line.add(NINE + timedelta(hours=hours), "경제")
        if hours in (10, 24 * 40, 24 * 399):
            units.append(line.summary()["unit"])
    assert units == ["hour", "day", "month"]
    assert sum(row["articles"] for row in line.summary()["rows"]) == 24 * 400
    assert line.summary()["rows"][0]["at"] == "2026-11-01T00:00:00+09:00"


@given(st.lists(st.tuples(st.integers(0, 20_000), st.sampled_from(["경제", "사회", None]))), st.integers(1, 40))
def test_no_article_is_counted_twice_or_not_at_all(given: list[tuple[int, str | None]], most: int) -> None:
    line = Timeline(most)
    for hours, section in given:
        line.add(NINE + timedelta(hours=hours), section)
    found = Counter[str | None]()
    for row in line.summary()["rows"]:
        found[row["section"]] += row["articles"]
    assert found == Counter(section for _, section in given)


def test_a_field_counts_when_it_holds_something_and_by_what_gave_it() -> None:
    tally = Tally()
    found = Found("feed", "https://www.newspim.com/", NINE)
    tally.add(article(title="제목", authors=[Author("김가온")], found=found, fields_from={"title": "h1"}))
    tally.add(article(title="제목", body="본문", fields_from={"title": "og:title", "body": "#news-contents"}))
    fields = tally.fields()
    assert fields["title"] == {"filled": 2, "from": {"h1": 1, "og:title": 1}}
    assert fields["body"] == {"filled": 1, "from": {"#news-contents": 1}}
    assert fields["authors"] == {"filled": 1, "from": {}}
    assert fields["published_at"] == {"filled": 0, "from": {}}
    assert (tally.records, tally.via) == (2, {"feed": 1})


def test_a_story_grows_with_those_that_join_it_and_not_with_its_first() -> None:
    tally = Tally()
    tally.add(article(story="newspim:20261120000001"))
    tally.add(article(story="newspim:20261119000009"))
    tally.joins(article(story="newspim:20261119000009", revision=2))
    assert tally.grown == {"newspim:20261119000009": 2}
    assert tally.records == 2
