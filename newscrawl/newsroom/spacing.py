"""Edits of white space alone: in the words, and in the HTML around them."""

from __future__ import annotations

import re
from dataclasses import replace

from .blocks import Paragraph
from .dice import EDIT, Dice, dice
from .editions import Draft

# A style or script as a whole, which is left alone; or the text between two tags, none of which is a comment.
BETWEEN_TAGS = re.compile(r"<(?:style|script)\b[^>]*>[^<]*|(?<=[^-]>)[^<>]+(?=<[^!])")
# After these tags white space shows nothing.
BLOCK_END = re.compile(r"</(?:p|div|li|table|tr|td|figure)>|<br ?/?>", re.IGNORECASE)
WIDER = ("  ", " &nbsp;", "&nbsp;", "\n", "\r\n    ", "\t", " \u00a0")
ENDS = ("\n", "\r\n", "\n\n    ", "  ", "\t")
SHARE = 0.1
"""Of the places at which white space may change, those at which it does."""
# Within a paragraph: a space between two Korean words, a place within a long one, the end of a sentence.
GAP = re.compile(r"(?<=[가-힣]) (?=[가-힣])")
WITHIN = re.compile(r"(?<=[가-힣]{2})(?=[가-힣]{2})")
SENTENCE_END = re.compile(r"(?<=[가-힣]다\.) (?=[가-힣])")


def respace(draft: Draft) -> None:
    """Other white space on the page; half of the time also a space more or less in the words, or a paragraph parted in two.

    Then the body is written to HTML anew: what is drawn for it (entities, advertisements) may come out in another way too.
    """
    draft.spaces = draft.version
    if draft.die.chance(0.3):
        draft.story = replace(draft.story, title=_wider_once(draft.die, draft.story.title))
    if draft.die.chance(0.5):
        draft.die.pick([_closer, _farther, _parted])(draft)


def respaced(seed: int, number: int, spaces: int, html: str) -> str:
    """The HTML of a body with the white space of one version."""
    die = dice(seed, EDIT, (1 << 32) + (number << 16) + spaces)
    html = BETWEEN_TAGS.sub(lambda match: _wider(die, match[0]), html)
    return (
        f"{BLOCK_END.sub(lambda match: match[0] + (die.pick(ENDS) if die.chance(SHARE) else ''), html)}{' ' * spaces}"
    )


def _wider(die: Dice, shown: str) -> str:
    if shown.startswith("<"):
        return shown
    words = shown.split(" ")
    return "".join(word + (die.pick(WIDER) if die.chance(SHARE) else " ") for word in words[:-1]) + words[-1]


def _wider_once(die: Dice, shown: str) -> str:
    """The text with one of its spaces doubled."""
    places = [place for place, letter in enumerate(shown) if letter == " "]
    if not places:
        return shown
    at = die.pick(places)
    return f"{shown[:at]} {shown[at:]}"


def _closer(draft: Draft) -> None:
    """One space between two words is gone."""
    _once(draft, GAP, "")


def _farther(draft: Draft) -> None:
    """One word is torn in two."""
    _once(draft, WITHIN, " ")


def _once(draft: Draft, where: re.Pattern[str], instead: str) -> None:
    at, spans = _spans(draft, where)
    if at is not None:
        block = draft.blocks[at]
        if isinstance(block, Paragraph):
            start, end = draft.die.pick(spans)
            draft.blocks[at] = replace(block, text=f"{block.text[:start]}{instead}{block.text[end:]}")


def _parted(draft: Draft) -> None:
    """One paragraph is two: the words are the same."""
    at, spans = _spans(draft, SENTENCE_END)
    if at is not None:
        block = draft.blocks[at]
        if isinstance(block, Paragraph):
            start, end = draft.die.pick(spans)
            draft.blocks[at : at + 1] = [replace(block, text=block.text[:start]), Paragraph(block.text[end:])]


def _spans(draft: Draft, where: re.Pattern[str]) -> tuple[int | None, list[tuple[int, int]]]:
    """A paragraph (not the first one, which may name its reporter; none of a flash, a list of names) that has such places, and they."""
    places = [] if draft.story.form in ("flash", "personnel") else draft.plain()[1:]
    draft.die.shuffle(places)
    for at in places:
        block = draft.blocks[at]
        if isinstance(block, Paragraph) and (spans := [match.span() for match in where.finditer(block.text)]):
            return at, spans
    return None, []
