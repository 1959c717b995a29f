"""The language of a text, by its script."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from newscrawl.korean import language


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("정부는 새 대책을 내놓았다.", "ko", id="Korean"),
        pytest.param("코스피 KOSPI 2,500.12 (+1.2%) 마감", "ko", id="Korean with Latin names"),
        pytest.param("尹 대통령, 美·中 정상과 회담", "ko", id="Korean with Chinese characters"),
        pytest.param(
            "가나전자가 GPU B200과 HBM4를 쓴 AI 서버 GB200 NVL72를 공개했다.", "ko", id="Korean full of product names"
        ),
        pytest.param("韩国政府周一公布了新的经济对策，并表示将扩大内需。", "zh", id="Chinese"),
        pytest.param(
            "韩国企业（가나전자）周一表示，将扩大在中国市场的投资，并建立新的研发中心。",
            "zh",
            id="Chinese with a Korean name",
        ),
        pytest.param("日本政府は新しい対策を発表した。", "ja", id="Japanese"),
        pytest.param("カタカナ", "ja", id="Katakana"),
        pytest.param("The government of Korea announced new measures on Monday.", "en", id="English"),
        pytest.param(
            "The company 가나전자 said that it will invest in the city of Seoul next year.",
            "en",
            id="English with a Korean name",
        ),
        pytest.param("12,345.67 +1.2% ▲", None, id="numbers"),
        pytest.param("ABC XYZ", None, id="names alone"),
        pytest.param("", None, id="empty"),
    ],
)
def test_language_is_that_of_the_script(text: str, expected: str | None) -> None:
    assert language(text) == expected


def test_decomposed_text_of_a_mac_is_korean_once_it_is_folded() -> None:
    from newscrawl.text import fold

    assert language(fold("\u1112\u1161\u11ab\u1100\u116e\u11a8")) == "ko"


@settings(deadline=None, database=None, derandomize=True, max_examples=300)
@given(st.text(max_size=80))
def test_no_text_raises(text: str) -> None:
    assert language(text) in (None, "ko", "ja", "zh", "en")
