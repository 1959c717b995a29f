"""Numbers by what they are worth, however they are written: 3만5000, 3만5천 and 35,000 are one."""

from __future__ import annotations

import re

# 1조2천500억 · 3만5000 · 1,234.5 · 12.3%: a run of digits and 조, 억, 만, 천, and what it counts of those that make it another thing
_NUMBER = re.compile(r"([0-9][0-9,.]*천?[0-9]*(?:\s?[조억만](?:\s?[0-9][0-9,.]*천?[0-9]*)?)*)\s?([%년월일시분])?")
_PART = re.compile(r"([0-9][0-9,.]*)(천)?([0-9]*)\s?([조억만])?")
_WORTH = {"": 1, "만": 10**4, "억": 10**8, "조": 10**12}
_THOUSAND = 1000
_DATES = frozenset("년월일시분")


def numbers(text: str) -> tuple[frozenset[str], frozenset[str]]:
    """The figures of a text, and its dates and times: each with what it counts, if that is 년, 월, 일, 시, 분 or %."""
    figures, dates = set[str](), set[str]()
    for match in _NUMBER.finditer(text):
        unit = match[2] or ""
        (dates if unit in _DATES else figures).add(_value(match[1]) + unit)
    return frozenset(figures), frozenset(dates)


def _value(run: str) -> str:
    """`3만5천` -> 35000; what is no number (1.2.3) stays as it is."""
    total = 0.0
    for part in _PART.finditer(run):
        try:
            leading = float(part[1].replace(",", "").rstrip("."))
        except ValueError:
            return run
        total += (leading * (_THOUSAND if part[2] else 1) + float(part[3] or 0)) * _WORTH[part[4] or ""]
    return f"{total:.12g}"
