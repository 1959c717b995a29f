"""One article's versions: what each says, the copy on which the next is written, and in what two differ."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from .blocks import Block, Content, Paragraph
from .dice import EDIT, Dice, dice
from .opening import Opening
from .stories import Story
from .truth import Record

COMPARED = ("title", "deck", "modified_at", "body", "tables", "images")
"""The record's fields in which a revision may differ, in this order."""
SPACE = re.compile(r"\s+")


@dataclass(frozen=True, slots=True)
class Edition:
    """One version of an article. Its parts are never changed, only replaced: versions share what they have in common."""

    story: Story
    content: Content
    opening: Opening
    at: datetime
    """When it was made: what a Last-Modified says of it."""
    spaces: int = 0
    """The version that last changed the page's white space; 0 for none."""
    frame: int = 0
    """The version that last changed what stands around the article; 0 for none."""


def begun(story: Story) -> datetime:
    """When an article that was never edited was made: the last change that its page names, else its publication."""
    return max(story.published_at, story.modified_at or story.published_at)


def as_of(story: Story, moment: datetime | None) -> Story:
    """A story that was never edited as its page says at a moment: no 최종수정 that is still to come."""
    if moment is None or story.modified_at is None or story.modified_at <= moment:
        return story
    return replace(story, modified_at=None)


def first_edition(story: Story, content: Content, opening: Opening) -> Edition:
    """An article as it was before any edit."""
    return Edition(story, content, opening, begun(story))


@dataclass(slots=True)
class Draft:
    """The next version while it is written: `story` and `content` are copies, the blocks in them are to be replaced, not changed."""

    die: Dice
    past: Sequence[Edition]
    """All versions so far, the last one being what is edited."""
    story: Story
    content: Content
    opening: Opening
    spaces: int
    frame: int
    blocks: list[Block] = field(init=False)

    def __post_init__(self) -> None:
        self.content = replace(self.content, deck=list(self.content.deck), blocks=list(self.content.blocks))
        self.blocks = self.content.blocks

    @property
    def version(self) -> int:
        """The number of the version that is being written."""
        return len(self.past) + 1

    def use(self, blocks: Sequence[Block]) -> None:
        """Put other blocks in the place of all."""
        self.content.blocks = self.blocks = list(blocks)

    def plain(self) -> list[int]:
        """Places of the paragraphs of prose: neither subheads nor the headings of lists of names. The first is the lead, if there is one."""
        return [place for place, block in enumerate(self.blocks) if is_plain(block)]

    def finished(self, at: datetime) -> Edition:
        """The version as it will stand; the opening says what the first paragraph now says."""
        lead = next((block.text for block in self.blocks if is_plain(block) and isinstance(block, Paragraph)), None)
        opening = self.opening if lead is None else replace(self.opening, lead=lead)
        return Edition(self.story, self.content, opening, at, self.spaces, self.frame)


def draft_of(past: Sequence[Edition], seed: int) -> Draft:
    """A copy of the last version to write the next one on; its dice depend on seed, article and version alone."""
    last = past[-1]
    die = dice(seed, EDIT, (last.story.number << 16) + len(past))
    return Draft(die, past, last.story, last.content, last.opening, last.spaces, last.frame)


def is_plain(block: Block) -> bool:
    """Whether a block is a paragraph of prose."""
    return isinstance(block, Paragraph) and not block.subhead and not block.text.startswith("◇")


def differences(before: Record, after: Record) -> list[str]:
    """The fields of `COMPARED` that differ, white space aside. No 최종수정 in the later one is no difference."""
    return [
        name
        for name in COMPARED
        if squeezed(before[name]) != squeezed(after[name]) and not (name == "modified_at" and after[name] is None)
    ]


def squeezed(value: Any) -> Any:
    """A value of a record without any white space in its texts."""
    if isinstance(value, str):
        return SPACE.sub("", value)
    if isinstance(value, list):
        return [squeezed(one) for one in value]
    if isinstance(value, dict):
        return {name: squeezed(one) for name, one in value.items()}
    return value
