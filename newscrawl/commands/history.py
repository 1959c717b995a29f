"""`scrapy history`: the revisions of articles, and what changed from each to the next."""

from __future__ import annotations

import argparse
import os
import re
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise
from typing import Any, TextIO

import orjson
from scrapy.commands import ScrapyCommand
from scrapy.exceptions import UsageError
from scrapy.settings import BaseSettings
from scrapy.spiderloader import SpiderLoader

from newscrawl.commands import clock_of, open_states, shown_time, write
from newscrawl.differences import COLOURED, PLAIN, Style, differences
from newscrawl.identity import article_id, article_number, canonical_url, creation_date
from newscrawl.site import Site
from newscrawl.state import Database, StateError
from newscrawl.state.forgotten import markers
from newscrawl.state.revisions import Kept, history, latest, next_look
from newscrawl.state.runs import site_id
from newscrawl.state.seen import numbers
from newscrawl.text import fold

_LATEST = 20  # revisions that are listed when no article is named
ABSENT = 1  # exit code: an article that was asked for is not in the output
_NOT_THERE = "not in the output"
_NO_STATE = f"{_NOT_THERE}: no crawl has made a state yet (NEWSCRAWL_DATA_DIR, NEWSCRAWL_STATE)"
_NUMBER = re.compile(r"\d{14}", re.ASCII)  # the digits of an article's id


class Command(ScrapyCommand):
    """Works while crawls run. Exit codes: 0 all are in the output, 1 some are not, 2 a wrong ID."""

    requires_project = True
    requires_crawler_process = False
    default_settings = {"LOG_ENABLED": False}

    def syntax(self) -> str:
        """What may follow the command's name."""
        return "[ID…] [--json]"

    def short_desc(self) -> str:
        """One line for `scrapy --help`."""
        return "What changed in an article: its revisions, each with the difference to the one before"

    def long_desc(self) -> str:
        """What stands above the options."""
        return (
            f"{self.short_desc()}. ID: newspim:20220530000873, the fourteen digits, or an address of the article. Without one, the latest "
            f"{_LATEST} revisions of all articles."
        )

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        """For whom."""
        super().add_options(parser)
        parser.add_argument(
            "--json",
            action="store_true",
            help="for programs: one JSON object an article and line, with the records of its revisions; times in seconds since 1970",
        )

    def run(self, args: list[str], opts: argparse.Namespace) -> None:
        """Print them, in the order asked for. Raises UsageError for a wrong ID, and for a state that cannot be read."""
        assert self.settings is not None
        sites = load_sites(self.settings)
        if not args:
            self._show_latest(sites)
            return
        asked = list(dict.fromkeys(find(argument, sites) for argument in args))
        try:
            found = dict(look_up(self.settings, sites, asked))
        except (StateError, ValueError) as error:
            raise UsageError(str(error), print_help=False) from error
        histories = [one for article in asked if isinstance(one := found[article], History)]
        style, now = style_for(sys.stdout, os.environ), int(clock_of(self.settings).time())
        texts = [one.as_json() if opts.json else "\n".join(one.lines(style, now)) for one in histories]
        write(("\n" if opts.json else "\n\n").join(texts))
        for name, number in asked:
            if isinstance(why := found[name, number], str):
                print(f"{name}:{number}: {why}", file=sys.stderr)
                self.exitcode = ABSENT

    def _show_latest(self, sites: Mapping[str, Site]) -> None:
        assert self.settings is not None
        lines = []
        try:
            for name, database in open_states(self.settings, []):
                lines += [_line(article_id(str(number), sites[name]), one) for number, one in _latest(database, name)]
        except (StateError, ValueError) as error:
            raise UsageError(str(error), print_help=False) from error
        write("\n".join(lines) or "no article has been revised yet")


def _latest(database: Database | None, site: str) -> list[tuple[int, Kept]]:
    if database is None:
        return []
    with database.reading() as connection:
        row = site_id(connection, site)
    return latest(database, row, _LATEST) if row is not None else []


def _line(id: str, one: Kept) -> str:
    record = orjson.loads(one.record)
    what = "withdrawn" if record["status"] == "withdrawn" else ", ".join(one.changed)
    return f"{shown_time(one.seen_at)}  {id}  {one.revision:<2} {what:<28}  {fold(record['title'] or '(no title)')}"


@dataclass(frozen=True, slots=True)
class History:
    """What the state knows of an article of the output. `next_at`: when it is looked at next, seconds since 1970."""

    id: str
    url: str
    kept: list[Kept]
    next_at: int | None

    def as_json(self) -> str:
        """One line, with the records as they are in the output."""
        revisions = [
            {
                "revision": one.revision,
                "seen_at": one.seen_at,
                "changed": one.changed,
                "record": orjson.loads(one.record),
            }
            for one in self.kept
        ]
        shown = {"id": self.id, "url": self.url, "next_look_at": self.next_at, "revisions": revisions}
        return orjson.dumps(shown).decode()

    def lines(self, style: Style, now: int) -> list[str]:
        """For a reader."""
        if not self.kept:
            return [self.id, f"  {self.url}", "  one revision; its text is in the feed"]
        records = [orjson.loads(one.record) for one in self.kept]
        count = self.kept[-1].revision
        times = [
            f"first seen {_first_seen(records[0], self.kept[0])}",
            f"{count} revision{'s' if count > 1 else ''}",
            _next(self.next_at, now),
        ]
        lines = [
            self.id,
            f"  {fold(records[-1]['title'] or '(no title)')}",
            f"  {self.url}",
            f"  {'   '.join(times)}",
            *_heading(self.kept[0], records[0]),
            f"     {fold(records[0]['title'] or '(no title)')}",
        ]
        for (old, new), one in zip(pairwise(records), self.kept[1:], strict=True):
            found = differences(old, new, one.changed, style)
            lines += [*_heading(one, new), *(f"     {line}" for line in found)]
        return lines


def _heading(one: Kept, record: Mapping[str, Any]) -> list[str]:
    changed = f"   changed: {', '.join(one.changed)}" if one.changed else ""
    return ["", f"  {one.revision:<2} {shown_time(one.seen_at)}  {record['status']}{changed}"]


def _first_seen(record: Mapping[str, Any], first: Kept) -> str:
    given = record.get("first_seen_at")
    return shown_time(int(datetime.fromisoformat(given).timestamp()) if given else first.seen_at)


def _next(at: int | None, now: int) -> str:
    if at is None:
        return "no further look"
    return f"next look {shown_time(at)}" if at > now else f"next look due since {shown_time(at)}"


def load_sites(settings: BaseSettings) -> dict[str, Site]:
    """Each site of the project by its name."""
    loader = SpiderLoader.from_settings(settings)
    return {name: loader.load(name).site for name in sorted(loader.list())}  # type: ignore[attr-defined]  # every spider here has one


def one_site(settings: BaseSettings, given: str | None) -> Site:
    """The site that is named, or the only one. Raises UsageError for one that there is not, and when there are several."""
    sites = load_sites(settings)
    if given is None and len(sites) > 1:
        raise UsageError(f"say of which site: --site {' or '.join(sites)}", print_help=False)
    name = given or next(iter(sites))
    if name not in sites:
        raise UsageError(f"there is no site {name!r}; there are: {', '.join(sites)}", print_help=False)
    return sites[name]


def find(argument: str, sites: Mapping[str, Site]) -> tuple[str, str]:
    """The site and the number of the article that an ID names. Raises UsageError when it names none."""
    given = argument.strip()
    name, _, number = given.rpartition(":")
    if not name and len(sites) == 1:
        name = next(iter(sites))
    if name in sites and _NUMBER.fullmatch(number) and creation_date(number):
        return name, number
    for name, site in sites.items():
        if found := article_number(given if "//" in given else f"https://{given}", site):
            return name, found
    example = article_id("20220530000873", next(iter(sites.values())))
    raise UsageError(
        f"{argument!r} names no article: takes an id like {example}, its fourteen digits, or an address of the article",
        print_help=False,
    )


def look_up(
    settings: BaseSettings, sites: Mapping[str, Site], asked: list[tuple[str, str]]
) -> Iterator[tuple[tuple[str, str], History | str]]:
    """What there is of each article, or why there is nothing. Raises StateError."""
    for name, database in open_states(settings, list(dict.fromkeys(name for name, _ in asked))):
        for article in asked:
            if article[0] == name:
                yield article, _look_up(database, sites[name], article[1]) if database else _NO_STATE


def _look_up(database: Database, site: Site, number: str) -> History | str:
    with database.reading() as connection:
        row = site_id(connection, site.name)
        if row is None or not numbers(connection, row, [int(number)]):
            return _NOT_THERE
        if gone := markers(connection, row, [int(number)]):
            return f"was forgotten on {shown_time(gone[int(number)].asked_at)}"
    kept = history(database, row, int(number))
    return History(article_id(number, site), canonical_url(number, site), kept, next_look(database, row, int(number)))


def style_for(stream: TextIO, environment: Mapping[str, str]) -> Style:
    """Colours for a terminal, unless NO_COLOR (no-color.org) is set or the terminal knows none."""
    plain = environment.get("NO_COLOR") or environment.get("TERM") == "dumb" or not stream.isatty()
    return PLAIN if plain else COLOURED
