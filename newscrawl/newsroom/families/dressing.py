"""A piece of a family made an article: dateline, byline, pictures and what else stands around its words."""

from __future__ import annotations

from dataclasses import replace

from newscrawl.newsroom import text
from newscrawl.newsroom.blocks import Advertisement, Content, Notice, Paragraph
from newscrawl.newsroom.compose import ROBOT_NOTICE, after, picture, summary
from newscrawl.newsroom.dice import FAMILY, Dice, dice
from newscrawl.newsroom.opening import Opening, open_story
from newscrawl.newsroom.stories import Story

from .pieces import Piece

BARE = ("flash", "robot", "personnel")
"""Forms without deck, pictures and advertisements."""


def opening_of(piece: Piece, story: Story, speaker: int, seed: int) -> Opening:
    """How a member begins: as articles of the speaker's reporter do, with the piece's own words."""
    form = story.form if story.form == "robot" else "article"
    _, opening = open_story(replace(story, origin=speaker, form=form), seed)
    opening.lead = piece.body[0]
    return opening


def dress(piece: Piece, story: Story, speaker: int, seed: int) -> Content:
    """The content of a member; its words are the piece's and no others."""
    die = dice(seed, FAMILY, (2 << 36) + story.number)
    opening = opening_of(piece, story, speaker, seed)
    content = Content(place=opening.place, authors=opening.authors, box=story.related[story.in_body :])
    bare = story.form in BARE
    if not bare and die.chance(0.45):
        content.deck = [text.fill(die, die.pick(text.DECKS), opening.voice) for _ in range(die.between(1, 3))]
    if not bare and die.chance(0.15):
        content.blocks.append(picture(die, opening.voice, story, die.chance(0.3)))
    content.blocks.append(Paragraph(opening.lead, opening.dateline))
    for paragraph in piece.body[1:]:
        if not bare:
            _between(die, opening, story, content)
        content.blocks.append(Paragraph(paragraph))
    if story.form == "robot":
        content.blocks.append(Notice(ROBOT_NOTICE))
    summary(die, opening, story, content)
    after(die, opening, story, content.blocks)
    return content


def _between(die: Dice, opening: Opening, story: Story, content: Content) -> None:
    """What may stand before a paragraph and has no words of the article's own."""
    throw = die.random()
    if throw < 0.05 and isinstance(content.blocks[-1], Paragraph):
        content.blocks.append(picture(die, opening.voice, story, die.chance(0.35)))
    elif throw < 0.08:
        content.blocks.append(Advertisement())
