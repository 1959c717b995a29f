"""What a feed, a sitemap and a page of links name, and what the spider makes of it."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta, timezone
from itertools import pairwise
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scrapy import Request
from scrapy.http import HtmlResponse
from scrapy.statscollectors import MemoryStatsCollector
from scrapy.utils.test import get_crawler

from newscrawl.discovery import ways
from newscrawl.discovery.pages import Row
from newscrawl.extraction import Page
from newscrawl.korean import KST
from newscrawl.lease import LEASE, REACH, Lease
from newscrawl.newsroom import Newsroom, Ways, generate
from newscrawl.spiders.newspim import NEWSPIM, NewspimSpider
from newscrawl.syndication import NotAFeed, NotASitemap, Part, read_sitemap
from newscrawl.unreadable import UnreadablePages

PROPERTY = settings(deadline=None, database=None, derandomize=True, max_examples=300)
NOW = datetime(2026, 11, 20, 12, tzinfo=KST)
FEED_URL = "http://rss.newspim.com/news/category/101"
MAP_URL = "https://www.newspim.com/sitemap/recent/all_1"


def item(number: str, time: str = "Fri, 20 Nov 2026 11:30:05 +0900") -> str:
    return f"<item><title>제목</title><link>http://www.newspim.com/news/view/{number}</link><pubDate>{time}</pubDate></item>"


def feed(*items: str) -> bytes:
    return (
        f'<?xml version="1.0" encoding="utf-8"?><rss version="2.0"><channel>{"".join(items)}</channel></rss>'.encode()
    )


def sitemap(*urls: str, lastmod: str = "") -> bytes:
    shown = f"<lastmod>{lastmod}</lastmod>" if lastmod else ""
    locations = "".join(f"<url><loc>{url}</loc>{shown}</url>" for url in urls)
    return f'<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{locations}</urlset>'.encode()


def test_a_feed_names_articles_with_their_times_once_each() -> None:
    named = ways.of_feed(
        feed(item("20261120000001"), item("20261120000001"), item("20261120000002")), FEED_URL, NEWSPIM
    )
    published = datetime(2026, 11, 20, 11, 30, 5, tzinfo=KST)
    assert [(row.number, row.published_at) for row in named.rows] == [
        ("20261120000001", published),
        ("20261120000002", published),
    ]
    assert named.whole


def test_what_is_no_article_of_the_site_is_left_out() -> None:
    urls = ("https://www.newspim.com/news/view/20261120000001", "https://example.org/news/view/20261120000002")
    named = ways.of_sitemap(sitemap(*urls, "https://www.newspim.com/company"), MAP_URL, NEWSPIM)
    assert [row.number for row in named.rows] == ["20261120000001"]


def test_an_index_names_further_sitemaps_of_the_site_alone() -> None:
    parts = "".join(
        f"<sitemap><loc>{url}</loc></sitemap>" for url in ("https://www.newspim.com/a.xml", "https://example.org/b.xml")
    )
    named = ways.of_sitemap(f"<sitemapindex>{parts}</sitemapindex>".encode(), MAP_URL, NEWSPIM)
    assert (named.rows, named.further) == ([], ["https://www.newspim.com/a.xml"])


def test_http_and_https_are_one_sitemap_and_what_is_never_asked_for_is_none() -> None:
    lines = (
        "http://www.newspim.com/a.xml",
        "https://www.newspim.com/a.xml",
        "HTTPS://WWW.newspim.com:8443/a.xml#x",
        "https://www.newspim.com/search/b.xml",
        "http://rss.newspim.com/c.xml?d=1",
    )
    robots = "".join(f"Sitemap: {line}\n" for line in lines).encode()
    named = ways.of_robots(robots, "https://www.newspim.com/robots.txt", NEWSPIM)
    assert named.further == ["https://www.newspim.com/a.xml", "http://rss.newspim.com/c.xml?d=1"]


# Which sitemaps of an index are worth reading

SINCE = datetime(2026, 11, 19, 12, tzinfo=KST)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


def index(*parts: tuple[str, str]) -> bytes:
    rows = "".join(f"<sitemap><loc>{url}</loc><lastmod>{lastmod}</lastmod></sitemap>" for url, lastmod in parts)
    return f"<sitemapindex>{rows}</sitemapindex>".encode()


def names(parts: list[Part]) -> list[str]:
    return [part.url for part in parts]


@pytest.mark.parametrize(
    ("lastmod", "kept"),
    [
        ("2026-11-20T11:00:00+09:00", True),
        ("2026-11-19T12:00:00+09:00", True),
        ("2026-11-18T12:00:00+09:00", True),  # an index that was made a day ago
        ("2026-11-18T11:59:59+09:00", False),
        ("2026-11-17", True),  # which ends on the 18th at 20:59:59 in Korea, where it ends last
        ("2026-11-16", False),
        ("2030-01-01", True),
        ("", True),
        ("1970-01-01T00:00:00Z", True),
        ("2026-10", True),
    ],
)
def test_a_sitemap_last_modified_before_the_time_asked_for_is_left_out_and_counted(lastmod: str, kept: bool) -> None:
    named = ways.of_sitemap(index(("https://www.newspim.com/a.xml", lastmod)), MAP_URL, NEWSPIM, SINCE)
    assert (len(named.further), named.older) == ((1, 0) if kept else (0, 1))


def test_what_was_modified_after_the_time_asked_for_may_hold_it() -> None:
    parts = [Part("a", SINCE + 900 * DAY), Part("b", SINCE)]
    assert ways.worth_reading(parts, SINCE - DAY, SINCE - HOUR) == [parts[1], parts[0]]


def test_without_since_none_is_left_out() -> None:
    parts = [Part("a", datetime(1990, 1, 1, tzinfo=UTC)), Part("b")]
    assert ways.worth_reading(parts, None, None) == parts


def test_the_newest_comes_first_and_for_a_time_that_is_over_what_was_modified_soonest_after_it() -> None:
    parts = [Part("none"), Part("old", SINCE), Part("new", SINCE + 2 * DAY), Part("middle", SINCE + DAY)]
    assert names(ways.worth_reading(parts, SINCE, None)) == ["new", "middle", "old", "none"]
    assert names(ways.worth_reading(parts, SINCE, SINCE + HOUR)) == ["old", "middle", "new", "none"]


@pytest.mark.parametrize(
    "form", ["/map-{0}-{1}.xml", "/map/{0}/{1}", "/map_{0}{1}.xml.gz", "/map-{0}-{1}-19/", "/map.{0}{1}19"]
)
def test_an_address_that_names_the_month_asked_for_comes_first_and_of_another_last(form: str) -> None:
    months = [Part(form.format(*month.split("-"))) for month in ("2019-03", "2026-10", "2026-11")]
    others = [Part("/news.xml"), Part("/map-12345678901234.xml"), Part("/map-2026-13.xml"), Part("/2026.xml")]
    found = ways.worth_reading([*months, *others], SINCE, None)
    assert found[0] == months[2]
    assert set(found[1:5]) == set(others)
    assert found[5:] == [months[1], months[0]]
    march = datetime(2019, 3, 5, tzinfo=KST)
    found = ways.worth_reading([*others, *months], march, march + 20 * DAY)
    assert found[0] == months[0]
    assert set(found[1:5]) == set(others)
    assert found[5:] == months[1:]


def test_an_article_is_looked_for_in_the_month_of_its_number_too() -> None:
    since = datetime(2026, 11, 2, tzinfo=KST)  # its number may be of 30 October
    assert names(ways.worth_reading([Part("/news.xml"), Part("/2026-10.xml")], since, None))[0] == "/2026-10.xml"


@pytest.mark.parametrize(
    ("given", "expected"), [("", ""), ("a", "a"), ("ab", "ab"), ("abc", "acb"), ("abcde", "aebdc")]
)
def test_of_those_that_nothing_tells_apart_both_ends_come_first(given: str, expected: str) -> None:
    assert "".join(names(ways.worth_reading([Part(letter) for letter in given], SINCE, None))) == expected


zones = st.integers(-12 * 60, 14 * 60).map(lambda minutes: timezone(timedelta(minutes=minutes)))
times = st.integers(700_000_000, 4_000_000_000).map(lambda second: datetime.fromtimestamp(second, KST))  # 1992 to 2096
addresses = st.sampled_from(["/a.xml", "/2019-03.xml", "/map/20261120", "/2026/11/", "/b?n=1"])
parts_of_an_index = st.lists(st.builds(Part, addresses, st.none() | times), max_size=80)


@PROPERTY
@given(
    times,
    st.timedeltas(timedelta(0), 400 * DAY),
    zones,
    st.sampled_from(["%Y-%m-%d", "%Y-%m-%dT%H:%M%z", "%Y-%m-%dT%H:%M:%S%z"]),
)
def test_however_its_time_is_written_a_sitemap_modified_since_then_is_read(
    since: datetime, later: timedelta, zone: timezone, form: str
) -> None:
    written = (since + later).astimezone(zone).strftime(form)
    body = index(("https://www.newspim.com/a.xml", written))
    assert ways.of_sitemap(body, MAP_URL, NEWSPIM, since).further == ["https://www.newspim.com/a.xml"]


@PROPERTY
@given(parts_of_an_index, st.none() | times, st.none() | times)
def test_only_lastmod_before_since_leaves_a_sitemap_out(
    parts: list[Part], since: datetime | None, until: datetime | None
) -> None:
    found = ways.worth_reading(parts, since, until)
    missing = list(parts)
    for part in found:
        missing.remove(part)  # ValueError for one that was not given
    assert all(since and part.lastmod and part.lastmod + DAY < since for part in missing)
    assert not any(since and part.lastmod and part.lastmod + DAY < since for part in found)


@PROPERTY
@given(st.lists(st.builds(Part, st.just("/a.xml"), st.none() | times), max_size=80), st.booleans())
def test_those_with_lastmod_come_in_its_order_before_those_without(parts: list[Part], is_over: bool) -> None:
    found = [part.lastmod for part in ways.worth_reading(parts, None, NOW if is_over else None)]
    dated = [time for time in found if time]
    assert found == dated + [None] * (len(found) - len(dated))
    assert all(one <= other if is_over else one >= other for one, other in pairwise(dated))


def asked_for(width: int, budget: int) -> int:
    """How many sitemaps are read of an index that names so many indexes, each of which names as many, without end."""
    read, each = ways.rationed([str(number) for number in range(width)], budget)
    assert len(read) <= ways.MOST_SITEMAPS
    return len(read) + (len(read) * asked_for(width, each) if read else 0)


@PROPERTY
@given(st.integers(0, 300), st.integers(0, 5_000))
def test_indexes_in_indexes_end(width: int, budget: int) -> None:
    assert asked_for(width, budget) <= budget


def test_the_first_are_read_and_an_index_within_an_index_has_room() -> None:
    read, each = ways.rationed([str(number) for number in range(300)], ways.SITEMAP_BUDGET)
    assert read == [str(number) for number in range(50)]
    assert each == 19
    assert ways.rationed(["a", "b", "c"], 2) == (["a", "b"], 0)
    assert ways.rationed(["a"], 0) == ([], 0)
    assert ways.rationed([], 7) == ([], 7)


def walk(room: Newsroom, since: datetime, until: datetime | None) -> tuple[set[str], int]:
    """The articles to which the sitemaps of a newsroom's robots.txt lead, and how many sitemaps were left out."""
    found: set[str] = set()
    older = 0
    waiting = [("https://www.newspim.com/robots.txt", ways.SITEMAP_BUDGET)]
    for url, budget in waiting:
        read = ways.of_robots if url.endswith("robots.txt") else ways.of_sitemap
        named = read(room.desk.answer("www.newspim.com", urlsplit(url).path).body, url, NEWSPIM, since, until)
        found |= {row.number for row in named.rows}
        older += named.older
        further, each = ways.rationed(named.further, budget)
        waiting += [(one, each) for one in further]
    return found, older


@pytest.mark.parametrize("seed", range(1, 7))
def test_all_articles_of_a_time_are_found_though_most_of_an_archive_is_left_out(seed: int) -> None:
    """From just before the newest article of each month on, whose sitemap has that time or day as its lastmod."""
    site = generate(120, 400, seed, NOW, cheap=True)
    room = Newsroom(site, ways=Ways(robots_sitemaps="index", forms="varied"))
    times = {id: site.by_id[id].published_at for id in room.named("sitemap")}
    newest = {f"{time:%Y%m}": time for time in sorted(times.values())}
    left_out = 0
    for last in newest.values():
        for since, until in ((last, None), (last - 12 * HOUR, last + HOUR)):
            found, older = walk(room, since, until)
            left_out += older
            assert {id for id, time in times.items() if since <= time <= (until or NOW)} <= found
    dated = any(
        part.lastmod
        for part in read_sitemap(room.desk.answer("www.newspim.com", "/sitemap/index.xml").body, MAP_URL).sitemaps
    )
    assert bool(left_out) == dated


def test_a_page_names_what_it_links_to() -> None:
    page = Page.from_bytes(b'<a href="/news/view/20261120000001">a</a><a href="/company">b</a>', NEWSPIM.home, None)
    assert ways.of_page(page, NEWSPIM).rows == [Row("20261120000001")]


@pytest.mark.parametrize("body", [b"", b"<html><body>503</body></html>", b'{"a": 1}'])
def test_what_is_no_feed_and_no_sitemap_is_said(body: bytes) -> None:
    with pytest.raises(NotAFeed):
        ways.of_feed(body, FEED_URL, NEWSPIM)
    with pytest.raises(NotASitemap):
        ways.of_sitemap(body, MAP_URL, NEWSPIM)


# The spider


@pytest.fixture
def spider(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> NewspimSpider:
    monkeypatch.setattr(NewspimSpider, "now", staticmethod(lambda: NOW))
    crawler = get_crawler(NewspimSpider)
    crawler.stats = MemoryStatsCollector(crawler)
    made = NewspimSpider(since="12h")
    made.crawler = crawler
    made.unreadable = UnreadablePages(str(tmp_path), "newspim")
    return made


def answered(
    spider: NewspimSpider, body: bytes, kind: str, *, url: str = FEED_URL, status: int = 200
) -> tuple[list[Request], Lease]:
    lease = Lease(1, lambda _: None)
    response = HtmlResponse(url, status=status, body=body, request=Request(url, meta={LEASE: lease}))
    return list(spider.parse_way(response, kind, kind, "101")), lease


def stat(spider: NewspimSpider, name: str) -> int:
    assert spider.crawler.stats is not None
    return int(spider.crawler.stats.get_value(f"newscrawl/{name}", 0))


def test_articles_of_a_feed_are_asked_for_as_found_by_it(spider: NewspimSpider) -> None:
    found, _ = answered(spider, feed(item("20261120000001")), "feed")
    (request,) = found
    assert request.url == "https://www.newspim.com/news/view/20261120000001"
    assert (request.cb_kwargs["via"], request.cb_kwargs["source"], request.cb_kwargs["section"]) == (
        "feed",
        FEED_URL,
        "101",
    )


def test_breaking_news_comes_before_other_articles(spider: NewspimSpider) -> None:
    page = b'<a href="/news/view/20261120000001">a</a>'
    response = HtmlResponse(NEWSPIM.home, body=page, request=Request(NEWSPIM.home))
    (breaking,) = spider.parse_way(response, "flash", "page")
    (other,), _ = answered(spider, feed(item("20261120000002")), "feed")
    assert breaking.priority > other.priority


def test_what_a_feed_dates_before_the_time_asked_for_is_skipped(spider: NewspimSpider) -> None:
    found, _ = answered(spider, feed(item("20261119000001", "Thu, 19 Nov 2026 20:00:00 +0900")), "feed")
    assert found == []
    assert stat(spider, "skipped/outside/feed") == 1


@pytest.mark.parametrize(
    ("lastmod", "count"), [("2026-11-19T20:00:00+09:00", 0), ("2026-11-20T01:00:00+09:00", 1), ("", 1)]
)
def test_what_was_last_changed_before_that_time_was_published_before_it(
    spider: NewspimSpider, lastmod: str, count: int
) -> None:
    body = sitemap("https://www.newspim.com/news/view/20261119000001", lastmod=lastmod)
    assert len(answered(spider, body, "sitemap", url=MAP_URL)[0]) == count


def test_a_robots_txt_names_sitemaps_of_the_site(spider: NewspimSpider) -> None:
    body = b"User-agent: *\nDisallow: /search\nSitemap: /a.xml\nSitemap: https://example.org/b.xml\n"
    found, _ = answered(spider, body, "robots", url="https://www.newspim.com/robots.txt")
    assert [(one.url, one.cb_kwargs["kind"]) for one in found] == [("https://www.newspim.com/a.xml", "sitemap")]


def test_an_index_of_an_archive_is_not_read_in_passing(spider: NewspimSpider, caplog: pytest.LogCaptureFixture) -> None:
    parts = "".join(f"<sitemap><loc>https://www.newspim.com/{part}.xml</loc></sitemap>" for part in range(300))
    with caplog.at_level("INFO"):
        found, _ = answered(spider, f"<sitemapindex>{parts}</sitemapindex>".encode(), "sitemap", url=MAP_URL)
    both_ends = [*range(25), *range(275, 300)]
    assert {request.url for request in found} == {f"https://www.newspim.com/{part}.xml" for part in both_ends}
    assert "names 300 sitemaps" in caplog.text


def test_what_is_older_than_the_run_reaches_back_is_counted_and_not_asked_for(spider: NewspimSpider) -> None:
    urls = [f"https://www.newspim.com/{name}.xml" for name in ("old", "new")]
    body = index((urls[0], "2026-11-18T23:59:59+09:00"), (urls[1], "2026-11-20T11:00:00+09:00"))
    reach = int((NOW - 12 * HOUR).timestamp())
    request = Request(MAP_URL, meta={REACH: reach})
    found = list(spider.parse_way(HtmlResponse(MAP_URL, body=body, request=request), "sitemap", "sitemap"))
    assert [(one.url, one.meta[REACH]) for one in found] == [(urls[1], reach)]
    assert stat(spider, "sitemap/older") == 1


def test_an_index_that_leads_to_indexes_without_end_is_read_in_part(spider: NewspimSpider) -> None:
    def further(url: str, budget: int) -> list[Request]:
        body = index(*((f"{url}-{number}", "") for number in range(60)))
        response = HtmlResponse(url, body=body, request=Request(url))
        return list(spider.parse_way(response, "sitemap", "sitemap", budget=budget))

    waiting = further("https://www.newspim.com/a", 30)
    assert len(waiting) == 30
    waiting = further("https://www.newspim.com/a", ways.SITEMAP_BUDGET)
    for request in waiting:
        waiting += further(request.url, request.cb_kwargs["budget"])
        assert len(waiting) <= ways.SITEMAP_BUDGET
    assert len(waiting) > 50
    assert stat(spider, "sitemap/unread") > 0


@pytest.mark.parametrize(
    ("status", "body"), [(404, b""), (403, b"no"), (410, b""), (200, b"<html>x</html>"), (200, b""), (200, b"\xff\x00")]
)
def test_a_robots_txt_without_sitemaps_is_no_loss(spider: NewspimSpider, status: int, body: bytes) -> None:
    found, lease = answered(spider, body, "robots", url="https://www.newspim.com/robots.txt", status=status)
    assert (found, lease.failed) == ([], None)


def test_a_way_that_is_gone_is_counted_and_no_loss(spider: NewspimSpider) -> None:
    found, lease = answered(spider, b"", "feed", status=404)
    assert (found, lease.failed, stat(spider, "gone/feed")) == ([], None, 1)


@pytest.mark.parametrize(
    ("status", "body", "reason"),
    [(503, b"", "way/503"), (200, b"<html><body>x</body></html>", "way/no_feed")],
)
def test_a_way_that_does_not_answer_as_it_should_is_lost(
    spider: NewspimSpider, status: int, body: bytes, reason: str
) -> None:
    found, lease = answered(spider, body, "feed", status=status)
    assert (found, lease.failed) == ([], reason)


def test_a_feed_that_is_cut_gives_what_is_whole_and_says_so(
    spider: NewspimSpider, caplog: pytest.LogCaptureFixture
) -> None:
    found, _ = answered(spider, feed(item("20261120000001"), item("20261120000002"))[:-80], "feed")
    assert [request.cb_kwargs["number"] for request in found] == ["20261120000001"]
    assert "could not be read to its end" in caplog.text


async def first_requests(spider: NewspimSpider) -> list[str]:
    return [request.url async for request in spider.start()]


@pytest.mark.parametrize(
    ("arguments", "asked", "not_asked"),
    [
        ({}, ["rss.newspim.com/news/category/101", "/quicknews", "/sitemap/recent/all_1", "category_cd=1&"], []),
        ({"ways": "feed"}, ["rss.newspim.com/news/category/101"], ["/quicknews", "category_cd"]),
        ({"ways": "list, flash"}, ["category_cd=1&", "/quicknews"], ["rss.", "sitemap"]),
        (
            {"sections": "정치"},
            ["category/101", "category_cd=101"],
            ["category/102", "/quicknews", "sitemap", "category_cd=1&"],
        ),
        ({"sections": "101010"}, ["category_cd=101010"], ["rss."]),  # a sub-section has no feed
        (
            {"urls": "https://www.newspim.com/news/view/20261120000001"},
            ["view/20261120000001"],
            ["rss.", "category_cd"],
        ),
    ],
)
def test_a_run_begins_with_the_ways_that_are_asked_for(
    monkeypatch: pytest.MonkeyPatch, arguments: dict[str, str], asked: list[str], not_asked: list[str]
) -> None:
    monkeypatch.setattr(NewspimSpider, "now", staticmethod(lambda: NOW))
    urls = asyncio.run(first_requests(NewspimSpider(**arguments)))
    assert [part for part in asked if not any(part in url for url in urls)] == []
    assert [url for url in urls if any(part in url for part in not_asked)] == []


def test_what_each_way_named_is_counted_at_the_end(spider: NewspimSpider) -> None:
    answered(spider, feed(item("20261120000001"), item("20261120000002")), "feed")
    answered(spider, sitemap("https://www.newspim.com/news/view/20261120000002"), "sitemap", url=MAP_URL)
    spider.count_ways()
    assert (stat(spider, "ways/feed/named"), stat(spider, "ways/feed/only")) == (2, 1)
    assert (stat(spider, "ways/sitemap/named"), stat(spider, "ways/sitemap/only")) == (1, 0)
