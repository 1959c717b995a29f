"""What a feed, a sitemap and a page of links name, and what the spider makes of it."""

from __future__ import annotations

import asyncio
from datetime import datetime
from pathlib import Path

import pytest
from scrapy import Request
from scrapy.http import HtmlResponse
from scrapy.statscollectors import MemoryStatsCollector
from scrapy.utils.test import get_crawler

from newscrawl.discovery import ways
from newscrawl.discovery.pages import Row
from newscrawl.extraction import Page
from newscrawl.korean import KST
from newscrawl.lease import LEASE, Lease
from newscrawl.spiders.newspim import NEWSPIM, NewspimSpider
from newscrawl.syndication import NotAFeed, NotASitemap
from newscrawl.unreadable import UnreadablePages

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
    found, _ = answered(spider, f"<sitemapindex>{parts}</sitemapindex>".encode(), "sitemap", url=MAP_URL)
    assert [request.url for request in found] == [f"https://www.newspim.com/{part}.xml" for part in range(50)]
    assert "names 300 sitemaps" in caplog.text


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
    spider.sum_up()
    assert (stat(spider, "ways/feed/named"), stat(spider, "ways/feed/only")) == (2, 1)
    assert (stat(spider, "ways/sitemap/named"), stat(spider, "ways/sitemap/only")) == (1, 0)
