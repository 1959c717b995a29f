"""By what an article is found that has to do with another, among all that there are. Pure.

Similar texts share a band of their signatures. A flash within a full article is not similar to it at all (a twentieth of it), and its words may
stand anywhere there: short texts are found by a sample of their shingles instead, within a day, in which stories go on.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from newscrawl.duplicates.shingles import Shingles, shared
from newscrawl.duplicates.signature import bands, signature
from newscrawl.duplicates.text import Text

ROWS, BANDS = 3, 42
"""Two texts that share half of their shingles are found with a probability of 0.997, two with 0.4 of them with 0.94 (1 - (1 - s³)⁴²), and of
16,000 unrelated ones of a fortnight, which share a hundredth, one or none."""
_SHORT = 300  # letters: a flash, a first report of two paragraphs
_SAMPLED = 4  # one shingle of so many is in a sketch
PROBE = 16
"""Shingles of a short text that are looked for in the sketches of longer ones. A quarter of them must be there: one in a hundred texts of which half
is in the other is missed so, with two fifths one in fifteen; of twelve, and two, every fifth unrelated text would be compared."""
_LIKELY = 0.18  # of the smaller sketch must be in both to compare two texts: containments that count begin at 0.2, unrelated ones share 0.02


@dataclass(frozen=True, slots=True)
class Handles:
    """By what a text is found. `bands`: numbers, one of which similar texts share; `sketch`: every fourth shingle of headline and body, sorted;
    `short`: whether it may stand in a longer one. A caption may too, and means nothing."""

    bands: tuple[int, ...]
    sketch: Shingles
    short: bool


def handles(text: Text) -> Handles:
    """Those of a text; no bands for one without letters."""
    found = tuple(bands(signature(text.body, ROWS * BANDS), ROWS)) if len(text.body) else ()
    return Handles(found, text.whole[text.whole % np.uint32(_SAMPLED) == 0], text.has_body and text.length < _SHORT)


def may_share(one: Shingles, other: Shingles) -> bool:
    """Whether two sketches leave it open that one text holds much of the other."""
    fewer = min(len(one), len(other))
    return fewer > 0 and shared(one, other) >= max(1, _LIKELY * fewer)


def hits_enough(hits: Any, probes: Any) -> Any:
    """Whether so many shingles of a short text's probe are in a longer text, of so many; also for arrays of them."""
    return (hits >= 1) & (4 * hits >= probes)
