"""A time during which nothing is served."""

from __future__ import annotations

import math
import time
from datetime import datetime
from typing import TYPE_CHECKING

from .answer import Answer

if TYPE_CHECKING:
    from .clock import Clock
    from .ways import Ways


class Outage:
    """The outage of a newsroom, if it has one. ValueError for times without a clock, or seconds with one."""

    def __init__(self, ways: Ways, clock: Clock | None) -> None:
        self.span, self.how, self.clock = ways.outage, ways.outage_how, clock
        self._began = math.inf
        if self.span is not None and isinstance(self.span[0], datetime) != (clock is not None):
            raise ValueError("outage: takes times with a clock, seconds without one")

    def begin(self) -> None:
        """The server starts."""
        self._began = time.monotonic()

    def now(self) -> bool:
        """Whether nothing is served at the moment."""
        if self.span is None:
            return False
        passed = time.monotonic() - self._began
        start, end = (self._seconds(one, passed) for one in self.span)
        return start <= 0 < end

    def _seconds(self, moment: datetime | float, passed: float) -> float:
        """How long until a moment, in the seconds in which it is given."""
        if isinstance(moment, datetime):
            return math.inf if self.clock is None else (moment - self.clock.now()).total_seconds()
        return moment - passed

    def closed(self) -> bool:
        """Whether connections are ended as soon as they are made."""
        return self.how == "close" and self.now()

    def answer(self) -> Answer:
        """What every request gets."""
        return Answer(0) if self.how == "close" else Answer(503, b"<html><body>503</body></html>")
