"""Runs that overlap ask a host no faster than one would."""

from __future__ import annotations

import itertools
import json
import subprocess
import time
from pathlib import Path

import pytest

from newscrawl.newsroom import Faults, Newsroom, generate
from newscrawl.state import Database
from newscrawl.state.pace import reserve
from tests import states

from .kills import END, ROOT, command, environment

DELAY = 0.3


@pytest.fixture
def database(engine: str, tmp_path: Path) -> Database:
    return states.database(tmp_path)


def turns(database: Database, count: int, delay: float = 1.0) -> list[float]:
    found = []
    for _ in range(count):
        with database.transaction() as connection:
            found.append(round(reserve(database, connection, "www.example.org", delay), 1))
    return found


def test_turns_are_given_one_after_the_other(database: Database) -> None:
    assert turns(database, 4) == [0.0, 1.0, 2.0, 3.0]


def test_a_host_does_not_wait_for_another(database: Database) -> None:
    turns(database, 3)
    with database.transaction() as connection:
        assert reserve(database, connection, "m.example.org", 1.0) == 0.0


@pytest.mark.parametrize("back", [3600.0, 10 * 24 * 3600.0])
def test_a_clock_that_is_set_back_makes_nobody_wait(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, back: float
) -> None:
    """This machine's: between machines the database's clock decides."""
    database = states.database(tmp_path)
    turns(database, 3)
    now = time.time()
    monkeypatch.setattr(time, "time", lambda: now - back)
    assert turns(database, 3) == [0.0, 1.0, 2.0]


def test_two_runs_at_once_keep_one_pace(tmp_path: Path) -> None:
    site = generate(articles=40, days=1, seed=51, end=END)
    log = tmp_path / "requests.jsonl"
    with Newsroom(site, faults=Faults.none(), log=log) as room:
        slow = ["-s", f"DOWNLOAD_DELAY={DELAY}", "-s", "CLOSESPIDER_TIMEOUT=5"]
        runs = [
            subprocess.Popen(
                [*command(room, tmp_path), *slow],
                cwd=ROOT,
                env=environment.clean(),
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
            )
            for _ in range(2)
        ]
        for process in runs:
            process.wait(timeout=60)
    entries = [json.loads(line) for line in log.read_text(encoding="utf-8").splitlines()]
    times = sorted(entry["at"] for entry in entries if entry["host"] == "www.newspim.com")
    gaps = [later - earlier for earlier, later in itertools.pairwise(times)]
    assert len(gaps) > 10
    # The newsroom notes when a request arrived: the way there varies by some hundredths of a second.
    assert len(times) / (times[-1] - times[0] + DELAY) < 1.08 / DELAY
    assert sorted(gaps)[len(gaps) // 10] > DELAY / 2
