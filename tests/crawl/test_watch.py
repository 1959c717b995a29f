"""Watches of a newsroom whose clock runs fast: what appears is found, once; outages, kills and bursts cost nothing."""

from __future__ import annotations

import hashlib
import json
import signal
import time
from collections import Counter
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from itertools import pairwise
from pathlib import Path

import pytest

from newscrawl.newsroom import Clock, Newsroom, Site, Ways, generate
from newscrawl.newsroom.answer import Answer
from newscrawl.state import Database
from newscrawl.state.ledger import ledger

from .conftest import END, scrapy
from .watches import (
    BEFORE,
    MINUTE,
    PAGES,
    POLLS,
    START,
    Watch,
    appeared,
    ended_well,
    first_ids,
    now,
    options,
)

LISTS = ("-a", "ways=list", "-a", "follow=none")
Answers = Callable[[str, str, Mapping[str, str]], Answer]


@pytest.fixture(scope="module")
def wire() -> Site:
    return generate(articles=1800, days=2, seed=9, end=END, rhythm="wire")


def named_on_pages(room: Newsroom, asked: list[dict[str, str]], since: datetime) -> set[str]:
    """What was published since a moment and was named by the pages of articles when they were asked for."""
    site, later = room.site, time.time() + 0.5
    assert room.desk.clock is not None
    found = set()
    for one in asked:
        id = one["path"].rpartition("/")[2]
        if id in site.by_id:
            number = site.by_id[id].number
            shown = now(room) - timedelta(seconds=(later - float(one["at"])) * room.desk.clock.speed)
            others = {*site.articles[number].related, *site.sidebar(site.bucket(number)).numbers}
            found |= {site.articles[other].id for other in others if room.appeared_at(site.articles[other].id) <= shown}
    return {id for id in found if site.by_id[id].published_at >= since}


def doctor(room: Newsroom, change: Callable[[Answers, str, str, Mapping[str, str]], Answer]) -> None:
    """Let a newsroom answer otherwise; `change` gets how it would answer, and the request's host, path and headers."""
    answers = room.desk.answer

    def answer(host: str, target: str, headers: Mapping[str, str] | None = None) -> Answer:
        return change(answers, host, target, headers or {})

    room.desk.answer = answer  # type: ignore[method-assign]


def test_a_watch_finds_all_that_appears_once_and_its_frontier_does_not_grow(wire: Site, tmp_path: Path) -> None:
    requests = tmp_path / "requests"
    with Newsroom(wire, clock=Clock(START, speed=120), log=requests) as room:
        with Watch(room, tmp_path, "-a", "since=2h") as watch:
            watch.catches_up()
            pages = watch.rows(PAGES)
            watch.until(START + 35 * MINUTE)
            asked = [json.loads(line) for line in requests.read_text(encoding="utf-8").splitlines()]
            watch.finds(appeared(room, BEFORE) | named_on_pages(room, asked, BEFORE))
            assert watch.rows(PAGES) < pages + 10
            assert watch.rows(POLLS) < 50  # one for each source
            run = watch.end()
        ended_well(run)
        views = Counter(request.path for request in room.requests if "/news/view/" in request.path)
        done = scrapy("crawl", "newspim", *options(room, tmp_path), "-a", "since=2h")
        assert done.returncode == 0, done.stderr
    looks = sum(run.stat(f"newscrawl/rechecked/{what}") for what in ("changed", "unchanged", "withdrawn"))
    assert looks > 20
    assert views.total() - len(views) == looks
    assert run.stat("newscrawl/polls/asked") > 100
    assert run.stat("newscrawl/lateness/all/count") > 10
    for line in ("INFO: polls ", "INFO: lateness ", "median and 95 % within"):
        assert line in run.log
    ids = first_ids(tmp_path)
    assert len(ids) == len(set(ids))


@pytest.mark.parametrize("how", ["503", "close"])
def test_after_an_outage_nothing_is_missing_and_each_source_was_warned_of_once(
    wire: Site, tmp_path: Path, how: str
) -> None:
    arguments = ("-a", "since=2h", "-s", "RETRY_TIMES=0", "-s", "NEWSCRAWL_RECHECK_AFTER=0")
    with (
        Newsroom(wire, clock=Clock(START, speed=120), ways=Ways(outage_how=how)) as room,
        Watch(room, tmp_path, *arguments) as watch,
    ):
        watch.catches_up()
        room.desk.outage.span = now(room), now(room) + 8 * MINUTE
        watch.until(now(room) + 8 * MINUTE)
        warned = watch.log.count("gives no answer")
        watch.until(lambda: watch.log.count("answers again") == watch.log.count("gives no answer"), "all answer again")
        watch.finds(appeared(room, BEFORE))
        run = watch.end(signal.SIGTERM)
    silent = [line.partition("WARNING: ")[2].split()[0] for line in run.log.splitlines() if "gives no answer" in line]
    assert len(silent) == len(set(silent)) >= warned > 3
    assert run.code == 0, run.log[-3000:]
    assert "Traceback" not in run.log


def test_watches_that_are_killed_and_begun_again_find_the_same_as_one(wire: Site, tmp_path: Path) -> None:
    ways = Ways(late=0.2, ties=True, feed_lag=(30.0, 900.0), list_end="repeat", forms="varied")
    with Newsroom(wire, clock=Clock(START, speed=120), ways=ways) as room:
        for requests in (20, 100, 400):  # while it walks the lists, while it fetches what they name, later
            with Watch(room, tmp_path, "-a", "since=2h") as watch:
                sum_of = len(room.requests) + requests
                watch.until(lambda: len(room.requests) >= sum_of, "so many requests")  # noqa: B023  # called at once
                watch.end(signal.SIGKILL)
        with Watch(room, tmp_path, "-a", "since=2h") as watch:
            watch.until(START + 20 * MINUTE)
            watch.finds(appeared(room, BEFORE))
            ended_well(watch.end())
    ids = first_ids(tmp_path)
    assert len(ids) == len(set(ids))


def test_a_burst_of_articles_is_walked_until_it_joins_on(tmp_path: Path) -> None:
    site = generate(articles=400, days=1, seed=5, end=END)
    for story in site.articles[-200:]:
        story.published_at, story.modified_at = END - 2 * MINUTE, None
    with (
        Newsroom(site, clock=Clock(END - 8 * MINUTE, speed=60)) as room,
        Watch(room, tmp_path, *LISTS, "-a", "since=6h") as watch,
    ):
        watch.is_quiet()
        before = len(room.requests)
        watch.until(END - MINUTE)
        watch.finds({id for id in room.named("list") if site.by_id[id].published_at == END - 2 * MINUTE})

        def deepest() -> int:
            asked = (request.path.rpartition("category_cd=1&page=")[2] for request in room.requests[before:])
            return max((int(offset) for offset in asked if offset.isdigit()), default=0)

        watch.until(lambda: deepest() >= 160, "the list of everything is walked on")
        ended_well(watch.end())
    assert deepest() <= 220


def test_what_does_not_change_is_not_sent_and_a_source_out_of_order_disturbs_nothing(
    wire: Site, tmp_path: Path
) -> None:
    def change(answers: Answers, host: str, target: str, headers: Mapping[str, str]) -> Answer:
        if target == "/news/category/101":
            return Answer(301, headers={"Location": "http://rss.newspim.com/news/category/101?moved"})
        if target == "/news/category/102":
            return Answer(404)
        if target == "/news/category/103":
            return Answer(200, b"<html><body>404</body></html>")
        answer = answers(host, target.removesuffix("?moved"), headers)
        answer.headers["ETag"] = f'"{hashlib.sha1(answer.body, usedforsecurity=False).hexdigest()}"'
        is_same = headers.get("if-none-match") == answer.headers["ETag"]
        return Answer(304, headers=answer.headers) if is_same else answer

    room = Newsroom(wire, clock=Clock(START, speed=120))
    doctor(room, change)
    with room, Watch(room, tmp_path, "-a", "since=2h") as watch:

        def answered(path: str, status: int) -> int:
            return sum(request.path.startswith(path) and request.status == status for request in room.requests)

        for path, status in (("101?moved", 200), ("102", 404), ("103", 200)):
            watch.until(lambda: answered(f"/news/category/{path}", status) > 2, path)  # noqa: B023  # called at once
        watch.until(lambda: answered("/news/lists", 304) > 10, "lists that have not changed")
        watch.finds(appeared(room, BEFORE))
        run = watch.end()
    ended_well(run)
    assert run.stat("newscrawl/polls/not_modified") > 10
    assert run.log.count("gives no answer") == 1


def test_the_pace_is_kept_and_polls_take_half_of_it_at_most(wire: Site, tmp_path: Path) -> None:
    delay, log = 0.1, tmp_path / "requests"
    # All sources want to be asked far more often than the pace allows.
    pace = (f"DOWNLOAD_DELAY={delay}", "AUTOTHROTTLE_ENABLED=0", "NEWSCRAWL_POLL_SLOWEST=20")
    with (
        Newsroom(wire, clock=Clock(START, speed=60), log=log) as room,
        Watch(room, tmp_path, *LISTS, "-a", "since=2h", pace=pace) as watch,
    ):
        watch.until(lambda: sum("/news/view/" in one.path for one in room.requests) > 40, "forty articles")
        ended_well(watch.end())
    asked = [json.loads(line) for line in log.read_text(encoding="utf-8").splitlines()]
    times = [one["at"] for one in asked if one["path"] != "/robots.txt"]
    # The server notes when it answers: on a busy machine that is a little later, for one more than for another.
    assert all(later - earlier > 0.7 * delay * 9 for earlier, later in pairwise(times[::9]))
    first = next(place for place, one in enumerate(asked) if "/news/view/" in one["path"])
    others = [one for one in asked[first:] if "/news/view/" not in one["path"]]
    assert len(others) < 0.6 * (asked[-1]["at"] - asked[first]["at"]) / delay + 3


@pytest.mark.parametrize("clash", ["until=2026-11-20", "urls=www.newspim.com/news/view/20261120000001", "order=oldest"])
def test_a_watch_has_no_end_and_no_other_order(clash: str) -> None:
    done = scrapy("crawl", "newspim", "-a", "watch=yes", "-a", clash, "-s", "NEWSCRAWL_NEWSROOM=http://127.0.0.1:9")
    assert done.returncode == 2
    assert f"a watch has no end, so {clash.partition('=')[0]} means nothing with it" in done.stderr


def test_a_watch_of_some_sections_asks_for_these_alone(wire: Site, tmp_path: Path) -> None:
    arguments = ("-a", "sections=정치,105", "-a", "ways=list,feed", "-a", "follow=none", "-a", "since=2h")
    with Newsroom(wire, clock=Clock(START, speed=120)) as room, Watch(room, tmp_path, *arguments) as watch:
        watch.until(lambda: sum("/news/category/" in request.path for request in room.requests) > 4, "polls")
        ended_well(watch.end())
    asked = {request.path.partition("&page")[0] for request in room.requests if "/news/view/" not in request.path}
    lists, feeds = (
        {f"{path}{code}" for code in (101, 105)} for path in ("/news/lists?category_cd=", "/news/category/")
    )
    assert asked == {"/robots.txt", *lists, *feeds}


def test_when_a_day_is_over_a_watch_makes_it_whole_in_the_ledger(tmp_path: Path) -> None:
    site, midnight = generate(articles=1200, days=4, seed=4, end=END), END.replace(hour=0)
    yesterday = int(f"{midnight - MINUTE:%Y%m%d}")
    with (
        Newsroom(site, clock=Clock(midnight + 50 * MINUTE, speed=120)) as room,
        Watch(room, tmp_path, *LISTS, "-a", "since=26h") as watch,
    ):
        watch.is_quiet()
        state = Database(f"sqlite:///{tmp_path / 'data/newspim/state.sqlite'}")

        def is_whole() -> bool:
            days = ledger(state, 1, yesterday, yesterday)
            return len(days) > 10 and all(day.whole for day in days)

        watch.until(is_whole, "the day is whole")
        state.close()
        ended_well(watch.end())
