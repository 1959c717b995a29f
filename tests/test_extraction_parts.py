"""The parts of extraction: bytes to text, pieces, tables, header, layers, what follows; and that no page raises."""

from __future__ import annotations

import codecs
import hashlib
import json
from collections import Counter
from contextlib import suppress
from encodings.aliases import aliases
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from newscrawl.extraction import Gone, NoContainer, Page, decode, extract
from newscrawl.extraction.derived import content_hash, tickers
from newscrawl.extraction.header import ai_summary, breadcrumb, is_date_row, is_tools_row
from newscrawl.extraction.layers import first, headline
from newscrawl.extraction.pieces import CaptionText, Grid, Line, Picture, Reader, Rules
from newscrawl.extraction.tables import read_table
from newscrawl.items import Article, Image
from newscrawl.record import record
from newscrawl.schema import RECORD
from newscrawl.spiders.newspim import NEWSPIM
from newscrawl.text import fold, fold_lines

NUMBER = "20260911000123"
URL = f"https://www.newspim.com/news/view/{NUMBER}"
STORY = "정부는 새 대책을 내놓았다."
PROPERTY = settings(deadline=None, database=None, derandomize=True, max_examples=250)


def page(
    body: str, head: str = "", header: str = "", above: str = "", below: str = "", title: str = "정부, 새 대책"
) -> str:
    return (
        f'<!doctype html><html><head><meta property="og:title" content="{title}">{head}</head><body>'
        f'<article class="bodynews"><div class="header">{header}<h1>{title}</h1></div>'
        f'<section class="contents">{above}<div id="news-contents">{body}</div></section></article>'
        f"{below}</body></html>"
    )


def article(body: str, **more: str) -> Article:
    return extract(Page(page(body, **more), URL), NUMBER, NEWSPIM)


# Bytes to text


@pytest.mark.parametrize(
    "header",
    [
        None,
        "text/html",
        "text/html; charset=utf-8",
        "text/html; charset=euc-kr",
        "text/html; charset=iso-8859-1",
        "",
        ";;;",
    ],
)
@pytest.mark.parametrize(
    "meta", ["", '<meta charset="utf-8">', '<meta charset="euc-kr">'], ids=["no meta", "meta utf-8", "meta euc-kr"]
)
@pytest.mark.parametrize("encoding", ["utf-8", "cp949", "utf-8-sig"])
def test_a_page_is_read_whatever_its_header_and_meta_say(encoding: str, header: str | None, meta: str) -> None:
    text = f"<html><head>{meta}</head><p>{STORY} 펲쀼 — 똠방각하</p>".replace("—", "-")
    assert decode(text.encode(encoding), header) == text


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-16-be"])
def test_a_byte_order_mark_decides(encoding: str) -> None:
    mark = {"utf-16-le": codecs.BOM_UTF16_LE, "utf-16-be": codecs.BOM_UTF16_BE}.get(encoding, b"")
    assert decode(mark + STORY.encode(encoding), "text/html; charset=utf-8") == STORY


@pytest.mark.parametrize("declared", ["text/html; charset=utf-8", None])
@pytest.mark.parametrize("cut", [1, 2])
def test_a_utf8_page_cut_in_a_character_is_still_utf8(declared: str | None, cut: int) -> None:
    text = f"<p>{STORY * 3} 그는 “그렇다”고 말"
    assert decode(text.encode()[:-cut], declared).startswith(text[:-1])


def test_a_cp949_page_cut_in_a_character_is_still_cp949() -> None:
    text = f"<p>{STORY * 3} 펲"
    assert decode(text.encode("cp949")[:-1], "text/html; charset=euc-kr").startswith(text[:-1])


@pytest.mark.parametrize("encoding", ["utf-8", "cp949"])
def test_one_wrong_byte_spoils_one_character(encoding: str) -> None:
    data = f"<p>{STORY * 5}</p>".encode(encoding) + b"<p>\xff</p>" + f"<p>{STORY * 5}</p>".encode(encoding)
    text = decode(data, f"text/html; charset={encoding}")
    assert text.count(STORY) == 10


@pytest.mark.parametrize(
    "charset",
    sorted({*aliases, *aliases.values(), "undefined", "idna", "none", "utf-8;", '"euc-kr"', "\xff", "x" * 300}),
)
def test_no_charset_that_a_server_may_name_raises(charset: str) -> None:
    for data in (STORY.encode(), STORY.encode("cp949"), b"\xff\xfe\x00", bytes(range(256)), b""):
        decode(data, f"text/html; charset={charset}")
        decode(f'<meta charset="{charset}">'.encode("utf-8", "replace") + data)


@PROPERTY
@given(
    st.binary(max_size=80),
    st.sampled_from([None, "text/html; charset=utf-8", "text/html; charset=euc-kr", "text/html; charset=utf-16"]),
)
def test_no_bytes_raise(data: bytes, header: str | None) -> None:
    Page.from_bytes(data, URL, header)


# Addresses and metadata


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        ("/a.jpg", "https://www.newspim.com/a.jpg"),
        ("//img.newspim.com/a.jpg", "https://img.newspim.com/a.jpg"),
        (" https://img.newspim.com/a.jpg\n", "https://img.newspim.com/a.jpg"),
        ("?page=2", f"{URL}?page=2"),
        ("data:image/gif;base64,R0lGOD", None),
        ("javascript:void(0)", None),
        ("mailto:a@newspim.com", None),
        ("http://[", None),
        ("http://", None),
        ("", None),
        (None, None),
    ],
)
def test_addresses_are_absolute_or_none(address: str | None, expected: str | None) -> None:
    assert Page("", URL).absolute(address) == expected


def test_the_first_meta_that_says_something_counts() -> None:
    found = Page(
        '<meta property="og:title" content=""><meta property="og:title" content=" 가 ">'
        '<meta name="og:title" content="나">',
        URL,
    )
    assert found.metas["og:title"] == "가"


@pytest.mark.parametrize(
    "data",
    [
        pytest.param({"@type": "NewsArticle", "headline": "가"}, id="one"),
        pytest.param(
            [{"@type": "Person"}, {"@type": ["Thing", "ReportageNewsArticle"], "headline": "가"}], id="a list"
        ),
        pytest.param({"@graph": [{"@type": "WebPage"}, {"@type": "Article", "headline": "가"}]}, id="a graph"),
    ],
)
def test_the_article_of_the_json_ld_is_found(data: Any) -> None:
    assert Page(f'<script type="application/ld+json">{json.dumps(data)}</script>', URL).json_ld["headline"] == "가"


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("", id="empty"),
        pytest.param("{", id="broken"),
        pytest.param("null", id="null"),
        pytest.param('"NewsArticle"', id="text"),
        pytest.param('{"@type": null}', id="no type"),
        pytest.param('{"@type": {"a": 1}, "@graph": "x"}', id="other types"),
        pytest.param("[" * 100_000, id="deep list"),
        pytest.param('{"@graph":[' * 50_000, id="deep graph"),
        pytest.param('{"a":' * 50_000 + "1" + "}" * 50_000, id="deep object"),
        pytest.param("1" * 5_000, id="long number"),
    ],
)
def test_json_ld_without_an_article_is_nothing(text: str) -> None:
    assert Page(f'<script type="application/ld+json">{text}</script>', URL).json_ld == {}


@pytest.mark.parametrize(
    "value", [None, 1, [], {}, [None], [[]], {"name": None}, {"name": ["가"]}, [{"name": {}}], True, "\ud800"], ids=repr
)
@pytest.mark.parametrize("name", ["headline", "author", "datePublished", "dateModified", "articleSection"])
def test_json_ld_of_odd_types_raises_nothing(name: str, value: Any) -> None:
    data = json.dumps({"@type": "NewsArticle", name: value})
    found = extract(
        Page(
            f'<title>가</title><script type="application/ld+json">{data}</script>'
            f'<div id="news-contents"><p>{STORY}</p></div>',
            URL,
        ),
        NUMBER,
        NEWSPIM,
    )
    assert found.body == STORY


# Layers


def test_the_first_layer_with_a_value_is_named() -> None:
    assert first([("a", None), ("b", 0), ("c", 1)]) == ("b", 0)
    assert first([("a", None)]) == (None, None)


@pytest.mark.parametrize(
    ("shown", "expected"),
    [
        ("정부, 새 대책 | 뉴스핌", "정부, 새 대책"),
        ("정부, 새 대책 - 뉴스핌", "정부, 새 대책"),
        ("정부, 새 대책 :: 뉴스핌 - 종합뉴스통신", "정부, 새 대책"),
        ("정부, 새 대책 - 뉴스핌통신", "정부, 새 대책"),
        ("정부 - 국회, 새 대책", "정부 - 국회, 새 대책"),
        ("뉴스핌 대표, 새 대책", "뉴스핌 대표, 새 대책"),
        ("정부-뉴스핌 공동 조사", "정부-뉴스핌 공동 조사"),
        ("[단독] 정부,\n 새  대책", "[단독] 정부, 새 대책"),
        ("뉴스핌", None),
        ("뉴스핌 | 종합뉴스통신", None),
        (" \u200b", None),
        ("", None),
    ],
)
def test_a_headline_is_without_the_sites_name(shown: str, expected: str | None) -> None:
    assert headline(shown, NEWSPIM.agency) == expected


@pytest.mark.parametrize(
    "shown",
    [
        pytest.param('<time id="send-time" datetime="2026-09-11T10:23:07+09:00">방금</time>', id="2026"),
        pytest.param(
            '<div id="send-time"><time datetime="2026-09-11T10:23:07+09:00">방금</time></div>', id="a time inside"
        ),
        pytest.param('<span id="send-time">기사입력 : 2026년09월11일 10:23:07</span>', id="2022"),
        pytest.param('<span id="send-time">2026년09월11일&nbsp;10:23:07</span>', id="a no-break space"),
        pytest.param('<span id="send-time">\n 2026년09월11일\n   10:23:07\n</span>', id="lines of the source"),
        pytest.param("<p>기사등록 :&nbsp;2026-09-11&nbsp;&nbsp;10:23:07</p>", id="a label"),
    ],
)
def test_the_time_of_publication_is_read_in_each_form(shown: str) -> None:
    found = article(f"<p>{STORY}</p>", header=shown)
    assert found.published_at is not None
    assert found.published_at.isoformat() == "2026-09-11T10:23:07+09:00"


# Tables


def read(html: str) -> list[Any]:
    found = Page(f"<div id=root>{html}</div>", URL)
    root = found.first("#root")
    assert root is not None
    captions = {node.mem_id for node in root.css(NEWSPIM.caption)}
    return Reader(Rules(set(), captions, found.absolute, NEWSPIM.domain, read_table)).read(root)


def row(*cells: str) -> str:
    return "<tr>" + "".join(cell if cell.startswith("<t") else f"<td>{cell}</td>" for cell in cells) + "</tr>"


def img(name: str) -> str:
    return f'<img src="https://img.newspim.com/{name}.jpg">'


def picture(name: str, caption: str | None = None) -> Picture:
    return Picture(f"https://img.newspim.com/{name}.jpg", caption)


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        pytest.param(
            [row(img("a")), row('<td class="news_img_caption">가</td>')], [picture("a", "가")], id="caption under it"
        ),
        pytest.param([row(img("a")), row("가")], [picture("a", "가")], id="caption of no class"),
        pytest.param([row(img("a") + "<br>가")], [picture("a", "가")], id="caption in its cell"),
        pytest.param([row(img("a"))], [picture("a")], id="no caption"),
        pytest.param([row(img("a")), row("&nbsp;")], [picture("a")], id="a blank caption"),
        pytest.param(
            [row(img("a"), img("b")), row("가", "나")], [picture("a", "가"), picture("b", "나")], id="two side by side"
        ),
        pytest.param(
            [row(img("a")), row("가"), row(img("b")), row("나")],
            [picture("a", "가"), picture("b", "나")],
            id="two, one under the other",
        ),
        pytest.param(
            [row(img("a"), img("b")), row("", "나")], [picture("a"), picture("b", "나")], id="the second alone has one"
        ),
        pytest.param(
            [row(img("a"), img("b")), row("가", "")], [picture("a", "가"), picture("b")], id="the first alone has one"
        ),
        pytest.param(
            [row("<a href='/news/view/20260911000124'>" + img("a") + "</a>"), row("가")],
            [picture("a", "가")],
            id="a linked picture",
        ),
    ],
)
def test_pictures_get_the_captions_that_stand_with_them(rows: list[str], expected: list[Picture]) -> None:
    assert read(f"<table>{''.join(rows)}</table>") == expected


def test_one_caption_under_two_pictures_is_given_once() -> None:
    pieces = read(f"<table>{row(img('a'), img('b'))}{row('<td colspan=2>가</td>')}</table>")
    assert pieces in ([picture("a"), picture("b", "가")], [picture("a", "가"), picture("b")])


def test_words_above_a_picture_are_a_caption_of_their_own_place() -> None:
    assert read(f"<table>{row('가')}{row(img('a'))}</table>") in (
        [picture("a"), CaptionText("가")],
        [picture("a", "가")],
    )


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        pytest.param(
            [row("<th>종목</th>", "<th>등락률</th>"), row("가나전자", "1.2%")],
            [["종목", "등락률"], ["가나전자", "1.2%"]],
            id="plain",
        ),
        pytest.param([row("가", ""), row("&nbsp;", "나")], [["가", None], [None, "나"]], id="empty cells are null"),
        pytest.param(
            [row('<td colspan="2">가</td>', "나"), row("다", "라", "마")],
            [["가", None, "나"], ["다", "라", "마"]],
            id="colspan",
        ),
        pytest.param([row('<td rowspan="2">가</td>', "나"), row("다")], [["가", "나"], [None, "다"]], id="rowspan"),
        pytest.param(
            [row('<td rowspan="2" colspan="2">가</td>', "나"), row("다"), row("라", "마", "바")],
            [["가", None, "나"], [None, None, "다"], ["라", "마", "바"]],
            id="both",
        ),
        pytest.param(
            [row("가", '<td rowspan="2">나</td>'), row("다")], [["가", "나"], ["다", None]], id="rowspan at the end"
        ),
        pytest.param([row("가", "나"), row("다")], [["가", "나"], ["다"]], id="a short row"),
        pytest.param([row('<td colspan="0">가</td>', "나")], [["가", "나"]], id="colspan of none"),
        pytest.param(
            [row('<td colspan="x" rowspan="-2">가</td>', "나")], [["가", "나"]], id="spans that are no numbers"
        ),
        pytest.param([row('<td colspan="²">가</td>', "나")], [["가", "나"]], id="a span that only looks like one"),
        pytest.param(
            [row("<p>가</p><p>나</p>", "다<br>라")], [["가 나", "다 라"]], id="paragraphs and lines in a cell"
        ),
    ],
)
def test_data_tables_are_rows_of_cells(rows: list[str], expected: list[list[str | None]]) -> None:
    assert read(f"<table>{''.join(rows)}</table>") == [Grid(expected)]


def test_the_parts_of_a_table_do_not_show_in_its_rows() -> None:
    head, body, foot = row("<th>가</th>", "<th>나</th>"), row("다", "라"), row("마", "바")
    html = f"<table><thead>{head}</thead><tbody>{body}</tbody><tfoot>{foot}</tfoot></table>"
    assert read(html) == [Grid([["가", "나"], ["다", "라"], ["마", "바"]])]


def test_icons_in_the_cells_do_not_make_a_picture_table() -> None:
    html = f"<table>{row('가나', '1.2%', img('up'))}{row('다라', '0.3%', '')}{row('마바', '0.1%', '')}</table>"
    assert Grid([["가나", "1.2%", None], ["다라", "0.3%", None], ["마바", "0.1%", None]]) in read(html)


@pytest.mark.parametrize("span", ["9" * 5_000, "99999999", "2147483648"], ids=len)
def test_an_absurd_span_is_bounded(span: str) -> None:
    (grid,) = read(f"<table>{row(f'<td colspan={span} rowspan={span}>가</td>', '나')}{row('다', '라')}</table>")
    assert max(map(len, grid.rows)) <= 1_000


@pytest.mark.parametrize(
    "html",
    [
        pytest.param(f"<table>{row('<p>가나</p><p>다라</p>')}</table>", id="one cell"),
        pytest.param(f"<table>{row('가나')}{row('다라')}</table>", id="one column"),
        pytest.param(
            f"<table><tr><td><table>{row('<p>가나</p><p>다라</p>')}</table></td></tr></table>", id="a table in a table"
        ),
    ],
)
def test_a_table_that_only_lays_out_text_is_its_text(html: str) -> None:
    assert [piece.text for piece in read(html)] == ["가나", "다라"]


def test_a_cell_as_long_as_a_story_is_the_story() -> None:
    story = STORY * 60
    assert [piece.text for piece in read(f"<table>{row(story, '옆')}</table>")] == [story, "옆"]


# Pieces


@pytest.mark.parametrize(
    ("html", "lines"),
    [
        pytest.param("<p>가</p><p>나</p>", [("가", True), ("나", True)], id="paragraphs"),
        pytest.param("가<br>나<br><br>다", [("가", True), ("나", False), ("다", True)], id="line breaks"),
        pytest.param("<p>가<br/>\n<br/>나</p>", [("가", True), ("나", True)], id="two breaks with a line end between"),
        pytest.param("가<div>나</div>다", [("가", True), ("나", True), ("다", True)], id="bare text around a block"),
        pytest.param("<p>가\n  나&nbsp;다</p>", [("가 나 다", True)], id="white space"),
        pytest.param("<p><b>가</b>나<i>다</i></p>", [("가나다", True)], id="inline elements join"),
        pytest.param("<ul><li>가</li><li>나</li></ul>", [("가", True), ("나", True)], id="list"),
        pytest.param("<p> &nbsp;\u200b</p><p>가</p><p></p>", [("가", True)], id="empty paragraphs"),
        pytest.param(
            "<p>가<!-- 나 --><script>다</script><style>라</style></p>", [("가", True)], id="what is not shown"
        ),
        pytest.param("<p>5 &lt; 6 &amp; 7 &gt; 6</p>", [("5 < 6 & 7 > 6", True)], id="entities"),
        pytest.param("<P>가<P>나", [("가", True), ("나", True)], id="unclosed upper-case tags"),
    ],
)
def test_text_comes_in_lines_and_paragraphs(html: str, lines: list[tuple[str, bool]]) -> None:
    assert [(piece.text, piece.paragraph) for piece in read(html)] == lines


def test_a_line_of_nothing_but_a_link_leads_there() -> None:
    assert read("<p><a href='/a'>가</a></p><p><a href='/b'>나</a> 다</p>") == [
        Line("가", True, "/a"),
        Line("나 다", True, None),
    ]


@pytest.mark.parametrize(
    "html",
    [
        pytest.param("<img>", id="no address"),
        pytest.param('<img src="">', id="an empty address"),
        pytest.param('<img src="data:image/gif;base64,R0lGOD">', id="inline data"),
        pytest.param('<img src="/a.gif" width="1" height="1">', id="a counting pixel"),
        pytest.param('<a href="https://example.com/"><img src="//example.com/a.jpg"></a>', id="a banner"),
        pytest.param(
            '<a href="https://example.com/"><img src="//newspim.com.example.com/a.jpg"></a>',
            id="a banner that looks alike",
        ),
        pytest.param(
            '<a href="https://notnewspim.com/"><img src="//notnewspim.com/a.jpg"></a>',
            id="a banner whose host ends alike",
        ),
    ],
)
def test_what_is_no_picture_of_the_article_is_none(html: str) -> None:
    assert read(html) == []


def test_a_lazy_picture_is_known_by_what_it_will_load() -> None:
    assert read('<img src="/blank.gif" data-src="https://img.newspim.com/a.jpg">') == [picture("a")]


def test_a_caption_element_is_a_caption_by_its_place() -> None:
    assert read(f'<figure>{img("a")}<figcaption>가<br>나</figcaption></figure><p class="news_img_caption">다</p>') == [
        picture("a"),
        CaptionText("가 나"),
        CaptionText("다"),
    ]


@pytest.mark.parametrize(
    "tag", ["div", "span", "b", "p", "table><tr><td", "ul><li", "a href='/a'", "blockquote", "font", "figcaption"]
)
def test_ten_thousand_unclosed_tags_are_read(tag: str) -> None:
    found = article(f"<p>{STORY}</p>" + f"<{tag}>" * (1_000 if tag.startswith("table") else 10_000) + "끝")
    assert found.body is not None
    assert found.body.startswith(STORY)


def test_a_page_of_a_megabyte_is_read_whole() -> None:
    found = article(f"<p>{STORY}</p>" * 30_000)
    assert found.body == "\n\n".join([STORY] * 30_000)


# Header


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("정치 국회·정당", ("정치", "국회·정당")),
        ("문화·연예 가요", ("문화·연예", "가요")),
        ("홈 > 경제 > 금융정책", ("경제", "금융정책")),
        ("사회", ("사회", None)),
        ("사회 사회", ("사회", None)),
        ("정치 사회 경제", None),
        ("산업 부동산", ("산업", "부동산")),
        ("날씨 오늘", None),
        ("정치권이 새 대책을 두고 맞섰다", None),
        ("", None),
        (">", None),
    ],
)
def test_a_breadcrumb_is_told_by_its_words(text: str, expected: tuple[str, str | None] | None) -> None:
    assert breadcrumb(text, NEWSPIM) == expected


@pytest.mark.parametrize(
    "text",
    [
        "※ 본문 글자 크기 조정",
        "더 작게 작게 보통 크게 더 크게",
        "※ 번역할 언어 선택",
        "가 + 가 -".replace(" +", "+").replace(" -", "-"),
    ],
)
def test_the_rows_of_tools_are_known(text: str) -> None:
    assert is_tools_row(text)


@pytest.mark.parametrize("text", ["더 크게, 더 작게 살기", "공유 경제의 두 얼굴", "정부 새 대책"])
def test_a_deck_is_no_row_of_tools(text: str) -> None:
    assert not is_tools_row(text)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("기사입력 : 2022년05월30일 15:47", True),
        ("최종수정 :", True),
        ("수정안 3건 통과", False),
        ("입력 오류 5건", False),
        ("정부 2조 투입", False),
    ],
)
def test_a_row_of_dates_begins_with_a_label(text: str, expected: bool) -> None:
    assert is_date_row(text) is expected


def summary(*items: str) -> str:
    heading = "<h2>AI 핵심 요약 <em>beta</em></h2>"
    return f'<section id="aiSummary" class="ai-summary">{heading}<ul>{"".join(items)}</ul></section>'


def test_the_summary_is_its_items_and_never_in_the_body() -> None:
    found = article(
        f"<p>{STORY}</p>",
        above=summary(
            "<li>• 대책이 나왔다</li>",
            "<li>곧 시행된다</li>",
            "<p>AI가 자동 생성한 요약으로 정확하지 않을 수 있어요.</p>",
        ),
    )
    assert (found.ai_summary, found.body, found.deck) == (["대책이 나왔다", "곧 시행된다"], STORY, [])


@pytest.mark.parametrize(
    "items", [["<li>분석 중...</li>"], [], ["<li>&nbsp;</li>"]], ids=["being made", "empty", "blank"]
)
def test_a_summary_that_is_not_there_is_empty(items: list[str]) -> None:
    assert ai_summary(Page(page("", above=summary(*items)), URL), NEWSPIM) == []


# What follows from the rest


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("가나전자(005930)와 다라화학(051910)", ["005930", "051910"]),
        ("가나전자(005930), 다시 가나전자(005930)", ["005930"]),
        ("가나전자 (005930)", ["005930"]),
        ("가나전자[005930]", ["005930"]),
        ("가나전자(005930.KS)", ["005930"]),
        ("가나그룹(005930, 000660)", ["005930", "000660"]),
        ("가나그룹주(005930·000660·035420·051910)", ["005930", "000660", "035420", "051910"]),
        ("가나전자(005930.KS, 000660.KS)", ["005930", "000660"]),
        ("가나전자(코스피 005930, 코스닥 035720)", ["005930", "035720"]),
        ("가나전자(005930, 123456원)", ["005930"]),
        ("가나전자(005930, 1234567)", ["005930"]),
        ("계약일(240611)은", []),
        ("기준일 (240611)", []),
        ("체결 일자(240611, 240612)", []),
        ("날짜(260911)", []),
        ("사업자(123456)", []),
        ("사업자번호(123456)", []),
        ("전화(119119)", []),
        ("팩스(123456)", []),
        ("제일(240610)", ["240610"]),
        ("다라일(032280)", ["032280"]),
        ("주식 123456주", []),
        ("가나전자(0059301)", []),
        ("가나전자(00593)", []),
        ("(005930)", []),
        ("가나전자(００５９３０)", []),
        ("전화 02-123-4567(123456)", ["123456"]),
        ("", []),
        (None, []),
    ],
)
def test_tickers_are_codes_in_brackets_behind_a_name(text: str | None, expected: list[str]) -> None:
    assert tickers(text) == expected


def an_article(**more: Any) -> Article:
    return Article(f"newspim:{NUMBER}", "newspim", URL, **more)


def test_the_hash_is_that_of_title_and_body() -> None:
    one = content_hash(an_article(title="가", body="나\n\n다"))
    assert one == content_hash(an_article(title="가", body="나 다", section="정치", images=[Image("a")]))
    assert one != content_hash(an_article(title="가", body="나"))
    assert one != content_hash(an_article(title="가 나", body="다"))
    assert len(one) == len(hashlib.sha256().hexdigest())


def test_the_hash_of_a_photo_story_is_that_of_its_captions_and_pictures() -> None:
    first_one = content_hash(an_article(title="가", images=[Image("https://a/1.jpg", "나")]))
    assert first_one != content_hash(an_article(title="가", images=[Image("https://a/2.jpg", "나")]))
    assert first_one != content_hash(an_article(title="가", images=[Image("https://a/1.jpg", "다")]))


def test_the_hash_of_a_story_with_tables_is_that_of_their_cells_too() -> None:
    one = content_hash(an_article(title="[표] 외국인 순매수 상위", tables=[[["종목", "금액"], ["가나", None]]]))
    assert one == content_hash(an_article(title="[표] 외국인 순매수 상위", tables=[[["종목", "금액"], ["가나", None]]]))
    assert one != content_hash(an_article(title="[표] 외국인 순매수 상위", tables=[[["종목", "금액"], ["다라", None]]]))
    assert one != content_hash(an_article(title="[표] 외국인 순매수 상위", tables=[[["종목", "금액"], [None, "가나"]]]))
    with_body = content_hash(an_article(title="가", body="나", tables=[[["1", "2"]]]))
    assert with_body != content_hash(an_article(title="가", body="나", tables=[[["1", "3"]]]))
    assert with_body != content_hash(an_article(title="가", body="나"))


def test_the_hash_of_a_story_without_tables_never_changes() -> None:
    expected = hashlib.sha256("가\n 나 다\n".encode()).hexdigest()
    assert content_hash(an_article(title="가", body="나\n\n다")) == expected


# The whole


def test_only_the_articles_own_words_are_in_the_body() -> None:
    found = article(
        "<p>[서울=뉴스핌] 홍길동 기자 = 정부는 새 대책을 내놓았다.</p>"
        f"<table>{row(img('a'))}{row('새 청사 [사진=가나]')}</table>"
        '<div class="ad-box">광고</div><div style="margin:10px">광고</div>'
        "<p>정부는 기사의 무단 전재를 금지하는 법안을 냈다.</p>"
        "<p>이 기사는 당시 큰 반향을 일으켰다.</p>"
        "<p>“3.5%↑” [단독] <나> (가) 5 &lt; 6</p>"
        "<p>gildong@newspim.com</p><p>저작권자(c) 뉴스핌(Newspim), 무단 전재-재배포 금지</p>"
    )
    assert found.body == (
        "정부는 새 대책을 내놓았다.\n\n정부는 기사의 무단 전재를 금지하는 법안을 냈다.\n\n"
        "이 기사는 당시 큰 반향을 일으켰다.\n\n“3.5%↑” [단독] <나> (가) 5 < 6"
    )


def test_the_label_of_other_articles_ends_the_body() -> None:
    assert article(f"<p>{STORY}</p><p>[뉴스핌 베스트 기사]</p><p>다른 기사의 글이다.</p>").body == STORY


@pytest.mark.parametrize("text", ["[뉴스핌 베스트 기사]는 무엇인가", "뉴스핌 베스트 기사로 뽑혔다."])
def test_a_sentence_about_that_label_ends_nothing(text: str) -> None:
    assert article(f"<p>{STORY}</p><p>{text}</p><p>{STORY}</p>").body == f"{STORY}\n\n{text}\n\n{STORY}"


def test_a_page_without_a_container_is_no_article() -> None:
    with pytest.raises(NoContainer):
        extract(
            Page(f'<meta property="og:title" content="가"><div class="text"><p>{STORY}</p></div>', URL), NUMBER, NEWSPIM
        )


def test_the_sites_empty_page_is_gone() -> None:
    html = (
        '<meta property="og:type" content="article"><meta property="og:title" content="">'
        '<meta property="article:published_time" content="T:00+09:00">'
    )
    with pytest.raises(Gone):
        extract(Page(html, URL), NUMBER, NEWSPIM)
    with pytest.raises(Gone):
        extract(Page(html + '<div id="news-contents"></div>', URL), NUMBER, NEWSPIM)


@pytest.mark.parametrize(
    "html",
    [
        "",
        " ",
        "\x00",
        "<",
        "<html>",
        "<!--",
        "plain text",
        "{}",
        "<div id=news-contents>",
        "<body></body><div id=news-contents><p>가",
    ],
)
def test_what_is_hardly_a_page_raises_what_a_caller_expects(html: str) -> None:
    with suppress(Gone, NoContainer):
        extract(Page(html, URL), NUMBER, NEWSPIM)


WORDS = st.sampled_from(
    [
        STORY,
        "[서울=뉴스핌] 홍길동 기자 = ",
        "gildong@newspim.com",
        "2026.09.11 a@newspim.com",
        "[사진=가나 뉴스핌]",
        "이 기사는 AI 번역으로 생산된 콘텐츠입니다.",
        "◆ 소제목",
        "[뉴스핌 베스트 기사]",
        "관련기사",
        "기사입력 : 2026년09월11일 10:23",
        "최종수정 : 2026년09월11일 11:23",
        "정치 국회·정당",
        "로보뉴스",
        "AI 핵심 요약 beta",
        "※ 본문 글자 크기 조정",
        "가나전자(005930)",
        "저작권자(c) 뉴스핌",
        "\u200b",
        "\xa0",
        "&#x80;&nbsp;&#xd800;",
        "👩\u200d💻",
        "&",
        "<",
        ">",
        '"',
        "[",
        "=",
        "ｅ",
    ]
)
TAGS = st.sampled_from(
    [
        "<p>",
        "</p>",
        "<div>",
        "</div>",
        "<br>",
        "<b>",
        "</b>",
        "<table>",
        "<tr>",
        "<td>",
        '<td colspan="3" rowspan="2">',
        '<td class="news_img_caption">',
        "</table>",
        '<img src="https://img.newspim.com/a.jpg">',
        '<img src="http://[">',
        '<a href="/news/view/20260911000124">',
        '<a href="http://[">',
        "<a href>",
        "</a>",
        "<h1>",
        "<h3>",
        "<ul><li>",
        "<figure><figcaption>",
        "</figure>",
        '<div class="ad-box">',
        '<div style="margin:1px">',
        '<section id="aiSummary">',
        "</section>",
        '<div id="news-contents">',
        '<div class="viewcontents">',
        '<div id="news_contents">',
        '<article class="bodynews">',
        "</article>",
        '<div class="header">',
        '<time id="send-time" datetime="x">',
        '<span id="send-time">',
        '<meta property="og:title" content="제목">',
        '<meta itemprop="datePublished" content="9999-12-31T23:59:59-12:00">',
        "<script>",
        "</script>",
        '<script type="application/ld+json">{"@type":"NewsArticle","author":[1,{"name":null}]}</script>',
        "<!--",
        "-->",
        "<svg>",
        "<math>",
        "<template>",
        "<select>",
        "<frameset>",
        "<body hidden>",
        "<p hidden>",
        '<base href="http://[">',
        '<td colspan="' + "9" * 5000 + '">',
        "</body>",
        "</html>",
        "<html>",
        "<head>",
        "<plaintext>",
        "<a",
        '<p style="',
    ]
)


@st.composite
def mutated(draw: st.DrawFn) -> str:
    """A sane page, cut somewhere, with parts put in, doubled or left out."""
    html = page(
        f"<p>[서울=뉴스핌] 홍길동 기자 = {STORY}</p><table>{row(img('a'))}{row('가 [사진=나]')}</table>"
        f"<p>{STORY}</p><p>a@newspim.com</p>",
        header='<p>정치 국회·정당</p><time id="send-time" datetime="2026-09-11T10:23:07+09:00"></time>',
        above="<p>※ 본문 글자 크기 조정</p><h2>부제</h2>" + summary("<li>가</li>"),
        below='<div><h3>관련기사</h3><a href="/news/view/20260911000124">가</a></div>',
    )
    for _ in range(draw(st.integers(1, 4))):
        start = draw(st.integers(0, len(html)))
        end = draw(st.integers(start, min(len(html), start + 60)))
        html = html[:start] + draw(TAGS | WORDS | st.just("") | st.just(html[start:end] * 2)) + html[end:]
    return html


def sound(html: str) -> None:
    """No page raises anything but Gone and NoContainer, and every record keeps the schema, in normal form."""
    try:
        found = extract(Page(html, URL), NUMBER, NEWSPIM)
    except (Gone, NoContainer):
        return
    line = record(found)
    for name in ("title", "section", "subsection", "place"):
        assert line[name] is None or line[name] == fold(line[name]) != ""
    assert found.body is None or found.body == fold_lines(found.body) != ""
    given_later = ("title", "story", "found", "first_seen_at", "fetched_at")
    known = {name: value for name, value in RECORD["properties"].items() if name not in given_later}
    Draft202012Validator({"type": "object", "properties": known}).validate(json.loads(json.dumps(line)))
    json.dumps(line, ensure_ascii=False).encode("utf-8")
    assert set(found.fields_from) <= set(line)
    assert all(line[name] not in (None, []) for name in found.fields_from)
    assert found.related.count(f"newspim:{NUMBER}") == 0
    assert isinstance(found.removed, Counter)


@PROPERTY
@given(st.lists(TAGS | WORDS, max_size=25).map("".join))
@example('<div id="news-contents"><table><tr><td colspan="' + "9" * 5000 + '">가<td>나')
@example(
    '<title>가</title><script type="application/ld+json">' + "[" * 100_000 + "</script><div id=news-contents><p>나"
)
def test_no_heap_of_tags_and_words_raises(html: str) -> None:
    sound(html)


@PROPERTY
@given(mutated())
def test_no_mutated_page_raises(html: str) -> None:
    sound(html)


@PROPERTY
@given(st.text(max_size=80), st.text(max_size=40))
def test_no_text_in_the_page_raises(text: str, attribute: str) -> None:
    sound(page(text, title=attribute.replace('"', "")).encode("utf-8", "replace").decode())


@PROPERTY
@given(st.lists(WORDS | st.text(max_size=20), max_size=8))
def test_no_lines_of_a_body_raise(lines: list[str]) -> None:
    sound("".join(f"<p>{line}</p>" for line in ["<div id=news-contents>", *lines]).encode("utf-8", "replace").decode())


@pytest.mark.parametrize(
    ("doctype", "found"),
    [("", True), ('<!DOCTYPE HTML PUBLIC "-//W3C//DTD HTML 4.01 Transitional//EN">', True), ("<!DOCTYPE html>", False)],
    ids=["none", "old", "new"],
)
def test_an_old_page_does_not_mind_the_case_of_ids(doctype: str, found: bool) -> None:
    page = Page(f'{doctype}<p id="SEND-TIME" class="Time">2026-11-20</p>', "https://www.newspim.com/")
    for selector in ("#send-time", "p.time", ".nowhere, #send-time"):
        assert (page.first(selector) is not None) is found


@pytest.mark.parametrize("selector", ["#a.b", "p#a", "#nowhere, #a", 'p[data-x=".c"]', "p:not(.c)", "p"])
def test_what_a_selector_asks_for_is_found_whatever_else_it_names(selector: str) -> None:
    assert Page('<!DOCTYPE html><p id="a" class="b" data-x=".c">', "https://www.newspim.com/").first(selector)
