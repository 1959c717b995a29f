"""The hours of a watch are held against its earlier hours, as runs are against runs."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from benchmarks import _weeks as site
from newscrawl.monitors.checks import judge
from newscrawl.monitors.finding import Limits

from .weeks import Figures, at, one

TUESDAY = 1
HOUR = timedelta(hours=1)


def part(run: Figures, number: int) -> Figures:
    """What an hourly run found, found by a watch in that hour."""
    ended = datetime.fromisoformat(run["started_at"]).replace(minute=0, second=0)
    times = {"started_at": (ended - HOUR).isoformat(), "ended_at": ended.isoformat(), "seconds": 3_600.0}
    return run | times | {"id": 1, "part": number, "kind": "watch", "arguments": {"watch": "yes"}, "reason": "goes_on"}


def test_the_end_of_a_watch_tells_no_old_loss_as_a_new_one() -> None:
    run, before = one(at(TUESDAY, 10))
    parts = [part(earlier, number) for number, earlier in enumerate(before, 1)]
    last = part(run, len(parts) + 1) | {"reason": "shutdown", "exit_code": 1, "problems": ["12 had no body container"]}
    assert judge(last, parts, Limits())["nothing lost"].passed
    assert not judge(last | {"part": 1}, [], Limits())["nothing lost"].passed


def test_with_what_a_watch_began_is_no_matter_later() -> None:
    run, before = one(at(TUESDAY, 10))
    given = {"arguments": {"watch": "yes", "since": "2026-11-01"}}
    parts = [part(earlier, number) | given for number, earlier in enumerate(before, 1)]
    assert judge(part(run, len(parts) + 1) | given, parts, Limits())["articles"].judged


@pytest.mark.parametrize(
    ("change", "rings"),
    [(None, set()), (site.no_articles, {"articles"}), (site.other_layer, {"extraction layers"})],
    ids=["nothing", "no articles", "a redesign"],
)
def test_an_hour_is_judged_by_the_earlier_hours_of_the_same_watch(change: object, rings: set[str]) -> None:
    run, before = one(at(TUESDAY, 10))
    if callable(change):
        change(run)
    parts = [part(earlier, number) for number, earlier in enumerate(before, 1)]
    found = judge(part(run, len(parts) + 1), parts, Limits())
    assert {name for name, finding in found.items() if not finding.passed} == rings
    assert [name for name in ("articles", "extraction layers", "sections", "fields") if not found[name].judged] == (
        ["sections"] if change is site.no_articles else []
    )
