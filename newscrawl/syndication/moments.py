"""Times as feeds and sitemaps write them -> aware datetimes."""

from __future__ import annotations

import re
from datetime import datetime, timedelta, timezone, tzinfo

# RFC 822, 5.1, and the two of the East; any other name (CET, IST: three countries) is no time that one could be sure of.
_HOURS = {"UT": 0, "UTC": 0, "GMT": 0, "Z": 0, "EST": -5, "EDT": -4, "CST": -6, "CDT": -5, "MST": -7, "MDT": -6}
_HOURS |= {"PST": -8, "PDT": -7, "KST": 9, "JST": 9}
_MONTHS = "jan feb mar apr may jun jul aug sep oct nov dec".split()

_CLOCK = (
    r"(?P<hour>\d{1,2}):(?P<minute>\d\d)(?::(?P<second>\d\d)(?:[.,](?P<fraction>\d{1,9}))?)?"
    r"\s{0,3}(?P<zone>[+-]\d\d:?\d\d|[A-Za-z]{1,5})?(?:\s{0,3}\([^()]{0,40}\))?"
)
# 2026-11-20T13:40:05+09:00 · 2026-11-20 13:40:05 · 2026. 11. 20. 13:40 · 2026-11-20T04:40:05.123Z (W3C datetime, RFC 3339)
_W3C = re.compile(
    rf"(?P<year>\d{{4}})[-./]\s?(?P<month>\d{{1,2}})[-./]\s?(?P<day>\d{{1,2}})(?:[Tt]|\.?\s{{1,3}}){_CLOCK}", re.ASCII
)
# Fri, 20 Nov 2026 13:40:05 +0900 · 20 Nov 26 13:40 GMT · 금, 20 Nov 2026 13:40:05 KST (RFC 822; RSS 2.0 allows both years)
_RFC822 = re.compile(
    rf"(?:[^\W\d]{{1,12}}\.?,?\s{{0,3}})?(?P<day>\d{{1,2}})[\s-]{{1,3}}(?P<month>[A-Za-z]{{3}})[a-z]{{0,6}}\.?,?[\s-]{{1,3}}"
    rf"(?P<year>\d{{4}}|\d\d)\s{{1,3}}{_CLOCK}"
)


def moment(text: str, zone: tzinfo) -> datetime | None:
    """The time that a text names, in `zone`, which is also meant when none is given.

    None for a day without a time, an unknown zone, a day that does not exist, and a year that no article has (1970: unset).
    The name of the weekday says nothing new, so it may be wrong.
    """
    match = _W3C.fullmatch(text) or _RFC822.fullmatch(text)
    if match is None:
        return None
    offset = _offset(match["zone"])
    if match["zone"] and offset is None:
        return None
    try:
        local = datetime(
            _year(match["year"]),
            _month(match["month"]),
            int(match["day"]),
            int(match["hour"]),
            int(match["minute"]),
            min(int(match["second"] or 0), 59),  # 60: a leap second
            int((match["fraction"] or "0").ljust(6, "0")[:6]),
            tzinfo=zone if offset is None else timezone(offset),
        )
    except ValueError:  # 2026-13-45, or an offset of +99:99
        return None
    return local.astimezone(zone) if 1990 <= local.year < 2100 else None


def _offset(name: str | None) -> timedelta | None:
    if not name:
        return None
    if name[0] not in "+-":
        hours = _HOURS.get(name.upper())
        return None if hours is None else timedelta(hours=hours)
    size = timedelta(hours=int(name[1:3]), minutes=int(name[-2:]))
    return min(size, timedelta(hours=24)) * (-1 if name[0] == "-" else 1)  # 24 hours are refused by `timezone`


def _year(digits: str) -> int:
    return int(digits) if len(digits) == 4 else 2000 + int(digits)


def _month(name: str) -> int:
    return int(name) if name.isdecimal() else _MONTHS.index(name.lower()) + 1
