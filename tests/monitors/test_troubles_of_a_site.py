"""Each trouble raises the monitor that it should and no other; a normal week raises none."""

from __future__ import annotations

import copy
from collections import Counter
from collections.abc import Callable
from datetime import date, datetime

import pytest

from benchmarks import _weeks as site
from benchmarks.monitors import FREQUENCIES, TROUBLES, Trouble, false_alarms, seen
from newscrawl.monitors.calendar import KST
from newscrawl.monitors.checks import judge
from newscrawl.monitors.finding import Finding, Limits

from .weeks import Figures, at, history, one

TUESDAY, SUNDAY = 1, 6


def failing(findings: dict[str, Finding]) -> set[str]:
    return {name for name, found in findings.items() if not found.passed}


@pytest.mark.parametrize("every", [3_600, 86_400])
@pytest.mark.parametrize("seed", [1, 2])
def test_a_normal_week_raises_none(every: int, seed: int) -> None:
    assert not false_alarms(site.Plan(every, seed=seed), frozenset())


def test_a_normal_week_of_runs_every_ten_minutes_raises_none() -> None:
    assert not false_alarms(site.Plan(FREQUENCIES["every 10 minutes"], seed=1), frozenset())


@pytest.mark.parametrize(("every", "seed"), [(3_600, 3), (86_400, 502)])
def test_a_holiday_that_is_known_is_as_quiet_as_a_sunday(every: int, seed: int) -> None:
    holiday = frozenset({date(2026, 11, 18)})
    assert not false_alarms(site.Plan(every, seed=seed, holidays=holiday), holiday)


@pytest.mark.parametrize("trouble", TROUBLES, ids=lambda trouble: trouble.name)
def test_a_trouble_raises_its_monitor_and_no_other(trouble: Trouble) -> None:
    found = seen(trouble, history(), site.Plan(3_600, seed=5))
    assert found.hours is not None
    assert found.others == frozenset()


def test_a_quiet_sunday_is_no_trouble_of_a_section_that_rests_on_sundays() -> None:
    run, before = one(at(SUNDAY, 20))
    site.quiet("증권")(run)
    assert judge(run, before, Limits())["sections"].passed


def run_with(change: Callable[[Figures], None], place: int | None = None) -> dict[str, Finding]:
    """What is found of one run that is changed."""
    run, before = one(at(TUESDAY, 10) if place is None else place)
    change(run)
    return judge(run, before, Limits())


def test_a_new_robots_txt_is_told_once() -> None:
    place = at(TUESDAY, 10)
    run, before = one(place)
    site.new_robots(run)
    found = judge(run, before, Limits())
    assert failing(found) == {"robots.txt and feeds"}
    assert not found["robots.txt and feeds"].lasting
    later, _ = one(place + 1)
    site.new_robots(later)
    assert not failing(judge(later, [*before, run], Limits()))


def test_a_section_that_has_another_share_with_all_others_is_no_trouble() -> None:
    assert "sections" not in failing(run_with(site.no_articles))


def test_a_run_that_was_stopped_early_lost_something() -> None:
    assert failing(run_with(lambda run: run.update(reason="shutdown", exit_code=1))) == {"nothing lost"}


def test_an_error_of_the_spider_is_a_loss_too() -> None:
    found = run_with(lambda run: run.update(exit_code=1, problems=["2 raised an error in the spider"]))
    assert failing(found) == {"nothing lost"}
    assert "2 raised an error" in found["nothing lost"].text


def test_a_page_that_could_not_be_fetched_is_a_loss() -> None:
    found = run_with(lambda run: run["failures"].update(total=1, reasons={"http 500": 1}))
    assert failing(found) == {"nothing lost"}


def test_fewer_articles_than_are_set_for_the_kind_of_run_is_a_trouble() -> None:
    run, before = one(at(TUESDAY, 10))
    found = judge(run, before, Limits(items={"latest": 100_000}))
    assert failing(found) == {"articles"}
    assert not failing(judge(run, before, Limits(items={"backfill": 100_000})))


def test_a_disk_that_fills_within_days_is_told_before_it_is_full() -> None:
    run, before = one(at(TUESDAY, 10))
    run["disk"]["free"] = int(before[-168]["disk"]["free"] * 0.2)
    assert failing(judge(run, before, Limits())) == {"disk"}


def test_what_is_right_from_now_on_is_accepted_by_a_time() -> None:
    run, before = one(at(TUESDAY, 10))
    site.other_layer(run)
    assert failing(judge(run, before, Limits())) == {"extraction layers"}
    assert not failing(judge(run, before, Limits(since=datetime(2026, 11, 17, 10, tzinfo=KST))))


def test_the_first_run_of_all_says_that_it_cannot_judge() -> None:
    run, _ = one(at(TUESDAY, 10))
    found = judge(run, [], Limits())
    assert not failing(found)
    assert "not enough history yet" in found["articles"].text
    assert not found["sections"].judged


def test_the_first_run_of_all_notices_what_needs_no_history() -> None:
    run, _ = one(at(TUESDAY, 10))
    run["fields"]["title"] = {"filled": 0, "from": {}}
    assert failing(judge(run, [], Limits())) == {"fields"}


def test_the_run_that_catches_up_after_an_outage_is_good() -> None:
    place = at(TUESDAY, 10)
    runs = [copy.deepcopy(run) for run in history()[: place + 6]]
    for run in runs[place : place + 5]:
        catch_up(runs[-1], run)
        site.outage(run)
    assert not failing(judge(runs[-1], runs[:-1], Limits()))


def catch_up(run: Figures, missed: Figures) -> None:
    """The run takes what an earlier one would have taken."""
    run["records"] += missed["records"]
    run["articles"]["exported"] = run["pages"]["articles"] = run["records"]
    run["timeline"]["rows"] += missed["timeline"]["rows"]
    for name, field in run["fields"].items():
        field["filled"] += missed["fields"][name]["filled"]
        field["from"] = dict(Counter(field["from"]) + Counter(missed["fields"][name]["from"]))
    for what in ("duplicates", "dropped"):
        run[what] = dict(Counter(run[what]) + Counter(missed[what]))


def test_a_nightly_run_does_not_make_hours_for_an_hourly_one() -> None:
    """A crawl that was nightly and is hourly now: nobody knows how many articles the hours of a night have."""
    nights = history(86_400)[:-5]
    hours = [run for run in history() if run["started_at"] > nights[-1]["started_at"]][:20]
    for count in range(1, len(hours)):
        found = judge(hours[count], [*nights, *hours[:count]], Limits())
        assert "articles" not in failing(found), found["articles"].text


def test_other_arguments_are_another_run() -> None:
    run, before = one(at(TUESDAY, 10))
    run["arguments"] = {"since": "2d", "sections": "부동산"}
    site.quiet("경제")(run)
    assert "not enough history yet" in judge(run, before, Limits())["articles"].text


def test_a_backfill_is_not_held_against_the_hours_of_a_day() -> None:
    run, before = one(at(TUESDAY, 10))
    run.update(kind="backfill", arguments={"since": "2019-01-01", "until": "2019-02-01"})
    run["records"] = run["articles"]["exported"] = 0
    found = judge(run, before, Limits())
    assert found["articles"].passed
    assert found["sections"].passed
    assert found["ways of discovery"].passed
