"""Runs of several machines that shared one piece of work, taken as one run. Pure.

Machines with one schedule begin together, and what is new comes to whichever asks first: of two runs one may have all of it and the other
nothing, and only both together say what came.

`report.merging` makes a report of several runs, of all that they say and exactly; here are thousands of them, in brief, and only sums are asked.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from newscrawl.monitors.finding import Figures
from newscrawl.monitors.readings import seconds, started, well_ended

_SUMS = ("records", "articles", "fields", "ways", "pages", "dropped", "duplicates", "failures", "unreadable")


def together(runs: Iterable[Figures]) -> list[Figures]:
    """Runs that are alike, the oldest first, in the same order: those of other machines that began before the first of them ended are one with
    it. What a single machine did stays as it is."""
    groups: list[list[Figures]] = []
    for run in runs:
        if groups and _shares(run, groups[-1]):
            groups[-1].append(run)
        else:
            groups.append([run])
    return [group[0] if len(group) == 1 else merged(group) for group in groups]


def _shares(run: Figures, group: Sequence[Figures]) -> bool:
    first = group[0]
    if run.get("kind") != "latest" or not run.get("node") or not first.get("ended_at"):
        return False  # a watch goes on for ever, and its parts end together; of other kinds nothing is compared by time
    return run["node"] not in {one.get("node") for one in group} and started(run) < seconds(first["ended_at"])


def merged(runs: Sequence[Figures]) -> Figures:
    """Figures of runs, the oldest first, as if one had done it all: what monitors compare with the past, and no more."""
    found: dict[str, Any] = dict(runs[0])
    found["ended_at"] = max((run["ended_at"] for run in runs if run.get("ended_at")), key=seconds)
    found["reason"] = next((run.get("reason") for run in runs if not well_ended(run)), runs[0].get("reason"))
    for run in runs[1:]:
        for name in _SUMS:
            found[name] = _sum(found.get(name), run.get(name))
    found["timeline"] = {
        "unit": None,
        "rows": [row for run in runs for row in (run.get("timeline") or {}).get("rows") or ()],
    }
    found["sources"] = [source for run in runs for source in run.get("sources") or ()]
    # Medians do not add up: those of the run that measured most stand for all.
    found["lateness"] = max(
        (run.get("lateness") or {} for run in runs), key=lambda late: (late.get("all") or {}).get("count") or 0
    )
    busiest = max((run.get("pages") or {} for run in runs), key=lambda pages: pages.get("requests") or 0)
    if found["pages"]:
        found["pages"] = {**found["pages"], "latency": busiest.get("latency")}
    return found


def _sum(one: Any, other: Any) -> Any:
    """Of numbers, and of tables of them; what is no number is the first's."""
    if one is None or other is None:
        return other if one is None else one
    if isinstance(one, Mapping):
        return {name: _sum(one.get(name), other.get(name)) for name in {**one, **other}}
    return one + other if isinstance(one, int | float) else one
