"""The site as it stands: what of it the pages show. Here all of it; `unfolding.py` has what a clock lets through."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import datetime
from functools import cached_property
from typing import TYPE_CHECKING

from .blocks import Block, Content, Links
from .dice import TIE, dice
from .editions import begun
from .moments import Moments
from .truth import record
from .ways import Ways

if TYPE_CHECKING:
    from .pages import Frame
    from .sidebar import Sidebar
    from .site import Site
    from .stories import Story
    from .topbar import TopBar
    from .truth import Record

STRIDE = 200
"""Rows that are looked at together where not all of them count."""


class Standing:
    """A site all of whose articles have appeared. Who reads more than one thing holds the site's lock."""

    def __init__(self, site: Site, ways: Ways | None = None) -> None:
        self.site = site
        self.ways = ways or Ways()
        self._orders: dict[str, tuple[Sequence[int], list[int]]] = {}

    @cached_property
    def moments(self) -> Moments:
        """When each article appears where."""
        return Moments(self.site.articles, self.site.seed, self.ways)

    @property
    def now(self) -> datetime:
        """The present moment of the site."""
        return self.site.end

    @property
    def second(self) -> float:
        """The moment up to which all that has happened shows, in seconds since 1970."""
        return sys.float_info.max

    def tick(self) -> None:
        """Look at the clock, if there is one."""

    def has(self, number: int) -> bool:
        """Whether an article has appeared (it may have been withdrawn since)."""
        return True

    def order(self, code: str) -> Sequence[int]:
        """All rows that a list will ever have, newest first."""
        numbers = self.site.lists.get(code, ())
        if not self.ways.ties:
            return numbers
        kept = self._orders.get(code)
        if kept is None or kept[0] is not numbers:  # a withdrawal puts another list in its place
            kept = self._orders[code] = (numbers, sorted(numbers, key=self._tied, reverse=True))
        return kept[1]

    def _tied(self, number: int) -> tuple[int, float]:
        return self.moments.minutes[number], self._ties[number]

    @cached_property
    def _ties(self) -> list[float]:
        die = dice(self.site.seed, TIE)
        return [die.random() for _ in self.site.articles]

    def rows(self, code: str, low: int, high: int) -> Sequence[int]:
        """Rows of a list, whatever its depth: the numbers of articles, newest first."""
        return self.order(code)[low:high]

    def count(self, code: str) -> int:
        """How many rows a list has, whatever its depth."""
        return len(self.order(code))

    def depth(self, code: str) -> int:
        """How many of its rows a list gives."""
        count, most = self.count(code), self.ways.list_depth
        return count if most is None else min(count, most)

    def every(self, code: str) -> Iterator[int]:
        """The rows of a list one by one."""
        low = 0
        while numbers := self.rows(code, low, low + STRIDE):
            yield from numbers
            low += STRIDE

    @property
    def topbar(self) -> TopBar:
        """The top bar."""
        return self.site.topbar

    def bucket(self, number: int) -> int:
        """Which of the sidebars an article's page shows."""
        return self.site.bucket(number)

    def sidebar(self, bucket: int) -> Sidebar:
        """One state of the boxes."""
        return self.site.sidebar(bucket)

    def frame(self, bucket: int, generation: str) -> Frame:
        """The parts that pages share."""
        return self.site.frame(bucket, generation)

    def today(self, bucket: int) -> datetime:
        """The moment that the pages of a state show as theirs."""
        return self.site.end

    def story(self, number: int) -> Story:
        """An article as its page says that it is."""
        return self.site.articles[number]

    def content(self, number: int) -> Content:
        """What an article's page says."""
        return self.site.content(number)

    def related(self, number: int) -> Sequence[int]:
        """The articles to which one links."""
        return self.site.articles[number].related

    def made_at(self, id: str) -> datetime:
        """When the version that stands was made. `KeyError` for an unknown id."""
        number = self.site.by_id[id].number
        edition = self.site.edition(number)
        return begun(self.story(number)) if edition is None else edition.at

    def truth(self, id: str, host: str = "www.newspim.com") -> Record:
        """The true record of an article as its page on that host shows it now. `KeyError` for an unknown id."""
        with self.site.lock:
            self.tick()
            number = self.site.by_id[id].number
            related = [self.site.articles[other].id for other in self.related(number)]
            return record(self.story(number), self.content(number), related, host == "m.newspim.com")


def without_links(content: Content, numbers: Sequence[int]) -> Content:
    """What a page says without links to articles that are not among these."""
    kept = frozenset(numbers)
    blocks: list[Block] = []
    for block in content.blocks:
        if isinstance(block, Links):
            inside = tuple(one for one in block.numbers if one in kept)
            if inside:
                blocks.append(Links(inside))
        else:
            blocks.append(block)
    return replace(content, blocks=blocks, box=tuple(one for one in content.box if one in kept))
