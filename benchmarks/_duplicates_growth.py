"""What a look-up costs, in time and memory, with ten thousand to a million articles in the state."""

from __future__ import annotations

import multiprocessing
import os
import random
import statistics
import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
from sqlalchemy import insert

from benchmarks._shelf import as_text, records
from benchmarks._tables import Aim, table
from newscrawl.duplicates import BANDS
from newscrawl.newsroom import generate
from newscrawl.newsroom.stories import KST
from newscrawl.state import Database, Journal
from newscrawl.state.schema import bands, stories

_END = datetime(2026, 11, 20, 18, 0, tzinfo=KST)
_SECOND = 86_400 / 1200  # from one article to the next
_FIRST = 20_000_101_000_000
_WEEK = 7 * 86_400
_SKETCH = 200  # shingles of a sketch: of a text of 800 letters
_SHORT = 5  # one article of so many is short
_LOOKS = 500
_BATCH = 5000
_MOST_GROWTH, _MOST_MEMORY = (
    2.0,
    1.2,
)  # from the smallest to the largest: a hundred times the articles; log 10^6 / log 10^4 is 1.5


@dataclass(frozen=True, slots=True)
class Looked:
    """Milliseconds of a look-up: the median, and 95 % are below the other; memory in MB of a process that does nothing else; bytes on disk."""

    median: float
    high: float
    memory: float
    disk: int


def measure(sizes: Sequence[int]) -> list[Aim]:
    """Print the table. Stored are signatures of random texts: what is found by chance is found in them too."""
    found = [_of(size) for size in sizes]
    print(f"\n### Growth: {_LOOKS} articles looked up, at any time of the stored ones\n")
    head = ("articles stored", "look-up, median ms", "95 %, ms", "memory of the process, MB", "disk, bytes an article")
    rows = [
        (size, f"{one.median:.2f}", f"{one.high:.2f}", f"{one.memory:.0f}", one.disk // size)
        for size, one in zip(sizes, found, strict=True)
    ]
    print(table(head, rows))
    growth, memory = found[-1].median / found[0].median, found[-1].memory / found[0].memory
    return [
        Aim(f"time of a look-up: at most {_MOST_GROWTH} times", f"{growth:.2f}", growth <= _MOST_GROWTH),
        Aim(f"memory: at most {_MOST_MEMORY} times", f"{memory:.2f}", memory <= _MOST_MEMORY),
    ]


def _of(size: int) -> Looked:
    with TemporaryDirectory() as folder, multiprocessing.get_context("spawn").Pool(1) as pool:
        _fill(Path(folder), size)
        disk = (Path(folder) / "state.sqlite").stat().st_size
        return pool.apply(_look, (folder, size, disk))


def _fill(folder: Path, size: int) -> None:
    journal = Journal(Database(f"sqlite:///{folder / 'state.sqlite'}"), folder / "feed.jsonl")
    journal.begin("newspim", "{}", None)
    die, fill = np.random.default_rng(1), journal.database.filler(bands)
    end = int(_END.timestamp())
    for start in range(0, size, _BATCH):
        numbers = range(start, min(size, start + _BATCH))
        times = [end - int((size - number) * _SECOND) for number in numbers]
        drawn = die.integers(0, 2**32, size=(len(numbers), BANDS), dtype=np.int64).tolist()
        sketches = np.sort(die.integers(0, 2**32, size=(len(numbers), _SKETCH), dtype=np.uint32), axis=1)
        names = ("site", "number", "at", "short", "sketch", "story", "said")
        rows = [
            dict(
                zip(
                    names,
                    (1, _FIRST + number, at, int(number % _SHORT == 0), sketch.tobytes(), _FIRST + number, 1),
                    strict=True,
                )
            )
            for number, at, sketch in zip(numbers, times, sketches, strict=True)
        ]
        with journal.database.transaction() as connection:
            connection.execute(insert(stories), rows)
            fill(
                connection,
                sorted(
                    (1, at // _WEEK, band, _FIRST + number)
                    for number, at, places in zip(numbers, times, drawn, strict=True)
                    for band in places
                ),
            )
    journal.end("finished", {})


def _look(folder: str, size: int, disk: int) -> Looked:
    """In a process of its own, for its memory."""
    journal = Journal(Database(f"sqlite:///{Path(folder) / 'state.sqlite'}"), Path(folder) / "feed.jsonl")
    journal.begin("newspim", "{}", None)
    die, end = random.Random(2), int(_END.timestamp())
    site = generate(_LOOKS, 7, 6, _END)
    spent = []
    for number, record in records(site):
        at = end - int(die.random() * size * _SECOND)
        new = as_text(number, record)
        moved = type(new)(**{name: at if name == "at" else getattr(new, name) for name in new.__slots__})
        begun = time.perf_counter()
        journal.consider(moved, bytes(16))
        spent.append((time.perf_counter() - begun) * 1000)
    journal.abandon()
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    high = statistics.quantiles(spent, n=20)[-1]
    return Looked(statistics.median(spent), high, pages * os.sysconf("SC_PAGE_SIZE") / 1e6, disk)
