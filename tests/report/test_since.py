"""`scrapy report --since`: one report of all runs since a day, after three small crawls."""

from __future__ import annotations

import argparse
import json
import os
import shutil
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from scrapy.exceptions import UsageError
from scrapy.settings import Settings
from selectolax.lexbor import LexborHTMLParser

from newscrawl.commands.report import Command
from newscrawl.newsroom import Faults, Newsroom, generate
from newscrawl.report.merging import merged
from newscrawl.reporting.files import forget
from tests.crawl.conftest import ALL, END, PACE, scrapy
from tests.report import examples
from tests.report.test_page import text_of

Figures = dict[str, Any]
STATE = Path("newspim/state.sqlite")


@pytest.fixture(scope="module")
def crawled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The data folder of three runs: half of the articles, the others, of which some have no body, and nothing new."""
    data = tmp_path_factory.mktemp("data")
    faults = Faults({"no_container": 0.1}, seed=5)
    with Newsroom(generate(articles=60, days=2, seed=5, end=END), faults=faults) as room:
        given = (*PACE, "NEWSCRAWL_REPORT_DAYS=30", f"NEWSCRAWL_NEWSROOM={room.url}", f"NEWSCRAWL_DATA_DIR={data}")
        options = [part for one in given for part in ("-s", one)]
        for since in ("2026-11-20", ALL, ALL):
            scrapy("crawl", "newspim", *options, "-a", f"since={since}")
    return data


@pytest.fixture
def data(crawled: Path, tmp_path: Path) -> Path:
    """A copy, to be changed, without the reports."""
    shutil.copytree(crawled, tmp_path / "data", ignore=shutil.ignore_patterns("reports"))
    return tmp_path / "data"


def report(data: Path, *given: str) -> list[Path]:
    """`scrapy report …` in this process: a process of its own would take a second to start."""
    settings = Settings()
    settings.setmodule("newscrawl.settings")
    settings.set("NEWSCRAWL_DATA_DIR", str(data), priority="cmdline")
    command, parser = Command(), argparse.ArgumentParser()
    command.settings = settings
    command.add_options(parser)
    options, arguments = parser.parse_known_args(list(given))
    command.run(arguments, options)
    return sorted((data / "newspim" / "reports").glob("*/report.html"))


def change(data: Path, *statements: str) -> None:
    with closing(sqlite3.connect(data / STATE)) as state:
        for statement in statements:
            state.execute(statement)
        state.commit()


def figures_at(page: Path) -> Figures:
    found: Figures = json.loads((page.parent / "run.json").read_bytes())
    return found


def test_the_report_of_several_runs_is_the_sum_of_theirs(crawled: Path) -> None:
    """By a command line of its own, as a user runs it."""
    each = [json.loads(path.read_bytes()) for path in sorted(crawled.glob("newspim/reports/*/run.json"))]
    assert len(each) == 3
    made = scrapy("report", "--since", "1d", "-s", f"NEWSCRAWL_DATA_DIR={crawled}")
    assert (made.returncode, made.stderr) == (0, "")
    page = Path(made.stdout.strip())
    found = figures_at(page)
    assert page.parent.name.startswith("since-")
    assert found == json.loads(json.dumps(merged(each)))
    lines = [json.loads(line) for feed in crawled.glob("newspim/*.jsonl") for line in feed.read_bytes().splitlines()]
    assert found["articles"]["exported"] == sum(line["revision"] == 1 for line in lines) > 30
    assert found["exits"]["1"] == found["troubled"]["total"] > 0
    tree = LexborHTMLParser(page.read_text(encoding="utf-8"))
    assert f"{found['troubled']['total']} of 3 runs need a look" in text_of(tree, "h1")
    assert len(tree.css("#plot-runs tbody tr")) == 3


def test_a_second_report_since_the_same_day_replaces_the_first(data: Path) -> None:
    report(data, "--since", "2026-11-01")
    (page,) = report(data, "--since", "2026-11-01")
    assert page.parent.name == "since-2026-11-01T00-00-00"


def test_a_report_since_has_only_the_runs_that_began_since(data: Path) -> None:
    for table, run in (("runs", "id"), ("reports", "run")):
        change(data, f"UPDATE {table} SET started_at = started_at - 864000 WHERE {run} < 3")
    (page,) = report(data, "--since", "1d")
    found = figures_at(page)
    assert (found["id"], found["runs"]) == (3, 1)


def test_that_a_watch_died_is_told_also_when_it_began_before(data: Path) -> None:
    change(data, "UPDATE runs SET started_at = started_at - 864000, reason = 'died', counts = NULL WHERE id = 1")
    (page,) = report(data, "--since", "1d")
    found = figures_at(page)
    assert found["exits"]["died"] == 1
    assert "1 of 3 runs died" in found["problems"]


def test_a_run_that_died_is_one_of_them(data: Path) -> None:
    change(data, "DELETE FROM reports WHERE run = 2", "UPDATE runs SET reason = 'died', counts = NULL WHERE id = 2")
    (page,) = report(data, "--since", "1d")
    found = figures_at(page)
    assert (found["runs"], found["unknown"], found["exits"]["died"]) == (3, 1, 1)
    assert "1 of 3 runs died" in found["problems"]


def test_a_run_whose_figures_are_not_kept_is_told_by_its_counts(data: Path) -> None:
    (before,) = report(data, "--since", "1d")
    whole = figures_at(before)
    shutil.rmtree(before.parent)
    change(data, "DELETE FROM reports WHERE run = 2")
    (page,) = report(data, "--since", "1d")
    found = figures_at(page)
    assert found["articles"] == whole["articles"]
    assert found["records"] < whole["records"]
    assert (found["runs"], found["unknown"]) == (3, 1)


def test_a_run_that_died_says_of_itself_what_is_known_and_no_more(data: Path) -> None:
    change(data, "DELETE FROM reports WHERE run = 3", "UPDATE runs SET reason = 'died', counts = NULL WHERE id = 3")
    (page,) = report(data)
    found = figures_at(page)
    assert (found["reason"], found["exit_code"]) == ("died", 3)
    assert (found["articles"], found["ended_at"], found["settings"]) == (None, None, None)


def test_the_parts_of_a_watch_make_one_report(data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("newscrawl.commands.report.figures_of", lambda database, run: examples.watch(30))
    (page,) = report(data, "2")
    found = figures_at(page)
    assert page.parent.name == "000040-all-2026-11-20T07-00-03"
    assert (found["runs"], found["part"], found["seconds"]) == (1, None, 30 * 3600)
    assert len(LexborHTMLParser(page.read_text(encoding="utf-8")).css("#plot-runs tbody tr")) == 30


def test_a_watch_that_died_is_told_by_its_parts_and_as_dead(data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    parts = [part | {"id": 2} for part in examples.watch(5)[:-1]]
    parts[0]["problems"] = ["1 raised an error in the spider"]
    monkeypatch.setattr("newscrawl.commands.report.figures_of", lambda database, run: parts)
    change(data, "UPDATE runs SET reason = 'died', counts = NULL WHERE id = 2")
    (page,) = report(data, "2")
    found = figures_at(page)
    assert (found["runs"], found["reason"], found["exits"]) == (1, "died", {"died": 1})
    assert found["articles"]["exported"] == sum(part["articles"]["exported"] for part in parts)
    assert found["problems"] == ["1 raised an error in the spider", "ended early (died)"]


@pytest.mark.parametrize(
    ("given", "message"),
    [
        (["2", "--since", "1d"], "name one run, or --since"),
        (["--since", "soon"], "since='soon'"),
        (["--since", "2199-01-01"], "lies in the future"),
    ],
)
def test_a_wrong_question_is_refused(data: Path, given: list[str], message: str) -> None:
    with pytest.raises(UsageError, match=message):
        report(data, *given)


def test_that_no_run_began_since_is_said(data: Path) -> None:
    change(data, *(f"UPDATE {table} SET started_at = started_at - 864000" for table in ("runs", "reports")))
    with pytest.raises(UsageError, match="no run that has ended: since 1d"):
        report(data, "--since", "1d")
    assert not (data / "newspim" / "reports").exists()


def test_a_number_that_no_run_can_have_and_an_empty_time_are_refused(data: Path) -> None:
    with pytest.raises(UsageError, match="takes the number of a run"):
        report(data, "9" * 20)
    with pytest.raises(UsageError):
        report(data, "--since", "")


def test_a_state_that_cannot_be_read_is_said(data: Path) -> None:
    (data / STATE).write_bytes(b"no database" * 1000)
    with pytest.raises(UsageError) as refused:
        report(data, "--since", "1d")
    assert len(str(refused.value).splitlines()) == 1


def test_figures_that_cannot_be_read_are_said_and_leave_no_half_report(data: Path) -> None:
    change(data, "UPDATE reports SET figures = x'00' WHERE run = 2")
    with pytest.raises(UsageError, match="restore it from a backup"):
        report(data, "--since", "1d")
    assert not (data / "newspim" / "reports").exists()


def test_reports_of_several_go_when_they_were_made_long_ago(tmp_path: Path) -> None:
    """However far back they reach."""
    names = ("since-2025-01-01T00-00-00", "since-2026-11-01T00-00-00", "000040-all-2026-11-20T07-00-03", "since-mine")
    for name in names:
        (tmp_path / name).mkdir()
        (tmp_path / name / "run.json").touch()
    for name in names[1:]:
        os.utime(tmp_path / name, (1_000, 1_000))
    forget(tmp_path, 2_000)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["since-2025-01-01T00-00-00", "since-mine"]
