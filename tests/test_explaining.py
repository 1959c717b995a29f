"""What the extraction saw in a page can be told: each layer of each field, and the words that are in no field."""

from __future__ import annotations

import time

import pytest

from newscrawl.extraction import extract
from newscrawl.extraction.explaining import Explanation, explain
from newscrawl.extraction.page import Page
from newscrawl.newsroom import Faults, Newsroom, generate
from newscrawl.site import Site
from newscrawl.spiders.newspim import NewspimSpider

NEWSPIM: Site = NewspimSpider.site
NUMBER = "20261120000001"
PAGE = """
<html><head><title>금리 동결 - 뉴스핌</title><meta property="og:title" content="금리 동결">
<meta property="article:published_time" content="2026-11-20T09:00:00+09:00"></head>
<body><div id="news-contents"><p>[서울=뉴스핌] 김지어 기자 = 한국은행이 기준금리를 그대로 두었다고 밝혔다. 시장은 조용했다.</p>
<p>전문가들은 다음 회의를 기다린다고 말했다.</p><p>jieo@newspim.com</p>
<p>[관련기사] <a href="https://www.newspim.com/news/view/20261119000007">환율은 사흘째 내렸다</a></p></div></body></html>
"""


def of(text: str) -> Explanation:
    return explain(Page(text, "https://www.newspim.com/"), NUMBER, NEWSPIM)


def test_each_layer_says_what_it_found_in_the_order_in_which_they_are_asked() -> None:
    layers = of(PAGE).layers
    assert layers["title"][0] == ("og:title", "금리 동결")
    assert layers["title"][1] == ("json-ld:headline", None)
    assert layers["title"][-1] == ("title", "금리 동결")
    assert ("meta:article:published_time", "2026-11-20T09:00:00+09:00") in layers["published_at"]
    assert ("byline", ["김지어 기자"]) in layers["authors"]


def test_the_words_of_the_container_that_are_in_no_field_are_told() -> None:
    seen = of(PAGE)
    assert seen.article is not None
    assert seen.left_out == ["[서울=뉴스핌] 김지어 기자", "[관련기사]", "환율은 사흘째 내렸다"]


@pytest.mark.parametrize(
    ("page", "why"),
    [
        ("<html><head><title>금리 동결</title></head><body><div>없다</div></body></html>", "no body container"),
        ('<html><head><meta property="og:title" content=""></head><body></body></html>', "no more"),
    ],
)
def test_a_page_without_an_article_says_why(page: str, why: str) -> None:
    seen = of(page)
    assert seen.article is None
    assert why in (seen.why or "")


def test_an_address_alone_is_what_the_closing_line_gave() -> None:
    page = PAGE.replace("[서울=뉴스핌] 김지어 기자 = ", "")
    seen = of(page)
    assert seen.article is not None
    assert seen.article.fields_from["authors"] == "closing line"
    assert ("closing line", ["jieo@newspim.com"]) in seen.layers["authors"]


def test_a_long_page_is_explained_in_time_that_grows_with_it() -> None:
    """Seconds of CPU; it was forty for twice as many."""
    paragraphs = "".join(f"<p>{number}번 문단은 다른 문단과 다르다고 말했다.</p>" for number in range(20_000))
    begun = time.process_time()
    of(PAGE.replace("<p>전문가들은", paragraphs + "<p>전문가들은"))
    assert time.process_time() - begun < 10


def test_who_looks_changes_nothing() -> None:
    with Newsroom(generate(articles=30, days=2, seed=11), faults=Faults.none()) as room:
        for story in room.site.articles:
            answer = room.desk.answer("www.newspim.com", f"/news/view/{story.id}")
            page = Page.from_bytes(answer.body, "https://www.newspim.com/", answer.headers.get("Content-Type"))
            seen = explain(page, story.id, NEWSPIM)
            assert seen.article == extract(page, story.id, NEWSPIM)
            for name, layers in seen.layers.items():
                taken = seen.article.fields_from.get(name)
                assert taken == next((layer for layer, value in layers if value is not None), None) or name == "authors"
