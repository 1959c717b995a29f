"""The top bar: five entries whose addresses nobody knows, so that each site invents its own."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace

from .dice import CHROME, dice
from .stories import Story

LABELS = ("전체기사", "최신뉴스", "GAM", "KYD 디데이", "글로벌 특파원")
# Invented addresses: a crawler has to follow what the page has.
ADDRESSES = {
    "전체기사": ("/allnews", "/news/all", "/newslist/total", "/list?type=all"),
    "최신뉴스": ("/latest", "/news/recent", "/newslist/new", "/list?type=new"),
    "GAM": ("/gam", "/gam/main", "/global-asset", "/plus/gam"),
    "KYD 디데이": ("/kyd", "/series/kyd", "/special/dday", "/theme?no=31"),
    "글로벌 특파원": ("/correspondents", "/series/world", "/reporters/global", "/theme?no=32"),
}
FIRST = 30
"""Rows of one page of a top bar entry."""
ROWS = FIRST * 3
"""Listed articles that the pages of an entry reach."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry: its label, its address, and the numbers of the articles on its pages, in order."""

    label: str
    address: str
    numbers: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class TopBar:
    """The entries in order."""

    entries: tuple[Entry, ...]

    def at(self, address: str) -> Entry | None:
        """The entry at an address (path, with the query that belongs to it)."""
        return next((entry for entry in self.entries if entry.address == address), None)

    def without(self, gone: Collection[int]) -> TopBar:
        """The top bar without some articles."""
        kept = (tuple(one for one in entry.numbers if one not in gone) for entry in self.entries)
        return TopBar(tuple(replace(entry, numbers=numbers) for entry, numbers in zip(self.entries, kept, strict=True)))


def top_bar(stories: Sequence[Story], seed: int) -> TopBar:
    """The top bar of a site with all its articles."""
    own = [story.number for story in stories if story.way == "topbar"]
    return arranged(own, [story.number for story in reversed(stories) if story.listed], seed)


def arranged(own: Sequence[int], listed: Sequence[int], seed: int) -> TopBar:
    """The top bar: on each first page the articles that only it names stand among the listed ones, which are newest first."""
    die = dice(seed, CHROME)
    entries = []
    for place, label in enumerate(LABELS):
        mine = own[place :: len(LABELS)]
        first = sorted([*mine, *listed[place : place + FIRST - len(mine)]], reverse=True)
        rest = [number for number in listed[FIRST + place : ROWS] if number not in first]
        entries.append(Entry(label, die.pick(ADDRESSES[label]), tuple(first + rest)))
    return TopBar(tuple(entries))
