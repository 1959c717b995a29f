"""Where an article stands among those of its story: what it is a copy of, and which story that makes. Pure.

All of it follows from the articles alone, whatever the order in which they came: of all earlier articles that one has to do with, it is
marked with the one that it has most to do with. An article that comes late, a backfill's, may be that one for others: they move.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Protocol

from newscrawl.duplicates.kinds import COPIES, Mark, mark
from newscrawl.duplicates.text import Text


@dataclass(frozen=True, slots=True)
class Placed:
    """An article among others. `at`: when it was published, seconds since 1970; `story`: the number of the first article of its story."""

    number: int
    at: int
    story: int
    mark: Mark | None


@dataclass(frozen=True, slots=True)
class Placement:
    """What follows from one more article. `kin`: how it has to do with others, earlier and later ones, by their numbers; `moved`: those that
    stand elsewhere now."""

    own: Placed
    kin: dict[int, Mark]
    moved: list[Placed]


class Known(Protocol):
    """What is known of the articles so far."""

    def placed(self, number: int) -> Placed | None:
        """Where one of them stands; None for one that was never placed."""

    def members(self, story: int) -> Iterable[Placed]:
        """Those of a story."""


def place(new: Text, near: Iterable[Text], known: Known) -> Placement:
    """Where a new article stands, and what that changes for others. `near`: those that may have to do with it."""
    kin: dict[int, Mark] = {}
    own: Mark | None = None
    changed: dict[int, Placed] = {}
    for other in near:
        earlier, later = (other, new) if other.place < new.place else (new, other)
        found = mark(earlier, later)
        if found is None:
            continue
        kin[other.number] = found
        if later is new:
            own = _stronger(own, found)
        elif (before := known.placed(other.number)) and _stronger(before.mark, found) is found:
            changed[other.number] = replace(before, mark=found)
    moved = _in_their_stories(Placed(new.number, new.at, new.number, own), changed, known)
    return Placement(moved.pop(new.number), kin, [moved[number] for number in sorted(moved)])


def _stronger(known: Mark | None, found: Mark) -> Mark:
    return found if known is None or found.strength > known.strength else known


def _in_their_stories(new: Placed, changed: dict[int, Placed], known: Known) -> dict[int, Placed]:
    """The new article and all that stand elsewhere now, each in its story: those whose marks changed, and whatever comes after them."""
    before = {number: one for number in changed if (one := known.placed(number))}
    before |= {one.number: one for story in {one.story for one in before.values()} for one in known.members(story)}
    after = {**before, **changed, new.number: new}

    def story(one: Placed) -> int:
        while one.mark is not None and one.mark.kind in COPIES:
            following = after.get(one.mark.of)
            if following is None:
                outside = known.placed(one.mark.of)
                return outside.story if outside else one.mark.of
            one = following
        return one.number

    found = {number: replace(one, story=story(one)) for number, one in after.items()}
    return {number: one for number, one in found.items() if one != before.get(number)}
