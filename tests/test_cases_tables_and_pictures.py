"""Cases of tables, pictures and captions: what is a picture's, what is data, what is the story's."""

from __future__ import annotations

import pytest

from tests.page_builder import (
    CLOSING,
    DATELINE,
    LEAD,
    LEAD_WORDS,
    OTHER,
    OWN_WORDS,
    PICTURE,
    PICTURE_URL,
    STORY,
    STORY_WORDS,
    TEASER,
    author,
    record_of,
)

CAPTION = "월가 [사진=로이터 뉴스핌]"


def picture(caption: str | None, credit: str | None, url: str | None = PICTURE_URL) -> dict[str, str | None]:
    return {"url": url, "caption": caption, "credit": credit}


CAPTIONED = picture(CAPTION, "로이터 뉴스핌")

# Captions


def test_a_table_in_a_div_with_a_margin_gives_its_picture() -> None:
    table = f'<table><tr><td>{PICTURE}</td></tr><tr><td class="news_img_caption">{CAPTION}</td></tr></table>'
    record = record_of(f'{LEAD}<div style="margin:0 auto;text-align:center">{table}</div>{STORY}')
    assert (record["images"], record["body"]) == ([CAPTIONED], OWN_WORDS)


def test_a_caption_cell_that_is_never_closed_ends_before_the_story() -> None:
    table = f'<table><tr><td>{PICTURE}</td></tr><tr><td class="news_img_caption">{CAPTION}'
    record = record_of(table + LEAD + STORY * 60)
    assert record["images"] == [CAPTIONED]
    assert record["body"].split("\n\n") == [LEAD_WORDS, *[STORY_WORDS] * 60]


def test_a_caption_on_the_line_of_the_dateline_is_parted_from_it() -> None:
    record = record_of(f"<p>{PICTURE}{CAPTION} {DATELINE}{LEAD_WORDS}</p>{STORY}")
    assert (record["images"], record["place"], record["body"]) == ([CAPTIONED], "서울", OWN_WORDS)


def test_a_credit_at_the_end_of_the_first_paragraph_leaves_the_story() -> None:
    record = record_of(f"<p>{DATELINE}{LEAD_WORDS} [사진=소속사 제공]</p>{STORY}")
    assert record["images"] == [picture("[사진=소속사 제공]", "소속사 제공", url=None)]
    assert (record["place"], record["body"]) == ("서울", OWN_WORDS)


PROSE = "가나자동차는 11일 새 차를 공개했다. 값은 3000만원부터다."


@pytest.mark.parametrize(
    ("above", "url"),
    [
        pytest.param("", None, id="no picture"),
        pytest.param(PICTURE, PICTURE_URL, id="below a picture"),
        pytest.param(f"{PICTURE}{STORY}", PICTURE_URL, id="a paragraph after a picture"),
    ],
)
def test_a_credit_at_the_end_of_a_later_paragraph_leaves_the_story(above: str, url: str | None) -> None:
    record = record_of(f"{LEAD}{above}<p>{PROSE} [사진=가나자동차]</p>{STORY}")
    assert record["images"] == [picture("[사진=가나자동차]", "가나자동차", url)]
    own = [LEAD_WORDS, STORY_WORDS, PROSE, STORY_WORDS] if STORY in above else [LEAD_WORDS, PROSE, STORY_WORDS]
    assert record["body"].split("\n\n") == own


def test_a_credit_at_the_end_of_a_first_paragraph_without_a_byline_leaves_the_story() -> None:
    record = record_of(f"<p>[서울=뉴스핌] {PROSE} [사진=가나자동차]</p>{STORY}")
    assert record["images"] == [picture("[사진=가나자동차]", "가나자동차", url=None)]
    assert (record["place"], record["body"]) == ("서울", f"{PROSE}\n\n{STORY_WORDS}")


def test_a_paragraph_below_a_picture_that_names_its_source_is_the_storys() -> None:
    record = record_of(f"{LEAD}{PICTURE}<p>{PROSE} [자료=통계청]</p>{STORY}")
    assert record["images"] == [picture(None, None)]
    assert record["body"].split("\n\n") == [LEAD_WORDS, f"{PROSE} [자료=통계청]", STORY_WORDS]


@pytest.mark.parametrize(
    "caption",
    [
        pytest.param("시민들이 새 차를 보고 있다. [사진=가나자동차]", id="one sentence"),
        pytest.param("[서울=뉴스핌] 시민들이 보고 있다. 새 차는 11일 나왔다. [사진=가나자동차]", id="a dateline"),
        pytest.param(f"{PROSE} [사진=가나자동차] 2026.09.11 mong@newspim.com", id="date and address"),
    ],
)
def test_a_sentence_with_a_credit_directly_below_a_picture_is_its_caption(caption: str) -> None:
    record = record_of(f"{PICTURE}<p>{caption}</p>{LEAD}{STORY}")
    assert (record["images"], record["body"]) == ([picture(caption, "가나자동차")], OWN_WORDS)


@pytest.mark.parametrize(
    ("caption", "credit"),
    [
        pytest.param("가온시청 전경", None, id="bare"),
        pytest.param("가온시청 전경 ⓒ뉴스핌", "뉴스핌", id="a holder of rights"),
        pytest.param("▲ 가온시청 전경", None, id="a mark"),
        pytest.param("시민들이 가온시청 앞을 걷고 있다.", None, id="a sentence"),
    ],
)
def test_the_line_below_a_picture_and_above_the_dateline_is_its_caption(caption: str, credit: str | None) -> None:
    record = record_of(f"{PICTURE}<p>{caption}</p>{LEAD}{STORY}")
    assert (record["images"], record["deck"], record["body"]) == ([picture(caption, credit)], [], OWN_WORDS)


def test_the_deck_may_stand_below_a_picture_with_its_caption() -> None:
    record = record_of(f"{PICTURE}<p>가온시청 전경</p><p>새 대책에 시장 반응</p>{LEAD}{STORY}")
    assert (record["images"], record["deck"]) == ([picture("가온시청 전경", None)], ["새 대책에 시장 반응"])
    assert record["body"] == OWN_WORDS


@pytest.mark.parametrize("words", ["◆ 새 대책의 뜻", PROSE])
def test_a_sub_head_or_a_paragraph_below_a_picture_is_no_caption(words: str) -> None:
    record = record_of(f"{PICTURE}<p>{words}</p>{LEAD}{STORY}")
    assert (record["images"], record["body"]) == ([picture(None, None)], f"{words}\n\n{OWN_WORDS}")


def test_a_caption_below_a_picture_may_end_with_the_holder_of_its_rights() -> None:
    record = record_of(f"{LEAD}{PICTURE}<p>가온시청 전경 ⓒ 뉴스핌</p>{STORY}")
    assert (record["images"], record["body"]) == ([picture("가온시청 전경 ⓒ 뉴스핌", "뉴스핌")], OWN_WORDS)


def test_the_only_paragraph_below_a_picture_is_the_story() -> None:
    record = record_of(f"<table><tr><td>{PICTURE}</td></tr></table><p>{DATELINE}{LEAD_WORDS} hong@newspim.com</p>")
    assert (record["kind"], record["body"], record["images"]) == ("article", LEAD_WORDS, [picture(None, None)])
    assert record["authors"] == [author("홍길동", email="hong@newspim.com")]


@pytest.mark.parametrize(
    ("shown", "caption"),
    [
        pytest.param(
            "대책을 내고 있다.<br>2026.09.11 mong@newspim.com",
            "대책을 내고 있다. 2026.09.11 mong@newspim.com",
            id="two lines",
        ),
        pytest.param("서 있다. 2026.09.11 (mong@newspim.com)", None, id="address in brackets"),
        pytest.param("서 있다. 2026.09.11 mong@newspim.com.", None, id="full stop"),
    ],
)
def test_a_caption_that_opens_like_a_story_is_told_by_its_end(shown: str, caption: str | None) -> None:
    opening = "[서울=뉴스핌] 이몽룡 기자 = "
    record = record_of(f"{LEAD}<p>{PICTURE}</p><p>{opening}{shown}</p>{STORY}")
    assert record["images"] == [picture(opening + (caption or shown), "이몽룡 기자")]
    assert record["body"] == OWN_WORDS


def test_a_second_story_in_one_page_is_no_caption() -> None:
    first = "[서울=뉴스핌] 홍길동 기자 = 첫째 이야기다. 길게 쓴 본문이다. hong@newspim.com"
    second = "[뉴욕=뉴스핌] 황진이 특파원 = 둘째 이야기다. hwang@newspim.com"
    record = record_of(f"<p>{first}</p><p>{second}</p>")
    assert record["images"] == []
    assert "둘째 이야기다." in record["body"]


@pytest.mark.parametrize(
    ("caption", "credit"),
    [
        pytest.param("현장 [사진=영상 캡처]", "영상 캡처", id="brackets"),
        pytest.param("장관 <사진=이몽룡 기자 mong@>", "이몽룡 기자", id="half an address"),
        pytest.param("장관 <성춘향 기자 chun@>", "성춘향 기자", id="a name alone"),
        pytest.param("월가 [사진=뉴스핌 DB] / 2026.09.11 hong@newspim.com", "뉴스핌 DB", id="more behind a stroke"),
    ],
)
def test_a_caption_below_a_picture_names_whom_it_credits(caption: str, credit: str) -> None:
    shown = caption.replace("<", "&lt;").replace(">", "&gt;")
    record = record_of(f"{LEAD}<p>{PICTURE}</p><p>{shown}</p>{STORY}")
    assert (record["images"], record["body"]) == ([picture(caption, credit)], OWN_WORDS)


def test_a_credit_in_a_caption_element_needs_no_brackets() -> None:
    caption = '<td class="news_img_caption">사진=로이터 뉴스핌</td>'
    images = record_of(f"<table><tr><td>{PICTURE}</td></tr><tr>{caption}</tr></table>{LEAD}")["images"]
    assert images == [picture("사진=로이터 뉴스핌", "로이터 뉴스핌")]


# Pictures


def test_a_picture_that_links_off_the_site_is_the_articles() -> None:
    linked = f'<p><a href="https://www.example.com/watch?v=1">{PICTURE}</a></p>'
    assert record_of(f"{LEAD}{linked}<p>{CAPTION}</p>{STORY}")["images"] == [CAPTIONED]


def test_the_thumbnail_of_a_related_article_is_no_picture_of_this_one() -> None:
    thumbnail = f'<a href="/news/view/{OTHER}">{PICTURE}<span>다른 기사 제목</span></a>'
    record = record_of(f"{LEAD}{STORY}{CLOSING}<p>[관련기사]</p><ul><li>{thumbnail}</li></ul>")
    assert record["images"] == []


def test_the_pictures_of_the_best_articles_are_not_this_ones() -> None:
    rows = f"<tr><td colspan=2>[뉴스핌 베스트 기사]</td></tr><tr><td>{PICTURE}</td><td>{TEASER}</td></tr>"
    record = record_of(f"{LEAD}{STORY}{CLOSING}<table>{rows}</table>")
    assert (record["images"], record["body"]) == ([], OWN_WORDS)


def test_a_picture_is_found_from_the_address_that_the_page_sets_as_its_base() -> None:
    record = record_of(f'{LEAD}<p><img src="n/a.jpg"></p>', head='<base href="https://www.newspim.com/">')
    assert [each["url"] for each in record["images"]] == ["https://www.newspim.com/n/a.jpg"]


# Tables


@pytest.mark.parametrize(
    ("table", "images"),
    [
        pytest.param(
            f'<table width="100%"><tr><td width="10"></td><td>{LEAD}</td></tr></table>', [], id="an empty margin"
        ),
        pytest.param(
            f'<table><tr><td>{PICTURE}</td></tr><tr><td class="news_img_caption">{CAPTION}</td></tr>'
            f"<tr><td>{LEAD}</td></tr></table>",
            [CAPTIONED],
            id="a picture above",
        ),
    ],
)
def test_a_short_story_laid_out_in_a_table_is_the_story(table: str, images: list[dict[str, str | None]]) -> None:
    record = record_of(table)
    assert (record["place"], record["body"]) == ("서울", LEAD_WORDS)
    assert (record["tables"], record["images"]) == ([], images)


def test_arrows_beside_the_figures_leave_a_table_of_data() -> None:
    rows = (
        '<tr><td>코스피</td><td><img src="/images/up.gif"> 1.2%</td></tr>'
        '<tr><td>코스닥</td><td><img src="/images/dn.gif"> 0.8%</td></tr>'
    )
    tables = record_of(f"{LEAD}<table>{rows}</table>{STORY}")["tables"]
    assert tables == [[["코스피", "1.2%"], ["코스닥", "0.8%"]]]


@pytest.mark.parametrize(
    "hidden",
    [
        pytest.param('<tr style="display:none"><td>숨김</td><td>9</td></tr>', id="row"),
        pytest.param("<tr hidden><td>숨김</td><td>9</td></tr>", id="row by its attribute"),
        pytest.param('<tr style="visibility:collapse"><td>숨김</td><td>9</td></tr>', id="collapsed row"),
        pytest.param('<tbody style="display:none"><tr><td>숨김</td><td>9</td></tr></tbody>', id="group"),
        pytest.param('<caption style="display:none">숨김</caption>', id="title"),
    ],
)
def test_what_a_table_hides_is_not_in_the_record(hidden: str) -> None:
    rows = "<tr><td>가</td><td>1</td></tr><tr><td>나</td><td>2</td></tr>"
    record = record_of(f"{LEAD}<table>{hidden}<tbody>{rows}</tbody></table>{STORY}")
    assert (record["tables"], record["body"]) == ([[["가", "1"], ["나", "2"]]], OWN_WORDS)


def test_the_title_of_a_data_table_is_in_the_record() -> None:
    rows = "<caption>등락률 표</caption><tr><th>가</th><th>나</th></tr><tr><td>1</td><td>2</td></tr>"
    record = record_of(f"{LEAD}<table>{rows}</table>{STORY}")
    assert record["tables"] == [[["가", "나"], ["1", "2"]]]
    assert "등락률 표" in str(record)


def test_a_table_of_absurd_spans_is_of_bounded_width() -> None:
    row = "<tr>" + "<td colspan=100 rowspan=100>가</td>" * 50 + "</tr>"
    (table,) = record_of(f"<table>{row * 50}</table>")["tables"]
    assert len(table) == 50
    assert max(map(len, table)) <= 500  # the spans of one row add up to 5000
