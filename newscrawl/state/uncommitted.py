"""Articles of a run that are not committed yet, and by what they are found. Pure."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass

from newscrawl.duplicates import Handles, Placed, Placement, Text


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
        self._shorts: set[int] = set()

    def add(self, new: Considered) -> None:
        """One more."""
        number = new.text.number
        self.articles[number] = new
        self._by_hash[new.hash].append(number)
        for band in new.handles.bands:
            self._by_band[band].append(number)
        if new.handles.short:
            self._shorts.add(number)

    def near(self, by: Handles, hash_: bytes) -> Iterator[Considered]:
        """Those that may have to do with another article: similar or the same, short ones, and all of them for one that is short itself."""
        if by.short:
            yield from self.articles.values()
            return
        found = self._shorts.union(self._by_hash.get(hash_, ()))
        for band in by.bands:
            found.update(self._by_band.get(band, ()))
        yield from (one for number, one in self.articles.items() if number in found)
