"""The normal form of a text: one line, NFC, nothing invisible, and nothing else changed."""

from __future__ import annotations

import unicodedata
from collections import Counter

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from newscrawl.text import fold, fold_lines, letters

ANY = st.text(st.characters(), max_size=60)  # lone surrogates too: broken JSON-LD has them
# What decides between "keep" and "remove", in every order.
AWKWARD = st.text(
    st.sampled_from(
        "가각e☎👩💻🏽क⌘"
        "\u1100\u1161\u11a8\u0301\u2126\u2329\u232a\u094d\u0340\ufe0f\u200d\u200c\u200b\u2060\ufeff\xad"
        "\xa0\u3000\u2028\x85\x00\x1f\x7f\ud83d \t\n\r"
    ),
    max_size=12,
)
PROPERTY = settings(deadline=None, database=None, derandomize=True, max_examples=400)


@pytest.mark.parametrize(
    ("shown", "expected"),
    [
        pytest.param("정부는  오늘", "정부는 오늘", id="two spaces"),
        pytest.param(" \t정부는\r\n\v\f오늘\n", "정부는 오늘", id="tabs and line ends"),
        pytest.param("정부는\xa0\xa0오늘", "정부는 오늘", id="no-break spaces"),
        pytest.param("정부는\u3000오늘\u2009밤\u202f에", "정부는 오늘 밤 에", id="ideographic, thin and narrow spaces"),
        pytest.param("정부는\u2028오늘\u2029밤\x85에", "정부는 오늘 밤 에", id="line and paragraph separators"),
        pytest.param("정\u200b부\ufeff는\u2060 오\xad늘", "정부는 오늘", id="zero width"),
        pytest.param("정부는\u200e 오늘\u202b\u202c", "정부는 오늘", id="direction marks"),
        pytest.param("정\x00부\x08는\x1f\x7f\x80", "정부는", id="controls"),
        pytest.param("정\ud800부", "정부", id="lone surrogate"),
        pytest.param("정\u200d부", "정부", id="joiner between syllables"),
        pytest.param("\u200d정부\u200d", "정부", id="joiner at the ends"),
        pytest.param("a\u200db", "ab", id="joiner between Latin letters"),
        pytest.param(unicodedata.normalize("NFD", "정부는 밝혔다"), "정부는 밝혔다", id="decomposed"),
        pytest.param("ᄒ\u200bᅡᆫ", "한", id="jamo that compose once a zero-width space is gone"),
        pytest.param(" \u200b \x00 ", "", id="nothing to see"),
        pytest.param("", "", id="empty"),
    ],
)
def test_what_a_page_shows_as_one_space_or_as_nothing_is_folded(shown: str, expected: str) -> None:
    assert fold(shown) == expected


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("그는 “3.5%↑…” [단독] ‘가’ <나> 「다」 ~ & © ™ ①", id="signs"),
        pytest.param("👩\u200d💻 개발자", id="joiner in an emoji"),
        pytest.param("👩🏽\u200d🚒 👨\u200d👩\u200d👧\u200d👦", id="joiners, skin tone"),
        pytest.param("❤️\u200d🔥 🏳️\u200d🌈", id="joiner behind a variation selector"),
        pytest.param("🇰🇷 ☎️ 1️⃣", id="flag, variation selector, keycap"),
        pytest.param("🏴\U000e0067\U000e0062\U000e0065\U000e006e\U000e0067\U000e007f", id="flag of tags"),
        pytest.param("क्\u200dष", id="joiner in Devanagari"),
        pytest.param("ㄱ ㅏ ㅋㅋㅋ ㆍ", id="compatibility jamo"),
        pytest.param("Ａ１％", id="full-width forms"),
        pytest.param("國 金 樂", id="han"),
    ],
)
def test_what_a_page_shows_stays_as_it_is(text: str) -> None:
    assert fold(text) == text


@pytest.mark.parametrize("filler", ["\u115f", "\u1160", "\u3164", "\uffa0"], ids=lambda char: f"U+{ord(char):04X}")
def test_a_filler_that_shows_nothing_is_not_left_between_words(filler: str) -> None:
    assert fold(f"가{filler}나") in ("가나", "가 나")


def test_what_was_removed_is_counted_by_kind() -> None:
    removed: Counter[str] = Counter()
    fold("정\u200b부\x00는\u200d 오\ufeff늘\x07", removed)
    assert removed == {"zero_width": 3, "control": 2}


def test_a_clean_text_counts_nothing() -> None:
    removed: Counter[str] = Counter()
    fold("정부는  오늘\xa0밝혔다 👩\u200d💻", removed)
    assert not removed


@PROPERTY
@given(ANY | AWKWARD)
def test_fold_never_raises(text: str) -> None:
    fold(text).encode("utf-8")


@PROPERTY
@given(ANY | AWKWARD)
@example(
    "\u2329\u200d\u2329"
)  # NFC turns the bracket into one that is no symbol: the joiner then stands beside nothing
@example("👩\u200d\u200d💻")
@example("👩\u200d\x00💻")
def test_fold_twice_is_fold_once(text: str) -> None:
    once = fold(text)
    assert fold(once) == once


@PROPERTY
@given(ANY | AWKWARD)
def test_folded_text_is_nfc_on_one_trimmed_line(text: str) -> None:
    folded = fold(text)
    assert unicodedata.is_normalized("NFC", folded)
    assert folded == " ".join(folded.split(" "))
    assert not set(folded) & set("\t\n\r\v\f\x85\xa0\u2028\u2029\u3000\u200b\u2060\ufeff\x00")
    assert "  " not in folded
    assert folded == folded.strip()


@PROPERTY
@given(ANY | AWKWARD)
def test_fold_drops_no_letter_and_no_digit(text: str) -> None:
    kept = unicodedata.normalize(
        "NFC", "".join(char for char in text if char.isalnum() and char not in "\u115f\u1160\u3164\uffa0")
    )
    assert letters(unicodedata.normalize("NFD", kept)) == letters(unicodedata.normalize("NFD", letters(fold(text))))


@pytest.mark.parametrize(
    ("shown", "expected"),
    [
        pytest.param("가  나\n다 ", "가 나\n다", id="lines stay lines"),
        pytest.param("가\n\n나", "가\n\n나", id="paragraphs stay paragraphs"),
        pytest.param("가\n\n\n\n나", "가\n\n나", id="no empty paragraph"),
        pytest.param("가\n\n\n나", "가\n\n나", id="three line ends"),
        pytest.param("가\n \n나", "가\n나", id="a line of spaces is no line"),
        pytest.param("\n\n가\n\n\u200b\n\n나\n", "가\n\n나", id="a paragraph of nothing visible"),
        pytest.param("", "", id="empty"),
    ],
)
def test_fold_lines_keeps_paragraphs_and_lines(shown: str, expected: str) -> None:
    assert fold_lines(shown) == expected


@PROPERTY
@given(ANY | AWKWARD | st.lists(AWKWARD, max_size=4).map("\n\n".join))
def test_fold_lines_twice_is_fold_lines_once(text: str) -> None:
    once = fold_lines(text)
    assert fold_lines(once) == once


@pytest.mark.parametrize(
    ("label", "expected"),
    [
        ("[뉴스핌 베스트 기사]", "뉴스핌베스트기사"),
        ("▶ 관련 기사 ", "관련기사"),
        ("…", ""),
        ("", ""),
    ],
)
def test_letters_compare_labels_whatever_stands_around_them(label: str, expected: str) -> None:
    assert letters(label) == expected
