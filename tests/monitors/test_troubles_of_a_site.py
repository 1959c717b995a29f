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


def test_what_an_outage_longer_than_since_has_lost_is_not_told_as_too_few_articles_after_it() -> None:
    place, hours = at(TUESDAY, 2), 12
    runs = [{**run, "arguments": {"since": "2h"}} for run in copy.deepcopy(history()[: place + hours + 24])]
    for run in runs[place : place + hours]:
        site.outage(run)
        run["reason"] = "robots_unreachable"
    catch_up(runs[place + hours], history()[place + hours - 1])
    for last in range(place + hours, len(runs)):
        found = judge(runs[last], runs[:last], Limits())
        assert not failing(found), (runs[last]["started_at"], found["articles"].text)


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


def test_answers_that_take_a_second_longer_are_a_slow_site() -> None:
    found = run_with(lambda run: run["pages"].update(latency={"median": 1.4, "p95": 3.0}))
    assert failing(found) == {"lateness"}
    assert "half of its answers take 1.4 s or more, usual 0.2" in found["lateness"].text


def test_answers_that_come_within_the_pause_between_two_requests_are_no_slow_site() -> None:
    assert not failing(run_with(lambda run: run["pages"].update(latency={"median": 1.1, "p95": 3.0})))


def test_a_run_that_shares_its_pace_with_others_finds_no_slow_site() -> None:
    assert not failing(run_with(lambda run: run.update(seconds=run["seconds"] * 4)))


def test_how_long_answers_take_that_are_asked_for_by_eights_is_another_matter() -> None:
    def change(run: Figures) -> None:
        run["pages"]["latency"] = {"median": 3.0, "p95": 5.0}
        run["settings"] = {"CONCURRENT_REQUESTS": 8}

    assert not failing(run_with(change))


def test_the_first_nights_of_a_site_name_nothing_and_that_is_no_trouble() -> None:
    runs = [run for run in site.runs(site.Plan(600, weeks=1)) if "2026-10-13" <= run["started_at"] < "2026-10-15T03"]
    night = {**runs[-1], "ways": {}}
    assert not judge(night, runs[:-1], Limits())["ways of discovery"].judged


def test_a_run_without_new_articles_reads_no_sidebar_and_that_is_no_trouble() -> None:
    def nothing_new(run: Figures) -> None:
        site.no_articles(run)
        run["ways"]["sidebar"]["named"] = 0

    assert "ways of discovery" not in failing(run_with(nothing_new))


def test_sidebars_that_name_nothing_on_many_pages_are_a_trouble() -> None:
    found = run_with(lambda run: run["ways"]["sidebar"].update(named=0))
    assert failing(found) == {"ways of discovery"}


def test_of_daily_runs_the_last_ones_tell_what_a_way_names_though_no_week_is_known() -> None:
    run, before = copy.deepcopy(history(86_400)[6]), history(86_400)[:6]
    run["ways"]["list"]["named"] = 0
    assert "list named 0" in judge(run, before, Limits())["ways of discovery"].text


def test_a_run_that_ends_because_robots_txt_is_not_given_is_an_outage_however_few_its_requests() -> None:
    def change(run: Figures) -> None:
        site.outage(run)
        run["pages"].update(requests=5, responses=1, retries=4, statuses={"503": 5})
        run["sources"] = [dict(run["sources"][0], status=503)]
        run.update(reason="robots_unreachable", exit_code=3)
        run["failures"] = {"total": 0, "reasons": {}, "named": []}

    assert failing(run_with(change)) == {"errors"}


def test_an_answer_at_the_second_try_is_one_that_failed_and_not_two() -> None:
    found = run_with(
        lambda run: run["pages"].update(requests=100, responses=99, retries=1, statuses={"200": 99, "503": 1})
    )
    assert found["errors"].text == "1 of 100 requests failed"
