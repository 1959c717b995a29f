"""What becomes of an article once it has been read: corrected, withdrawn, or left as it is."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from .dice import EDIT, dice
from .faults import LOST

if TYPE_CHECKING:
    from .site import Site

CORRECTED = "corrected"
WITHDRAWALS = ("404", "410", "empty")
"""How a withdrawn article answers."""
WITHDRAWN_SHARE = 0.1
"""Of the articles with a fate, those that are withdrawn."""


def fates(site: Site, share: float, struck: Mapping[str, str]) -> dict[str, str]:
    """The fate (`CORRECTED`, or how it is withdrawn) of so large a share of the articles, by id.

    None of those that cannot be read anyway: hidden ones, and what a fault of `struck` takes away. ValueError for what is no share.
    """
    if not 0 <= share <= 1:
        raise ValueError(f"edits {share}: takes a share, 0 to 1")
    die = dice(site.seed, EDIT)
    ids = [story.id for story in site.articles if story.way != "hidden" and struck.get(story.id) not in LOST]
    die.shuffle(ids)
    chosen = ids[: round(share * len(site.articles))]
    gone = round(len(chosen) * WITHDRAWN_SHARE)
    return {id: die.pick(WITHDRAWALS) if place < gone else CORRECTED for place, id in enumerate(chosen)}
