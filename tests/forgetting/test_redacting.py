"""A page of another article: what of it is of the sought one, and what is not."""

from __future__ import annotations

from functools import partial

import pytest

from newscrawl.forgetting.redacting import redacted
from newscrawl.forgetting.sought import Sought
from newscrawl.forgetting.words import pieces
from newscrawl.record import line
from tests.export.records import article
from tests.test_worst_cases import grows_in_step

from .folder import SITE

TITLE = '가온시, 버스 요금 3% 인하 "검토"'
FIRST = "가온시가 시내버스 요금을 내리는 방안을 검토하고 있다."
ONE = article(
    7, title=TITLE, body=f"{FIRST}\n\n시는 다음 달 공청회를 연다고 밝혔다.", deck=[], ai_summary=[], images=[]
)
LINK = "https://www.newspim.com/news/view/20261120000007"
HERE = "https://www.newspim.com/news/view/20261120000001"


def shown(page: str, *, knows_words: bool = True, shared: str = "") -> str:
    wanted = Sought.of(SITE, [20261120000007])
    if knows_words:
        wanted.learn(line(ONE))
    if shared:
        wanted.words.share(shared.encode(), "newspim:20261120000009")
    return redacted(page, HERE, wanted)


@pytest.mark.parametrize(
    "text",
    [
        "가온시, 버스 요금 3% 인하 &quot;검토&quot;",
        "가온시,  버스\n요금 3% 인하 &#34;검토&#34;",
        "가온시, 버스 요금…",
        "가온시, 버스 요금 3%...",
        "버스 요금",
    ],
)
@pytest.mark.parametrize(
    "href", [LINK, "/news/view/20261120000007", "//m.newspim.com/news/view/20261120000007?a=1&amp;b=2"]
)
def test_a_link_to_it_says_nothing(text: str, href: str) -> None:
    assert shown(f'<p><a class=x href="{href}">{text}</a> 뒤</p>') == f'<p><a class=x href="{href}"></a> 뒤</p>'


def test_attributes_that_say_its_words_are_emptied() -> None:
    page = f'<a href="{LINK}" title="가온시, 버스 요금 3% 인하"><img src="/1.jpg" alt=\'버스 요금 3% 인하\'></a>'
    assert shown(page) == f'<a href="{LINK}" title=""><img src="/1.jpg" alt=""></a>'


def test_other_words_of_a_link_stay_with_whom_they_are() -> None:
    page = f'<a href="{LINK}">관련기사 더보기</a><a href="{HERE}">다른 제목</a>'
    assert shown(page) == page


def test_a_link_to_it_says_nothing_at_all_where_no_words_are_known() -> None:
    assert shown(f'<a href="{LINK}">무슨 제목</a>', knows_words=False) == f'<a href="{LINK}"></a>'


def test_a_box_that_quotes_it_without_a_link_is_blank() -> None:
    assert (
        shown(f"<div><b>[베스트]</b><p>{FIRST}</p><p>다른 글이다.</p></div>")
        == "<div><b>[베스트]</b><p></p><p>다른 글이다.</p></div>"
    )


def test_a_sentence_in_two_elements_is_found_by_its_parts() -> None:
    assert "방안을" not in shown("<p>가온시가 시내버스 요금을 <b>내리는</b> 방안을 검토하고 있다.</p>")


def test_in_a_script_only_the_words_are_taken_out() -> None:
    page = '<script>var best = [{"t": "가온시, 버스 요금 3% 인하 ", "n": 1}];</script><p>본문</p>'
    assert shown(page) == '<script>var best = [{"t": " ", "n": 1}];</script><p>본문</p>'


def test_words_that_another_article_has_too_stay() -> None:
    page = f"<p>{FIRST}</p>"
    assert shown(page, shared=FIRST) == page


def test_a_title_of_which_another_article_has_a_part_goes_whole() -> None:
    """Else the page would still have the other part, and go whole for it."""
    one = article(
        7, title='"비용보다 시간이 문제다"…농가들 기대와 우려 엇갈려', body="본문.", deck=[], ai_summary=[], images=[]
    )
    wanted = Sought.of(SITE, [20261120000007])
    wanted.learn(line(one))
    wanted.words.share("비용보다 시간이 문제다".encode(), "newspim:20261120000009")
    title = (one.title or "").replace('"', "&quot;")
    for page in (f'<a href="{LINK}">{one.title}</a>', f'<a title="{title}"></a>', f"<p>{one.title}</p>"):
        assert "엇갈려" not in redacted(page, HERE, wanted)


@pytest.mark.parametrize(
    "page", ["", "<", "<<a>", "<a href=", "<!-- <a href='x'> -->", "a < b > c", "<p", "</", "< >", "<script>a<b"]
)
def test_a_page_that_has_nothing_of_it_stays_whatever_its_form(page: str) -> None:
    assert shown(page) == page


def test_pieces_have_nothing_that_a_form_of_file_writes_otherwise() -> None:
    assert pieces('첫 문장은 이렇게 끝난다. 둘째는 "인용"과 함께 길게 이어진다\n짧다.') == [
        "첫 문장은 이렇게 끝난다.",
        "과 함께 길게 이어진다",
    ]


@pytest.mark.parametrize(
    "unit",
    [
        "<a href=",
        "<a href='",
        '<a title="',
        "<",
        ">",
        "<!--",
        "<script>",
        "<p>가온시가 ",
        f'<a href="{LINK}">가',
        " ",
        "&quot;",
    ],
)
def test_the_worst_page_ends_in_step_with_its_length(unit: str) -> None:
    wanted = Sought.of(SITE, [20261120000007])
    wanted.learn(line(ONE))
    grows_in_step(lambda parts: partial(redacted, unit * parts, HERE, wanted))
