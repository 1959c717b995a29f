"""`make bench-state`: what a large state costs: a frontier of a million requests, the memory of a million articles."""

from __future__ import annotations

import argparse
import hashlib
import json
import platform
import random
import resource
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

from newscrawl.newsroom import generate
from newscrawl.state import Database, Entry, Journal, Task, Watch

WATCHED = 8_000  # about what this wire publishes in a week
_BATCH = 500  # as a crawl commits at most
_FIRST = 20_000_101_000_000  # an article's digits: 2000-01-01


def tasks(count: int) -> Iterator[Task]:
    """Requests as a crawl adds them, in no order."""
    numbers = list(range(count))
    random.Random(1).shuffle(numbers)
    for number in numbers:
        key = str(_FIRST + number)
        request = f'{{"callback":"parse_article","errback":"failed","cb_kwargs":{{"number":"{key}","via":"list","source":"https://www.newspim.com/news/lists?category_cd=1&page=0","at":"2026-11-22T10:00:00+09:00"}},"meta":{{"handle_httpstatus_all":true}}}}'
        url = f"https://www.newspim.com/news/view/{key}"
        yield Task(key, url, request, priority=20, rank=_FIRST + number, stat="found/list")


def lines(count: int) -> Iterator[bytes]:
    """Lines as long as real ones: the newsroom's records."""
    site = generate(articles=count, days=8, seed=1)
    return (json.dumps(site.truth(story.id), ensure_ascii=False).encode() + b"\n" for story in site.articles)


def timed(work: Callable[[], object], times: int) -> list[float]:
    """Milliseconds of each of so many calls."""
    found = []
    for _ in range(times):
        begun = time.perf_counter()
        work()
        found.append((time.perf_counter() - begun) * 1000)
    return found


def main() -> None:
    """Fill, measure, print."""
    parser = argparse.ArgumentParser(description=main.__doc__)
    parser.add_argument("--count", type=int, default=1_000_000)
    count = parser.parse_args().count
    print(
        f"{platform.python_implementation()} {platform.python_version()}, {datetime.now(UTC):%Y-%m-%d}, {count:,} of each"
    )
    with tempfile.TemporaryDirectory() as name:
        path = Path(name) / "state.sqlite"
        journal = Journal(Database(f"sqlite:///{path}"), Path(name) / "feed.jsonl")
        journal.begin("newspim", "{}", None)
        begun = time.perf_counter()
        for number, task in enumerate(tasks(count), 1):
            journal.add(task)
            if number % _BATCH == 0:
                journal.commit()
        journal.commit()
        seconds = time.perf_counter() - begun
        print(
            f"adding                    {count / seconds:,.0f} requests a second, {path.stat().st_size / count:.0f} bytes each"
        )
        leases = timed(lambda: journal.commit(64), 200)
        print(
            f"leasing 64                {statistics.median(leases):.1f} ms (median), {max(leases):.1f} ms at most, with the commit"
        )
        before = path.stat().st_size
        for first in range(0, count, _BATCH):
            for number in range(first, first + _BATCH):
                digest = hashlib.sha256(str(number).encode()).digest()[:16]
                journal.write(Entry(_FIRST + count + number, digest, b"\n"))
            journal.commit()
        print(f"an article seen           {(path.stat().st_size - before) / count:.0f} bytes")
        before = path.stat().st_size
        for number, line in enumerate(lines(WATCHED)):
            digest = hashlib.sha256(line).digest()[:16]
            journal.write(Entry(_FIRST + 2 * count + number, digest, line, watch=Watch(1, 10**10)))
            if number % 50 == 0:
                journal.commit()
        journal.commit()
        print(f"one that is watched       {(path.stat().st_size - before) / WATCHED:,.0f} bytes, its text among them")
        dice = random.Random(2)
        looks = timed(lambda: journal.same_as(dice.randrange(_FIRST), dice.randbytes(16)), 2000)
        print(f"looking one up            {statistics.median(looks):.3f} ms (median)")
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        print(
            f"peak memory               {peak:.0f} MB (to reach: under 300), {count * 32 / 1e6:.0f} MB of it this program's own list"
        )
        journal.end("finished", {})


if __name__ == "__main__":
    main()
