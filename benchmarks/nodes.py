"""`make bench-nodes`: machines on one PostgreSQL. Whole crawls by 1, 2 and 4 of them; then commits of cheap clients, which only write, until more of
them write no more. All of it on this machine: the newsroom, the database and the crawlers share its cores."""

from __future__ import annotations

import argparse
import hashlib
import multiprocessing
import os
import platform
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from benchmarks.crawl import PACE, ROOT, SINCE, Newsroom, newsroom
from tests.postgres import Server, server

TICKS = os.sysconf("SC_CLK_TCK")
TOGETHER = 12  # articles of a commit, as a run of fifty a second has them each quarter of a second


def processor(database: Server) -> float:
    """CPU seconds that the server has taken, with all that it started."""
    total = 0
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = stat.read_text().rpartition(")")[2].split()
        except FileNotFoundError:
            continue
        if int(stat.parent.name) == database.pid:
            total += sum(map(int, fields[11:15]))  # its own, and those of processes that ended
        elif int(fields[1]) == database.pid:
            total += sum(map(int, fields[11:13]))
    return total / TICKS


@contextmanager
def room_in(database: Server, name: str) -> Iterator[str]:
    """The address of a state of its own."""
    database.sql(f"CREATE SCHEMA {name}")
    yield database.url(name)
    database.sql(f"DROP SCHEMA {name} CASCADE")


def crawled(room: Newsroom, folder: Path, state: str | None, nodes: int) -> tuple[int, float, float]:
    """A whole crawl by so many machines: articles, seconds, and CPU seconds of all. `state`: None for one machine with a file."""
    folders = [folder / f"node-{number}" for number in range(nodes)]
    before, begun = os.times(), time.perf_counter()
    processes = []
    for node in folders:
        node.mkdir()
        settings = [*PACE, f"NEWSCRAWL_NEWSROOM={room.url}", f"NEWSCRAWL_DATA_DIR={node}", "NEWSCRAWL_REPORT_DAYS=0"]
        settings += [f"NEWSCRAWL_STATE={state}"] if state else []
        options = [part for setting in settings for part in ("-s", setting)]
        command = [sys.executable, "-m", "scrapy", "crawl", "newspim", *options, "-a", f"since={SINCE}"]
        with (node / "log").open("wb") as log:
            processes.append(subprocess.Popen(command, cwd=ROOT, stdout=log, stderr=log))
    codes = [process.wait() for process in processes]
    if any(codes):
        raise RuntimeError(f"a machine ended with {codes}: see {folder}")
    seconds, after = time.perf_counter() - begun, os.times()
    lines = sum(path.read_bytes().count(b"\n") for path in folder.glob("node-*/newspim/*.jsonl"))
    cpu = after.children_user + after.children_system - before.children_user - before.children_system
    return lines, seconds, cpu


def crawls(articles: int) -> None:
    """The table of crawls."""
    print(f"{'machines':<24}{'articles/s':>12}{'seconds':>10}{'CPU of crawlers':>18}{'CPU of database':>18}")
    with tempfile.TemporaryDirectory() as name, newsroom(articles, Path(name)) as room, server(fsync="on") as database:
        folder = Path(name)
        for nodes in (0, 1, 2, 4):
            (folder / str(nodes)).mkdir()
            before = processor(database)
            if nodes == 0:
                count, seconds, cpu = crawled(room, folder / "0", None, 1)
            else:
                with room_in(database, f"c{nodes}") as state:
                    count, seconds, cpu = crawled(room, folder / str(nodes), state, nodes)
            spent = processor(database) - before
            what = f"{nodes} on PostgreSQL" if nodes else "1 on SQLite"
            print(f"{what:<24}{count / seconds:>12.1f}{seconds:>10.1f}{cpu:>16.1f} s{spent:>16.1f} s", flush=True)


def _client(url: str, folder: str, which: int, seconds: float, told: Any) -> None:
    """Commits articles as fast as it can: lines of 4 kB, requests added and finished, twenty bands each."""
    import numpy as np

    from newscrawl.duplicates import text
    from newscrawl.state import Database, Entry, Journal, Task

    journal = Journal(Database(url, Path(folder)), Path(folder) / "feed.jsonl")
    journal.begin("example", "{}", None)
    dice, written, number = np.random.default_rng(which), 0, which * 10**9
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        for _ in range(TOGETHER):
            number += 1
            body = "".join(map(chr, dice.integers(0xAC00, 0xD7A3, 900)))
            line = f'{{"id":{number},"title":"{body[:20]}","body":"{body}"}}\n'.encode()
            hash_ = hashlib.sha256(line).digest()[:16]
            found = text({"id": f"x:{number}", "title": body[:20], "marks": [], "body": body, **_EMPTY}, number, 1000)
            journal.add(Task(str(number), f"https://example.org/{number}", "{}", rank=number))
            journal.write(Entry(number, hash_, line, considered=journal.consider(found, hash_)))
        for task in journal.commit(TOGETHER).leased:
            journal.finish(task.id or 0)
        written += TOGETHER
    journal.end("finished", {})
    told.put(written)


_EMPTY = {"tables": [], "images": [], "tickers": [], "published_at": "2026-11-20T09:00:00+09:00"}


def clients(seconds: float) -> None:
    """The table of cheap clients."""
    print(f"\n{'clients':<24}{'articles/s':>12}{'CPU of database':>18}{'a thousand articles':>22}")
    with tempfile.TemporaryDirectory() as name, server(fsync="on") as database:
        for count in (1, 2, 4, 8):
            with room_in(database, f"w{count}") as state:
                before = processor(database)
                told: multiprocessing.Queue[int] = multiprocessing.Queue()
                at_work = [
                    multiprocessing.Process(
                        target=_client, args=(state, f"{name}/{count}-{which}", which, seconds, told)
                    )
                    for which in range(count)
                ]
                for process in at_work:
                    process.start()
                written = sum(told.get() for _ in at_work)
                for process in at_work:
                    process.join()
                spent = processor(database) - before
                print(
                    f"{count:<24}{written / seconds:>12.0f}{spent:>16.1f} s{1000 * spent / written:>20.2f} s",
                    flush=True,
                )


def main() -> None:
    """Print both tables."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--articles", type=int, default=1500)
    parser.add_argument("--seconds", type=float, default=15, help="for which clients write")
    options = parser.parse_args()
    print(
        f"{datetime.now(UTC):%Y-%m-%d}, {os.cpu_count()} cores ({platform.machine()}), CPython {platform.python_version()}"
    )
    crawls(options.articles)
    clients(options.seconds)


if __name__ == "__main__":
    main()
