"""What a site is, as data: the type that a site's file fills in. Nothing here is true of one site only."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlsplit


@dataclass(frozen=True, slots=True)
class Generation:
    """One template that the site has used: its name, the body's container, and what else must be on the page."""

    name: str
    container: str
    requires: str | None = None


@dataclass(frozen=True, slots=True)
class RowForm:
    """One form of a list's rows: the row, in it the headline, and the date."""

    row: str
    headline: str
    date: str


@dataclass(frozen=True, slots=True)
class Way:
    """A place, besides the lists, in which the site names its articles.

    `name`: what the record calls it (`found.via`, one of `items.VIA`). `kind`: how it is read: `feed` (RSS, Atom), `sitemap` (or an index of
    them), `robots` (the sitemaps that a robots.txt names) or `page` (the links of a page). `url`: with {code} it is one of each section.
    `breaking`: what it names is fetched before other articles.
    """

    name: str
    kind: str
    url: str
    breaking: bool = False


@dataclass(frozen=True, slots=True, eq=False)
class Site:
    """All that is true of one site. Selectors are CSS; a selector with `@name` reads that attribute instead of the text."""

    name: str
    home: str
    article_url: str  # with {number} for the digits of the id
    article_hosts: frozenset[str]  # hosts on which an article's address is an article
    article_paths: tuple[re.Pattern[str], ...]  # each with a group `number`; matched against path?query
    paid_paths: tuple[
        str, ...
    ]  # article addresses that lead to a paywall: one article with the others, but not followed
    list_url: str  # with {code} and {offset}
    list_step: int  # rows a page
    list_all: str  # the code of the list of everything
    ways: tuple[Way, ...]  # in which it names articles, besides
    sections: Mapping[str, str]  # code -> name, for the `sections` argument
    section_names: Mapping[str, str | None]  # names that a breadcrumb may begin with -> code, None if it is not known
    agency: tuple[str, ...]  # how the agency calls itself in datelines
    domain: str  # of its e-mails, pictures and hosts
    generations: tuple[Generation, ...]
    frame: str  # the element that holds header and body of the article
    header: str  # inside the frame
    title: tuple[str, ...]
    published: tuple[str, ...]
    ai_summary: str
    ads: str  # advertisements in the body, surely
    ads_by_style: str  # elements that are advertisements if they show a sign of one: script, frame, links, a label
    banners: tuple[str, ...]  # folders of the site's own advertising pictures
    caption: str
    top_bar: frozenset[str]  # letters of the labels of the top bar's links
    best_labels: frozenset[str]  # letters of the label after which a page shows other articles
    list_rows: tuple[RowForm, ...]
    forbidden_paths: tuple[str, ...] = ()  # never asked for, whatever robots.txt says
    placeholders: frozenset[str] = frozenset()  # letters, small, of what stands where a script has yet to put the words
    more_labels: frozenset[str] = frozenset()  # letters of what is pressed to see more of a list, without counts
    ad_hosts: frozenset[str] = frozenset()  # of its domain, and not asked even when a page's scripts ask

    @property
    def hosts(self) -> frozenset[str]:
        """All hosts that are asked for anything."""
        return self.article_hosts | {urlsplit(way.url).hostname or "" for way in self.ways}

    @property
    def container(self) -> str:
        """A selector for the body's container in any generation."""
        return ", ".join(generation.container for generation in self.generations)
