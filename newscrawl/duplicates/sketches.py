"""Sketches of many articles at once: which of them may hold a short text, and which short ones a text may hold. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from newscrawl.duplicates.candidates import hits_enough
from newscrawl.duplicates.shingles import Shingles

Place = tuple[int, int]
"""When an article was published (seconds since 1970), and its number."""


def packed(sketch: Shingles) -> bytes:
    """A sketch as it is stored."""
    return sketch.astype("<u4", copy=False).tobytes()


def as_sketch(sketch: bytes) -> Shingles:
    """A stored sketch."""
    return np.frombuffer(sketch, dtype="<u4")


class Sketches:
    """The shingles of articles, one after the other: which of them have enough of some others is one look through them."""

    def __init__(self, rows: Sequence[Sequence[Any]]) -> None:
        """Rows of number, time, and the bytes of a sketch, or of the part of it that is looked for (NULL for none: of so few letters, SQLite's
        substr gives that)."""
        sketches = [row[2] or b"" for row in rows]
        self._places = [(row[1], row[0]) for row in rows]
        self._sizes = np.array([len(one) // 4 for one in sketches], dtype=np.int64)
        self._shingles = np.frombuffer(b"".join(sketches), dtype="<u4")
        self._halves = self._shingles >> np.uint32(16)
        self._whose = np.repeat(np.arange(len(rows)), self._sizes)

    def with_hits(self, sought: Shingles, probes: int | None = None) -> list[Place]:
        """Those that have enough of some shingles. `probes`: how many there are to be hit, if not all of an article's."""
        if not len(sought):
            return []
        # Nearly all are told apart by their upper halves, in a table; to sort so many costs sixty times as much.
        among = np.zeros(1 << 16, dtype=np.bool_)
        among[sought >> np.uint32(16)] = True
        likely = np.flatnonzero(among[self._halves])
        values = self._shingles[likely]
        found = likely[sought.take(np.searchsorted(sought, values), mode="clip") == values]
        hits = np.bincount(self._whose[found], minlength=len(self._sizes))
        enough = np.flatnonzero(hits_enough(hits, self._sizes if probes is None else probes))
        return [self._places[one] for one in enough]
