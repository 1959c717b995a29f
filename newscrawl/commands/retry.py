"""`scrapy retry`: puts what failed back, for the next run."""

from __future__ import annotations

import argparse

from scrapy.commands import ScrapyCommand
from scrapy.exceptions import UsageError

from newscrawl.commands import open_states
from newscrawl.state import StateError
from newscrawl.state.frontier import retry
from newscrawl.state.runs import site_id


class Command(ScrapyCommand):
    """The next `scrapy crawl` fetches them again."""

    requires_project = True
    requires_crawler_process = False
    default_settings = {"LOG_ENABLED": False}

    def syntax(self) -> str:
        """What may follow the command's name."""
        return "[SITE…]"

    def short_desc(self) -> str:
        """One line for `scrapy --help`."""
        return "Put the addresses that failed back, for the next crawl"

    def run(self, args: list[str], opts: argparse.Namespace) -> None:
        """Print how many. Raises UsageError for a site that there is not, and for a state that cannot be used."""
        assert self.settings is not None
        try:
            for name, database in open_states(self.settings, args):
                count = 0
                if database:
                    with database.transaction() as connection:
                        site = site_id(connection, name)
                        count = retry(connection, site) if site is not None else 0
                print(f"{name}: {count:,} wait again" if count else f"{name}: nothing has failed")
        except (StateError, ValueError) as error:
            raise UsageError(str(error), print_help=False) from error
