"""`scrapy ledger` as users run it, on states that the state itself made."""

from __future__ import annotations

import json
import os
import pty
import subprocess
import sys
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from newscrawl.korean import KST
from newscrawl.newsroom import Newsroom
from newscrawl.state import Database, Entry, Journal, Listing, Task
from newscrawl.state.ledger import DAY_ENDS
from tests.crawl.conftest import ROOT, Crawler, scrapy

FIRST, SECOND, THIRD = 20260301, 20260302, 20260303
AT = 1_772_000_000


class Output:
    """A state in the folder of a site, as runs of the crawler leave it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.options = ("-s", f"NEWSCRAWL_DATA_DIR={folder}")

    def write(self, listings: list[Listing], exported: list[int], failed: list[int]) -> None:
        """A run that walks lists, and fetches some articles and loses others."""
        database = Database(f"sqlite:///{self.folder / 'newspim' / 'state.sqlite'}")
        journal = Journal(database, self.folder / "newspim" / "feed.jsonl")
        journal.begin("newspim", "{}", None)
        for listing in listings:
            journal.note(listing)
        for number in failed:
            journal.add(Task(str(number), f"https://www.newspim.com/news/view/{number}", "{}", rank=number))
        for task in journal.commit(lease=len(failed)).leased:
            journal.fail(task.id or 0, "article/500")
        for number in exported:
            journal.write(Entry(number, number.to_bytes(16, "big"), b"{}\n"))
        journal.commit()
        journal.end("finished", {})

    def ask(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        return scrapy("ledger", *arguments, *self.options, PYTHONIOENCODING="utf-8", COLUMNS="80")


@pytest.fixture
def output(tmp_path: Path) -> Output:
    return Output(tmp_path)


@pytest.fixture
def march(output: Output) -> Output:
    """Two days that were walked through, the second with a failure in 정치, and one that was seen in part."""
    numbers = [day * 10**6 + n for day in (FIRST, SECOND, THIRD) for n in range(10)]
    rows = tuple((number // 10**6, number) for number in numbers)
    walked = ((FIRST, 0, DAY_ENDS), (SECOND, 0, DAY_ENDS), (THIRD, 0, 3600))
    failed = numbers[12]
    listings = [Listing("1", rows, walked, AT), Listing("101", rows[10:15], walked[:2], AT)]
    output.write(listings, [number for number in numbers if number != failed], [failed])
    return output


def test_a_calendar_says_what_there_is_what_is_missing_and_what_to_do(march: Output) -> None:
    done = march.ask()
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.splitlines() == [
        "newspim  전체 (1)  2026-03-01 to 2026-03-03",
        "",
        "2026-03   1 of 3 days complete   29 of 30 exported   1 failed",
        "     Mon        Tue        Wed        Thu        Fri        Sat        Sun",
        "                                                                   1 ▮▮▮▮▮",
        "                                                                     10/10",
        " 2 ▮▮▮▮x    3 ▮▮▮▮▯",
        "    9/10      10/10",
        "",
        "▮ complete  ▯ in part  ~ waits  x failed  . nothing known",
        "",
        "not complete",
        "  전체 (1)       2 days  x 03-02 (1)  ▯ 03-03",
        "",
        "besides, in sections",
        "  정치 (101)     1 day   x 03-02 (1)",
        "",
        "total  1 of 3 days complete, 30 articles listed, 29 exported (96.6 %), 1 failed",
        "",
        "next",
        "  scrapy retry newspim",
        "  scrapy crawl newspim -a since=2026-03-03 -a until=2026-03-03",
    ]


def test_what_is_retried_waits_then(march: Output) -> None:
    assert scrapy("retry", *march.options).returncode == 0
    lines = march.ask("newspim", "--until", "2026-03-02").stdout.splitlines()
    assert "  전체 (1)     1 day   ~ 03-02 (1)" in lines
    assert lines[-2:] == ["next", "  scrapy crawl newspim"]


def test_the_days_can_be_chosen_as_for_a_crawl(march: Output) -> None:
    done = march.ask("--since", "2026-02-27T09:00", "--until", "2026-03-01")
    assert done.stdout.splitlines()[0] == "newspim  전체 (1)  2026-02-27 to 2026-03-01"


def test_an_age_is_counted_from_now(output: Output) -> None:
    days = [datetime.now(KST) - timedelta(days) for days in (9, 5)]
    passed = tuple((int(f"{day:%Y%m%d}"), 0, DAY_ENDS) for day in days)
    output.write([Listing("1", (), passed, AT)], [], [])
    shown = [json.loads(line)["day"] for line in output.ask("--since", "7d", "--json").stdout.splitlines()]
    assert shown == [f"{days[1]:%Y-%m-%d}"]


def test_a_section_has_a_calendar_of_its_own(march: Output) -> None:
    lines = march.ask("--section", "정치").stdout.splitlines()
    assert lines[0] == "newspim  정치 (101)  2026-03-01 to 2026-03-02"
    assert "전체" not in "".join(lines)


def test_json_gives_each_day_and_section_a_line(march: Output) -> None:
    done = march.ask("--json", "--since", "2026-03-02")
    assert done.returncode == 0
    found = [json.loads(line) for line in done.stdout.splitlines()]
    assert [(one["day"], one["section"]) for one in found] == [
        ("2026-03-02", "1"),
        ("2026-03-02", "101"),
        ("2026-03-03", "1"),
    ]
    assert found[1] == {
        "site": "newspim",
        "day": "2026-03-02",
        "section": "101",
        "name": "정치",
        "listed": 5,
        "exported": 4,
        "waiting": 0,
        "failed": 1,
        "whole": True,
        "complete": False,
        "walked_at": AT,
    }
    assert [one["whole"] for one in found] == [True, True, False]
    of_section = march.ask("--json", "--section", "101").stdout.splitlines()
    assert {json.loads(line)["section"] for line in of_section} == {"101"}


def test_without_a_state_and_with_an_empty_ledger_there_is_nothing_yet(output: Output) -> None:
    assert (output.ask().stdout, output.ask("--json").stdout) == ("newspim: nothing yet\n", "")
    output.write([], [], [])
    done = output.ask()
    assert (done.returncode, done.stdout) == (0, "newspim: nothing yet\n")


def test_days_and_sections_that_the_ledger_does_not_have_are_said(march: Output) -> None:
    for options in (("--until", "2025-12-31"), ("--section", "중국")):
        done = march.ask(*options)
        assert (done.returncode, done.stdout) == (0, "newspim: the ledger has nothing of that\n")


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("--since", "yesterday"), "since takes a day (2026-11-01)"),
        (("--since", "2026-03-02", "--until", "2026-03-01"), "is before since"),
        (("--section", "날씨"), "no section '날씨'; there are 전체 (1), 정치 (101)"),
        (("nosuch",), "there is no site 'nosuch'; there are: newspim"),
    ],
)
def test_what_is_wrong_is_told_with_exit_code_2(output: Output, arguments: tuple[str, ...], told: str) -> None:
    done = output.ask(*arguments)
    assert done.returncode == 2
    assert told in done.stdout + done.stderr
    assert "Traceback" not in done.stderr


def test_a_state_that_cannot_be_read_is_said_in_one_line(output: Output) -> None:
    path = output.folder / "newspim" / "state.sqlite"
    path.parent.mkdir()
    path.write_bytes(b"no database at all" * 100)
    done = output.ask()
    assert done.returncode == 2
    assert "restore it from a backup" in done.stdout + done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize(("environment", "coloured"), [({}, True), ({"NO_COLOR": "1"}, False)])
def test_a_terminal_gets_colours_unless_it_wants_none(
    march: Output, environment: dict[str, str], coloured: bool
) -> None:
    usual = {name: value for name, value in os.environ.items() if name not in ("NO_COLOR", "TERM")}
    settings = {"TERM": "xterm", "PYTHONIOENCODING": "utf-8", "COLUMNS": "80"}
    ours, theirs = pty.openpty()
    command = [sys.executable, "-m", "scrapy", "ledger", *march.options]
    done = subprocess.run(command, cwd=ROOT, env=usual | settings | environment, stdout=theirs, timeout=60, check=False)
    os.close(theirs)
    shown = os.read(ours, 100_000).decode()
    os.close(ours)
    assert done.returncode == 0
    assert ("\x1b[32m▮▮▮▮\x1b[0m\x1b[1;31mx\x1b[0m" in shown) == coloured
    assert ("▮▮▮▮x" in shown) != coloured


def test_a_terminal_that_is_not_of_unicode_gets_marks_that_it_can_show(march: Output) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "scrapy", "ledger", *march.options],
        cwd=ROOT,
        env=os.environ | {"PYTHONIOENCODING": "cp949", "COLUMNS": "80"},
        capture_output=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 0
    assert " 2 ####x    3 ####-" in done.stdout.decode("cp949")


def test_the_ledger_of_a_crawl_counts_what_it_exported(crawl: Crawler, room: Newsroom, tmp_path: Path) -> None:
    run = crawl(room, "-a", "ways=list", "-a", "follow=none")
    days = [json.loads(line) for line in Output(tmp_path / "data").ask("--json").stdout.splitlines()]
    of_all = [one for one in days if one["section"] == "1"]
    assert sum(one["exported"] for one in of_all) == len(run.ids) > 30
    assert sum(one["waiting"] + one["failed"] for one in of_all) == 0
    assert {"101", "120"} <= {one["section"] for one in days}


def test_the_list_of_commands_has_it() -> None:
    assert "ledger" in scrapy("--help").stdout
