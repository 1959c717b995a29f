"""Numbers that are asked for because nothing names them: those missing between others, or all of a day."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from newscrawl.newsroom import Newsroom, Site, Ways, generate

from .conftest import END, Crawler, scrapy

DAY = "2026-11-19"
OF_DAY = ("-a", f"until={DAY}", "-a", "follow=none")


@pytest.fixture(scope="module")
def days() -> Site:
    return generate(articles=300, days=3, seed=6, end=END)


@pytest.fixture
def room(days: Site) -> Iterator[Newsroom]:
    with Newsroom(days, ways=Ways(list_depth=20)) as room:  # lists end before the day
        yield room


def asked(room: Newsroom) -> list[str]:
    return [request.path[-14:] for request in room.requests if "/news/view/" in request.path]


def of_day(room: Newsroom) -> set[str]:
    """The articles of the day whose number is of that day, and that are there."""
    stories = [room.site.by_id[id] for id in room.published()]
    return {one.id for one in stories if f"{one.published_at:%Y-%m-%d}" == DAY and one.id.startswith("20261119")}


def test_each_number_of_a_day_is_asked_for_until_there_are_no_more(crawl: Crawler, room: Newsroom) -> None:
    run = crawl(room, *OF_DAY, "-a", "ways=list", "-a", "probe=ids", since=DAY)
    twins = room.expected().twins
    assert {id for id in of_day(room) if id not in run.ids and twins.get(id) not in run.ids} == set()
    assert run.code == 0
    assert {record["found"]["via"] for record in run.records} >= {"probe"}
    places = [int(number[-6:]) for number in asked(room) if number.startswith("20261119")]
    last = max(int(id[-6:]) for id in room.site.by_id if id.startswith("20261119"))  # which bears a later day
    assert max(places) == last + 100  # so many misses end it
    assert len(places) - len(set(places)) <= 8  # what a list names while its number is under way


def test_a_day_that_was_probed_is_not_probed_again(crawl: Crawler, room: Newsroom) -> None:
    crawl(room, *OF_DAY, "-a", "ways=list", "-a", "probe=ids", since=DAY)
    before = len(asked(room))
    again = crawl(room, *OF_DAY, "-a", "ways=list", "-a", "probe=ids", since=DAY)
    assert (again.code, again.records, len(asked(room))) == (0, [], before)


def test_a_probe_of_a_day_keeps_within_its_limit_and_the_next_run_goes_on(crawl: Crawler, room: Newsroom) -> None:
    options = (*OF_DAY, "-a", "ways=flash", "-a", "probe=ids:10")
    first = crawl(room, *options, since=DAY)
    second = crawl(room, *options, since=DAY)
    for run in (first, second):
        assert run.stat("newscrawl/probed/article") + run.stat("newscrawl/probed/nothing") == 10
        assert "probe" in {record["found"]["via"] for record in run.records}
    assert not set(first.ids) & set(second.ids)


def test_missing_numbers_are_asked_for_last_and_within_a_limit(crawl: Crawler, days: Site) -> None:
    with Newsroom(days) as room:
        run = crawl(room, "-a", "follow=none", "-a", "probe=gaps:25", "-s", "CONCURRENT_REQUESTS=1", since="2026-11-18")
        named = set().union(*(room.named(way) for way in ("list", "feed", "sitemap")))
    numbers = asked(room)
    probed = numbers[-25:]
    assert run.code == 0
    assert "Asking for 25 of" in run.log
    assert not set(probed) & named
    assert run.stat("newscrawl/probed/nothing") + run.stat("newscrawl/probed/article") == 25
    assert probed == sorted(probed, reverse=True)


@pytest.mark.parametrize("value", ["all", "ids:", "gaps:0", "gaps:-1", "gaps:many", ""])
def test_a_wrong_probe_ends_the_command(room: Newsroom, value: str) -> None:
    done = scrapy("crawl", "newspim", "-s", f"NEWSCRAWL_NEWSROOM={room.url}", "-a", f"probe={value}")
    assert done.returncode == 2
    assert "probe takes gaps" in done.stderr
    assert room.requests == []
