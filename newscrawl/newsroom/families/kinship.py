"""What two stories of a site are to each other: copies, steps of one story, pieces of one frame, or nothing."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from .frames import BY_NAME
from .teller import PLAIN

if TYPE_CHECKING:
    from newscrawl.newsroom.site import Site
    from newscrawl.newsroom.stories import Story

    from .pieces import Piece
    from .tellings import Family

KINDS = ("exact", "update", "rewrite", "template", "either")
GRAM = 5
SHARED = 0.3
"""Of the shorter of two pieces the share of runs of five letters, headline and all, that the other must have to be surely one of its kind."""
FRAMED_ALIKE = 0.1
"""The same for two pieces of one frame."""
FRAMED = ("robot", "personnel")
"""Forms all of whose stories come from a few frames, in a family or not."""


def kinship(site: Site, one: int, other: int) -> str | None:
    """What the later of two stories is to the earlier one, as they were first published; None for nothing, and of a story to itself.

    `either` where a fair judge could decide so or so:
    - an update or a rewrite of which hardly a phrase was left (`SHARED`): a flash of a few words behind which all was written anew;
    - two pieces of one frame that have little but names and figures (`FRAMED_ALIKE`): lists of new posts, of appointments, of the dead;
    - pieces of two series of one sort in different frames (two market reports by two desks): template, or nothing;
    - flashes of two happenings of one sort (two earthquakes), whose one sentence may have the same wording: template, or nothing;
    - lists of new posts, and pieces by the robot, that are in no series together: one could call all of them one template.
    """
    if one == other:
        return None
    first, second = site.articles[min(one, other)], site.articles[max(one, other)]
    mine, its = site.family(first.number), site.family(second.number)
    if mine is not None and mine is its:
        return _within(site, mine, first.number, second.number)
    if first.origin == second.origin:
        return "exact"
    if mine and its and mine.sort == its.sort == "series":
        return _of_series(site, first, second, mine, its)
    if first.form != second.form:
        return None
    flashes = first.form == "flash" and mine and its and mine.shape == its.shape != PLAIN
    return "either" if flashes or first.form in FRAMED else None


def _within(site: Site, family: Family, one: int, other: int) -> str | None:
    first, second = _piece(site, family, one), _piece(site, family, other)
    least = {"update": SHARED, "rewrite": SHARED, "template": FRAMED_ALIKE}.get(second.kin or "", 0)
    return "either" if shared(first, second) < least else second.kin


def _of_series(site: Site, first: Story, second: Story, mine: Family, its: Family) -> str | None:
    if mine.shape != its.shape:
        return "either" if BY_NAME[mine.shape].sort == BY_NAME[its.shape].sort else None
    one, other = _piece(site, mine, first.number), _piece(site, its, second.number)
    return "either" if shared(one, other) < FRAMED_ALIKE else "template"


def _piece(site: Site, family: Family, number: int) -> Piece:
    return site.told(family.number)[family.members.index(number)]


def shared(one: Piece, other: Piece) -> float:
    """Of the shorter piece the share of its runs of five letters that the other has."""
    first, second = grams(one), grams(other)
    return len(first & second) / max(1, min(len(first), len(second)))


def grams(piece: Piece) -> frozenset[str]:
    """The runs of five letters and digits of headline and body."""
    letters = re.sub(r"[\W_]", "", f"{piece.title}{''.join(piece.body)}")
    return frozenset(letters[at : at + GRAM] for at in range(len(letters) - GRAM + 1))
