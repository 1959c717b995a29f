"""Edits of the body: from one digit to half of its paragraphs."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from . import prose
from .blocks import Advertisement, Block, Items, Paragraph
from .editions import Draft, is_plain
from .truth import body

FEWEST = 5
"""Paragraphs that stay: an article of fewer with a flash's mark would turn into a flash."""


def rewrite(draft: Draft) -> None:
    """Other words in the body: one of `EDITS`, as the article's form allows."""
    before = body(draft.content)
    edits = FLASH_EDITS if draft.story.form == "flash" else EDITS
    for _ in range(50):
        draft.die.pick(edits)(draft)
        if prose.differs(before, body(draft.content)):
            return
    new_lead(draft)


def new_lead(draft: Draft) -> None:
    """The first paragraph in other words."""
    _put(draft, draft.plain()[0], prose.lead(draft))


def figure(draft: Draft) -> None:
    """One digit of a paragraph or of a list's line is another."""
    _reword(draft, lambda shown: prose.another_figure(draft.die, shown))


def particle(draft: Draft) -> None:
    """One particle of a paragraph is another."""
    _reword(draft, lambda shown: prose.another_particle(draft.die, shown))


def other_line(draft: Draft) -> None:
    """One line of a list, or one subhead, is another."""
    places = [
        place
        for place, block in enumerate(draft.blocks)
        if isinstance(block, Items) or (isinstance(block, Paragraph) and block.subhead)
    ]
    if not places:
        return
    at = draft.die.pick(places)
    block = draft.blocks[at]
    if isinstance(block, Items):
        lines = list(block.lines)
        lines[draft.die.randrange(len(lines))] = prose.deck_line(draft)
        draft.blocks[at] = Items(lines)
    else:
        _put(draft, at, f"◆ {prose.deck_line(draft)}")


def more(draft: Draft) -> None:
    """A paragraph more, somewhere behind the first."""
    draft.blocks.insert(draft.die.pick(draft.plain()) + 1, Paragraph(prose.paragraph(draft)))


def less(draft: Draft) -> None:
    """A paragraph less; not the first, and none that parts a picture, a table or a subhead from what follows it."""
    plain = draft.plain()
    places = [place for place in plain[1:] if is_plain(draft.blocks[place - 1])]
    if places and len(plain) > FEWEST:
        del draft.blocks[draft.die.pick(places)]


def swapped(draft: Draft) -> None:
    """Two paragraphs in each other's place; not the first, which has the dateline."""
    rest = draft.plain()[1:]
    if len(rest) < 2:
        return
    one, other = draft.die.sample(rest, 2)
    draft.blocks[one], draft.blocks[other] = draft.blocks[other], draft.blocks[one]


def longer(draft: Draft) -> None:
    """A sentence at the end of a paragraph."""
    at = draft.die.pick(draft.plain())
    _put(draft, at, f"{_text(draft.blocks[at])}{prose.sentence(draft)}")


def other_paragraph(draft: Draft) -> None:
    """One paragraph in other words."""
    at = draft.die.pick(draft.plain())
    _put(draft, at, prose.lead(draft) if at == draft.plain()[0] else prose.paragraph(draft))


def half(draft: Draft) -> None:
    """Every second paragraph, as it comes, in other words."""
    for at in draft.plain()[1:]:
        if draft.die.chance(0.5):
            _put(draft, at, prose.paragraph(draft))


def earlier(draft: Draft) -> None:
    """The body of an earlier version again, if its pictures and tables are those of now."""
    past = draft.die.pick(draft.past).content.blocks
    if [block for block in past if not _words(block)] == [block for block in draft.blocks if not _words(block)]:
        draft.use(past)


EDITS: list[Callable[[Draft], None]] = [
    figure, figure, figure, particle, particle, more, more, less, less, swapped, longer, longer, other_paragraph, other_line,
    half, earlier,
]  # fmt: skip
FLASH_EDITS: list[Callable[[Draft], None]] = [figure, figure, particle, new_lead, earlier]
"""A flash stays one short paragraph."""


def _words(block: Block) -> bool:
    """Whether a block is the body's own words, or an advertisement, which is no part of the article."""
    return isinstance(block, Paragraph | Items | Advertisement)


def _text(block: Block) -> str:
    return block.text if isinstance(block, Paragraph) else ""


def _put(draft: Draft, at: int, words: str) -> None:
    """Other words in a paragraph; its dateline stays."""
    block = draft.blocks[at]
    if isinstance(block, Paragraph):
        draft.blocks[at] = replace(block, text=words)


def _reword(draft: Draft, other: Callable[[str], str | None]) -> None:
    """Change one paragraph of those that can be changed so."""
    places = [place for place, block in enumerate(draft.blocks) if isinstance(block, Paragraph | Items)]
    draft.die.shuffle(places)
    for at in places:
        block = draft.blocks[at]
        if isinstance(block, Paragraph):
            if shown := other(block.text):
                draft.blocks[at] = replace(block, text=shown)
                return
        elif isinstance(block, Items):
            for row, line in enumerate(block.lines):
                if shown := other(line):
                    draft.blocks[at] = Items([*block.lines[:row], shown, *block.lines[row + 1 :]])
                    return
