"""`scrapy export`: the feeds of a site as Parquet, CSV, SQLite or JSON Lines."""

from __future__ import annotations

import argparse
import contextlib
import sys
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from scrapy.commands import ScrapyCommand
from scrapy.exceptions import UsageError

from newscrawl.commands import Overtaken, clock_of, note_output, open_states, removals, write
from newscrawl.commands.history import one_site
from newscrawl.folders import site_folder
from newscrawl.state import StateError

if TYPE_CHECKING:
    from newscrawl.export import Asked, Feeds, Told

INCOMPLETE = 1  # exit code: it was written, and something of the feeds could not be read
_OPTIONS = ("since", "until", "sections", "kind", "status", "columns")


class Command(ScrapyCommand):
    """Works while crawls run: what they write meanwhile is in the next export.

    Exit codes: 0; 1 it was written, and something of the feeds could not be read; 2 nothing was written.
    """

    requires_project = True
    requires_crawler_process = False
    default_settings = {"LOG_ENABLED": False}

    def syntax(self) -> str:
        """What may follow the command's name."""
        return "-o PATH [--format FORMAT] [--since DAY] [--until DAY] [--section NAME] [--kind KIND] [--latest-revision] [--columns NAMES]"

    def short_desc(self) -> str:
        """One line for `scrapy --help`."""
        return "Write what was collected as Parquet, CSV, SQLite or JSON Lines, for other programs"

    def long_desc(self) -> str:
        """What stands above the options."""
        return (
            f"{self.short_desc()}: the records of all feeds, each revision of each article once. Parquet is a folder with a folder for each month "
            "of publication, all else is a file, here or in a store (s3://bucket/name). NEWSCRAWL_PREMIUM=skip leaves premium articles out."
        )

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        """What, in which form, and where."""
        super().add_options(parser)
        parser.add_argument(
            "-o",
            "--output",
            metavar="PATH",
            help="where to: a folder for Parquet, else a file, or s3://, gs://, ftp://",
        )
        parser.add_argument("--format", metavar="FORMAT", help=f"{_forms()}; default: by the ending of PATH")
        parser.add_argument("--overwrite", action="store_true", help="take the place of an earlier export")
        parser.add_argument(
            "--since", metavar="DAY", help="published from then on: a day (2026-11-01), a time or an age (36h)"
        )
        parser.add_argument("--until", metavar="DAY", help="and until then; a day to its end")
        parser.add_argument(
            "--section", metavar="NAME", dest="sections", help="names or codes of sections, comma separated (정치,105)"
        )
        parser.add_argument("--kind", metavar="KIND", help="article, photo, flash, robot, translated; comma separated")
        parser.add_argument("--status", metavar="STATUS", help="published or withdrawn; default: both")
        parser.add_argument("--latest-revision", action="store_true", help="of each article only how it stands now")
        parser.add_argument(
            "--columns", metavar="NAMES", help="fields of the record in this order (id,title,body); default: all"
        )
        parser.add_argument(
            "--for-excel", action="store_true", help="CSV: put ' before cells that Excel would take for formulas"
        )
        parser.add_argument(
            "--run", type=int, metavar="N", help="only what this run wrote, by its number in scrapy runs"
        )
        parser.add_argument("--site", metavar="SITE", help="of this site; needed when there are several")

    def run(self, args: list[str], opts: argparse.Namespace) -> None:
        """Write it, and print what was written. Raises UsageError for what is wrong, and when nothing can be written."""
        from newscrawl.export import ExportError  # Scrapy imports every command for each run of any

        if args or not opts.output:
            raise UsageError("say where to: scrapy export -o PATH (scrapy export --help)", print_help=False)
        try:
            told, summary = self._export(opts)
        except (ExportError, Overtaken, StateError, ValueError) as error:
            raise UsageError(str(error), print_help=False) from error
        except OSError as error:
            why = error.strerror or error
            raise UsageError(
                f"-o {opts.output}: nothing was written: {why} ({error.filename or opts.output})", print_help=False
            ) from error
        for line in (*told.notes, *told.troubles):
            print(line, file=sys.stderr)
        write(summary)
        self.exitcode = INCOMPLETE if told.troubles else 0

    def _export(self, opts: argparse.Namespace) -> tuple[Told, str]:
        """What came of it, and that in a line."""
        from newscrawl.export import export, format_of, writer
        from newscrawl.storage import check_addresses

        assert self.settings is not None
        check_addresses([opts.output])  # the first: what is said of it may name it
        form = format_of(opts.format, Path(opts.output))
        if opts.for_excel and form != "csv":
            raise ValueError(f"--for-excel is for csv; this is {form}")
        name, asked = self._asked(opts)
        feeds, begun = self._feeds(name, opts.run), removals(self.settings, name)
        with self._place(opts, form, name, feeds) as place:
            with _shown(feeds.size * 2) as tell:
                told = export(feeds.found, asked, writer(form, place, asked.columns, for_excel=opts.for_excel), tell)
            summary = _summary(told, place, opts.output)
            note_output(self.settings, name, opts.output, form, begun)
        told.troubles[:0] = feeds.troubles
        return told, summary

    def _place(
        self, opts: argparse.Namespace, form: str, site: str, feeds: Feeds
    ) -> contextlib.AbstractContextManager[Path]:
        """A path to write to; what is written gets its name when this is left without an error. Raises ExportError."""
        from newscrawl.export import beside, check_place, sent
        from newscrawl.storage import is_remote

        assert self.settings is not None
        if is_remote(opts.output):
            return sent(opts.output, form, self.settings, overwrite=opts.overwrite)
        path = Path(opts.output)
        check_place(path, form, overwrite=opts.overwrite, own=(site_folder(self.settings, site), *feeds.own))
        return beside(path)

    def _asked(self, opts: argparse.Namespace) -> tuple[str, Asked]:
        """The site, and what of it. Raises UsageError, ValueError."""
        from newscrawl.export import asked

        assert self.settings is not None
        site = one_site(self.settings, opts.site)
        given = {option: getattr(opts, option) for option in _OPTIONS}
        premium = str(self.settings.get("NEWSCRAWL_PREMIUM", "keep"))
        now = clock_of(self.settings).now()
        return site.name, asked(given, site, now, premium=premium, latest=opts.latest_revision)

    def _feeds(self, name: str, run: int | None) -> Feeds:
        """Raises UsageError when there are none, StateError."""
        from newscrawl.export import find_feeds

        assert self.settings is not None
        folder = site_folder(self.settings, name)
        for _, database in open_states(self.settings, [name]):
            feeds = find_feeds(folder, database, name, run)
        if not feeds.found:
            lost = "".join(f"; {line}" for line in feeds.troubles)
            of_run = "" if run is None else f" of run {run} (scrapy runs)"
            raise UsageError(
                f"there is no feed{of_run} in {folder} yet (NEWSCRAWL_DATA_DIR, NEWSCRAWL_STATE){lost}",
                print_help=False,
            )
        return feeds


def _forms() -> str:
    return "parquet, csv, sqlite, jsonl, jsonl.gz or jsonl.zst"


def _summary(told: Told, path: Path, name: str) -> str:
    """`1,234 records of 1,300 lines, 4.1 MB: articles.parquet`. `path`: where it was written."""
    files = [one for one in path.rglob("*") if one.is_file()] if path.is_dir() else [path]
    size = sum(one.stat().st_size for one in files)
    plural = "" if len(files) == 1 else "s"
    count = f" in {len(files):,} file{plural}" if path.is_dir() else ""
    return f"{told.records:,} records of {told.lines:,} lines, {size / 1e6:,.1f} MB{count}: {name}"


@contextlib.contextmanager
def _shown(total: int) -> Iterator[Callable[[int], object]]:
    """How far the reading is, on a terminal only. `total`: bytes."""
    if not sys.stderr.isatty():
        yield lambda _: None
        return
    from rich.console import Console
    from rich.progress import Progress

    with Progress(console=Console(stderr=True), transient=True) as bar:
        yield partial(bar.advance, bar.add_task("reading the feeds twice", total=total))
