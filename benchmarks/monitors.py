"""False alarms and delays of the monitors on invented weeks of a wire: 1,200 articles a weekday, quiet nights, weekends and holidays."""

from __future__ import annotations

import argparse
import copy
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from statistics import median

from benchmarks import _weeks as weeks
from benchmarks._tables import Aim, aims_table, table
from newscrawl.monitors.calendar import KST
from newscrawl.monitors.checks import judged
from newscrawl.monitors.finding import Figures, Limits
from newscrawl.monitors.past import Past
from newscrawl.monitors.together import together

FREQUENCIES = {"every 10 minutes": 600, "hourly": 3_600, "daily": 86_400}
# Runs that the rows without sums are given: five weeks of one every ten minutes; where nothing is wrong a week is as good, and faster.
LOOKED_BACK, A_WEEK = 5_040, 1_100
TUESDAY, SUNDAY = 1, 6


@dataclass(frozen=True, slots=True)
class Trouble:
    """What goes wrong, the monitor that should ring, and on which day of the last week it begins, at 10 o'clock."""

    name: str
    change: Callable[[weeks.Figures], None]
    rings: str
    day: int = TUESDAY


TROUBLES = (
    Trouble("the site publishes nothing", weeks.no_articles, "articles"),
    Trouble("half of the articles are missing", weeks.half, "articles"),
    Trouble("a section goes quiet (증권, 12 %)", weeks.quiet("증권"), "sections"),
    Trouble("a section goes quiet on a Sunday (경제, 24 %)", weeks.quiet("경제"), "sections", SUNDAY),
    Trouble("a feed is dead", weeks.dead_feed, "robots.txt and feeds"),
    Trouble("a feed is empty", weeks.empty_feed, "robots.txt and feeds"),
    Trouble("the body container is renamed", weeks.renamed_container, "body container"),
    Trouble("a redesign that an older layer reads", weeks.other_layer, "extraction layers"),
    Trouble("no authors are found", weeks.no_authors, "fields"),
    Trouble("the site is slow", weeks.slow, "lateness"),
    Trouble("an outage", weeks.outage, "errors"),
    Trouble("everything is a copy", weeks.all_copies, "duplicates"),
    Trouble("a full disk", weeks.full_disk, "disk"),
)


def rings(
    runs: Sequence[Figures], places: range, limits: Limits, back: int = LOOKED_BACK
) -> Iterator[tuple[int, list[str]]]:
    """For each of these runs the monitors that fail. `back`: how many runs the rows without sums are given."""
    past = Past.of(runs[-1], runs, limits)
    for place in places:
        history = runs[max(0, place - back) : place + 1]
        yield place, [name for name, found in judged(past.at(place), history, limits).items() if not found.passed]


def last_week(runs: Sequence[Figures], plan: weeks.Plan) -> range:
    """The places of the runs of the last week."""
    return range(len(runs) - 7 * 86_400 // plan.every, len(runs))


def false_alarms(plan: weeks.Plan, known: frozenset[date], machines: int = 1) -> Counter[str]:
    """How often each monitor rings in the last week, in which nothing is wrong. `known`: the holidays that the monitors know; `machines`: one, or
    two that share each run's work."""
    found: Counter[str] = Counter()
    runs = together(weeks.dealt(plan)) if machines > 1 else weeks.runs(plan)
    for _, names in rings(runs, last_week(runs, plan), Limits(holidays=known), A_WEEK):
        found.update(names)
    return found


@dataclass(frozen=True, slots=True)
class Seen:
    """Hours until the right monitor rang, None when it never did; the others that rang, before or after."""

    hours: float | None
    others: frozenset[str]


def seen(trouble: Trouble, runs: Sequence[weeks.Figures], plan: weeks.Plan) -> Seen:
    """What comes of a trouble from its beginning on, in runs that are good: for two days, or as many as the week has."""
    begins = plan.first + timedelta(days=plan.weeks * 7 - 7 + trouble.day)
    at = datetime.combine(begins, datetime.min.time(), KST) + timedelta(hours=10)
    places = last_week(runs, plan)
    runs = [*runs[: places.start], *(copy.deepcopy(run) for run in runs[places.start :])]
    changed = list(weeks.from_(runs, at, trouble.change))
    hours, others = None, set()
    for place, names in rings(
        runs, range(changed[0], min(changed[-1] + 1, changed[0] + 2 * 86_400 // plan.every)), Limits()
    ):
        others |= set(names) - {trouble.rings}
        if trouble.rings in names and hours is None:
            hours = (datetime.fromisoformat(runs[place]["started_at"]) - at).total_seconds() / 3600
    return Seen(hours, frozenset(others))


_HOLIDAY = frozenset({date(2026, 11, 18)})  # a Wednesday of the last week: as if it were one
_NONE: frozenset[date] = frozenset()
_WEEKS = (("", _NONE, _NONE), (", a holiday, known", _HOLIDAY, _HOLIDAY), (", a holiday, not known", _HOLIDAY, _NONE))


def _quiet(seeds: int) -> Iterator[list[object]]:
    for name, every in FREQUENCIES.items():
        for what, there, known in _WEEKS:
            found = [false_alarms(weeks.Plan(every, seed=seed, holidays=there), known) for seed in range(seeds)]
            yield _row(name + what, found)
        yield _row(
            f"{name}, two machines", [false_alarms(weeks.Plan(every, seed=seed), _NONE, 2) for seed in range(seeds)]
        )


def _row(name: str, found: Sequence[Counter[str]]) -> list[object]:
    rang = ", ".join(sorted({name for one in found for name in one})) or None
    return [name, len(found), sum(bool(one) for one in found), rang]


def _delays(name: str, every: int, seeds: int) -> Iterator[list[object]]:
    plans = [weeks.Plan(every, seed=1_000 + seed) for seed in range(seeds)]
    made = [weeks.runs(plan) for plan in plans]
    for trouble in TROUBLES:
        found = [seen(trouble, runs, plan) for runs, plan in zip(made, plans, strict=True)]
        hours = [one.hours for one in found if one.hours is not None]
        others = Counter(other for one in found for other in one.others)
        yield [
            f"{trouble.name}, {name}",
            f"{len(hours)} of {len(found)}",
            f"{median(hours):.1f}" if hours else None,
            f"{max(hours):.1f}" if hours else None,
            ", ".join(f"{other} {count}" for other, count in others.most_common()) or None,
        ]


def main() -> None:
    """Print both tables."""
    parser = argparse.ArgumentParser(description=main.__doc__)
    parser.add_argument("--weeks", type=int, default=20, help="weeks for each row of false alarms")
    parser.add_argument("--delays", type=int, default=5, help="weeks for each trouble")
    given = parser.parse_args()
    quiet = list(_quiet(given.weeks))
    print(table(("weeks in which nothing is wrong", "weeks", "with an alarm", "of"), quiet), flush=True)
    delays = [row for name, every in FREQUENCIES.items() for row in _delays(name, every, given.delays)]
    print(table(("trouble", "seen", "hours, median", "most", "others that rang too"), delays))
    ringing = int(str(quiet[0][2]))
    figure = f"{given.weeks - ringing} of {given.weeks}"
    print(
        aims_table(
            [Aim("19 of 20 weeks of runs every 10 minutes without an alarm", figure, ringing * 20 <= given.weeks)]
        )
    )


if __name__ == "__main__":
    main()
