"""What a page names: articles, rows of lists, the top bar, the next page."""

from __future__ import annotations

from datetime import datetime
from urllib.parse import urlsplit

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from newscrawl.discovery.pages import Row, article_numbers, could_be_within, next_page, rows, top_bar
from newscrawl.discovery.walking import is_over
from newscrawl.extraction import Page
from newscrawl.korean import KST
from newscrawl.spiders.newspim import NEWSPIM

HOME = "https://www.newspim.com/"
LIST = "https://www.newspim.com/news/lists?category_cd=101&page=0"
ONE, TWO, THREE = "20261121000001", "20261121000002", "20261122000003"
PROPERTY = settings(deadline=None, database=None, derandomize=True, max_examples=200)


def page(html: str, url: str = HOME) -> Page:
    return Page(f"<html><body>{html}</body></html>", url)


def link(href: str, text: str = "기사") -> str:
    return f'<a href="{href}">{text}</a>'


def kst(*when: int) -> datetime:
    return datetime(*when, tzinfo=KST)  # type: ignore[arg-type,misc]


# Links


def test_articles_come_in_order_once_each_in_any_spelling() -> None:
    html = "".join(
        map(
            link,
            [
                f"/news/view/{TWO}",
                f"http://m.newspim.com/news/view/{ONE}/?utm_source=a",
                f"//www.newspim.com/news/view/{TWO}#a",
                f"view.jsp?newsId={THREE}",
            ],
        )
    )
    assert article_numbers(page(html), NEWSPIM) == [TWO, ONE, THREE]


@pytest.mark.parametrize(
    "href",
    [
        pytest.param("", id="empty"),
        pytest.param("#", id="fragment"),
        pytest.param("javascript:void(0)", id="script"),
        pytest.param(f"javascript:go('/news/view/{ONE}')", id="script with an address"),
        pytest.param("http://[", id="malformed"),
        pytest.param(f"http://[::1/news/view/{ONE}", id="malformed with a number"),
        pytest.param(f"https://example.com/news/view/{ONE}", id="another site"),
        pytest.param(f"https://img.newspim.com/{ONE}.jpg", id="picture"),
        pytest.param(f"https://www.newspim.com/anda/view/{ONE}", id="paywall"),
        pytest.param(f"/anda/view/{ONE}", id="paywall, relative"),
        pytest.param("/news/view/20269999000001", id="no such day"),
        pytest.param(f"https://mem.newspim.com/login?url=/news/view/{ONE}", id="login"),
    ],
)
def test_what_is_no_article_is_not_named(href: str) -> None:
    assert article_numbers(page(link(href) + "<a>no address</a><a href>empty</a>"), NEWSPIM) == []


def test_an_article_linked_into_a_paywall_and_freely_is_named() -> None:
    assert article_numbers(page(link(f"/anda/view/{ONE}") + link(f"/news/view/{ONE}")), NEWSPIM) == [ONE]


def test_a_paid_article_that_stands_in_a_list_is_found() -> None:
    html = f'<article class="thumb_h"><strong class="subject">{link(f"/anda/view/{ONE}")}</strong></article>'
    assert rows(page(html, LIST), NEWSPIM) == [Row(ONE)]


# Lists


def row_2025(number: str, when: str) -> str:
    return (
        f'<article class="thumb_h"><a href="/news/view/{number}"><img src="a.jpg"></a><div class="txt">'
        f'<strong class="subject">{link(f"/news/view/{number}")}</strong>'
        f'<p class="summary">{link(f"/news/view/{number}", "요약")}</p><span class="date">{when}</span></div></article>'
    )


def row_2022(number: str, when: str) -> str:
    return (
        f'<article class="thumbgroup"><strong class="subject_h">{link(f"/news/view/{number}")}</strong>'
        f'<p class="summary">{link(f"/news/view/{number}")}</p><p class="byline">홍길동 기자 {when}</p></article>'
    )


@pytest.mark.parametrize("row", [row_2025, row_2022], ids=["2025", "2022"])
def test_each_form_of_a_list_gives_its_rows_with_their_times(row) -> None:  # type: ignore[no-untyped-def]
    html = row(TWO, "2026-11-21 13:40") + row(ONE, "2026-11-21 09:05")
    assert rows(page(html, LIST), NEWSPIM) == [Row(TWO, kst(2026, 11, 21, 13, 40)), Row(ONE, kst(2026, 11, 21, 9, 5))]


@pytest.mark.parametrize("when", ["", "방금", "13:40", "2026-11-21"])
def test_a_row_without_a_moment_has_none(when: str) -> None:
    assert rows(page(row_2025(ONE, when), LIST), NEWSPIM) == [Row(ONE)]


def test_a_row_that_stands_twice_is_one() -> None:
    assert rows(page(row_2025(ONE, "2026-11-21 13:40") * 2, LIST), NEWSPIM) == [Row(ONE, kst(2026, 11, 21, 13, 40))]


def test_links_beside_the_rows_are_no_rows() -> None:
    assert rows(page(row_2025(ONE, "2026-11-21 13:40") + link(f"/news/view/{TWO}"), LIST), NEWSPIM) == [
        Row(ONE, kst(2026, 11, 21, 13, 40))
    ]


def test_a_list_of_an_unknown_form_has_no_rows() -> None:
    assert rows(page(f"<ul><li>{link(f'/news/view/{ONE}')}<li>{link(f'/news/view/{TWO}')}</ul>", LIST), NEWSPIM) == []


def test_an_empty_list_has_no_rows() -> None:
    assert rows(page("", LIST), NEWSPIM) == []


def test_a_row_that_links_to_no_article_is_none() -> None:
    html = f'<article class="thumb_h">{link("https://example.com/")}</article>'
    assert rows(page(html + row_2025(ONE, ""), LIST), NEWSPIM) == [Row(ONE)]


# The next page


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        (LIST, "https://www.newspim.com/news/lists?category_cd=101&page=20"),
        (
            "https://www.newspim.com/news/lists?category_cd=101&page=1560",
            "https://www.newspim.com/news/lists?category_cd=101&page=1580",
        ),
        (
            "https://www.newspim.com/news/lists?category_cd=101",
            "https://www.newspim.com/news/lists?category_cd=101&page=20",
        ),
        (
            "https://www.newspim.com/news/lists/?category_cd=106020&page=20",
            "https://www.newspim.com/news/lists/?category_cd=106020&page=40",
        ),
    ],
)
def test_the_page_of_a_list_is_a_row_offset(url: str, expected: str) -> None:
    assert next_page(page("", url), NEWSPIM) == expected


@pytest.mark.parametrize(
    "offset", ["-20", "x", "1.5", "²", "٢٠", "9" * 5000, "%C2%B2", ""], ids=lambda text: text[:6] or "empty"
)
@pytest.mark.parametrize("path", ["news/lists", "quicknews"])
def test_an_offset_that_is_no_number_ends_the_list_or_begins_it(path: str, offset: str) -> None:
    found = next_page(page("", f"https://www.newspim.com/{path}?page={offset}"), NEWSPIM)
    assert found is None or found.endswith("page=20")


def test_elsewhere_the_nearest_later_page_that_is_linked_is_next() -> None:
    html = link("?page=9") + link("/quicknews?page=3") + link("?page=1") + link("/other?page=2") + link("?page=x")
    assert (
        next_page(page(html, "https://www.newspim.com/quicknews?page=2"), NEWSPIM)
        == "https://www.newspim.com/quicknews?page=3"
    )


def test_without_a_later_page_there_is_no_next() -> None:
    assert next_page(page(link("?page=1"), "https://www.newspim.com/quicknews?page=2"), NEWSPIM) is None
    assert next_page(page("", HOME), NEWSPIM) is None


@pytest.mark.parametrize("number", ["9" * 5000, "²", "%C2%B2"], ids=lambda text: text[:6])
def test_a_link_to_an_absurd_page_is_passed_over(number: str) -> None:
    html = link(f"?page={number}") + link("?page=2")
    assert (
        next_page(page(html, "https://www.newspim.com/quicknews"), NEWSPIM)
        == "https://www.newspim.com/quicknews?page=2"
    )


def test_the_next_page_of_another_site_is_not_asked_for() -> None:
    assert (
        next_page(page(link("https://example.com/quicknews?page=2"), "https://www.newspim.com/quicknews"), NEWSPIM)
        is None
    )


# The top bar


def bar(*links: str) -> str:
    items = "".join(f"<li>{each}</li>" for each in links)
    return f"<header><div class=x><ul>{items}</ul></div></header><main>{link('/elsewhere', '다른 곳')}</main>"


def test_the_top_bar_is_all_links_beside_two_known_labels() -> None:
    html = bar(
        link("/all", "전체기사"),
        link("/latest", "최신뉴스"),
        link("https://gam.newspim.com/", "GAM"),
        link("/new-section", "새 이름"),
    )
    assert top_bar(page(html), NEWSPIM) == [
        "https://www.newspim.com/all",
        "https://www.newspim.com/latest",
        "https://gam.newspim.com/",
        "https://www.newspim.com/new-section",
    ]


def test_without_a_known_label_there_is_no_top_bar() -> None:
    assert top_bar(page(bar(link("/a", "가"), link("/b", "나"))), NEWSPIM) == []


@pytest.mark.parametrize(
    "href",
    [
        pytest.param("https://example.com/", id="another site"),
        pytest.param("https://mem.newspim.com/login", id="login"),
        pytest.param("https://img.newspim.com/a.jpg", id="picture"),
        pytest.param("/search?searchword=a", id="search"),
        pytest.param("//www.newspim.com/search/", id="search, no scheme"),
        pytest.param("/news/print/1", id="print"),
        pytest.param(f"/news/view/{ONE}", id="article"),
        pytest.param("javascript:open()", id="script"),
        pytest.param("mailto:a@newspim.com", id="mail"),
        pytest.param("https://www.newspim.com@example.com/", id="look-alike"),
    ],
)
def test_what_lists_no_articles_is_no_page_of_the_top_bar(href: str) -> None:
    html = bar(link("/all", "전체기사"), link("/latest", "최신뉴스"), link(href, "그 밖"))
    assert top_bar(page(html), NEWSPIM) == ["https://www.newspim.com/all", "https://www.newspim.com/latest"]


def test_pages_of_the_top_bar_are_asked_for_by_https_once_each() -> None:
    html = bar(link("http://www.newspim.com/all#top", "전체기사"), link("https://www.newspim.com/all", "최신뉴스"))
    assert top_bar(page(html), NEWSPIM) == ["https://www.newspim.com/all"]


@pytest.mark.parametrize("netloc", ["www.newspim.com:80", "www.newspim.com:443", "someone:secret@www.newspim.com"])
def test_a_port_or_a_user_of_a_link_is_not_taken_over_to_https(netloc: str) -> None:
    html = bar(link(f"http://{netloc}/all", "전체기사"), link("/latest", "최신뉴스"))
    assert all(urlsplit(url).netloc == "www.newspim.com" for url in top_bar(page(html), NEWSPIM))


# Time


@pytest.mark.parametrize(
    ("number", "within"),
    [
        pytest.param("20261107000001", True, id="three days before: published later"),
        pytest.param("20261106000001", False, id="four days before"),
        pytest.param("20261110000001", True, id="the first day"),
        pytest.param("20261112000001", True, id="the last day"),
        pytest.param("20261113000001", False, id="created after the last day"),
    ],
)
def test_an_article_may_be_published_up_to_three_days_after_its_creation(number: str, within: bool) -> None:
    assert could_be_within(number, kst(2026, 11, 10), kst(2026, 11, 12, 23, 59)) is within


def test_without_bounds_every_article_is_within() -> None:
    assert could_be_within(ONE, None, None)


def test_what_has_no_day_is_not_within() -> None:
    assert not could_be_within("20261399000001", None, None)


def test_the_earliest_since_bounds_nothing() -> None:
    assert could_be_within(ONE, kst(1, 1, 1), None)
    assert not is_over([Row(ONE)], kst(1, 1, 1).timestamp())


def test_a_row_is_older_by_its_time_else_by_its_day() -> None:
    since = kst(2026, 11, 10, 12)
    assert is_over([Row(ONE, kst(2026, 11, 10, 11, 59))], since.timestamp())
    assert not is_over([Row("20261101000001", kst(2026, 11, 10, 12))], since.timestamp())
    assert is_over([Row("20261106000001")], since.timestamp())
    assert not is_over([Row("20261107000001")], since.timestamp())


@PROPERTY
@given(
    st.lists(
        st.tuples(
            st.text(max_size=30) | st.sampled_from([f"/news/view/{ONE}", "?page=2", "http://[", "//", "\\\\"]),
            st.text(max_size=8),
        ),
        max_size=6,
    ),
    st.sampled_from([HOME, LIST, "https://www.newspim.com/quicknews?page=3"]),
)
def test_no_links_raise(links: list[tuple[str, str]], url: str) -> None:
    found = page("".join(f"<article class=thumb_h><a href='{href}'>{text}</a></article>" for href, text in links), url)
    article_numbers(found, NEWSPIM)
    rows(found, NEWSPIM)
    top_bar(found, NEWSPIM)
    next_page(found, NEWSPIM)
