"""A member of a family as it is told: its headline, its paragraphs, and what it is to the members before it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

FLASH = re.compile(r"속보|[1-9]보")
FLASH_MOST = 150
"""Characters of a flash of one paragraph; a longer one is an article."""
# [단독][인터뷰] before a headline; [영상] or (종합2보) behind it. (고침) is none of the wire's steps.
FRONT = re.compile(r"\[([^\[\]]{1,40})\]\s*")
BACK = re.compile(r"\s*(?:\[([^\[\]]{1,40})\]|\((속보|상보|종합|종합\d보|\d보)\))$")


@dataclass(frozen=True, slots=True)
class Piece:
    """What one member says. Without paragraphs it is told as any story is, and only has its headline from the family."""

    title: str
    body: Sequence[str] = ()
    form: str = "article"
    kin: str | None = None
    """What it is to each earlier member (`kinship.KINDS`); None for nothing."""
    speaker: int = 0
    """The place in the family of the member whose reporter signs it."""


def marks_of(title: str) -> tuple[str, ...]:
    """The marks of a headline, in order."""
    front: list[str] = []
    while match := FRONT.match(title):
        front.append(match[1])
        title = title[match.end() :]
    back: list[str] = []
    while match := BACK.search(title):
        back.insert(0, match[1] or match[2])
        title = title[: match.start()]
    return tuple(front + back)


def form_of(title: str, body: Sequence[str]) -> str:
    """Whether so short a piece under such a mark is a flash."""
    flash = any(FLASH.fullmatch(mark) for mark in marks_of(title))
    return "flash" if flash and len(body) == 1 and len(body[0]) <= FLASH_MOST else "article"


def letters(piece: Piece) -> str:
    """Headline and body without white space."""
    return "".join(f"{piece.title} {' '.join(piece.body)}".split())
