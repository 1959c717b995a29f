"""Scripts that many pages share, kept for a while: the tenth page does not ask the site for each of them again."""

from __future__ import annotations

import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass

MOST_BYTES = 8 * 1024 * 1024  # of a run; a site's scripts are a few hundred kB
OLDEST = 3600.0  # seconds: a watch goes on for weeks, and a site changes its scripts


@dataclass(frozen=True, slots=True)
class Fetched:
    """An answer as the browser gets it."""

    status: int
    headers: dict[str, str]
    body: bytes


class Kept:
    """By address, the last used at the end; bounded in bytes."""

    def __init__(self, most: int = MOST_BYTES, now: Callable[[], float] = time.monotonic) -> None:
        self._most, self._now = most, now
        self._known: OrderedDict[str, tuple[float, Fetched]] = OrderedDict()
        self._bytes = 0

    def get(self, url: str) -> Fetched | None:
        """What is kept of an address, if it is not too old."""
        at, found = self._known.get(url, (0.0, None))
        if found is None:
            return None
        if self._now() - at > OLDEST:
            self._drop(url)
            return None
        self._known.move_to_end(url)
        return found

    def add(self, url: str, fetched: Fetched) -> None:
        """Keep it, and let go of what was not used for the longest time."""
        self._drop(url)
        if len(fetched.body) > self._most:
            return
        self._known[url] = self._now(), fetched
        self._bytes += len(fetched.body)
        while self._bytes > self._most:
            self._drop(next(iter(self._known)))

    def _drop(self, url: str) -> None:
        if old := self._known.pop(url, None):
            self._bytes -= len(old[1].body)
