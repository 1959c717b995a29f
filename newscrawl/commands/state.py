"""`scrapy state copy FROM TO`: a site's state from one database to another."""

from __future__ import annotations

import argparse
from pathlib import Path

from scrapy.commands import ScrapyCommand
from scrapy.exceptions import UsageError

from newscrawl.commands import write
from newscrawl.commands.history import one_site
from newscrawl.folders import site_folder
from newscrawl.state import Database, StateError, database_address
from newscrawl.state.copying import Copied, copy


class Command(ScrapyCommand):
    """Writes to the second database only."""

    requires_project = True
    requires_crawler_process = False
    default_settings = {"LOG_ENABLED": False}

    def syntax(self) -> str:
        """What may follow the command's name."""
        return "copy FROM TO [--site NAME]"

    def short_desc(self) -> str:
        """One line for `scrapy --help`."""
        return "Copy the state to another database, from SQLite to PostgreSQL or back"

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        """Of which site."""
        super().add_options(parser)
        parser.add_argument("--site", help="whose data folder the state is of, if the project has several sites")

    def run(self, args: list[str], opts: argparse.Namespace) -> None:
        """Copy, and print what was copied. Raises UsageError when it cannot be done."""
        assert self.settings is not None
        if len(args) != 3 or args[0] != "copy":
            raise UsageError("scrapy state copy FROM TO: two addresses of databases, as NEWSCRAWL_STATE takes them")
        site = one_site(self.settings, opts.site)
        folder = site_folder(self.settings, site.name)
        try:
            for url in args[1:]:
                database_address(url)
            if database_address(args[1]) == database_address(args[2]):
                raise ValueError("FROM and TO are the same database")
            self._check_there(args[1])
            source, target = Database(args[1], folder), Database(args[2], folder)
            try:
                done = copy(source, target, lambda one: write(_line(one)) if one.rows else None)
            finally:
                source.close()
                target.close()
        except (StateError, ValueError) as error:
            raise UsageError(str(error), print_help=False) from error
        write(
            f"{sum(one.rows for one in done):,} rows, each looked at on both sides; from now on: NEWSCRAWL_STATE={_shown(args[2])}"
        )

    def _check_there(self, url: str) -> None:
        """Raises ValueError for a file that there is not: opening it would make it."""
        address = database_address(url)
        if address.get_backend_name() == "sqlite" and not Path(address.database or "").is_file():
            raise ValueError(f"there is no {address.database}")


def _line(one: Copied) -> str:
    return f"  {one.table:<10} {one.rows:>12,}"


def _shown(url: str) -> str:
    return database_address(url).render_as_string(hide_password=True)
