"""`scrapy parse-page`: what the extraction sees in a page, layer by layer. The file's name is the command's."""

from __future__ import annotations

import argparse
import re
import sys
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any

import orjson
from rich.cells import set_cell_size
from scrapy import Request, Spider
from scrapy.commands import ScrapyCommand
from scrapy.exceptions import UsageError
from scrapy.http import Response

from newscrawl.commands import write
from newscrawl.commands.history import one_site
from newscrawl.extraction.explaining import Explanation, explain
from newscrawl.extraction.page import Page
from newscrawl.identity import article_number, canonical_url, creation_date
from newscrawl.record import record
from newscrawl.site import Site

_SHOWN = 100  # characters of a value
_LAYER = 28  # columns; a Hangul syllable takes two
_NUMBER = re.compile(r"(?<!\d)\d{14}(?!\d)", re.ASCII)
NO_ARTICLE = 1  # the exit code for a page that has none
# A page is looked at, and nothing is kept of it: no state, no feed, no report.
_NOTHING_KEPT: dict[str, Any] = {
    "SCHEDULER": "scrapy.core.scheduler.Scheduler",
    "SPIDER_MIDDLEWARES": {},
    "ITEM_PIPELINES": {},
    "EXTENSIONS": {},
}


class OnePage(Spider):
    """Asks for one page, as politely as a crawl does, and keeps the answer."""

    name = "one-page"

    def __init__(self, url: str, site: Site, answers: list[Response]) -> None:
        super().__init__()
        self.url, self.site, self.answers = url, site, answers

    async def start(self) -> AsyncIterator[Request]:
        """The page, whatever its status is."""
        yield Request(self.url, meta={"handle_httpstatus_all": True})

    def parse(self, response: Response) -> None:
        """Keep it."""
        self.answers.append(response)


class Command(ScrapyCommand):
    """For a look at a page that was not read as it should be. Exit code 1 for a page that has no article."""

    requires_project = True
    default_settings = {"LOG_ENABLED": False}

    def syntax(self) -> str:
        """What may follow the command's name."""
        return "FILE|URL [--id DIGITS] [--site SITE] [--json]"

    def short_desc(self) -> str:
        """One line for `scrapy --help`."""
        return "What the extraction sees in a page: each field's layers, which was taken, what was left out"

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        """Which article it is, and for whom to print."""
        super().add_options(parser)
        parser.add_argument(
            "--id", metavar="DIGITS", help="the article's fourteen digits, if neither the page nor its name say them"
        )
        parser.add_argument("--site", metavar="SITE", help="of this site; needed when there are several")
        parser.add_argument(
            "--json", action="store_true", help="for programs: record, layers and left_out as one JSON object"
        )

    def run(self, args: list[str], opts: argparse.Namespace) -> None:
        """Read the page, from a file (`-`: standard input) or from the site, and print. Raises UsageError for what cannot be read."""
        assert self.settings is not None
        if len(args) != 1:
            raise UsageError("name one page: scrapy parse-page page.html, or its address")
        site = one_site(self.settings, opts.site)
        if opts.id and not _is_number(opts.id):
            raise UsageError(f"--id {opts.id}: takes the fourteen digits of an article's address", print_help=False)
        if "://" in args[0] and not opts.id and article_number(args[0], site) is None:
            raise UsageError(
                f"{args[0]} is no address of an article of {site.name}; --id says which it is", print_help=False
            )
        page = self._fetched(args[0], site) if "://" in args[0] else _read(args[0], site)
        number = opts.id or _number_of(args[0], page, site)
        if number is None:
            raise UsageError("which article is it? --id takes the fourteen digits of its address", print_help=False)
        seen = explain(page, number, site)
        write(_as_json(seen) if opts.json else "\n".join(_lines(seen, number, site)))
        self.exitcode = 0 if seen.article else NO_ARTICLE

    def _fetched(self, url: str, site: Site) -> Page:
        assert self.settings is not None
        assert self.crawler_process is not None
        for name, value in _NOTHING_KEPT.items():
            self.settings.set(name, value, "cmdline")
        middlewares = self.settings.getdict("DOWNLOADER_MIDDLEWARES") | {"newscrawl.pace.SharedPace": None}
        self.settings.set("DOWNLOADER_MIDDLEWARES", middlewares, "cmdline")
        answers: list[Response] = []
        self.crawler_process.crawl(OnePage, url=url, site=site, answers=answers)
        self.crawler_process.start()
        if not answers:
            raise UsageError(f"{url} was not to be had: forbidden by robots.txt, or no answer", print_help=False)
        if answers[0].status != 200:
            to = (answers[0].headers.get("Location") or b"").decode("latin-1")
            more = f", to {to}: ask for that" if to else ""
            raise UsageError(f"{url} answers {answers[0].status}{more}", print_help=False)
        kind = (answers[0].headers.get("Content-Type") or b"").decode("latin-1")
        return Page.from_bytes(answers[0].body, answers[0].url, kind)


def _read(name: str, site: Site) -> Page:
    try:
        body = sys.stdin.buffer.read() if name == "-" else Path(name).read_bytes()
    except OSError as error:
        raise UsageError(f"{name}: {error.strerror or error}", print_help=False) from error
    return Page.from_bytes(body, site.home)


def _is_number(digits: str) -> bool:
    return _NUMBER.fullmatch(digits) is not None and creation_date(digits) is not None


def _number_of(name: str, page: Page, site: Site) -> str | None:
    """By the address, the page's own word, or the digits in the file's name."""
    canonical = page.first('link[rel="canonical"]')
    said = (name, page.metas.get("og:url") or "", (canonical and canonical.attributes.get("href")) or "")
    found = next((number for url in said if (number := article_number(url, site))), None)
    digits = _NUMBER.search(Path(name).name)
    return found or (digits[0] if digits and _is_number(digits[0]) else None)


def _as_json(seen: Explanation) -> str:
    article = record(seen.article) if seen.article else None
    shown = {"record": article, "why": seen.why, "layers": seen.layers, "left_out": seen.left_out}
    return orjson.dumps(shown, option=orjson.OPT_INDENT_2).decode()


def _lines(seen: Explanation, number: str, site: Site) -> Iterator[str]:
    yield f"{canonical_url(number, site)}  {seen.article.extractor if seen.article else seen.why}"
    taken = seen.article.fields_from if seen.article else {}
    for name, layers in seen.layers.items():
        yield from _field(name, layers, taken.get(name))
    for name, layer in taken.items():
        if name not in seen.layers:
            yield from _field(name, [(layer, getattr(seen.article, name))], layer)
    if seen.left_out:
        yield "left out of the container:"
        yield from (f"    {_short(text)}" for text in seen.left_out)


def _field(name: str, layers: list[tuple[str, Any]], taken: str | None) -> Iterator[str]:
    """A line for each layer; an arrow at the one that was taken."""
    for place, (layer, value) in enumerate(layers):
        arrow = "->" if layer == taken else "  "
        shown = "" if value is None else _short(value)
        yield f"{name if not place else '':<14} {arrow} {set_cell_size(layer, _LAYER)}  {shown}".rstrip()


def _short(value: Any) -> str:
    whole = value if isinstance(value, str) else str(value)
    text = " ¶ ".join(filter(None, whole.split("\n")))
    return text if len(text) <= _SHOWN else f"{text[: _SHOWN - 1]}… ({len(whole):,} characters)"
