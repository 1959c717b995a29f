"""Copies, steps of one story, and series: what articles have to do with each other. Pure.

An article becomes a `Text` (what is compared), which has `Handles` (by which it is found among a million). `mark` says what a later text is to
an earlier one, and `place` where an article stands among all others, whatever the order in which they come.
"""

from newscrawl.duplicates.candidates import BANDS, PROBE, Handles, handles, may_share
from newscrawl.duplicates.kinds import COPIES, DAY, FORMULA, Mark, mark
from newscrawl.duplicates.policy import dropped
from newscrawl.duplicates.shingles import Shingles, letters
from newscrawl.duplicates.sketches import Place, Sketches, as_sketch, packed
from newscrawl.duplicates.stories import Known, Placed, Placement, place
from newscrawl.duplicates.text import Text, moment, text

__all__ = [
    "BANDS",
    "COPIES",
    "DAY",
    "FORMULA",
    "PROBE",
    "Handles",
    "Known",
    "Mark",
    "Place",
    "Placed",
    "Placement",
    "Shingles",
    "Sketches",
    "Text",
    "as_sketch",
    "dropped",
    "handles",
    "letters",
    "mark",
    "may_share",
    "moment",
    "packed",
    "place",
    "text",
]
