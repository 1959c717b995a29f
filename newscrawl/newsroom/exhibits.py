"""Edits of what an article shows beside its words: pictures and tables."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from . import prose, words
from .blocks import Cell, Notice, Paragraph, Picture, Table
from .compose import lost_caption, picture, table
from .editions import Draft, is_plain

MOST_PICTURES = 6


def repicture(draft: Draft) -> None:
    """A picture more or less, another caption, another address."""
    before = _pictures(draft)
    while not prose.differs([_shown(one) for one in before], [_shown(one) for one in _pictures(draft)]):
        draft.die.pick([_picture_more, _picture_less, _other_caption, _other_address])(draft)


def recount(draft: Draft) -> None:
    """Another cell in a table, or a row more; a first table where there is none."""
    places = [place for place, block in enumerate(draft.blocks) if isinstance(block, Table)]
    if not places:
        draft.blocks.insert(_place_for_table(draft), table(draft.die))
        return
    at = draft.die.pick(places)
    block = draft.blocks[at]
    if isinstance(block, Table):
        draft.blocks[at] = _row_more(draft, block) if draft.die.chance(0.2) else _other_cell(draft, block)


def _pictures(draft: Draft) -> list[Picture]:
    return [block for block in draft.blocks if isinstance(block, Picture)]


def _shown(one: Picture) -> list[str | None]:
    return [one.url, one.caption, one.credit]


def _places(draft: Draft, fits: Callable[[Picture], bool] = lambda one: True) -> list[int]:
    return [place for place, block in enumerate(draft.blocks) if isinstance(block, Picture) and fits(block)]


def _fresh(draft: Draft) -> Picture:
    """A picture; in a photo story always with a caption."""
    photo = draft.story.form == "photo"
    return picture(draft.die, draft.opening.voice, draft.story, photo or draft.die.chance(0.35), always=photo)


def _picture_more(draft: Draft) -> None:
    """Where no other picture is near: between two paragraphs, or over the first; in a photo story behind the others."""
    blocks = draft.blocks
    if len(_places(draft)) >= MOST_PICTURES or any(one.url is None for one in _pictures(draft)):
        return
    if draft.story.form == "photo":
        blocks.insert(_places(draft)[-1] + 1, _fresh(draft))
        return
    between = [place for place in draft.plain() if place and is_plain(blocks[place - 1])]
    over = draft.plain()[0]
    if not between and over and not isinstance(blocks[over - 1], Notice):
        return
    blocks.insert(draft.die.pick(between) if between else over, _fresh(draft))


def _picture_less(draft: Draft) -> None:
    places = _places(draft)
    if places and (draft.story.form != "photo" or len(places) > 1):
        del draft.blocks[draft.die.pick(places)]


def _other_caption(draft: Draft) -> None:
    """Another caption, or a first one, or none where one can do without."""
    places = _places(draft)
    if not places:
        return
    at = draft.die.pick(places)
    old = draft.blocks[at]
    if not isinstance(old, Picture):
        return
    if old.url is None:
        draft.blocks[at] = lost_caption(draft.die, draft.opening.voice, draft.story)
    else:
        draft.blocks[at] = replace(_fresh(draft), url=old.url)


def _other_address(draft: Draft) -> None:
    """The same picture under another address."""
    places = _places(draft, lambda one: one.url is not None)
    if places:
        at = draft.die.pick(places)
        old = draft.blocks[at]
        if isinstance(old, Picture):
            draft.blocks[at] = replace(old, url=_fresh(draft).url)


def _place_for_table(draft: Draft) -> int:
    """Behind a paragraph, before another one if there is one."""
    plain, blocks = draft.plain(), draft.blocks
    between = [place + 1 for place in plain if place + 1 < len(blocks) and isinstance(blocks[place + 1], Paragraph)]
    return draft.die.pick(between or [plain[-1] + 1])


def _other_cell(draft: Draft, old: Table) -> Table:
    """One digit of one cell is another, or the word of one cell; the head stays."""
    places = [
        (y, x)
        for y, row in enumerate(old.rows)
        for x, cell in enumerate(row)
        if y and (prose.has_figure(cell.text) or cell.text in ("", *words.TREND_NOUNS))
    ]
    y, x = draft.die.pick(places)
    cell = old.rows[y][x]
    shown = prose.another_figure(draft.die, cell.text)
    if shown is None:
        shown = draft.die.pick([word for word in words.TREND_NOUNS if word != cell.text])
    rows = [list(row) for row in old.rows]
    rows[y][x] = replace(cell, text=shown)
    return Table(rows)


def _row_more(draft: Draft, old: Table) -> Table:
    """A row of the same width at the end."""
    width = sum(cell.columns for cell in old.rows[0])
    fresh = [Cell(cell.text) for cell in next(row for row in reversed(table(draft.die).rows) if len(row) >= 3)]
    return Table([*old.rows, [*fresh, Cell("")][:width]])
