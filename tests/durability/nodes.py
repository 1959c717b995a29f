"""Several machines on one state, some of which are killed while others come, and a database that is restarted in the middle. `make nodestest` runs it
long and prints its figures. A machine is a data folder of its own; all are here."""

from __future__ import annotations

import argparse
import random
import shutil
import signal
import subprocess
import tempfile
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

from newscrawl.newsroom import Faults, Newsroom, generate
from tests.crawl.truth import differences
from tests.postgres import Server, server

from .kills import END, PASSING, read, said, start

NODE_TIMEOUT = 4.0  # seconds
RESTATED = frozenset(("story", "duplicate"))  # what nobody edits changes in nothing else
Record = dict[str, Any]
Process = subprocess.Popen[bytes]


class Nodes:
    """Machines that crawl a newsroom together."""

    def __init__(self, room: Newsroom, database: Server, folder: Path, dice: random.Random, *arguments: str) -> None:
        """`arguments`: of the command, besides the usual ones."""
        self.room, self.database, self.folder, self.dice = room, database, folder, dice
        self.arguments = arguments
        self.folders: list[Path] = []
        self.killed = 0
        self._living: dict[Path, Process] = {}

    def add(self, folder: Path | None = None) -> None:
        """One more machine, or one that was killed and starts again."""
        if folder is None:
            folder = self.folder / f"node-{len(self.folders)}"
            folder.mkdir()
            self.folders.append(folder)
        state = f"NEWSCRAWL_STATE={self.database.url()}"
        shared = ("-s", state, "-s", f"NEWSCRAWL_NODE_TIMEOUT={NODE_TIMEOUT}")
        self._living[folder] = start(self.room, folder, *shared, *self.arguments)

    def kill(self) -> None:
        """One of them, whichever; another takes its place, or itself later."""
        if self.living:
            folder = self.dice.choice(self.living)
            process = self._living.pop(folder)
            self.killed += process.poll() is None
            process.kill()
            process.wait()
            self.add(None if self.dice.random() < 0.5 else folder)

    @property
    def living(self) -> list[Path]:
        """The folders of those that go on."""
        return [folder for folder, process in self._living.items() if process.poll() is None]

    def restart_database(self, away: float, how: int = signal.SIGINT) -> None:
        """It is away for so many seconds."""
        self.database.stop(how)
        time.sleep(away)
        self.database.start()

    def wait_for(self, pages: int) -> None:
        """Until so many pages of articles were asked for, by all of them."""
        while self.living and self.asked.total() < pages:
            time.sleep(0.05)

    def wait(self, seconds: float = 300) -> list[int]:
        """Until all have ended: their exit codes."""
        codes = [process.wait(timeout=seconds) for process in self._living.values()]
        self._living.clear()
        return codes

    def make_whole(self) -> list[int]:
        """Each machine that was killed and did not come back starts once more: only there can its last lines be written."""
        codes = []
        for folder in self.folders:
            self.add(folder)
            codes += self.wait()
        return codes

    @property
    def asked(self) -> Counter[str]:
        """How often each page of an article was asked for, so far."""
        return Counter(path for _, _, path, _ in list(self.room.requests) if path.startswith("/news/view/"))

    def records(self) -> tuple[list[Record], int]:
        """The lines of all machines, and how many are not whole."""
        found = [read(folder) for folder in self.folders]
        return [one for records, _ in found for one in records], sum(broken for _, broken in found)

    def logs(self) -> str:
        """What all of them said."""
        return "\n".join((folder / "crawl.log").read_text(errors="replace") for folder in self.folders)


def disturbed(nodes: Nodes, count: int, kills: int, at_half: Callable[[], None]) -> list[int]:
    """So many machines, and so many kills spread over the crawl; `at_half` in the middle. The exit codes of those that were left to end."""
    for _ in range(count):
        nodes.add()
    articles = len(nodes.room.expected())
    for kill in range(kills):
        nodes.wait_for(int(articles * (kill + nodes.dice.uniform(0.5, 1.5)) / (kills + 1)))
        if kill == kills // 2:
            at_half()
        nodes.kill()
    return nodes.wait()


def wrong_with(nodes: Nodes, undisturbed: Path) -> list[str]:
    """Every way in which the union of all feeds is not as it should be. Stories are not the newsroom's to say: chance brings two articles together
    now and then. They are compared with what one machine says that nobody disturbs, in the folder `undisturbed`."""
    records, broken = nodes.records()
    twice = [id for id, times in Counter((one["id"], one["revision"]) for one in records).items() if times > 1]
    wrong = [f"twice: {id}" for id in twice] + ([f"{broken} broken lines"] if broken else [])
    wrong += [f"{one['id']}: {one['changed']} changed" for one in records if not RESTATED.issuperset(one["changed"])]
    first = [one | {"story": one["id"], "duplicate": None} for one in records if one["revision"] == 1]
    if code := start(nodes.room, undisturbed).wait(timeout=600):
        wrong.append(f"the undisturbed crawl ended with {code}")
    found, wanted = said(records), said(read(undisturbed)[0])
    both = found.keys() & wanted.keys()  # of two exact copies the first to come is kept
    wrong += [f"{id}: {found[id]}, not {wanted[id]}" for id in both if found[id] != wanted[id]]
    return wrong + differences(first, nodes.room.expected())


def main() -> None:
    """Let machines crawl together, kill and add some, restart the database, and say what is left of it."""
    parser = argparse.ArgumentParser(description=main.__doc__)
    parser.add_argument("--articles", type=int, default=5000)
    parser.add_argument("--nodes", type=int, default=4)
    parser.add_argument("--kills", type=int, default=12)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    site = generate(articles=options.articles, days=5, seed=options.seed, end=END)
    faults = Faults(dict.fromkeys(PASSING, 0.01), lists=0.05, seed=options.seed)
    folder, begun = Path(tempfile.mkdtemp(prefix="nodestest-")), time.monotonic()
    with Newsroom(site, faults=faults) as room, server(synchronous_commit="on") as database:
        nodes = Nodes(room, database, folder, random.Random(options.seed))
        codes = disturbed(nodes, options.nodes, options.kills, lambda: nodes.restart_database(5))
        codes += nodes.make_whole()
        (records, _), seconds = nodes.records(), time.monotonic() - begun
        again = nodes.asked.total() - len(nodes.asked)
        (folder / "undisturbed").mkdir()
        wrong = wrong_with(nodes, folder / "undisturbed")
    print(f"machines              {options.nodes} at once, {len(nodes.folders)} in all, killed {nodes.killed} times")
    print(f"lines                 {len(records):,} in {seconds:.0f} s; pages asked for again {again:,}")
    print(f"not as it should be   {len(wrong)}")
    print(f"exit codes            {sorted(Counter(codes).items())}")
    if wrong or any(codes):
        raise SystemExit("\n".join([*wrong[:40], f"what it left is in {folder}"]))
    shutil.rmtree(folder)


if __name__ == "__main__":
    main()
