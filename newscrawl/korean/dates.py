"""Dates as Korean pages write them -> aware datetimes in KST."""

from __future__ import annotations

import re
from datetime import datetime, timedelta, timezone

KST = timezone(timedelta(hours=9), "KST")

_HALF = r"[AaPp]\.?[Mm]\.?"
# 2022년05월30일 15:47 · 2025-12-03 13:40 · 2025.06.16 오후 5:10 · 2026-09-11 03:05 PM · 2026/09/11 10시 23분 07초.
# A time is required: a day is no moment.
_DATE = re.compile(
    r"(?<!\d)(?P<year>(?:19|20)\d\d)\s?[년.\-/]\s?(?P<month>\d{1,2})\s?[월.\-/]\s?(?P<day>\d{1,2})(?:\s?일)?\.?\s?"
    rf"(?:\([월화수목금토일](?:요일)?\)\s?)?(?P<half>오전|오후|{_HALF})?\s?(?P<hour>\d{{1,2}})\s?[:시]\s?(?P<minute>\d{{1,2}})"
    rf"(?:\s?[:분]\s?(?P<second>\d{{1,2}}))?(?!\d)(?:\s?(?P<behind>{_HALF})(?![A-Za-z]))?",
    re.ASCII,
)


def parse_date(text: str) -> datetime | None:
    """The moment that a text names: ISO 8601 (no offset means KST, an offset is turned into KST) or the first Korean date with a time."""
    text = text.strip()
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return _korean(text)
    if len(text) <= len("2026-09-11") or not 1990 <= moment.year < 2100:
        return None
    try:
        return moment.replace(tzinfo=KST) if moment.tzinfo is None else moment.astimezone(KST)
    except OverflowError:  # year 1 or 9999 with an offset
        return None


def label_date(text: str, labels: tuple[str, ...]) -> datetime | None:
    """The date that follows one of the labels within a few characters: `최종수정 : 2022년05월30일 20:46`."""
    for label in labels:
        start = text.find(label)
        while start >= 0:
            after = text[start + len(label) : start + len(label) + 40].lstrip(" :：)]|-")
            if match := _DATE.match(after):
                return _moment(match)
            start = text.find(label, start + 1)
    return None


def is_only_date(text: str) -> bool:
    """Whether the text is a date with a time and nothing else."""
    match = _DATE.match(text)
    return match is not None and not text[match.end() :].strip(" .초")


def _korean(text: str) -> datetime | None:
    match = _DATE.search(text)
    return _moment(match) if match else None


def _moment(match: re.Match[str]) -> datetime | None:
    hour = int(match["hour"])
    half = match["half"] or match["behind"]
    if half and hour <= 12:  # 오후 15:05 counts to 24 all the same
        hour = hour % 12 + (12 if half[0] in "Pp" or half == "오후" else 0)
    try:
        return datetime(
            int(match["year"]),
            int(match["month"]),
            int(match["day"]),
            hour,
            int(match["minute"]),
            int(match["second"] or 0),
            tzinfo=KST,
        )
    except ValueError:  # 2022년13월45일
        return None
