"""In which ways an article can be found."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from . import lists
from .sidebar import buckets
from .stories import Story

if TYPE_CHECKING:
    from .site import Site


@dataclass(frozen=True, slots=True)
class Found:
    """All ways in which one article can be found: the addresses of the pages that name it."""

    listed: frozenset[str]
    topbar: frozenset[str]
    sidebar: frozenset[str]
    related: frozenset[str]

    def pages(self, via: str) -> frozenset[str]:
        """The pages that name it in one way (`list`, `topbar`, `sidebar`, `related`)."""
        return {"list": self.listed, "topbar": self.topbar, "sidebar": self.sidebar, "related": self.related}[via]


def find(site: Site, story: Story) -> Found:
    """The ways to a story; list pages at the offsets that are multiples of 20."""
    states = range(buckets(len(site.articles)))
    beside = {state for state in states if story.number in site.sidebar(state).numbers}
    return Found(
        listed=frozenset(() if story.id in site.withdrawn else lists.list_addresses(site, story)),
        topbar=frozenset(lists.topbar_addresses(site, story)),
        sidebar=frozenset(other.url for other in site.articles if site.bucket(other.number) in beside),
        related=frozenset(other.url for other in site.articles if story.number in other.related),
    )
