"""NEWSCRAWL_RETENTION: how long articles are kept, and which have been kept long enough. Pure."""

from __future__ import annotations

from datetime import datetime, timedelta

from newscrawl.korean import KST
from newscrawl.revisions import ages

SETTING = "NEWSCRAWL_RETENTION"
LEAST = 86_400
"""Seconds. What is read in a day's runs must be there at its end: a look at an article is held against its last text."""


def retention(value: object) -> int | None:
    """The setting in seconds; None for empty or 0: for ever. Raises ValueError, naming what it takes."""
    text = str(value or "").strip()
    try:
        found = ages([text]) if text else ()
    except ValueError:
        found = (0,)
    if found and (len(found) > 1 or found[0] < LEAST):
        raise ValueError(
            f"{SETTING}={text!r}: takes an age of at least a day, like 365d or 52w; empty keeps articles for ever"
        )
    return found[0] if found else None


def cut(now: datetime, seconds: int) -> tuple[int, int]:
    """What is over: published before a time (seconds since 1970), and created before a day, as the lowest number of that day. An article is
    created before it is published."""
    before = now - timedelta(seconds=seconds)
    day = before.astimezone(KST).date() + timedelta(days=1)
    return int(before.timestamp()), int(f"{day:%Y%m%d}000000")
