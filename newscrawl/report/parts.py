"""The parts of a run that goes on for weeks: when each is over, and what it took of the counts. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

_SHORTEST = 0.25  # of a part: what is left of one that is shorter belongs to the next
_AHEAD = 9 * 3600  # seconds of Korean time before that of 1970's


def end_of_part(begun: float, every: float) -> float:
    """When the part that begins now is over: at the next full `every` of Korean time, so that parts of one day are those of another. All in
    seconds, times since 1970."""
    end = ((begun + _AHEAD) // every + 1) * every - _AHEAD
    return end if end - begun >= _SHORTEST * every else end + every


def since(stats: Mapping[str, Any], before: Mapping[str, Any]) -> dict[str, Any]:
    """Stats as if they had been counted from `before` on. What can be taken back, as that only one way named an article, is 0 at the least;
    what is no count is as it is."""
    return {
        name: max(value - before.get(name, 0), 0) if isinstance(value, int) else value for name, value in stats.items()
    }
