"""What a feed, a sitemap or a page of links names: articles, and the further sitemaps that are worth reading. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from urllib.parse import urlsplit, urlunsplit

from newscrawl.discovery.pages import PUBLISHED_WITHIN, Row, article_numbers
from newscrawl.extraction import Page
from newscrawl.identity import article_number
from newscrawl.site import Site
from newscrawl.syndication import Entry, Part, read_feed, read_sitemap, sitemaps_of_robots

MOST_SITEMAPS = 50
"""That are read of one index: an archive of years is not read in passing."""
SITEMAP_BUDGET = 1_000
"""Sitemaps that are read because of one way, 20 minutes at the usual pace: sites have indexes in indexes, and these could go on for ever. It
is shared out evenly, most of it to what names nothing further: of 200, an archive that named 13 had 8."""

# By how much a sitemap may be newer than its index says: an index that is made once a day, a time without its zone, clocks that differ.
_STALE = timedelta(days=1)
# Year, month and perhaps day in an address: /sitemap-2026-11.xml, /sitemap/2024/03, /map_20261120.xml.gz
_PERIOD = re.compile(r"(?<!\d)((?:19|20)\d\d)[-_/.]?(0[1-9]|1[0-2])(?:[-_/.]?(0[1-9]|[12]\d|3[01]))?(?!\d)", re.ASCII)


@dataclass(frozen=True, slots=True)
class Named:
    """What one answer names. `further`: addresses of sitemaps, the likeliest first; `older`: how many more it names that can hold nothing of
    the time asked for; `whole`: whether all of it could be read."""

    rows: list[Row]
    further: list[str] = field(default_factory=list)
    whole: bool = True
    older: int = 0


def of_page(page: Page, site: Site) -> Named:
    """The articles that a page links to."""
    return Named([Row(number) for number in article_numbers(page, site)])


def of_feed(body: bytes, url: str, site: Site) -> Named:
    """Raises NotAFeed."""
    feed = read_feed(body, url)
    return Named(_rows(feed.entries, site), whole=not feed.truncated)


def of_sitemap(
    body: bytes, url: str, site: Site, since: datetime | None = None, until: datetime | None = None
) -> Named:
    """`since`, `until`: the time that is asked for, aware; None is no bound. Raises NotASitemap."""
    sitemap = read_sitemap(body, url)
    parts = _ours(sitemap.sitemaps, site)
    further = [part.url for part in worth_reading(parts, since, until)]
    return Named(_rows(sitemap.entries, site), further, not sitemap.truncated, len(parts) - len(further))


def of_robots(body: bytes, url: str, site: Site, since: datetime | None = None, until: datetime | None = None) -> Named:
    """The sitemaps that a robots.txt names; `since` and `until` as of a sitemap."""
    parts = _ours(map(Part, sitemaps_of_robots(body, url)), site)
    return Named([], [part.url for part in worth_reading(parts, since, until)])


def worth_reading(parts: Sequence[Part], since: datetime | None, until: datetime | None) -> list[Part]:
    """The sitemaps of an index that can hold what was published between the two, the likeliest first.

    Left out is only what was last modified before `since`: by sitemaps.org, `lastmod` of an index is there so that a crawler may fetch only
    the sitemaps that were modified since a certain date. What was modified after `until` may hold older articles too.

    The order matters where not all are read. First come those whose address names a month or day of that time, last those that name another:
    that is a guess, so it leaves nothing out. Then the newest come first, with `until` the oldest, for the articles of a time stand in what
    was modified first after it; then those without `lastmod`.
    """
    sign = -1 if until is None else 1

    def place(part: Part) -> tuple[int, bool, float, int]:
        period = _period(part.url)
        modified = part.lastmod.timestamp() if part.lastmod else 0
        return _distance(period, since, until), part.lastmod is None, sign * modified, sign * int(period.ljust(8, "0"))

    able = [part for part in parts if since is None or part.lastmod is None or part.lastmod + _STALE >= since]
    return sorted(_from_both_ends(able), key=place)


def rationed(further: Sequence[str], budget: int) -> tuple[list[str], int]:
    """Which of the sitemaps that an answer names are read, and the budget of each: so many may be read because of it.

    All that come of an answer, in whatever depth, are never more than its `budget`.
    """
    read = further[: min(budget, MOST_SITEMAPS)]
    return list(read), (budget - len(read)) // max(1, len(read))


def _from_both_ends(parts: Sequence[Part]) -> list[Part]:
    """The first, the last, the second, the last but one …: an index goes from new to old, or from old to new."""
    pairs = zip(parts, reversed(parts), strict=True)
    return [part for pair in pairs for part in pair][: len(parts)]


def _period(url: str) -> str:
    """The month or day that an address names, as digits (202611, 20261120); "" for none."""
    match = _PERIOD.search(url)
    return "".join(part or "" for part in match.groups()) if match else ""


def _distance(period: str, since: datetime | None, until: datetime | None) -> int:
    """0 for a period that touches the time between the two, 2 for another; 1 when no period is named."""
    early = since is not None and period < f"{since - PUBLISHED_WITHIN:%Y%m%d}"[: len(period)]
    late = until is not None and period > f"{until:%Y%m%d}"[: len(period)]
    return 2 if early or late else 0 if period else 1


def _rows(entries: Iterable[Entry], site: Site) -> list[Row]:
    """The entries that are articles, once each."""
    rows: dict[str, Row] = {}
    for entry in entries:
        if number := article_number(entry.url, site):
            rows.setdefault(number, Row(number, entry.published_at, entry.modified_at))
    return list(rows.values())


def _ours(parts: Iterable[Part], site: Site) -> list[Part]:
    """Those that may be asked for, once each: a sitemap may name any address."""
    ours: dict[str, Part] = {}
    for part in parts:
        if url := _on_site(part.url, site):
            ours.setdefault(url, Part(url, part.lastmod))
    return list(ours.values())


def _on_site(url: str, site: Site) -> str | None:
    """The address as it is asked for: where articles are, http and https are one; None for other sites, and for what is never asked for."""
    address = urlsplit(url)
    host = address.hostname or ""
    if host not in site.hosts or address.path.startswith(site.forbidden_paths):
        return None
    return urlunsplit(("https", host, address.path, address.query, "")) if host in site.article_hosts else url
