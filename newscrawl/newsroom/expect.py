"""What a complete, polite crawl of the site should export."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from datetime import date, datetime, time, timedelta
from typing import Any

from .faults import LOST, Redirect
from .scripted import UNSEEN
from .site import Site
from .standing import Standing
from .stories import SECTIONS, Story
from .topbar import FIRST
from .truth import Record

FOLLOW = ("related", "sidebar")
BODYLESS = UNSEEN | {"no_container"}
"""Kinds whose page is there, with its sidebar, and has no body that anybody sees."""
WITHDRAWN = {"404": "gone404", "410": "gone410", "empty": "empty"}
"""What a withdrawn article is like, by how it is withdrawn."""


class Expected(Mapping[str, Record]):
    """Id to true record (`"20261120000123"`, without the source). Of two exact duplicates the earlier one stands in it.

    `twins` maps each of two exact duplicates, when both can be fetched, to the other: exactly one of them is to be exported.
    `optional` are ids that only a crawl would reach that goes on from pages outside of the period or the sections.
    """

    def __init__(
        self,
        standing: Standing,
        ids: Iterable[str] = (),
        hosts: Mapping[str, str] | None = None,
        twins: Mapping[str, str] | None = None,
        optional: Iterable[str] = (),
    ) -> None:
        self._standing = standing
        self._ids = dict.fromkeys(ids)
        self._hosts = dict(hosts or {})
        self.twins = dict(twins or {})
        self.optional = frozenset(optional)

    def __getitem__(self, id: str) -> Record:
        if id not in self._ids:
            raise KeyError(id)
        return self.record(id)

    def __iter__(self) -> Iterator[str]:
        return iter(self._ids)

    def __len__(self) -> int:
        return len(self._ids)

    def record(self, id: str) -> Record:
        """The true record of an id, as read at the address where its page answers (a duplicate's too)."""
        return self._standing.truth(id, self._hosts.get(id, "www.newspim.com"))

    def missing(self, exported: Collection[str]) -> set[str]:
        """Ids that should have been exported and were not; the other of two duplicates counts for the one."""
        got = set(exported)
        return {id for id in self._ids if id not in got and self.twins.get(id) not in got}

    def unwanted(self, exported: Collection[str]) -> set[str]:
        """Ids that should not have been exported: unknown, out of reach, or the second of two duplicates."""
        got = set(exported)
        allowed = (
            set(self._ids) | {self.twins[id] for id in self._ids if id in self.twins and id not in got} | self.optional
        )
        return got - allowed


def expected(
    standing: Standing,
    struck: Mapping[str, str],
    moves: Mapping[str, Redirect],
    since: date | datetime | None = None,
    until: date | datetime | None = None,
    sections: Collection[str] | None = None,
    follow: Collection[str] = FOLLOW,
    topbar: bool = True,
) -> Expected:
    """The articles that a crawl from the lists (of the sections, codes or names) and the top bar reaches and may export.

    The period is `since <= published_at < until`; a plain date as `until` means that day to its end. On a clock: from all rows
    of the lists that there are at the moment, however deep a list may be read.
    """
    site = standing.site
    struck = {**struck, **{id: WITHDRAWN[how] for id, how in site.withdrawn.items()}}
    crawl = _Crawl(standing, struck, moves, _moment(site, since, 0), _moment(site, until, 1), _codes(sections), follow)
    starts = [number for number in standing.every("1") if crawl.wanted(site.articles[number])]
    if topbar:
        starts += [number for entry in standing.topbar.entries for number in entry.numbers[:FIRST]]
    inside = crawl.reach(starts, beyond=False)
    everything = crawl.reach(starts, beyond=True)
    good = [story.id for story in site.articles if story.number in inside and crawl.exported(story)]
    optional = {story.id for story in site.articles if story.number in everything - inside and crawl.exported(story)}
    hosts = {id: move.host for id, move in moves.items() if move.id == id}
    twins: dict[str, str] = {}
    have = set(good)
    for story in site.articles:
        first = site.articles[story.origin]
        if first is not story and {first.id, story.id} <= have and _same_words(site, first, story):
            twins |= {first.id: story.id, story.id: first.id}
            have.discard(story.id)
    return Expected(standing, [id for id in good if id in have], hosts, twins, optional)


class _Crawl:
    """One walk over the links of the site."""

    def __init__(
        self,
        standing: Standing,
        struck: Mapping[str, str],
        moves: Mapping[str, Redirect],
        since: datetime | None,
        until: datetime | None,
        codes: frozenset[str] | None,
        follow: Collection[str],
    ) -> None:
        unknown = set(follow) - set(FOLLOW)
        if unknown:
            raise ValueError(f"unknown way to follow: {', '.join(sorted(unknown))}; known: {', '.join(FOLLOW)}")
        self.standing, self.site, self.struck, self.moves = standing, standing.site, struck, moves
        self.since, self.until, self.codes, self.follow = since, until, codes, follow

    def wanted(self, story: Story) -> bool:
        """Whether a story is in the period and the sections."""
        if self.codes is not None and story.section not in self.codes and story.subsection not in self.codes:
            return False
        if self.since is not None and story.published_at < self.since:
            return False
        return self.until is None or story.published_at < self.until

    def exported(self, story: Story) -> bool:
        """Whether a reached story is to be exported."""
        return self.wanted(story) and self.struck.get(story.id) not in LOST

    def reach(self, starts: Iterable[int], beyond: bool) -> set[int]:
        """The stories that the walk names; with `beyond` it goes on from pages that are not wanted too."""
        named = set(starts)
        waiting = list(named)
        seen_buckets: set[int] = set()
        while waiting:
            for other in self._links(waiting.pop(), beyond, seen_buckets):
                if other not in named:
                    named.add(other)
                    waiting.append(other)
        return named

    def _links(self, number: int, beyond: bool, seen_buckets: set[int]) -> list[int]:
        story = self.site.articles[number]
        if not beyond and not self.wanted(story):
            return []
        kind = self.struck.get(story.id)
        if kind == "moved":
            target = self.moves[story.id].id
            return [] if target is None else [self.site.by_id[target].number]
        bodyless = kind in BODYLESS
        if kind in LOST and not bodyless:
            return []
        out: list[int] = []
        if "related" in self.follow and not bodyless:
            out += self.standing.related(number)
        if "sidebar" in self.follow and kind in UNSEEN:
            out += self.standing.content(number).box  # it stands on the page, and tells no more than any link
        bucket = self.standing.bucket(number)
        if "sidebar" in self.follow and bucket not in seen_buckets:
            seen_buckets.add(bucket)
            out += self.standing.sidebar(bucket).numbers
        return out


def _same_words(site: Site, first: Story, second: Story) -> bool:
    """Whether two stories that began as exact duplicates still are: an edit of one of them parts them."""
    if site.version(first.id) == site.version(second.id) == 1:
        return True
    one, other = (site.truth(story.id) for story in (first, second))
    return all(_folded(one[name]) == _folded(other[name]) for name in ("title", "body", "tables"))


def _folded(value: Any) -> Any:
    return " ".join(value.split()) if isinstance(value, str) else value


def _moment(site: Site, when: date | datetime | None, days: int) -> datetime | None:
    if when is None:
        return None
    if isinstance(when, datetime):
        return site.aware(when)
    return site.aware(datetime.combine(when + timedelta(days=days), time()))


def _codes(sections: Collection[str] | None) -> frozenset[str] | None:
    """Codes from codes and names; None for all."""
    if sections is None or "1" in sections or "전체" in sections:
        return None
    names = {name: code for code, name in SECTIONS.items()}
    return frozenset(names.get(one, one) for one in sections)
