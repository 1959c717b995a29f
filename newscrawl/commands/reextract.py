"""`scrapy reextract`: from WARC files to records, the whole way once more, without the network."""

from __future__ import annotations

import argparse
import contextlib
import os
import signal
import sys
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from tempfile import gettempdir
from typing import TYPE_CHECKING, Any

from scrapy.commands import ScrapyCommand
from scrapy.exceptions import UsageError
from scrapy.settings import Settings
from scrapy.spiderloader import SpiderLoader

from newscrawl import archive
from newscrawl.commands import Overtaken, clock_of, forgotten_numbers, note_output, removals, write
from newscrawl.commands.history import one_site, style_for
from newscrawl.folders import archive_folder, site_folder
from newscrawl.state import StateError

if TYPE_CHECKING:
    from newscrawl.archive.reading import Capture
    from newscrawl.export import Writer
    from newscrawl.reextraction.again import Again, Done

INCOMPLETE = 1  # exit code: it was written, and something of the archive could not be read
_FORMS = ("jsonl", "jsonl.gz", "jsonl.zst")


class Command(ScrapyCommand):
    """Exit codes: 0; 1 it was written, and something of the archive could not be read; 2 nothing was written."""

    requires_project = True
    requires_crawler_process = False
    default_settings = {"LOG_ENABLED": False}

    def syntax(self) -> str:
        """What may follow the command's name."""
        return "[WARC …] [-o PATH] [--since DAY] [--until DAY] [--compare OLD]"

    def short_desc(self) -> str:
        """One line for `scrapy --help`."""
        return "Make the records again from WARC files, with the extraction of today; nothing is fetched"

    def long_desc(self) -> str:
        """What stands above the options."""
        return (
            f"{self.short_desc()}. Without files: those of NEWSCRAWL_WARC=on. Files of others (Common Crawl) are taken too: what in them is an "
            "article of the site becomes a record."
        )

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        """Which articles, where to, and what to compare with."""
        super().add_options(parser)
        parser.add_argument(
            "-o", "--output", metavar="PATH", help=f"where to write it: {', '.join(_FORMS)} by its ending"
        )
        parser.add_argument("--overwrite", action="store_true", help="take the place of an earlier file")
        parser.add_argument(
            "--since", metavar="DAY", help="published from then on: a day (2026-11-01), a time or an age (36h)"
        )
        parser.add_argument("--until", metavar="DAY", help="and until then; a day to its end")
        parser.add_argument(
            "--everything", action="store_true", help="also articles that the crawl read and that nobody had asked for"
        )
        parser.add_argument(
            "--compare",
            metavar="OLD",
            action="append",
            help="say field by field what is other than in these records (a .jsonl, .gz or .zst; may be repeated)",
        )
        parser.add_argument("--processes", metavar="N", type=int, help="that read pages; default: one for each core")
        parser.add_argument("--site", metavar="SITE", help="of this site; needed when there are several")

    def run(self, args: list[str], opts: argparse.Namespace) -> None:
        """Write the records, print what was read and what is other. Raises UsageError for what is wrong, and when nothing can be written."""
        try:
            archive.check("scrapy reextract")
        except ValueError as error:
            raise UsageError(str(error), print_help=False) from error
        # Scrapy imports every command for each run of any; and this one needs the extra.
        from newscrawl.export import ExportError
        from newscrawl.reextraction.cores import Killed, quieten

        quieten()
        signal.signal(signal.SIGTERM, signal.default_int_handler)  # as Ctrl-C: what was begun is removed
        if not opts.output and not opts.compare:
            raise UsageError(
                "say where to: scrapy reextract -o PATH, or what to compare with: --compare OLD", print_help=False
            )
        try:
            done = self._done([Path(name) for name in args], opts)
        except (ExportError, Killed, Overtaken, StateError, ValueError) as error:
            raise UsageError(str(error), print_help=False) from error
        except KeyboardInterrupt:
            raise UsageError("stopped; nothing was written", print_help=False) from None
        except OSError as error:
            why = error.strerror or error
            raise UsageError(
                f"nothing was written: {why} ({error.filename or opts.output})", print_help=False
            ) from error
        for line in done.troubles:
            print(line, file=sys.stderr)
        write("\n".join(_said(done, opts.output)))
        self.exitcode = INCOMPLETE if done.troubles else 0

    def _done(self, given: list[Path], opts: argparse.Namespace) -> Done:
        from newscrawl.export import beside, check_place, format_of, writer

        assert self.settings is not None
        site = one_site(self.settings, opts.site).name
        paths = given or self._own(site)
        for path in [*paths, *map(Path, opts.compare or ())]:
            path.stat()
        again = self._asked(site, opts)
        lines = _lines(opts.compare) if opts.compare else None
        with _shown(paths) as tell:
            if not opts.output:
                return again.run(paths, Path(gettempdir()), None, lines, tell)
            path = Path(opts.output)
            form = format_of(None, path)
            if form not in _FORMS:
                raise ValueError(f"-o {path}: takes a file of {', '.join(_FORMS)}; scrapy export makes others of it")
            check_place(path, form, overwrite=opts.overwrite, own=(site_folder(self.settings, site), *paths))
            begun = removals(self.settings, site)
            with beside(path) as place:
                done = _written(again, paths, place, writer(form, place, ()), lines, tell)
                note_output(self.settings, site, opts.output, form, begun)
            return done

    def _own(self, site: str) -> list[Path]:
        """Raises UsageError when there are none."""
        from newscrawl.reextraction.again import files_of

        assert self.settings is not None
        folder = archive_folder(self.settings, site)
        if not (found := files_of(folder)):
            raise UsageError(
                f"there is no WARC file in {folder}: crawl with NEWSCRAWL_WARC=on, or name files", print_help=False
            )
        return found

    def _asked(self, site: str, opts: argparse.Namespace) -> Again:
        """Raises ValueError."""
        from newscrawl.export import asked
        from newscrawl.reextraction.again import Again

        assert self.settings is not None
        spider: Any = SpiderLoader.from_settings(self.settings).load(site)
        times = {name: getattr(opts, name) for name in ("since", "until")}
        bounds = asked(times, spider.site, clock_of(self.settings).now(), premium="keep", latest=False)
        if opts.processes is not None and opts.processes < 1:
            raise ValueError(f"--processes {opts.processes}: takes 1 or more")
        processes = opts.processes or os.cpu_count() or 1
        settings = Settings(self.settings.copy_to_dict())
        gone = forgotten_numbers(self.settings, site)
        return Again(spider, settings, bounds, gone, opts.everything, processes)


def _written(
    again: Again,
    paths: list[Path],
    place: Path,
    into: Writer,
    before: Iterator[bytes] | None,
    tell: Callable[[Capture], object],
) -> Done:
    with contextlib.closing(into):
        done = again.run(paths, place.parent, into, before, tell)
        into.finish()
    return done


def _lines(names: list[str]) -> Iterator[bytes]:
    """The lines of the files to compare with. Raises ValueError for one that is damaged."""
    from newscrawl.export.feeds import Feed
    from newscrawl.export.reading import whole_lines

    for path in map(Path, names):
        troubles: list[str] = []
        yield from whole_lines(Feed(path, path.stat().st_size), lambda _: None, troubles.append)
        if troubles:
            raise ValueError(f"--compare: {troubles[0]}")


_COUNTS = {
    "newscrawl/forgotten": "forgotten",  # of the spider -> what is said of it
    "newscrawl/no_container": "without a body container",
    "newscrawl/gone/404": "gone",
    "newscrawl/gone/410": "gone",
    "newscrawl/gone/empty": "gone",
    "newscrawl/gone/redirect": "gone",
    "newscrawl/gone/left_site": "gone",
    "newscrawl/gone/moved": "gone",
    "newscrawl/failed/article/IgnoreRequest": "larger than DOWNLOAD_MAXSIZE",
    "newscrawl/skipped/section": "of sections that nobody asked for",
    "newscrawl/skipped/outside/published": "of times that nobody asked for",
    "newscrawl/drop/duplicate/exact": "exact copies",
}


def _said(done: Done, output: str | None) -> Iterator[str]:
    """`1,234 records of 1,300 captures: out.jsonl`, what became of the others, and what is other than before."""
    from newscrawl.reextraction.showing import shown

    yield f"{done.records:,} records of {done.captures:,} captures" + (f": {output}" if output else "")
    words = dict.fromkeys(_COUNTS.values(), 0)
    for name, said in _COUNTS.items():
        words[said] += done.counts[name]
    words["incomplete"] = sum(done.counts[f"newscrawl/drop/incomplete/{what}"] for what in ("id", "title", "body"))
    if told := [f"{count:,} {said}" for said, count in words.items() if count]:
        yield f"no records: {', '.join(told)}"
    if done.comparison:
        yield from shown(done.comparison, style_for(sys.stdout, os.environ))


@contextlib.contextmanager
def _shown(paths: list[Path]) -> Iterator[Callable[[Capture], object]]:
    """How far the reading is, on a terminal only."""
    if not sys.stderr.isatty():
        yield lambda _: None
        return
    from rich.console import Console
    from rich.progress import Progress

    at: dict[str, int] = {}  # where each file is read, in bytes

    def tell(capture: Capture) -> None:
        update(completed=sum(at.values()) - at.get(capture.place.file, 0) + capture.place.offset)
        at[capture.place.file] = capture.place.offset

    with Progress(console=Console(stderr=True), transient=True) as bar:
        update = partial(
            bar.update, bar.add_task("reading the archive", total=sum(path.stat().st_size for path in paths))
        )
        yield tell
