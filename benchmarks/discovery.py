"""`make bench-discovery`: what each way of finding articles finds, what a day in the past costs, how late a watch is."""

from __future__ import annotations

import argparse
import os
import platform
from collections.abc import Callable
from datetime import UTC, datetime

from benchmarks import _backfill, _recall, _watch
from benchmarks._crawl import END
from benchmarks._tables import Aim, aims_table
from newscrawl.newsroom import generate

PARTS = ("recall", "backfill", "watch")


def main() -> None:
    """Run what is asked for."""
    options = parsed()
    print(
        f"{platform.python_implementation()} {platform.python_version()}, {os.cpu_count()} cores, {platform.machine()}, {datetime.now(UTC):%Y-%m-%d}"
    )
    site = generate(options.articles, options.days, options.seed, END, rhythm="wire")
    parts: dict[str, Callable[[], list[Aim]]] = {
        "recall": lambda: _recall.measure(site),
        "backfill": lambda: _backfill.measure(site, options.backfill_speed),
        "watch": lambda: _watch.measure(site, options.hours, options.speed, polite=options.polite),
    }
    for part in options.only:
        print(f"\n{aims_table(parts[part]())}", flush=True)


def parsed() -> argparse.Namespace:
    """The options of the command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--only", nargs="+", choices=PARTS, default=PARTS, help="these parts (default: all)")
    parser.add_argument("--articles", type=int, default=20_000, help="of the newsroom (default 20000)")
    parser.add_argument("--days", type=int, default=30, help="over which they are published (default 30)")
    parser.add_argument("--seed", type=int, default=1, help="of the newsroom (default 1)")
    parser.add_argument("--backfill-speed", type=float, default=3600, help="of the clock of a backfill (default 3600)")
    parser.add_argument("--hours", type=float, default=24, help="that are watched (default 24)")
    parser.add_argument("--speed", type=float, default=120, help="of the clock of the watch (default 120)")
    parser.add_argument("--polite", action="store_true", help="watch at the usual delay, by the newsroom's clock")
    return parser.parse_args()


if __name__ == "__main__":
    main()
