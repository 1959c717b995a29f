"""A crawl that is killed again and again, as a user would see it. `make crashtest` runs it long and prints its figures."""

from __future__ import annotations

import argparse
import json
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
from tests import environment
from tests.crawl.conftest import END, PACE, ROOT
from tests.crawl.revisions import AGES, by_article, differences, pass_time

# All that do not cost an article: at the end everything must be there, and the exit code 0.
PASSING = ("unavailable", "busy", "cut", "spelling", "slow", "cp949", "wrong_charset", "no_charset", "broken", "gzip")

# Which of several exact copies is kept, is the one that came first: with kills not always the same.
KEEP = ("-s", "NEWSCRAWL_DUPLICATES=keep")

Record = dict[str, Any]


def command(room: Newsroom, folder: Path, *arguments: str) -> list[str]:
    """`scrapy crawl newspim` on a newsroom."""
    settings = [*PACE, AGES, f"NEWSCRAWL_NEWSROOM={room.url}", f"NEWSCRAWL_DATA_DIR={folder}"]
    options = [part for setting in settings for part in ("-s", setting)]
    return [sys.executable, "-m", "scrapy", "crawl", "newspim", *options, "-a", "since=2026-11-01", *arguments]


def start(room: Newsroom, folder: Path, *arguments: str) -> subprocess.Popen[bytes]:
    """The crawl in a process of its own; its log is `crawl.log` in the folder."""
    with (folder / "crawl.log").open("ab") as log:
        return subprocess.Popen(
            command(room, folder, *arguments), cwd=ROOT, env=environment.clean(), stdout=log, stderr=log
        )


def to_end(
    room: Newsroom, folder: Path, *arguments: str, limit: Callable[[], None] | None = None
) -> subprocess.CompletedProcess[str]:
    """A whole crawl, with what it printed. `limit` is called in its process before it starts."""
    return subprocess.run(
        command(room, folder, *arguments),
        cwd=ROOT,
        env=environment.clean(),
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
        """The articles, once each."""
        return list(by_article(self.records))

    @property
    def flaws(self) -> dict[str, int]:
        """How many lines are not as each should be."""
        return {"doubled": self.doubled, "broken": self.broken}

    @property
    def doubled(self) -> int:
        """Lines that repeat a revision."""
        return len(self.records) - len({(one["id"], one["revision"]) for one in self.records})


class Editors:
    """Who correct articles of a newsroom while no run lives, take some back, and let time pass."""

    def __init__(self, room: Newsroom, folder: Path, dice: random.Random) -> None:
        self.site, self.folder, self.dice = room.site, folder, dice
        expected = room.expected()
        # Of two articles with the same words none is touched: one that is edited is no copy any more.
        self._ids = [id for id in expected if id not in expected.twins]

    def correct(self) -> None:
        """A few articles; the looks at a fifth of all come due."""
        for id in self.dice.sample(self._ids, 5):
            self.site.edit(id)
        pass_time(self.folder, part=(self.dice.randrange(5), 5))

    def withdraw(self) -> list[str]:
        """Take a few articles back: which."""
        chosen = self.dice.sample(self._ids, 10)
        for id in chosen:
            self.site.withdraw(id, self.dice.choice(("404", "410", "empty")))
        return chosen


class KilledCrawl:
    """A crawl of a newsroom that is killed again and again, with a reader that follows it."""

    def __init__(self, room: Newsroom, folder: Path, dice: random.Random, longest: float, *arguments: str) -> None:
        """`longest`: seconds that a run lives at most; `arguments`: of the command, besides the usual ones."""
        self.room, self.folder, self.dice, self.longest = room, folder, dice, longest
        self.arguments = arguments
        self.follower = Follower(folder)
        self.kills = 0

    def kill(self, times: int, between: Callable[[], None] = lambda: None) -> None:
        """Start it and kill it so many times, each after a random part of the longest time; `between` is called before each start."""
        goal = self.kills + times
        while self.kills < goal:
            between()
            process = start(self.room, self.folder, *self.arguments)
            until = time.monotonic() + self.dice.uniform(0.4, self.longest)
            while time.monotonic() < until and process.poll() is None:
                self.follower.look()
                time.sleep(0.02)  # a reader looks often, but leaves the crawl the processor
            self.kills += process.poll() is None
            process.kill()
            process.wait()

    def end(self) -> Outcome:
        """Let it come to its end: what there is then."""
        code = start(self.room, self.folder, *self.arguments).wait(timeout=300)
        self.follower.look()
        records, broken = read(self.folder)
        followed = [json.loads(line) for line in self.follower.lines]
        fetched = Counter(path for _, _, path, _ in list(self.room.requests) if path.startswith("/news/view/"))
        return Outcome(self.kills, code, records, followed, broken, fetched)


def with_corrections(crawl: KilledCrawl, kills: int) -> tuple[Outcome, list[str]]:
    """So many kills while articles are corrected, and a fifth as many while some are taken back; what there is at the end, and every
    way in which it is not as it should be."""
    room, folder, site = crawl.room, crawl.folder, crawl.room.site
    editors, expected = Editors(room, folder, crawl.dice), room.expected()
    crawl.kill(kills, editors.correct)
    crawl.end()  # now every article is there, whatever the kills were like
    for _ in range(5):
        editors.correct()
    pass_time(folder)
    crawl.end()
    gone = editors.withdraw()
    crawl.kill(max(1, kills // 5), lambda: pass_time(folder, part=(crawl.dice.randrange(2), 2)))
    for _ in range(2):  # two looks
        pass_time(folder)
        outcome = crawl.end()
    wrong = [f"missing: {id}" for id in sorted(expected.missing(outcome.numbers))]
    wrong += [f"unwanted: {id}" for id in sorted(expected.unwanted(outcome.numbers))]
    last = {id: revisions[-1]["status"] for id, revisions in by_article(outcome.records).items()}
    wrong += [f"not withdrawn: {id}" for id in gone if last.get(id) != "withdrawn"]
    wrong += [f"withdrawn: {id}" for id, status in last.items() if status == "withdrawn" and id not in gone]
    hosts = {id: move.host for id, move in room.desk.moves.items() if move.id == id}
    return outcome, wrong + differences(outcome.records, site, hosts)


def with_families(crawl: KilledCrawl, kills: int, undisturbed: Path) -> tuple[Outcome, list[str]]:
    """So many kills of a crawl whose articles belong together, and every article of which it says something else than one that nobody
    killed; that one's folder is `undisturbed`."""
    crawl.kill(kills)
    outcome = crawl.end()
    code = start(crawl.room, undisturbed, *crawl.arguments).wait(timeout=300)
    found, wanted = said(outcome.records), said(read(undisturbed)[0])
    wrong = [f"{id}: {found.get(id)}, not {wanted.get(id)}" for id in found | wanted if found.get(id) != wanted.get(id)]
    return outcome, wrong + ([f"the undisturbed crawl ended with {code}"] if code else [])


def said(records: list[Record]) -> dict[str, tuple[str, Record | None]]:
    """The story and the mark of each article, by its last revision."""
    return {id: (last["story"], last["duplicate"]) for id, (*_, last) in by_article(records).items()}


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
    with Newsroom(site, faults=faults, validators="both") as room:
        crawl = KilledCrawl(room, Path(name), random.Random(options.seed), options.longest)
        outcome, wrong = with_corrections(crawl, -(-options.kills * 5 // 6))
        feeds = len(list((Path(name) / "newspim").glob("*.jsonl")))
    families = generate(articles=options.articles // 3, days=2, seed=options.seed, end=END, families=0.5)
    with Newsroom(families, faults=Faults.none()) as room:
        folders = [Path(tempfile.mkdtemp(prefix="crashtest-")) for _ in range(2)]
        killed = KilledCrawl(room, folders[0], crawl.dice, options.longest, *KEEP)
        in_families, other = with_families(killed, -(-options.kills // 6), folders[1])
    wrong += [*other, *(f"{count} lines {what}" for what, count in in_families.flaws.items() if count)]
    twice = len(outcome.followed) - len({(record["id"], record["revision"]) for record in outcome.followed})
    later = [record for record in outcome.records if record["revision"] > 1]
    withdrawn = sum(record["status"] == "withdrawn" for record in later)
    print(f"killed                {outcome.kills} times in {time.monotonic() - begun:.0f} s, {feeds} feeds")
    print(
        f"articles              {len(outcome.numbers):,}, further revisions {len(later):,}, of them withdrawn {withdrawn}"
    )
    print(f"lines                 {len(outcome.records):,}; doubled {outcome.doubled}, broken {outcome.broken}")
    print(f"a following reader    {len(outcome.followed):,} lines; {twice} twice")
    marks = sum(1 for _, mark in said(in_families.records).values() if mark)
    print(
        f"in families           killed {in_families.kills} times; {len(in_families.numbers):,} articles, {marks:,} marked"
    )
    print(f"not as it should be   {len(wrong)}")
    print(f"exit code at the end  {outcome.code}")
    if wrong or outcome.doubled or outcome.broken or twice or outcome.code:
        raise SystemExit("\n".join([*wrong, f"what it left is in {name}"]))
    for folder in (Path(name), *folders):
        shutil.rmtree(folder)


if __name__ == "__main__":
    main()
