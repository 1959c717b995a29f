"""The boxes beside an article: which articles they name. A site has a few dozen states of them, each for a run of neighbours."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from .dice import SIDEBAR, dice
from .stories import SECTIONS

if TYPE_CHECKING:
    from .site import Site

PER_BUCKET = 125
MOST_BUCKETS = 160
BOXES = ("속보", "많이 본 기사", "포토", "오늘의 뉴스", *[name for code, name in SECTIONS.items() if code < "112"])
SIZES = {"속보": 10, "많이 본 기사": 10, "포토": 6, "오늘의 뉴스": 8}


@dataclass(frozen=True)
class Sidebar:
    """One state of the boxes: label and article numbers of each, and the best articles shown in full."""

    boxes: tuple[tuple[str, tuple[int, ...]], ...]
    best: tuple[int, ...]

    @cached_property
    def numbers(self) -> frozenset[int]:
        """All articles that the boxes link to."""
        return frozenset(number for _, numbers in self.boxes for number in numbers) | frozenset(self.best)

    def without(self, gone: Collection[int]) -> Sidebar:
        """The boxes without some articles; a box stays, if empty."""
        if self.numbers.isdisjoint(gone):
            return self
        boxes = tuple((label, tuple(one for one in numbers if one not in gone)) for label, numbers in self.boxes)
        return Sidebar(boxes, tuple(one for one in self.best if one not in gone))


def buckets(count: int) -> int:
    """How many states a site of that many articles has."""
    return max(1, min(MOST_BUCKETS, count // PER_BUCKET))


def bucket_of(number: int, count: int) -> int:
    """The state that a story's page shows: neighbours in time share one."""
    return number * buckets(count) // count


def arrange(site: Site, bucket: int) -> Sidebar:
    """The boxes of one state. Every article that only a sidebar names stands in the state of its own neighbours."""
    die = dice(site.seed, SIDEBAR, bucket)
    count = len(site.articles)
    low = -(-bucket * count // buckets(count))
    high = -(-(bucket + 1) * count // buckets(count))
    own = [story.number for story in site.articles[low:high] if story.way == "sidebar"]
    wide = site.articles[max(0, low - PER_BUCKET) : high + PER_BUCKET]
    listed = [story.number for story in wide if story.listed]
    if not listed:
        return Sidebar((), ())
    of_section: dict[str, list[int]] = defaultdict(list)
    for number in listed:
        of_section[site.articles[number].section_name].append(number)
    boxes: dict[str, list[int]] = {
        label: [die.pick(of_section.get(label) or listed) for _ in range(SIZES.get(label, 5))] for label in BOXES
    }
    for number in own:
        box = boxes[die.pick(BOXES)]
        box.insert(die.randrange(len(box) + 1), number)
    plain = [number for number in listed if site.articles[number].form == "article"] or listed
    best = tuple(dict.fromkeys(die.pick(plain) for _ in range(die.between(2, 3))))
    return Sidebar(tuple((label, tuple(dict.fromkeys(numbers))) for label, numbers in boxes.items()), best)
