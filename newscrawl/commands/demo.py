"""`scrapy demo`: a whole crawl without the network, of a newsroom on this machine, and what came out."""

from __future__ import annotations

import argparse
import os
import re
import shutil
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path

import orjson
from scrapy.commands import ScrapyCommand
from scrapy.exceptions import UsageError

# The pace is the one thing that differs from a crawl of the real site: politeness is owed to others, the newsroom is ours.
PACE = ("DOWNLOAD_DELAY=0", "AUTOTHROTTLE_ENABLED=0", "CONCURRENT_REQUESTS=8", "CONCURRENT_REQUESTS_PER_DOMAIN=8")
_LONGEST_SHOWN = 160  # characters of a field of the record that is printed


class Command(ScrapyCommand):
    """Starts a newsroom, crawls it with the spider, settings, pipelines and exporter of the real site, shows the result."""

    requires_project = True
    requires_crawler_process = False

    def syntax(self) -> str:
        """What may follow the command's name."""
        return "[--articles N]"

    def short_desc(self) -> str:
        """One line for `scrapy`'s list of commands."""
        return "Crawl a generated news site on this machine and show what comes out"

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        """How large the site is."""
        super().add_options(parser)
        parser.add_argument(
            "--articles", type=int, default=300, metavar="N", help="articles of the site (default: 300)"
        )

    def run(self, args: list[str], opts: argparse.Namespace) -> None:
        """Crawl, then show. The exit code is the crawl's; `UsageError` for a bad option or a folder that cannot be used."""
        from newscrawl.newsroom import Faults, Newsroom, generate  # Scrapy imports every command for each run of any

        if args:
            raise UsageError("scrapy demo takes no arguments", print_help=False)
        if opts.articles < 1:
            raise UsageError(f"--articles {opts.articles}: takes a number from 1", print_help=False)
        assert self.settings is not None
        folder = Path(self.settings["NEWSCRAWL_DATA_DIR"]).resolve() / "demo"
        log = folder / "crawl.log"
        try:
            made = made_ready(folder)
            log.touch()
        except OSError as error:
            raise UsageError(f"cannot use {folder}: {error.strerror or error}", print_help=False) from error
        with Newsroom(generate(articles=opts.articles, days=2, seed=1), faults=Faults.none()) as room:
            print(f"A newsroom of {opts.articles} articles is open at {room.url}. Crawling it:\n")
            command = ["crawl", "newspim", "-a", "since=7d"]
            settings = (*PACE, f"NEWSCRAWL_NEWSROOM={room.url}", f"NEWSCRAWL_DATA_DIR={folder}")
            print("  scrapy " + " ".join(command) + "".join(f" \\\n    -s {setting}" for setting in settings) + "\n")
            start = time.monotonic()
            self.exitcode = crawl([*command, *(part for setting in settings for part in ("-s", setting))], log)
            seconds = time.monotonic() - start
            pages = len(room.requests)
        print(f"{pages} pages in {seconds:.0f} s:")
        print("\n".join(f"  {line}" for line in summary_of(log)))
        if self.exitcode:
            print(f"\nThe crawl ended with exit code {self.exitcode}; its log is {log}")
            return
        for feed in made.glob("*.jsonl"):  # one; none if nothing was exported
            show(feed)
            print(f"\nRecords  {feed}")
        for report in made.glob("reports/*/report.html"):
            print(f"Report   {report}   (open it in a browser)")
        print(f"Log      {log}\nFields   docs/record.md, or: scrapy schema")
        print("Next     the live site: make crawl (read the README on rights first)")


def made_ready(folder: Path) -> Path:
    """Remove what an earlier demo made: it would be gone on with, and find nothing new. Where the new one makes its own. Raises OSError."""
    folder.mkdir(parents=True, exist_ok=True)
    made = folder / "newspim"
    if made.exists():
        shutil.rmtree(made)
    return made


def crawl(arguments: list[str], log: Path) -> int:
    """Run `scrapy …` in a process of its own, its log in a file; its exit code."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith("NEWSCRAWL_")}
    # In an egg of Scrapyd the project is on this process's path alone.
    environment["PYTHONPATH"] = os.pathsep.join(filter(None, sys.path))
    with log.open("wb") as output:
        command = [sys.executable, "-m", "scrapy", *arguments]
        return subprocess.run(command, env=environment, stdout=output, stderr=output, check=False).returncode


def summary_of(log: Path) -> list[str]:
    """The lines with which a crawl sums itself up."""
    lines = log.read_text(encoding="utf-8", errors="replace").splitlines()
    return [match[1] for line in lines if (match := re.search(r"\[newscrawl\] (?:INFO|ERROR): (.*)", line))]


def show(feed: Path) -> None:
    """Counts by kind and section, and one record with its long texts cut."""
    records = [orjson.loads(line) for line in feed.read_bytes().splitlines()]
    for name in ("kind", "language", "extractor"):
        counts = Counter(str(record[name]) for record in records)
        print(f"  {name:<10} " + ", ".join(f"{value} {count}" for value, count in counts.most_common()))
    fullest = max(records, key=lambda record: len(record["fields_from"]))
    print("\nOne of them (long texts cut):\n")
    print(orjson.dumps({name: _cut(value) for name, value in fullest.items()}, option=orjson.OPT_INDENT_2).decode())


def _cut(value: object) -> object:
    if isinstance(value, str) and len(value) > _LONGEST_SHOWN:
        return f"{value[:_LONGEST_SHOWN]}… ({len(value)} characters)"
    if isinstance(value, list):
        return [_cut(part) for part in value[:3]] + ([f"… ({len(value)} in all)"] if len(value) > 3 else [])
    return {name: _cut(part) for name, part in value.items()} if isinstance(value, dict) else value
