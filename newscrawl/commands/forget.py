"""`scrapy forget`: removes articles everywhere, and keeps them away."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from scrapy.commands import ScrapyCommand
from scrapy.exceptions import UsageError

from newscrawl.commands import clock_of, open_states, write
from newscrawl.commands.history import find, load_sites, one_site
from newscrawl.folders import site_folder
from newscrawl.identity import article_id
from newscrawl.opening import open_state
from newscrawl.site import Site
from newscrawl.state import Database, StateError, forgotten
from newscrawl.state.runs import site_id

if TYPE_CHECKING:
    from newscrawl.forgetting.flow import Report
    from newscrawl.forgetting.places import Touched

LEFT = 1  # exit code: something of them may be left


class Command(ScrapyCommand):
    """Refuses while a run of the site goes on. Exit codes: 0 nothing of the articles is left; 1 something may be, and is named; 2 a wrong ID, a
    run that goes on, or files that cannot be written."""

    requires_project = True
    requires_crawler_process = False
    default_settings = {"LOG_ENABLED": False}

    def syntax(self) -> str:
        """What may follow the command's name."""
        return "[ID…] [--dry-run] [--expired] [--allow ID]"

    def short_desc(self) -> str:
        """One line for `scrapy --help`."""
        return "Remove articles everywhere: feeds, state, archive, exports, reports; they are not fetched again"

    def long_desc(self) -> str:
        """What stands above the options."""
        return (
            f"{self.short_desc()}. ID: newspim:20220530000873, the fourteen digits, or an address of the article. Without one, it goes on with "
            "what was begun and not finished. Copies that you made of files are not touched."
        )

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        """How, and which."""
        super().add_options(parser)
        parser.add_argument("--dry-run", action="store_true", help="say what would be touched, and touch nothing")
        parser.add_argument(
            "--expired",
            action="store_true",
            help="remove what is older than NEWSCRAWL_RETENTION, as a run does once a day",
        )
        parser.add_argument(
            "--allow", action="append", metavar="ID", default=[], help="let a removed article be fetched again"
        )
        parser.add_argument(
            "--site", metavar="SITE", help="of this site; needed when there are several, and no ID names one"
        )

    def run(self, args: list[str], opts: argparse.Namespace) -> None:
        """Remove them, and print what was touched. Raises UsageError for what is wrong, and what cannot be."""
        assert self.settings is not None
        if opts.allow and (args or opts.expired or opts.dry_run):
            raise UsageError("--allow stands alone: scrapy forget --allow ID", print_help=False)
        try:
            if opts.allow:
                self._allow(opts.allow)
                return
            for name, numbers in self._asked(args, opts).items():
                self._forget(name, numbers, opts)
        except (StateError, ValueError) as error:
            raise UsageError(str(error), print_help=False) from error
        except OSError as error:
            why = f"{error.strerror or error}" + (f" ({error.filename})" if error.filename else "")
            raise UsageError(
                f"not finished: {why}. When that is mended, scrapy forget goes on", print_help=False
            ) from error

    def _asked(self, args: Sequence[str], opts: argparse.Namespace) -> dict[str, list[int]]:
        """The numbers by site. Raises UsageError, ValueError."""
        assert self.settings is not None
        sites = load_sites(self.settings)
        found: dict[str, list[int]] = {}
        for name, number in dict.fromkeys(find(argument, sites) for argument in args):
            found.setdefault(name, []).append(int(number))
        return found or {one_site(self.settings, opts.site).name: []}

    def _forget(self, name: str, numbers: list[int], opts: argparse.Namespace) -> None:
        from newscrawl.forgetting.expiry import expire
        from newscrawl.forgetting.flow import forget, plan

        assert self.settings is not None
        site, folder, now = (
            load_sites(self.settings)[name],
            site_folder(self.settings, name),
            clock_of(self.settings).now(),
        )
        database = self._state(name, folder, dry=opts.dry_run)
        about = (folder, database, site)
        at, day = int(now.timestamp()), f"{now:%Y-%m-%d}"
        try:
            if opts.expired:
                report = expire(*about, now, self.settings.get("NEWSCRAWL_RETENTION"), more=numbers, dry=opts.dry_run)
            elif opts.dry_run:
                report = plan(*about, numbers or self._unfinished(database, name), day)
            else:
                report = forget(*about, numbers, at, day)
            self._tell(report, site, dry=opts.dry_run)
            while report.more and not report.waits:
                report = forget(*about, [], at, day)
                self._tell(report, site)
        finally:
            database.close()

    def _state(self, name: str, folder: Path, *, dry: bool) -> Database:
        """The site's; made for the markers when there are feeds only (`dry`: in memory). Raises UsageError where there is nothing, StateError."""
        assert self.settings is not None
        for _, database in open_states(self.settings, [name]):
            there = database is not None
        if not there and not any(folder.glob("*.jsonl*")):
            raise UsageError(
                f"there is nothing of {name} in {folder} (NEWSCRAWL_DATA_DIR, NEWSCRAWL_STATE)", print_help=False
            )
        return Database("sqlite://") if dry and not there else open_state(self.settings, name)

    def _unfinished(self, database: Database, name: str) -> list[int]:
        with database.reading() as connection:
            row = site_id(connection, name)
            return [one.number for one in forgotten.unfinished(connection, row)] if row is not None else []

    def _tell(self, report: Report, site: Site, *, dry: bool = False) -> None:
        if not report.numbers:
            write(f"{site.name}: {'; '.join(_notes(report)) or 'nothing is left to be removed'}")
            return
        write("\n".join(_lines(report, site, dry=dry)))
        for line in (*_notes(report), *report.troubles):
            print(line, file=sys.stderr)
        if report.waits and not dry:
            print("not finished: when that is mended, scrapy forget goes on", file=sys.stderr)
        if report.troubles:
            self.exitcode = LEFT

    def _allow(self, given: Sequence[str]) -> None:
        """Take markers away. Raises UsageError for an article without one, StateError."""
        assert self.settings is not None
        sites = load_sites(self.settings)
        for name, number in dict.fromkeys(find(argument, sites) for argument in given):
            for _, database in open_states(self.settings, [name]):
                if database is None or (why := _allowed(database, name, int(number))):
                    raise UsageError(f"{name}:{number} {why if database else 'was not removed'}", print_help=False)
            write(f"{name}:{number} may be fetched again: by whoever names it next, or scrapy crawl {name} -a urls=…")


def _allowed(database: Database, name: str, number: int) -> str:
    """Why it cannot be; empty when it is done."""
    with database.transaction() as connection:
        row = site_id(connection, name)
        found = forgotten.markers(connection, row, [number]) if row is not None else {}
        if row is None or number not in found:
            return "was not removed"
        if found[number].done_at is None:
            return "is not removed everywhere yet: run scrapy forget first, it goes on"
        forgotten.allow(connection, row, number)
    return ""


def _lines(report: Report, site: Site, *, dry: bool) -> list[str]:
    """What was, or would be, touched: a line for each kind of place."""
    named = [article_id(str(number), site) for number in report.numbers]
    more = f" and {len(named) - 3:,} more" if len(named) > 3 else ""
    lines = [f"{'would remove' if dry else 'removed'} {', '.join(named[:3])}{more}"]
    lines += [_line(one) for one in report.touched]
    if report.searched is not None:
        searched = report.searched
        what = "something is left" if report.troubles else "no word is left"
        lines.append(f"  searched  {searched.files:,} files, {searched.bytes / 1e6:,.1f} MB: {what}")
    return lines


def _line(one: Touched) -> str:
    if one.place == "state":
        return f"  {one.place:<9} {one.records:,} rows"
    return f"  {one.place:<9} {one.records:,} in {one.files:,} of {one.of:,} files"


def _notes(report: Report) -> list[str]:
    notes = [note for one in report.touched for note in one.notes]
    if report.lenders:
        notes.append(f"some of its words are also those of {_some(report.lenders)}, and stay there")
    if report.kin:
        notes.append(
            f"also of this story: {_some(report.kin)}; forget them too with: scrapy forget {' '.join(report.kin[:20])}"
        )
    return notes


def _some(ids: Sequence[str]) -> str:
    return ", ".join(ids[:5]) + (f" and {len(ids) - 5:,} more" if len(ids) > 5 else "")
