"""Reads figures of which some may be missing: those of a run that died are null, those of an older version may lack a name."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from statistics import median
from typing import Any

Figures = Mapping[str, Any]


def value(figures: Figures, *path: str) -> Any:
    """What stands below these names, or None."""
    found: Any = figures
    for name in path:
        found = found.get(name) if isinstance(found, Mapping) else None
    return found


def number(figures: Figures, *path: str) -> float | None:
    """A number, or None."""
    found = value(figures, *path)
    return found if isinstance(found, (int, float)) and not isinstance(found, bool) else None


def table(figures: Figures, *path: str) -> dict[str, Any]:
    """Names and what stands below them; empty for none."""
    found = value(figures, *path)
    return dict(found) if isinstance(found, Mapping) else {}


def counts(figures: Figures, *path: str) -> dict[str, float]:
    """Names and their counts, the largest first, without those that are nothing."""
    found = {name: count for name, count in table(figures, *path).items() if isinstance(count, (int, float)) and count}
    return dict(sorted(found.items(), key=lambda pair: (-pair[1], pair[0])))


def rows(figures: Figures, *path: str) -> list[Any]:
    """A list; empty for none."""
    found = value(figures, *path)
    return list(found) if isinstance(found, (list, tuple)) else []


def usual(runs: Iterable[Figures], *path: str) -> float | None:
    """The median of a number over runs; None when no run has it."""
    found = [one for figures in runs if (one := number(figures, *path)) is not None]
    return median(found) if found else None


def filled(figures: Figures, field: str) -> float | None:
    """The percentage of a run's records that have a field; None when there were no records."""
    records, having = number(figures, "records"), number(figures, "fields", field, "filled")
    return 100 * having / records if records and having is not None else None
