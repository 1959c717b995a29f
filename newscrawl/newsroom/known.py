"""What is true of discovery: when each article appeared, and which ways name it at the moment."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable
from datetime import datetime
from typing import TYPE_CHECKING

from .feeds import fed
from .lists import FRONT_NEWEST, FRONT_SECTION
from .stories import KST, SECTIONS

if TYPE_CHECKING:
    from .atlas import Atlas
    from .standing import Standing

WAYS = ("list", "feed", "sitemap", "front", "quick", "sidebar", "related", "topbar")


def appeared_at(standing: Standing, id: str) -> datetime:
    """When an article appears; `KeyError` for an unknown id."""
    return datetime.fromtimestamp(standing.moments.appeared[standing.site.by_id[id].number], KST)


def published(standing: Standing, since: datetime | None, until: datetime | None) -> list[str]:
    """The articles that have appeared in a period, in that order; ValueError for a naive time."""
    if any(one is not None and one.tzinfo is None for one in (since, until)):
        raise ValueError("published: takes aware times")
    low = -math.inf if since is None else since.timestamp()
    high = math.inf if until is None else until.timestamp()
    site, appeared = standing.site, standing.moments.appeared
    with site.lock:
        standing.tick()
        numbers = [
            story.number
            for story in site.articles
            if story.way != "hidden" and low <= appeared[story.number] < high and standing.has(story.number)
        ]
        return [site.articles[number].id for number in sorted(numbers, key=lambda number: (appeared[number], number))]


def named(standing: Standing, atlas: Atlas, way: str) -> frozenset[str]:
    """The ids that a way names now; ValueError for an unknown way."""
    if way not in WAYS:
        raise ValueError(f"unknown way: {way}; known: {', '.join(WAYS)}")
    looks: dict[str, Callable[[], Iterable[int]]] = {
        "list": lambda: _in_lists(standing),
        "feed": lambda: {number for code in _codes(standing) for number in fed(standing, code)},
        "sitemap": atlas.numbers,
        "front": lambda: _on_front(standing),
        "quick": lambda: standing.rows("1", 0, standing.ways.quick_items),
        "sidebar": lambda: _beside(standing),
        "related": lambda: {other for number in _pages(standing) for other in standing.related(number)},
        "topbar": lambda: {number for entry in standing.topbar.entries for number in entry.numbers},
    }
    with standing.site.lock:
        standing.tick()
        return frozenset(standing.site.articles[number].id for number in looks[way]())


def _codes(standing: Standing) -> list[str]:
    return list(standing.site.lists)


def _in_lists(standing: Standing) -> set[int]:
    return {number for code in _codes(standing) for number in standing.rows(code, 0, standing.depth(code))}


def _on_front(standing: Standing) -> set[int]:
    boxes = {number for code in SECTIONS for number in standing.rows(code, 0, FRONT_SECTION)}
    return boxes | set(standing.rows("1", 0, FRONT_NEWEST))


def _pages(standing: Standing) -> list[int]:
    """The articles whose pages are there to be found."""
    gone = standing.site.withdrawn
    return [
        story.number
        for story in standing.site.articles
        if story.way != "hidden" and story.id not in gone and standing.has(story.number)
    ]


def _beside(standing: Standing) -> set[int]:
    """What the sidebars of those pages name."""
    shown = {standing.bucket(number) for number in _pages(standing)}
    return {number for bucket in shown for number in standing.sidebar(bucket).numbers}
