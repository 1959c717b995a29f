"""Cases of discovery: rows, next pages and top bars of pages that are not quite in order."""

from __future__ import annotations

from urllib.parse import parse_qs, urlsplit

import pytest

from newscrawl.discovery.pages import next_page, rows, top_bar
from newscrawl.extraction import Page
from newscrawl.spiders.newspim import NEWSPIM

HOME = "https://www.newspim.com/"
LIST = "https://www.newspim.com/news/lists?category_cd=1"
ONE, TWO = "20251101000001", "20251203000001"

# Rows


def test_a_row_is_the_article_of_its_headline_whatever_it_links_to_first() -> None:
    row = (
        f'<article class="thumb_h"><a href="/news/view/{ONE}">관련</a>'
        f'<strong class="subject"><a href="/news/view/{TWO}">제목</a></strong>'
        '<span class="date">2025-12-03 13:40</span></article>'
    )
    assert [found.number for found in rows(Page(row, LIST), NEWSPIM)] == [TWO]


def test_a_list_past_its_end_has_no_rows_though_a_side_box_has() -> None:
    box = f'<aside><article class="thumb_h"><a href="/news/view/{TWO}">많이 본</a></article></aside>'
    assert rows(Page(f"<p>기사가 없습니다</p>{box}", f"{LIST}&page=900000"), NEWSPIM) == []


# The next page


def test_a_page_of_another_tab_is_not_the_next_one() -> None:
    html = '<a href="/section/pol?t=b&page=2">2</a>'
    assert next_page(Page(html, "https://www.newspim.com/section/pol?t=a"), NEWSPIM) is None


def test_the_next_page_keeps_parameters_without_a_value() -> None:
    found = next_page(Page("", "https://www.newspim.com/news/lists?category_cd=&page=20&x="), NEWSPIM)
    assert found is not None
    assert parse_qs(urlsplit(found).query, keep_blank_values=True) == {"category_cd": [""], "page": ["40"], "x": [""]}


# The top bar


def bar(*labels: str) -> str:
    return (
        "<ul>" + "".join(f'<li><a href="/{number}">{label}</a></li>' for number, label in enumerate(labels)) + "</ul>"
    )


def pages(count: int) -> list[str]:
    return [f"{HOME}{number}" for number in range(count)]


@pytest.mark.parametrize(
    ("labels", "before"),
    [
        pytest.param(
            ("전체기사", "최신뉴스", "GAM"),
            '<div><p><a href="/first">최신뉴스</a></p></div>',
            id="a label stands elsewhere first",
        ),
        pytest.param(("전체 기사", "최신 뉴스", "가나다"), "", id="labels with spaces"),
        pytest.param(('<img alt="전체기사">', '<img alt="최신뉴스">', "GAM"), "", id="labels as pictures"),
    ],
)
def test_the_top_bar_is_known_however_its_labels_are_set(labels: tuple[str, ...], before: str) -> None:
    assert top_bar(Page(f"{before}<div>{bar(*labels)}</div>", HOME), NEWSPIM) == pages(len(labels))
