"""Monitors of what is around a run: robots.txt, the feeds, the disk."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from itertools import dropwhile
from typing import Any

from newscrawl.monitors.counts import NO_HISTORY
from newscrawl.monitors.finding import GIB, Figures, Finding, Limits, bad, good, need, unjudged
from newscrawl.monitors.readings import DAY, seconds, well_ended

_RUNS = 50  # whose sources are compared, of all weeks
_KNOWN = 3  # of them must have asked a source
_SURE = 8  # of them must have named something each, before nothing is a sign
_TREND = 7 * DAY  # over which the disk's filling is measured
_LEAST_TREND = 3 * DAY
_SOON = 3.0  # days until it is full

Source = Mapping[str, Any]


def sources(figures: Figures, history: Sequence[Figures]) -> Finding:
    """Whether robots.txt and the feeds are what they were in the last runs that asked them."""
    now = {source["url"]: source for source in need(figures, "sources")}
    before = _before(figures, history)
    if not any(len(seen) >= _KNOWN for seen in before.values()):
        return unjudged(NO_HISTORY)
    dead = {url: said for url, seen in before.items() if (said := _trouble(now.get(url), seen))}
    if dead:
        shown = "; ".join(f"{url} {said}" for url, said in sorted(dead.items())[:3])
        more = f"; and {len(dead) - 3} more" if len(dead) > 3 else ""
        return Finding(
            False,
            f"{shown}{more}: open it, and see whether it moved; then name the new one in the site's file",
            urls=frozenset(dead),
        )
    changed = [url for url, seen in before.items() if url in now and _changed(now[url], seen)]
    if changed:
        return Finding(
            False,
            f"{', '.join(changed)} changed: read what the site allows now",
            lasting=False,
            urls=frozenset(changed),
        )
    return good(f"{len(now)} sources as they were")


def _before(figures: Figures, history: Sequence[Figures]) -> dict[str, list[Source]]:
    """By address what runs that asked alike were answered, the latest first: the last ones, and some of all before, so that what is dead
    since yesterday is not yet usual."""
    kind, arguments = figures.get("kind"), figures.get("arguments")
    like = [
        run
        for run in reversed(history)
        if run is not figures and run.get("kind") == kind and run.get("arguments") == arguments and well_ended(run)
    ]
    found: dict[str, list[Source]] = {}
    for run in like[:_KNOWN] + like[_KNOWN :: max(1, len(like) // _RUNS)]:
        for source in run.get("sources") or ():
            found.setdefault(source["url"], []).append(source)
    return found


def _answers(source: Source) -> bool:
    return source["status"] is not None and source["status"] < 400


def _trouble(source: Source | None, seen: Sequence[Source]) -> str:
    """What is wrong with a source; empty when nothing is. `seen`: its earlier answers."""
    usual = [one for one in seen if _answers(one)]
    if len(usual) < max(_KNOWN, 0.8 * len(seen)):
        return ""  # it rarely answers, or is new
    if source is None:
        return "is asked no more" if len(seen) >= _SURE and len(seen) >= 0.9 * _RUNS else ""
    if not _answers(source):
        return f"answers {source['status'] or 'nothing'}, and answered {usual[0]['status']}"
    counts = [one["named"] for one in usual if one["status"] == 200 and one["named"] is not None]
    counts = list(dropwhile(lambda named: not named, counts))  # while it named nothing
    if source["status"] == 200 and source["named"] == 0 and len(counts) >= _SURE and min(counts) > 0:
        return f"names nothing, and named {counts[0]:,}"
    return ""


def _changed(source: Source, seen: Sequence[Source]) -> bool:
    """Whether a robots.txt is not the one of any of the last runs. Feeds change with every article: they have no hash."""
    known = Counter(one["hash"] for one in seen if one["hash"])
    return len(seen) >= _KNOWN and bool(known) and source["hash"] is not None and source["hash"] not in known


def disk(figures: Figures, history: Sequence[Figures], limits: Limits) -> Finding:
    """Whether there is room on the disk, and will be for some days."""
    free = need(figures, "disk.free")
    text = f"{free / GIB:,.1f} GiB free"
    if free < limits.disk:
        return bad(
            f"{text}, less than NEWSCRAWL_MONITORS_DISK ({limits.disk / GIB:,.1f}): make room; nothing is lost, the next run goes on"
        )
    left = _days_left(free, figures, history)
    if left is not None and left < _SOON:
        return bad(
            f"{text}, and at the pace of the last days full in {left:,.1f} days: make room, or move older feeds away"
        )
    return good(text)


def _days_left(free: int, figures: Figures, history: Sequence[Figures]) -> float | None:
    """Until the disk is full, if it goes on filling as in the last week; None when that is not known, or it does not. Other machines have other
    disks."""
    now, here = seconds(need(figures, "started_at")), figures.get("node")
    ours = (run for run in history if run.get("disk") and run.get("node", here) == here)
    then = next((run for run in ours if now - seconds(run["started_at"]) <= _TREND), None)
    if then is None or now - seconds(then["started_at"]) < _LEAST_TREND or not then["disk"].get("free"):
        return None
    a_day = (then["disk"]["free"] - free) / ((now - seconds(then["started_at"])) / DAY)
    return float(free / a_day) if a_day > 0 else None
