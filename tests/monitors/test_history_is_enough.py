"""Of older runs the history has only some figures: all that monitors ask."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from benchmarks import _weeks as site
from newscrawl.monitors.checks import judge
from newscrawl.monitors.finding import Limits
from newscrawl.state.history import ASKED

from .weeks import Figures, at, one

TUESDAY = 1
CHANGES = {
    "nothing": lambda run: None,
    "outage": site.outage,
    "redesign": site.renamed_container,
    "layer": site.other_layer,
    "feed": site.dead_feed,
    "robots": site.new_robots,
    "slow": site.slow,
    "section": site.quiet("경제"),
    "disk": site.full_disk,
    "copies": site.all_copies,
}


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
def test_the_judgement_by_what_is_kept_is_that_by_all(change: Callable[[Figures], None]) -> None:
    run, before = one(at(TUESDAY, 10))
    change(run)
    kept = [{name: value for name, value in earlier.items() if name in ASKED} for earlier in before]
    found = judge(run, kept, Limits())
    assert found == judge(run, before, Limits())
    assert sum(one.judged for one in found.values()) > 2  # one trouble silences others, not all
