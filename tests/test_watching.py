"""A watch's decisions on one answer: what is asked again and when, how far a list is walked, what an answer that does not come means."""

from __future__ import annotations

import asyncio
import logging
from datetime import datetime
from types import SimpleNamespace
from typing import Any

import pytest
from scrapy import Request
from scrapy.exceptions import IgnoreRequest
from scrapy.http import HtmlResponse
from scrapy.statscollectors import MemoryStatsCollector
from scrapy.utils.test import get_crawler
from twisted.python.failure import Failure

from newscrawl.discovery.polling import Polls
from newscrawl.discovery.seeking import Seek
from newscrawl.discovery.walking import Walk
from newscrawl.items import Listed
from newscrawl.korean import KST
from newscrawl.lease import KEY, LEASE, REACH, Lease
from newscrawl.retry import NotNow
from newscrawl.spider.naming import PRIORITY_BREAKING
from newscrawl.spider.watching import _MOST_SOURCES, WatchingSpider
from newscrawl.spiders.newspim import NewspimSpider

FASTEST, SLOWEST = 20.0, 600.0
HOUR = 3600
ONE_LIST = {"ways": "list", "sections": "101"}
ONE_FEED = {"ways": "feed", "sections": "101"}
LIST = "https://www.newspim.com/news/lists?category_cd=101&page="
ETAG = '"1"'


def seconds(at: str) -> float:
    return datetime.fromisoformat(at).replace(tzinfo=KST).timestamp()


class Hands:
    """A clock that tests turn."""

    speed = 1.0

    def __init__(self, at: str) -> None:
        self.at = seconds(at)

    def time(self) -> float:
        return self.at

    def now(self) -> datetime:
        return datetime.fromtimestamp(self.at, KST)


class Watch:
    """A watching spider and its clock, in an engine that keeps the polls. `once`: what it asks for as any run does."""

    def __init__(self, at: str = "2026-11-20T12:00", **arguments: str) -> None:
        self.clock, self.polls, self.retried = Hands(at), list[Request](), 0
        crawler = get_crawler(NewspimSpider, {"DOWNLOAD_DELAY": 0.0})
        crawler.stats = MemoryStatsCollector(crawler)
        self.slots: dict[str, Any] = {}
        downloader = SimpleNamespace(slots=self.slots)
        crawler.engine = SimpleNamespace(running=True, crawl=self.polls.append, downloader=downloader)  # type: ignore[assignment]
        self.spider: WatchingSpider = NewspimSpider(_clock=self.clock, watch="yes", **arguments)  # type: ignore[arg-type]
        self.spider.crawler = crawler
        self.spider.ledger = SimpleNamespace(  # type: ignore[assignment]
            settled=lambda *_: set(), waiting=lambda _: [], has=lambda _: False, retry_failed=self._retry
        )
        self.spider._polls = Polls(FASTEST, SLOWEST)
        self.once = asyncio.run(self._all())

    async def _all(self) -> list[Request]:
        return [request async for request in self.spider.start()]

    def _retry(self) -> None:
        self.retried += 1

    def tick(self, later: float = 0.0) -> list[Request]:
        """The polls that are asked for so many seconds later."""
        self.clock.at += later
        before = len(self.polls)
        self.spider._tick()
        return self.polls[before:]

    def poll(self, later: float = 0.0) -> Request:
        """The next poll of the one source, or that which is due so many seconds later."""
        assert self.spider._polls.next_at is not None
        self.clock.at = max(self.clock.at + later, self.spider._polls.next_at)
        (request,) = self.tick()
        return request

    def answer(self, request: Request, text: str = "", status: int = 200, **headers: str) -> list[Any]:
        """All that an answer gives."""
        request.meta.setdefault(LEASE, Lease(1, lambda _: None))
        response = HtmlResponse(request.url, status=status, body=text.encode(), headers=headers, request=request)
        assert request.callback is not None
        return list(request.callback(response, **request.cb_kwargs))

    def fail(self, request: Request, error: Exception) -> Lease:
        """No answer at all."""
        lease = request.meta.setdefault(LEASE, Lease(1, lambda _: None))
        failure = Failure(error)
        failure.request = request  # type: ignore[attr-defined]
        assert request.errback is not None
        request.errback(failure)
        return lease

    def stat(self, name: str) -> int:
        assert self.spider.crawler.stats is not None
        return int(self.spider.crawler.stats.get_value(f"newscrawl/{name}", 0))


def rows(newest: int, count: int, at: str = "2026-11-20 11:59") -> str:
    """So many rows of a list, the newest first."""
    return "".join(
        f'<article class="thumb_h"><strong class="subject"><a href="/news/view/20261120{number:06}">제목</a></strong>'
        f'<span class="date">{at}</span></article>'
        for number in range(newest, newest - count, -1)
    )


def feed(*numbers: int) -> str:
    items = "".join(f"<item><link>https://www.newspim.com/news/view/20261120{one:06}</link></item>" for one in numbers)
    return f"<rss><channel>{items}</channel></rss>"


def pages(given: list[Any]) -> list[Request]:
    """The pages of lists among what an answer gives."""
    return [one for one in given if isinstance(one, Request) and "/news/view/" not in one.url]


def articles(given: list[Any]) -> list[Request]:
    return [one for one in given if isinstance(one, Request) and "/news/view/" in one.url]


def listed(given: list[Any]) -> Listed:
    (found,) = (one for one in given if isinstance(one, Listed))
    return found


def known_list(**arguments: str) -> Watch:
    """A watch of one list that names the articles 1 to 100."""
    watch = Watch(**ONE_LIST, **arguments)
    watch.answer(watch.poll(), rows(100, 20, "2026-11-20 09:00"))
    return watch


# What comes again


def test_a_list_is_walked_once_as_in_any_run_and_its_top_comes_again() -> None:
    watch = Watch(**ONE_LIST, since="48h")
    (walk,) = watch.once
    assert (walk.url, walk.callback) == (f"{LIST}0", watch.spider.parse_list)
    assert walk.meta[REACH] == int(watch.clock.at) - 48 * HOUR
    assert watch.tick() == []  # the walk reads it
    for _ in range(3):
        request = watch.poll()
        assert request.url == walk.url
        watch.answer(request, rows(20, 20))


def test_ways_are_asked_at_once_and_again() -> None:
    watch = Watch(**ONE_FEED)
    assert watch.once == []
    (request,) = watch.tick()
    assert watch.tick(100) == []  # while it is under way
    watch.answer(request, feed(1))
    assert watch.poll().url == request.url


def test_without_watch_nothing_comes_again() -> None:
    watch = Watch(**ONE_LIST)
    plain = NewspimSpider(_clock=watch.clock, **ONE_LIST)  # type: ignore[arg-type]
    plain.crawler = watch.spider.crawler

    async def asked() -> list[Request]:
        return [request async for request in plain.start()]

    assert [request.url for request in asyncio.run(asked())] == [f"{LIST}0"]
    assert plain._sources == {}


def test_a_source_with_news_is_asked_sooner_than_one_without() -> None:
    watch = Watch(**ONE_FEED)
    gaps = []
    for number in range(30):
        at = watch.clock.at
        watch.answer(watch.poll(), feed(*range(number if number < 15 else 15)))
        gaps.append(watch.clock.at - at)
    assert gaps[15] < gaps[1]
    assert gaps[-1] > gaps[15]


def test_polls_stand_between_flashes_and_articles_and_are_forgotten_when_done() -> None:
    watch = Watch()
    asked = {request.cb_kwargs["via"]: request for request in watch.tick()}
    (article, *_) = articles(watch.answer(asked["flash"], '<a href="/news/view/20261120000001">속보</a>'))
    assert asked["flash"].priority > article.priority > asked["feed"].priority
    keys = [request.meta[KEY] for request in watch.polls]
    assert len(set(keys)) == len(keys)
    assert all(key.startswith("poll:") and key.endswith("+") for key in keys)


def test_sources_are_bounded_and_what_is_left_out_is_counted() -> None:
    watch = Watch()
    for number in range(2 * _MOST_SOURCES):
        watch.spider._watch(watch.spider._list(f"https://www.newspim.com/list/{number}", "topbar", 0, 0.0))
    assert len(watch.spider._sources) == _MOST_SOURCES
    assert watch.stat("polls/not_watched") > _MOST_SOURCES


def test_a_page_of_the_top_bar_is_read_back_once_and_its_first_page_again_and_again() -> None:
    watch = Watch(ways="list,topbar", since="12h")
    bar = '<ul><li><a href="/news/recent">최신뉴스</a></li><li><a href="/newslist/total">전체기사</a></li></ul>'
    watch.clock.at += 300
    (request, *_) = watch.tick()
    recent, total = (one for one in pages(watch.answer(request, bar + rows(20, 20))) if "lists" not in one.url)
    assert [recent.callback, total.callback] == [watch.spider.parse_list] * 2
    pager = '<a href="/news/recent?page=20">2</a>'
    assert [one.url for one in pages(watch.answer(recent, rows(20, 20) + pager))] == [f"{recent.url}?page=20"]
    polls = {one.url: one for one in watch.tick(600) + watch.tick(600)}
    assert pages(watch.answer(polls[recent.url], rows(60, 20) + pager)) == []


def test_a_sitemap_of_an_index_is_read_once_and_the_index_again() -> None:
    watch = Watch(ways="sitemap")
    index = next(one for one in watch.tick() if one.url.endswith("robots.txt"))
    given = watch.answer(index, "Sitemap: https://www.newspim.com/sitemap/2026-11.xml\n")
    assert [one.callback for one in pages(given)] == [watch.spider.parse_way]
    assert len(watch.spider._sources) == 3


# How far a list is walked


def test_a_list_is_walked_on_until_it_joins_on() -> None:
    watch = known_list()
    request, asked = watch.poll(), []
    for newest in (150, 130, 110):
        given = watch.answer(request, rows(newest, 20))
        asked += articles(given)
        request, *_ = [*pages(given), request]
    assert request.url == f"{LIST}40"
    assert request.priority < PRIORITY_BREAKING  # a flash does not wait for it
    assert pages(given) == []
    assert {one.url[-4:] for one in asked} >= {"0150", "0101"}
    assert pages(watch.answer(watch.poll(), rows(151, 20))) == []


def test_what_is_pinned_to_the_top_of_a_list_does_not_end_the_walk() -> None:
    watch, pinned = Watch(**ONE_LIST), rows(7, 3)
    watch.answer(watch.poll(), pinned + rows(100, 17, "2026-11-20 09:00"))
    given = watch.answer(watch.poll(), pinned + rows(150, 17))
    assert [one.url for one in pages(given)] == [f"{LIST}20"]
    assert pages(watch.answer(pages(given)[0], pinned + rows(114, 17))) == []


def test_a_quiet_list_is_not_walked_on() -> None:
    watch = known_list()
    for _ in range(5):
        assert pages(watch.answer(watch.poll(), rows(100, 20))) == []


def test_the_first_poll_goes_back_no_farther_than_the_walk_of_the_start_needs() -> None:
    watch = Watch(**ONE_LIST, since="24h")
    assert pages(watch.answer(watch.poll(), rows(100, 20, "2026-11-20 10:00"))) == []


def test_every_hour_a_list_is_walked_back_to_an_hour_before_it_was_the_last_time() -> None:
    watch = known_list()
    sweep = watch.poll(later=HOUR)
    assert sweep.meta[REACH] == seconds("2026-11-20T11:00")
    (second,) = pages(watch.answer(sweep, rows(100, 20, "2026-11-20 12:30")))
    (third,) = pages(watch.answer(second, rows(80, 20, "2026-11-20 11:30")))
    assert pages(watch.answer(third, rows(60, 20, "2026-11-20 10:59"))) == []
    swept_at, usual = watch.clock.at, watch.poll()
    assert usual.meta[REACH] == int(swept_at) - HOUR
    assert pages(watch.answer(usual, rows(100, 20, "2026-11-20 12:30"))) == []


def test_after_a_long_silence_a_list_is_walked_back_through_all_of_it() -> None:
    watch = known_list()
    for _ in range(30):
        watch.answer(watch.poll(), status=503)
    assert watch.clock.at > seconds("2026-11-20T16:00")
    assert watch.poll().meta[REACH] == seconds("2026-11-20T11:00")


def test_a_list_is_not_walked_back_farther_than_is_asked_for() -> None:
    watch = known_list(since="30m")
    assert watch.poll(later=HOUR).meta[REACH] == seconds("2026-11-20T11:30")


def to_its_end(watch: Watch, request: Request, *times: str) -> list[tuple[int, int, int]]:
    """The days that a walk passes whose pages are of these times."""
    passed = []
    for place, at in enumerate(times):
        given = watch.answer(request, rows(900 - 20 * place, 20, at))
        passed += listed(given).passed
        (request,) = pages(given) or [request]
    assert pages(given) == []
    return passed


@pytest.mark.parametrize(
    "start", ["2026-11-20T00:30", "2026-11-19T12:00"], ids=["a start after midnight", "a start on the day before"]
)
def test_when_a_day_is_over_its_list_is_walked_whole_once(start: str) -> None:
    watch = Watch(at=start, **ONE_LIST, since="48h")
    watch.clock.at = max(watch.clock.at, seconds("2026-11-20T00:30"))
    watch.answer(watch.poll(), rows(900, 20, "2026-11-20 00:29"))
    watch.clock.at = seconds("2026-11-20T01:04")
    assert watch.poll().meta[REACH] > seconds("2026-11-19T00:00")
    watch.answer(watch.polls[-1], rows(900, 20, "2026-11-20 00:29"))
    watch.clock.at = seconds("2026-11-20T01:05")
    request = watch.poll()
    assert request.meta[REACH] == seconds("2026-11-19T00:00")
    passed = to_its_end(watch, request, "2026-11-20 00:29", "2026-11-19 12:00", "2026-11-18 23:00")
    assert (20261119, 0, 86_400) in passed
    assert watch.poll().meta[REACH] > seconds("2026-11-19T00:00")


def test_a_day_that_the_walk_of_the_start_saw_whole_is_not_walked_again() -> None:
    watch = Watch(at="2026-11-20T01:10", **ONE_LIST, since="48h")
    assert watch.poll().meta[REACH] > seconds("2026-11-19T00:00")


def test_the_ledger_hears_of_each_row_once_and_of_no_day_that_was_not_walked() -> None:
    watch = known_list()
    given = watch.answer(watch.poll(), rows(103, 20, "2026-11-19 23:00"))
    assert [number % 1000 for _, number in listed(given).rows] == [103, 102, 101]
    assert listed(given).passed == ()


# Conditional requests


def sent(request: Request) -> dict[str, str]:
    return {name.decode(): values[0].decode() for name, values in request.headers.items()}


def test_what_has_not_changed_is_asked_for_by_its_validators_and_not_parsed() -> None:
    watch = Watch(**ONE_FEED)
    first = watch.poll()
    assert sent(first) == {}
    watch.answer(first, feed(1), ETag=ETAG, Last_Modified="x")
    for _ in range(2):
        request = watch.poll()
        assert sent(request) == {"If-None-Match": ETAG}
        assert watch.answer(request, status=304) == []
    assert watch.stat("polls/not_modified") == 2


def test_a_list_whose_second_page_failed_is_asked_for_whole_and_walked_again() -> None:
    watch = known_list()
    watch.answer(watch.poll(), rows(100, 20), ETag=ETAG)
    request = watch.poll()
    assert sent(request) == {"If-None-Match": ETAG}
    (second,) = pages(watch.answer(request, rows(130, 20), ETag='"2"'))
    assert sent(second) == {}
    watch.answer(second, status=503)
    again = watch.poll()
    assert sent(again) == {}
    assert [one.url for one in pages(watch.answer(again, rows(130, 20)))] == [f"{LIST}20"]


def test_a_walk_back_is_not_cut_short_by_an_unchanged_top() -> None:
    watch = known_list()
    watch.answer(watch.poll(), rows(100, 20), ETag=ETAG)
    assert sent(watch.poll(later=HOUR)) == {}


# Redirects


def test_a_source_that_leads_elsewhere_is_followed_and_no_validators_are_kept() -> None:
    watch = Watch(**ONE_FEED)
    request = watch.poll()
    (moved,) = watch.answer(request, status=301, Location="/news/category/101.xml")
    assert moved.meta[LEASE] is request.meta[LEASE]
    assert moved.url.endswith("101.xml")
    assert articles(watch.answer(moved, feed(1), ETag=ETAG))
    following = watch.poll()
    assert (following.url, sent(following)) == (request.url, {})


def test_a_source_that_leads_nowhere_is_asked_again() -> None:
    watch = Watch(**ONE_FEED)
    request = watch.poll()
    for _ in range(6):
        (request,) = watch.answer(request, status=302, Location=request.url) or [request]
    assert watch.stat("polls/failed") == 1
    assert watch.poll().url == request.url


# Answers that do not come


@pytest.mark.parametrize("how", ["status", "failure", "no feed"])
def test_a_silent_source_is_told_once_and_so_is_its_return(how: str, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO)
    watch = Watch(**ONE_FEED)
    for _ in range(3):
        if how == "failure":
            assert watch.fail(watch.poll(), TimeoutError())._open == 0
        else:
            watch.answer(watch.poll(), status=503 if how == "status" else 200)
    watch.answer(watch.poll(), feed(1))
    watch.answer(watch.poll(), feed(1))
    told = [(one.levelname, one.getMessage()) for one in caplog.records if one.name == "newscrawl.spider.watching"]
    assert [level for level, _ in told] == ["WARNING", "INFO"]
    assert "gives no answer" in told[0][1]
    assert "answers again" in told[1][1]
    assert (watch.stat("polls/failed"), watch.stat("failed/way/503")) == (3, 0)


def test_a_silent_source_is_asked_less_often() -> None:
    watch = Watch(**ONE_FEED)
    times = []
    for _ in range(8):
        watch.answer(watch.poll(), status=503)
        times.append(watch.clock.at)
    assert times[-1] - times[-2] > 500 > 250 > times[1] - times[0]


def test_a_feed_that_is_gone_is_no_failure_and_is_asked_again() -> None:
    watch = Watch(**ONE_FEED)
    for _ in range(3):
        watch.answer(watch.poll(), status=404)
    assert (watch.stat("gone/feed"), watch.stat("polls/failed")) == (3, 0)


def test_a_source_that_robots_txt_forbids_is_counted_as_refused_and_no_failure(
    caplog: pytest.LogCaptureFixture,
) -> None:
    watch = Watch(**ONE_FEED)
    for _ in range(2):
        assert watch.fail(watch.poll(), IgnoreRequest("Forbidden by robots.txt"))._open == 0
    assert (watch.stat("refused"), watch.stat("polls/failed")) == (2, 0)
    assert caplog.records == []


def test_what_is_waiting_for_its_next_try_when_the_run_ends_waits_for_the_next_run(
    caplog: pytest.LogCaptureFixture,
) -> None:
    watch = Watch(**ONE_FEED)
    request = watch.poll()
    assert watch.spider.crawler.engine is not None
    watch.spider.crawler.engine.running = False
    assert watch.fail(request, NotNow())._open == 1
    assert caplog.records == []


def test_while_most_sources_are_silent_no_looks_are_taken_and_what_failed_is_tried_again_when_they_answer() -> None:
    watch = Watch(**ONE_FEED)
    watch.answer(watch.poll(), feed(1))
    assert (watch.spider.rechecks, watch.retried) == (True, 1)
    for failures in (2, 30):  # five minutes, five hours
        retried = watch.retried
        for _ in range(failures):
            watch.answer(watch.poll(), status=503)
        watch.tick()
        assert (watch.spider.rechecks, watch.retried) == (False, retried)
        watch.answer(watch.poll(), feed(1))
        watch.tick()
        assert (watch.spider.rechecks, watch.retried) == (True, retried + 1)
        assert watch.tick(60) == []
        assert watch.retried == retried + 1


def test_a_poll_that_fails_lets_searches_in_other_lists_begin_and_takes_none_for_its_next_page() -> None:
    watch = known_list()
    search = watch.spider._seek(Walk("102", 1, 2), Seek(2))
    watch.spider._held = [search]
    assert watch.answer(watch.poll(), status=503) == [search]


def test_an_article_that_fails_is_lost_as_in_any_run() -> None:
    watch = Watch(**ONE_FEED)
    (article,) = articles(watch.answer(watch.poll(), feed(1)))
    watch.answer(article, status=503)
    assert article.meta[LEASE].failed == "article/503"
    assert watch.stat("failed/article/503") == 1


# Politeness


def test_polls_keep_to_half_of_the_turns_that_autothrottle_leaves() -> None:
    def asked_in_a_minute(delay: float) -> int:
        watch = Watch()
        watch.slots["www.newspim.com"] = SimpleNamespace(delay=delay)
        return sum(len(watch.tick(1.0)) for _ in range(60))

    assert asked_in_a_minute(6.0) <= 6
    assert asked_in_a_minute(1.0) > 15


def test_nothing_is_asked_when_the_run_ends() -> None:
    watch = Watch(**ONE_FEED)
    assert watch.spider.crawler.engine is not None
    watch.spider.crawler.engine.running = False
    assert watch.tick() == []


# What a watch before this one left


@pytest.mark.parametrize("arguments", [{}, {"watch": "yes"}], ids=["a plain run", "a watch"])
def test_polls_of_a_watch_before_this_one_are_read_to_their_reach_and_disturb_no_source(
    arguments: dict[str, str],
) -> None:
    old = known_list()
    left = old.poll()
    later = Watch("2026-11-20T14:00", **ONE_LIST)
    if not arguments:
        later.spider = NewspimSpider(_clock=later.clock, **ONE_LIST)  # type: ignore[arg-type]
        later.spider.crawler = old.spider.crawler
    before = {key: (one.known, one.swept_at, one.silent_since) for key, one in later.spider._sources.items()}
    left = left.replace(callback=later.spider.parse_polled_list, errback=later.spider.poll_failed)
    (second,) = pages(later.answer(left, rows(100, 20, "2026-11-20 13:00")))
    assert second.meta[REACH] == seconds("2026-11-20T11:00")
    assert pages(later.answer(second, rows(80, 20, "2026-11-20 10:00"))) == []
    assert before == {key: (one.known, one.swept_at, one.silent_since) for key, one in later.spider._sources.items()}


def test_two_watches_that_follow_each_other_do_not_take_their_polls_for_one() -> None:
    old, new = known_list(), Watch("2026-11-20T14:00", **ONE_LIST)
    assert old.poll().meta[KEY] != new.poll().meta[KEY]


def test_a_poll_of_a_watch_before_this_one_that_fails_is_lost() -> None:
    old, new = known_list(), Watch("2026-11-20T14:00", **ONE_LIST)
    left = old.poll().replace(callback=new.spider.parse_polled_list, errback=new.spider.poll_failed)
    new.answer(left, status=503)
    assert left.meta[LEASE].failed == "list/503"
    assert new.stat("failed/list/503") == 1
    timed_out = old.poll().replace(callback=new.spider.parse_polled_list, errback=new.spider.poll_failed)
    assert new.fail(timed_out, TimeoutError()).failed is not None


# A long time


def test_what_a_watch_remembers_does_not_grow(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("newscrawl.spider.naming._REMEMBERED", 500)
    watch = Watch(**ONE_LIST)

    def size() -> int:
        sources = watch.spider._sources.values()
        return len(watch.spider._named) + sum(len(one.known) + len(one.named) for one in sources)

    sizes = []
    for place in range(400):
        request = watch.poll()
        watch.polls.clear()
        watch.answer(request, rows(100 + 5 * place, 20))
        sizes.append(size())
    assert max(sizes[200:]) <= max(sizes[:200])
    assert len(watch.spider._sources) == 1
