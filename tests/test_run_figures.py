"""The figures of a run: every name is always there, and says what the run's stats say."""

from __future__ import annotations

from typing import Any

import pytest

from newscrawl.report.figures import Begun, Beside, Ending, figures
from newscrawl.report.tally import Tally

BEGUN = Begun(12, "newspim", None, "latest", {"since": "2d"}, "0.1.0", "box", 4711, 1_795_132_803.9)
ENDING = Ending(1_795_132_871.1, "finished", 0, [])


def made(stats: dict[str, Any] | None = None, ending: Ending = ENDING, beside: Beside | None = None) -> dict[str, Any]:
    return figures(BEGUN, ending, stats or {}, Tally(), beside or Beside())


def test_times_are_korean_and_durations_seconds() -> None:
    found = made()
    assert (found["started_at"], found["ended_at"]) == ("2026-11-20T09:00:03+09:00", "2026-11-20T09:01:11+09:00")
    assert found["seconds"] == 67.2


def test_a_run_whose_clock_was_set_back_took_no_time() -> None:
    found = made(ending=Ending(BEGUN.started_at - 60, "finished", 0, []))
    assert found["seconds"] == 0
    assert found["speed"]["articles_per_minute"] is None


def test_what_came_is_told_from_what_was_there() -> None:
    stats = {
        "newscrawl/found/list": 30,
        "newscrawl/found/feed": 5,
        "newscrawl/exported": 28,
        "newscrawl/revised": 3,
        "newscrawl/restated": 1,
        "newscrawl/rechecked/withdrawn": 1,
        "newscrawl/seen": 7,
        "newscrawl/left": 2,
    }
    articles = made(stats)["articles"]
    counts = {"found": 35, "exported": 28, "revised": 3, "restated": 1, "withdrawn": 1, "known": 7, "left": 2}
    assert articles == counts


def test_a_way_says_what_it_gave_named_and_missed() -> None:
    stats = {
        "newscrawl/found/list": 30,
        "newscrawl/ways/list/named": 90,
        "newscrawl/ways/list/only": 4,
        "newscrawl/ways/list/missed": 2,
        "newscrawl/ways/sidebar/named": 11,
        "newscrawl/ways/sidebar/only": 0,
    }
    ways = made(stats)["ways"]
    assert ways["list"] == {"found": 30, "named": 90, "alone": 4, "missed": 2, "articles": 0}
    assert ways["sidebar"] == {"found": 0, "named": 11, "alone": 0, "missed": None, "articles": 0}


def test_lateness_is_there_only_when_it_was_measured() -> None:
    stats = {
        "newscrawl/lateness/all/count": 3,
        "newscrawl/lateness/all/median": 17.0,
        "newscrawl/lateness/all/p95": 122.0,
    }
    assert made(stats)["lateness"] == {"all": {"count": 3, "median": 17.0, "p95": 122.0}}
    assert made()["lateness"] == {}


def test_what_failed_and_was_asked_for_again_is_no_failure() -> None:
    found = made({"newscrawl/failed/article/500": 3, "newscrawl/failed/list/503": 1, "newscrawl/retried": 3})
    assert found["failures"] == {"total": 1, "reasons": {"article/500": 3, "list/503": 1}, "named": []}


@pytest.mark.parametrize("requests", [0, 180])
def test_requests_an_article_took_are_unknown_without_an_article(requests: int) -> None:
    assert made({"downloader/request_count": requests})["speed"]["requests_per_article"] is None


def test_no_name_depends_on_what_happened() -> None:
    """So that a monitor can tell zero from unknown."""

    def names(found: Any, path: str = "") -> set[str]:
        if not isinstance(found, dict) or path in _OPEN:
            return {path}
        return {name for key, value in found.items() for name in names(value, f"{path}/{key}")}

    full = made({"newscrawl/exported": 5, "log_count/ERROR": 2, "retry/count": 1, "downloader/response_bytes": 9})
    assert names(full) == names(made()) == names(made(ending=Ending(BEGUN.started_at, None, None, [])))


_OPEN = {
    "/arguments",
    "/kinds",
    "/ways",
    "/lateness",
    "/rechecked",
    "/dropped",
    "/skipped",
    "/checks",
    "/cleaned",
    "/duplicates",
    "/settings",
    "/pages/gone",
    "/pages/statuses",
    "/failures/reasons",
}
"""Whose names are what there was."""
