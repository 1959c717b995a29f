"""When an article is looked at again, and what counts as a change of it. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from newscrawl.items import COMPARED, Article

APART = 600
"""Seconds between two looks that find an article gone, before it counts as withdrawn."""

_AGE = re.compile(r"(\d{1,6})([smhdw])", re.ASCII)
_OLDEST = 5_200 * 604_800  # a hundred years: what lies farther away has no date in Python
_UNITS = {"s": 1, "m": 60, "h": 3600, "d": 86_400, "w": 604_800}


def ages(given: Iterable[str]) -> tuple[int, ...]:
    """The ages at which articles are looked at again, in seconds, the youngest first; none for `0`. Raises ValueError."""
    parts = [part.strip() for part in given if part.strip()]
    if parts in ([], ["0"]):
        return ()
    found = set()
    for part in parts:
        match = _AGE.fullmatch(part)
        if not match or not int(match[1]):
            raise ValueError(
                f"NEWSCRAWL_RECHECK_AFTER={','.join(parts)!r}: takes ages of an article, like 10m,1h,6h,24h,7d, or 0 to look at none again"
            )
        found.add(min(int(match[1]) * _UNITS[match[2]], _OLDEST))
    return tuple(sorted(found))


def counted_from(article: Article) -> datetime:
    """From when an article's age is counted: its publication, unless the page has none, or one that lies ahead of us."""
    assert article.fetched_at is not None
    published = article.published_at
    return published if published and published < article.fetched_at else article.fetched_at


def next_look(since: int, now: int, at_ages: Iterable[int]) -> int | None:
    """When an article whose age is counted from `since` is looked at next, None for never. Seconds since 1970.

    Not before it has aged by a tenth: a look that was taken late stands for the one that would follow at once.
    """
    soonest = now + max(0, now - since) / 10
    return min((since + age for age in at_ages if since + age > soonest), default=None)


def changes(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[str]:
    """The fields in which two records of an article differ. White space is no difference.

    Nor is a time of modification that the page does not show any more: it says nothing.
    """
    differing = [name for name in COMPARED if _essence(before[name]) != _essence(after[name])]
    return [name for name in differing if name != "modified_at" or after[name]]


def _essence(value: object) -> object:
    """A field without its white space."""
    if isinstance(value, str):
        return "".join(value.split())
    if isinstance(value, list):
        return [_essence(one) for one in value]
    if isinstance(value, dict):
        return {name: _essence(one) for name, one in value.items()}
    return value
