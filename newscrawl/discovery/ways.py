"""What a feed, a sitemap or a page of links names: articles, and further sitemaps. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from newscrawl.discovery.pages import Row, article_numbers
from newscrawl.extraction import Page
from newscrawl.identity import article_number
from newscrawl.site import Site
from newscrawl.syndication import Entry, read_feed, read_sitemap, sitemaps_of_robots


@dataclass(frozen=True, slots=True)
class Named:
    """What one answer names. `further`: addresses of sitemaps; `whole`: whether all of it could be read."""

    rows: list[Row]
    further: list[str] = field(default_factory=list)
    whole: bool = True


def of_page(page: Page, site: Site) -> Named:
    """The articles that a page links to."""
    return Named([Row(number) for number in article_numbers(page, site)])


def of_feed(body: bytes, url: str, site: Site) -> Named:
    """Raises NotAFeed."""
    feed = read_feed(body, url)
    return Named(_rows(feed.entries, site), whole=not feed.truncated)


def of_sitemap(body: bytes, url: str, site: Site) -> Named:
    """Raises NotASitemap."""
    sitemap = read_sitemap(body, url)
    return Named(_rows(sitemap.entries, site), _ours(sitemap.sitemaps, site), not sitemap.truncated)


def of_robots(body: bytes, url: str, site: Site) -> Named:
    """The sitemaps that a robots.txt names."""
    return Named([], _ours(sitemaps_of_robots(body, url), site))


def _rows(entries: Iterable[Entry], site: Site) -> list[Row]:
    """The entries that are articles, once each."""
    rows: dict[str, Row] = {}
    for entry in entries:
        if number := article_number(entry.url, site):
            rows.setdefault(number, Row(number, entry.published_at, entry.modified_at))
    return list(rows.values())


def _ours(urls: Iterable[str], site: Site) -> list[str]:
    """The addresses that lie on the site: a sitemap may name others."""
    return [url for url in urls if urlsplit(url).hostname in site.hosts]
