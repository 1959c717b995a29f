"""What an editor can do to an article: the kinds of edits, and the next version that they make."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from .editions import Draft, Edition, draft_of
from .exhibits import recount, repicture
from .rewording import redeck, retitle
from .rewriting import rewrite
from .spacing import respace
from .surroundings import reframe

KINDS = {
    "title": "the headline: new words, one digit, another ending, a further step such as (종합)",
    "deck": "a line of the deck more, another, or one less",
    "body": "from one digit of one paragraph to half of them; paragraphs more, less or swapped",
    "table": "a cell of a data table, or a row more; a first table where there is none",
    "image": "a picture more or less, another caption, another address",
    "modified": "최종수정 alone",
    "space": "white space alone",
    "frame": "only what stands around: advertisements, AI summary, views, the order of the boxes",
}
REAL = ("title", "deck", "body", "table", "image")
"""Kinds that change the article itself, with or without 최종수정."""
MOVED = 0.8
"""Share of the real edits after which 최종수정 is a later one."""
WORK: dict[str, Callable[[Draft], None]] = {
    "title": retitle,
    "deck": redeck,
    "body": rewrite,
    "table": recount,
    "image": repicture,
    "space": respace,
    "frame": reframe,
}
# What a form has no place for, and what is edited in its stead.
INSTEAD = {
    "photo": {"deck": "title", "body": "image", "table": "image"},
    "flash": {"deck": "title", "table": "body", "image": "body"},
    "chinese": {"deck": "title"},
    "english": {"deck": "title"},
}
USUAL = ("body",) * 9 + ("title",) * 4 + ("deck",) * 2 + ("image",) * 3 + ("table",) * 2
"""From these a sensible edit is drawn."""


def meant(form: str, kind: str) -> str:
    """The kind of edit that is made of an article of that form: a photo story has no body, so its picture is edited instead."""
    return INSTEAD.get(form, {}).get(kind, kind)


def check(kinds: Collection[str]) -> None:
    """Raises ValueError for a kind that there is not."""
    unknown = sorted(set(kinds) - set(KINDS))
    if unknown:
        raise ValueError(f"unknown edit: {', '.join(unknown)}; known: {', '.join(KINDS)}")


def next_edition(past: Sequence[Edition], kinds: Sequence[str], seed: int, moment: datetime | None = None) -> Edition:
    """The version after all of the `past`, with edits of these kinds, or a sensible one; `ValueError` for an unknown kind.

    It is made at the moment, or a minute after the last one if that is later; without a moment, some time after the last one.
    The same past, kinds and seed give the same version.
    """
    check(kinds)
    draft = draft_of(past, seed)
    chosen = dict.fromkeys(meant(draft.story.form, kind) for kind in kinds or _usual(draft))
    for kind in chosen:
        if kind in WORK:
            WORK[kind](draft)
    # A minute at least: 최종수정 shows no seconds.
    at = past[-1].at + timedelta(minutes=draft.die.between(1, 90), seconds=draft.die.between(0, 59))
    if moment is not None:
        at = max(moment.replace(microsecond=0), past[-1].at + timedelta(minutes=1))
    moved = draft.die.chance(MOVED) and not chosen.keys().isdisjoint(REAL)
    if moved or "modified" in chosen:
        draft.story = replace(draft.story, modified_at=at)
    return draft.finished(at)


def _usual(draft: Draft) -> list[str]:
    """One kind of real edit; now and then two or three."""
    count = 1 if draft.die.chance(0.85) else draft.die.between(2, 3)
    return [draft.die.pick(USUAL) for _ in range(count)]
