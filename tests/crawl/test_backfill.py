"""Crawls of a span of days in the past: found in the lists by its date, walked once, continued where it was left."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import datetime, timedelta
from itertools import combinations
from pathlib import Path
from urllib.parse import parse_qsl, urlsplit

import pytest

from newscrawl.newsroom import Clock, Faults, Newsroom, Site, Ways, generate

from .conftest import END, PACE, Crawler, kill_at, scrapy
from .truth import differences

DAY = "2026-11-10"
BOTH = ("-a", f"until={DAY}")
NOTHING_BESIDE = (
    "-a",
    "ways=list",
    "-a",
    "follow=none",
)  # then every request is of a list or of an article that one names


@pytest.fixture(scope="module")
def month() -> Site:
    return generate(articles=2500, days=30, seed=8, end=END, rhythm="wire")


@pytest.fixture
def room(month: Site) -> Iterator[Newsroom]:
    with Newsroom(month) as room:
        yield room


def paths(room: Newsroom) -> list[str]:
    return [request.path for request in room.requests]


def lists(asked: list[str]) -> list[tuple[str, int]]:
    """The section and the row offset of each list page that was asked for."""
    queries = [dict(parse_qsl(urlsplit(path).query)) for path in asked if path.startswith("/news/lists?")]
    return [(query["category_cd"], int(query["page"])) for query in queries]


def until_the_first_article(room: Newsroom) -> list[str]:
    asked = paths(room)
    return asked[: next(place for place, path in enumerate(asked) if "/news/view/" in path)]


def missing(room: Newsroom, ids: list[str], first: str, last: str) -> set[str]:
    """The articles of some days that lists name and that are not there; the other of two with the same words counts for the one."""
    low, high = (datetime.fromisoformat(day).date() for day in (first, last))
    named = (room.site.by_id[id] for id in room.named("list"))
    wanted = {story.id for story in named if low <= story.published_at.date() <= high}
    assert len(wanted) > 30
    twins = room.expected().twins
    return {id for id in wanted if id not in ids and twins.get(id) not in ids}


def test_a_day_in_the_middle_is_found_by_its_date_and_read_whole(crawl: Crawler, room: Newsroom) -> None:
    run = crawl(room, *BOTH, since=DAY)
    day = datetime.fromisoformat(DAY).date()
    assert differences(run.records, room.expected(day, day)) == []
    assert run.code == 0
    assert len(lists(until_the_first_article(room))) <= 40
    walked = [offset for code, offset in lists(paths(room)) if code == "1"]
    assert len(walked) < 40 < len(room.site.articles) / 20 / 2  # from today it would be half of all pages


def test_no_article_is_missed_while_others_come_in(crawl: Crawler) -> None:
    site = generate(articles=2500, days=8, seed=9, end=END, rhythm="wire")
    start = END - timedelta(days=4, hours=10)  # a Monday morning
    with Newsroom(site, clock=Clock(start, speed=6000)) as room:  # an hour in less than a second
        run = crawl(room, "-a", "until=2026-11-14", *NOTHING_BESIDE, since="2026-11-13")
        came = len(room.published(start))
        assert came > 100
        assert missing(room, run.ids, "2026-11-13", "2026-11-14") == set()
    assert run.code == 0


def test_what_was_walked_is_not_walked_again(crawl: Crawler, room: Newsroom) -> None:
    first = crawl(room, *BOTH, *NOTHING_BESIDE, since=DAY)
    before = len(room.requests)
    again = crawl(room, *BOTH, *NOTHING_BESIDE, since=DAY)
    assert paths(room)[before:] == []
    assert (first.code, again.code, again.records) == (0, 0, [])
    crawl(room, "-a", "until=2026-11-11", *NOTHING_BESIDE, since="2026-11-09")
    more = lists(paths(room)[before:])
    # Two days cost hardly more than twice one: both are looked for. A tenth of a walk's rows is read twice, so that its pages are seen to join,
    # and two days have more of these pages.
    assert len(more) < 2.1 * len(lists(paths(room)[:before]))


@pytest.mark.parametrize("order", ["newest", "oldest"])
def test_the_days_come_in_the_order_asked_for(crawl: Crawler, room: Newsroom, order: str) -> None:
    pace = ("DOWNLOAD_DELAY=0", "AUTOTHROTTLE_ENABLED=0")
    run = crawl(room, "-a", "until=2026-11-12", "-a", f"order={order}", *NOTHING_BESIDE, pace=pace, since="2026-11-07")
    days = [record["published_at"][:10] for record in run.records]
    assert days[0] == (max(days) if order == "newest" else min(days))
    # Roughly: a few requests are always on their way, and a search for less than ten pages is not worth while.
    pairs = [(one < other) == (order == "oldest") for one, other in combinations(days, 2) if one != other]
    assert sum(pairs) > 0.75 * len(pairs)
    assert run.code == 0


def test_both_orders_find_the_same(crawl: Crawler, room: Newsroom, tmp_path: Path) -> None:
    options = ("-a", "until=2026-11-09", *NOTHING_BESIDE)
    newest = crawl(room, *options, since="2026-11-05")
    other = ("-s", f"NEWSCRAWL_DATA_DIR={tmp_path / 'other'}")
    oldest = crawl(room, *options, "-a", "order=oldest", *other, since="2026-11-05")
    assert missing(room, newest.ids, "2026-11-05", "2026-11-09") == set()
    assert missing(room, oldest.ids, "2026-11-05", "2026-11-09") == set()
    assert len(newest.ids) == len(oldest.ids)


@pytest.mark.parametrize("end", ["empty", "repeat", "404"])
def test_a_list_that_ends_too_early_is_told_and_costs_no_more_than_a_search(crawl: Crawler, end: str) -> None:
    site = generate(articles=1500, days=20, seed=4, end=END, rhythm="wire")
    with Newsroom(site, ways=Ways(list_depth=200, list_end=end)) as room:
        run = crawl(room, "-a", "until=2026-11-05", *NOTHING_BESIDE, since="2026-11-04")
        assert run.code == 0
        assert "Lists end before 2026-11-04 00:00: 전체 at 2026-11-1" in run.log
        assert "-a probe=ids" in run.log
        assert len(lists(paths(room))) < 14 * 25


def test_a_page_that_is_lost_costs_its_days_and_the_next_run_walks_them(crawl: Crawler, room: Newsroom) -> None:
    options = ("-a", "until=2026-11-12", *NOTHING_BESIDE, "-s", "RETRY_TIMES=0")
    with Newsroom(room.site, faults=Faults(lists=0.1, times=99, seed=2)) as broken:
        first = crawl(broken, *options, since="2026-11-06")
        assert first.code == 1
        assert missing(broken, first.ids, "2026-11-06", "2026-11-12")
    with Newsroom(room.site, port=broken.port) as mended:
        second = crawl(mended, *options, since="2026-11-06")
        assert missing(mended, first.ids + second.ids, "2026-11-06", "2026-11-12") == set()
        assert second.code == 0
        assert set(first.ids) & set(second.ids) == set()


def test_articles_are_fetched_before_the_date_is_looked_for_in_the_other_lists(crawl: Crawler, room: Newsroom) -> None:
    pace = ("DOWNLOAD_DELAY=0", "AUTOTHROTTLE_ENABLED=0")
    crawl(room, *BOTH, *NOTHING_BESIDE, "-s", "CLOSESPIDER_ITEMCOUNT=5", pace=pace, since=DAY)
    assert len(lists(until_the_first_article(room))) <= 25  # 13 other lists take some six each


@pytest.mark.parametrize("until", [("-a", "until=2026-11-12"), ()], ids=["from a date", "from the top"])
def test_a_backfill_that_is_killed_goes_on_where_it_was(room: Newsroom, tmp_path: Path, until: tuple[str, ...]) -> None:
    settings = (*PACE, f"NEWSCRAWL_NEWSROOM={room.url}", f"NEWSCRAWL_DATA_DIR={tmp_path}")
    asked = ("-a", "since=2026-11-05", *until, *NOTHING_BESIDE)
    command = ("crawl", "newspim", *(part for one in settings for part in ("-s", one)), *asked)
    for requests in (60, 200, 350):
        kill_at(room, requests, *command)
    done = scrapy(*command)
    assert done.returncode == 0, done.stderr
    feeds = (tmp_path / "newspim").glob("*.jsonl")
    ids = [json.loads(line)["id"][-14:] for feed in feeds for line in feed.read_text().splitlines()]
    assert len(ids) == len(set(ids))
    assert missing(room, ids, "2026-11-05", "2026-11-12") == set()
    asked_twice = len(lists(paths(room))) - len(set(lists(paths(room))))
    assert asked_twice < 14 * 3 * 2  # of each list the top, and what was under way, at each kill
