"""Cases of the body: which words of a page are the article's own."""

from __future__ import annotations

import pytest

from tests.page_builder import (
    CLOSING,
    DATELINE,
    LEAD,
    LEAD_WORDS,
    LINK,
    OTHER,
    OTHER_ID,
    OWN_WORDS,
    STORY,
    STORY_WORDS,
    TEASER,
    build,
    read,
    record_of,
)

# Where the story stands


def test_a_story_of_divs_with_margins_is_whole() -> None:
    divs = [f'<div style="margin: 0px;">문단 {number}번은 본문이다.</div>' for number in range(6)]
    expected = [f"문단 {number}번은 본문이다." for number in range(6)]
    assert record_of("".join(divs))["body"] == "\n\n".join(expected)


def test_a_div_with_a_margin_among_paragraphs_is_a_paragraph() -> None:
    body = record_of(f'{LEAD}<div style="margin:10px 0">둘째 문단은 div 안에 있다.</div>{STORY}')["body"]
    assert body == f"{LEAD_WORDS}\n\n둘째 문단은 div 안에 있다.\n\n{STORY_WORDS}"


@pytest.mark.parametrize(
    ("words", "shown"),
    [
        pytest.param("<b>■ 시장 반응</b>", "■ 시장 반응", id="sub-head"),
        pytest.param("◇ 승진 ▲정치부장 김가나", "◇ 승진 ▲정치부장 김가나", id="personnel"),
        pytest.param("일정: 11일 오전 10시 국회", "일정: 11일 오전 10시 국회", id="a date"),
        pytest.param("1. 가나일보<br>2. 다라일보", "1. 가나일보\n2. 다라일보", id="headings"),
        pytest.param("광고 매출 3% 감소", "광고 매출 3% 감소", id="a headline about advertising"),
        pytest.param(
            '<a href="https://www.example.com">[서울=뉴스핌] 정부는 대책을 냈다.</a>',
            "정부는 대책을 냈다.",
            id="a lead",
        ),
    ],
)
def test_words_in_a_div_with_a_margin_that_show_no_sign_of_an_advertisement_stay(words: str, shown: str) -> None:
    paragraph, story = f'<div style="margin: 10px 0">{words}</div>', STORY * 3
    body = record_of(f"{paragraph}{story}" if "서울" in words else f"{LEAD}{paragraph}{story}")["body"]
    assert shown in body.split("\n\n")


@pytest.mark.parametrize(
    "cell", ["1.2%", '<a href="https://finance.example.com/2">1.2%</a>', "광고"], ids=["figures", "links", "label"]
)
def test_a_table_in_a_div_with_a_margin_is_data(cell: str) -> None:
    table = f"<table><tr><th>종목</th><th>등락률</th></tr><tr><td>가나전자 보통주</td><td>{cell}</td></tr></table>"
    record = record_of(f'{LEAD}<div style="margin:0 auto">{table}</div>{STORY * 3}')
    shown = "광고" if cell == "광고" else "1.2%"
    assert record["tables"] == [[["종목", "등락률"], ["가나전자 보통주", shown]]]


@pytest.mark.parametrize(
    "words",
    [
        pytest.param("광고", id="label"),
        pytest.param("<span>AD</span><p>지금 가입하면 혜택 두 배</p>", id="label above its words"),
        pytest.param("<p>지금 가입하면 혜택 두 배</p><p>[광고]</p>", id="label below its words"),
        pytest.param('대장주 공개 무료 체험 <a href="https://ad.example.net">확인</a>', id="off-site link"),
        pytest.param('<a href="https://ad.example.net">1000% 갈 대장주 공개합니다.</a>', id="link only"),
        pytest.param('<a href="https://ad.example.net"><img src="/banner/1.jpg"></a> 무료 체험', id="picture"),
        pytest.param(
            '<table><tr><td><a href="https://ad.example.net/1">대출</a></td> <td><a href="https://ad.example.net/2">보험</a></td></tr></table>',
            id="table of links",
        ),
        pytest.param('<script src="https://ad.example.net/a.js"></script>지금 가입', id="script"),
        pytest.param('<iframe src="https://ad.example.net"></iframe>지금 가입', id="frame"),
    ],
)
def test_a_div_with_a_margin_and_a_sign_of_an_advertisement_is_one(words: str) -> None:
    record = record_of(f'{LEAD}<div style="margin:10px 0">{words}</div>{STORY * 3}')
    assert (record["body"].split("\n\n"), record["images"]) == ([LEAD_WORDS, *[STORY_WORDS] * 3], [])


@pytest.mark.parametrize("attribute", ["news_contents", "news-contents"], ids=["older name", "same name"])
def test_an_empty_container_before_the_full_one_is_passed_over(attribute: str) -> None:
    html = build("").replace("</section>", f'<div id="{attribute}">{LEAD}</div></section>')
    assert read(html)["body"] == LEAD_WORDS


@pytest.mark.parametrize(
    "body",
    [
        pytest.param(f'<p><a href="/news/view/{OTHER}"></p>{LEAD}{STORY}', id="before the story"),
        pytest.param(
            f'<p>{DATELINE}정부는 11일 <a href="/news/view/{OTHER}">대책을 냈다.</p>{STORY}', id="in the lead"
        ),
    ],
)
def test_an_anchor_that_is_never_closed_leaves_the_story_in_the_body(body: str) -> None:
    assert record_of(body)["body"] == OWN_WORDS


def test_a_paragraph_of_the_story_may_be_one_link() -> None:
    record = record_of(f'<p><a href="/news/view/{OTHER}">{DATELINE}{LEAD_WORDS}</a></p>{STORY}')
    assert (record["place"], record["body"]) == ("서울", OWN_WORDS)


@pytest.mark.parametrize("style", ["DISPLAY: NONE", "display :none"])
def test_hidden_words_are_not_in_the_body_however_css_spells_it(style: str) -> None:
    assert record_of(f'{LEAD}<p style="{style}">숨김</p>')["body"] == LEAD_WORDS


# Words that look like something else


@pytest.mark.parametrize(
    "sentence",
    [
        pytest.param("기자협회는 AI 기업의 무단 전재를 금지하는 법안을 환영했다.", id="copying forbidden"),
        pytest.param("저작권자(원작자)는 소송을 냈다.", id="holder of the copyright"),
        pytest.param("3분기 영업이익은 1조원이다. [자료=금융감독원]", id="source of figures"),
        pytest.param("&lt;편집자&gt;라는 영화가 개봉했다.", id="editor as a title"),
        pytest.param("이 기사는 단순한 광고가 아니라 유료 회원 모집을 위한 함정이었다고 그는 말했다.", id="membership"),
        pytest.param("해당 기사는 지난 10일 출고된 뒤 논란이 됐다고 그는 말했다.", id="release"),
    ],
)
def test_a_sentence_with_the_words_of_a_notice_stays_in_the_body(sentence: str) -> None:
    record = record_of(f"{LEAD}<p>{sentence}</p>{STORY}")
    shown = sentence.replace("&lt;", "<").replace("&gt;", ">")
    assert shown in record["body"].split("\n\n")
    assert (record["notices"], record["access"]) == ([], "free")


def test_an_english_sentence_about_copyright_stays_in_the_body() -> None:
    lines = ["The court ruled on it.", "Copyright law will be changed next year."]
    assert record_of(f"<p>[Seoul=Newspim] {lines[0]}</p><p>{lines[1]}</p>")["body"] == "\n\n".join(lines)


def test_a_sub_head_about_articles_is_the_articles_own() -> None:
    body = record_of(f"{LEAD}<p>◇ 주요 기사</p><p>1. 가나일보</p>")["body"]
    assert body == f"{LEAD_WORDS}\n\n◇ 주요 기사\n\n1. 가나일보"


def test_a_first_paragraph_that_ends_with_a_date_is_the_story() -> None:
    record = record_of(f"<p>{DATELINE}정부는 시행일을 밝혔다. 시행일은 2026.10.01.</p>{STORY}")
    assert record["place"] == "서울"
    assert record["body"] == f"정부는 시행일을 밝혔다. 시행일은 2026.10.01.\n\n{STORY_WORDS}"


# Notices


@pytest.mark.parametrize(
    ("note", "shown"),
    [
        pytest.param(
            "<p>[편집자주] 뉴스핌이 기획을 마련했습니다.<br>매주 연재합니다.</p>",
            "[편집자주] 뉴스핌이 기획을 마련했습니다. 매주 연재합니다.",
            id="two lines",
        ),
        pytest.param(
            "<p>[편집자 주]</p><p>뉴스핌이 기획을 마련했습니다.</p>",
            "[편집자 주] 뉴스핌이 기획을 마련했습니다.",
            id="its heading alone",
        ),
    ],
)
def test_an_editors_note_is_a_notice_to_its_end(note: str, shown: str) -> None:
    record = record_of(note + LEAD)
    assert (record["notices"], record["body"]) == ([shown], LEAD_WORDS)


def test_a_notice_ends_where_the_dateline_begins() -> None:
    notice = "[편집자] 이 기사는 3월 22일 오후 2시57분 출고된 기사입니다."
    record = record_of(f"<p>{notice} [서울=뉴스핌] 정부는 대책을 냈다.</p>")
    assert (record["notices"], record["body"]) == ([notice], "정부는 대책을 냈다.")


def test_a_translation_notice_behind_a_dateline_makes_the_article_translated() -> None:
    notice = "이 기사는 인공지능(AI) 번역으로 생산된 콘텐츠로, 원문은 7월 9일자 가나통신 기사입니다."
    record = record_of(f"{LEAD}<p>[서울=뉴스핌]{notice}</p>")
    assert (record["kind"], record["body"]) == ("translated", LEAD_WORDS)


@pytest.mark.parametrize(
    ("inside", "below"),
    [
        pytest.param("", "<div>이 기사는 회원 가입이 필요한<br>프리미엄 기사입니다.</div>", id="over two lines"),
        pytest.param("<p>이 기사는 프리미엄 회원만 보실 수 있습니다.</p>", "", id="for members only"),
    ],
)
def test_an_article_that_needs_a_membership_is_premium(inside: str, below: str) -> None:
    record = record_of(LEAD + inside, below=below)
    assert (record["access"], record["body"]) == ("premium", LEAD_WORDS)


def test_an_article_that_was_released_to_members_first_is_free() -> None:
    notice = (
        "이 기사는 9월 10일 오후 3시 30분 '해외 주식 투자의 도우미' GAM(Global Asset Management)에 출고된 프리미엄 "
        "기사입니다. GAM에서 회원 가입을 하면 9000여 해외 종목의 프리미엄 기사를 보실 수 있습니다."
    )
    record = record_of(f"<p>{notice}</p>{LEAD}{STORY}")
    assert (record["access"], record["notices"], record["body"]) == ("free", [notice], OWN_WORDS)


# What stands below the story


@pytest.mark.parametrize("bullet", ["▶ {}", "- {}", "▶{} 2026.09.10"])
def test_a_linked_headline_is_not_in_the_body_whatever_stands_around_it(bullet: str) -> None:
    assert record_of(f"{LEAD}{STORY}{CLOSING}<p>{bullet.format(LINK)}</p>")["body"] == OWN_WORDS


def test_an_advertisement_linked_below_the_closing_line_is_not_in_the_body() -> None:
    promo = '<p>▶ <a href="https://stocks.example.com">1000% 갈 대장주 공개(확인)</a></p>'
    assert record_of(f"{LEAD}{STORY}{CLOSING}{promo}")["body"] == OWN_WORDS


@pytest.mark.parametrize(
    "box",
    [
        pytest.param('<div class="ad">AD</div>', id="box"),
        pytest.param('<ins class="adsbygoogle">광고3</ins>', id="slot"),
        pytest.param("<p>광고</p>", id="label"),
    ],
)
def test_an_ad_is_not_in_the_body(box: str) -> None:
    assert record_of(LEAD + box + STORY)["body"] == OWN_WORDS


@pytest.mark.parametrize(
    "label",
    [
        pytest.param("<p>hong@newspim.com [뉴스핌 베스트 기사]</p>", id="on the closing line"),
        pytest.param('<p>[뉴스핌 베스트 기사] <a href="/best">더보기</a></p>', id="with a link to more"),
        pytest.param("<p>[뉴스핌 BEST 기사]</p>", id="in English letters"),
        pytest.param('<h3><img alt="뉴스핌 베스트 기사" src="/b.png"></h3>', id="as a picture"),
        pytest.param("<p>[베스트 기사]</p>", id="without the agency"),
    ],
)
def test_the_story_ends_where_the_best_articles_begin(label: str) -> None:
    assert record_of(LEAD + STORY + label + TEASER)["body"] == OWN_WORDS


# Related articles


@pytest.mark.parametrize(
    "below",
    [
        pytest.param(f'<p>[뉴스핌 베스트 기사] <a href="/best">더보기</a></p>{TEASER}', id="in the container"),
        pytest.param(
            f"<table><tr><td colspan=2>[뉴스핌 베스트 기사]</td></tr><tr><td>1</td><td>{TEASER}</td></tr></table>",
            id="in a table",
        ),
    ],
)
def test_the_best_articles_are_not_related(below: str) -> None:
    assert record_of(LEAD + STORY + CLOSING + below)["related"] == []


def test_the_best_articles_beside_an_empty_related_box_are_not_related() -> None:
    best = f"<div><h4>[뉴스핌 베스트 기사]</h4>{LINK}</div>"
    below = f'<div class="wrap"><h4>관련기사</h4><p>없음</p>{best}</div>'
    assert record_of(LEAD, below=below)["related"] == []


def test_the_summary_of_a_related_article_is_not_in_the_body() -> None:
    summary = '<p class="summary">[서울=뉴스핌] 황진이 기자 = 다른 기사 요약이다.</p>'
    record = record_of(f"{LEAD}{STORY}{CLOSING}<p>[관련기사]</p><ul><li>{LINK}{summary}</li></ul>")
    assert (record["body"], record["related"]) == (OWN_WORDS, [OTHER_ID])


def test_links_are_read_from_the_address_that_the_page_sets_as_its_base() -> None:
    story = f'{LEAD}<p>정부는 <a href="news/view/{OTHER}">지난 대책</a>도 냈다.</p>'
    assert record_of(story, head='<base href="https://www.newspim.com/">')["related"] == [OTHER_ID]


# What is derived from the body


def test_a_stock_code_is_a_ticker_however_its_brackets_are_filled() -> None:
    names = "가나화학(051910 KS), 다라전자(000660·코스피), 마바（005930）, 사아(068270, 2.3%)"
    names += ', 자차(코스피 005380), "카타"(000270)'
    assert record_of(f"<p>{names}</p>")["tickers"] == ["051910", "000660", "005930", "068270", "005380", "000270"]


@pytest.mark.parametrize("words", ["수출(202503)은 줄었다.", "문의는 국번(123456)이다.", "사건번호(202312)"])
def test_six_digits_that_are_no_stock_code_are_no_ticker(words: str) -> None:
    assert record_of(f"<p>{words}</p>")["tickers"] == []


def test_codes_that_share_their_brackets_are_tickers() -> None:
    assert record_of("<p>가나그룹(005930, 000660)이 올랐다. 계약일(240611)은 같다.</p>")["tickers"] == [
        "005930",
        "000660",
    ]


def test_an_english_story_without_function_words_is_english() -> None:
    record = record_of("<p>[Seoul=Newspim] KOSPI closes 1.2% higher, Gana Electronics gains.</p>")
    assert record["language"] == "en"
