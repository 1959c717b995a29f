"""Datelines, bylines: who wrote it, where, and where the story's own words begin."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from newscrawl.korean import Person, dateline, people
from newscrawl.korean.bylines import dateline_inside
from newscrawl.spiders.newspim import NEWSPIM

AGENCY = NEWSPIM.agency
REPORTER = (Person("홍길동", "기자"),)
PROPERTY = settings(deadline=None, database=None, derandomize=True, max_examples=300)
WORDS = "[ ] ( ) = ＝ · , 서울 뉴스핌 홍길동 기자 특파원 인턴 로보뉴스 纽斯频 首尔 8月 31日电 A. Hong @ 가"
FRAGMENTS = st.lists(st.sampled_from([*WORDS.split(), " ", "\u00a0"]), max_size=14).map("".join)


def read(text: str) -> tuple[str | None, tuple[Person, ...], str] | None:
    found = dateline(text, AGENCY)
    return (found.place, found.people, text[found.end :]) if found else None


@pytest.mark.parametrize(
    ("text", "place", "persons"),
    [
        pytest.param("[서울=뉴스핌] 홍길동 기자 = ", "서울", REPORTER, id="since 2018"),
        pytest.param("[서울 = 뉴스핌] 홍길동 기자 = ", "서울", REPORTER, id="spaces in the bracket"),
        pytest.param("[ 서울=뉴스핌 ] 홍길동 기자 = ", "서울", REPORTER, id="spaces at the bracket's ends"),
        pytest.param("[서울=뉴스핌] 홍길동 기자= ", "서울", REPORTER, id="no space before the sign"),
        pytest.param("[서울=뉴스핌] 홍길동 기자 =", "서울", REPORTER, id="no space behind the sign"),
        pytest.param("[서울=뉴스핌]홍길동 기자=", "서울", REPORTER, id="no spaces at all"),
        pytest.param("[서울＝뉴스핌] 홍길동 기자 ＝ ", "서울", REPORTER, id="full-width sign"),
        pytest.param("[세종·대전=뉴스핌] 홍길동 기자 = ", "세종·대전", REPORTER, id="two places"),
        pytest.param("[뉴욕=뉴스핌] 홍길동 특파원 = ", "뉴욕", (Person("홍길동", "특파원"),), id="correspondent"),
        pytest.param("[서울=뉴스핌] 홍길동 인턴기자 = ", "서울", (Person("홍길동", "인턴기자"),), id="intern"),
        pytest.param("[서울=뉴스핌] 홍길동 문화전문기자 = ", "서울", (Person("홍길동", "문화전문기자"),), id="expert"),
        pytest.param(
            "[서울=뉴스핌] 홍길동 정치부장 = ", "서울", (Person("홍길동", "정치부장"),), id="head of politics"
        ),
        pytest.param("[서울=뉴스핌] 홍길동 증권부장 = ", "서울", (Person("홍길동", "증권부장"),), id="head of markets"),
        pytest.param(
            "[서울=뉴스핌] 홍길동 논설위원 = ", "서울", (Person("홍길동", "논설위원"),), id="editorial writer"
        ),
        pytest.param(
            "[서울=뉴스핌] 남궁민수 기자 = ", "서울", (Person("남궁민수", "기자"),), id="name of four syllables"
        ),
        pytest.param("[서울=뉴스핌] 이봄 기자 = ", "서울", (Person("이봄", "기자"),), id="name of two syllables"),
        pytest.param(
            "[서울=뉴스핌] 홍길동·이다라 기자 = ", "서울", (*REPORTER, Person("이다라", "기자")), id="two share a role"
        ),
        pytest.param("[서울=뉴스핌] 홍길동, 이다라 기자 = ", "서울", (*REPORTER, Person("이다라", "기자")), id="comma"),
        pytest.param(
            "[서울=뉴스핌] 홍길동 기자·이다라 인턴기자 = ",
            "서울",
            (*REPORTER, Person("이다라", "인턴기자")),
            id="two roles",
        ),
        pytest.param(
            "[서울=뉴스핌] 홍길동 기자 이다라 기자 = ",
            "서울",
            (*REPORTER, Person("이다라", "기자")),
            id="two with a space between",
        ),
        pytest.param(
            "[서울=뉴스핌] 홍길동·이다라·박마바·최사아 기자 = ",
            "서울",
            tuple(Person(name, "기자") for name in ("홍길동", "이다라", "박마바", "최사아")),
            id="four",
        ),
        pytest.param("[서울=뉴스핌] 로보뉴스 = ", "서울", (Person("로보뉴스"),), id="robot"),
        pytest.param("[뉴스핌=홍길동 기자] ", None, REPORTER, id="before 2018"),
        pytest.param("[뉴스핌 = 홍길동 기자] ", None, REPORTER, id="before 2018 with spaces"),
        pytest.param(
            "[뉴스핌=홍길동·이다라 기자] ", None, (*REPORTER, Person("이다라", "기자")), id="before 2018, two"
        ),
        pytest.param("[뉴욕 = 뉴스핌 홍길동 특파원] ", "뉴욕", (Person("홍길동", "특파원"),), id="before 2018, abroad"),
        pytest.param("纽斯频通讯社首尔8月31日电 ", "首尔", (), id="Chinese"),
        pytest.param("纽斯频通讯社首尔12月1日电 ", "首尔", (), id="Chinese, another day"),
    ],
)
def test_each_form_of_a_byline_is_taken_off_the_story(
    text: str, place: str | None, persons: tuple[Person, ...]
) -> None:
    assert read(f"{text}정부는 새 대책을 내놓았다.") == (place, persons, "정부는 새 대책을 내놓았다.")


@pytest.mark.parametrize(
    "story",
    [
        pytest.param("뉴스핌 홍길동 기자가 현장을 찾았다.", id="a sentence about a reporter"),
        pytest.param("뉴스핌 홍길동 기자가 쓴 책의 값은 1권 = 2만원이다.", id="such a sentence with a sign"),
        pytest.param("1달러 = 1300원 선이 무너졌다.", id="a rate"),
        pytest.param("원/달러 환율은 1달러 = 1300원에 거래를 마쳤다.", id="a rate further on"),
        pytest.param("정부 = 국회라는 등식이 깨졌다.", id="an equation of words"),
        pytest.param("홍길동 = 의적이라는 믿음", id="a name without a role"),
        pytest.param("기자 = 기록하는 사람", id="a role without a name"),
        pytest.param("홍길동 기자는 E = mc² 이라고 적었다.", id="a formula"),
        pytest.param("", id="nothing"),
    ],
)
def test_a_story_that_only_looks_like_a_byline_keeps_its_words(story: str) -> None:
    assert read(f"[서울=뉴스핌] {story}") == ("서울", (), story)


def test_only_the_first_sign_ends_a_byline() -> None:
    assert read("[서울=뉴스핌] 홍길동 기자 = 식은 a = b 였다.") == ("서울", REPORTER, "식은 a = b 였다.")


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("[서울=다른통신] 홍길동 기자 = 정부는", id="another agency"),
        pytest.param("서울=뉴스핌 홍길동 기자 = 정부는", id="no bracket"),
        pytest.param("정부는 [서울=뉴스핌] 홍길동 기자 = ", id="not at the beginning"),
        pytest.param("[뉴스핌 특집] 정부는", id="a mark"),
        pytest.param("[뉴스핌=특집] 정부는", id="a mark with a sign"),
        pytest.param("[뉴스핌] 정부는", id="the agency alone"),
        pytest.param("[속보] 정부는", id="a flash"),
        pytest.param("[사진=로이터 뉴스핌] 월가", id="a credit with another agency"),
        pytest.param("[=뉴스핌] 정부는", id="an empty place"),
        pytest.param("[서울=뉴스핌", id="never closed"),
        pytest.param("韩联社首尔8月31日电 政府", id="another Chinese agency"),
        pytest.param("뉴스핌 홍길동 기자 = 정부는", id="the agency before the name"),
        pytest.param("", id="empty"),
    ],
)
def test_what_is_no_dateline_is_none(text: str) -> None:
    assert dateline(text, AGENCY) is None


@pytest.mark.parametrize("word", ["사진", "사진 ", "자료", "그래픽", "출처", "영상", "표"])
def test_a_credit_that_opens_a_line_is_no_place(word: str) -> None:
    found = dateline(f"[{word}=뉴스핌] 시민들이 걷고 있다.", AGENCY)
    assert found is None or found.place is None


@pytest.mark.parametrize(
    ("text", "names"),
    [
        pytest.param("홍길동 기자 이다라 기자", {"홍길동", "이다라"}, id="a role between two names"),
        pytest.param("홍길동 뉴욕 특파원", {"홍길동"}, id="a post"),
        pytest.param("뉴욕 홍길동 특파원", {"홍길동"}, id="a post before the name"),
        pytest.param("홍길동 국제부 기자", {"홍길동"}, id="a department"),
        pytest.param("홍길동 인턴 기자", {"홍길동"}, id="a role of two words"),
    ],
)
def test_a_role_a_post_or_a_department_is_nobodys_name(text: str, names: set[str]) -> None:
    assert {person.name for person in people(text)} in (names, set())


@pytest.mark.parametrize(
    "text",
    [
        "",
        " ",
        "·",
        "기자",
        "정부는 오늘",
        "1달러",
        "홍길동",
        "홍길동 기자가",
        "홍길동 기자는 오늘",
        "뉴스핌 홍길동 기자가 현장을",
    ],
)
def test_what_names_nobody_with_a_role_is_nobody(text: str) -> None:
    assert people(text) == ()


def test_bare_names_count_only_where_they_may() -> None:
    assert people("홍길동") == ()
    assert people("홍길동", bare_names=True) == (Person("홍길동"),)


@PROPERTY
@given(st.text(max_size=40) | FRAGMENTS)
def test_dateline_never_raises_and_ends_inside_the_text(text: str) -> None:
    found = dateline(text, AGENCY)
    if found:
        assert 0 < found.end <= len(text)
        assert found.place is None or found.place == found.place.strip() != ""
        assert all(person.name for person in found.people)


@PROPERTY
@given(st.text(max_size=40) | FRAGMENTS)
def test_people_never_raises_and_names_have_letters(text: str) -> None:
    assert all(person.name.strip() and person.role != "" for person in people(text, bare_names=True))


def test_a_dateline_behind_a_notice_is_found() -> None:
    text = "이 기사는 번역입니다. [서울=뉴스핌] 홍길동 기자 = 정부는"
    assert dateline_inside(text, AGENCY) == text.index("[")


@pytest.mark.parametrize(
    "text",
    [
        "이 기사는 번역입니다.",
        "이 기사는 [사진=뉴스핌] 사진과 함께",
        "이 기사는 [서울=뉴스핌] 정부는",
        "[서울=뉴스핌] 홍길동 기자 = 정부는",
    ],
)
def test_no_byline_behind_a_notice_is_none(text: str) -> None:
    assert dateline_inside(text, AGENCY) is None
