"""Fills a state that a crawl has made with articles of the years before, as rows: what a crawl costs on a state that has grown.

`python -m benchmarks._years FOLDER COUNT`: a process of its own, so that its memory is in no other's account.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import orjson
import zstandard

from newscrawl.duplicates.candidates import BANDS
from newscrawl.korean import KST
from newscrawl.newsroom import generate
from newscrawl.state import Database
from newscrawl.state.schema import articles, bands, revisions, stories

UNTIL = datetime(2026, 11, 17, tzinfo=KST)  # before the newsroom's first article
_A_DAY = 1000
_SHORT = 4  # one of so many
_SHINGLES = {0: 250, 1: 40}  # of a sketch, by whether the text is short
_WEEK = 7 * 86_400


def fill(folder: Path, count: int) -> None:
    """So many articles, the newest last, each with its text, its place, its sketch and its bands."""
    texts = [zstandard.ZstdCompressor(level=3).compress(orjson.dumps(record)) for record in _records(200)]
    database = Database(f"sqlite:///{folder / 'state.sqlite'}")
    for first in range(0, count, _A_DAY):
        numbers = [*_day(first, count)]
        rows: dict[str, list[Any]] = {table.name: [] for table in (articles, revisions, stories)}
        of_bands: list[tuple[int, int, int, int]] = []
        dice = np.random.default_rng(first)
        for place, (number, at) in enumerate(numbers):
            short = int(place % _SHORT == 0)
            hash_ = dice.bytes(16)
            sketch = np.sort(dice.integers(0, 2**32, _SHINGLES[short], dtype=np.uint32)).tobytes()
            rows["articles"].append({"site": 1, "number": number, "hash": hash_, "seen_at": at})
            rows["revisions"].append(
                {"site": 1, "number": number, "revision": 1, "hash": hash_, "seen_at": at, "changed": ""}
                | {"record": texts[place % len(texts)]}
            )
            rows["stories"].append(
                {"site": 1, "number": number, "at": at, "short": short, "sketch": sketch, "story": number, "said": 1}
            )
            of_bands += [
                (1, at // _WEEK, int(band), number) for band in dice.integers(0, 2**32, BANDS, dtype=np.uint32)
            ]
        with database.transaction() as connection:
            for table in (articles, revisions, stories):
                connection.execute(table.insert(), rows[table.name])
            database.filler(bands)(connection, of_bands)
    database.close()


def _day(first: int, count: int) -> Iterator[tuple[int, int]]:
    """The numbers of a day's articles, and when they were published."""
    day = UNTIL - timedelta(days=(count - first) // _A_DAY)
    for place in range(min(_A_DAY, count - first)):
        at = day + timedelta(seconds=place * 80)
        yield int(f"{at:%Y%m%d}") * 1_000_000 + place, int(at.timestamp())


def _records(count: int) -> Iterator[Any]:
    site = generate(articles=count, days=1, seed=9)
    return (site.truth(story.id) for story in site.articles)


if __name__ == "__main__":
    fill(Path(sys.argv[1]), int(sys.argv[2]))
