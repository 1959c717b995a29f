"""What the benchmark of discovery counts: each figure from requests that are written out here."""

from __future__ import annotations

import math

from benchmarks._asked import (
    fetched_again,
    first_asked,
    intervals,
    kind_of,
    list_pages,
    lists_before,
    logged,
    pages_needed,
    polls,
    repeated,
)
from benchmarks._crawl import once
from benchmarks._tables import Aim, aims_table, table
from newscrawl.newsroom import Request

ONE, OTHER = "20261120000001", "20261120000002"


def asked(path: str, host: str = "www.newspim.com") -> Request:
    return Request("GET", host, path, 200)


def article(id: str) -> Request:
    return asked(f"/news/view/{id}")


def page(code: str, offset: int) -> Request:
    return asked(f"/news/lists?category_cd={code}&page={offset}")


def test_each_request_is_of_one_kind() -> None:
    kinds = {
        article(ONE): "article",
        page("101", 20): "list",
        asked("/news/category/101", "rss.newspim.com"): "feed",
        asked("/robots.txt", "rss.newspim.com"): "robots",
        asked("/robots.txt"): "robots",
        asked("/sitemap/recent/all_1"): "sitemap",
        asked("/quicknews"): "flash",
        asked("/"): "front",
        asked("/theme?no=31&page=30"): "topbar",
    }
    assert {request: kind_of(request) for request in kinds} == kinds


def test_list_pages_that_come_twice_are_counted() -> None:
    pages = list_pages([page("1", 0), article(ONE), page("101", 0), page("1", 20), page("1", 0), page("1", 0)])
    assert pages == [("1", 0), ("101", 0), ("1", 20), ("1", 0), ("1", 0)]
    assert repeated(pages) == 2


def test_a_list_needs_its_pages_and_one_that_shows_its_end() -> None:
    assert [pages_needed([rows]) for rows in (0, 1, 20, 21)] == [1, 2, 2, 3]
    assert pages_needed([40, 5]) == 5


def test_list_requests_before_an_article_are_counted_by_time() -> None:
    requests = [
        (1.0, page("1", 0)),
        (2.0, article(OTHER)),
        (3.0, page("1", 20)),
        (4.0, article(ONE)),
        (4.0, page("1", 40)),
    ]
    assert first_asked(requests, {ONE}) == 4.0
    assert lists_before(requests, 4.0) == 2
    assert first_asked(requests, {"20261120000009"}) == math.inf
    assert lists_before(requests, math.inf) == 3


def test_a_look_at_what_the_output_has_is_no_second_fetch() -> None:
    requests = [(float(at), article(id)) for at, id in enumerate((ONE, ONE, OTHER, ONE, OTHER, ONE))]
    assert fetched_again(requests, {ONE: 1.5}) == (2, 1, 1)  # OTHER never is in the output
    assert fetched_again(requests[2:4], {ONE: 1.5}) == (0, 0, 0)


def test_intervals_are_those_of_one_address() -> None:
    feeds = [asked(f"/news/category/{code}", "rss.newspim.com") for code in (101, 102)]
    requests = [
        (0.0, feeds[0]),
        (5.0, feeds[1]),
        (60.0, feeds[0]),
        (65.0, asked("/")),
        (70.0, feeds[0]),
        (95.0, feeds[1]),
    ]
    assert sorted(intervals(requests, "feed")) == [10.0, 60.0, 90.0]
    assert intervals(requests, "front") == []


def test_only_first_pages_are_polls() -> None:
    requests = [
        page("1", 0),
        page("1", 20),
        asked("/latest"),
        asked("/latest?page=30"),
        asked("/robots.txt"),
        article(ONE),
    ]
    assert [request for _, request in polls((0.0, request) for request in requests)] == [page("1", 0), asked("/latest")]


def test_a_line_of_the_newsrooms_log_is_a_request_and_its_second() -> None:
    line = '{"at":1.5,"method":"GET","host":"www.newspim.com","path":"/","status":304}\n'
    assert logged(line) == [(1.5, Request("GET", "www.newspim.com", "/", 304))]


def test_of_two_articles_with_the_same_words_one_counts() -> None:
    copies = {ONE: OTHER, OTHER: ONE}
    assert once([OTHER], copies) == once([ONE, OTHER], copies) == {ONE}
    assert once([ONE, OTHER], {}) == {ONE, OTHER}


def test_tables_are_markdown() -> None:
    assert table(("way", "articles"), [("list", 1234), ("feed", None)]).splitlines() == [
        "| way | articles |",
        "| --- | ---: |",
        "| list | 1,234 |",
        "| feed | - |",
    ]
    assert aims_table([Aim("all", "1 of 2", False)]).endswith("| all | 1 of 2 | **no** |")
