"""The bracketed marks of a headline."""

from __future__ import annotations

import re

_OPENING = re.compile(r"\s*[\[【]([^\[\]【】]{1,40})[\]】]")
_CLOSING = re.compile(r"[\[【]([^\[\]【】]{1,40})[\]】]\s*$")
# Steps of a wire story stand in round brackets at the end too: …(종합2보)
_STEP = re.compile(r"\((속보|상보|종합|종합\d{1,2}보|\d{1,2}보)\)\s*$")
_LONGEST = 500  # characters; no headline has more
_FLASH = re.compile(r"속보|긴급|\d{1,2}보")
# 속보, 2보, 종합, 종합2보, 종합 2보: the word, and the number of the step
_STEP_MARK = re.compile(r"(속보|긴급|상보|종합|(?=\d))(?:\s?(\d{1,2})보)?")
_WORDS = {"": 0, "속보": 0, "긴급": 0, "상보": 2, "종합": 10}
_CORRECTION = re.compile(r"(?:정정|수정|고침|재송|바로잡습니다)(?:\s?보도)?")
_CORRECTED = re.compile(r"\((?:정정|수정|고침)\)$")


def marks(title: str) -> list[str]:
    """The marks that open or close the title, in their order, without brackets: `[단독][인터뷰] …` -> 단독, 인터뷰."""
    return _parted(title)[0]


def unmarked(title: str) -> str:
    """The title without the marks that open or close it: `[속보] 한은, 금리 동결(종합)` -> 한은, 금리 동결; nor (고침) at its end."""
    return _CORRECTED.sub("", _parted(title)[1]).rstrip()


def _parted(title: str) -> tuple[list[str], str]:
    if len(title) > _LONGEST:
        return [], title
    opening: list[str] = []
    position = 0
    while match := _OPENING.match(title, position):
        opening.append(match[1].strip())
        position = match.end()
    closing: list[str] = []
    rest = title[position:].strip()
    while match := _CLOSING.search(rest) or _STEP.search(rest):
        closing.insert(0, match[1].strip())
        rest = rest[: match.start()].rstrip()
    return [mark for mark in opening + closing if mark], rest


def step(title_marks: list[str]) -> int | None:
    """How far a wire's story has come by its marks: 0 for 속보 and 긴급, 1 for 1보, 2 for 2보 and 상보, 10 for 종합, 12 for 종합2보; None
    without such a mark. The highest of several."""
    found = [match for mark in title_marks if (match := _STEP_MARK.fullmatch(mark))]
    return max((_WORDS[match[1]] + int(match[2] or 0) for match in found), default=None)


def is_correction(title: str) -> bool:
    """Whether a title says that the article takes the place of an earlier one: [정정], [수정], [고침], [재송], or (고침) at its end."""
    title_marks, rest = _parted(title)
    return any(_CORRECTION.fullmatch(mark) for mark in title_marks) or _CORRECTED.search(rest) is not None


def is_flash(title_marks: list[str]) -> bool:
    """Whether a mark says that this is a flash of a wire: 속보, 긴급, 1보, 2보 … (not 종합, which is a story)."""
    return any(_FLASH.fullmatch(mark) for mark in title_marks)
