"""The bracketed marks of a headline."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from newscrawl.korean import is_correction, is_flash, marks, step, unmarked

PROPERTY = settings(deadline=None, database=None, derandomize=True, max_examples=300)
FRAGMENTS = st.lists(
    st.sampled_from(["[", "]", "【", "】", "(", ")", "속보", "종합", "2보", " ", "정부", "[단독]", "(1보)"]),
    max_size=10,
).map("".join)


@pytest.mark.parametrize(
    "mark", "속보 1보 2보 종합 종합2보 단독 인터뷰 포토 사진 영상 기자수첩 현장에서 기고 GAM 유럽증시 신간".split()
)
def test_each_mark_that_opens_a_title_is_given(mark: str) -> None:
    assert marks(f"[{mark}] 정부, 새 대책 발표") == [mark]


@pytest.mark.parametrize(
    ("title", "expected"),
    [
        pytest.param("[단독][인터뷰] 정부", ["단독", "인터뷰"], id="two"),
        pytest.param("[단독] [인터뷰] 정부", ["단독", "인터뷰"], id="two with a space"),
        pytest.param("[단독]정부", ["단독"], id="no space behind"),
        pytest.param("【단독】 정부", ["단독"], id="black brackets"),
        pytest.param("[ANDA 칼럼] 정부", ["ANDA 칼럼"], id="a space inside"),
        pytest.param("[주목! 급등락 종목(6/27)] 가나전자", ["주목! 급등락 종목(6/27)"], id="round brackets inside"),
        pytest.param("정부, 발표 [종합]", ["종합"], id="closing"),
        pytest.param("정부, 발표[종합2보]", ["종합2보"], id="closing without a space"),
        pytest.param("정부, 발표(종합2보)", ["종합2보"], id="step in round brackets"),
        pytest.param("정부, 발표 (종합)", ["종합"], id="step with a space"),
        pytest.param("정부, 발표(1보)", ["1보"], id="first step"),
        pytest.param("정부, 발표(상보)", ["상보"], id="fuller step"),
        pytest.param("[단독] 정부, 발표(종합)", ["단독", "종합"], id="both ends"),
        pytest.param("정부, 발표(종합) [포토]", ["종합", "포토"], id="two closing"),
        pytest.param("[속보]", ["속보"], id="nothing else"),
        pytest.param("[속보] [종합]", ["속보", "종합"], id="nothing but two"),
        pytest.param("[속보](종합)", ["속보", "종합"], id="nothing but two of either kind"),
        pytest.param(" [ 속보 ] 정부 ", ["속보"], id="spaces"),
    ],
)
def test_marks_come_in_order_without_brackets(title: str, expected: list[str]) -> None:
    assert marks(title) == expected


@pytest.mark.parametrize(
    "title",
    [
        pytest.param("정부 [전문] 공개", id="in the middle"),
        pytest.param("물가 상승률(표)", id="round brackets of another kind"),
        pytest.param("가나전자(005930)", id="a code"),
        pytest.param("정부(2보) 발표", id="a step in the middle"),
        pytest.param("(종합) 정부", id="a step that opens"),
        pytest.param("정부(제2보)", id="no step"),
        pytest.param("[] 정부", id="an empty bracket"),
        pytest.param("[ ] 정부", id="a bracket of nothing"),
        pytest.param("[속보 정부", id="never closed"),
        pytest.param("속보] 정부", id="never opened"),
        pytest.param(f"[{'가' * 60}] 정부", id="a sentence in brackets"),
        pytest.param("", id="empty"),
    ],
)
def test_what_is_no_mark_gives_none(title: str) -> None:
    assert marks(title) == []


@pytest.mark.parametrize("mark", ["속보", "1보", "2보", "3보", "12보"])
def test_steps_before_the_story_are_flashes(mark: str) -> None:
    assert is_flash(["단독", mark])


@pytest.mark.parametrize("mark", ["종합", "종합2보", "상보", "단독", "속보팀", "제1보", ""])
def test_other_marks_are_no_flashes(mark: str) -> None:
    assert not is_flash([mark])


@PROPERTY
@given(st.text(max_size=60) | FRAGMENTS)
def test_marks_never_raise_and_stand_in_the_title(title: str) -> None:
    for mark in marks(title):
        assert mark
        assert mark == mark.strip()
        assert mark in title
        assert not set(mark) & set("[]【】")


@pytest.mark.parametrize(
    ("title", "number"),
    [
        ("[속보] 한은, 기준금리 동결", 0),
        ("[긴급] 지진", 0),
        ("[1보] 한은, 기준금리 동결", 1),
        ("한은, 기준금리 동결(2보)", 2),
        ("[상보] 한은, 기준금리 동결", 2),
        ("[종합] 한은, 기준금리 동결", 10),
        ("한은, 기준금리 동결(종합2보)", 12),
        ("[종합 3보] 한은, 기준금리 동결", 13),
        ("[속보][종합] 한은, 기준금리 동결", 10),
        ("[단독] 한은 내부 문건", None),
        ("[종합상사] 실적", None),
        ("한은, 기준금리 동결", None),
    ],
)
def test_marks_say_how_far_a_story_has_come(title: str, number: int | None) -> None:
    assert step(marks(title)) == number


@pytest.mark.parametrize(
    ("title", "bare"),
    [
        ("[속보] 한은, 금리 동결(종합)", "한은, 금리 동결"),
        ("[단독][인터뷰] 김 모 씨 [영상]", "김 모 씨"),
        ("한은 (금통위) 금리 동결", "한은 (금통위) 금리 동결"),
        ("[속보]", ""),
        ("한은, 금리 동결(고침)", "한은, 금리 동결"),
    ],
)
def test_a_title_without_its_marks(title: str, bare: str) -> None:
    assert unmarked(title) == bare


@pytest.mark.parametrize(
    ("title", "corrects"),
    [
        ("[정정] 한은, 금리 동결", True),
        ("[수정][단독] 한은 문건", True),
        ("[정정보도] 한은 문건", True),
        ("한은, 금리 동결(고침)", True),
        ("[정정훈] 인터뷰", False),
        ("한은, 통화정책 수정", False),
    ],
)
def test_some_titles_say_that_an_article_takes_anothers_place(title: str, corrects: bool) -> None:
    assert is_correction(title) is corrects
