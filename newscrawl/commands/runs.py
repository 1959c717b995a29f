"""`scrapy runs`: the runs of a site, what they brought and how they ended; of a Scrapyd job, also by the exit code."""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from dataclasses import asdict

import orjson
from scrapy.commands import ScrapyCommand
from scrapy.exceptions import UsageError

from newscrawl.arguments import Arguments
from newscrawl.commands import clock_of, open_states, shown_time, write
from newscrawl.commands.history import load_sites
from newscrawl.discovery.lateness import shown
from newscrawl.state import Database, StateError
from newscrawl.state.reports import Figures, last_figures
from newscrawl.state.run_rows import RUNNING, RunRow, run_rows
from newscrawl.state.runs import DIED
from newscrawl.verdict import GOES_ON, PREFIX, exit_code, problems

_SHOWN = 20  # runs, when nothing else is said
STILL_RUNNING = 4  # the exit code for a job that goes on
_LAST_WORDS = 120  # seconds after its end in which a run may still be judged: monitors tell notices, and wait for who does not answer


class Command(ScrapyCommand):
    """Works while crawls run. With --job the exit code is that of the job's run; 4 while it goes on."""

    requires_project = True
    requires_crawler_process = False
    default_settings = {"LOG_ENABLED": False}

    def syntax(self) -> str:
        """What may follow the command's name."""
        return "[SITE…] [--job ID] [--since DAY] [--number N] [--json]"

    def short_desc(self) -> str:
        """One line for `scrapy --help`."""
        return "The runs of a site: when, how long, what came in, how each ended, what a monitor found"

    def long_desc(self) -> str:
        """What `scrapy runs --help` says first."""
        return (
            f"{self.short_desc()}. With --job, the exit code is that of the job's run (0 well, 1 something was lost or a monitor "
            f"failed, 2 a wrong argument, or no such job, 3 ended early or died), {STILL_RUNNING} while it goes on."
        )

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        """Which, and for whom."""
        super().add_options(parser)
        parser.add_argument("--job", metavar="ID", help="only the run of this Scrapyd job; the exit code is the run's")
        parser.add_argument("--since", metavar="DAY", help="those that began since a day, a time or an age (7d)")
        parser.add_argument("--number", type=int, metavar="N", help=f"so many at most, the latest (default: {_SHOWN})")
        parser.add_argument(
            "--json", action="store_true", help="for programs: one JSON object a line, the latest first"
        )

    def run(self, args: list[str], opts: argparse.Namespace) -> None:
        """Print them. Raises UsageError for a site or a job that there is not, and for a state that cannot be read."""
        assert self.settings is not None
        limit = opts.number or (None if opts.since or opts.job else _SHOWN)
        lines: list[str] = []
        found: list[Ran] = []
        try:
            for name, database in open_states(self.settings, args):
                site = load_sites(self.settings)[name]
                arguments = Arguments.parse({"since": opts.since or "1990-01-01"}, site, clock_of(self.settings).now())
                assert arguments.since is not None
                since = int(arguments.since.timestamp())
                ours = _ran(database, name, limit, opts.job, since) if database else []
                lines += [one.as_json(name) for one in ours] if opts.json else [name, *_table(ours)]
                found += ours
        except (StateError, ValueError) as error:
            raise UsageError(str(error), print_help=False) from error
        if opts.job and not found:
            raise UsageError(f"no run of job {opts.job} has begun here", print_help=False)
        write("\n".join(lines))
        if opts.job:
            goes_on = found[0].goes_on(clock_of(self.settings).time())
            self.exitcode = STILL_RUNNING if goes_on else found[0].exit_code


class Ran:
    """A run with its figures, of a watch those of its latest part; None of one that goes on, died, or is older than they are kept."""

    def __init__(self, row: RunRow, latest: Figures | None) -> None:
        self.row, self.latest = row, latest
        self.figures = None if latest is None or latest["reason"] == GOES_ON else latest

    def goes_on(self, now: float) -> bool:
        """Whether it has not said its last word yet (`now`: seconds since 1970)."""
        ended = self.row.ended_at
        lately = ended is not None and self.figures is None and now - ended < _LAST_WORDS
        return self.row.reason == RUNNING or (lately and self.row.reason != DIED)

    @property
    def exit_code(self) -> int:
        """As the process ended; of one without figures, by its reason and its counts."""
        if self.figures is not None and self.figures["exit_code"] is not None:
            return int(self.figures["exit_code"])
        stats = {f"{PREFIX}{name}": count for name, count in self.row.counts.items()} | {
            "finish_reason": self.row.reason
        }
        return exit_code(stats, problems(stats))

    def as_json(self, site: str) -> str:
        """One line; times in seconds since 1970. `figures` as in run.json."""
        code = None if self.row.reason == RUNNING else self.exit_code
        scope = orjson.loads(self.row.scope)
        return orjson.dumps(
            {"site": site, **asdict(self.row), "scope": scope, "exit_code": code, "figures": self.latest}
        ).decode()

    def line(self) -> str:
        """For a reader."""
        row, counts = self.row, self.row.counts
        lasted = shown(row.ended_at - row.started_at) if row.ended_at else f"process {row.process}"
        code = "" if row.reason == RUNNING else f"exit {self.exit_code}"
        brought = [f"{name} {counts[name]:,}" for name in ("exported", "revised", "left") if counts.get(name)]
        kind = self.latest["kind"] if self.latest else ""
        told = [one["name"] for one in (self.latest or {}).get("monitors", []) if not one["passed"]]
        parts = [", ".join(brought) or "exported 0", f"job {row.job}" if row.job else "", "; ".join(told)]
        start = f"{row.id:>6}  {shown_time(row.started_at)}  {lasted:>13}  {kind:<8}  {row.reason:<16}  {code:<6}"
        return "  ".join([start, *filter(None, parts)])


def _ran(database: Database, site: str, limit: int | None, job: str | None, since: int) -> list[Ran]:
    return [
        Ran(row, last_figures(database, row.id)) for row in run_rows(database, site, limit=limit, job=job, since=since)
    ]


def _table(ran: list[Ran]) -> Iterator[str]:
    if not ran:
        yield "  no run"
    several = len({one.row.node for one in ran}) > 1
    for one in ran:
        yield one.line() + (f"  of {one.row.host}" if several else "")
