"""Whole crawls that monitors judge: what they say is in the exit code, in the run's figures, and told once."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from newscrawl.newsroom import Faults, Newsroom, generate
from tests.monitors.receivers import Receiver, http_receiver

from .conftest import ALL, END, PACE, scrapy

MUCH = str(10**18)  # bytes that no disk has


@pytest.fixture(scope="module")
def room() -> Iterator[Newsroom]:
    with Newsroom(generate(articles=60, days=2, seed=3, end=END), faults=Faults.none()) as room:
        yield room


def run(room: Newsroom, data: Path, *more: str, urls: str = "") -> tuple[int, str, dict[str, Any]]:
    """Exit code, log, and the figures of the run."""
    settings = (*PACE, f"NEWSCRAWL_NEWSROOM={room.url}", f"NEWSCRAWL_DATA_DIR={data}", "SPIDERMON_ENABLED=1", *more)
    options = [part for one in settings for part in ("-s", one)]
    done = scrapy("crawl", "newspim", *options, "-a", f"urls={urls}" if urls else f"since={ALL}")
    told = scrapy("runs", "--json", "--number", "1", "-s", f"NEWSCRAWL_DATA_DIR={data}")
    return done.returncode, done.stderr, json.loads(told.stdout)["figures"]


def failed(figures: dict[str, Any]) -> list[str]:
    return [one["name"] for one in figures["monitors"] if not one["passed"]]


def test_a_run_of_which_nothing_is_wrong_ends_with_0(room: Newsroom, tmp_path: Path) -> None:
    code, log, figures = run(room, tmp_path)
    assert (code, failed(figures)) == (0, []), log
    assert "Monitors: 12 of 12 passed" in log
    assert "WARNING: Monitor" not in log


def test_a_monitor_that_fails_is_exit_code_1_unless_that_is_not_wanted(room: Newsroom, tmp_path: Path) -> None:
    code, log, figures = run(room, tmp_path, f"NEWSCRAWL_MONITORS_DISK={MUCH}")
    assert (code, figures["exit_code"], failed(figures)) == (1, 1, ["disk"])
    assert "Not all went well: monitors failed: disk" in log
    code, _, figures = run(room, tmp_path, f"NEWSCRAWL_MONITORS_DISK={MUCH}", "NEWSCRAWL_STRICT_EXIT=0")
    assert (code, figures["exit_code"], failed(figures)) == (0, 0, ["disk"])


def test_one_trouble_is_told_once_and_once_more_when_it_is_over(room: Newsroom, tmp_path: Path) -> None:
    with http_receiver() as receiver:
        full, roomy = (
            [f"NEWSCRAWL_WEBHOOK_URL={receiver.url}", f"NEWSCRAWL_MONITORS_DISK={free}"] for free in (MUCH, "1")
        )
        told = _told(receiver, room, tmp_path, [full, full, roomy, roomy, roomy, roomy])
    assert told == [1, 0, 0, 0, 1, 0]
    begun, over = (one["text"] for one in receiver.told)
    assert "disk: " in begun
    assert "disk: over" in over


def _told(receiver: Receiver, room: Newsroom, data: Path, runs: list[list[str]]) -> list[int]:
    """How many notices each of these runs brought."""
    counts = []
    for settings in runs:
        before = len(receiver.told)
        run(room, data, *settings, urls=room.site.articles[0].url)
        counts.append(len(receiver.told) - before)
    return counts


def test_monitors_that_cannot_judge_are_no_good_sign(room: Newsroom, tmp_path: Path) -> None:
    run(room, tmp_path)
    with closing(sqlite3.connect(tmp_path / "newspim" / "state.sqlite")) as state:
        state.execute("UPDATE reports SET brief = x'00'")
        state.commit()
    code, log, figures = run(room, tmp_path)
    assert (code, figures["monitors"]) == (1, [])
    assert figures["problems"] == ["the monitors could not judge this run, the log says why"]
    assert "what the state keeps of an earlier run cannot be read" in log


def test_pages_without_a_container_are_the_trouble_that_they_are(tmp_path: Path) -> None:
    """As after a redesign."""
    faults = Faults({"no_container": 0.6}, seed=5)
    with Newsroom(generate(articles=60, days=2, seed=44, end=END), faults=faults) as room:
        code, _, figures = run(room, tmp_path)
    assert code == 1
    assert failed(figures) == ["body container"]
    assert figures["pages"]["no_container"] > 20


def test_a_run_that_never_began_is_judged_by_nobody(room: Newsroom, tmp_path: Path) -> None:
    (tmp_path / "newspim").mkdir()
    (tmp_path / "newspim" / "state.sqlite").write_bytes(b"no database at all, but long enough to be looked at" * 20)
    options = [part for one in (*PACE, "SPIDERMON_ENABLED=1") for part in ("-s", one)]
    where = ("-s", f"NEWSCRAWL_NEWSROOM={room.url}", "-s", f"NEWSCRAWL_DATA_DIR={tmp_path}")
    done = scrapy("crawl", "newspim", *options, *where, "-a", f"since={ALL}")
    assert done.returncode == 3
    assert "Monitor" not in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize(
    ("setting", "says"),
    [
        ("NEWSCRAWL_MONITORS_ITEMS=many", "NEWSCRAWL_MONITORS_ITEMS='many': takes JSON"),
        ('NEWSCRAWL_MONITORS_ITEMS={"latest": "many"}', "NEWSCRAWL_MONITORS_ITEMS="),
        ("NEWSCRAWL_MONITORS_ERRORS=5", "NEWSCRAWL_MONITORS_ERRORS='5': takes a share"),
        ("NEWSCRAWL_MONITORS_DISK=much", "NEWSCRAWL_MONITORS_DISK='much': takes bytes"),
        ("NEWSCRAWL_MONITORS_SINCE=yesterday", "NEWSCRAWL_MONITORS_SINCE: 'yesterday' is no time"),
        ("NEWSCRAWL_WEBHOOK_URL=example.com/hook", "NEWSCRAWL_WEBHOOK_URL is no address"),
    ],
)
def test_a_setting_of_monitors_that_is_none_ends_before_the_first_request(
    tmp_path: Path, setting: str, says: str
) -> None:
    where = ("-s", "NEWSCRAWL_NEWSROOM=http://127.0.0.1:9", "-s", f"NEWSCRAWL_DATA_DIR={tmp_path / 'data'}")
    done = scrapy("crawl", "newspim", *where, "-s", setting)
    assert (done.returncode, (tmp_path / "data").exists()) == (2, False)
    assert says in done.stderr
    assert "Traceback" not in done.stderr
