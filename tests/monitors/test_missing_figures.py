"""A figure that is missing fails the monitors that need it; none of them is silent."""

from __future__ import annotations

from typing import Any

import pytest

from newscrawl.monitors.checks import ROWS, judge
from newscrawl.monitors.finding import Limits

from .weeks import at, one

NEEDED = {
    "kind": "articles",
    "articles.exported": "articles",
    "records": "articles",
    "failures.total": "nothing lost",
    "dropped": "nothing lost",
    "exit_code": "nothing lost",
    "pages": "errors",
    "pages.requests": "errors",
    "pages.responses": "errors",
    "fields": "fields",
    "fields.authors": "fields",
    "fields.title.filled": "fields",
    "fields.body.from": "extraction layers",
    "pages.no_container": "body container",
    "pages.articles": "body container",
    "ways": "ways of discovery",
    "ways.list.named": "ways of discovery",
    "timeline": "sections",
    "lateness": "lateness",
    "pages.latency": "lateness",
    "sources": "robots.txt and feeds",
    "duplicates": "duplicates",
    "disk": "disk",
    "disk.free": "disk",
}


def without(run: dict[str, Any], path: str, *, null: bool) -> None:
    *above, last = path.split(".")
    for name in above:
        run = run[name]
    if null:
        run[last] = None
    else:
        del run[last]


@pytest.mark.parametrize("null", [True, False], ids=["null", "not there"])
@pytest.mark.parametrize("path", NEEDED)
def test_a_missing_figure_fails(path: str, *, null: bool) -> None:
    run, before = one(at(1, 10))
    without(run, path, null=null)
    found = judge(run, before, Limits())[NEEDED[path]]
    assert not found.passed
    assert "missing" in found.text


def test_a_run_without_figures_fails_every_monitor() -> None:
    found = judge({"id": 1}, [], Limits())
    assert [name for name, finding in found.items() if not finding.passed] == [row.name for row in ROWS]


def test_an_earlier_run_without_figures_is_passed_over() -> None:
    run, before = one(at(1, 10))
    died = {
        "id": 1,
        "kind": "latest",
        "arguments": {"since": "2d"},
        "started_at": before[-1]["started_at"],
        "reason": "died",
    }
    found = judge(run, [*before, died, dict.fromkeys(run) | {"id": 2}], Limits())
    assert all(finding.passed for finding in found.values())


def test_the_text_of_each_finding_is_one_line() -> None:
    run, before = one(at(1, 10))
    for finding in (*judge(run, before, Limits()).values(), *judge({}, [], Limits()).values()):
        assert finding.text
        assert "\n" not in finding.text
