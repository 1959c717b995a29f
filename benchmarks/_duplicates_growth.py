"""What a look-up costs, in time and memory, with ten thousand to a million articles in the state."""

from __future__ import annotations

import multiprocessing
import os
import random
import statistics
import time
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
from sqlalchemy import insert

from benchmarks._shelf import as_text, records
from benchmarks._tables import Aim, table
from newscrawl.duplicates import BANDS, Text
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
    """Milliseconds of a look-up, in order of time as a crawl has it: the median, and 95 % are below the other; the median at any time of the
    stored; memory in MB of a process that does nothing else; bytes on disk."""

    median: float
    high: float
    anywhere: float
    memory: float
    disk: int


def measure(sizes: Sequence[int]) -> list[Aim]:
    """Print the table. Stored are signatures of random texts: what is found by chance is found in them too."""
    found = [_of(size) for size in sizes]
    print(
        f"\n### Growth: {_LOOKS} articles looked up among the newest, in order, and as many at any time of the stored ones\n"
    )
    head = (
        *("articles stored", "look-up, median ms", "95 %, ms", "at any time, median ms"),
        *("memory of the process, MB", "disk, bytes an article"),
    )
    rows = [
        (size, f"{one.median:.2f}", f"{one.high:.2f}", f"{one.anywhere:.2f}", f"{one.memory:.0f}", one.disk // size)
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
        rows = [_row(number, at, sketch) for number, at, sketch in zip(numbers, times, sketches, strict=True)]
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


def _row(number: int, at: int, sketch: np.ndarray[tuple[int], np.dtype[np.uint32]]) -> dict[str, object]:
    """A fifth of all is short, with a fifth of the shingles."""
    short = number % _SHORT == 0
    kept = (sketch[::_SHORT] if short else sketch).tobytes()
    article = _FIRST + number
    return {"site": 1, "number": article, "at": at, "short": int(short), "sketch": kept, "story": article, "said": 1}


def _look(folder: str, size: int, disk: int) -> Looked:
    """In a process of its own, for its memory."""
    journal = Journal(Database(f"sqlite:///{Path(folder) / 'state.sqlite'}"), Path(folder) / "feed.jsonl")
    journal.begin("newspim", "{}", None)
    die, end = random.Random(2), int(_END.timestamp())
    texts = [as_text(number, record) for number, record in records(generate(_LOOKS, 7, 6, _END))]
    in_order = [_timed(journal, new, end - int((_LOOKS - place) * _SECOND)) for place, new in enumerate(texts)]
    anywhere = [_timed(journal, new, end - int(die.random() * size * _SECOND)) for new in texts]
    journal.abandon()
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    memory, high = pages * os.sysconf("SC_PAGE_SIZE") / 1e6, statistics.quantiles(in_order, n=20)[-1]
    return Looked(statistics.median(in_order), high, statistics.median(anywhere), memory, disk)


def _timed(journal: Journal, new: Text, at: int) -> float:
    """Milliseconds of looking an article up as one of that time."""
    moved = replace(new, at=at)
    begun = time.perf_counter()
    journal.consider(moved, bytes(16))
    return (time.perf_counter() - begun) * 1000
