"""A section's days as months of weeks, as on a wall: for each day how far it is, and how many articles of how many."""

from __future__ import annotations

from calendar import Calendar
from datetime import date

from newscrawl.ledger_view.days import Coverage, Sight, Tally
from newscrawl.ledger_view.look import Look
from newscrawl.state import LedgerDay

MOST_MONTHS = 3  # more are no longer seen at once
_WEEKDAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_BAR = 5  # marks
_CELL = 3 + _BAR  # the day of the month, a space, the bar
_GAPS = (3, 2, 1)  # columns between two days, the first that fits


def weeks(coverage: Coverage, look: Look) -> list[str] | None:
    """The lines; None when it is too long for that, or the terminal too narrow."""
    cell = max([_CELL, *(len(_counts(coverage.days.get(day))) for day in coverage.dates())])
    gap = next((gap for gap in _GAPS if 7 * cell + 6 * gap < look.columns), None)
    months = coverage.months()
    if gap is None or len(months) > MOST_MONTHS:
        return None
    lines: list[str] = []
    for month in months:
        lines += [_heading(month, coverage.tally(month), look), _row([f"{name:>{cell}}" for name in _WEEKDAYS], gap)]
        for week in Calendar().monthdatescalendar(month.year, month.month):
            days = [day if day.month == month.month else None for day in week]
            if any(day and coverage.sight(day) for day in days):
                lines.append(_row([_bar(coverage, day, cell, look) for day in days], gap))
                lines.append(_row([_number(coverage, day, cell) for day in days], gap))
        lines.append("")
    return lines[:-1]


def _row(cells: list[str], gap: int) -> str:
    return (" " * gap).join(cells).rstrip()


def _heading(month: date, tally: Tally, look: Look) -> str:
    heading = f"{month:%Y-%m}   {tally.complete} of {tally.over} days complete   {tally.exported:,} of {tally.listed:,} exported"
    failed = f"   {tally.failed:,} failed" if tally.failed else ""
    return heading + (look.paint(Sight.FAILED, failed) if len(heading + failed) <= look.columns else "")


def _bar(coverage: Coverage, day: date | None, cell: int, look: Look) -> str:
    """The day of the month, and beside it a bar: what is exported, and behind it the mark of what is to be said."""
    if day is None or (sight := coverage.sight(day)) is None:
        return " " * cell
    full = _full(sight, coverage.days.get(day))
    bar = look.drawn(Sight.COMPLETE, full) + look.drawn(sight, _BAR - full)
    return f"{day.day:>{cell - _BAR - 1}} {bar}"


def _full(sight: Sight, known: LedgerDay | None) -> int:
    """How many marks of a bar are full: all of a complete day only."""
    if sight is Sight.COMPLETE:
        return _BAR
    return min(_BAR - 1, _BAR * known.exported // known.listed) if known and known.listed else 0


def _number(coverage: Coverage, day: date | None, cell: int) -> str:
    shown = day is not None and coverage.sight(day) is not None
    return f"{_counts(coverage.days.get(day) if day and shown else None):>{cell}}"


def _counts(known: LedgerDay | None) -> str:
    return f"{known.exported}/{known.listed}" if known else ""
