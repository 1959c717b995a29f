"""`scrapy report`: makes the report of a run again, from the state."""

from __future__ import annotations

import argparse
import webbrowser
from datetime import datetime
from pathlib import Path

from scrapy.commands import ScrapyCommand
from scrapy.exceptions import UsageError

from newscrawl.arguments import Arguments
from newscrawl.commands import clock_of, open_states, write
from newscrawl.commands.history import load_sites
from newscrawl.folders import site_folder
from newscrawl.korean import KST
from newscrawl.report.figures import Begun, Beside, Ending, Figures, figures
from newscrawl.report.tally import Tally
from newscrawl.state import Database, StateError
from newscrawl.state.history import history
from newscrawl.state.reports import figures_of
from newscrawl.state.run_rows import RunRow, run_rows
from newscrawl.verdict import PREFIX, exit_code, problems

_LATEST = "latest"


class Command(ScrapyCommand):
    """Works while crawls run; a run that goes on has a report when it has ended."""

    requires_project = True
    requires_crawler_process = False
    default_settings = {"LOG_ENABLED": False}

    def syntax(self) -> str:
        """What may follow the command's name."""
        return "[RUN | latest] [--since DAY] [--site SITE] [--open]"

    def short_desc(self) -> str:
        """One line for `scrapy --help`."""
        return "Make the report of a run (its number in scrapy runs), or of all since a day, again from the state"

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        """Which, and whether to look at it at once."""
        super().add_options(parser)
        parser.add_argument("--since", metavar="DAY", help="of all runs that began since a day, a time or an age (7d)")
        parser.add_argument("--site", metavar="SITE", help="of this site; needed when there are several")
        parser.add_argument("--open", action="store_true", help="show the page in the browser")

    def run(self, args: list[str], opts: argparse.Namespace) -> None:
        """Write the pages and print where they are. Raises UsageError for a run that there is not, and for a state that cannot be read."""
        assert self.settings is not None
        if len(args) > 1 or (args and opts.since):
            raise UsageError("name one run, or --since: scrapy report latest")
        wanted = args[0] if args else _LATEST
        if wanted != _LATEST and not wanted.isdecimal():
            raise UsageError(
                f"{wanted!r}: takes the number of a run (scrapy runs lists them), or latest", print_help=False
            )
        paths: list[Path] = []
        try:
            for name, database in open_states(self.settings, [opts.site] if opts.site else []):
                if database:
                    since = self._since(name, opts.since) if opts.since else None
                    folder = site_folder(self.settings, name) / "reports"
                    paths += [_make(database, name, row, folder) for row in _rows(database, name, wanted, since)]
        except (StateError, ValueError, OSError) as error:
            raise UsageError(str(error), print_help=False) from error
        if not paths:
            which = f"since {opts.since}" if opts.since else wanted
            raise UsageError(f"no run that has ended: {which} (scrapy runs lists them)", print_help=False)
        write("\n".join(map(str, paths)))
        if opts.open and not webbrowser.open(paths[0].absolute().as_uri()):
            raise UsageError(f"no browser was found: open {paths[0]}", print_help=False)

    def _since(self, site: str, given: str) -> int:
        assert self.settings is not None
        asked = Arguments.parse({"since": given}, load_sites(self.settings)[site], clock_of(self.settings).now())
        assert asked.since is not None
        return int(asked.since.timestamp())


def _rows(database: Database, site: str, wanted: str, since: int | None) -> list[RunRow]:
    run = None if wanted == _LATEST else int(wanted)
    ended = [row for row in run_rows(database, site, run=run, since=since or 0) if row.ended_at]
    return ended if since is not None else ended[:1]


def _make(database: Database, site: str, row: RunRow, folder: Path) -> Path:
    from newscrawl.reporting.files import write_report  # Scrapy imports every command for each run of any

    found = next(iter(figures_of(database, row.id)[-1:]), None) or _of_row(row, site)
    return write_report(folder, found, history(database, site, found["kind"], row.started_at))


def _of_row(row: RunRow, site: str) -> Figures:
    """What is known of a run that died, or whose figures are not kept any more."""
    assert row.ended_at is not None
    asked = Arguments.from_json(row.scope)
    kind = asked.kind(datetime.fromtimestamp(row.started_at, KST))
    begun = Begun(row.id, site, row.job, kind, {}, "", row.host, row.process, row.started_at)
    stats = {f"{PREFIX}{name}": count for name, count in row.counts.items()} | {"finish_reason": row.reason}
    found = problems(stats)
    ending = Ending(row.ended_at, row.reason, exit_code(stats, found), found)
    return figures(begun, ending, stats, Tally(), Beside(feeds=[Path(feed).name for feed in row.feeds]))
