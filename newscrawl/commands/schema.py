"""`scrapy schema`: prints the JSON Schema of the record."""

from __future__ import annotations

import argparse

import orjson
from scrapy.commands import ScrapyCommand
from scrapy.exceptions import UsageError

from newscrawl.schema import RECORD


class Command(ScrapyCommand):
    """Prints to standard output, for a validator or a code generator."""

    requires_project = True
    requires_crawler_process = False
    default_settings = {"LOG_ENABLED": False}

    def short_desc(self) -> str:
        """One line for `scrapy`'s list of commands."""
        return "Print the JSON Schema of the record"

    def run(self, args: list[str], opts: argparse.Namespace) -> None:
        """Print it; `UsageError` for anything else."""
        if args:
            raise UsageError("scrapy schema takes no arguments", print_help=False)
        print(orjson.dumps(RECORD, option=orjson.OPT_INDENT_2).decode())
