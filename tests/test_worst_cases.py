"""The worst input of every regex, and of every function that reads a whole page, ends quickly.

A limit is many times what the work takes: only what grows by the square, or worse, goes over it, and is stopped there.
"""

from __future__ import annotations

import gc
import importlib
import pkgutil
import re
import signal
import time
import tracemalloc
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime
from functools import partial
from types import FrameType

import pytest

import newscrawl
from newscrawl.discovery.pages import article_numbers, next_page, rows, top_bar
from newscrawl.extraction import NoContainer, Page, decode, extract
from newscrawl.extraction.header import breadcrumb, is_date_row, is_tools_row
from newscrawl.extraction.layers import headline
from newscrawl.identity import article_number
from newscrawl.korean import (
    KST,
    caption,
    closing,
    dateline,
    inline_closing,
    label_date,
    language,
    looks_like_caption,
    marks,
    notice,
    parse_date,
    people,
)
from newscrawl.korean.bylines import _forms
from newscrawl.retry import retry_after
from newscrawl.spiders.newspim import NEWSPIM
from newscrawl.text import fold, fold_lines, letters

NUMBER = "20260911000123"
URL = f"https://www.newspim.com/news/view/{NUMBER}"
SIZE = 16_384  # characters
LIMIT = 1.0  # seconds of CPU; SIZE characters take a regex 1 to 10 ms
PARTS = 8_192  # of a page: 40 to 500 KB
PAGE_LIMIT = 4.0  # seconds of CPU; such a page takes 0.05 to 0.5 s
# Four times the parts take four times as long when all goes well, sixteen times when it grows by the square.
MOST_GROWTH = 9.0
TOO_SHORT = 0.1  # seconds; what takes less is not worth measuring

# How each regex is used. `search` stands for findall, split and sub too: they search on from match to match.
USED = {
    "folders._AWKWARD": "search",
    "forgetting.redacting._HREF": "search",
    "forgetting.redacting._TOKENS": "search",
    "forgetting.redacting._WORDED": "search",
    "forgetting.sought._NUMBERS": "search",
    "forgetting.words._CUTS": "search",
    "arguments._AGE": "fullmatch",
    "arguments._CODE": "fullmatch",
    "arguments._DAY": "fullmatch",
    "arguments._TIME": "fullmatch",
    "commands.history._NUMBER": "fullmatch",
    "commands.fixture._NAME": "fullmatch",
    "one_page._ARCHIVED": "fullmatch",
    "one_page._NUMBER": "search",
    "reporting.files._NAME_OF_SEVERAL": "fullmatch",
    "differences.fields._TIME": "match",
    "differences.words._DENSE": "search",
    "differences.words._PIECE": "search",
    "discovery.pages._FILES": "search",
    "discovery.pages._ID_LIKE": "search",
    "discovery.pages._PRIVATE": "search",
    "discovery.ways._PERIOD": "search",
    "duplicates.shingles._NO_LETTERS": "search",
    "duplicates.text._DIGITS": "search",
    "duplicates.text._APART": "search",
    "extraction.body._LEADING_EQUALS": "search",
    "extraction.body._SENTENCES": "search",
    "extraction.body._SENTENCE_END": "search",
    "extraction.derived._DIGITS": "search",
    "extraction.derived._MONTH": "fullmatch",
    "extraction.derived._NUMBER_WORDS": "search",
    "extraction.derived._TICKER": "search",
    "extraction.header._BULLET": "search",
    "extraction.header._DATE_ROW": "match",
    "extraction.header._STEPS": "search",
    "extraction.header._SUMMARY_DISCLAIMER": "search",
    "extraction.header._SUMMARY_HEADING": "search",
    "extraction.header._SUMMARY_PENDING": "match",
    "extraction.header._TOOL": "fullmatch",
    "extraction.header._WORDS": "search",
    "extraction.lines._BRACKETED": "match",
    "extraction.lines._CAPTION_END": "fullmatch",
    "extraction.page._NAME": "search",
    "extraction.related._MENTIONED": "search",
    "extraction.rules._HIDDEN": "search",
    "extraction.rules._SENTENCE": "search",
    "identity._FOURTEEN_DIGITS": "search",
    "identity._SLASHES": "search",
    "korean.bylines._ADDRESS_LABEL": "search",
    "korean.bylines._BRACKETED_EMAIL": "search",
    "korean.bylines._BYLINE": "match",
    "korean.bylines._DESK": "fullmatch",
    "korean.bylines._EMAIL": "search",
    "korean.bylines._FOREIGN_ROLE": "fullmatch",
    "korean.bylines._GLUED": "fullmatch",
    "korean.bylines._INLINE": "search",
    "korean.bylines._LATIN_NAME": "fullmatch",
    "korean.bylines._LEADING_EQUALS": "match",
    "korean.bylines._NAME": "fullmatch",
    "korean.bylines._PLACE_EQUALS": "search",
    "korean.bylines._POST": "fullmatch",
    "korean.bylines._ROLE": "fullmatch",
    "korean.bylines._ROLE_PREFIX": "fullmatch",
    "korean.bylines._SEPARATOR": "search",
    "korean.bylines._TIPS": "fullmatch",
    "korean.bylines._WRAPPING": "search",
    "korean.captions._ADDRESS": "search",
    "korean.captions._BARE_CREDIT": "search",
    "korean.captions._BRACKETED": "search",
    "korean.captions._DATE": "search",
    "korean.captions._DATE_EMAIL": "search",
    "korean.captions._EMAIL_END": "search",
    "korean.captions._PHOTO": "search",
    "korean.captions._SENTENCES": "search",
    "korean.captions._SLASH": "search",
    "korean.captions._SOURCE": "search",
    "korean.dates._DATE": "search",
    "korean.language._HAN": "search",
    "korean.language._HANGUL": "search",
    "korean.language._KANA": "search",
    "korean.language._LATIN": "search",
    "korean.notices._ABOUT": "match",
    "korean.notices._EDITOR": "match",
    "korean.notices._PREMIUM": "search",
    "korean.notices._PREMIUM_ALONE": "search",
    "korean.notices._RELEASE": "search",
    "korean.notices._REPORTED": "search",
    "korean.notices._ROBOT": "search",
    "korean.notices._TRANSLATION": "search",
    "korean.numbers._NUMBER": "search",
    "korean.numbers._PART": "search",
    "korean.titles._CLOSING": "search",
    "korean.titles._CORRECTED": "search",
    "korean.titles._CORRECTION": "fullmatch",
    "korean.titles._FLASH": "fullmatch",
    "korean.titles._OPENING": "match",
    "korean.titles._STEP": "search",
    "korean.titles._STEP_MARK": "fullmatch",
    "revisions._AGE": "fullmatch",
    "monitors.readings._AGE": "fullmatch",
    "report.drawing._NUMBER": "search",
    "reporting.files._NAME": "fullmatch",
    "reporting.usage._IN_QUERY": "search",
    "reporting.usage._PASSWORD": "search",
    "reporting.usage._SECRET": "search",
    "spider.base._ETAG": "fullmatch",
    "spider.base._HTTP_DATE": "fullmatch",
    "syndication.markup._BARE_AMPERSAND": "search",
    "syndication.markup._MARK": "search",
    "syndication.markup._NOT_XML": "search",
    "syndication.markup._OTHERS_IN_FEED": "search",
    "syndication.markup._OTHERS_IN_SITEMAP": "search",
    "syndication.markup._ROOT": "search",
    "syndication.moments._RFC822": "fullmatch",
    "syndication.moments._W3C": "fullmatch",
    "text._CONTROL": "search",
    "text._FILLER": "search",
    "text._JOINER": "search",
    "text._NO_LETTER": "search",
    "text._ODD": "search",
    "text._ZERO_WIDTH": "search",
}
# What is repeated to make the input of a regex: of each alternative and each repetition, the part that almost fits.
UNITS = (
    " ", "  ", "\xa0", "0", "1 ", "가", "가 ", "가나다 ", "가\u200d", "[", "[ ", "]", "(", "[]", "[가]", "[가] ",
    "[a", "((", "A", "A ", "A.", "A-", "a", "a.", "a/", "a@", "a@a.", "a@a.a", "a@a.a ", "a.a@", "-@-", "=", " = ",
    "가=", "가 =", "|", " |", "·", "가·", ">", " > ", "/", "//", "※", "편집자", "[편집자", "이 기사는 ", "AI", "AI ",
    "번역", "회원", "유료", "무단 전재", "무단", "저작권자", "ⓒ", "2026.", "2026.1.1", "2026.1.1 ", "2026-01-01 1",
    "2026년1월1일 ", "20260101000001", "view.jsp?", "&newsId=", "a=b&", "[서울=뉴스핌", "[서울=뉴스핌] ", "[사진=",
    "[사진=가", "사진", "/홍길동 기자 ", "기자", "기자 ", "홍길동 기자 ", "홍길동 기자·", "다 ", "다. ", ". ",
    "纽斯频", "纽斯频首", "首", "8月31日", "속보", "(종합", "(종합)", "12보", "the ", "요약 ", "글자 ", "(005930",
    "가(005930) ", "가(005930, ", "005930, ", "코스피 005930 ", "제보", "제보 및 ", "기사 ", "다.”", "2026-01-01 1:00 P",
    "<a:", "<item ", '<item a="', "&#", "&a", 'W/"', "Mon, 01 Jan 2026 ", "2026-01-01T00:00:00.0",
    "Hong ", "a and ", "\u2329\u200d", "1,", "1%", "中", "中a", "2026-01-01T", "1h",
)  # fmt: skip


def patterns() -> dict[str, re.Pattern[str]]:
    """Every regex that a module of the project (the newsroom, which reads nothing of others, aside) keeps."""
    found = {}
    for module in pkgutil.walk_packages(newscrawl.__path__, "newscrawl."):
        if module.name.startswith("newscrawl.newsroom"):
            continue
        for name, value in vars(importlib.import_module(module.name)).items():
            if isinstance(value, re.Pattern):
                found[f"{module.name.removeprefix('newscrawl.')}.{name}"] = value
    return found


def ends_quickly(work: Callable[[], object], limit: float = LIMIT) -> None:
    """Fails, and stops the work, when it takes more than `limit` seconds of this process's CPU."""

    def stop(number: int, frame: FrameType | None) -> None:
        raise AssertionError(f"takes more than {limit} s of CPU")

    before = signal.signal(signal.SIGVTALRM, stop)
    signal.setitimer(signal.ITIMER_VIRTUAL, limit)
    try:
        work()
    finally:
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)
        signal.signal(signal.SIGVTALRM, before)


def seconds(work: Callable[[], object]) -> float:
    """CPU time of the work, which is stopped at PAGE_LIMIT; without pauses of the garbage collector."""
    gc.collect()
    gc.disable()
    started = time.process_time()
    try:
        ends_quickly(work, PAGE_LIMIT)
    finally:
        gc.enable()
    return time.process_time() - started


def grows_in_step(prepared: Callable[[int], Callable[[], object]]) -> None:
    """Fails when four times the size takes far more than four times as long, three times over. `prepared` gives the work for so many parts."""
    measured = []
    for _ in range(3):
        large = seconds(prepared(PARTS))
        if large < TOO_SHORT:
            return
        small = seconds(prepared(PARTS // 4))
        if large < MOST_GROWTH * small:
            return
        measured.append(f"{small:.3f} -> {large:.3f} s")
    raise AssertionError(f"from {PARTS // 4:,} to {PARTS:,} parts: {', '.join(measured)}")


def repeated(unit: str) -> str:
    return unit * (SIZE // len(unit))


def exhaust(pattern: re.Pattern[str], how: str, text: str) -> None:
    if how == "search":
        pattern.sub("", text)
    else:
        getattr(pattern, how)(text)


def test_every_regex_has_its_worst_case() -> None:
    assert set(patterns()) == set(USED)


@pytest.mark.parametrize("name", sorted(USED))
def test_no_regex_goes_back_and_forth(name: str) -> None:
    pattern, how = patterns()[name], USED[name]
    for unit in UNITS:
        for end in ("", "x"):
            ends_quickly(partial(exhaust, pattern, how, repeated(unit) + end))


@pytest.mark.parametrize("pattern", NEWSPIM.article_paths, ids=lambda pattern: pattern.pattern)
def test_no_regex_of_a_site_goes_back_and_forth(pattern: re.Pattern[str]) -> None:
    for unit in UNITS:
        for start in ("", "/news/view/", "/view.jsp?", "/a/"):
            ends_quickly(partial(pattern.match, start + repeated(unit)))


@pytest.mark.parametrize("form", _forms(NEWSPIM.agency), ids=lambda form: form.pattern[:12])
def test_no_dateline_goes_back_and_forth(form: re.Pattern[str]) -> None:
    for unit in UNITS:
        ends_quickly(partial(exhaust, form, "search", repeated(unit)))


# The functions that read what a page says, each with the texts that its own steps could repeat over.
def _titles(text: str) -> None:
    headline(text, NEWSPIM.agency)
    marks(text)
    breadcrumb(text, NEWSPIM)
    is_tools_row(text)
    is_date_row(text)


def _lines(text: str) -> None:
    dateline(text, NEWSPIM.agency)
    closing(text, NEWSPIM.agency, NEWSPIM.domain)
    inline_closing(text, NEWSPIM.domain)
    looks_like_caption(text, NEWSPIM.agency, NEWSPIM.domain, beside_image=True)
    caption(text, NEWSPIM.agency)
    notice(text)
    people(text)


def _texts(text: str) -> None:
    fold(text)
    fold_lines(text)
    letters(text)
    language(text)
    parse_date(text)
    label_date(text, ("입력", "가", "2026"))
    retry_after(text, datetime(2026, 11, 22, tzinfo=KST))


def _addresses(text: str) -> None:
    article_number(text, NEWSPIM)
    article_number(f"https://www.newspim.com/{text}{NUMBER}", NEWSPIM)
    article_number(f"https://{text}/news/view/{NUMBER}", NEWSPIM)


# `marks` is asked of a title with a word before its brackets too; `headline` of one that ends like a site's name.
@pytest.mark.parametrize("work", [_titles, _lines, _texts, _addresses], ids=["titles", "lines", "texts", "addresses"])
@pytest.mark.parametrize(
    "around",
    [("", ""), ("가", ""), ("", "뉴스핌 x"), ("[", "a@newspim.com")],
    ids=["bare", "behind a word", "before the agency", "before a mail"],
)
def test_every_reader_of_a_text_ends_quickly(work: Callable[[str], None], around: tuple[str, str]) -> None:
    before, after = around
    for unit in (*UNITS, "||", " -", " ::", "뉴스핌 - ", "| 뉴스핌 ", "[속보](종합)", "입력 ", "가2026"):
        ends_quickly(partial(work, f"{before}{repeated(unit)}{after}"))


# Pages


def page(body: str, head: str = "", above: str = "", below: str = "") -> str:
    return (
        f'<html><head><meta property="og:title" content="제목">{head}</head><body><article class="bodynews">'
        f'<div class="header">{above}<h1>제목</h1></div>'
        f'<section class="contents"><div id="news-contents">{body}</div></section>{below}</article></body></html>'
    )


def bare(above: str, body: str) -> str:
    """A page without the site's frame."""
    return f'<meta property="og:title" content="제목">{above}<div id="news-contents"><p>가</p>{body}</div>'


def titled(title: str, above: str = "") -> str:
    body = '<div id="news-contents"><p>가</p></div>'
    return f'<meta property="og:title" content="{title}"><div class="bodynews">{above}{body}</div>'


def reading(html: str) -> Callable[[], None]:
    """All that is read of a page. The parser has been there before: by the HTML standard it looks up through all open elements at each new
    one (13.2.4.2, "in scope"), so elements within elements take it their number squared, 0.07 s for 8,192 and 1.3 s for 32,768."""
    found = Page(html, URL)

    def read() -> None:
        with suppress(NoContainer):
            extract(found, NUMBER, NEWSPIM)
        article_numbers(found, NEWSPIM)
        rows(found, NEWSPIM)
        top_bar(found, NEWSPIM)
        next_page(found, NEWSPIM)

    return read


@pytest.mark.parametrize(
    "make",
    [
        pytest.param(lambda n: page("<p>" + "가나다라마 " * n * 8), id="one paragraph"),
        pytest.param(lambda n: page("<p>가나다라마바사아자차" * n), id="paragraphs"),
        pytest.param(lambda n: page("<p>가 " + "<br>나" * n), id="lines"),
        pytest.param(lambda n: page("<p>" + " " * n * 24 + "가"), id="spaces"),
        pytest.param(lambda n: page("<p>" + "[서울=뉴스핌] " * n), id="datelines in a line"),
        pytest.param(lambda n: page("<p>[서울=뉴스핌] 가나다. a@newspim.com" * n), id="captions without a date"),
        pytest.param(
            lambda n: page("<img src=a.jpg>" * n + "<p>[서울=뉴스핌] 가나다. a@newspim.com" * n),
            id="pictures, then captions",
        ),
        pytest.param(lambda n: page("".join(f"<p>홍길동 기자 a{i}@newspim.com" for i in range(n))), id="closing lines"),
        pytest.param(
            lambda n: page("".join(f"<p>이 기사는 AI 번역 {i} [서울=뉴스핌] 홍길동 기자 = 가" for i in range(n))),
            id="notices",
        ),
        pytest.param(lambda n: page("가(005930) " * n), id="tickers"),
        pytest.param(lambda n: page("<table>" + "<tr><td>가<td>나" * n + "</table>"), id="long table"),
        pytest.param(lambda n: page("<table><tr>" + "<td>가" * n + "</table>"), id="wide table"),
        pytest.param(
            lambda n: page("<table>" + "<tr><td><img src=a.jpg><tr><td>가" * n + "</table>"), id="long picture table"
        ),
        pytest.param(
            lambda n: page("<table><tr>" + "<td><img src=a.jpg>" * n + "<tr>" + "<td>가" * n + "</table>"),
            id="wide picture table",
        ),
        pytest.param(lambda n: page("<table><tr><td>가" * (n // 2)), id="tables in tables"),
        pytest.param(lambda n: page("<div>가" * (n // 2)), id="nested blocks"),
        pytest.param(lambda n: page("<b><p>가" * n), id="crossed tags"),
        pytest.param(lambda n: page("<span>가" * (n // 2)), id="nested spans"),
        pytest.param(lambda n: page('<div class="ad-x">가' * (n // 2)), id="nested advertisements"),
        pytest.param(
            lambda n: page('<td class="news_img_caption">가' * n + "<figcaption>나" * n), id="nested captions"
        ),
        pytest.param(lambda n: page("<p>가", above="<span>나" * (n // 2)), id="nested header"),
        pytest.param(lambda n: page("<p>가", above="<p>나" * n), id="long header"),
        pytest.param(lambda n: page("<p>가", below="<div>나" * (n // 2)), id="nested foot"),
        pytest.param(lambda n: page("<p>가", below="<div>관련기사" * (n // 2)), id="nested labels"),
        pytest.param(
            lambda n: page("<p>가", below="<div><h3>관련기사</h3><a href=/news/view/20260911000124>나</a></div>" * n),
            id="related boxes",
        ),
        pytest.param(
            lambda n: page("<p>관련 기사 이야기", below="<div>나" * (n // 2)), id="nested foot, a label in the body"
        ),
        pytest.param(lambda n: page("<p>가", below="<p>[뉴스핌 베스트 기사]<div>나</div>" * n), id="best articles"),
        pytest.param(lambda n: bare("<div>" * (n // 2), "<p>나" * (n // 2)), id="nested around the container"),
        pytest.param(lambda n: bare("<p>정치 국회" * n, ""), id="long before the container"),
        pytest.param(
            lambda n: bare("<nav>" + "<a href=/a>전체기사</a>" * n + "</nav>", ""), id="labels of the top bar"
        ),
        pytest.param(
            lambda n: bare('<article class="thumb_h"><a href=/news/view/20260911000124>가</a>' * n, ""),
            id="nested rows",
        ),
        pytest.param(lambda n: page("".join(f"<a href='?page={i}'>{i}</a>" for i in range(n))), id="pages"),
        pytest.param(
            lambda n: page("".join(f"<a href=/news/view/20260911{i:06d}>{i}</a> " for i in range(n))), id="links"
        ),
        pytest.param(lambda n: page("<p>가", head="<meta name=a content=b>" * n), id="meta tags"),
        pytest.param(
            lambda n: page("<p>가", head='<script type="application/ld+json">{"@type":"NewsArticle"' * n),
            id="broken JSON-LD",
        ),
        pytest.param(
            lambda n: page("<p>가", head='<script type="application/ld+json">[{"@type":"Person"}]</script>' * n),
            id="much JSON-LD",
        ),
        pytest.param(lambda n: titled("|" * n * 8), id="title of bars"),
        pytest.param(lambda n: titled("가" + "[나]" * n * 4), id="title of marks"),
        pytest.param(lambda n: titled("가" * n * 8, "<p>나" * n), id="long title, long header"),
        pytest.param(lambda n: titled("가", "<p>입력" * n), id="labels without dates"),
        pytest.param(lambda n: titled("가", "<p>※ " + "더 작게 " * n), id="tools"),
        pytest.param(lambda n: titled("가", '<div class="ai-summary">' + "<li>나" * n), id="summary"),
        pytest.param(lambda n: page("<p>" + "&nbsp;&zwnj;&amp" * n), id="entities"),
    ],
)
def test_the_time_for_a_page_grows_with_its_size(make: Callable[[int], str]) -> None:
    grows_in_step(lambda parts: reading(make(parts)))


@pytest.mark.parametrize(
    "make",
    [
        pytest.param(lambda n: "<!--" * n + page("<p>가"), id="comments"),
        pytest.param(lambda n: page("<p>" + "&nbsp;&zwnj;&amp" * n), id="entities"),
        pytest.param(lambda n: page("<p>가" * n), id="paragraphs"),
    ],
)
def test_the_time_to_take_a_page_in_grows_with_its_size(make: Callable[[int], str]) -> None:
    grows_in_step(lambda parts: partial(Page, make(parts), URL))


def test_cells_that_span_far_take_no_more_memory_than_the_table() -> None:
    html = page("<table><tr>" + "<td rowspan=100 colspan=100>가" * 200 + "</table>")
    found = Page(html, URL)
    gc.collect()
    tracemalloc.start()
    extract(found, NUMBER, NEWSPIM)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 20_000_000, f"{peak:,} bytes for a page of {len(html):,}"


@pytest.mark.parametrize(
    "unit",
    [b"\xff", b"\x81", "가".encode(), "가".encode("cp949"), "가".encode()[:2], b"<meta charset=", b"&#x80;", b"\x00"],
    ids=repr,
)
@pytest.mark.parametrize(
    "charset", [None, "text/html; charset=utf-8", "text/html; charset=euc-kr", "text/html; charset=" + "x" * 10_000]
)
def test_every_megabyte_is_decoded_quickly(unit: bytes, charset: str | None) -> None:
    data = unit * (1_048_576 // len(unit))
    ends_quickly(partial(decode, data, charset))
