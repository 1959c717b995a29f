"""A crawl of a newsroom, in a process of its own: started, killed, gone on with; what it has written."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from benchmarks._asked import Timed, logged
from newscrawl.korean import KST
from newscrawl.newsroom import Clock, Newsroom

ROOT = Path(__file__).parent.parent
END = datetime(2026, 11, 20, 18, tzinfo=KST)  # the newsroom's last moment, a Friday
# Politeness is owed to the site, not to ourselves.
_PACE = ("DOWNLOAD_DELAY=0", "AUTOTHROTTLE_ENABLED=0")
_OFTEN = 0.01  # seconds between two looks at a crawl that is to be killed

Record = dict[str, Any]


def at_once(requests: int) -> tuple[str, ...]:
    """The settings by which so many requests are under way at once."""
    return f"CONCURRENT_REQUESTS={requests}", f"CONCURRENT_REQUESTS_PER_DOMAIN={requests}"


class Crawl:
    """`scrapy crawl newspim` on a newsroom. Each start goes on with what the one before it left."""

    def __init__(self, room: Newsroom, folder: Path, arguments: Collection[str], settings: Collection[str]) -> None:
        """`arguments`: of the spider, like `ways=list`; `settings`: besides the pace and the way to the newsroom."""
        self.room, self.folder = room, folder
        self.process: subprocess.Popen[bytes] | None = None
        self._arguments, self._settings = arguments, settings

    def start(self) -> subprocess.Popen[bytes]:
        """Begin a run; its log follows those before it in `crawl.log`."""
        settings = [*_PACE, *self._settings, *self._way_there(), f"NEWSCRAWL_CLOCK={self._clock()}"]
        options = [part for setting in settings for part in ("-s", setting)]
        options += [part for argument in self._arguments for part in ("-a", argument)]
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                [*_SCRAPY, "crawl", "newspim", *options], cwd=ROOT, env=_environment(), stdout=log, stderr=log
            )
        return self.process

    def run(self) -> None:
        """A run to its end. Raises RuntimeError with its log when that is not a good one."""
        self.start()
        self.wait()

    def wait(self) -> None:
        """For the end of the run. Raises RuntimeError with its log when that is not a good one."""
        assert self.process is not None
        if code := self.process.wait():
            raise RuntimeError(f"the crawl ended with {code}:\n{self.log.read_text(encoding='utf-8')[-3000:]}")

    def stop(self) -> None:
        """End the run as Ctrl-C does. Raises as `wait` does."""
        assert self.process is not None
        self.process.send_signal(signal.SIGINT)
        self.wait()

    def kill(self) -> None:
        """End the run as a power cut does."""
        assert self.process is not None
        self.process.kill()
        self.process.wait()

    def killed_at(self, requests: int) -> bool:
        """Start it, and kill it when the newsroom has had so many requests; whether it lived so long."""
        process = self.start()
        while process.poll() is None and len(self.room.requests) < requests:
            time.sleep(_OFTEN)  # no event tells what another process has asked for
        lived = process.poll() is None
        self.kill()
        return lived

    @property
    def log(self) -> Path:
        """What all runs said."""
        return self.folder / "crawl.log"

    def records(self) -> list[Record]:
        """The lines of all runs."""
        feeds = sorted((self.folder / "newspim").glob("*.jsonl"))
        return [json.loads(line) for feed in feeds for line in feed.read_bytes().splitlines()]

    def counts(self) -> Mapping[str, int]:
        """The project's own counts of the last run, as `scrapy status` has them; seconds are whole ones."""
        options = [part for setting in self._way_there() for part in ("-s", setting)]
        said = subprocess.run(
            [*_SCRAPY, "status", "newspim", "--json", *options],
            cwd=ROOT,
            env=_environment(),
            capture_output=True,
            check=True,
        )
        counts: Mapping[str, int] = json.loads(said.stdout)["newspim"]["runs"][0]["counts"]
        return counts

    def _way_there(self) -> tuple[str, ...]:
        return f"NEWSCRAWL_NEWSROOM={self.room.url}", f"NEWSCRAWL_DATA_DIR={self.folder}"

    def _clock(self) -> str:
        """The newsroom's; of one without a clock, where all of its time has passed, its last moment: what a crawl finds must not hang on the
        day on which it is measured."""
        clock = self.room.desk.clock
        return clock.setting if clock else f"{self.room.site.end.isoformat()}@{time.time():.6f}*1"


_SCRAPY = (sys.executable, "-m", "scrapy")


def _environment() -> dict[str, str]:
    return {name: value for name, value in os.environ.items() if not name.startswith(("NEWSCRAWL_", "SCRAPY_"))}


@contextmanager
def crawl(room: Newsroom, *arguments: str, settings: Collection[str] = ()) -> Iterator[Crawl]:
    """One from nothing, whose folder and process last as long as the `with` block."""
    with TemporaryDirectory(prefix="bench-discovery-") as folder:
        one = Crawl(room, Path(folder), arguments, settings)
        try:
            yield one
        finally:
            if one.process is not None and one.process.poll() is None:
                one.kill()


def on_clock(clock: Clock, log: Path) -> list[Timed]:
    """The requests that a newsroom wrote into its log, with the seconds of its clock, which was not set meanwhile."""
    start = clock.now().timestamp() - time.time() * clock.speed
    return [(start + at * clock.speed, request) for at, request in logged(log.read_text(encoding="utf-8"))]


def second(moment: str) -> float:
    """A time of a record in seconds since 1970."""
    return datetime.fromisoformat(moment).timestamp()


def exported(records: Collection[Record]) -> list[str]:
    """The ids of the articles in the output, as the newsroom has them; one that has several first lines comes so often."""
    return [record["id"].removeprefix("newspim:") for record in records if record["revision"] == 1]


def once(ids: Collection[str], copies: Mapping[str, str]) -> set[str]:
    """Of two articles with the same words only the one with the lower number. `copies`: each of the two -> the other."""
    return {min(id, copies.get(id, id)) for id in ids}
