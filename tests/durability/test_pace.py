"""Runs that overlap ask a host no faster than one would."""

from __future__ import annotations

import itertools
import json
import subprocess
import sys
import time
from contextlib import ExitStack
from pathlib import Path

import pytest

from newscrawl.newsroom import Faults, Newsroom, generate
from newscrawl.state import Database
from newscrawl.state.pace import reserve
from tests import states
from tests.postgres import Server

from . import several_sites
from .kills import END, ROOT, command, environment

DELAY = 0.3  # seconds
LATE = 1.0  # seconds


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


@pytest.mark.usefixtures("engine")
def test_runs_at_once_keep_one_pace(tmp_path: Path) -> None:
    """Two of one machine; of a database that machines share, three of three machines."""
    folders = [tmp_path / f"machine-{number}" for number in range(3)] if states.is_shared() else [tmp_path] * 2
    site = generate(articles=40, days=1, seed=51, end=END)
    log = tmp_path / "requests.jsonl"
    with Newsroom(site, faults=Faults.none(), log=log) as room:
        slow = ["-s", f"DOWNLOAD_DELAY={DELAY}", "-s", "CLOSESPIDER_TIMEOUT=5"]
        slow += ["-s", f"NEWSCRAWL_STATE={states.url(tmp_path)}"]
        runs = [
            subprocess.Popen(
                [*command(room, folder), *slow],
                cwd=ROOT,
                env=environment.clean(),
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
            )
            for folder in folders
        ]
        for process in runs:
            process.wait(timeout=60)
    assert_paced(log, "www.newspim.com")


def assert_paced(log: Path, host: str) -> None:
    """The requests of a newsroom's log, to a host, are those of one pace. A process that is busy asks late, and then the next seems early;
    at twice the pace, what is missing grows with each request."""
    entries = [json.loads(line) for line in log.read_text(encoding="utf-8").splitlines()]
    times = sorted(entry["at"] for entry in entries if entry["host"] == host)
    assert len(times) > 12
    early = [number * DELAY - at for number, at in enumerate(times)]
    assert max(later - earlier for earlier, later in itertools.combinations(early, 2)) < LATE


def test_each_of_several_hosts_has_its_own_pace_whatever_the_number_of_machines(
    postgres: Server, tmp_path: Path
) -> None:
    hosts = ("127.0.0.2", "127.0.0.3")
    logs = [tmp_path / f"{host}.jsonl" for host in hosts]
    with ExitStack() as stack:
        rooms = [
            stack.enter_context(
                Newsroom(generate(articles=40, days=1, seed=seed, end=END), faults=Faults.none(), log=log, host=host)
            )
            for seed, (host, log) in enumerate(zip(hosts, logs, strict=True))
        ]
        runs = [
            subprocess.Popen(
                [
                    *(sys.executable, "-m", "scrapy", "crawl", f"site{number}", "-a", "since=2026-11-01"),
                    *("-s", "SPIDER_MODULES=tests.durability.several_sites", "-s", "AUTOTHROTTLE_ENABLED=0"),
                    *("-s", f"DOWNLOAD_DELAY={DELAY}", "-s", "CONCURRENT_REQUESTS=8", "-s", "CLOSESPIDER_TIMEOUT=6"),
                    *("-s", f"NEWSCRAWL_STATE={states.url_in(postgres, tmp_path)}", "-s", "NEWSCRAWL_CONTACT=here"),
                    *("-s", f"NEWSCRAWL_DATA_DIR={tmp_path / machine}"),
                ],
                cwd=ROOT,
                env=environment.clean() | {several_sites.VARIABLE: ",".join(room.url for room in rooms)},
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
            )
            for number in range(len(hosts))
            for machine in ("one", "two")
        ]
        for process in runs:
            process.wait(timeout=60)
    for host, log in zip(hosts, logs, strict=True):
        assert_paced(log, host)
