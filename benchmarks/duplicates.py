"""`make bench-duplicates`: which kinds are told right, how fast, how it grows, and what datasketch does with the same texts."""

from __future__ import annotations

import argparse
import os
import platform
from collections.abc import Callable
from datetime import UTC, datetime

from benchmarks import _duplicates_growth, _duplicates_kinds, _duplicates_speed
from benchmarks._tables import Aim, aims_table

PARTS = ("kinds", "speed", "growth")


def main() -> None:
    """Run what is asked for."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--only", nargs="+", choices=PARTS, default=PARTS, help="these parts (default: all)")
    parser.add_argument(
        "--seeds", nargs="+", type=int, default=[41, 42, 43], help="of the newsrooms (default 41 42 43)"
    )
    parser.add_argument("--articles", type=int, default=3000, help="of each of them (default 3000)")
    parser.add_argument("--stored", type=int, default=100_000, help="articles until which speed is measured")
    parser.add_argument("--sizes", nargs="+", type=int, default=[10_000, 100_000, 1_000_000], help="of growth")
    options = parser.parse_args()
    print(
        f"{platform.python_implementation()} {platform.python_version()}, {os.cpu_count()} cores, {platform.machine()}, {datetime.now(UTC):%Y-%m-%d}"
    )
    parts: dict[str, Callable[[], list[Aim]]] = {
        "kinds": lambda: _duplicates_kinds.measure(options.seeds, options.articles),
        "speed": lambda: _duplicates_speed.measure(options.stored),
        "growth": lambda: _duplicates_growth.measure(options.sizes),
    }
    for part in options.only:
        print(f"\n{aims_table(parts[part]())}", flush=True)


if __name__ == "__main__":
    main()
