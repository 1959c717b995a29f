"""`make bench`: this crawler beside others on Scrapy (`yardsticks.py`), and extraction beside trafilatura's, in one go, in turn.

CPU is user and system time of the crawling process, start-up included, as the operating system accounts for it when the process
ends; the newsroom that serves the pages is another process. `--memory` adds the peak at 5,000 and at 50,000 articles, and on a state that has a
million already (twenty minutes, 5 GB).

This process stays small until the crawls are over: Linux starts the count of a child's peak memory with its parent's.
"""

from __future__ import annotations

import argparse
import importlib.util
import json
import os
import platform
import re
import shutil
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parent.parent
END = "2026-11-20T18:00:00+09:00"  # the newsroom's last moment
SINCE = "2026-01-01"  # before its first
# Politeness is owed to the site, not to ourselves: the pace of both is Scrapy's default (eight at a time, no delay).
PACE = ("DOWNLOAD_DELAY=0", "AUTOTHROTTLE_ENABLED=0", "CONCURRENT_REQUESTS=16", "CONCURRENT_REQUESTS_PER_DOMAIN=8")


YARDSTICKS = ("bare", "jobdir", "usual", "redis")
KINDS = ("full", "queues")


@dataclass(frozen=True)
class Run:
    """One finished process: pages, CPU seconds, peak memory in MB, seconds to its first request."""

    pages: int
    cpu: float
    peak: float
    start: float

    @property
    def rate(self) -> float:
        """Pages per CPU second."""
        return self.pages / self.cpu


def measured(command: list[str], log: Path) -> tuple[float, float]:
    """CPU seconds and peak memory (MB) of a command; raises RuntimeError with its log when it fails."""
    with log.open("wb") as output:
        process = subprocess.Popen(command, cwd=ROOT, stdout=output, stderr=output)
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise RuntimeError(f"{' '.join(command)} ended with {process.returncode}:\n{log.read_text()[-3000:]}")
    return usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024


@dataclass(frozen=True)
class Newsroom:
    """A running `scrapy newsroom`: its address, and the file in which it notes each request."""

    url: str
    log: Path

    def requests(self) -> list[str]:
        """The path of each request so far."""
        return [one["path"] for one in self._noted()]

    def run(self, command: list[str], log: Path) -> Run:
        """A crawl of it. Raises RuntimeError with its log when it fails."""
        before, began = len(self._noted()), time.time()
        cpu, peak = measured(command, log)
        asked = self._noted()[before:]
        return Run(len(asked), cpu, peak, asked[0]["at"] - began)

    def _noted(self) -> list[dict[str, Any]]:
        return [json.loads(line) for line in self.log.read_text(encoding="utf-8").splitlines()]


# The same spider on Scrapy's own queues and feed: what a kill would lose is not in it.
_WITHOUT_STATE = (
    "SCHEDULER=scrapy.core.scheduler.Scheduler",
    'ITEM_PIPELINES={"newscrawl.pipelines.Clean": 100, "newscrawl.pipelines.Check": 200}',
)


# Every article is to be looked at again, so its text is kept, however old the newsroom is by now.
_WATCHED = "NEWSCRAWL_RECHECK_AFTER=5000w"


def crawl(room: Newsroom, folder: Path, kind: str = "full", *more: str, keep: Path | None = None) -> Run:
    """The whole crawl, everything on, from nothing. `kind`: `queues` has Scrapy's own scheduler and feed. `more`: settings besides; `keep`: where
    its data stays."""
    with tempfile.TemporaryDirectory(dir=folder) as temporary:
        data = keep or temporary
        settings = [*PACE, _WATCHED, *more, f"NEWSCRAWL_NEWSROOM={room.url}", f"NEWSCRAWL_DATA_DIR={data}"]
        settings += _WITHOUT_STATE if kind != "full" else ()
        options = [part for setting in settings for part in ("-s", setting)]
        options += ["-O", f"{data}/out.jsonl"] if kind != "full" else []
        command = [sys.executable, "-m", "scrapy", "crawl", "newspim", *options, "-a", f"since={SINCE}"]
        return room.run(command, folder / "crawl.log")


def yardstick(room: Newsroom, folder: Path, kind: str = "bare") -> Run:
    """The same pages, by one of `yardsticks.py`."""
    with tempfile.TemporaryDirectory(dir=folder) as data:
        command = [sys.executable, str(ROOT / "benchmarks" / "yardsticks.py"), kind, str(folder / "urls.txt"), data]
        return room.run(command, folder / f"{kind}.log")


@contextmanager
def redis() -> Iterator[bool]:
    """A Redis of this machine on a port of its own, for the length of a `with` block; whether there is one. Its CPU is not counted: it is
    another process."""
    program = shutil.which("redis-server")
    if program is None or importlib.util.find_spec("scrapy_redis") is None:
        print("redis                     left out: no redis-server on this machine, or no scrapy-redis (make setup)")
        yield False
        return
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    quiet = ["--save", "", "--appendonly", "no", "--loglevel", "warning", "--bind", "127.0.0.1"]
    process = subprocess.Popen([program, "--port", str(port), *quiet], stdout=subprocess.DEVNULL)
    os.environ["REDIS_URL"] = f"redis://127.0.0.1:{port}"
    try:
        yield True
    finally:
        process.terminate()
        process.wait()


@contextmanager
def newsroom(articles: int, folder: Path) -> Iterator[Newsroom]:
    """A newsroom of so many articles, a thousand a day, in a process of its own."""
    log = folder / "requests.jsonl"
    site = ["--articles", str(articles), "--days", str(max(1, articles // 1000)), "--end", END]
    command = [sys.executable, "-m", "scrapy", "newsroom", *site, "--port", "0", "--log", str(log)]
    process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True)
    try:
        assert process.stdout is not None
        greeting = process.stdout.readline()
        address = re.search(r"http://[\d.:]+", greeting)
        if address is None:
            raise RuntimeError(f"the newsroom did not start: {greeting or 'it said nothing'}")
        yield Newsroom(address[0], log)
    finally:
        process.terminate()
        process.wait()


def compare(articles: int, times: int) -> None:
    """Each yardstick and each kind of crawl in turn; medians, and the ratios turn by turn."""
    with tempfile.TemporaryDirectory() as name, newsroom(articles, Path(name)) as room, redis() as has_redis:
        folder = Path(name)
        crawl(room, folder)  # warms the newsroom, and tells which pages a crawl asks for
        paths = dict.fromkeys(path for path in room.requests() if not path.startswith("/robots.txt"))
        (folder / "urls.txt").write_text("\n".join(f"{room.url}{path}" for path in paths), encoding="utf-8")
        yardsticks = [kind for kind in YARDSTICKS if kind != "redis" or has_redis]
        turns: list[dict[str, Run]] = []
        for _ in range(times):
            turn = {kind: yardstick(room, folder, kind) for kind in yardsticks}
            turn |= {kind: crawl(room, folder, kind) for kind in KINDS}
            turns.append(turn)
            rates = ", ".join(f"{name} {run.rate:5.1f}" for name, run in turn.items())
            print(f"  run {len(turns)}: {rates} pages per CPU second", flush=True)
    for name in turns[0]:
        rate, peak = (_median(getattr(turn[name], what) for turn in turns) for what in ("rate", "peak"))
        start = _median(turn[name].start for turn in turns)
        print(
            f"{name:<25} {rate:.1f} pages per CPU second, {turns[0][name].pages:,} pages, peak {peak:.0f} MB, first request after {start:.2f} s"
        )
    for other in turns[0]:
        if other != "full":
            ratios = [turn["full"].rate / turn[other].rate for turn in turns]
            reach = "   (to reach: 1.0)" if other == "bare" else ""
            print(f"{f'full / {other}':<25} {_median(ratios):.2f}   ({min(ratios):.2f} to {max(ratios):.2f}){reach}")


def extraction(pages: int) -> None:
    """Extraction alone, from bytes to Article, beside trafilatura on the same pages."""
    import trafilatura

    from newscrawl.extraction import Page, extract
    from newscrawl.newsroom import generate
    from newscrawl.spiders.newspim import NEWSPIM

    site = generate(articles=pages, days=3, seed=2, end=datetime.fromisoformat(END))
    sources = [(story.id, site.page(story.id)) for story in site.articles]
    weight = sum(len(source) for _, source in sources) / len(sources)

    def ours() -> None:
        for number, source in sources:
            extract(
                Page.from_bytes(source, f"https://www.newspim.com/news/view/{number}", "text/html"), number, NEWSPIM
            )

    def theirs() -> None:
        for _, source in sources[: len(sources) // 4]:
            trafilatura.extract(source)

    rate, other = len(sources) / _cpu(ours), len(sources) // 4 / _cpu(theirs)
    print(f"extraction alone          {rate:.0f} pages per CPU second of {weight / 1024:.0f} KB each   (to reach: 800)")
    print(f"trafilatura               {other:.0f} pages per CPU second   (ratio {rate / other:.1f})")


def memory(small: int, large: int) -> None:
    """The peak of a crawl of many pages beside that of a crawl of few."""
    peaks = []
    for articles in (small, large):
        with tempfile.TemporaryDirectory() as name, newsroom(articles, Path(name)) as room:
            run = crawl(room, Path(name))
            peaks.append(run.peak)
            print(f"peak at {run.pages:,} pages: {run.peak:.0f} MB ({run.rate:.1f} pages per CPU second)", flush=True)
    print(f"ratio of the peaks        {peaks[1] / peaks[0]:.2f}   (to reach: 1.10)")


def grown(articles: int, before: int) -> None:
    """A crawl on a state that has many articles of the years before, beside one on an empty one."""
    with tempfile.TemporaryDirectory() as name:
        folder, data = Path(name), Path(name) / "data"
        with newsroom(100, folder) as room:
            crawl(room, folder, keep=data)  # makes the state
        subprocess.run(
            [sys.executable, "-m", "benchmarks._years", str(data / "newspim"), str(before)], cwd=ROOT, check=True
        )
        with newsroom(articles, folder) as room:
            for what, keep in (("an empty state", None), (f"one of {before:,} articles", data)):
                run = crawl(room, folder, keep=keep)
                print(
                    f"{f'on {what}':<25} peak {run.peak:.0f} MB, {run.rate:.1f} pages per CPU second   (to reach: 150 MB)",
                    flush=True,
                )


def _cpu(work: object) -> float:
    """The least CPU time of three."""
    assert callable(work)
    times = []
    for _ in range(3):
        start = time.process_time()
        work()
        times.append(time.process_time() - start)
    return min(times)


def _median(values: Iterable[float]) -> float:
    return statistics.median(values)


def main() -> None:
    """Run what is asked for."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--articles", type=int, default=1500, help="articles of the comparison (default 1500)")
    parser.add_argument("--times", type=int, default=5, help="turns of the comparison (default 5)")
    parser.add_argument(
        "--memory",
        action="store_true",
        help="also the peak memory at 5,000 and 50,000 articles, and on a state of a million",
    )
    options = parser.parse_args()
    print(
        f"{platform.python_implementation()} {platform.python_version()}, {os.cpu_count()} cores, {platform.machine()}, {datetime.now(UTC):%Y-%m-%d}"
    )
    compare(options.articles, options.times)
    if options.memory:
        memory(5_000, 50_000)
        grown(1_000, 1_000_000)
    extraction(400)


if __name__ == "__main__":
    main()
