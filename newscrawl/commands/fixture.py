"""`scrapy fixture`: a page and what the extraction makes of it today, as a case for the tests."""

from __future__ import annotations

import argparse
import re
from pathlib import Path
from typing import Any

import orjson
from scrapy.commands import ScrapyCommand
from scrapy.exceptions import UsageError

from newscrawl.commands import write
from newscrawl.commands.history import one_site
from newscrawl.extraction import Gone, NoContainer, extract
from newscrawl.one_page import OnePage, get_page
from newscrawl.record import record
from newscrawl.site import Site

_NAME = re.compile(r"[\w-]+", re.ASCII)
# What a page alone does not say: it is of the crawl, of other articles, or follows from the rest.
_NOT_OF_THE_PAGE = frozenset(
    (
        "schema",
        "story",
        "duplicate",
        "found",
        "first_seen_at",
        "fetched_at",
        "archived",
        "revision",
        "status",
        "changed",
    )
) | {"previous_hash", "fields_from", "hash"}


class Command(ScrapyCommand):
    """Writes `<name>.html` and `<name>.json` into the folder of golden pages."""

    requires_project = True
    default_settings = {"LOG_ENABLED": False}

    def syntax(self) -> str:
        """What may follow the command's name."""
        return "FILE|URL|WARC[:OFFSET] [--id DIGITS] [--name NAME] [--why TEXT] [--folder FOLDER]"

    def short_desc(self) -> str:
        """One line for `scrapy --help`."""
        return "Make a golden page of a page: its bytes, and the record to be checked by hand"

    def long_desc(self) -> str:
        """What stands above the options."""
        return (
            f"{self.short_desc()}. The record is what the extraction says today: read it beside the page and correct it, then it is a test. A page "
            "of the site holds the site's words: keep it out of what you publish."
        )

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        """Which article it is, and what the case is called."""
        super().add_options(parser)
        parser.add_argument(
            "--id", metavar="DIGITS", help="the article's fourteen digits, if neither the page nor its name say them"
        )
        parser.add_argument("--name", metavar="NAME", help="of the case: letters, digits, - (default: the digits)")
        parser.add_argument("--why", metavar="TEXT", default="", help="what the page shows that no other does")
        parser.add_argument("--folder", metavar="FOLDER", default="tests/pages", help="default: tests/pages")
        parser.add_argument("--site", metavar="SITE", help="of this site; needed when there are several")

    def run(self, args: list[str], opts: argparse.Namespace) -> None:
        """Write both files. Raises UsageError for a page that cannot be read, a name that is taken, a folder that is not there."""
        assert self.settings is not None
        assert self.crawler_process is not None
        if len(args) != 1:
            raise UsageError("name one page: scrapy fixture page.html, its address, or its place in a WARC file")
        if opts.name and not _NAME.fullmatch(opts.name):
            raise UsageError(f"--name {opts.name}: takes letters, digits, - and _", print_help=False)
        folder = Path(opts.folder)
        if not folder.is_dir():
            raise UsageError(f"--folder {folder}: there is no such folder", print_help=False)
        site = one_site(self.settings, opts.site)
        page = get_page(args[0], opts.id, site, self.settings, self.crawler_process)
        number = page.number(site, opts.id)
        html, json = (folder / f"{opts.name or number}.{ending}" for ending in ("html", "json"))
        for path in (html, json):
            if path.exists():
                raise UsageError(f"{path} exists; --name gives another", print_help=False)
        case = _case(page, number, site, opts.why)
        html.write_bytes(page.body)
        json.write_bytes(orjson.dumps(case, option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE))
        write(f"{html}\n{json}: {case.get('outcome', 'an article')}; read it beside the page before you trust it")


def _case(page: OnePage, number: str, site: Site, why: str) -> dict[str, Any]:
    case: dict[str, Any] = {"id": number, "content_type": page.content_type, "why": why}
    try:
        article = extract(page.parsed(site), number, site)
    except Gone:
        return case | {"outcome": "gone"}
    except NoContainer:
        return case | {"outcome": "no_container"}
    return case | {"record": {name: value for name, value in record(article).items() if name not in _NOT_OF_THE_PAGE}}
