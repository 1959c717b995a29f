"""`make bench-archive`: a crawl with the archive and without, in turn; then the archive read again, on one core and on all."""

from __future__ import annotations

import argparse
import os
import platform
import statistics
import sys
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path

from benchmarks.crawl import crawl, measured, newsroom

ON = "NEWSCRAWL_WARC=on"


def cost(articles: int, times: int, keep: Path) -> None:
    """CPU a page with and without, as ratios turn by turn. The archive of the last turn stays in `keep`."""
    ratios, pages = [], 0
    with tempfile.TemporaryDirectory() as name, newsroom(articles, Path(name)) as room:
        folder = Path(name)
        crawl(room, folder)  # warms the newsroom
        for turn in range(times):
            kept = keep / str(turn)
            # Which of the two goes first is another each time.
            runs = {on: crawl(room, folder, "full", *on, keep=kept if on else None) for on in _order(turn)}
            ratios.append(runs[ON,].cpu / runs[()].cpu)
            pages = runs[ON,].pages
            rates = ", ".join(f"{'on' if on else 'off'} {run.rate:.1f}" for on, run in sorted(runs.items()))
            print(f"  turn {turn + 1}: {rates} pages per CPU second", flush=True)
    size = sum(path.stat().st_size for path in kept.rglob("*.warc.gz"))
    spread = f"({min(ratios):.2f} to {max(ratios):.2f})"
    print(f"CPU with / without        {statistics.median(ratios):.2f}   {spread}   (to reach: 1.10), {pages:,} pages")
    print(f"size                      {size / pages / 1000:.1f} kB a page")


def _order(turn: int) -> tuple[tuple[str, ...], ...]:
    return ((), (ON,)) if turn % 2 else ((ON,), ())


def again(data: Path, times: int) -> None:
    """`scrapy reextract`, start-up included."""
    for processes in sorted({1, os.cpu_count() or 1}):
        rates = []
        for _ in range(times):
            with tempfile.TemporaryDirectory() as name:
                out, log = Path(name) / "out.jsonl", Path(name) / "log"
                options = ["-s", f"NEWSCRAWL_DATA_DIR={data}", "--processes", str(processes), "-o", str(out)]
                began = time.perf_counter()
                _, peak = measured([sys.executable, "-m", "scrapy", "reextract", *options], log)
                rates.append(int(log.read_text().split()[0].replace(",", "")) / (time.perf_counter() - began))
        rate = statistics.median(rates)
        print(f"reextract, {processes} processes    {rate:.0f} records a second   (peak of the first {peak:.0f} MB)")


def main() -> None:
    """Run what is asked for."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--articles", type=int, default=1500, help="of the newsroom (default 1500)")
    parser.add_argument("--times", type=int, default=5, help="turns (default 5)")
    options = parser.parse_args()
    print(
        f"{datetime.now(UTC):%Y-%m-%d}, {os.cpu_count()} cores ({platform.machine()}), CPython {platform.python_version()}"
    )
    with tempfile.TemporaryDirectory() as name:
        cost(options.articles, options.times, Path(name))
        again(Path(name) / str(options.times - 1), options.times)


if __name__ == "__main__":
    main()
