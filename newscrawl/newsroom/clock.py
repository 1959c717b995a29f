"""The newsroom's clock: what time it is on the site, which may pass faster than here."""

from __future__ import annotations

import math
import time
from datetime import datetime, timedelta
from threading import Lock

from .stories import KST

MOST_SPEED = 1_000_000.0
"""Simulated seconds per second: eleven days. A faster clock would run out of years within a long test."""


class Clock:
    """A clock that stands at `start` until `begin` (the newsroom calls it when it serves), then runs at `speed`.

    `speed` is in simulated seconds per real second; 0 for a clock that only `set` and `advance` move. Any thread may read
    or move it. ValueError for a naive start or a speed that there is not.
    """

    def __init__(self, start: datetime, speed: float = 1.0) -> None:
        if not (math.isfinite(speed) and 0 <= speed <= MOST_SPEED):
            raise ValueError(f"speed {speed}: takes 0 to {MOST_SPEED:,.0f} seconds per second")
        self.start = _aware(start)
        self.speed = speed
        self._lock = Lock()
        self._moment = self.start
        self._since: float | None = None  # the real moment, by the monotonic clock, at which it was `_moment`

    def begin(self) -> None:
        """Let it run; a clock that runs already goes on."""
        with self._lock:
            if self._since is None:
                self._since = time.monotonic()

    def now(self) -> datetime:
        """The moment on the site, in KST."""
        with self._lock:
            return self._now()

    @property
    def setting(self) -> str:
        """This clock as `NEWSCRAWL_CLOCK` takes it, so that a crawler goes by it too: its time, at which second since 1970, and its speed."""
        with self._lock:
            return f"{self._now().isoformat()}@{time.time():.6f}*{self.speed:g}"

    def set(self, moment: datetime) -> None:
        """Make it that moment, later or earlier; it runs on from there. ValueError for a naive one."""
        with self._lock:
            self._turn(_aware(moment))

    def advance(self, by: timedelta) -> None:
        """Move it by so much."""
        with self._lock:
            self._turn(self._now() + by)

    def _turn(self, moment: datetime) -> None:
        self._moment = moment
        if self._since is not None:
            self._since = time.monotonic()

    def _now(self) -> datetime:
        if self._since is None:
            return self._moment
        return self._moment + timedelta(seconds=(time.monotonic() - self._since) * self.speed)


def _aware(moment: datetime) -> datetime:
    if moment.tzinfo is None:
        raise ValueError(f"{moment.isoformat()}: a clock needs an aware time")
    return moment.astimezone(KST)
