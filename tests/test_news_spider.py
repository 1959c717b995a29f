"""The spider's decisions on one response: where a list ends, who wanted an article, where a redirect leads."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import pytest
from scrapy import Request
from scrapy.http import HtmlResponse
from scrapy.statscollectors import MemoryStatsCollector
from scrapy.utils.test import get_crawler

from newscrawl.items import Article
from newscrawl.korean import KST
from newscrawl.lease import KEY, LEASE, REACH, Lease
from newscrawl.spiders.newspim import NewspimSpider

NOW = datetime(2026, 11, 20, 12, tzinfo=KST)
LIST = "https://www.newspim.com/news/lists?category_cd=101&page=20"
SINCE = datetime(2026, 11, 20, 0, tzinfo=KST)


def spider(monkeypatch: pytest.MonkeyPatch, **arguments: str) -> NewspimSpider:
    monkeypatch.setattr(NewspimSpider, "now", staticmethod(lambda: NOW))
    crawler = get_crawler(NewspimSpider)
    crawler.stats = MemoryStatsCollector(crawler)
    made = NewspimSpider(**arguments)
    made.crawler = crawler
    return made


def stat(made: NewspimSpider, name: str) -> int:
    assert made.crawler.stats is not None
    return int(made.crawler.stats.get_value(f"newscrawl/{name}", 0))


def row(number: str, time: str) -> str:
    return (
        f'<article class="thumb_h"><strong class="subject"><a href="/news/view/{number}">제목</a></strong>'
        f'<span class="date">{time}</span></article>'
    )


def response(html: str, url: str = LIST, status: int = 200, **more: Any) -> HtmlResponse:
    meta = {REACH: int(SINCE.timestamp()), **more.pop("meta", {})}
    request = Request(url, meta=meta, cb_kwargs=more.pop("cb_kwargs", {}))
    page = f"<html><body>{html}</body></html>".encode()
    return HtmlResponse(url, status=status, body=page, encoding="utf-8", request=request, **more)


PINNED = "20261120000001"
OLD = [f"202611100000{number:02d}" for number in range(20)]


def following(made: NewspimSpider, html: str, previous: list[str], stale: int = 0) -> list[str]:
    found = made.parse_list(response(html), "list", previous=previous, stale=stale)
    return [request.url for request in found if "lists?" in request.url]


def test_a_list_ends_where_its_rows_are_old_though_one_is_pinned_to_each_page(monkeypatch: pytest.MonkeyPatch) -> None:
    html = "".join([row(PINNED, "2026.11.20 11:00"), *(row(number, "2026.11.10 09:00") for number in OLD)])
    made = spider(monkeypatch, since="12h")
    assert following(made, html, previous=[PINNED, "20261112000001"]) == []


def test_a_list_goes_on_while_its_rows_are_new(monkeypatch: pytest.MonkeyPatch) -> None:
    html = "".join(row(f"202611200000{number:02d}", "2026.11.20 10:00") for number in range(20))
    made = spider(monkeypatch, since="12h")
    assert following(made, html, previous=[]) == ["https://www.newspim.com/news/lists?category_cd=101&page=40"]


def test_a_page_that_a_whole_page_of_new_rows_pushed_down_is_not_the_end(monkeypatch: pytest.MonkeyPatch) -> None:
    numbers = [f"202611200000{number:02d}" for number in range(20)]
    html = "".join(row(number, "2026.11.20 10:00") for number in numbers)
    made = spider(monkeypatch, since="12h")
    assert following(made, html, previous=numbers) == ["https://www.newspim.com/news/lists?category_cd=101&page=40"]
    assert following(made, html, previous=numbers, stale=1) == []  # the list repeats its last page


def test_a_list_in_an_unknown_form_ends_too_though_its_sidebar_has_news(monkeypatch: pytest.MonkeyPatch) -> None:
    sidebar = "<aside><a href='/news/view/20261120000777'>많이 본 기사</a></aside>"
    html = sidebar + "".join(f"<p><a href='/news/view/{number}'>기사</a></p>" for number in OLD)
    made = spider(monkeypatch, since="12h")
    assert following(made, html, previous=[]) == []


@pytest.mark.parametrize(
    ("sections", "named", "listed_in", "wanted"),
    [
        ("105", "증권", None, True),
        ("105", "금융", None, True),
        ("107", "국제", None, True),
        ("115", "오피니언", None, True),
        ("115", "정치", None, False),
        ("115", "정치", "115", True),
        ("115", None, None, False),
        ("101101", "정치", None, False),
        ("101101", "정치", "101101", True),
    ],
)
def test_an_article_is_of_a_section_by_its_breadcrumb_or_its_list(
    monkeypatch: pytest.MonkeyPatch, sections: str, named: str | None, listed_in: str | None, wanted: bool
) -> None:
    made = spider(monkeypatch, sections=sections)
    article = Article("newspim:20261120000001", "newspim", "", section=named, published_at=NOW)
    assert bool(made._wanting(article, "20261120000001", listed_in)) == wanted
    assert stat(made, "skipped/section") == (not wanted)


def test_what_a_page_names_does_not_depend_on_whether_a_list_was_read_before(monkeypatch: pytest.MonkeyPatch) -> None:
    number = "20261119000001"  # of yesterday: a link to it does not tell that it is older than an hour
    listed, front = row(number, "2026.11.19 09:00"), f'<a href="/news/view/{number}">제목</a>'
    counts = []
    for order in ("list front", "front list"):
        made = spider(monkeypatch, since="1h")
        for way in order.split():
            list(
                made.parse_list(response(listed), "list")
                if way == "list"
                else made.parse_way(response(front), "front", "page")
            )
        counts.append(made.coverage.counts())
    assert counts[0] == counts[1] == {"front": {"named": 1, "only": 1}}


def test_a_list_tells_the_section_of_what_a_sidebar_named_before(monkeypatch: pytest.MonkeyPatch) -> None:
    made = spider(monkeypatch, since="12h", sections="101")
    first = made._article(PINNED, "sidebar", None)
    html = row(PINNED, "2026.11.20 11:00")
    named = [one for one in made.parse_list(response(html), "list", section="101") if "lists?" not in one.url]
    assert first is not None
    assert first.cb_kwargs["section"] is None
    assert [one.cb_kwargs["section"] for one in named] == ["101"]
    assert named[0].priority > first.priority  # so that it takes the other's place in the frontier


def test_what_an_earlier_run_was_asked_for_is_wanted_too(monkeypatch: pytest.MonkeyPatch) -> None:
    earlier = spider(monkeypatch, since="2026-11-01", until="2026-11-03")
    made = spider(monkeypatch)
    article = Article("newspim:20261102000001", "newspim", "", published_at=datetime(2026, 11, 2, 9, tzinfo=KST))
    assert made._wanting(article, "20261102000001", None) == []
    made.resume([earlier.scope, made.scope])
    assert made._wanting(article, "20261102000001", None) == [earlier.arguments]


def test_a_schedule_of_many_runs_is_remembered_as_one(monkeypatch: pytest.MonkeyPatch) -> None:
    made = spider(monkeypatch, since="1h")
    made.resume([spider(monkeypatch, since=f"{hours}h").scope for hours in range(1, 50)])
    assert len(made.wanted.askers) == 1
    assert made.wanted.askers[0].since == datetime(2026, 11, 18, 11, tzinfo=KST)


def test_a_redirect_that_names_no_address_is_lost_and_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    made = spider(monkeypatch)
    lease = Lease(1, lambda _: None)
    number = "20261120000001"
    url = f"https://www.newspim.com/news/view/{number}"
    moved = response("", url, 302, headers={"Location": "https://[login/x"}, meta={LEASE: lease, KEY: number})
    assert list(made.parse_article(moved, number, "list", None, NOW.isoformat())) == []
    assert stat(made, "failed/article/bad_redirect") == 1
    assert lease.failed == "article/bad_redirect"


def test_a_redirect_to_another_spelling_keeps_the_lease(monkeypatch: pytest.MonkeyPatch) -> None:
    made = spider(monkeypatch)
    lease = Lease(1, lambda _: None)
    number = "20261120000001"
    url = f"https://www.newspim.com/news/view/{number}"
    headers = {"Location": f"https://m.newspim.com/news/view/{number}"}
    meta = {LEASE: lease, KEY: number, "download_latency": 0.1, "retry_times": 2}
    moved = response("", url, 301, headers=headers, meta=meta)
    (again,) = made.parse_article(moved, number, "list", None, NOW.isoformat())
    assert isinstance(again, Request)
    assert again.meta[LEASE] is lease
    assert set(again.meta) == {LEASE, KEY, REACH}  # and nothing of the first download
    assert again.url == headers["Location"]


def test_numbers_are_remembered_up_to_a_bound(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("newscrawl.spider.naming._REMEMBERED", 3)
    made = spider(monkeypatch)
    numbers = [f"2026112000000{number}" for number in range(5)]
    asked = [made._article(number, "sidebar", None) is not None for number in (*numbers, numbers[4], numbers[0])]
    assert asked == [True] * 5 + [False, True]
