"""A watch under way: started, waited for, ended; what it found."""

from __future__ import annotations

import json
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path

from newscrawl.newsroom import Newsroom
from tests import environment

from .conftest import END, PACE, ROOT, Crawl

START = END - timedelta(hours=3)
# What is published from then on is looked for: less than is asked for, by some minutes.
BEFORE = START - timedelta(hours=1)
MINUTE = timedelta(minutes=1)
PATIENCE = 90.0  # seconds of the machine, which may be busy
SOURCES = ("list", "feed", "sitemap", "front", "quick", "topbar")
# Rows of the frontier: an article's key is its number, that of a look or a poll ends in +.
POLLS, PAGES = "key LIKE 'poll:%'", "length(key) <> 14 AND key NOT LIKE '%+'"


class Watch:
    """A watch under way in a folder, where it goes on with what ran there before."""

    def __init__(
        self, room: Newsroom, folder: Path, *more: str, pace: tuple[str, ...] = PACE, stdout: int | None = None
    ) -> None:
        self.room, self.folder = room, folder
        command = ("crawl", "newspim", "-a", "watch=yes", *options(room, folder, pace), *more)
        clean = environment.clean()
        self._log = folder / f"log-{len(list(folder.glob('log-*')))}"
        with self._log.open("wb") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "scrapy", *command], cwd=ROOT, env=clean, stdout=stdout, stderr=log
            )

    def __enter__(self) -> Watch:
        return self

    def __exit__(self, *_: object) -> None:
        self.process.kill()
        self.process.wait()
        if self.process.stdout:
            self.process.stdout.close()

    @property
    def log(self) -> str:
        return self._log.read_text(encoding="utf-8")

    def until(self, moment: datetime | Callable[[], bool], what: str = "") -> None:
        """Wait until it is so late on the site, or until something is so."""
        is_so = moment if callable(moment) else lambda: now(self.room) >= moment
        deadline = time.monotonic() + PATIENCE
        while not is_so():
            assert self.process.poll() is None, self.log[-3000:]
            assert time.monotonic() < deadline, f"it never came to this: {what}\n{self.log[-3000:]}"
            time.sleep(0.2)  # no event tells what another process has found; its newsroom needs the processor

    def finds(self, wanted: set[str]) -> None:
        """Wait until the output has these articles, or others with the same words."""
        twins = self.room.expected().twins

        def all_are_there() -> bool:
            ids = set(first_ids(self.folder))
            return all(id in ids or twins.get(id) in ids for id in wanted)

        self.until(all_are_there, "all is found that is wanted")

    def catches_up(self) -> None:
        """Wait until all is found that was there before, and the lists are walked."""
        self.finds(appeared(self.room, BEFORE))
        self.until(lambda: self.rows(f"{PAGES} AND standing < 2") == 0, "the lists are walked")

    def is_quiet(self) -> None:
        """Wait until all that it asked for at the start is dealt with."""
        self.until(lambda: len(self.room.requests) > 20 and self.rows("standing < 2") == 0, "nothing waits")

    def end(self, how: int = signal.SIGINT) -> Crawl:
        self.process.send_signal(how)
        return Crawl(self.process.wait(timeout=PATIENCE), self.log)

    def rows(self, condition: str) -> int:
        """How many rows of the frontier meet a condition."""
        state = sqlite3.connect(f"file:{self.folder / 'data/newspim/state.sqlite'}?mode=ro", uri=True)
        (count,) = state.execute(f"SELECT count(*) FROM frontier WHERE {condition}").fetchone()
        state.close()
        return int(count)


def now(room: Newsroom) -> datetime:
    assert room.desk.clock is not None
    return room.desk.clock.now()


def options(room: Newsroom, folder: Path, pace: tuple[str, ...] = PACE) -> list[str]:
    """Settings of a crawl that goes by the newsroom's clock."""
    assert room.desk.clock is not None
    settings = (*pace, f"NEWSCRAWL_NEWSROOM={room.url}", f"NEWSCRAWL_DATA_DIR={folder / 'data'}")
    return [part for one in (*settings, f"NEWSCRAWL_CLOCK={room.desk.clock.setting}") for part in ("-s", one)]


def first_ids(folder: Path) -> list[str]:
    """The numbers of the first revisions in the feeds, of whole lines."""
    lines = [line for path in folder.glob("data/newspim/*.jsonl") for line in path.read_bytes().split(b"\n")[:-1]]
    return [record["id"][-14:] for record in map(json.loads, lines) if record["revision"] == 1]


def appeared(room: Newsroom, since: datetime) -> set[str]:
    """What was published since a moment and is named where a watch looks."""
    named = set[str]().union(*(room.named(way) for way in SOURCES))
    found = {id for id in named if room.site.by_id[id].published_at >= since}
    assert len(found) > 20
    return found


def ended_well(run: Crawl) -> None:
    assert run.code == 0, run.log[-3000:]
    for word in ("Traceback", "ERROR", "CRITICAL", "Not all went well"):
        assert word not in run.log
