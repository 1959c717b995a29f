"""Crawls of the newsroom as users run them: `scrapy crawl` in a process of its own, its file read back."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from newscrawl.korean import KST
from newscrawl.newsroom import Faults, Newsroom, Site, generate
from tests import forked
from tests.environment import clean as clean_environment

ROOT = Path(__file__).parents[2]
END = datetime(2026, 11, 20, 18, 0, tzinfo=KST)
_PATIENCE = 170  # seconds
ALL = "2026-11-01"  # before the newsroom's first article
# Politeness is owed to the site; the newsroom is ours. A report takes a part of a second, and a newsroom with faults is no site that
# goes well: tests that look at reports or monitors ask for them.
PACE = (
    "DOWNLOAD_DELAY=0",
    "AUTOTHROTTLE_ENABLED=0",
    "CONCURRENT_REQUESTS=8",
    "CONCURRENT_REQUESTS_PER_DOMAIN=8",
    "NEWSCRAWL_REPORT_DAYS=0",
    "SPIDERMON_ENABLED=0",
)

Record = dict[str, Any]


@dataclass
class Crawl:
    """A finished run: its exit code, what it printed, its records, and where it wrote."""

    code: int
    log: str
    records: list[Record] = field(default_factory=list)
    folder: Path = Path()

    @property
    def ids(self) -> list[str]:
        return [record["id"].removeprefix("newspim:") for record in self.records]

    def stat(self, name: str) -> int:
        """A number of the stats that the run dumped."""
        for line in self.log.splitlines():
            if f"'{name}':" in line:
                return int(line.rpartition(":")[2].strip(" ,}"))
        return 0


def scrapy(*arguments: str, cwd: Path = ROOT, **environment: str) -> subprocess.CompletedProcess[str]:
    """`scrapy …` as a user runs it in the project's folder."""
    clean = clean_environment()
    if cwd == ROOT:
        return forked.run(arguments, cwd, clean | environment, _PATIENCE)
    command = [sys.executable, "-m", "scrapy", *arguments]
    return subprocess.run(
        command, cwd=cwd, env=clean | environment, capture_output=True, text=True, timeout=_PATIENCE, check=False
    )


def wait_until(is_so: Callable[[], bool], what: str, seconds: float = 60) -> None:
    """Wait for what another process brings about. Raises AssertionError when it does not."""
    end = time.monotonic() + seconds
    while not is_so():
        assert time.monotonic() < end, f"it never came to this: {what}"
        time.sleep(0.02)  # no event tells what another process has asked for or written


def kill_at(room: Newsroom, requests: int, *arguments: str) -> None:
    """`scrapy …`, killed when the newsroom has had so many requests in all; it must not have ended before."""
    clean = clean_environment()
    command = [sys.executable, "-m", "scrapy", *arguments]
    with subprocess.Popen(command, cwd=ROOT, env=clean, stderr=subprocess.DEVNULL) as run:
        try:
            wait_until(lambda: len(room.requests) >= requests or run.poll() is not None, f"{requests} requests")
            assert run.poll() is None, "the crawl ended before it could be killed"
        finally:
            run.kill()


Crawler = Callable[..., Crawl]


@pytest.fixture
def crawl(tmp_path: Path) -> Crawler:
    """Runs `scrapy crawl newspim` on a newsroom (or on an address); arguments after it go to the command line."""

    def run(room: Newsroom | str, *arguments: str, pace: tuple[str, ...] = PACE, since: str | None = ALL) -> Crawl:
        url = room if isinstance(room, str) else room.url
        settings = [*pace, f"NEWSCRAWL_NEWSROOM={url}", f"NEWSCRAWL_DATA_DIR={tmp_path / 'data'}"]
        options = [part for setting in settings for part in ("-s", setting)]
        out = tmp_path / "out.jsonl"
        age = ["-a", f"since={since}"] if since else []
        done = scrapy("crawl", "newspim", *options, *age, "-O", str(out), *arguments)
        lines = out.read_bytes().splitlines() if out.exists() else []
        return Crawl(done.returncode, done.stderr + done.stdout, [json.loads(line) for line in lines], tmp_path)

    return run


@pytest.fixture(scope="session")
def small() -> Site:
    """A site that a crawl reads in a second or two."""
    return generate(articles=60, days=2, seed=3, end=END)


@pytest.fixture
def room(small: Site) -> Iterator[Newsroom]:
    with Newsroom(small, faults=Faults.none()) as room:
        yield room
