"""A run that takes too long ends by itself, in good order if it can, and what hangs is ended by force and seen in the log."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import pytest

from newscrawl.korean import KST
from newscrawl.newsroom import Faults, Newsroom, generate
from newscrawl.time_limit import grace
from tests import environment

ROOT = Path(__file__).resolve().parent.parent
FAST = "DOWNLOAD_DELAY=0 AUTOTHROTTLE_ENABLED=0 CONCURRENT_REQUESTS=8 CONCURRENT_REQUESTS_PER_DOMAIN=8"
# `scrapy …` with something that goes wrong, and then with a shorter grace; what comes after it are the arguments.
SCRAPY = """
import asyncio, sys, time
from newscrawl import pipelines, time_limit
from newscrawl.spider import base
{trouble}
sys.argv[0] = "scrapy"
from scrapy.cmdline import execute
execute()
"""
BLOCKED = """
time_limit.SHORTEST_GRACE = 3
def hangs_in_c(*_, **__):
    time.sleep(600)
base.extract = hangs_in_c
"""
NEVER_DONE = """
time_limit.SHORTEST_GRACE = 3
async def waits_for_ever(self, item):
    await asyncio.Event().wait()
pipelines.Clean.process_item = waits_for_ever
"""


@pytest.fixture(scope="module")
def room() -> Iterator[Newsroom]:
    with Newsroom(
        generate(articles=60, days=2, seed=3, end=datetime(2026, 11, 20, 18, 0, tzinfo=KST)), faults=Faults.none()
    ) as room:
        yield room


def crawl(room: Newsroom, data: Path, *settings: str, trouble: str = "") -> tuple[int, str, str]:
    """A run in a process of its own, its log in a file as Scrapyd wants it: its exit code, the log, what it printed."""
    clean = environment.clean()
    (data / "log").unlink(missing_ok=True)
    given = [f"NEWSCRAWL_NEWSROOM={room.url}", f"NEWSCRAWL_DATA_DIR={data}", f"LOG_FILE={data / 'log'}", *settings]
    options = [part for setting in (*FAST.split(), *given) for part in ("-s", setting)]
    done = subprocess.run(
        [sys.executable, "-c", SCRAPY.format(trouble=trouble), "crawl", "newspim", "-a", "since=2026-11-01", *options],
        cwd=ROOT,
        env=clean,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    return done.returncode, (data / "log").read_text(), done.stderr


def ids(data: Path) -> list[str]:
    return [json.loads(line)["id"] for feed in data.glob("newspim/*.jsonl") for line in feed.read_bytes().splitlines()]


def test_a_run_that_reaches_its_limit_ends_early_and_the_next_goes_on(room: Newsroom, tmp_path: Path) -> None:
    code, log, _ = crawl(room, tmp_path, "NEWSCRAWL_TIME_LIMIT=1", "DOWNLOAD_DELAY=0.1")
    assert code == 3
    assert "WARNING: The time limit of 1 s (NEWSCRAWL_TIME_LIMIT) is reached" in log
    assert "ended early (time_limit)" in log
    first = ids(tmp_path)
    code, log, _ = crawl(room, tmp_path, "NEWSCRAWL_TIME_LIMIT=60")
    assert code == 0
    assert "is reached" not in log
    assert set(first) < set(ids(tmp_path)), "the limit struck before anything was left"
    assert len(ids(tmp_path)) == len(set(ids(tmp_path)))


@pytest.mark.parametrize(
    ("trouble", "where"),
    [(BLOCKED, "in hangs_in_c"), (NEVER_DONE, "Closing spider (time_limit)")],
    ids=["blocked", "never done"],
)
def test_a_run_that_hangs_is_ended_by_force_and_says_where_it_stood(
    room: Newsroom, tmp_path: Path, trouble: str, where: str
) -> None:
    code, log, printed = crawl(room, tmp_path, "NEWSCRAWL_TIME_LIMIT=1", trouble=trouble)
    assert code == 1
    assert "It is ended by force, as one that hangs, 3 s later" in log
    assert "Timeout (0:00:04)!\nThread 0x" in log
    assert where in log
    assert "Timeout" not in printed, "nobody reads it there"


def test_a_limit_that_is_none_is_refused(room: Newsroom, tmp_path: Path) -> None:
    asked = len(room.requests)
    code, log, printed = crawl(room, tmp_path, "NEWSCRAWL_TIME_LIMIT=1e12")
    assert code == 2
    line = "NEWSCRAWL_TIME_LIMIT='1e12': takes seconds, like 1500, or 0 for no limit"
    assert printed == f"scrapy crawl: {line}\n"
    assert f"CRITICAL: Refused, nothing was asked of the site: {line}" in log
    assert len(room.requests) == asked


def test_whoever_goes_on_after_a_run_is_not_ended_by_it() -> None:
    program = """
import time
from newscrawl import time_limit
time_limit.SHORTEST_GRACE = 0
with time_limit.forced_end(__import__("scrapy").settings.Settings({"NEWSCRAWL_TIME_LIMIT": 0.2})):
    pass
time.sleep(0.5)  # longer than limit and grace
print("alive")
"""
    done = subprocess.run([sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (0, "alive\n"), done.stderr


@pytest.mark.parametrize(("limit", "expected"), [(1, 60), (300, 60), (1500, 300), (86_400, 600)])
def test_the_grace_grows_with_the_limit_within_bounds(limit: float, expected: float) -> None:
    assert grace(limit) == expected
