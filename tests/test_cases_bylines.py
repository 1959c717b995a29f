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


@pytest.mark.parametrize(
    "head",
    [
        pytest.param('<meta name="author" content="뉴스핌">', id="agency"),
        pytest.param('<meta name="author" content="newspim">', id="agency in small letters"),
        pytest.param('<meta property="dable:author" content="뉴스핌">', id="another meta tag"),
        pytest.param(
            '<script type="application/ld+json">{"@type":"NewsArticle","author":{"@type":"Person","name":"뉴스핌"}}</script>',
            id="JSON-LD",
        ),
        pytest.param(
            '<script type="application/ld+json">{"@type":"NewsArticle","author":{"@type":"Organization","name":"가나신문"}}'
            "</script>",
            id="organization",
        ),
        pytest.param(
            '<script type="application/ld+json">{"@type":"NewsArticle","author":[{"@type":["NewsMediaOrganization"],'
            '"name":"가나신문"}]}</script>',
            id="organization of a kind",
        ),
    ],
)
def test_an_agency_is_no_author(head: str) -> None:
    assert record_of(f"<p>{LEAD_WORDS}</p>", head=head)["authors"] == []


def test_the_person_named_behind_an_agency_is_the_author() -> None:
    people = '[{"@type":"Organization","name":"뉴스핌"},{"@type":"Person","name":"홍길동"}]'
    json_ld = f'<script type="application/ld+json">{{"@type":"NewsArticle","author":{people}}}</script>'
    head = f'<meta name="author" content="뉴스핌">{json_ld}'
    assert record_of(f"<p>{LEAD_WORDS}</p>", head=head)["authors"] == [author("홍길동", role=None)]


@pytest.mark.parametrize("role", ["IT 전문기자", "AI 전문기자", "IT 기자", "의학 전문기자", "산업 전문 기자"])
def test_a_field_before_the_role_is_not_another_author(role: str) -> None:
    record = record_of(f"<p>[서울=뉴스핌] 홍길동 {role} = {LEAD_WORDS}</p>")
    assert (record["authors"], record["body"]) == ([author("홍길동", role)], LEAD_WORDS)


@pytest.mark.parametrize("work", ["글", "정리", "촬영", "번역", "글·사진", "글/사진", "글 사진", "사진·글"])
def test_what_the_author_did_is_not_another_author(work: str) -> None:
    opened = record_of(f"<p>[서울=뉴스핌] {work} 홍길동 기자 = {LEAD_WORDS}</p>")
    assert (opened["authors"], opened["body"]) == ([HONG], LEAD_WORDS)
    closed = record_of(f"<p>[서울=뉴스핌] {LEAD_WORDS}</p><p>{work} 홍길동 기자 hong@newspim.com</p>")
    assert (closed["authors"], closed["body"]) == ([HONG_WITH_EMAIL], LEAD_WORDS)


def test_the_writer_and_the_photographer_of_a_byline_are_both_authors() -> None:
    record = record_of(f"<p>[서울=뉴스핌] 글 홍길동 기자·사진 이몽룡 기자 = {LEAD_WORDS}</p>")
    assert (record["authors"], record["body"]) == ([HONG, author("이몽룡")], LEAD_WORDS)


def test_a_second_dateline_further_down_stays_as_it_is_written() -> None:
    second = "[부산=뉴스핌] 이가나 기자 = 부산시도 대책을 냈다."
    record = record_of(f"{LEAD}<p>{second}</p>{STORY}")
    assert (record["place"], record["authors"]) == ("서울", [HONG])
    assert record["body"].split("\n\n") == [LEAD_WORDS, second, STORY_WORDS]


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


@pytest.mark.parametrize(
    "label",
    [
        "제보",
        "기사제보",
        "독자제보",
        "독자 제보",
        "제보는",
        "문의는",
        "▶ 기사 제보:",
        "기사제보 및 보도자료",
        "광고 문의",
    ],
)
def test_the_address_for_tips_is_no_authors(label: str) -> None:
    record = record_of(f"{LEAD}{STORY}<p>{label} jebo@newspim.com</p>")
    assert (record["authors"], record["body"]) == ([HONG], OWN_WORDS)
    nameless = record_of(f"<p>{LEAD_WORDS}</p><p>{label} jebo@newspim.com</p>")
    assert (nameless["authors"], nameless["body"]) == ([], LEAD_WORDS)


def test_the_address_for_tips_leaves_the_author_his_own() -> None:
    record = record_of(f"{LEAD}{STORY}<p>hong@newspim.com</p><p>기사제보 jebo@newspim.com</p>")
    assert (record["authors"], record["body"]) == ([HONG_WITH_EMAIL], OWN_WORDS)


# Addresses that belong to the story


@pytest.mark.parametrize(
    "words",
    [
        pytest.param("참가를 원하면 아래로 신청하면 된다.<br>apply@ministry.example.kr", id="where to apply"),
        pytest.param("이순신 홍보팀장 lee@company.example.kr", id="contact of a company"),
        pytest.param("문의는 help@company.example.kr", id="where to ask"),
    ],
)
def test_an_address_of_another_house_is_the_storys_own(words: str) -> None:
    record = record_of(f"{LEAD}<p>{words}</p>{STORY}")
    assert record["authors"] == [HONG]
    assert words.replace("<br>", "\n") in record["body"].split("\n\n")
