"""Machines with one schedule: what comes is dealt among their runs by chance, and is judged together."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from pathlib import Path

from benchmarks import _weeks as site
from benchmarks.monitors import false_alarms
from newscrawl.korean import KST
from newscrawl.monitors.checks import judge
from newscrawl.monitors.finding import Finding, Limits
from newscrawl.monitors.together import together
from newscrawl.newsroom import Faults, Newsroom, generate
from newscrawl.state import Database
from newscrawl.state.reports import figures_of
from tests import states
from tests.crawl.conftest import PACE, scrapy, wait_until
from tests.postgres import Server

from .weeks import Figures

HOUR = 3_600
TUESDAY = 7 * 5 + 1  # of the last week
RUNS = site.dealt(site.Plan(HOUR, seed=4))
COUNTS = ("articles", "ways of discovery", "sections")


def pair(hour: int) -> tuple[Figures, Figures, list[Figures]]:
    """The two runs of an hour of the last Tuesday, and all before them."""
    place = 2 * (24 * TUESDAY + hour)
    return RUNS[place], RUNS[place + 1], RUNS[:place]


def failing(findings: dict[str, Finding]) -> set[str]:
    return {name for name, found in findings.items() if not found.passed}


def test_a_normal_week_raises_none() -> None:
    assert not false_alarms(site.Plan(HOUR, seed=1), frozenset(), machines=2)


def test_the_last_of_them_is_judged_with_what_all_found() -> None:
    for hour in range(8, 18, 3):
        first, second, before = pair(hour)
        assert not failing(judge(second, [*before, first], Limits()))
        assert not failing(judge(first, [*before, second], Limits()))  # it began first, and ended last


def test_who_ends_while_others_go_on_is_not_judged_by_what_came() -> None:
    first, _, before = pair(10)
    found = judge({**first, "others": 1}, before, Limits())
    assert not any(found[name].judged for name in COUNTS)
    assert found["errors"].judged
    assert "1 more of this schedule" in found["articles"].text


def test_when_nothing_came_to_any_of_them_it_is_told() -> None:
    first, second, before = (pair(10)[0] | {}, pair(10)[1] | {}, pair(10)[2])
    for run in (first, second):
        run.update(
            records=0, timeline={"unit": "hour", "rows": []}, articles={**run["articles"], "found": 0, "exported": 0}
        )
    assert "articles" in failing(judge(second, [*before, first], Limits()))


def with_free(run: Figures, free: int) -> Figures:
    return {**run, "disk": {**run["disk"], "free": free}}


def test_a_disk_is_compared_with_itself() -> None:
    first, second, before = pair(10)
    # The other machine has a tenth of the room.
    before = [with_free(run, run["disk"]["free"] // 10) if run["node"] == "box-1" else run for run in before]
    room = before[-1]["disk"]["free"]
    assert not failing(judge(first, [*before, with_free(second, room)], Limits()))
    assert not failing(judge(with_free(second, room), [*before, first], Limits()))
    assert failing(judge(with_free(second, int(room * 0.28)), [*before, first], Limits())) == {"disk"}


def test_runs_of_one_machine_that_overlap_stay_what_they_are() -> None:
    first, second, _ = pair(10)
    assert together([first, {**second, "node": first["node"]}])[0] is first
    watches = [{**run, "kind": "watch"} for run in (first, second)]
    assert together(watches) == watches


def test_of_runs_that_follow_each_other_closely_not_all_become_one() -> None:
    """A machine that is slow may still be at work when the next runs begin."""
    first, second, _ = pair(10)
    third = {**first, "started_at": second["started_at"]}
    fourth = dict(second)
    assert [one["started_at"] for one in together([first, second, third, fourth])] == [
        first["started_at"],
        third["started_at"],
    ]


def test_what_one_run_does_not_know_the_other_says() -> None:
    first, second, _ = pair(10)
    both = together([{**first, "unreadable": None, "pages": None}, second])[0]
    assert both["unreadable"] == second["unreadable"]
    assert both["pages"]["requests"] == second["pages"]["requests"]
    assert both["records"] == first["records"] + second["records"]
    assert both["ended_at"] == max(first["ended_at"], second["ended_at"])


def test_machines_tell_each_other_what_they_found(postgres: Server, tmp_path: Path) -> None:
    """Two real runs at once: who ends first says that the other goes on, or has its figures already."""
    state = states.url_in(postgres, tmp_path)
    site = generate(articles=60, days=2, seed=3, end=datetime.now(KST))
    with Newsroom(site, faults=Faults.none()) as room, ThreadPoolExecutor(2) as pool:

        def crawl(name: str) -> str:
            settings = [*PACE, f"NEWSCRAWL_NEWSROOM={room.url}", f"NEWSCRAWL_STATE={state}"]
            # Slow enough for the second to begin while the first has most before it, on any machine.
            settings += [f"NEWSCRAWL_DATA_DIR={tmp_path / name}", "DOWNLOAD_DELAY=0.05"]
            options = [part for setting in settings for part in ("-s", setting)]
            return scrapy("crawl", "newspim", *options, "-a", "since=2d").stderr

        first = pool.submit(crawl, "one")
        wait_until(lambda: len(room.requests) > 3, "the first run asks")
        said = [crawl("other"), first.result()]
    database = Database(state, tmp_path / "one" / "newspim")
    runs = [one for number in (1, 2) for one in figures_of(database, number)]
    database.close()
    assert [run["kind"] for run in runs] == ["latest", "latest"], said
    assert len({run["node"] for run in runs}) == 2
    assert len(together(runs)) == 1
    assert sorted(run["others"] for run in runs) in ([0, 0], [0, 1])
    assert together(runs)[0]["records"] == sum(
        len(feed.read_bytes().splitlines()) for feed in tmp_path.rglob("*.jsonl")
    )
