"""Captions: told from the article's own words, and whom they credit."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from newscrawl.korean import caption, looks_like_caption
from newscrawl.spiders.newspim import NEWSPIM

AGENCY, DOMAIN = NEWSPIM.agency, NEWSPIM.domain
PROPERTY = settings(deadline=None, database=None, derandomize=True, max_examples=300)
FRAGMENTS = st.lists(
    st.sampled_from(
        [
            "[",
            "]",
            "(",
            "<",
            "사진",
            "자료",
            "=",
            " ",
            "뉴스핌",
            "서울",
            "홍길동 기자",
            "2025.06.16",
            "/",
            "a@newspim.com",
            "a@",
            "다.",
        ]
    ),
    max_size=12,
).map("".join)


@pytest.mark.parametrize(
    ("text", "credit"),
    [
        pytest.param(
            "[서울=뉴스핌] 홍길동 기자 = 시민들이 걷고 있다. 2025.06.16 gildong@newspim.com",
            "홍길동 기자",
            id="like a dateline",
        ),
        pytest.param(
            "[서울=뉴스핌] 홍길동 기자 = 시민들이 걷고 있다. 2025.06.16. gildong@newspim.com",
            "홍길동 기자",
            id="a dot behind the day",
        ),
        pytest.param(
            "[서울=뉴스핌] 홍길동 기자 = 시민들이 걷고 있다. 2025. 6. 16 gildong@newspim.com",
            "홍길동 기자",
            id="a date with spaces",
        ),
        pytest.param("[서울=뉴스핌] 홍길동 기자 = 시민들이 걷고 있다. 2025.06.16", "홍길동 기자", id="no address"),
        pytest.param(
            "[서울=뉴스핌] 홍길동 기자 = 2025.06.16 gildong@newspim.com", "홍길동 기자", id="no words of its own"
        ),
        pytest.param(
            "[서울=뉴스핌] 홍길동·이다라 기자 = 시민들. 2025.06.16 a@newspim.com", "홍길동 기자, 이다라 기자", id="two"
        ),
        pytest.param("시민들이 걷고 있다. photo@newspim.com", None, id="the desk"),
        pytest.param("시민들이 걷고 있다. 2025.06.16 photo@newspim.com", None, id="the desk with a date"),
        pytest.param("월가 [사진=로이터 뉴스핌]", "로이터 뉴스핌", id="agency"),
        pytest.param("월가[사진=로이터 뉴스핌]", "로이터 뉴스핌", id="agency without a space"),
        pytest.param("[사진 = 뉴스핌DB] 2025.03.16 oks34@newspim.com", "뉴스핌DB", id="archive with date and address"),
        pytest.param("청사 전경 [사진 = 뉴스핌DB]", "뉴스핌DB", id="archive"),
        pytest.param("새 차 (사진=가나자동차)", "가나자동차", id="round brackets"),
        pytest.param("새 차 <사진제공=가나자동차>", "가나자동차", id="angle brackets"),
        pytest.param("새 차 [사진 제공 : 가나자동차(주)]", "가나자동차(주)", id="a colon, brackets inside"),
        pytest.param("지수 추이 [자료=가나증권 HTS]", "가나증권 HTS", id="source"),
        pytest.param("지수 추이 [그래픽=홍길동 미술기자]", "홍길동 미술기자", id="graphic"),
        pytest.param("시민들이 걷고 있다. /홍길동 기자 gildong@", "홍길동 기자", id="until 2018"),
        pytest.param(
            "[서울=뉴스핌] 홍길동 기자 = 새 차 [사진=가나자동차] 2025.06.16 a@newspim.com",
            "가나자동차",
            id="bracket before reporter",
        ),
    ],
)
def test_each_form_of_a_caption_is_known_and_credited(text: str, credit: str | None) -> None:
    assert looks_like_caption(text, AGENCY, DOMAIN)
    assert caption(text, AGENCY).credit == credit


def test_a_caption_keeps_its_words_in_full() -> None:
    text = "[서울=뉴스핌] 홍길동 기자 = 시민들이 걷고 있다. 2025.06.16 gildong@newspim.com"
    assert caption(text, AGENCY).text == text


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("[서울=뉴스핌] 홍길동 기자 = 정부는 새 대책을 내놓았다.", id="the first paragraph"),
        pytest.param(
            "[서울=뉴스핌] 홍길동 기자 = 정부는 2025.06.16 회의에서 새 대책을 내놓았다.", id="a date in the middle"
        ),
        pytest.param("정부는 2025.06.16부터 새 대책을 편다.", id="a date in a sentence"),
        pytest.param("시행일은 2025.06.16", id="a date at the end"),
        pytest.param("문의는 2025.06.16까지 gildong@newspim.com 으로 하면 된다.", id="date and address in a sentence"),
        pytest.param("그는 [사진=가나]를 내걸고 시위를 벌였다.", id="a credit in the middle"),
        pytest.param("통계청 자료에 따르면 (자료=통계청 제공) 물가는 올랐다.", id="a source in the middle"),
        pytest.param("사진 = 빛으로 그린 그림이라는 말이 있다.", id="an equation of words"),
        pytest.param("그는 찬성/반대 gildong@", id="a slash without a reporter"),
        pytest.param("사진", id="the word alone"),
        pytest.param("", id="empty"),
    ],
)
def test_the_articles_own_words_are_no_caption(text: str) -> None:
    assert not looks_like_caption(text, AGENCY, DOMAIN)


def test_a_long_paragraph_that_names_its_source_is_no_caption() -> None:
    text = "정부는 지난해 같은 달보다 물가가 크게 올랐다며 " * 5 + "이같이 밝혔다. [자료=통계청]"
    assert not looks_like_caption(text, AGENCY, DOMAIN)


def test_a_caption_that_names_nobody_credits_nobody() -> None:
    assert caption("시민들이 걷고 있다.", AGENCY).credit is None


@PROPERTY
@given(st.text(max_size=60) | FRAGMENTS)
def test_captions_never_raise_and_credits_are_in_the_text(text: str) -> None:
    looks_like_caption(text, AGENCY, DOMAIN, beside_image=True)
    credit = caption(text, AGENCY).credit
    assert credit is None or credit.split(", ")[0].split()[0] in text
