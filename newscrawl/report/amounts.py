"""Amounts as a person reads them: counts, shares, sizes, durations, moments."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone

from newscrawl.report.words import Both, same

KST = timezone(timedelta(hours=9), "KST")
NONE = "–"
# Seconds of each unit, the largest first, with its Korean and its English name.
_UNITS = ((86_400, "일", "d"), (3_600, "시간", "h"), (60, "분", "min"))
_SIZES = ("B", "kB", "MB", "GB", "TB")


def count(number: float | None) -> str:
    """1234 -> 1,234; what is not a whole number has one digit behind the point."""
    if number is None:
        return NONE
    return f"{number:,.0f}" if float(number).is_integer() else f"{number:,.1f}"


def share(part: float, whole: float) -> str:
    """99 of 100 -> 99 %; what is not all never reads 100 %, and what is not nothing never 0 %."""
    if not whole:
        return NONE
    return percent(100 * part / whole)


def percent(value: float) -> str:
    """A share that is a percentage already: 99.96 -> 99.9 %."""
    if 0 < value < 100:
        value = min(max(round(value, 1), 0.1), 99.9)
    return f"{value:.4g} %"


def size(number: float | None) -> str:
    """Bytes: 131000000 -> 131 MB."""
    if number is None:
        return NONE
    step = 0
    while number >= 999.5 and step < len(_SIZES) - 1:
        number, step = number / 1000, step + 1
    return f"{number:.3g} {_SIZES[step]}"


def duration(seconds: float | None) -> Both:
    """Seconds in at most two units: 67.2 -> 1분 7초, 1 min 7 s. Below ten seconds with one digit behind the point."""
    if seconds is None:
        return same(NONE)
    if seconds < 9.95:
        return Both(f"{seconds:.1f}초", f"{seconds:.1f} s")
    rest, parts = round(seconds), list[tuple[int, str, str]]()
    for unit, ko, en in (*_UNITS, (1, "초", "s")):
        parts.append((rest // unit, ko, en))
        rest %= unit
    first = next(place for place, part in enumerate(parts) if part[0])
    shown = [part for part in parts[first : first + 2] if part[0]]
    return Both(" ".join(f"{n:,}{ko}" for n, ko, _ in shown), " ".join(f"{n:,} {en}" for n, _, en in shown))


def short(seconds: float | None) -> Both:
    """A time that is mostly a part of a second: 0.142 -> 142 ms; a longer one as `duration` has it."""
    if seconds is None or round(seconds, 3) >= 1:
        return duration(seconds)
    return same(f"{1000 * seconds:.0f} ms")


def tick(seconds: float) -> Both:
    """A round number of seconds, as an axis names it: 120 -> 2분, 2 min."""
    unit, ko, en = next((one for one in _UNITS if seconds >= one[0]), (1, "초", "s"))
    return Both(f"{count(seconds / unit)}{ko}", f"{count(seconds / unit)} {en}")


def when(text: str | None) -> datetime | None:
    """A moment of the figures in Korean time; None for what is none."""
    try:
        moment = datetime.fromisoformat(text or "")
    except ValueError:
        return None
    return moment.replace(tzinfo=moment.tzinfo or KST).astimezone(KST)


def moment(text: str | None) -> str:
    """2026-11-20T09:00:03+09:00 -> 2026-11-20 09:00:03; what is no moment is shown as it is."""
    found = when(text)
    return f"{found:%Y-%m-%d %H:%M:%S}" if found else text or NONE


def until(start: str | None, end: str | None) -> str:
    """The end of a span whose start was told: the time alone on the same day."""
    shown = moment(end)
    return shown[11:] if len(shown) == 19 and shown[:10] == moment(start)[:10] else shown
