"""When and in which sections articles were published: the rows of a run -> columns that fit into a drawing."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from newscrawl.report.amounts import when
from newscrawl.report.foreign import plain
from newscrawl.report.scales import written_out
from newscrawl.report.words import Both, same, say

UNITS = ("hour", "day", "month", "year")
_MOST = 50  # columns: two days by the hour, and each still wide enough to be hit by a pointer
_LEAST = 12  # columns: the articles of ten minutes are no single block as wide as the drawing
_ENOUGH = 0.9  # of the articles must be in the columns, or the next larger unit is taken
_SECTIONS = 8
_LONG = {"hour": "%Y-%m-%d %H:00", "day": "%Y-%m-%d", "month": "%Y-%m", "year": "%Y"}
_OTHERS = "\0others"  # no section's name: a text of the site has no such sign
_Key = datetime | str  # a column: its start, or what it is instead
_Row = tuple[datetime | None, str | None, int]


@dataclass(frozen=True, slots=True)
class Timeline:
    """`names` of the columns, and `short` forms for the axis, where those at `major` are written out; `sections`: names, and the count of
    each column."""

    unit: str
    names: list[Both]
    short: list[Both]
    major: frozenset[int]
    sections: list[tuple[Both, list[int]]]


def timeline(unit: str, rows: Sequence[Mapping[str, Any]]) -> Timeline:
    """The rows of a run by time and section: what lies long before most of it is one column, what has no date another."""
    read = [(when(row.get("at")), row.get("section"), int(row["articles"])) for row in rows if row.get("articles")]
    unit, starts = _columns(unit if unit in UNITS else "hour", read)
    found = {name: Counter[_Key]() for name in _sections(read)}
    known = frozenset(starts)
    for at, section, articles in read:
        found[section if section in found else _OTHERS][_place(at, unit, known)] += articles
    order: list[_Key] = ["earlier", *starts, "none"]
    keys = [key for key in order if key in known or any(one[key] for one in found.values())]
    sections = [(_called(name), [counted[key] for key in keys]) for name, counted in found.items()]
    return Timeline(
        unit, [_name(key, unit) for key in keys], [_short(key, unit) for key in keys], _major(keys, unit), sections
    )


def _columns(unit: str, read: Sequence[_Row]) -> tuple[str, list[datetime]]:
    """The unit, and the start of each column, gaps included, the newest last."""
    dated = [(at, articles) for at, _, articles in read if at]
    if not dated:
        return unit, []
    (first, _), (last, _) = min(dated), max(dated)
    total, starts = sum(articles for _, articles in dated), list[datetime]()
    for one in UNITS[UNITS.index(unit) :]:
        unit, starts = one, _back(last, first, one)
        if sum(articles for at, articles in dated if at >= starts[0]) >= _ENOUGH * total:
            break
    return unit, starts


def _back(last: datetime, first: datetime, unit: str) -> list[datetime]:
    """The starts from the newest back to the oldest, or as many as fit; a few before it where there is room."""
    starts = [_cut(last, unit)]
    while len(starts) < (_MOST if starts[-1] > first else _LEAST):
        starts.append(_cut(starts[-1] - timedelta(seconds=1), unit))
    return starts[::-1]


def _cut(at: datetime, unit: str) -> datetime:
    """The begin of the hour, day, month or year."""
    at = at.replace(minute=0, second=0, microsecond=0)
    if unit != "hour":
        at = at.replace(hour=0)
    if unit in ("month", "year"):
        at = at.replace(day=1)
    return at.replace(month=1) if unit == "year" else at


def _place(at: datetime | None, unit: str, starts: frozenset[datetime]) -> _Key:
    """The column of a moment."""
    if at is None:
        return "none"
    start = _cut(at, unit)
    return start if start in starts else "earlier"


def _name(key: _Key, unit: str) -> Both:
    """A column's name: 2026-11-20 09:00."""
    return say(f"time.{key}") if isinstance(key, str) else same(key.strftime(_LONG[unit]))


def _short(key: _Key, unit: str) -> Both:
    """A column's name on the axis: 9h, but midnight is the day that begins."""
    if isinstance(key, str):
        return say(f"time.{key}")
    if unit == "hour" and key.hour:
        return say("time.hour", n=str(key.hour))
    return same(key.strftime("%m-%d" if unit == "hour" else _LONG[unit].removeprefix("%Y-" if unit == "day" else "")))


def _major(keys: Sequence[_Key], unit: str) -> frozenset[int]:
    """The columns whose names have room: the quarters of each day, or some at even distances."""
    quarters = [at for at, key in enumerate(keys) if isinstance(key, datetime) and key.hour % 6 == 0]
    return frozenset(quarters) if unit == "hour" and len(quarters) > 2 else written_out(len(keys), 6)


def _sections(read: Sequence[_Row]) -> list[str | None]:
    """The largest sections, the largest first, and one for all others."""
    found = Counter[str | None]()
    for _, section, articles in read:
        found[section] += articles
    names = [name for name, articles in found.most_common() if articles]
    return names if len(names) <= _SECTIONS + 1 else [*names[:_SECTIONS], _OTHERS]


def _called(section: str | None) -> Both:
    if section == _OTHERS:
        return say("section.others")
    return same(plain(section)) if section and plain(section) else say("section.none")
