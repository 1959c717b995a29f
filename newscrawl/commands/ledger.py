"""`scrapy ledger`: which days of each section are complete, as a calendar, and how to complete the others."""

from __future__ import annotations

import argparse
import os
import shutil
import sys
from datetime import datetime, timedelta

import orjson
from scrapy.commands import ScrapyCommand
from scrapy.exceptions import UsageError

from newscrawl.arguments import Arguments
from newscrawl.commands import clock_of, open_states, write
from newscrawl.commands.history import load_sites, style_for
from newscrawl.ledger_view import Asked, Look, as_date, as_number, sheet
from newscrawl.site import Site
from newscrawl.state import Database, LedgerDay, StateError
from newscrawl.state.ledger import ledger
from newscrawl.state.runs import site_id

_LATE = timedelta(
    hours=1
)  # after midnight: until then lists may lack an article of the day, and the spider takes none for whole
_ALWAYS = (0, 99_999_999)  # before the first day and behind the last that a ledger can have


class Command(ScrapyCommand):
    """Works while crawls run. Exit codes: 0, whatever is missing; 2 for what is wrong."""

    requires_project = True
    requires_crawler_process = False
    default_settings = {"LOG_ENABLED": False}

    def syntax(self) -> str:
        """What may follow the command's name."""
        return "[SITE…] [--since DAY] [--until DAY] [--section NAME] [--json]"

    def short_desc(self) -> str:
        """One line for `scrapy --help`."""
        return "Which days are complete, as a calendar of coverage, and how to complete the others"

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        """Which days, of which sections, and for whom."""
        super().add_options(parser)
        parser.add_argument(
            "--since", metavar="DAY", help="a day (2026-11-01) or an age (7d); default: the first in the ledger"
        )
        parser.add_argument("--until", metavar="DAY", help="the same; default: the last in the ledger")
        parser.add_argument(
            "--section",
            metavar="NAME",
            dest="sections",
            help="names or codes of sections (정치,105), a calendar of each; default: one of the list of everything",
        )
        parser.add_argument(
            "--json",
            action="store_true",
            help="for programs: one JSON object a day and section, and line; times in seconds since 1970",
        )

    def run(self, args: list[str], opts: argparse.Namespace) -> None:
        """Print it. Raises UsageError for a site that there is not, a wrong option, and a state that cannot be read."""
        assert self.settings is not None
        sites, now = load_sites(self.settings), clock_of(self.settings).now()
        today = (now - _LATE).date()
        texts: list[str] = []
        try:
            for name, database in open_states(self.settings, args):
                asked = _asked(opts, sites[name], now)
                found = _read(database, name, asked) if database else []
                if opts.json:
                    texts += [_as_json(sites[name], one) for one in found]
                else:
                    lines = sheet(sites[name], found, asked, today, _look())
                    texts.append("\n".join(lines) or f"{name}: {_nothing(asked)}")
        except (StateError, ValueError) as error:
            raise UsageError(str(error), print_help=False) from error
        write(("\n" if opts.json else "\n\n").join(texts))


def _asked(opts: argparse.Namespace, site: Site, now: datetime) -> Asked:
    """The options, which are those of the spider. Raises ArgumentError."""
    given = {name: value for name in ("since", "until", "sections") if (value := getattr(opts, name)) is not None}
    parsed = Arguments.parse(given, site, now)
    return Asked(
        parsed.since.date() if parsed.since and "since" in given else None,
        parsed.until.date() if parsed.until else None,
        (parsed.sections or (site.list_all,)) if "sections" in given else (),
    )


def _read(database: Database, name: str, asked: Asked) -> list[LedgerDay]:
    """What the ledger has of what is asked for."""
    with database.reading() as connection:
        site = site_id(connection, name)
    if site is None:
        return []
    bounds = [as_number(day) if day else usual for day, usual in zip((asked.first, asked.last), _ALWAYS, strict=True)]
    found = ledger(database, site, *bounds)
    return [one for one in found if one.section in asked.sections] if asked.sections else found


def _as_json(site: Site, one: LedgerDay) -> str:
    shown = {
        "site": site.name,
        "day": as_date(one.day).isoformat(),
        "section": one.section,
        "name": site.sections.get(one.section),
        "listed": one.listed,
        "exported": one.exported,
        "waiting": one.waiting,
        "failed": one.failed,
        "whole": one.whole,
        "complete": one.is_complete,
        "walked_at": one.walked_at,
    }
    return orjson.dumps(shown).decode()


def _nothing(asked: Asked) -> str:
    return "nothing yet" if asked == Asked() else "the ledger has nothing of that"


def _look() -> Look:
    """What the terminal can show. Other encodings than UTF-8 are of terminals that show such signs in two columns, or not at all."""
    unicode = (sys.stdout.encoding or "").lower().startswith("utf")
    coloured = bool(style_for(sys.stdout, os.environ).end)
    return Look(shutil.get_terminal_size().columns, unicode, coloured)
