"""`make bench-export`: how fast `scrapy export` writes a large feed in each format, and how much memory it takes."""

from __future__ import annotations

import argparse
import os
import platform
import random
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import orjson

from benchmarks._tables import table
from newscrawl.export import FORMATS
from newscrawl.korean import KST
from newscrawl.newsroom import generate

_FORMS = 8_000  # records that differ in more than number and date
_LATEST = datetime(2026, 11, 20, 18, 0, tzinfo=KST)
_YEARS = 20
_OUT_OF_ORDER = (
    10  # one in so many is of any day, as related links bring them; the others go back in time, as a backfill does
)
_AGAIN = 20  # one in so many is a second revision of the one before
_OURS: dict[str, Any] = {  # what the newsroom cannot know
    "found": {"via": "list", "from": "https://www.newspim.com/news/lists?category_cd=1&page=0"},
    "changed": [],
    "previous_hash": None,
    "fields_from": {"title": ".header h1", "published_at": "#send-time@datetime", "body": "#news-contents"},
    "hash": "0" * 64,
}


def lines(count: int) -> Iterator[bytes]:
    """Lines of a backfill of twenty years."""
    site = generate(articles=_FORMS, days=8, seed=1)
    forms = [site.truth(story.id) | _OURS for story in site.articles]
    dice, step = random.Random(1), timedelta(days=365 * _YEARS) / count
    for number in range(count):
        at = _LATEST - step * (dice.randrange(count) if number % _OUT_OF_ORDER == 0 else number)
        record = forms[number % _FORMS]
        if number % _AGAIN:
            record |= {"id": f"newspim:{at:%Y%m%d}{number % 1_000_000:06}", "revision": 1}
            record["published_at"] = at.isoformat(timespec="seconds")
        else:
            record = forms[(number - 1) % _FORMS] | {"revision": 2}
        now = _LATEST.isoformat()
        record |= {"found": _OURS["found"] | {"at": now}, "first_seen_at": now, "fetched_at": now}
        yield orjson.dumps(record, option=orjson.OPT_APPEND_NEWLINE)


def exported(data: Path, form: str, *more: str) -> tuple[float, float, int]:
    """Seconds, peak memory in MB and bytes of one export, in a process of its own. Raises SystemExit when it fails."""
    with tempfile.TemporaryDirectory(dir=data.parent) as name:
        path = Path(name) / "out"
        command = [sys.executable, "-m", "scrapy", "export", "-s", f"NEWSCRAWL_DATA_DIR={data}", "-o", str(path)]
        begun = time.perf_counter()
        with subprocess.Popen([*command, "--format", form, *more], stdout=subprocess.DEVNULL) as run:
            _, status, usage = os.wait4(run.pid, 0)
            run.returncode = os.waitstatus_to_exitcode(status)
        seconds = time.perf_counter() - begun
        if run.returncode:
            raise SystemExit(f"scrapy export --format {form} ended with {run.returncode}")
        size = sum(one.stat().st_size for one in ([path] if path.is_file() else path.rglob("*.parquet")))
        return seconds, usage.ru_maxrss / 1024, size


def main() -> None:
    """Fill, measure, print."""
    parser = argparse.ArgumentParser(description=main.__doc__)
    parser.add_argument("--count", type=int, default=1_000_000)
    count = parser.parse_args().count
    with tempfile.TemporaryDirectory() as name:
        data = Path(name) / "data"
        feed = data / "newspim" / "feed.jsonl"
        feed.parent.mkdir(parents=True)
        with feed.open("wb") as file:
            file.writelines(lines(count))
        size = feed.stat().st_size
        print(
            f"CPython {platform.python_version()}, {datetime.now(UTC):%Y-%m-%d}: {count:,} records, {size / 1e6:,.0f} MB\n"
        )
        rows = []
        for form, *more in (*((form,) for form in FORMATS), ("parquet", "--latest-revision")):
            seconds, memory, written = exported(data, form, *more)
            figures = f"{count / seconds:,.0f}", f"{memory:,.0f} MB", f"{written / 1e6:,.0f} MB", f"{seconds:,.0f} s"
            rows.append((" ".join([form, *more]), *figures))
        print(table(("format", "records a second", "peak memory", "size", "time"), rows))


if __name__ == "__main__":
    main()
