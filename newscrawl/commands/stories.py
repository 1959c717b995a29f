"""`scrapy stories`: the articles of each story in order, with what each is to those before."""

from __future__ import annotations

import argparse
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from itertools import groupby

import orjson
from scrapy.commands import ScrapyCommand
from scrapy.exceptions import UsageError

from newscrawl.arguments import Arguments
from newscrawl.commands import clock_of, open_states, shown_time, write
from newscrawl.commands.history import load_sites
from newscrawl.duplicates import Placed
from newscrawl.identity import article_id
from newscrawl.site import Site
from newscrawl.state import Database, StateError, chains, titles
from newscrawl.state.runs import site_id
from newscrawl.text import fold

_USUAL = "7d"  # from then on, when nothing is said
_END = timedelta(days=1)  # after now: a site's clock may run ahead of ours


@dataclass(frozen=True, slots=True)
class Story:
    """A story of several articles, and their headlines as they are now (None for one that is not kept)."""

    site: Site
    articles: list[Placed]
    titles: dict[int, str | None]

    def as_json(self) -> str:
        """One line; times in seconds since 1970."""
        shown = {"story": self._id(self.articles[0].story), "articles": [self._article(one) for one in self.articles]}
        return orjson.dumps(shown).decode()

    def _article(self, one: Placed) -> dict[str, object]:
        mark = one.mark and {
            "of": self._id(one.mark.of),
            "kind": one.mark.kind,
            "similarity": one.mark.similarity,
            "containment": one.mark.containment,
        }
        return {
            "id": self._id(one.number),
            "published_at": one.at,
            "title": self.titles.get(one.number),
            "duplicate": mark,
        }

    def lines(self) -> Iterator[str]:
        """For a reader: a heading, and an article a line."""
        first, last = self.articles[0], self.articles[-1]
        yield f"{self._id(first.story)}  {len(self.articles)} articles, {shown_time(first.at)} to {shown_time(last.at)}"
        for one in self.articles:
            title = fold(self.titles.get(one.number) or "(no title)")
            yield f"  {shown_time(one.at)}  {one.number}  {_shown(one):<17}  {title}"

    def _id(self, number: int) -> str:
        return article_id(str(number), self.site)


def _shown(one: Placed) -> str:
    """`update   14 %  92 %`: the kind, how much of both is in both, how much of the shorter in the longer."""
    if one.mark is None:
        return ""
    return f"{one.mark.kind:<7} {one.mark.similarity:>4.0%} {one.mark.containment:>4.0%}"


class Command(ScrapyCommand):
    """Works while crawls run. Exit codes: 0, also when there is no story; 2 for what is wrong."""

    requires_project = True
    requires_crawler_process = False
    default_settings = {"LOG_ENABLED": False}

    def syntax(self) -> str:
        """What may follow the command's name."""
        return "[SITE…] [--since DAY] [--until DAY] [--json]"

    def short_desc(self) -> str:
        """One line for `scrapy --help`."""
        return "Which articles are steps, copies or rewrites of each other: each story in the order of its articles"

    def long_desc(self) -> str:
        """What stands above the options."""
        return (
            f"{self.short_desc()}. Behind the time and the number stand what the article is to one before it (update, rewrite, exact), how much of "
            "both texts is in both, and how much of the shorter is in the longer. Stories of one article are left out."
        )

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        """Which, and for whom."""
        super().add_options(parser)
        parser.add_argument(
            "--since",
            metavar="DAY",
            default=_USUAL,
            help=f"stories with an article from then on: a day (2026-11-01), a time or an age (36h); default: {_USUAL}",
        )
        parser.add_argument("--until", metavar="DAY", help="and until then")
        parser.add_argument(
            "--json", action="store_true", help="for programs: one story a line; times in seconds since 1970"
        )

    def run(self, args: list[str], opts: argparse.Namespace) -> None:
        """Print them. Raises UsageError for a site that there is not, a wrong option, and a state that cannot be read."""
        assert self.settings is not None
        sites, now = load_sites(self.settings), clock_of(self.settings).now()
        given = {name: value for name in ("since", "until") if (value := getattr(opts, name)) is not None}
        texts: list[str] = []
        try:
            for name, database in open_states(self.settings, args):
                asked = Arguments.parse(given, sites[name], now)
                assert asked.since is not None
                span = (int(asked.since.timestamp()), int((asked.until or now + _END).timestamp()))
                found = _read(database, sites[name], span) if database else ()
                texts += [story.as_json() if opts.json else "\n".join(story.lines()) for story in found]
        except (StateError, ValueError) as error:
            raise UsageError(str(error), print_help=False) from error
        write(("\n" if opts.json else "\n\n").join(texts) or ("" if opts.json else "no story of several articles"))


def _read(database: Database, site: Site, span: tuple[int, int]) -> Iterable[Story]:
    """The stories with an article in a time."""
    with database.reading() as connection:
        row = site_id(connection, site.name)
    if row is None:
        return
    for _, group in groupby(chains(database, row, *span), key=lambda one: one.story):
        articles = list(group)
        yield Story(site, articles, titles(database, row, [one.number for one in articles]))
