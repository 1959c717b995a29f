"""The figures of a run as numbers under keys, which can be added up over runs; and which time a run covers."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from newscrawl.monitors.finding import Figures
from newscrawl.verdict import ENDED_WELL

FIELDS = ("title", "body", "published_at", "authors", "section")
Key = tuple[str, ...]
RUNS: Key = ("runs",)

DAY = 86_400.0  # seconds
USUAL_AGE = DAY  # what a run without `since` asks for: `arguments.DEFAULT_AGE`
PERIODIC = ("latest", "watch")
"""The kinds of runs that take what is new; the others take what they are told."""

_AGE = re.compile(r"(\d{1,6})([mhdw])", re.ASCII)  # 90m, 2d
_UNITS = {"m": 60.0, "h": 3600.0, "d": DAY, "w": 7 * DAY}
_REFUSED = ("403", "429")  # statuses by which a site says that it does not want us
_TIMES = ("since", "until")


def seconds(moment: str) -> float:
    """An ISO 8601 time with offset, in seconds since 1970. Raises ValueError for another text."""
    return datetime.fromisoformat(moment).timestamp()


def started(figures: Figures) -> float:
    """When the run began, in seconds since 1970."""
    return seconds(figures["started_at"])


def well_ended(figures: Figures) -> bool:
    """Whether it came to its end: of a watch, that it was told to stop."""
    reason = figures.get("reason")
    return reason in ENDED_WELL or (figures.get("kind") == "watch" and reason == "shutdown")


def age(figures: Figures, now: float) -> float | None:
    """How far back the run asks, in seconds; None when that is not by time."""
    given = str((figures.get("arguments") or {}).get("since") or "")
    if not given:
        return USUAL_AGE
    if match := _AGE.fullmatch(given):
        return int(match[1]) * _UNITS[match[2]]
    try:
        moment = datetime.fromisoformat(given)
    except ValueError:
        return None
    return max(0.0, now - (moment if moment.tzinfo else moment.astimezone()).timestamp())


def asked(figures: Figures) -> tuple[object, ...]:
    """What the run was asked for, the same for runs that can be compared: a date as so many days ago, so that `since=` today is every day
    the same. A watch asks for what comes, whatever it began with."""
    arguments = dict(figures.get("arguments") or {})
    if figures.get("kind") == "watch":
        arguments.pop("since", None)
    for name in _TIMES:
        if name in arguments and not _AGE.fullmatch(str(arguments[name])):
            arguments[name] = _days_ago(str(arguments[name]), figures)
    return (figures.get("kind"), *sorted((name, str(value)) for name, value in arguments.items()))


def _days_ago(value: str, figures: Figures) -> str:
    try:
        day = datetime.fromisoformat(value).date()
    except ValueError:
        return value
    return str((datetime.fromisoformat(figures["started_at"]).date() - day) // timedelta(days=1))


def errors(pages: Mapping[str, Any]) -> float:
    """Requests without an answer, and those that the site could not or would not answer; that a page is gone is an answer. `responses` has
    no answers after which the request was sent again, `statuses` has all."""
    statuses = pages.get("statuses") or {}
    refused = sum(count for status, count in statuses.items() if status in _REFUSED or status >= "500")
    answered = max(pages["responses"], sum(statuses.values()))
    return float(max(0, pages["requests"] - answered) + refused)


def duplicates(figures: Figures) -> float:
    """New articles that were marked as copies. Not those that were dropped: the output does not have them, so each run that finds them named
    reads and drops them again, and a nightly run may find nothing else."""
    return float(sum((figures.get("duplicates") or {}).values()))


def readings(figures: Figures) -> dict[Key, float]:
    """All that is added up over runs. `came`: new articles, and those that came and were not to be had, so that one trouble is not told as
    two."""
    records, pages = figures.get("records") or 0, figures.get("pages") or {}
    unreadable = pages.get("no_container") or 0
    found: dict[Key, float] = {
        RUNS: 1,
        ("came",): records + unreadable + ((figures.get("failures") or {}).get("total") or 0),
        ("records",): records,
        ("unreadable",): unreadable,
        ("pages",): (pages.get("articles") or 0) + unreadable,
        ("copies",): duplicates(figures),
    }
    if pages.get("requests") is not None and pages.get("responses") is not None:
        found |= {("errors",): errors(pages), ("requests",): pages["requests"]}
    return found | _of_timeline(figures) | _of_fields(figures)


def _of_timeline(figures: Figures) -> dict[Key, float]:
    found: dict[Key, float] = {}
    for row in (figures.get("timeline") or {}).get("rows") or ():
        count = row.get("articles") or 0
        found["timeline",] = found.get(("timeline",), 0) + count
        if row.get("section"):
            key = ("section", row["section"])
            found[key] = found.get(key, 0) + count
    return found


def _of_fields(figures: Figures) -> dict[Key, float]:
    found: dict[Key, float] = {}
    for name in FIELDS:
        coverage = (figures.get("fields") or {}).get(name)
        if coverage:
            found["filled", name] = coverage.get("filled") or 0
            found |= {("layer", name, layer): count for layer, count in (coverage.get("from") or {}).items()}
    return found
