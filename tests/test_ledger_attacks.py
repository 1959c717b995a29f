"""Attacks on the ledger's promise: a day that it calls complete lacks nothing that the list named.

The spider's own callbacks and the real state, without a network: lists made of times alone, which move, lie and fail while they are read.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from math import inf
from pathlib import Path
from random import Random
from urllib.parse import parse_qsl, urlsplit

import pytest
from scrapy import Request
from scrapy.http import HtmlResponse
from scrapy.statscollectors import MemoryStatsCollector
from scrapy.utils.request import RequestFingerprinter
from scrapy.utils.test import get_crawler

from newscrawl.discovery.days import day_of
from newscrawl.discovery.pages import Row as ListRow
from newscrawl.items import Article, Listed
from newscrawl.korean import KST
from newscrawl.lease import LEASE, Lease
from newscrawl.ledger import RunLedger
from newscrawl.spiders.newspim import NewspimSpider
from newscrawl.state import Entry, Journal, LedgerDay, Listing, Task
from newscrawl.state.ledger import ledger
from newscrawl.task_form import TaskForm
from tests import states

# Of runs that die, go on, or work at once: there the database has a part in it. What lists do, it does not know.
on_both = pytest.mark.usefixtures("engine")


HOUR, DAY = 3600, 86_400
ROWS = 20
LEASED = 24  # requests at once
ONE = {"ways": "list", "follow": "none", "sections": "101"}


def at(text: str) -> int:
    """A moment, in seconds since 1970."""
    return int(datetime.fromisoformat(text).replace(tzinfo=KST).timestamp())


@dataclass(slots=True)
class Story:
    """An article: when its row says that it was published, when it appears in its lists, and when it vanishes from them. `section`: what its
    page's breadcrumb says; `timed`: whether its row says anything."""

    number: str
    shown: int
    appears: int
    vanishes: float = inf
    codes: tuple[str, ...] = ("101",)
    section: str | None = None
    timed: bool = True


class Hands:
    """A clock that the requests turn."""

    speed = 1.0

    def __init__(self, text: str) -> None:
        self.at: float = at(text)

    def time(self) -> float:
        return self.at

    def now(self) -> datetime:
        return datetime.fromtimestamp(self.at, KST)


Row = tuple[str, int | None]
Page = tuple[int, list[Row]]


@dataclass
class Site:
    """Lists of stories, newest first. `answers`: what a list answers at a row offset, instead of its rows from there on."""

    stories: list[Story]
    clock: Hands
    answers: Callable[[Site, str, int], Page] | None = None
    seconds: float = 1.0  # that a request takes
    asked: list[tuple[str, int]] = field(default_factory=list)

    def of_number(self, number: str) -> Story:
        return next(one for one in self.stories if one.number == number)

    def rows(self, code: str) -> list[Row]:
        now = self.clock.at
        there = [one for one in self.stories if code in one.codes and one.appears <= now < one.vanishes]
        there.sort(key=lambda one: (one.shown // 60, one.number), reverse=True)
        return [(one.number, one.shown if one.timed else None) for one in there]

    def page(self, code: str, offset: int, size: int = ROWS) -> Page:
        return 200, self.rows(code)[offset : offset + size]

    def get(self, url: str) -> tuple[int, bytes]:
        query = dict(parse_qsl(urlsplit(url).query))
        self.clock.at += self.seconds
        code, offset = query["category_cd"], int(query["page"])
        self.asked.append((code, offset))
        status, rows = (self.answers or Site.page)(self, code, offset)
        return status, f"<html><body>{''.join(map(_html, rows))}</body></html>".encode()


def _html(row: Row) -> str:
    number, shown = row
    date = f"{datetime.fromtimestamp(shown, KST):%Y-%m-%d %H:%M}" if shown is not None else ""
    return (
        f'<article class="thumb_h"><strong class="subject"><a href="/news/view/{number}">제목</a></strong>'
        f'<span class="date">{date}</span></article>'
    )


class Run:
    """A run over the state in a folder: a spider, and the least that a scheduler must do for it."""

    def __init__(self, folder: Path, site: Site, **arguments: str) -> None:
        self.site = site
        crawler = get_crawler(NewspimSpider)
        crawler.stats = MemoryStatsCollector(crawler)
        self.spider = NewspimSpider(_clock=site.clock, **{**ONE, **arguments})  # type: ignore[arg-type]
        self.spider.crawler = crawler
        self.form = TaskForm(self.spider, RequestFingerprinter(crawler))
        self.journal = Journal(states.database(folder), folder / f"{id(self)}.jsonl", clock=site.clock.time)
        _, scopes = self.journal.begin("newspim", self.spider.scope, None)
        self.spider.ledger = RunLedger(self.journal, _fails, lambda _: None)
        self.spider.resume(scopes)
        self.leased: deque[Task] = deque()

    def begin(self) -> Run:
        for request in asyncio.run(self._start()):
            self.journal.add(self.form.task(request))
        return self

    async def _start(self) -> list[Request]:
        return [request async for request in self.spider.start()]

    def go_on(self, most: int = 100_000) -> bool:
        """Deal with so many requests; whether there are more."""
        for _ in range(most):
            if not self.leased:
                self.lease()
            if self.leased:
                self._deal_with(self.leased.popleft())
            elif not self._take_over():
                return False
        return True

    def lease(self) -> None:
        """Have the next requests under way."""
        self.leased.extend(self.journal.commit(lease=LEASED).leased)

    def _take_over(self) -> bool:
        recovered, scopes = self.journal.take_over()
        if recovered.requests:
            self.spider.resume(scopes)
        return bool(recovered.requests)

    def _deal_with(self, task: Task) -> None:
        request, row = self.form.request(task), task.id or 0
        lease = request.meta[LEASE] = Lease(row, lambda _: None)
        if request.callback == self.spider.parse_article:
            self._read(request)
        else:
            self._look(request)
        if lease.failed:
            self.journal.fail(row, lease.failed)
        else:
            self.journal.finish(row)

    def _read(self, request: Request) -> None:
        number, section = request.cb_kwargs["number"], request.cb_kwargs["section"]
        story = self.site.of_number(number)
        published = datetime.fromtimestamp(max(story.shown, min(story.appears, story.shown + 59)), KST)
        article = Article(f"newspim:{number}", "newspim", request.url, section=story.section, published_at=published)
        if self.spider._wanting(article, number, section):
            self.journal.write(Entry(int(number), int(number).to_bytes(16), b"{}\n"))

    def _look(self, request: Request) -> None:
        status, body = self.site.get(request.url)
        response = HtmlResponse(request.url, status=status, body=body, encoding="utf-8", request=request)
        assert request.callback is not None
        for output in request.callback(response, **request.cb_kwargs):
            if isinstance(output, Listed):
                self.journal.note(Listing(output.section, output.rows, output.passed, output.at))
            else:
                self.journal.add(self.form.task(output))

    def end(self) -> Run:
        """As a run that is told to stop; what it left is the next run's."""
        self.journal.commit()
        self.journal.end("finished", {})
        return self

    def die(self) -> None:
        """As a run that is killed: nothing after the last commit is kept."""
        self.journal.abandon()


def _fails(error: Exception) -> None:
    raise error


def crawl(folder: Path, site: Site, **arguments: str) -> Run:
    """A run from its beginning to its end."""
    run = Run(folder, site, **arguments).begin()
    run.go_on()
    return run.end()


def ledger_of(folder: Path) -> list[LedgerDay]:
    state = states.database(folder)
    found = ledger(state, 1, 0, 99_999_999)
    state.close()
    return found


def output(folder: Path) -> set[str]:
    state = states.database(folder)
    with state.reading() as connection:
        found = {f"{number:014}" for (number,) in connection.exec_driver_sql("SELECT number FROM articles")}
    state.close()
    return found


def lies(folder: Path, site: Site) -> set[str]:
    """What is missing in the output of the days that the ledger calls complete and that lists have."""
    complete = {(one.day, one.section) for one in ledger_of(folder) if one.is_complete}
    named = (one for one in _there(site) if any((day_of(one.shown), code) in complete for code in one.codes))
    return {one.number for one in named} - output(folder)


def lacks(folder: Path, site: Site, since: str, until: str) -> set[str]:
    """What is missing in the output of the articles of a time that lists have."""
    wanted = {one.number for one in _there(site) if at(since) <= one.shown < at(until)}
    assert len(wanted) > 10
    return wanted - output(folder)


def _there(site: Site) -> Iterator[Story]:
    return (one for one in site.stories if one.appears <= site.clock.at < one.vanishes)


def complete(folder: Path, code: str = "101") -> set[int]:
    """The days of November that the ledger calls complete."""
    return {one.day % 100 for one in ledger_of(folder) if one.is_complete and one.section == code}


def wire(a_day: int = 100, seed: int = 1, codes: Sequence[tuple[str, ...]] = (("101",),)) -> list[Story]:
    """Stories of the first three weeks of November at random moments, which stand in these lists by turns."""
    dice, low, high = Random(seed), at("2026-11-01"), at("2026-11-23")
    moments = sorted(low + dice.randrange(high - low) for _ in range((high - low) * a_day // DAY))
    return [
        Story(f"{day_of(moment)}{place:06}", moment // 60 * 60, moment, codes=codes[place % len(codes)])
        for place, moment in enumerate(moments, 1)
    ]


def burst(moment: str, count: int = 60) -> list[Story]:
    """Stories of one minute, one a second."""
    return [Story(f"{moment[:10].replace('-', '')}9{n:05}", at(moment), at(moment) + n % 60) for n in range(count)]


SPAN = {"since": "2026-11-05", "until": "2026-11-07"}
AFTERNOON = "2026-11-20T15:00"


# While all goes well, and while runs are killed


@pytest.mark.parametrize("seed", [1, 3, 6])
@on_both
def test_while_rows_come_in_and_runs_are_killed_nothing_is_missed(tmp_path: Path, seed: int) -> None:
    dice = Random(seed)
    pins = [(f"2015010100000{n}", at(dice.choice(("2015-01-01", "2026-11-19", "2027-01-01")))) for n in range(3)]
    size = dice.choice((20, 25, 30))

    def answers(site: Site, code: str, offset: int) -> Page:
        rows = site.rows(code)
        start = min(offset, len(rows) // size * size)  # it repeats its last page
        return 200, pins[: seed % 4] + rows[start : start + size]

    site = Site(
        wire(60, seed) + burst("2026-11-06T23:59"), Hands(AFTERNOON), answers, seconds=dice.choice((1, 60, 600))
    )
    for _ in range(4):
        run = Run(tmp_path, site, order=dice.choice(("newest", "oldest")), **SPAN).begin()
        run.go_on(dice.randrange(40))
        run.die()
        assert lies(tmp_path, site) == set()
        site.clock.at += dice.choice((0, HOUR, 12 * HOUR))
    crawl(tmp_path, site, **SPAN)
    assert complete(tmp_path) >= {5, 6, 7}
    assert lies(tmp_path, site) == set()
    assert lacks(tmp_path, site, "2026-11-05", "2026-11-08") == set()


@pytest.mark.parametrize(
    ("end", "order"), [("empty", "newest"), ("repeat", "oldest"), ("404", "oldest"), ("top", "newest")]
)
def test_below_the_end_of_a_list_no_day_is_complete(tmp_path: Path, end: str, order: str) -> None:
    def answers(site: Site, code: str, offset: int) -> Page:
        rows = site.rows(code)[:400]
        if end in ("repeat", "top") and offset >= len(rows):
            offset = len(rows) - ROWS if end == "repeat" else 0
        return (404, []) if end == "404" and offset >= len(rows) else (200, rows[offset : offset + ROWS])

    site = Site(wire(50), Hands(AFTERNOON), answers)
    crawl(tmp_path, site, since="2026-11-05", order=order)
    reached = datetime.fromtimestamp(site.rows("101")[399][1] or 0, KST).day
    assert 5 < reached < 18
    assert complete(tmp_path) == set(range(reached + 1, 20))
    assert lies(tmp_path, site) == set()


@on_both
def test_pages_that_are_lost_now_and_then_are_walked_by_later_runs(tmp_path: Path) -> None:
    dice = Random(4)
    site = Site(wire(60), Hands(AFTERNOON), lambda site, *at: (500, []) if dice.random() < 0.15 else site.page(*at))
    while complete(tmp_path) != {5, 6, 7}:
        assert len(site.asked) < 1000
        crawl(tmp_path, site, order=dice.choice(("newest", "oldest")), **SPAN)
        assert lies(tmp_path, site) == set()
    assert lacks(tmp_path, site, "2026-11-05", "2026-11-08") == set()


@pytest.mark.parametrize("hour", ["", "T12:00"])
def test_a_minute_of_three_pages_at_the_border_is_read_whole(tmp_path: Path, hour: str) -> None:
    border = f"2026-11-06{hour}"
    site = Site(wire() + burst(f"2026-11-06{hour or 'T00:00'}"), Hands(AFTERNOON))
    crawl(tmp_path, site, since=border, until="2026-11-06")
    assert lacks(tmp_path, site, border, "2026-11-07") == set()
    crawl(tmp_path, site, since="2026-11-05", until=border)
    assert lacks(tmp_path, site, "2026-11-05", "2026-11-07") == set()
    assert lies(tmp_path, site) == set()


@pytest.mark.parametrize("share", [0.0, 0.4])
def test_days_of_rows_without_times_are_complete_only_when_all_of_them_is_read(tmp_path: Path, share: float) -> None:
    dice, stories = Random(6), wire()
    for story in stories:
        story.timed = dice.random() < share
    site = Site(stories, Hands(AFTERNOON))
    for since, until in (("2026-11-06", "2026-11-06"), ("2026-11-07", "2026-11-08"), ("2026-11-04", "2026-11-05")):
        crawl(tmp_path, site, since=since, until=until)
        assert lies(tmp_path, site) == set()
    assert lacks(tmp_path, site, "2026-11-04", "2026-11-09") == set()


@on_both
def test_a_run_of_some_sections_takes_nothing_from_one_of_all(tmp_path: Path) -> None:
    site = Site(wire(60, codes=[("1", "101"), ("1", "102"), ("1", "103")]), Hands(AFTERNOON))
    crawl(tmp_path, site, sections="101,102", **SPAN)
    assert lies(tmp_path, site) == set()
    crawl(tmp_path, site, sections="1", **SPAN)
    assert lies(tmp_path, site) == set()
    assert lacks(tmp_path, site, "2026-11-05", "2026-11-08") == set()


def together(*runs: Run) -> None:
    """Runs at once, by turns, each to its end."""
    left = list(runs)
    while left:
        for run in list(left):
            if not run.go_on(1):
                run.end()
                left.remove(run)


@pytest.mark.parametrize("orders", [("newest", "newest"), ("newest", "oldest")])
@pytest.mark.parametrize("dies", [False, True])
@on_both
def test_two_runs_of_one_span_share_it_and_one_may_die(tmp_path: Path, orders: tuple[str, str], dies: bool) -> None:
    site = Site(wire(), Hands(AFTERNOON))
    one = Run(tmp_path, site, order=orders[0], **SPAN).begin()
    one.go_on(9)
    other = Run(tmp_path, site, order=orders[1], **SPAN).begin()
    if dies:
        other.go_on(5)
        one.die()
        other.go_on()
        other.end()
    else:
        together(one, other)
    assert complete(tmp_path) == {5, 6, 7}
    assert lies(tmp_path, site) == set()
    assert lacks(tmp_path, site, "2026-11-05", "2026-11-08") == set()


# Lists that lie, move and fail, and runs at the same time


@pytest.mark.parametrize("pins", [0, 3])
@pytest.mark.parametrize("sizes", [(10,), (20, 20, 20, 17)], ids=["10", "now and then 17"])
def test_pages_of_fewer_rows_than_a_step_cost_no_article(tmp_path: Path, sizes: tuple[int, ...], pins: int) -> None:
    dice = Random(3)
    pinned = [(f"2015010100000{n}", at(f"20{15 + n}-01-01")) for n in range(pins)]
    site = Site(wire(40), Hands(AFTERNOON), lambda site, *at: (200, pinned + site.page(*at, dice.choice(sizes))[1]))
    crawl(tmp_path, site, **SPAN)
    assert complete(tmp_path) == {5, 6, 7}
    assert lies(tmp_path, site) == set()


@pytest.mark.parametrize("size", [15, 20])
@pytest.mark.parametrize("seconds", [1, 600])
def test_a_list_that_begins_its_pages_at_whole_ones_is_walked_whole(tmp_path: Path, size: int, seconds: float) -> None:
    def answers(site: Site, code: str, offset: int) -> Page:
        return site.page(code, offset // size * size, size)

    site = Site(wire(), Hands(AFTERNOON), answers, seconds=seconds)
    crawl(tmp_path, site, **SPAN)
    assert complete(tmp_path) == {5, 6, 7}
    assert lies(tmp_path, site) == set()


def test_a_list_of_which_no_page_joins_another_is_a_loss_and_no_day_of_it_complete(tmp_path: Path) -> None:
    dice = Random(9)

    def answers(site: Site, code: str, offset: int) -> Page:
        return (200, dice.sample(site.rows(code), ROWS)) if len(site.asked) < 200 else (404, [])

    site = Site(wire(), Hands(AFTERNOON), answers)
    run = crawl(tmp_path, site, **SPAN)
    assert run.spider.crawler.stats is not None
    assert run.spider.crawler.stats.get_value("newscrawl/failed/list/moves") == 1
    assert len(site.asked) < 100
    assert complete(tmp_path) == set()


def test_rows_that_vanish_while_a_list_is_walked_cost_no_others(tmp_path: Path) -> None:
    dice = Random(2)

    def answers(site: Site, code: str, offset: int) -> Page:
        if dice.random() < 0.3:
            young = {number for number, _ in site.rows(code)[:200]}
            dice.choice([story for story in site.stories if story.number in young]).vanishes = site.clock.at
        return site.page(code, offset)

    site = Site(wire(), Hands(AFTERNOON), answers)
    crawl(tmp_path, site, **SPAN)
    assert lies(tmp_path, site) == set()


@pytest.mark.parametrize("seed", [3, 5])
def test_pages_that_are_kept_for_a_while_cost_no_article(tmp_path: Path, seed: int) -> None:
    dice = Random(seed)

    def answers(site: Site, code: str, offset: int) -> Page:
        now, site.clock.at = site.clock.at, site.clock.at - dice.choice((0, 0, 600, 3000))  # by a cache before the site
        page = site.page(code, offset)
        site.clock.at = now
        return page

    site = Site(wire(400, seed), Hands(AFTERNOON), answers, seconds=5)
    crawl(tmp_path, site, since="2026-11-06", until="2026-11-07")
    assert complete(tmp_path) == {6, 7}
    assert lies(tmp_path, site) == set()


def test_rows_without_times_are_read_from_an_hour_of_the_day_on(tmp_path: Path) -> None:
    stories = wire(200)
    for story in stories:
        story.timed = False
    site = Site(stories, Hands(AFTERNOON))
    crawl(tmp_path, site, since="2026-11-07", until="2026-11-07T08:00")
    assert lacks(tmp_path, site, "2026-11-07", "2026-11-07T08:00") == set()
    crawl(tmp_path, site, since="2026-11-07T08:00", until="2026-11-07")
    assert lies(tmp_path, site) == set()


@pytest.mark.parametrize("number", ["20261101999999", "20261107999999"], ids=["of five days before", "of the next day"])
def test_a_time_that_a_row_shows_counts_whatever_its_number(tmp_path: Path, number: str) -> None:
    site = Site(wire(), Hands(AFTERNOON))
    next(story for story in site.stories if story.shown > at("2026-11-06T18:00")).number = number
    crawl(tmp_path, site, since="2026-11-06", until="2026-11-06")
    assert complete(tmp_path) == {6}
    assert lies(tmp_path, site) == set()


def test_another_time_in_a_feed_does_not_keep_an_article_of_a_list_out(tmp_path: Path) -> None:
    site = Site(wire(), Hands(AFTERNOON))
    run = Run(tmp_path, site, **SPAN).begin()
    for story in (one for one in site.stories if at("2026-11-07T20:00") < one.shown < at("2026-11-08")):
        late = datetime.fromtimestamp(story.shown + 9 * HOUR, KST)  # KST that is called GMT
        assert list(run.spider._row(ListRow(story.number, late), "feed", "", None)) == []
    run.go_on()
    run.end()
    assert complete(tmp_path) == {5, 6, 7}
    assert lies(tmp_path, site) == set()


def test_one_old_row_on_a_page_that_is_known_passes_no_days(tmp_path: Path) -> None:
    turns = iter(range(10**6))

    def answers(site: Site, code: str, offset: int) -> Page:
        rows = site.rows(code)[:600]
        old = f"20100101{next(turns):06}", at("2010-01-01")  # another one on each page
        return 200, [old, *rows[min(offset, 580) : min(offset, 580) + ROWS]]

    site = Site(wire(), Hands(AFTERNOON), answers)
    crawl(tmp_path, site, **SPAN)
    assert lies(tmp_path, site) == set()


def test_walks_join_only_where_articles_that_appeared_late_were_seen(tmp_path: Path) -> None:
    site = Site(wire(12), Hands("2026-11-20T06:00"))
    site.stories.append(Story("20261120999999", at("2026-11-20T05:30"), at("2026-11-20T06:02")))
    for moment, since in (("2026-11-20T06:00", "2026-11-20"), ("2026-11-21T05:59", "24h"), ("2026-11-22T05:58", "24h")):
        site.clock.at = at(moment)
        crawl(tmp_path, site, since=since)
    assert lies(tmp_path, site) == set()


def test_a_day_whose_evening_was_read_at_once_is_not_over_because_its_morning_was_read_later(tmp_path: Path) -> None:
    site = Site(wire(400), Hands("2026-11-20T00:01"))
    site.stories.append(Story("20261119999999", at("2026-11-19T23:10"), at("2026-11-20T00:20")))
    run = Run(tmp_path, site, since="2026-11-19").begin()
    run.go_on(75)
    run.die()
    site.clock.at = at("2026-11-20T05:00")
    crawl(tmp_path, site, since="1h")
    assert lies(tmp_path, site) == set()


@on_both
def test_two_runs_at_once_of_which_the_shorter_ends_first_lose_nothing_of_the_longer(tmp_path: Path) -> None:
    site = Site(wire(codes=[("101",), ("102",)]), Hands(AFTERNOON))
    short = Run(tmp_path, site, sections="101,102", since="24h").begin()
    short.leased.extend(short.journal.commit(lease=1).leased)  # the first page of one list is under way
    long = Run(tmp_path, site, sections="101,102", since="10d").begin()
    long.lease()
    together(short, long)
    assert lies(tmp_path, site) == set()
    assert lacks(tmp_path, site, "2026-11-11", "2026-11-20") == set()


@on_both
def test_a_run_that_reaches_less_far_back_does_not_take_a_walk_from_a_longer_one(tmp_path: Path) -> None:
    site = Site(wire(), Hands(AFTERNOON))
    long = Run(tmp_path, site, since="2026-11-05").begin()
    long.go_on(150)
    short = Run(tmp_path, site, since="2026-11-16").begin()
    short.go_on()
    short.end()
    long.go_on()
    long.end()
    assert lies(tmp_path, site) == set()
    assert lacks(tmp_path, site, "2026-11-05", "2026-11-20") == set()


@on_both
def test_an_article_that_a_run_does_not_want_is_left_to_one_at_the_same_time_that_does(tmp_path: Path) -> None:
    site = Site(wire(codes=[("102",)]), Hands(AFTERNOON))
    for story in site.stories:
        story.section = "사회"
    all_of_102 = Run(tmp_path, site, since="2026-11-17", sections="102").begin()
    other = Run(tmp_path, site, since="2026-11-17", sections="103", follow="sidebar").begin()
    for story in [one for one in site.stories if day_of(one.shown) == 20261118][:20]:  # links of its articles
        request = other.spider._article(story.number, "sidebar", None)
        assert request is not None
        other.journal.add(other.form.task(request))
    other.go_on(30)
    together(all_of_102, other)
    assert complete(tmp_path, "102") >= {17, 18}
    assert lies(tmp_path, site) == set()


@on_both
def test_a_walk_from_the_top_that_is_gone_on_with_days_later_misses_none_of_these_days(tmp_path: Path) -> None:
    site = Site(wire(), Hands("2026-11-14T15:00"))
    run = Run(tmp_path, site, since="2026-11-03").begin()
    run.go_on(200)
    run.die()
    site.clock.at = at("2026-11-19T15:00")
    crawl(tmp_path, site, since="2026-11-03")
    assert lacks(tmp_path, site, "2026-11-03", "2026-11-19T14:00") == set()


def test_a_walk_from_the_top_does_not_end_at_a_page_of_an_older_one_that_does_not_join(tmp_path: Path) -> None:
    site = Site(wire(400), Hands(AFTERNOON), seconds=200)
    run = Run(tmp_path, site, since="2026-11-19").begin()
    run.go_on(44)
    run.die()
    site.clock.at += 12 * HOUR
    run = Run(tmp_path, site, since="2026-11-19")
    run.go_on(1)  # the page that was left is under way before the new walk has begun
    run.begin()
    run.go_on()
    run.end()
    assert lacks(tmp_path, site, "2026-11-19", "2026-11-21") == set()


def test_a_first_page_that_is_lost_does_not_keep_other_lists_from_being_looked_through(tmp_path: Path) -> None:
    turns = iter(range(10**6))

    def answers(site: Site, code: str, offset: int) -> Page:
        fails = (code, offset) == ("1", 0) and next(turns) == 1  # the second time: the walk begins there
        return (200, []) if fails else site.page(code, offset)

    site = Site(wire(60, codes=[("1", "101")]), Hands(AFTERNOON), answers)
    crawl(tmp_path, site, sections="1", since="2026-11-19", until="2026-11-20T11:00")
    assert ("101", 0) in site.asked


def test_a_page_that_is_empty_once_is_not_the_end_of_a_list(tmp_path: Path) -> None:
    turns = iter(range(10**6))
    site = Site(wire(), Hands(AFTERNOON), lambda site, *at: (200, []) if next(turns) == 12 else site.page(*at))
    crawl(tmp_path, site, since="2026-11-10")
    assert lacks(tmp_path, site, "2026-11-10", "2026-11-20") == set()


def test_a_minute_in_which_the_age_asked_for_begins_is_read_to_its_beginning(tmp_path: Path) -> None:
    site = Site(wire() + burst("2026-11-19T15:00"), Hands(AFTERNOON))
    site.clock.at += 10
    crawl(tmp_path, site, since="24h")
    wanted = {story.number for story in site.stories if at("2026-11-19T15:00") + 20 <= story.appears < at("2026-11-20")}
    assert wanted - output(tmp_path) == set()
