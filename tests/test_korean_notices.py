"""Notices of the agency about an article, and copyright lines; prose that only begins like them is the article's."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from newscrawl.korean import is_copyright, notice
from newscrawl.spiders.newspim import NEWSPIM


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("이 기사는 인공지능(AI) 번역으로 생산된 콘텐츠로, 원문은 7월 9일자 블룸버그 기사입니다.", "translation"),
        ("※ 이 기사는 AI 번역으로 생산된 콘텐츠로, 원문은 7월 9일자 가나통신 기사입니다.", "translation"),
        (
            "이 기사는 뉴스핌과 가나다가 공동 개발한 기사 자동생성 알고리즘에 의해 실시간으로 작성된 것입니다.",
            "robot",
        ),
        ("이 기사는 회원 가입이 필요한 프리미엄 기사입니다.", "premium"),
        ("[편집자] 이 기사는 3월 22일 오후 2시57분 프리미엄 뉴스서비스에 먼저 나왔습니다.", "editor"),
        ("[편집자주] 가나다 연재를 시작합니다.", "editor"),
        ("<편집자 註> 가나다 연재를 시작합니다.", "editor"),
        ("이 기사는 3월 22일 오후 2시57분 프리미엄 뉴스서비스에 출고된 기사입니다.", "editor"),
    ],
)
def test_each_notice_is_told_by_its_kind(text: str, kind: str) -> None:
    assert notice(text) == kind


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("이 기사는 당시 큰 반향을 일으켰다.", id="a story about a story"),
        pytest.param("이 기사는 홍길동 씨의 삶을 바꾸어 놓았다고 그는 말했다.", id="quoted"),
        pytest.param("이 기사는 프리미엄 자동차 시장의 성장을 다뤄 상을 받았다.", id="premium of another kind"),
        pytest.param(
            "이 글은 가격이 알고리즘에 의해 정해진다고 비판해 화제가 됐다.", id="an algorithm of another kind"
        ),
        pytest.param("이 기사의 댓글에는 AI 번역 서비스를 쓰자는 의견이 많았다.", id="a translation of another kind"),
        pytest.param(
            "본 기사는 로봇기자가 쓴 글과 사람이 쓴 글을 견줘 보여 줬다는 평을 들었다.", id="a robot of another kind"
        ),
        pytest.param("이 콘텐츠는 유료 회원이 10만명을 넘으며 흥행했다.", id="members of another kind"),
        pytest.param("편집자는 책을 냈다.", id="an editor"),
        pytest.param("[편집자]라는 이름의 전시가 열렸다.", id="an editor in brackets"),
        pytest.param("편집자 출신의 홍길동 대표는", id="who was an editor"),
        pytest.param("정부는 이 기사는 사실이 아니며 프리미엄 기사입니다라고 했다.", id="in the middle"),
        pytest.param("이 기사는", id="cut"),
        pytest.param("", id="empty"),
    ],
)
def test_prose_that_begins_like_a_notice_is_none(text: str) -> None:
    assert notice(text) is None


@pytest.mark.parametrize("opening", ["[편집자] ", "이 기사는 알고리즘에 의해 자동생성된 "])
def test_a_paragraph_as_long_as_a_story_is_no_notice(opening: str) -> None:
    assert notice(opening + "정부는 새 대책을 내놓았다. " * 60) is None


@pytest.mark.parametrize(
    "text",
    [
        "저작권자(c) 글로벌리더의 지름길 종합뉴스통신사 뉴스핌(Newspim), 무단 전재-재배포 금지",
        "저작권자ⓒ 뉴스핌, 무단전재 및 재배포 금지",
        "<저작권자© 뉴스핌 무단 전재 및 재배포 금지>",
        "ⓒ 뉴스핌",
        "Copyright ⓒ Newspim. All rights reserved.",
        "COPYRIGHT © 뉴스핌",
        "무단 전재-재배포 금지",
    ],
)
def test_copyright_lines_are_known(text: str) -> None:
    assert is_copyright(text, NEWSPIM.agency)


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("정부는 기사의 무단 전재를 금지하는 법안을 냈다.", id="a ban in a sentence"),
        pytest.param("그는 무단 전재 행위를 처벌하고 재배포도 금지해야 한다고 말했다.", id="a demand"),
        pytest.param("법원은 저작권자(원고)의 손을 들어 줬다.", id="an owner in court"),
        pytest.param("Copyright law changed in Korea, the ministry said.", id="a law"),
        pytest.param("저작권자의 허락을 받아야 한다.", id="an owner"),
        pytest.param("", id="empty"),
    ],
)
def test_a_sentence_about_copyright_is_the_articles_own(text: str) -> None:
    assert not is_copyright(text, NEWSPIM.agency)


def test_a_long_paragraph_is_no_copyright_line() -> None:
    assert not is_copyright("정부는 새 대책을 내놓았다. " * 20 + "무단 전재-재배포 금지", NEWSPIM.agency)


@settings(deadline=None, database=None, derandomize=True, max_examples=300)
@given(
    st.text(max_size=80)
    | st.lists(st.sampled_from("이 기사는 편집자 [ ] 번역 AI 회원 프리미엄 ⓒ 무단 전재 금지".split()), max_size=12).map(
        " ".join
    )
)
def test_no_text_raises(text: str) -> None:
    assert notice(text) in (None, "premium", "robot", "translation", "editor")
    is_copyright(text, NEWSPIM.agency)
