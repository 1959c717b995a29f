"""The site as a clock lets it be seen: only what has appeared, found without looking at each article again and again."""

from __future__ import annotations

from bisect import bisect, bisect_left
from collections.abc import Sequence
from datetime import datetime
from functools import cached_property, lru_cache
from typing import TYPE_CHECKING

from . import pages
from .editions import as_of
from .sidebar import Sidebar
from .standing import Standing, without_links
from .stories import KST
from .topbar import ROWS, TopBar, arranged

if TYPE_CHECKING:
    from .blocks import Content
    from .clock import Clock
    from .site import Site
    from .stories import Story
    from .ways import Ways


class Unfolding(Standing):
    """A site on a clock. It stands still between two looks at the clock (`tick`): an answer shows one moment."""

    def __init__(self, site: Site, ways: Ways | None, clock: Clock) -> None:
        super().__init__(site, ways)
        self.clock = clock
        self._frames = lru_cache(maxsize=256)(self._frame)
        self.tick()

    @property
    def now(self) -> datetime:
        """The moment of the last look at the clock."""
        return self._now

    @property
    def second(self) -> float:
        """That moment in seconds since 1970."""
        return self._second

    def tick(self) -> None:
        """Look at the clock."""
        self._now = self.clock.now()
        self._second = self._now.timestamp()

    def has(self, number: int) -> bool:
        """Whether an article has appeared."""
        return self.moments.appeared[number] <= self._second

    def rows(self, code: str, low: int, high: int) -> Sequence[int]:
        """Rows of a list: the few newest, of which some may be late, and those below, all of which are there."""
        head, order, start = self._parts(code)
        below = max(0, low - len(head)), max(0, high - len(head))
        return [*head[low:high], *order[start + below[0] : start + below[1]]]

    def count(self, code: str) -> int:
        """How many rows a list has."""
        head, order, start = self._parts(code)
        return len(head) + len(order) - start

    def _parts(self, code: str) -> tuple[list[int], Sequence[int], int]:
        """What has appeared of the newest rows; all rows; the row from which on all have appeared.

        Rows go by the minute: those of one minute may stand in any order.
        """
        order = self.order(code)
        moments = self.moments
        sure = (self._second - moments.latest) // 60 - 1
        newest = bisect_left(order, -(self._second // 60), key=self._minus_minute)
        start = bisect_left(order, -sure, lo=newest, key=self._minus_minute)
        return [number for number in order[newest:start] if self.has(number)], order, start

    def _minus_minute(self, number: int) -> int:
        return -self.moments.minutes[number]

    @property
    def topbar(self) -> TopBar:
        """The top bar with its own articles that have appeared, and the newest of the lists."""
        gone = self.site.withdrawn
        own = [one for one in self._own if self.has(one) and self.site.articles[one].id not in gone]
        return arranged(own, self.rows("1", 0, ROWS), self.site.seed)

    @cached_property
    def _own(self) -> list[int]:
        return [story.number for story in self.site.articles if story.way == "topbar"]

    def bucket(self, number: int) -> int:
        """Which of the sidebars an article's page shows: that of its own time, or that of the newest article by its time."""
        if self.ways.sidebars == "newest":
            number = max(0, bisect(self.moments.published, self._second) - 1)
        return self.site.bucket(number)

    def sidebar(self, bucket: int) -> Sidebar:
        """One state of the boxes without what is still to come."""
        whole = self.site.sidebar(bucket)
        return whole.without({number for number in whole.numbers if not self.has(number)})

    def frame(self, bucket: int, generation: str) -> pages.Frame:
        """The parts that pages share: made anew only when one more of the articles that the boxes name has appeared."""
        shown = sum(map(self.has, self.site.sidebar(bucket).numbers))
        return self._frames(bucket, generation, self.site.turn(bucket), shown)

    def _frame(self, bucket: int, generation: str, turn: int, shown: int) -> pages.Frame:
        return pages.frame(self, bucket, generation)

    def today(self, bucket: int) -> datetime:
        """When the last of the articles that the boxes name appeared: what a page that is kept for a while shows as its moment."""
        appeared = [self.moments.appeared[number] for number in self.sidebar(bucket).numbers]
        return datetime.fromtimestamp(max(appeared), KST) if appeared else self.site.start

    def story(self, number: int) -> Story:
        """An article without a 최종수정 that is still to come."""
        story = self.site.articles[number]
        return as_of(story, self._now) if self.site.edition(number) is None else story

    def content(self, number: int) -> Content:
        """What an article's page says; what it links to has appeared."""
        content, shown = self.site.content(number), self.related(number)
        return content if len(shown) == len(self.site.articles[number].related) else without_links(content, shown)

    def related(self, number: int) -> Sequence[int]:
        """The articles to which one links, without those still to come."""
        return [other for other in self.site.articles[number].related if self.has(other)]
