"""What a monitor says of a run, and the limits that an operator sets."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

Figures = Mapping[str, Any]
"""The figures of a run: plain JSON."""

GIB = 1024**3


class Missing(LookupError):
    """A figure that a monitor needs is not there; its name."""


@dataclass(frozen=True, slots=True)
class Finding:
    """What a monitor found, in one line. `judged`: False when there was nothing to judge by: it passes, and ends no trouble.
    `lasting`: False for what happens once, whose end is no news. `urls`: the sources that it speaks of."""

    passed: bool
    text: str
    judged: bool = True
    lasting: bool = True
    urls: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Limits:
    """What an operator may set. `items`: by kind of run, the least number of new articles. `errors`: the share of requests that may fail.
    `disk`: bytes that must be free. `since`: what was before it is not looked back to. `holidays`: days that are like Sundays."""

    items: Mapping[str, int] = field(default_factory=dict)
    errors: float = 0.05
    disk: int = GIB
    since: datetime | None = None
    holidays: frozenset[date] = frozenset()


def need(figures: Figures, path: str) -> Any:
    """The figure at a dotted path. Raises Missing when it is not there, or null."""
    value: Any = figures
    for name in path.split("."):
        value = value.get(name) if isinstance(value, Mapping) else None
        if value is None:
            raise Missing(path)
    return value


def good(text: str) -> Finding:
    """All is as it should be."""
    return Finding(True, text)


def bad(text: str) -> Finding:
    """Something is wrong."""
    return Finding(False, text)


def unjudged(why: str) -> Finding:
    """Nothing can be said; it passes."""
    return Finding(True, why, judged=False)
