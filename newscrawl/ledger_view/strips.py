"""A section's days as a line a month with a mark a day: years at a glance."""

from __future__ import annotations

from datetime import date
from itertools import pairwise

from newscrawl.ledger_view.days import Coverage, Sight, Tally
from newscrawl.ledger_view.look import Look

_DAYS = 31
_GROUP = 5  # marks, then a space: a date is found by counting groups
_LABEL = 9
_STRIP = _DAYS + (_DAYS - 1) // _GROUP + 1  # the ruler's last number has two digits
# What stands behind the days, with its width; as many as the terminal has room for.
_COLUMNS = (("days", 6), ("exported", 9), ("listed", 9), ("failed", 8), ("waiting", 9))


def strips(coverage: Coverage, look: Look) -> list[str]:
    """The lines, with a heading, and an empty one before each year."""
    columns = _fitting(look.columns)
    ruler = "".join(f"{day:<{_GROUP + 1}}" for day in range(1, _DAYS + 1, _GROUP))
    heading = "".join(f"{name:>{width}}" for name, width in columns)
    lines = [f"{'':{_LABEL}}{ruler:<{_STRIP}.{_STRIP}}{heading}"]
    months = coverage.months()
    for before, month in pairwise([months[0], *months]):
        lines += [""] if before.year < month.year else []
        lines.append(_strip(coverage, month, look) + _figures(coverage.tally(month), columns, look))
    return lines


def _fitting(room: int) -> list[tuple[str, int]]:
    used, found = _LABEL + _STRIP, []
    for name, width in _COLUMNS:
        used += width
        if used < room:
            found.append((name, width))
    return found


def _strip(coverage: Coverage, month: date, look: Look) -> str:
    shown = {day.day: coverage.sight(day) for day in coverage.dates(month)}
    groups = [range(day, min(day + _GROUP, _DAYS + 1)) for day in range(1, _DAYS + 1, _GROUP)]
    cells = " ".join("".join(_cell(shown.get(day), look) for day in group) for group in groups)
    return f"{f'{month:%Y-%m}':<{_LABEL}}{cells} "


def _cell(sight: Sight | None, look: Look) -> str:
    return look.drawn(sight) if sight else " "


def _figures(tally: Tally, columns: list[tuple[str, int]], look: Look) -> str:
    texts = {
        "days": f"{tally.complete}/{tally.over}",
        "exported": f"{tally.exported:,}",
        "listed": f"{tally.listed:,}",
        "failed": f"{tally.failed:,}" if tally.failed else "",
        "waiting": f"{tally.waiting:,}" if tally.waiting else "",
    }
    sights = {"failed": Sight.FAILED, "waiting": Sight.WAITS}
    cells = [f"{texts[name]:>{width}}" for name, width in columns]
    return "".join(
        look.paint(sights[name], cell) if name in sights else cell
        for (name, _), cell in zip(columns, cells, strict=True)
    ).rstrip()
