"""The course of figures over several runs: few enough points to be drawn, and nothing lost between them."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from newscrawl.report.course import Course
from tests.report import examples

HOUR, DAY = 3_600, 86_400


def run(minutes: int, new: int = 1) -> dict[str, Any]:
    at = examples.START + timedelta(minutes=minutes)
    return {"id": minutes, "started_at": at.isoformat(), "articles": {"exported": new}}


def course(minutes: list[int], most: int) -> Course:
    made = Course(most)
    for one in minutes:
        made.add(run(one))
    return made


def articles(made: Course) -> list[int]:
    return [point.get("articles", {}).get("exported", 0) for point in made.points()]


def test_each_run_is_a_point_when_there_are_few() -> None:
    made = course([0, 10, 20], 3)
    assert (made.step, articles(made)) == (0, [1, 1, 1])


def test_two_runs_that_began_in_the_same_second_are_two_points() -> None:
    made = course([0, 10, 10], 3)
    assert articles(made) == articles(made.within(3)) == [1, 1, 1]
    assert articles(made.within(2)) == [3]


def test_many_runs_are_put_together_by_the_hour_the_day_and_the_week() -> None:
    assert [course(list(range(0, n, 10)), 50).step for n in (500, 3000, 25 * 60 * 24, 200 * 60 * 24)] == [
        0,
        HOUR,
        DAY,
        7 * DAY,
    ]


def test_an_hour_without_a_run_is_a_gap() -> None:
    made = course([0, 10, 20, 30, 200], 4)
    assert (made.step, articles(made)) == (HOUR, [4, 0, 0, 1])
    assert "articles" not in made.points()[1]


def test_days_begin_at_midnight_in_korea_and_weeks_on_monday() -> None:
    days, weeks = course(list(range(0, 40 * 1440, 600)), 50), course(list(range(0, 100 * 1440, 600)), 50)
    assert days.points()[0]["started_at"] == "2026-11-20T00:00:00+09:00"
    assert datetime.fromisoformat(weeks.points()[0]["started_at"]).strftime("%a %H:%M") == "Mon 00:00"


def test_what_does_not_say_when_it_began_has_no_place() -> None:
    made = Course()
    made.add({"id": 1, "articles": {"exported": 3}})
    assert made.points() == []
    assert made.within(9).points() == []


@settings(max_examples=100)
@given(st.lists(st.integers(0, 400_000), min_size=1, max_size=60), st.integers(1, 30), st.integers(1, 30))
def test_no_article_is_lost_or_counted_twice(minutes: list[int], most: int, fewer: int) -> None:
    made = course(sorted(minutes), most)
    coarser = made.within(fewer)
    assert sum(articles(made)) == sum(articles(coarser)) == len(minutes)
    assert len(made.points()) <= most
    assert len(coarser.points()) <= fewer
    starts = [point["started_at"] for point in coarser.points()]
    assert starts == sorted(set(starts) if coarser.step else starts)
