"""Cases of datelines, bylines and closing lines: who wrote the article, and where."""

from __future__ import annotations

import pytest

from tests.page_builder import LEAD, LEAD_WORDS, OWN_WORDS, STORY, STORY_WORDS, author, record_of

HONG = author("홍길동")
HONG_WITH_EMAIL = author("홍길동", email="hong@newspim.com")

# The opening of the story


@pytest.mark.parametrize(
    "opening",
    [
        pytest.param("<p>[서울=뉴스핌]<br>홍길동 기자 = {}</p>", id="name on the next line"),
        pytest.param("<p>[서울=뉴스핌] 홍길동 기자<br>= {}</p>", id="sign on the next line"),
        pytest.param("<p>[서울=뉴스핌]</p><p>홍길동 기자 = {}</p>", id="name in the next paragraph"),
        pytest.param("<p>[서울=뉴스핌] 홍길동 기자</p><p>{}</p>", id="no sign, a paragraph of its own"),
        pytest.param("<p>[서울=뉴스핌] 홍길동기자 = {}</p>", id="role glued to the name"),
    ],
)
def test_a_byline_is_taken_off_the_story_however_it_is_set(opening: str) -> None:
    record = record_of(opening.format(LEAD_WORDS))
    assert (record["place"], record["authors"], record["body"]) == ("서울", [HONG], LEAD_WORDS)


def test_a_department_before_the_role_is_not_another_author() -> None:
    record = record_of("<p>[서울=뉴스핌] 홍길동 정치부 선임기자 = 정부는 11일 대책을 냈다.</p>")
    assert [each["name"] for each in record["authors"]] == ["홍길동"]


def test_an_address_in_the_byline_is_the_authors() -> None:
    record = record_of(f"<p>[서울=뉴스핌] 홍길동 기자(hong@newspim.com) = {LEAD_WORDS}</p>")
    assert (record["authors"], record["body"]) == ([HONG_WITH_EMAIL], LEAD_WORDS)


def test_a_place_may_name_its_country_in_brackets() -> None:
    record = record_of(f"<p>[워싱턴(미국)=뉴스핌] 홍길동 특파원 = {LEAD_WORDS}</p>")
    assert (record["place"], record["body"]) == ("워싱턴(미국)", LEAD_WORDS)


def test_the_agency_in_both_scripts_is_a_dateline_without_a_place() -> None:
    record = record_of(f"<p>[뉴스핌 Newspim] 홍길동 기자 = {LEAD_WORDS}</p>")
    assert (record["place"], record["authors"], record["body"]) == (None, [HONG], LEAD_WORDS)


def test_an_author_whom_only_the_meta_tags_name_is_given_without_a_role() -> None:
    record = record_of(f"<p>{LEAD_WORDS}</p>", head='<meta property="dable:author" content="홍길동">')
    assert record["authors"] == [author("홍길동", role=None)]


# The closing line


def test_a_closing_line_with_the_role_glued_to_the_name_gives_its_address() -> None:
    record = record_of(f"{LEAD}{STORY}<p>홍길동기자 hong@newspim.com</p>")
    assert (record["authors"], record["body"]) == ([HONG_WITH_EMAIL], OWN_WORDS)


def test_an_address_glued_to_the_last_sentence_is_parted_from_it() -> None:
    record = record_of(f"{LEAD}<p>{STORY_WORDS}hong@newspim.com</p>")
    assert (record["authors"], record["body"]) == ([HONG_WITH_EMAIL], OWN_WORDS)


def test_an_english_closing_line_names_its_author() -> None:
    record = record_of(
        "<p>[Seoul=Newspim] The court ruled on it.</p><p>By Hong Gil-dong, hong@newspim.com</p>",
    )
    assert record["authors"] == [author("Hong Gil-dong", None, "hong@newspim.com")]
    assert record["body"] == "The court ruled on it."


def test_a_chinese_closing_line_names_its_author() -> None:
    record = record_of("<p>纽斯频通讯社首尔8月31日电 韩国政府表示。</p><p>记者 洪吉童（hong@newspim.com）</p>")
    assert record["authors"] == [author("洪吉童", "记者", "hong@newspim.com")]
    assert record["body"] == "韩国政府表示。"


def test_the_label_of_an_address_for_tips_is_nobodys_name() -> None:
    authors = record_of(f"{LEAD}{STORY}<p>제보 report@newspim.com</p>")["authors"]
    assert {each["name"] for each in authors} <= {"홍길동", None}


# Addresses that belong to the story


@pytest.mark.parametrize(
    "words",
    [
        pytest.param("참가를 원하면 아래로 신청하면 된다.<br>apply@ministry.example.kr", id="where to apply"),
        pytest.param("이순신 홍보팀장 lee@company.example.kr", id="contact of a company"),
    ],
)
def test_an_address_of_another_house_is_the_storys_own(words: str) -> None:
    record = record_of(f"{LEAD}<p>{words}</p>{STORY}")
    assert record["authors"] == [HONG]
    assert words.replace("<br>", "\n") in record["body"].split("\n\n")
