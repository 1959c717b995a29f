"""`scrapy report`: makes the report of a run again, or one of all runs since a day, from the state."""

from __future__ import annotations

import argparse
import webbrowser
from collections.abc import Iterable, Iterator
from datetime import datetime
from pathlib import Path

from scrapy.commands import ScrapyCommand
from scrapy.exceptions import UsageError

from newscrawl.arguments import Arguments
from newscrawl.commands import clock_of, open_states, write
from newscrawl.commands.history import load_sites
from newscrawl.folders import site_folder
from newscrawl.korean import KST
from newscrawl.report.figures import Begun, Beside, Ending, Figures, figures, moment
from newscrawl.report.tally import Tally
from newscrawl.state import Database, StateError
from newscrawl.state.history import history
from newscrawl.state.reports import figures_of
from newscrawl.state.run_rows import RUNNING, RunRow, run_rows
from newscrawl.state.runs import DIED
from newscrawl.verdict import PREFIX, exit_code, problems

_LATEST = "latest"
_DIGITS = 18  # of a run's number: more is none that a database knows
# The figures of a run that a row of the state tells if it ended, and those that no row tells.
_COUNTED = (
    *("articles", "ways", "pages", "polls", "rechecked", "dropped", "skipped", "checks", "cleaned", "duplicates"),
    *("failures", "unreadable", "speed"),
)
_UNTOLD = (
    *("arguments", "version", "kinds", "records", "timeline", "fields", "stories", "sources", "settings", "log"),
)


class Command(ScrapyCommand):
    """Works while crawls run; a run that goes on has a report when it has ended, a watch when its first part has."""

    requires_project = True
    requires_crawler_process = False
    default_settings = {"LOG_ENABLED": False}

    def syntax(self) -> str:
        """What may follow the command's name."""
        return "[RUN | latest] [--since DAY] [--site SITE] [--open]"

    def short_desc(self) -> str:
        """One line for `scrapy --help`."""
        return "Make the report of a run (its number in scrapy runs) again, or one of all runs since a day"

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        """Which, and whether to look at it at once."""
        super().add_options(parser)
        parser.add_argument(
            "--since", metavar="DAY", help="one report of all runs that began since a day, a time or an age (7d)"
        )
        parser.add_argument("--site", metavar="SITE", help="of this site; needed when there are several")
        parser.add_argument("--open", action="store_true", help="show the page in the browser")

    def run(self, args: list[str], opts: argparse.Namespace) -> None:
        """Write the page and print where it is. Raises UsageError for a run that there is not, and for a state that cannot be read."""
        assert self.settings is not None
        if len(args) > 1 or (args and opts.since is not None):
            raise UsageError("name one run, or --since: scrapy report latest")
        wanted = args[0] if args else _LATEST
        if wanted != _LATEST and not (wanted.isdecimal() and len(wanted) <= _DIGITS):
            raise UsageError(
                f"{wanted!r}: takes the number of a run (scrapy runs lists them), or latest", print_help=False
            )
        try:
            made = [
                self._since(database, name, opts.since)
                if opts.since is not None
                else self._of_run(database, name, wanted)
                for name, database in open_states(self.settings, [opts.site] if opts.site else [])
                if database
            ]
        except (StateError, ValueError, OSError) as error:
            raise UsageError(str(error), print_help=False) from error
        paths = [path for path in made if path]
        if not paths:
            which = f"since {opts.since}" if opts.since is not None else wanted
            raise UsageError(f"no run that has ended: {which} (scrapy runs lists them)", print_help=False)
        write("\n".join(map(str, paths)))
        if opts.open and not webbrowser.open(paths[0].absolute().as_uri()):
            raise UsageError(f"no browser was found: open {paths[0]}", print_help=False)

    def _of_run(self, database: Database, site: str, wanted: str) -> Path | None:
        from newscrawl.reporting.files import name_of_all  # Scrapy imports every command for each run of any

        run = None if wanted == _LATEST else int(wanted)
        known = (_known(database, row, site) for row in run_rows(database, site, run=run))
        parts = next(filter(None, known), [])
        return self._write(database, site, parts, name_of_all(parts[0]) if len(parts) > 1 else None)

    def _since(self, database: Database, site: str, given: str) -> Path | None:
        """One report of all runs that began since then."""
        from newscrawl.reporting.files import name_since

        since = self._moment(site, given)
        return self._write(database, site, _lately(database, site, int(since.timestamp())), name_since(since))

    def _moment(self, site: str, given: str) -> datetime:
        assert self.settings is not None
        asked = Arguments.parse({"since": given}, load_sites(self.settings)[site], clock_of(self.settings).now())
        assert asked.since is not None
        return asked.since

    def _write(self, database: Database, site: str, several: Iterable[Figures], name: str | None = None) -> Path | None:
        """One report of all; that of one alone is held against its history. None when there is nothing to be told."""
        from newscrawl.report.course import Course
        from newscrawl.report.merging import Together
        from newscrawl.reporting.files import write_report

        assert self.settings is not None
        together, course = Together(), Course()
        for one in several:
            together.add(one)
            course.add(one)
        if not together.added:
            return None
        found, folder = together.figures(), site_folder(self.settings, site) / "reports"
        if together.added > 1:
            return write_report(folder, found, course=course, name=name)
        begun = int(datetime.fromisoformat(found["started_at"]).timestamp())
        return write_report(folder, found, history(database, site, found["kind"], begun), name=name)


def _lately(database: Database, site: str, since: int) -> Iterator[Figures]:
    """All that began since a time (seconds since 1970), parts of older watches too; the oldest run first."""
    for row in run_rows(database, site, since=since, parts=True)[::-1]:
        for part in _known(database, row, site):
            if datetime.fromisoformat(part["started_at"]).timestamp() >= since:
                yield part
            elif part["reason"] == DIED and row.ended_at and row.ended_at >= since:
                yield part | {"started_at": moment(row.ended_at)}  # the end of a watch that began before then


def _known(database: Database, row: RunRow, site: str) -> list[Figures]:
    """What is known of a run: its figures, of a watch those of its parts, and that it died; nothing of one that goes on."""
    parts = figures_of(database, row.id)
    told = row.reason == RUNNING or (parts and row.reason != DIED)
    return parts if told else [*parts, _of_row(row, site)]


def _of_row(row: RunRow, site: str) -> Figures:
    """What is known of a run that died, or whose figures are not kept any more: its counts, if it came to its end. The rest is null."""
    asked, ended = Arguments.from_json(row.scope), row.ended_at or row.started_at
    kind = asked.kind(datetime.fromtimestamp(row.started_at, KST))
    begun = Begun(row.id, site, row.job, kind, {}, "", row.host, row.process, row.started_at)
    stats = {f"{PREFIX}{name}": count for name, count in row.counts.items()} | {"finish_reason": row.reason}
    found = problems(stats)
    ending = Ending(ended, row.reason, exit_code(stats, found), found)
    made = figures(begun, ending, stats, Tally(), Beside(feeds=[Path(feed).name for feed in row.feeds]))
    if row.reason == DIED:  # it was found dead at `ended_at`
        return made | dict.fromkeys(("ended_at", "seconds", *_UNTOLD, *_COUNTED))
    made["pages"] |= dict.fromkeys(("requests", "responses", "retries", "bytes", "statuses"))
    made["speed"] |= {"requests_per_article": None}
    made["ways"] = {way: counts | {"articles": None} for way, counts in made["ways"].items()}
    return made | dict.fromkeys(_UNTOLD)
