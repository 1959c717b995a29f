"""`scrapy status`: what each site's state holds, and how its last runs ended."""

from __future__ import annotations

import argparse
import os
import signal
import socket
from dataclasses import asdict
from pathlib import Path

import orjson
from scrapy.commands import ScrapyCommand
from scrapy.exceptions import UsageError

from newscrawl.commands import clock_of, open_states, shown_time, write
from newscrawl.state import StateError
from newscrawl.state.overview import Machine, Overview, overview
from newscrawl.state.run_rows import RUNNING, RunRow, run_rows

_NAMED = 10  # failed addresses that are named without --failed


class Command(ScrapyCommand):
    """Works while crawls run. It reads, but for bringing a state of an older version to today's form."""

    requires_project = True
    requires_crawler_process = False
    default_settings = {"LOG_ENABLED": False}

    def syntax(self) -> str:
        """What may follow the command's name."""
        return "[SITE…] [--json] [--failed] [--end RUN]"

    def short_desc(self) -> str:
        """One line for `scrapy --help`."""
        return "What has been fetched, what waits, what failed and why, how the last runs ended"

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        """How much, and for whom."""
        super().add_options(parser)
        parser.add_argument(
            "--json", action="store_true", help="for programs: one JSON object, times in seconds since 1970"
        )
        parser.add_argument(
            "--failed", action="store_true", help="name every address that failed, not only the last ten"
        )
        parser.add_argument(
            "--end",
            type=int,
            metavar="RUN",
            help="tell a run of this machine to end, as Ctrl-C does: what it has is kept",
        )

    def run(self, args: list[str], opts: argparse.Namespace) -> None:
        """Print it. Raises UsageError for a site that there is not, and for a state that cannot be read."""
        assert self.settings is not None
        if opts.end is not None:
            self._end(args, opts.end)
            return
        now = clock_of(self.settings).now()
        midnight = now.replace(hour=0, minute=0, second=0, microsecond=0)
        found: dict[str, Overview | None] = {}
        try:
            for name, database in open_states(self.settings, args):
                limit = None if opts.failed else _NAMED
                times = (int(midnight.timestamp()), int(now.timestamp()))
                found[name] = overview(database, name, *times, limit) if database else None
        except (StateError, ValueError) as error:
            raise UsageError(str(error), print_help=False) from error
        if opts.json:
            write(orjson.dumps({name: asdict(one) if one else None for name, one in found.items()}).decode())
        else:
            write("\n\n".join("\n".join(_lines(one)) if one else f"{name}: nothing yet" for name, one in found.items()))

    def _end(self, args: list[str], number: int) -> None:
        """Tell a run to end: an orphan of a daemon that was restarted, which no longer knows it."""
        assert self.settings is not None
        try:
            for name, database in open_states(self.settings, args):
                if database and (row := next(iter(run_rows(database, name, run=number)), None)):
                    write(_ended(row, database.node))
                    return
        except (StateError, ValueError) as error:
            raise UsageError(str(error), print_help=False) from error
        raise UsageError(f"no run {number} (scrapy runs lists them)", print_help=False)


def _ended(row: RunRow, node: str) -> str:
    """Signal the process, which is this run's as long as its lock is held. `node`: this machine. Raises ValueError for a run that cannot be
    reached."""
    if row.reason != RUNNING:
        raise ValueError(f"run {row.id} is over: {row.reason}")
    if row.node != node or row.host != socket.gethostname():
        raise ValueError(f"run {row.id} is process {row.process} of {row.host}: end it there")
    os.kill(row.process, signal.SIGTERM)
    return f"told run {row.id} (process {row.process}) to end; scrapy runs says when it has"


def _lines(one: Overview) -> list[str]:
    size = f"   state {one.size / 1e6:,.1f} MB" if one.size is not None else ""
    lines = [
        f"{one.site}",
        f"  articles  {one.articles:>9,}   today {one.new:,}   revised {one.revised:,}{size}",
        f"  rechecks  {one.due:>9,}   due, of {one.watched:,} articles that are looked at again",
        f"  pending   {one.pending:>9,}   under way {one.leased:,}",
        f"  failed    {one.failed:>9,}   {', '.join(f'{reason} {count:,}' for reason, count in one.reasons.items())}".rstrip(),
    ]
    lines += [f"    {shown_time(fail.at)}  {fail.url}  {fail.reason}, {fail.times}×" for fail in one.failures]
    if one.failed > len(one.failures):
        lines.append("    … scrapy status --failed names all; scrapy retry puts them back")
    if one.forgotten:
        left = f"   not everywhere yet {one.forgetting:,}: scrapy forget goes on" if one.forgetting else ""
        lines.append(f"  forgotten {one.forgotten:>9,}{left}")
    if one.machines:
        lines.append(f"  machines  {len(one.machines):>9,}   {'; '.join(map(_machine, one.machines))}")
    lines += ["  last runs", *(_run_line(run, shared=bool(one.machines)) for run in one.runs)]
    return lines


def _machine(one: Machine) -> str:
    name = f"{one.host} (here)" if one.here else one.host
    heard = f", heard of {one.quiet_for} s ago" if one.quiet_for is not None else ""
    return (
        f"{name}: {one.running} under way{heard}" if one.running else f"{name}: last run {shown_time(one.last_began)}"
    )


def _run_line(run: RunRow, *, shared: bool = False) -> str:
    lasted = f"{run.ended_at - run.started_at:>6,} s" if run.ended_at else " " * 8
    feeds = ", ".join(Path(feed).name for feed in run.feeds)
    counts = ", ".join(f"{name} {run.counts[name]:,}" for name in ("exported", "revised") if run.counts.get(name))
    goes_on = f"run {run.id}, process {run.process}" if run.reason == RUNNING else ""
    job = f"job {run.job}" if goes_on and run.job else ""
    about = [f"{run.reason:<16} {counts or 'exported 0'}", feeds, ", ".join(filter(None, (goes_on, job)))]
    return "  ".join(
        [f"    {shown_time(run.started_at)}", lasted, *filter(None, [*about, f"of {run.host}" if shared else ""])]
    )
