"""A crawl that is killed again and again, as a user would see it. `make crashtest` runs it long and prints its figures."""

from __future__ import annotations

import argparse
import json
import os
import random
import shutil
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from newscrawl.newsroom import Faults, Newsroom, generate
from tests.crawl.conftest import END, PACE, ROOT

# All that do not cost an article: at the end everything must be there, and the exit code 0.
PASSING = ("unavailable", "busy", "cut", "spelling", "slow", "cp949", "wrong_charset", "no_charset", "broken", "gzip")

Record = dict[str, Any]


def command(room: Newsroom, folder: Path, *arguments: str) -> list[str]:
    """`scrapy crawl newspim` on a newsroom."""
    settings = [*PACE, f"NEWSCRAWL_NEWSROOM={room.url}", f"NEWSCRAWL_DATA_DIR={folder}"]
    options = [part for setting in settings for part in ("-s", setting)]
    return [sys.executable, "-m", "scrapy", "crawl", "newspim", *options, "-a", "since=2026-11-01", *arguments]


def environment() -> dict[str, str]:
    return {name: value for name, value in os.environ.items() if not name.startswith(("NEWSCRAWL_", "SCRAPY_"))}


def start(room: Newsroom, folder: Path, *arguments: str) -> subprocess.Popen[bytes]:
    """The crawl in a process of its own; its log is `crawl.log` in the folder."""
    with (folder / "crawl.log").open("ab") as log:
        return subprocess.Popen(command(room, folder, *arguments), cwd=ROOT, env=environment(), stdout=log, stderr=log)


def to_end(
    room: Newsroom, folder: Path, *arguments: str, limit: Callable[[], None] | None = None
) -> subprocess.CompletedProcess[str]:
    """A whole crawl, with what it printed. `limit` is called in its process before it starts."""
    return subprocess.run(
        command(room, folder, *arguments),
        cwd=ROOT,
        env=environment(),
        capture_output=True,
        text=True,
        timeout=150,
        check=False,
        preexec_fn=limit,
    )


class Follower:
    """Reads the feeds as they grow, like `tail -F`."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder / "newspim"
        self.lines: list[bytes] = []
        self._places: dict[Path, int] = {}
        self._half: dict[Path, bytes] = {}

    def look(self) -> None:
        """Read what is new; half a line waits for its other half."""
        for path in sorted(self.folder.glob("*.jsonl")):
            with path.open("rb") as file:
                file.seek(self._places.get(path, 0))
                data = file.read()
            self._places[path] = self._places.get(path, 0) + len(data)
            *whole, half = (self._half.get(path, b"") + data).split(b"\n")
            self.lines += whole
            self._half[path] = half


@dataclass
class Outcome:
    """What a crawl that was killed again and again left."""

    kills: int
    code: int
    records: list[Record]
    followed: list[Record]
    broken: int
    fetched: Counter[str] = field(default_factory=Counter)

    @property
    def numbers(self) -> list[str]:
        return [record["id"].rpartition(":")[2] for record in self.records]


def killed_crawl(room: Newsroom, folder: Path, kills: int, dice: random.Random, longest: float) -> Outcome:
    """Kill a crawl so many times, each after a random part of `longest` seconds, then let it come to its end."""
    follower = Follower(folder)
    done = 0
    while done < kills:
        process = start(room, folder)
        until = time.monotonic() + dice.uniform(0.4, longest)
        while time.monotonic() < until and process.poll() is None:
            follower.look()
            time.sleep(0.02)  # a reader looks often, but leaves the crawl the processor
        done += process.poll() is None
        process.kill()
        process.wait()
    code = start(room, folder).wait(timeout=300)
    follower.look()
    records, broken = read(folder)
    fetched = Counter(path for _, _, path, _ in list(room.requests) if path.startswith("/news/view/"))
    return Outcome(done, code, records, [json.loads(line) for line in follower.lines], broken, fetched)


def read(folder: Path) -> tuple[list[Record], int]:
    """The records of all feeds, and how many lines are not whole."""
    records, broken = [], 0
    for path in sorted((folder / "newspim").glob("*.jsonl")):
        *whole, half = path.read_bytes().split(b"\n")
        broken += bool(half)
        for line in whole:
            try:
                records.append(json.loads(line))
            except ValueError:
                broken += 1
    return records, broken


def main() -> None:
    """Kill a crawl a hundred times and say what is left of it."""
    parser = argparse.ArgumentParser(description=main.__doc__)
    parser.add_argument("--articles", type=int, default=1000)
    parser.add_argument("--kills", type=int, default=100)
    parser.add_argument("--longest", type=float, default=2.0, help="seconds that a run lives at most")
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    site = generate(articles=options.articles, days=3, seed=options.seed, end=END)
    faults = Faults(dict.fromkeys(PASSING, 0.01), lists=0.05, seed=options.seed)
    begun = time.monotonic()
    name = tempfile.mkdtemp(prefix="crashtest-")
    with Newsroom(site, faults=faults) as room:
        outcome = killed_crawl(room, Path(name), options.kills, random.Random(options.seed), options.longest)
        expected = room.expected()
        missing, unwanted = expected.missing(outcome.numbers), expected.unwanted(outcome.numbers)
        feeds = len(list((Path(name) / "newspim").glob("*.jsonl")))
    doubled = len(outcome.numbers) - len(set(outcome.numbers))
    twice = len(outcome.followed) - len({record["id"] for record in outcome.followed})
    again = sum(count - 1 for count in outcome.fetched.values())
    print(f"killed                {outcome.kills} times in {time.monotonic() - begun:.0f} s, {feeds} feeds")
    print(f"articles              {len(set(outcome.numbers)):,}; missing {len(missing)}, unwanted {len(unwanted)}")
    print(f"lines                 {len(outcome.numbers):,}; doubled {doubled}, broken {outcome.broken}")
    print(f"a following reader    {len(outcome.followed):,} lines; {twice} twice")
    print(f"fetched again         {again:,} pages of {len(outcome.fetched):,}")
    print(f"exit code at the end  {outcome.code}")
    if missing or unwanted or doubled or outcome.broken or twice or outcome.code:
        raise SystemExit(f"not as it should be: {sorted(missing | unwanted)}; what it left is in {name}")
    shutil.rmtree(name)


if __name__ == "__main__":
    main()
