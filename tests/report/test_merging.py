"""The figures of several runs as one: counts are added up, what is not known is no zero, and nothing depends on how they are put together."""

from __future__ import annotations

import copy
import json
from datetime import timedelta
from random import Random
from statistics import quantiles
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from newscrawl.discovery.lateness import Lateness
from newscrawl.report.merging import merged
from tests.report import examples

Figures = dict[str, Any]
COUNT = st.integers(0, 50)
COUNTS = st.dictionaries(st.sampled_from("abc"), COUNT, max_size=3)
SECTION = st.sampled_from(["경제", "정치", None])


def row(at: int, unit: str, section: str | None, articles: int) -> Figures:
    start = (examples.START + timedelta(hours=at)).replace(minute=0, second=0)
    start = start if unit == "hour" else start.replace(hour=0) if unit == "day" else start.replace(hour=0, day=1)
    return {"at": start.isoformat(), "section": section, "articles": articles}


@st.composite
def timelines(draw: st.DrawFn) -> Figures:
    unit = draw(st.sampled_from(["hour", "hour", "day", "month"]))
    found = draw(st.dictionaries(st.tuples(st.integers(0, 60), SECTION), st.integers(1, 9), max_size=6))
    return {"unit": unit, "rows": [row(at, unit, section, n) for (at, section), n in found.items()]}


@st.composite
def latenesses(draw: st.DrawFn) -> Figures:
    late = Lateness()
    for way in draw(st.sets(st.sampled_from(["feed", "list"]))):
        for seconds in draw(st.lists(st.integers(0, 900), min_size=1, max_size=5)):
            late.add(way, seconds)
    found = examples.figures_of(late)
    if draw(st.booleans()):
        return found
    return {way: {name: one for name, one in told.items() if name != "counts"} for way, told in found.items()}


@st.composite
def runs(draw: st.DrawFn, number: int) -> Figures:
    """A run of any kind: one that died, one of an older version, one that lost something."""
    at = examples.START + timedelta(minutes=10 * number)
    if draw(st.integers(0, 9)) == 0:
        return examples.died() | {"id": number, "started_at": at.isoformat()}
    lost, records = draw(st.integers(0, 2)), draw(COUNT)
    named = [{"url": f"https://x/{n}", "reason": "timeout", "at": at.isoformat()} for n in range(lost)]
    found = examples.good(number, at) | {
        "seconds": draw(st.integers(0, 900)) / 10,
        "exit_code": 1 if lost else 0,
        "problems": [f"{lost} could not be fetched or written"] if lost else [],
        "reason": draw(st.sampled_from(["finished", "finished", "shutdown"])),
        "job": draw(st.sampled_from([None, "morning"])),
        "arguments": {"since": draw(st.sampled_from(["1d", "2d"]))},
        "records": records,
        "articles": dict.fromkeys(examples.good()["articles"], 0) | {"exported": records, "left": draw(COUNT)},
        "timeline": draw(timelines()),
        "lateness": draw(latenesses()),
        "dropped": draw(COUNTS),
        "ways": {"feed": {"found": 1, "named": draw(COUNT), "missed": draw(st.none() | COUNT)}},
        "failures": {"total": lost, "reasons": {"timeout": lost}, "named": named},
        "unreadable": {"total": draw(st.integers(0, 1)), "named": []},
        "stories": draw(st.lists(st.builds(story, st.integers(1, 30), st.integers(2, 9)), max_size=4)),
        "settings": draw(st.dictionaries(st.sampled_from("XY"), st.integers(0, 1))),
        "monitors": [{"name": draw(st.sampled_from("mn")), "passed": draw(st.booleans()), "text": f"run {number}"}],
    }
    return found | dict.fromkeys(draw(st.sets(st.sampled_from(["pages", "disk", "settings", "polls"]))))


def story(number: int, articles: int) -> Figures:
    return {"id": f"newspim:{number}", "title": f"이야기 {number}", "articles": articles}


@settings(max_examples=60, deadline=None)
@given(st.tuples(runs(1), runs(2), runs(3), runs(4)))
def test_nothing_depends_on_which_runs_are_put_together_first(four: tuple[Figures, ...]) -> None:
    every = merged(four)
    one, two, three, last = four
    assert merged([merged([one, two]), three, last]) == every
    assert merged([one, merged([two, three]), last]) == every
    assert merged([merged([one, two]), merged([three, last])]) == every


@settings(max_examples=25, deadline=None)
@given(runs(1))
def test_one_run_is_what_it_was(run: Figures) -> None:
    before = copy.deepcopy(run)
    assert merged([run]) == before | {"runs": 1}


@settings(max_examples=25, deadline=None)
@given(st.tuples(runs(1), runs(2), runs(3)))
def test_what_is_merged_is_left_as_it_was(three: tuple[Figures, ...]) -> None:
    before = copy.deepcopy(three)
    merged(three)
    assert three == before


def test_of_nothing_there_are_no_figures() -> None:
    with pytest.raises(ValueError, match="no figures"):
        merged([])


def test_the_form_is_that_of_one_run() -> None:
    found = merged(examples.week(30))
    assert examples.good().keys() <= found.keys()
    assert found.keys() - examples.good().keys() == {"unknown", "exits", "troubled"}
    assert json.loads(json.dumps(found)) == found


def test_counts_are_added_up() -> None:
    found = merged([examples.good(1), examples.good(2), examples.good(3)])
    one = examples.good()
    assert found["articles"]["exported"] == 3 * one["articles"]["exported"]
    assert found["pages"]["statuses"] == {"200": 3 * 1178, "404": 3}
    assert found["fields"]["body"]["from"] == {layer: 3 * n for layer, n in one["fields"]["body"]["from"].items()}
    assert found["ways"]["list"] == {name: 3 * n for name, n in one["ways"]["list"].items()}
    assert (found["runs"], found["seconds"]) == (3, 201.6)


def test_what_is_left_and_what_is_free_is_told_as_it_stood_in_the_end() -> None:
    first, last = examples.good(1), examples.good(2)
    first["articles"]["left"], last["articles"]["left"] = 40, 3
    first["disk"], last["disk"] = {"free": 9, "state": 1, "feeds": 1}, {"free": 8, "state": 2, "feeds": None}
    found = merged([first, last])
    assert (found["articles"]["left"], found["disk"]) == (3, {"free": 8, "state": 2, "feeds": 1})


def test_speed_follows_from_the_sums_and_memory_is_the_most() -> None:
    first, last = examples.good(1), examples.good(2)
    for run, seconds, records, peak in ((first, 60.0, 100, 7), (last, 30.0, 50, 9)):
        run |= {"seconds": seconds, "records": records}
        run["articles"]["exported"], run["pages"]["requests"] = records, 300
        run["speed"]["peak_memory"] = peak
    found = merged([first, last])["speed"]
    assert (found["articles_per_minute"], found["requests_per_article"]) == (100.0, 4.0)
    assert (found["cpu_seconds"], found["peak_memory"]) == (10.2, 9)


def test_a_run_that_died_takes_nothing_from_the_sums_and_is_counted() -> None:
    found = merged([examples.good(1), examples.died()])
    alone = examples.good(1)
    assert found["articles"] == alone["articles"]
    assert found["settings"] == alone["settings"]
    assert (found["runs"], found["unknown"], found["exits"]) == (2, 1, {"0": 1, "died": 1})
    assert found["problems"] == ["1 of 2 runs died"]


def test_what_no_run_knows_is_not_known() -> None:
    found = merged([examples.died(), examples.died() | {"id": 16}])
    for name in ("articles", "records", "timeline", "pages", "failures", "settings"):
        assert found[name] is None, name


def test_a_way_that_need_not_name_all_has_missed_nothing_that_is_known() -> None:
    first, last = examples.good(1), examples.good(2)
    first["ways"]["sidebar"]["missed"] = last["ways"]["sidebar"]["missed"] = None
    assert merged([first, last])["ways"]["sidebar"]["missed"] is None


@settings(max_examples=25)
@given(st.lists(st.lists(st.floats(0, 99), min_size=1, max_size=30), min_size=2, max_size=5))
def test_lateness_is_that_of_all_articles_together(several: list[list[float]]) -> None:
    told = []
    for place, seconds in enumerate(several):
        late = Lateness()
        for place_, one in enumerate(seconds):
            late.add(("feed", "list")[place_ % 2], one)
        told.append(examples.good(place) | {"lateness": examples.figures_of(late)})
    every = [round(one, 1) for seconds in several for one in seconds]
    found = merged(told)["lateness"]["all"]
    assert found["count"] == len(every)
    assert found["median"] == pytest.approx(quantiles(every, n=2, method="inclusive")[0])
    assert found["p95"] == pytest.approx(quantiles(every, n=100, method="inclusive")[94])


def test_lateness_without_counts_is_not_guessed() -> None:
    first, last = examples.good(1), examples.good(2)
    del first["lateness"]["feed"]["counts"]
    found = merged([first, last])["lateness"]
    assert found["feed"] == {"count": 80, "median": None, "p95": None, "counts": None}
    assert found["all"] == {"count": 160, "median": None, "p95": None}
    assert found["list"]["median"] == 33.0


def test_lateness_that_one_run_alone_measured_needs_no_counts() -> None:
    first, last = examples.good(1), examples.good(2) | {"lateness": {}}
    del first["lateness"]["feed"]["counts"]
    assert merged([first, last])["lateness"] == first["lateness"]


def test_the_coarsest_unit_of_time_wins() -> None:
    first, last = examples.good(1), examples.good(2)
    first["timeline"] = {"unit": "hour", "rows": [row(at, "hour", "경제", 1) for at in range(30)]}
    last["timeline"] = {"unit": "day", "rows": [row(0, "day", "경제", 10)]}
    found = merged([first, last])["timeline"]
    assert found["unit"] == "day"
    assert [one["articles"] for one in found["rows"]] == [27, 13]


def test_a_timeline_of_a_year_has_no_more_rows_than_one_of_a_run() -> None:
    several = [
        examples.good(day)
        | {"timeline": {"unit": "hour", "rows": [row(24 * day + at, "hour", None, 1) for at in range(24)]}}
        for day in range(365)
    ]
    found = merged(several)["timeline"]
    assert found["unit"] == "day"
    assert sum(one["articles"] for one in found["rows"]) == 365 * 24


def test_what_all_have_alike_is_told_and_what_differs_is_null() -> None:
    first, last = examples.good(1), examples.good(2)
    first["settings"], last["settings"] = {"A": 1, "B": 1, "C": 1}, {"A": 1, "B": 2}
    found = merged([first, last | {"arguments": {"since": "1d"}}])
    assert (found["site"], found["kind"], found["host"]) == ("newspim", "latest", "box")
    assert (found["id"], found["arguments"]) == (None, None)
    assert found["settings"] == {"A": 1, "B": None, "C": None}


def test_failures_are_named_once_the_latest_first_and_no_more_than_of_one_run() -> None:
    bad = [examples.bad(90) | {"id": number} for number in range(3)]
    for number, run in enumerate(bad):
        for one in run["failures"]["named"]:
            one["at"] = f"2026-11-20T0{number}:00:00+09:00"
    bad[1]["failures"]["named"].append(bad[0]["failures"]["named"][0])
    named = merged(bad)["failures"]["named"]
    assert len(named) == 100
    assert [one["at"][12] for one in named] == ["2"] * 90 + ["1"] * 10
    assert merged(bad)["failures"]["total"] == 270


def test_problems_are_added_up_and_bad_ends_are_counted() -> None:
    last = examples.good(3) | {"exit_code": 1, "problems": ["monitors failed: disk"], "reason": "finished"}
    early = examples.good(4) | {"exit_code": 3, "problems": ["ended early (shutdown)"], "reason": "shutdown"}
    found = merged([examples.bad(), examples.bad() | {"id": 14}, last, early])
    assert found["problems"] == [
        "3 of 4 runs ended with exit code 1",
        "1 of 4 runs ended with exit code 3",
        "600 could not be fetched or written",
        "4 had no body container",
        "14 were incomplete",
        "ended early (shutdown)",
    ]
    assert (found["exit_code"], found["reason"], found["exits"]) == (3, None, {"1": 3, "3": 1})


def test_monitors_that_failed_are_told_with_how_often_and_when() -> None:
    found = merged(examples.week())
    (sections,) = [one for one in found["monitors"] if one["name"] == "sections"]
    assert (sections["runs"], sections["passed"]) == (4, False)
    assert (sections["first"], sections["last"]) == ("2026-11-16T01:20:03+09:00", "2026-11-18T20:10:03+09:00")
    assert {one["name"] for one in found["monitors"]} == {"sections", "errors"}


def test_runs_that_need_a_look_are_named_the_latest_first() -> None:
    found = merged(examples.week())["troubled"]
    assert found["total"] == len(found["named"]) == 8
    assert [one["id"] for one in found["named"]] == [800, 799, 778, 507, 506, 505, 400, 399]
    assert found["named"][0]["problems"] == ["monitors failed: sections"]


def test_the_parts_of_a_watch_are_one_run() -> None:
    found = merged(examples.watch(30))
    assert (found["id"], found["runs"], found["part"], found["kind"]) == (40, 1, None, "watch")
    assert (found["reason"], found["exit_code"], found["exits"]) == ("shutdown", 0, {"0": 1})
    assert found["seconds"] == 30 * 3600
    going_on = merged(examples.watch(30)[:-1])
    assert (going_on["reason"], going_on["exits"], going_on["runs"]) == ("goes_on", {}, 1)


def test_a_bad_hour_of_a_watch_is_no_bad_end_of_it() -> None:
    parts = examples.watch(4)
    parts[1]["exit_code"] = 1
    assert merged(parts)["exit_code"] == 0
    assert merged(parts[:-1])["exit_code"] is None


def test_what_a_watch_lost_is_counted_once() -> None:
    """The problems of its last part are those of the whole run."""
    parts = examples.watch(4)
    for part, (lost, problems) in zip(parts, ((1, 1), (0, 0), (1, 1), (0, 2)), strict=True):
        part["unreadable"] = {"total": lost, "named": []}
        part["problems"] = (
            [f"{problems} had no body container", f"{problems} raised an error in the spider"] if problems else []
        )
    found = merged(parts)
    assert found["problems"] == ["2 had no body container", "2 raised an error in the spider"]
    assert (found["troubled"]["total"], [one["part"] for one in found["troubled"]["named"]]) == (1, [4, 3, 1])
    assert merged(parts[:3])["problems"] == ["2 had no body container", "2 raised an error in the spider"]
    assert merged([*parts, examples.good(1), examples.good(2)])["troubled"]["total"] == 1


def test_a_watch_beside_other_runs_is_counted_once() -> None:
    assert merged([*examples.watch(5), *examples.week(4)])["runs"] == 5


def test_sources_are_told_as_they_were_last_seen() -> None:
    first, last = examples.good(1), examples.good(2)
    last["sources"] = [last["sources"][0] | {"hash": "changed"}]
    found = merged([first, last])["sources"]
    assert [(one["kind"], one["hash"]) for one in found] == [("robots", "changed"), ("feed", None)]


def test_stories_are_told_once_the_longest_first() -> None:
    dice = Random(4)
    several = [examples.good(n) | {"stories": [story(dice.randrange(60), n + 2) for _ in range(9)]} for n in range(9)]
    found = merged(several)["stories"]
    longest = {
        one["id"]: max(s["articles"] for r in several for s in r["stories"] if s["id"] == one["id"]) for one in found
    }
    assert [one["articles"] for one in found] == sorted(longest.values(), reverse=True)
    assert len(longest) == len(found) == 20
