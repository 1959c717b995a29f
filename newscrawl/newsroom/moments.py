"""When each article appears on the site, in the feeds and in the sitemaps."""

from __future__ import annotations

import math
from collections.abc import Sequence
from functools import cached_property

from .dice import FEED, LATE, SITEMAP, Dice, dice
from .stories import Story
from .ways import Lag, Ways, span

NEVER = math.inf


class Moments:
    """The moments of all articles of a site, by their numbers, in seconds since 1970. Edits do not change them."""

    def __init__(self, stories: Sequence[Story], seed: int, ways: Ways) -> None:
        self.ways = ways
        self._seed = seed
        self.published = [story.published_at.timestamp() for story in stories]
        self.minutes = [int(moment // 60) for moment in self.published]
        self.latest = span(ways.late_by)[1] if ways.late else 0.0
        """How long after the time that it says an article may appear."""

    @cached_property
    def appeared(self) -> list[float]:
        """When each page is there, and lists name it."""
        die = dice(self._seed, LATE)
        late, lag = self.ways.late, self.ways.late_by
        return [moment + (_drawn(die, lag) if die.chance(late) else 0.0) for moment in self.published]

    @cached_property
    def fed(self) -> list[float]:
        """When each article stands in the feeds; `NEVER` for some."""
        return self._reached(dice(self._seed, FEED), self.ways.feed_lag, self.ways.feed_missing)

    @cached_property
    def mapped(self) -> list[float]:
        """When each article stands in the sitemaps; `NEVER` for some."""
        return self._reached(dice(self._seed, SITEMAP), self.ways.sitemap_lag, self.ways.sitemap_missing)

    def _reached(self, die: Dice, lag: Lag, missing: float) -> list[float]:
        # Two throws for each article, whatever the lag: a share more or less moves no other article's lag.
        drawn = ((die.chance(missing), _drawn(die, lag)) for _ in self.appeared)
        return [NEVER if gone else moment + lag for moment, (gone, lag) in zip(self.appeared, drawn, strict=True)]


def _drawn(die: Dice, lag: Lag) -> float:
    """A lag in whole milliseconds: a moment must survive the way into a `datetime` and back."""
    low, high = span(lag)
    return round(low + (high - low) * die.random(), 3)
