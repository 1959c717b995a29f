"""Families of stories, and what the members of one say."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from newscrawl.newsroom.dice import FAMILY, Dice, dice
from newscrawl.newsroom.stories import Story

from .chains import tell_chain
from .copies import tell_correction, tell_light, tell_respaced, tell_rewrite, tell_sections
from .lookalikes import tell_headline, tell_near, tell_quote
from .pieces import Piece
from .series import tell_series

SORTS: dict[str, Callable[[Dice, str, Sequence[Story]], list[Piece]]] = {
    "chain": tell_chain,
    "correction": tell_correction,
    "light": tell_light,
    "rewrite": tell_rewrite,
    "respaced": tell_respaced,
    "sections": tell_sections,
    "series": tell_series,
    "headline": tell_headline,
    "near": tell_near,
    "quote": tell_quote,
}


@dataclass(frozen=True, slots=True)
class Family:
    """Stories that belong together, or look as if they did."""

    sort: str
    """One of `SORTS`."""
    members: tuple[int, ...]
    """The numbers of the stories, in order of time."""
    shape: str
    """What it is about: the name of a happening or of a frame, or plain prose."""
    number: int
    """Its own number: its dice."""


def tell(family: Family, stories: Sequence[Story], seed: int) -> tuple[Piece, ...]:
    """What each member says; the same each time that it is asked for."""
    die = dice(seed, FAMILY, (1 << 36) + family.number)
    return tuple(SORTS[family.sort](die, family.shape, [stories[number] for number in family.members]))
