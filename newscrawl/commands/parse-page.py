"""`scrapy parse-page`: what the extraction sees in a page, layer by layer. The file's name is the command's."""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from typing import Any

import orjson
from rich.cells import set_cell_size
from scrapy.commands import ScrapyCommand
from scrapy.exceptions import UsageError

from newscrawl.commands import write
from newscrawl.commands.history import one_site
from newscrawl.extraction.explaining import Explanation, explain
from newscrawl.identity import canonical_url
from newscrawl.one_page import get_page
from newscrawl.record import record
from newscrawl.site import Site

_SHOWN = 100  # characters of a value
_LAYER = 28  # columns; a Hangul syllable takes two
NO_ARTICLE = 1  # the exit code for a page that has none


class Command(ScrapyCommand):
    """For a look at a page that was not read as it should be. Exit code 1 for a page that has no article."""

    requires_project = True
    default_settings = {"LOG_ENABLED": False}

    def syntax(self) -> str:
        """What may follow the command's name."""
        return "FILE|URL|WARC[:OFFSET] [--id DIGITS] [--site SITE] [--json]"

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
        """Read the page, from a file (`-`: standard input), the site or an archive, and print. Raises UsageError for what cannot be read."""
        assert self.settings is not None
        if len(args) != 1:
            raise UsageError("name one page: scrapy parse-page page.html, or its address")
        assert self.crawler_process is not None
        site = one_site(self.settings, opts.site)
        found = get_page(args[0], opts.id, site, self.settings, self.crawler_process)
        number = found.number(site, opts.id)
        seen = explain(found.parsed(site), number, site)
        write(_as_json(seen) if opts.json else "\n".join(_lines(seen, number, site)))
        self.exitcode = 0 if seen.article else NO_ARTICLE


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
