"""The bracketed marks of a headline."""

from __future__ import annotations

import re

_OPENING = re.compile(r"\s*[\[【]([^\[\]【】]{1,40})[\]】]")
_CLOSING = re.compile(r"[\[【]([^\[\]【】]{1,40})[\]】]\s*$")
# Steps of a wire story stand in round brackets at the end too: …(종합2보)
_STEP = re.compile(r"\((속보|상보|종합|종합\d{1,2}보|\d{1,2}보)\)\s*$")
_LONGEST = 500  # characters; no headline has more
_FLASH = re.compile(r"속보|긴급|\d{1,2}보")


def marks(title: str) -> list[str]:
    """The marks that open or close the title, in their order, without brackets: `[단독][인터뷰] …` -> 단독, 인터뷰."""
    if len(title) > _LONGEST:
        return []
    opening: list[str] = []
    position = 0
    while match := _OPENING.match(title, position):
        opening.append(match[1].strip())
        position = match.end()
    closing: list[str] = []
    rest = title[position:].rstrip()
    while match := _CLOSING.search(rest) or _STEP.search(rest):
        closing.insert(0, match[1].strip())
        rest = rest[: match.start()].rstrip()
    return [mark for mark in opening + closing if mark]


def is_flash(title_marks: list[str]) -> bool:
    """Whether a mark says that this is a flash of a wire: 속보, 긴급, 1보, 2보 … (not 종합, which is a story)."""
    return any(_FLASH.fullmatch(mark) for mark in title_marks)
