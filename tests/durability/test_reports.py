"""The figures of runs in the state: kept once a run, forgotten in time, and given as the history of the next."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from newscrawl.korean import KST
from newscrawl.report.figures import Begun, Beside, Ending, figures
from newscrawl.report.tally import Tally
from newscrawl.state import Database, Journal, Task
from newscrawl.state.history import history
from newscrawl.state.overview import failures
from newscrawl.state.reports import figures_of, keep, latest
from newscrawl.state.run_rows import run_rows
from tests import states

pytestmark = pytest.mark.usefixtures("engine")


FRIDAY = datetime(2026, 11, 20, 9, 0, tzinfo=KST)
Run = Callable[..., int]


def of_a_run(number: int, at: datetime, kind: str = "latest", reason: str = "finished", part: int | None = None) -> Any:
    begun = at.timestamp()
    about = Begun(number, "newspim", None, kind, {}, "0.1.0", "box", 1, begun, part)
    return figures(about, Ending(begun + 60, reason, 0, []), {}, Tally(), Beside())


@pytest.fixture
def database(tmp_path: Path) -> Database:
    return states.database(tmp_path)


@pytest.fixture
def run(database: Database, tmp_path: Path) -> Run:
    """A run that began then and ended a minute later: its number."""

    def ran(at: datetime, kind: str = "latest", reason: str = "finished", forget_before: int = 0, **more: Any) -> int:
        begun = at.timestamp()
        journal = Journal(database, tmp_path / "feed.jsonl", clock=lambda: begun)
        journal.begin("newspim", "{}", None)
        number = journal.run.id
        journal.end(reason, {"exported": 3})
        keep(database, of_a_run(number, at, kind, reason) | more, forget_before)
        return number

    return ran


def numbers(database: Database, at: datetime, kind: str = "latest") -> list[int]:
    return [one["id"] for one in history(database, "newspim", kind, int(at.timestamp()))]


def test_the_figures_of_a_run_come_back_as_they_were(database: Database, run: Run) -> None:
    rows = [{"at": None, "section": "경제", "articles": 2}, {"at": None, "section": "경제", "articles": 1}]
    number = run(FRIDAY, timeline={"unit": "hour", "rows": rows}, settings={"A": 1})
    (found,) = figures_of(database, number)
    assert (found["timeline"]["rows"], found["settings"]) == (rows, {"A": 1})
    assert figures_of(database, number + 1) == []


def test_history_has_the_sums_of_sections_and_no_lists(database: Database, run: Run) -> None:
    rows = [{"at": None, "section": name, "articles": 2} for name in ("경제", "경제", None)]
    failures = {
        "total": 1,
        "reasons": {"500": 1},
        "named": [{"url": "https://www.newspim.com/", "reason": "500", "at": ""}],
    }
    run(FRIDAY, timeline={"unit": "hour", "rows": rows}, failures=failures)
    (found,) = history(database, "newspim", "latest", int(FRIDAY.timestamp()) + 1)
    counts = {row["section"]: row["articles"] for row in found["timeline"]["rows"]}
    assert counts == {"경제": 4, None: 2}
    assert found["failures"] == {"total": 1, "reasons": {"500": 1}, "named": []}


def test_history_is_of_one_kind_and_before_the_run_itself_the_oldest_first(database: Database, run: Run) -> None:
    first = run(FRIDAY - timedelta(hours=2))
    run(FRIDAY - timedelta(hours=1), kind="backfill")
    second = run(FRIDAY - timedelta(minutes=10))
    run(FRIDAY)
    assert numbers(database, FRIDAY) == [first, second]


def test_history_reaches_back_five_weeks_and_at_least_twelve_runs(database: Database, run: Run) -> None:
    far = [run(FRIDAY - timedelta(days=days)) for days in (400, 300, 200, 100)]
    near = [run(FRIDAY - timedelta(days=days)) for days in (35, 28, 21, 14, 7, 6, 5, 4, 3)]
    assert numbers(database, FRIDAY) == [*far[1:], *near]
    lately = [run(FRIDAY - timedelta(hours=hours)) for hours in range(40, 0, -1)]
    assert numbers(database, FRIDAY) == [*near, *lately]


def test_of_older_runs_history_has_what_monitors_ask_each_its_own(database: Database, run: Run) -> None:
    alike: dict[int, Any] = {0: {"free": 1}, 1: {"free": 1.0}, 2: {"free": True}, 3: {"free": 2}, 4: {}}
    numbers = [
        run(FRIDAY + timedelta(minutes=place), disk=alike[place % 5], sources=[{"url": "a", "named": place % 7}])
        for place in range(100)
    ]
    found = history(database, "newspim", "latest", int((FRIDAY + timedelta(days=1)).timestamp()))
    assert [one["id"] for one in found] == numbers
    for place, one in enumerate(found):
        assert repr(one["disk"]) == repr(alike[place % 5])
        assert one["sources"] == [{"url": "a", "named": place % 7}]
        assert datetime.fromisoformat(one["started_at"]) == FRIDAY + timedelta(minutes=place)
    assert "speed" in found[-1]
    assert "speed" not in found[0]


def test_figures_are_kept_once_and_old_ones_go(database: Database, run: Run) -> None:
    old = run(FRIDAY - timedelta(days=100))
    new = run(FRIDAY, forget_before=int((FRIDAY - timedelta(days=92)).timestamp()))
    (found,) = figures_of(database, new)
    keep(database, found | {"monitors": [{"name": "a", "passed": True, "text": ""}]}, 0)
    (again,) = figures_of(database, new)
    assert [one["name"] for one in again["monitors"]] == ["a"]
    assert figures_of(database, old) == []
    assert [row.id for row in run_rows(database, "newspim")] == [new, old]


def test_the_parts_of_a_watch_are_kept_each_and_are_history_like_runs(database: Database, run: Run) -> None:
    number = run(FRIDAY, kind="watch", reason="goes_on", part=1)
    for part, reason in ((2, "goes_on"), (3, "shutdown")):
        keep(database, of_a_run(number, FRIDAY + timedelta(hours=part - 1), "watch", reason, part), 0)
    assert [one["part"] for one in figures_of(database, number)] == [1, 2, 3]
    assert [one["reason"] for one in latest(database)] == ["shutdown"]
    before_the_third = int((FRIDAY + timedelta(hours=2)).timestamp())
    assert [one["part"] for one in history(database, "newspim", "watch", before_the_third)] == [1, 2]


def test_a_watch_that_began_long_ago_is_found_by_its_parts(database: Database, run: Run) -> None:
    watch = run(FRIDAY - timedelta(days=20), kind="watch", reason="goes_on", part=1)
    run(FRIDAY - timedelta(days=10))
    last = run(FRIDAY)
    keep(database, of_a_run(watch, FRIDAY, "watch", "goes_on", 2), 0)
    since = int((FRIDAY - timedelta(days=1)).timestamp())
    assert [row.id for row in run_rows(database, "newspim", since=since)] == [last]
    assert [row.id for row in run_rows(database, "newspim", since=since, parts=True)] == [last, watch]


def test_parts_of_long_ago_go_while_the_watch_goes_on(database: Database, run: Run) -> None:
    number = run(FRIDAY - timedelta(days=100), kind="watch", reason="goes_on", part=1)
    keep(database, of_a_run(number, FRIDAY, "watch", "goes_on", 2), int((FRIDAY - timedelta(days=92)).timestamp()))
    assert [one["part"] for one in figures_of(database, number)] == [2]


def test_lateness_counts_from_the_last_run_that_came_to_its_end(database: Database, run: Run, tmp_path: Path) -> None:
    run(FRIDAY)
    run(FRIDAY + timedelta(minutes=10), reason="cannot_write")
    run(FRIDAY + timedelta(minutes=20), kind="backfill")
    journal = Journal(database, tmp_path / "feed.jsonl")
    journal.begin("newspim", "{}", None)
    assert journal.last_start("latest") == FRIDAY.timestamp()
    assert journal.last_start("watch") is None
    journal.abandon()


def test_what_is_asked_again_is_not_lost_and_what_else_failed_is(database: Database, tmp_path: Path) -> None:
    journal = Journal(database, tmp_path / "feed.jsonl", clock=lambda: 1000.0)
    journal.begin("newspim", "{}", None)
    for number in (1, 2):
        journal.add(Task(str(20261120000000 + number), f"https://www.newspim.com/{number}", "{}", rank=number))
    rows = {task.url[-1]: task.id or 0 for task in journal.commit(lease=2).leased}
    journal.fail(rows["1"], "article/503")
    journal.fail(rows["2"], "no body container")
    journal.commit()
    for tries, count, names in ((5, 0, ["2"]), (0, 1, ["1", "2"])):
        lost, named = failures(database, "newspim", 0, 10, retried=("article/", "list/"), tries=tries)
        assert (lost, sorted(one.url[-1] for one in named)) == (count, names)
    journal.abandon()
