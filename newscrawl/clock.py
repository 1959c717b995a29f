"""What time it is: the machine's; or, for a crawl of a newsroom whose clock runs fast, that of the newsroom."""

from __future__ import annotations

import time
from dataclasses import dataclass
from datetime import datetime
from math import inf

from scrapy.settings import BaseSettings

from newscrawl.korean import KST

_WRONG = "takes TIME@SECONDS*SPEED as `scrapy newsroom` prints it: the newsroom's time at that second since 1970, and how fast it runs"


@dataclass(frozen=True, slots=True)
class Clock:
    """Shows `start` (seconds since 1970) when the machine's clock shows `at`, and runs `speed` times as fast. The default is the machine's."""

    start: float = 0.0
    at: float = 0.0
    speed: float = 1.0

    @classmethod
    def of(cls, settings: BaseSettings) -> Clock:
        """That of `NEWSCRAWL_CLOCK`, the machine's if there is none. Raises ValueError for what is none, and without a newsroom: of the site,
        a clock of another speed would be a lie in each record."""
        text: str = settings["NEWSCRAWL_CLOCK"] or ""
        if not text:
            return cls()
        if not settings["NEWSCRAWL_NEWSROOM"]:
            raise ValueError("NEWSCRAWL_CLOCK: only a newsroom has a clock of its own; set NEWSCRAWL_NEWSROOM too")
        shown, _, rest = text.partition("@")
        at, _, speed = rest.partition("*")
        try:
            moment, clock = datetime.fromisoformat(shown), (float(at), float(speed))
        except ValueError:
            raise ValueError(f"NEWSCRAWL_CLOCK={text!r}: {_WRONG}") from None
        if moment.tzinfo is None or not 0 < clock[1] < inf or not abs(clock[0]) < inf:
            raise ValueError(f"NEWSCRAWL_CLOCK={text!r}: {_WRONG}")
        return cls(moment.timestamp(), *clock)

    def time(self) -> float:
        """Seconds since 1970."""
        return self.start + (time.time() - self.at) * self.speed

    def now(self) -> datetime:
        """The time, in KST."""
        return datetime.fromtimestamp(self.time(), KST)

    def here(self, seconds: float) -> float:
        """How many seconds of the machine so many of this clock are."""
        return seconds / self.speed


MACHINE = Clock()
"""The machine's."""
