"""What is known of a run afterwards: its figures, `scrapy runs`, `scrapy report`, and `scrapy status --end` while it goes on."""

from __future__ import annotations

import json
import shutil
import sqlite3
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from contextlib import closing
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from newscrawl.newsroom import Faults, Newsroom, generate

from .conftest import ALL, END, PACE, ROOT, kill_at, scrapy, wait_until

FAULTS = {"no_container": 0.04, "gone404": 0.03}


def options(room: Newsroom, data: Path, *more: str) -> list[str]:
    settings = (
        *PACE,
        f"NEWSCRAWL_NEWSROOM={room.url}",
        f"NEWSCRAWL_DATA_DIR={data}",
        "NEWSCRAWL_REPORT_DAYS=30",
        *more,
    )
    return [part for one in settings for part in ("-s", one)]


def only(folder: Path) -> dict[str, Any]:
    """The figures of the one report that there is."""
    (path,) = (folder / "newspim" / "reports").glob("*/run.json")
    found: dict[str, Any] = json.loads(path.read_bytes())
    return found


@pytest.fixture(scope="module")
def room() -> Iterator[Newsroom]:
    site = generate(articles=80, days=2, seed=41, end=END, families=0.4)
    with Newsroom(site, faults=Faults(FAULTS, seed=41)) as room:
        yield room


@pytest.fixture(scope="module")
def ran(room: Newsroom, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The data folder of a run that lost something, job `morning`."""
    data = tmp_path_factory.mktemp("data")
    done = scrapy("crawl", "newspim", *options(room, data), "-a", f"since={ALL}", "-a", "_job=morning")
    assert done.returncode == 1, done.stderr
    assert "Report: " in done.stderr
    return data


@pytest.fixture(scope="module")
def lines(ran: Path) -> list[dict[str, Any]]:
    """What the run wrote of new articles."""
    (feed,) = (ran / "newspim").glob("*.jsonl")
    return [one for one in map(json.loads, feed.read_bytes().splitlines()) if one["revision"] == 1]


def test_the_figures_say_what_the_feed_has(ran: Path, lines: list[dict[str, Any]]) -> None:
    found = only(ran)
    assert found["records"] == found["articles"]["exported"] == len(lines)
    assert sum(row["articles"] for row in found["timeline"]["rows"]) == len(lines)
    assert found["kinds"] == Counter(line["kind"] for line in lines)
    for name in ("title", "body", "authors", "published_at", "section", "images"):
        assert found["fields"][name]["filled"] == sum(line[name] not in (None, []) for line in lines), name
        origins = Counter(line["fields_from"].get(name) for line in lines if line[name] not in (None, []))
        assert found["fields"][name]["from"] == origins
    assert {way: one["articles"] for way, one in found["ways"].items() if one["articles"]} == Counter(
        line["found"]["via"] for line in lines
    )


def test_the_figures_name_what_was_lost_and_what_could_not_be_read(ran: Path) -> None:
    found = only(ran)
    assert (found["exit_code"], found["reason"]) == (1, "finished")
    assert found["unreadable"]["total"] == len(found["unreadable"]["named"]) == found["pages"]["no_container"] > 0
    for one in found["unreadable"]["named"]:
        assert (ran / "newspim" / one["file"]).is_file()
        assert one["url"] in {failure["url"] for failure in found["failures"]["named"]}
    assert found["problems"] == [f"{found['pages']['no_container']} had no body container"]


def test_the_figures_say_how_the_run_was_asked_for(ran: Path) -> None:
    found = only(ran)
    assert (found["job"], found["kind"], found["arguments"]) == ("morning", "backfill", {"since": ALL})
    assert found["settings"]["DOWNLOAD_DELAY"] == "0"
    assert found["feeds"] == ["morning.jsonl"]


def test_the_figures_say_how_robots_txt_and_feeds_answered(ran: Path) -> None:
    found = only(ran)["sources"]
    assert Counter(one["kind"] for one in found)["feed"] > 5
    robots = [one for one in found if one["kind"] == "robots"]
    assert {one["status"] for one in robots} == {200}
    assert all(len(one["hash"]) == 16 for one in robots)
    assert max(one["named"] or 0 for one in found) >= 20


def test_stories_that_grew_are_named_with_their_size(ran: Path) -> None:
    asked = scrapy("stories", "--since", ALL, "--json", "-s", f"NEWSCRAWL_DATA_DIR={ran}")
    listed = {one["story"]: len(one["articles"]) for one in map(json.loads, asked.stdout.splitlines())}
    named = {one["id"]: one["articles"] for one in only(ran)["stories"]}
    assert named
    assert named.items() <= listed.items()


def test_runs_are_listed_with_their_end(ran: Path) -> None:
    shown = scrapy("runs", "-s", f"NEWSCRAWL_DATA_DIR={ran}")
    assert (shown.returncode, shown.stderr) == (0, "")
    assert "backfill  finished          exit 1" in shown.stdout
    assert "job morning" in shown.stdout
    told = json.loads(scrapy("runs", "--json", "-s", f"NEWSCRAWL_DATA_DIR={ran}").stdout)
    assert told["figures"] == only(ran)
    assert (told["exit_code"], told["reason"], told["job"]) == (1, "finished", "morning")


def test_a_job_is_told_by_the_exit_code(ran: Path) -> None:
    assert scrapy("runs", "--job", "morning", "-s", f"NEWSCRAWL_DATA_DIR={ran}").returncode == 1
    unknown = scrapy("runs", "--job", "evening", "-s", f"NEWSCRAWL_DATA_DIR={ran}")
    assert unknown.returncode == 2
    assert "no run of job evening has begun here" in unknown.stderr


@pytest.mark.parametrize(("ago", "code"), [(0, 4), (1000, 1)], ids=["may still be judged", "long ago"])
def test_a_run_whose_figures_are_not_there_is_told_by_its_counts(
    ran: Path, tmp_path: Path, ago: int, code: int
) -> None:
    """They come with its last words, and are kept for three months."""
    data = tmp_path / "data"
    shutil.copytree(ran, data)
    with closing(sqlite3.connect(data / "newspim" / "state.sqlite")) as state:
        state.execute("DELETE FROM reports")
        state.execute("UPDATE runs SET ended_at = CAST(strftime('%s', 'now') AS INTEGER) - ?", (ago,))
        state.commit()
    assert scrapy("runs", "--job", "morning", "-s", f"NEWSCRAWL_DATA_DIR={data}").returncode == code


def test_a_report_is_made_again_from_the_state(ran: Path, tmp_path: Path) -> None:
    data = tmp_path / "data"
    shutil.copytree(ran, data)
    before = only(data)
    shutil.rmtree(data / "newspim" / "reports")
    made = scrapy("report", "latest", "-s", f"NEWSCRAWL_DATA_DIR={data}")
    assert (made.returncode, made.stderr) == (0, "")
    assert Path(made.stdout.strip()).name == "report.html"
    assert Path(made.stdout.strip()).stat().st_size > 5000
    assert only(data) == before


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["7"], "no run that has ended: 7"),
        (["yesterday"], "'yesterday': takes the number of a run"),
        (["1", "2"], "name one run"),
        (["--since", "soon"], "since='soon'"),
        (["--site", "nowhere"], "there is no site 'nowhere'"),
    ],
)
def test_a_report_of_no_run_is_refused(ran: Path, arguments: list[str], message: str) -> None:
    refused = scrapy("report", *arguments, "-s", f"NEWSCRAWL_DATA_DIR={ran}")
    assert refused.returncode == 2
    assert message in refused.stderr
    assert "Traceback" not in refused.stderr


def test_a_run_that_was_killed_is_listed_as_dead_and_has_a_report(room: Newsroom, tmp_path: Path) -> None:
    arguments = ("crawl", "newspim", *options(room, tmp_path), "-a", f"since={ALL}")
    kill_at(room, len(room.requests) + 60, *arguments, "-a", "_job=killed")
    scrapy(*arguments, "-a", "follow=none")
    assert scrapy("runs", "--job", "killed", "-s", f"NEWSCRAWL_DATA_DIR={tmp_path}").returncode == 3
    shown = scrapy("runs", "-s", f"NEWSCRAWL_DATA_DIR={tmp_path}").stdout
    assert "died" in shown
    made = scrapy("report", "1", "-s", f"NEWSCRAWL_DATA_DIR={tmp_path}")
    figures = json.loads((Path(made.stdout.strip()).parent / "run.json").read_bytes())
    assert (figures["reason"], figures["exit_code"], figures["job"]) == ("died", 3, "killed")


def test_an_orphan_is_seen_and_told_to_end(room: Newsroom, tmp_path: Path) -> None:
    """As one whose daemon was restarted, and which nobody else can cancel."""
    asked = len(room.requests)
    slow = options(room, tmp_path, "DOWNLOAD_DELAY=0.2", "CONCURRENT_REQUESTS=1")
    command = [sys.executable, "-m", "scrapy", "crawl", "newspim", *slow, "-a", f"since={ALL}", "-a", "_job=orphan"]
    with subprocess.Popen(command, cwd=ROOT, stderr=subprocess.DEVNULL) as run:
        wait_until(lambda: len(room.requests) > asked + 5, "it asks for pages")
        data = ("-s", f"NEWSCRAWL_DATA_DIR={tmp_path}")
        assert f"run 1, process {run.pid}, job orphan" in scrapy("status", *data).stdout
        assert scrapy("runs", "--job", "orphan", *data).returncode == 4
        told = scrapy("status", "--end", "1", *data)
        assert told.stdout == f"told run 1 (process {run.pid}) to end; scrapy runs says when it has\n"
        assert run.wait(timeout=30) == 3
    assert scrapy("runs", "--job", "orphan", *data).returncode == 3
    over = scrapy("status", "--end", "1", *data)
    assert over.returncode == 2
    assert over.stderr.endswith("run 1 is over: shutdown\n")


def test_reports_of_long_ago_go_and_what_else_lies_there_stays(room: Newsroom, tmp_path: Path) -> None:
    everything = tmp_path / "newspim" / "reports"
    now = datetime.now(END.tzinfo)
    names = [
        f"{number:06}-{now - timedelta(days=days):%Y-%m-%dT%H-%M-%S}" for number, days in ((1, 31), (2, 29), (3, 40))
    ]
    for name in (*names, "notes"):
        (everything / name).mkdir(parents=True)
        (everything / name / "run.json").touch()
    (everything / names[2] / "mine.txt").touch()
    done = scrapy("crawl", "newspim", *options(room, tmp_path), "-a", f"urls={room.site.articles[0].url}")
    assert "Report: " in done.stderr
    left = sorted(path.name for path in everything.iterdir())
    assert names[0] not in left
    assert {names[1], names[2], "notes"} < set(left)
    assert [path.name for path in (everything / names[2]).iterdir()] == ["mine.txt"]


def test_without_reports_the_figures_are_in_the_state(room: Newsroom, tmp_path: Path) -> None:
    arguments = [*options(room, tmp_path, "NEWSCRAWL_REPORT_DAYS=0"), "-a", f"urls={room.site.articles[0].url}"]
    scrapy("crawl", "newspim", *arguments)
    assert not (tmp_path / "newspim" / "reports").exists()
    told = json.loads(scrapy("runs", "--json", "-s", f"NEWSCRAWL_DATA_DIR={tmp_path}").stdout)
    assert told["figures"]["kind"] == "urls"
