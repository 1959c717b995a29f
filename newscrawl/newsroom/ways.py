"""What each way to the articles shows of them: lists, feeds, sitemaps, and when nothing answers at all."""

from __future__ import annotations

import math
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from .dice import WAY, dice

LIST_ENDS = ("empty", "repeat", "404")
ROBOTS_SITEMAPS = ("none", "recent", "index")
OUTAGES = ("503", "close")
FORMS = ("plain", "varied")
MORE = ("none", "button", "scroll")
SIDEBARS = ("own", "newest")
BAD_SITEMAPS = {
    "cut": "a part that ends before its Content-Length",
    "torn": "a part whose XML ends half-way, and the answer with it",
    "html": "200 and a page of HTML",
    "404": "404",
    "bomb": "entities that grow to gigabytes",
    "zeros": "a .gz of 200 MB of zeros",
    "foreign": "addresses of other sites, of this machine and of files",
    "loop": "an index that names itself and the index above it",
}

Lag = float | tuple[float, float]

FEED_LAGS: tuple[Lag, ...] = (0.0, 120.0, (30.0, 900.0))
SITEMAP_LAGS: tuple[Lag, ...] = (0.0, 600.0, (60.0, 7200.0))
"""What `Ways.drawn` draws from."""


@dataclass(frozen=True, slots=True)
class Ways:
    """What each way shows; the defaults are a site on which all ways name an article as soon as it appears.

    Shares are 0 to 1, lags seconds: one for all, or (low, high) drawn for each article. Without a clock lags show nothing.
    ValueError for what there is not.
    """

    late: float = 0.0
    """Share of the articles that appear `late_by` after the time that they say: lists then have them below newer ones."""
    late_by: Lag = (30.0, 1800.0)
    ties: bool = False
    """Whether lists have the articles of one minute in any order, which then stays."""
    list_depth: int | None = None
    """Rows that a section list gives; None for all."""
    list_end: str = "empty"
    """What a list answers after its last row: one of `LIST_ENDS`."""
    quick_items: int = 100
    quick_more: str = "none"
    """How the page of flashes shows more than its first 20: `none` does not, but has all at once, a `button`, or on a `scroll` to its end."""
    sidebars: str = "own"
    """Whether a page has the boxes of its own time, or all pages those of the `newest` articles (only with a clock)."""
    feed_items: int = 50
    feed_lag: Lag = 0.0
    feed_missing: float = 0.0
    """Share of the articles that never stand in a feed."""
    recent_items: int = 1000
    """Addresses in each of the two recent sitemaps."""
    sitemap_lag: Lag = 0.0
    sitemap_missing: float = 0.0
    forms: str = "plain"
    """Whether feeds and sitemaps have one form, or each its own of those that are seen elsewhere (`varied`)."""
    robots_sitemaps: str = "none"
    """The sitemaps that robots.txt names: one of `ROBOTS_SITEMAPS`. Only with `index` is there an index."""
    bad_sitemaps: Collection[str] = ()
    """Harmful parts of the index: names of `BAD_SITEMAPS`."""
    outage: tuple[datetime, datetime] | tuple[float, float] | None = None
    """From when to when nothing is served: on the clock, or in seconds since the start of a server without one."""
    outage_how: str = "503"

    @classmethod
    def drawn(cls, seed: int) -> Ways:
        """One of the sites that newspim may be: who leans on one form of feed, list or sitemap is found out by another seed."""
        die = dice(seed, WAY)
        return cls(
            late=die.pick((0.0, 0.05, 0.2)),
            ties=die.chance(0.5),
            list_depth=die.pick((None, 400, 1580)),
            list_end=die.pick(LIST_ENDS),
            quick_items=die.pick((20, 50, 100)),
            sidebars=die.pick(SIDEBARS),
            feed_items=die.pick((20, 50, 100)),
            feed_lag=die.pick(FEED_LAGS),
            feed_missing=die.pick((0.0, 0.02, 0.1)),
            recent_items=die.pick((200, 1000)),
            sitemap_lag=die.pick(SITEMAP_LAGS),
            sitemap_missing=die.pick((0.0, 0.02, 0.1)),
            forms="varied",
            robots_sitemaps=die.pick(ROBOTS_SITEMAPS),
        )

    def __post_init__(self) -> None:
        for name, known in (
            ("list_end", LIST_ENDS),
            ("robots_sitemaps", ROBOTS_SITEMAPS),
            ("outage_how", OUTAGES),
            ("forms", FORMS),
            ("sidebars", SIDEBARS),
            ("quick_more", MORE),
        ):
            if getattr(self, name) not in known:
                raise ValueError(f"{name} {getattr(self, name)!r}: takes {', '.join(known)}")
        for name in ("late", "feed_missing", "sitemap_missing"):
            if not 0 <= getattr(self, name) <= 1:
                raise ValueError(f"{name} {getattr(self, name)}: takes a share, 0 to 1")
        for name in ("late_by", "feed_lag", "sitemap_lag"):
            _check_lag(name, getattr(self, name))
        for name in ("quick_items", "feed_items", "recent_items", "list_depth"):
            if (getattr(self, name) or 0) < 0:
                raise ValueError(f"{name} {getattr(self, name)}: takes 0 or more")
        unknown = sorted(set(self.bad_sitemaps) - set(BAD_SITEMAPS))
        if unknown:
            raise ValueError(f"unknown sitemap: {', '.join(unknown)}; known: {', '.join(BAD_SITEMAPS)}")
        if self.bad_sitemaps and self.robots_sitemaps != "index":
            raise ValueError("bad_sitemaps are parts of an index: they need robots_sitemaps='index'")
        _check_outage(self.outage)


def span(lag: Lag) -> tuple[float, float]:
    """The least and the most seconds of a lag."""
    return lag if isinstance(lag, tuple) else (lag, lag)


def _check_lag(name: str, lag: Lag) -> None:
    low, high = span(lag)
    if not (0 <= low <= high and math.isfinite(high)):
        raise ValueError(f"{name} {lag}: takes seconds, or (low, high)")


def _check_outage(outage: tuple[Any, Any] | None) -> None:
    if outage is None:
        return
    start, end = outage
    if any(isinstance(one, datetime) and one.tzinfo is None for one in outage):
        raise ValueError("outage: takes aware times, or seconds")
    if isinstance(start, datetime) != isinstance(end, datetime) or not start <= end:
        raise ValueError("outage: takes a start and a later end, both times or both seconds")
