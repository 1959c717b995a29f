"""Articles of a run that are not committed yet, and by what they are found. Pure."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass

from newscrawl.duplicates import DAY, PROBE, Handles, Placed, Placement, Sketches, Text, packed

_Row = tuple[int, int, bytes]  # number, time, sketch


@dataclass(frozen=True, slots=True)
class Considered:
    """A new article among the others. `hash`: the first sixteen bytes of its hash; `placement`: where it stands by what is known, `said`: by
    what was known when its line was made."""

    text: Text
    handles: Handles
    hash: bytes
    placement: Placement
    said: Placed


class Uncommitted:
    """Some hundred at most, in the order in which they came."""

    def __init__(self) -> None:
        self.articles: dict[int, Considered] = {}
        self._by_band = defaultdict[int, list[int]](list)
        self._by_hash = defaultdict[bytes, list[int]](list)
        self._rows: list[_Row] = []
        self._probes: list[_Row] = []  # of short ones
        self._shorts: Sketches | None = None  # of the probes, made when it is asked for

    def add(self, new: Considered) -> None:
        """One more."""
        number = new.text.number
        self.articles[number] = new
        self._by_hash[new.hash].append(number)
        for band in new.handles.bands:
            self._by_band[band].append(number)
        self._rows.append((number, new.text.at, packed(new.handles.sketch)))
        if new.handles.short:
            self._probes.append((number, new.text.at, packed(new.handles.sketch[:PROBE])))
            self._shorts = None

    def near(self, new: Text, by: Handles, hash_: bytes) -> Iterator[Considered]:
        """Those that may have to do with another article: the same and similar ones, short ones of the day before it that it may hold, and of the
        day after it those that may hold it, if it is short itself."""
        found = set(self._by_hash.get(hash_, ()))
        found.update(number for band in by.bands for number in self._by_band.get(band, ()))
        found.update(self._held_by(new, by))
        if by.short:
            found.update(self._holding(new, by))
        yield from (one for number, one in self.articles.items() if number in found)

    def _held_by(self, new: Text, by: Handles) -> Iterator[int]:
        if self._shorts is None:
            self._shorts = Sketches(self._probes)
        for at, number in self._shorts.with_hits(by.sketch):
            if (at, number) < new.place and new.at - at <= DAY:
                yield number

    def _holding(self, new: Text, by: Handles) -> Iterator[int]:
        probe = by.sketch[:PROBE]
        for at, number in Sketches(self._rows).with_hits(probe, len(probe)):
            if (at, number) > new.place and at - new.at <= DAY:
                yield number
