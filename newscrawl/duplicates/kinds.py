"""What a later article is to an earlier one: a copy, a step further, a piece of the same series, or nothing. Pure.

The numbers here were chosen on 303 pairs of real Korean articles of some twenty houses, labelled by reading them (`docs/duplicates.md` says what
each of them costs), before the newsroom wrote any; they lie where the pairs were fewest, on the side of fewer false copies.
"""

from __future__ import annotations

from dataclasses import dataclass

from newscrawl.duplicates.guards import APART, NEARLY, facts, is_another_event, is_series, keeps_facts
from newscrawl.duplicates.shingles import Shingles, shared
from newscrawl.duplicates.text import Text

COPIES = frozenset(("exact", "update", "rewrite"))
"""Of a template an article is no copy."""

_SIMILAR = 0.40
"""Copies of real articles by another desk or house: 58 of 82 have at least this; none of 56 about the same event by another hand (at 0.35: two)."""
_CONTAINED = 0.72
"""Cut and extended copies: 62 of 82; of the 56 others the highest has 0.70, a long quote that both took whole."""
_SAME_FACTS, _MANY, _SIMILAR_IN_FACTS = 0.9, 6, 0.33
"""Of six figures and dates or more nine in ten the same: then a third of the text is enough. Broadcasters' versions of a wire's text have 0.34; of
the 56 others one such pair has 0.39, one 0.30."""
# Below it a copy that holds the earlier one and more is a step further, above it still mostly the same text.
_MOSTLY = 0.50
_GROWN = 1.3  # times as long
_STEP_CONTAINED = 0.50  # with marks that say so: a flash's sentence reworked, a total corrected: 0.54 to 0.97
_STEP_IN_FACTS = 0.40  # or this, when figures and dates stay
_STEP_SAME_TITLE = 0.20  # with such marks on the same headline: of 25 chains of one wire four had their first lines rewritten, 0.40 to 0.77
_STANDING = 0.90  # similarity of headlines that stand: only their numbers change
_SAME_TITLE = 0.60  # similarity of the headlines of such a chain: 0.82 to 1.0, lightly edited ones 0.67
_FRAME, _FRAME_CONTAINED = 0.30, 0.45  # robots' pieces on two companies: 0.33 to 0.50, and 0.46 to 0.67
DAY = 86_400
"""Seconds in which a story goes on: of the real chains the longest took 14 hours."""
# Steps: 2보, before which there was something; 종합, after which an article without a mark is none.
_SECOND, _ROUND_UP = 2, 10
_KEPT = 0.8  # of the figures and dates: nine in ten copies keep 0.86 of them, two days' weather 0.73
FORMULA = 60
"""Letters. So few may be a formula that a wire sends again and again, word by word."""
SHORT = 150
"""Letters. Below it two sentences decide all, so headlines are compared with the bodies: a flash often says in one what its full article says
in the other."""


@dataclass(frozen=True, slots=True)
class Mark:
    """That an article has to do with an earlier one, `of`, published `at` (seconds since 1970). `similarity`: how much of both texts is in both;
    `containment`: how much of the shorter is in the longer."""

    of: int
    at: int
    kind: str
    similarity: float
    containment: float

    @property
    def strength(self) -> tuple[int, float, int, int]:
        """Of several, the strongest counts: the most similar copy; of a series (`template`) the last before."""
        if self.kind == "template":
            return 0, 0.0, self.at, self.of
        return (2 if self.kind == "exact" else 1), self.similarity, self.at, self.of


def mark(earlier: Text, later: Text) -> Mark | None:
    """What the later one is to the earlier one; None for nothing that could be told."""
    if earlier.words == later.words:
        return Mark(earlier.number, earlier.at, "template" if is_formula(earlier, later) else "exact", 1.0, 1.0)
    if not earlier.length or not later.length:
        return None  # pictures without captions: a headline alone says nothing of them
    of_bodies = likeness(earlier.body, later.body)
    short = min(earlier.length, later.length) < SHORT
    similarity, containment = likeness(earlier.whole, later.whole) if short else of_bodies
    kind = (
        _next_of_column(earlier, later, similarity)
        or _step(earlier, later, containment, of_bodies[1])
        or _kind(earlier, later, similarity, containment)
    )
    return Mark(earlier.number, earlier.at, kind, round(similarity, 3), round(containment, 3)) if kind else None


def is_formula(earlier: Text, later: Text) -> bool:
    """Whether the same few words tell of two days: `[속보] 코스피 하락 출발` names no event, its time does."""
    return earlier.length < FORMULA and later.at - earlier.at >= APART


def likeness(one: Shingles, other: Shingles) -> tuple[float, float]:
    """Similarity (Jaccard) and containment of two texts; 0 and 0 when one has no letters."""
    if not len(one) or not len(other):
        return 0.0, 0.0
    both = shared(one, other)
    return both / (len(one) + len(other) - both), both / min(len(one), len(other))


def _next_of_column(earlier: Text, later: Text, similarity: float) -> str | None:
    """`template` for the next piece under a standing headline, half a day later and in good part in other words: weather, agendas."""
    if later.corrects or later.at - earlier.at < APART or not _FRAME <= similarity < NEARLY:
        return None
    shared = facts(earlier, later).share
    if shared is not None and shared >= _KEPT:
        return None
    headlines = (
        likeness(earlier.headline, later.headline)[0] if len(earlier.headline) else float(earlier.title == later.title)
    )
    return "template" if headlines >= _STANDING else None


def _step(earlier: Text, later: Text, containment: float, of_bodies: float) -> str | None:
    """`update` for one that is marked as a step further in the story of the other, and shares enough with it. `of_bodies`: the containment
    without headlines, if they are counted in the other."""
    most = max(containment, of_bodies)
    if most < _STEP_SAME_TITLE or not _is_further(earlier, later) or is_another_event(earlier, later):
        return None
    if likeness(earlier.headline, later.headline)[0] >= _SAME_TITLE:
        return "update"
    if keeps_facts(earlier, later):
        return "update" if most >= _STEP_IN_FACTS else None
    # The dozen shingles of one short sentence without a figure may be stock phrases.
    return "update" if containment >= _STEP_CONTAINED or of_bodies >= _CONTAINED else None


def _kind(earlier: Text, later: Text, similarity: float, containment: float) -> str | None:
    if similarity < _FRAME and containment < _FRAME_CONTAINED:
        return None
    shared = facts(earlier, later)
    if is_series(earlier, later, similarity, shared):
        return "template"
    in_facts = shared.known >= _MANY and shared.both >= _SAME_FACTS * shared.known
    if similarity < (_SIMILAR_IN_FACTS if in_facts else _SIMILAR) and containment < _CONTAINED:
        return None
    grown = later.length >= _GROWN * earlier.length and containment >= _CONTAINED and similarity < _MOSTLY
    return "update" if grown else "rewrite"


def _is_further(earlier: Text, later: Text) -> bool:
    """Whether the marks say that the later one is a step further in the same story: [속보] and then [1보] or a longer one without a mark, none
    and then (종합)."""
    if later.corrects:
        return True
    if later.at - earlier.at > DAY:
        return False
    if earlier.step is None:
        return later.step is not None and later.step >= _SECOND
    if later.step is None:
        return earlier.step < _ROUND_UP and later.length > earlier.length
    return later.step > earlier.step
