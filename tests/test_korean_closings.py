"""The closing line: its e-mails, and whom it names."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from newscrawl.korean import Closing, Person, closing, inline_closing
from newscrawl.spiders.newspim import NEWSPIM

AGENCY, DOMAIN = NEWSPIM.agency, NEWSPIM.domain
MAIL = "gildong@newspim.com"
REPORTER = Person("홍길동", "기자")
PROPERTY = settings(deadline=None, database=None, derandomize=True, max_examples=300)
FRAGMENTS = st.lists(
    st.sampled_from([MAIL, "a@b.c", "@", "홍길동", "기자", "[", "]", "=", " ", ".", "다.", "·", ",", "뉴스핌"]),
    max_size=12,
).map("".join)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param(MAIL, [Closing(MAIL)], id="alone"),
        pytest.param(
            f"베이징= 홍길동 특파원 {MAIL}", [Closing(MAIL, Person("홍길동", "특파원"))], id="place, name and role"
        ),
        pytest.param(
            f"베이징 = 홍길동 특파원 {MAIL}", [Closing(MAIL, Person("홍길동", "특파원"))], id="place with spaces"
        ),
        pytest.param(f"홍길동 기자 {MAIL}", [Closing(MAIL, REPORTER)], id="name and role"),
        pytest.param(f"홍길동 기자 ({MAIL})", [Closing(MAIL, REPORTER)], id="in brackets"),
        pytest.param(f"홍길동 기자({MAIL})", [Closing(MAIL, REPORTER)], id="in brackets without a space"),
        pytest.param(f"[뉴스핌=홍길동 기자] {MAIL}", [Closing(MAIL, REPORTER)], id="agency and name in a bracket"),
        pytest.param(f"[뉴스핌 홍길동 기자 {MAIL}]", [Closing(MAIL, REPORTER)], id="all in a bracket"),
        pytest.param(
            f"홍길동 기자 {MAIL} 이다라 기자 b@newspim.com",
            [Closing(MAIL, REPORTER), Closing("b@newspim.com", Person("이다라", "기자"))],
            id="two",
        ),
        pytest.param(
            f"홍길동 기자 {MAIL}, 이다라 기자 b@newspim.com",
            [Closing(MAIL, REPORTER), Closing("b@newspim.com", Person("이다라", "기자"))],
            id="two with a comma",
        ),
        pytest.param(f"{MAIL} b@newspim.com", [Closing(MAIL), Closing("b@newspim.com")], id="two bare addresses"),
        pytest.param(f"홍길동·이다라 기자 {MAIL}", [Closing(MAIL)], id="one address for two: it names neither"),
        pytest.param(f"{MAIL}.", [Closing(MAIL)], id="a full stop behind it"),
    ],
)
def test_each_form_gives_its_addresses_with_their_people(text: str, expected: list[Closing]) -> None:
    assert list(closing(text, AGENCY, DOMAIN)) == expected


@pytest.mark.parametrize(
    "text",
    [
        pytest.param(f"문의는 {MAIL} 으로 보내면 된다.", id="an address in the middle"),
        pytest.param(f"신청서를 {MAIL}로 보내야 한다.", id="an address with a particle"),
        pytest.param(
            f"참가를 원하는 시민은 담당자에게 전자우편({MAIL})으로 신청하면 된다.", id="an address in brackets"
        ),
        pytest.param(f"신청은 담당 부서로 하면 된다고 시는 밝혔다. {MAIL}", id="a sentence before it"),
        pytest.param("문의 사항은 시청 총무과 전자우편 help@example.kr", id="a label of several words"),
        pytest.param("시청 help@example.kr", id="an office of elsewhere"),
        pytest.param("@gildong 님의 글", id="a handle"),
        pytest.param("gildong@", id="half an address"),
        pytest.param("가격은 1개 @ 100원", id="an at sign"),
        pytest.param(f"{'홍길동 기자 ' * 20}{MAIL}", id="too long"),
        pytest.param("홍길동 기자", id="no address"),
        pytest.param("", id="empty"),
    ],
)
def test_what_only_holds_an_address_is_no_closing_line(text: str) -> None:
    assert closing(text, AGENCY, DOMAIN) == ()


@pytest.mark.parametrize("label", ["제보", "문의", "이메일", "메일", "제보:", "이메일 :", "E-mail:", "Email"])
def test_a_label_before_an_address_is_nobodys_name(label: str) -> None:
    assert all(found.person is None for found in closing(f"{label} {MAIL}", AGENCY, DOMAIN))


@pytest.mark.parametrize(
    ("text", "story", "person"),
    [
        pytest.param(f"정부는 대책을 내놓았다. {MAIL}", "정부는 대책을 내놓았다.", None, id="bare"),
        pytest.param(f"정부는 대책을 내놓았다. 홍길동 기자 {MAIL}", "정부는 대책을 내놓았다.", REPORTER, id="named"),
        pytest.param(f"정부는 대책을 내놓았다 {MAIL}", "정부는 대책을 내놓았다", None, id="no full stop"),
        pytest.param(f"“대책이 있다” {MAIL}", "“대책이 있다”", None, id="behind a quotation"),
        pytest.param(f"정부는 대책을 내놓았다. ({MAIL})", "정부는 대책을 내놓았다.", None, id="in brackets"),
    ],
)
def test_a_closing_at_the_end_of_the_last_paragraph_is_parted_from_it(
    text: str, story: str, person: Person | None
) -> None:
    assert inline_closing(text, DOMAIN) == (story, Closing(MAIL, person))


@pytest.mark.parametrize(
    "text",
    [
        pytest.param(f"제보는 {MAIL}", id="the address is the sentence's own"),
        pytest.param(f"정부는 {MAIL}로 의견을 받는다.", id="in the middle"),
        pytest.param("의견은 시청으로 보낸다. help@example.kr", id="another domain"),
        pytest.param("의견은 시청으로 보낸다. a@newspim.com.example.kr", id="a domain that looks alike"),
        pytest.param("의견은 시청으로 보낸다. a@notnewspim.com", id="a domain that ends alike"),
        pytest.param(MAIL, id="nothing before it"),
        pytest.param("", id="empty"),
    ],
)
def test_an_address_that_belongs_to_the_sentence_stays(text: str) -> None:
    assert inline_closing(text, DOMAIN) is None


@PROPERTY
@given(st.text(max_size=60) | FRAGMENTS)
def test_closings_never_raise_and_their_addresses_are_in_the_text(text: str) -> None:
    for found in closing(text, AGENCY, DOMAIN):
        assert found.email in text
    if parted := inline_closing(text, DOMAIN):
        story, found = parted
        assert text.startswith(story)
        assert found.email in text[len(story) :]
