"""One run of a schedule: a crawl of a newsroom whose clock stands at the run's time, and what the monitors said of it."""

from __future__ import annotations

import subprocess
from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import orjson

from newscrawl.newsroom import Clock, Newsroom
from tests import environment, forked

PACE = ("DOWNLOAD_DELAY=0", "AUTOTHROTTLE_ENABLED=0", "CONCURRENT_REQUESTS=8", "CONCURRENT_REQUESTS_PER_DOMAIN=8")
"""Politeness is owed to the site; the newsroom is ours."""


_LONGEST = 1_800  # seconds
_ROOT = Path(__file__).parents[2]


def _scrapy(*arguments: str, room_on_disk: int | None = None) -> subprocess.CompletedProcess[str]:
    clean = environment.clean()
    return forked.run(arguments, _ROOT, clean, _LONGEST, room_on_disk)


@dataclass(frozen=True)
class Run:
    """Its exit code, and the monitors that failed with what they say."""

    code: int
    failed: list[str]

    @property
    def wrong(self) -> list[str]:
        """What is no good run: the monitors, or the exit code where there is none."""
        return self.failed or ([f"exit code {self.code}"] if self.code else [])

    @property
    def monitors(self) -> set[str]:
        """The names of those that failed."""
        return {one.split(":")[0] for one in self.failed}


def run(
    room: Newsroom,
    clock: Clock,
    data: Path,
    asked: Collection[str] = (),
    settings: Collection[str] = (),
    room_on_disk: int | None = None,
) -> Run:
    """A run as it is at the time of the clock. `asked`: `name=value`, the arguments of the spider; `room_on_disk`: see `scrapy`."""
    data.mkdir(parents=True, exist_ok=True)
    began = int(clock.now().timestamp())
    given = [*PACE, f"NEWSCRAWL_NEWSROOM={room.url}", f"NEWSCRAWL_CLOCK={clock.setting}", "NEWSCRAWL_REPORT_DAYS=0"]
    given += [f"NEWSCRAWL_DATA_DIR={data}", *settings]
    options = [*(part for one in asked for part in ("-a", one)), *(part for one in given for part in ("-s", one))]
    done = _scrapy("crawl", "newspim", *options, room_on_disk=room_on_disk)
    (data / "log.txt").write_text(done.stderr)  # for a look, when something is wrong
    monitors = latest(data, began).get("monitors", []) if done.returncode else []
    return Run(done.returncode, [f"{one['name']}: {one['text']}" for one in monitors if not one["passed"]])


def latest(data: Path, began: int = 0) -> dict[str, Any]:
    """The figures of the last run; empty when it began before that second since 1970, or could not keep any."""
    found = orjson.loads(_scrapy("runs", "--json", "--number", "1", "-s", f"NEWSCRAWL_DATA_DIR={data}").stdout)
    return (found["figures"] or {}) if found["started_at"] >= began else {}
