"""The rhythm of a newswire: by day and hour, flashes in bursts, and the uniform one as it always was."""

from __future__ import annotations

from collections import Counter
from datetime import datetime, time, timedelta
from itertools import pairwise

import pytest

from newscrawl.newsroom import Site, generate
from newscrawl.newsroom.stories import KST
from tests.newsroom.reader import END

SATURDAY = datetime(2026, 11, 21, tzinfo=KST)


@pytest.fixture(scope="module")
def week() -> Site:
    return generate(6800, 7, 1, SATURDAY, cheap=True, rhythm="wire")


def share(site: Site, start: time, end: time) -> float:
    workdays = [story.published_at for story in site.articles if story.published_at.weekday() < 5]
    return sum(start <= moment.time() < end for moment in workdays) / len(workdays)


def test_weekends_have_a_third_of_a_weekday(week: Site) -> None:
    counts = Counter(story.published_at.date() for story in week.articles)
    workdays = [count for day, count in counts.items() if day.weekday() < 5]
    assert len(workdays) == 5
    assert all(1100 < count < 1300 for count in workdays)
    assert all(340 < count < 460 for day, count in counts.items() if day.weekday() >= 5)


def test_most_comes_by_day_with_two_peaks_and_little_at_night(week: Site) -> None:
    assert share(week, time(7), time(18, 30)) > 0.8
    assert share(week, time(0), time(6)) < 0.05
    morning, noon, afternoon = (
        share(week, *span) / hours
        for span, hours in [
            ((time(8, 30), time(10)), 1.5),
            ((time(12), time(13)), 1),
            ((time(15), time(17)), 2),
        ]
    )
    assert min(morning, afternoon) > 2 * noon


def test_flashes_come_in_bursts(week: Site) -> None:
    def near(form: str) -> float:
        """The share of the articles of a form that have another one of it within three minutes."""
        moments = [story.published_at for story in week.articles if story.form == form]
        close = timedelta(minutes=3)
        gaps = [after - before < close for before, after in pairwise(moments)]
        return sum(a or b for a, b in zip([False, *gaps], [*gaps, False], strict=True)) / len(moments)

    assert near("flash") > 0.85
    assert near("photo") < 0.6


@pytest.mark.parametrize("end", [END, SATURDAY, datetime(2026, 11, 16, 3, 7, 11, tzinfo=KST)])
@pytest.mark.parametrize("days", [1, 2, 40])
def test_a_wire_keeps_to_its_period(end: datetime, days: int) -> None:
    site = generate(300, days, 5, end, cheap=True, rhythm="wire")
    moments = [story.published_at for story in site.articles]
    assert len(moments) == 300
    assert moments == sorted(moments)
    assert site.start <= moments[0]
    assert moments[-1] < site.end


def test_the_same_seed_gives_the_same_wire() -> None:
    one, two, other = (generate(200, 3, seed, END, rhythm="wire") for seed in (1, 1, 2))
    assert one.articles == two.articles
    assert [story.published_at for story in one.articles] != [story.published_at for story in other.articles]


def test_without_a_rhythm_hours_and_days_are_alike() -> None:
    site = generate(7000, 7, 1, SATURDAY, cheap=True)
    days = Counter(story.published_at.date() for story in site.articles)
    assert max(days.values()) < 1.2 * min(days.values())
    assert 0.22 < share(site, time(0), time(6)) < 0.28
    assert site.articles == generate(7000, 7, 1, SATURDAY, cheap=True, rhythm="uniform").articles


def test_an_unknown_rhythm_is_refused() -> None:
    with pytest.raises(ValueError, match="unknown rhythm: jazz; known: uniform, wire"):
        generate(10, rhythm="jazz")
