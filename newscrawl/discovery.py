"""What a page names: article links, list rows, the top bar, the next page of a list. Pure; each way of finding is one function."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import lru_cache
from urllib.parse import parse_qsl, urlencode, urljoin, urlsplit, urlunsplit

from selectolax.lexbor import LexborNode

from newscrawl.extraction import Page
from newscrawl.identity import article_number, creation_date
from newscrawl.korean import parse_date
from newscrawl.site import Site
from newscrawl.text import fold

# The id's date is that of creation; the evidence has 20190911000520, published two days later. Three allow for a weekend.
PUBLISHED_WITHIN = timedelta(days=3)

_ID_LIKE = re.compile(r"\d{14}", re.ASCII)
_BAR_CLIMB = 4  # elements between a link of the top bar and the bar


@dataclass(frozen=True, slots=True)
class Row:
    """One row of a list: the article, and its time of publication if the row shows it."""

    number: str
    published_at: datetime | None = None


def article_numbers(page: Page, site: Site) -> list[str]:
    """The articles that the page links to, in order, once each; links into a paywall are left out."""
    hrefs = dict.fromkeys(href for href, _ in page.anchors if _ID_LIKE.search(href))
    base = urljoin(page.url, "/")
    numbers = (_linked(href, base if href.startswith(("/", "http")) else page.url, site) for href in hrefs)
    return list(dict.fromkeys(number for number in numbers if number))


@lru_cache(maxsize=8192)  # the boxes of one page stand on the next ones too: nine links in ten were seen before; 3 MB
def _linked(href: str, base: str, site: Site) -> str | None:
    try:
        url = urljoin(base, href.strip())
        paid = urlsplit(url).path.startswith(site.paid_paths)
    except ValueError:
        return None
    return None if paid else article_number(url, site)


def rows(page: Page, site: Site) -> list[Row]:
    """The rows of a list page, in order; none for a list in a form that is not known."""
    found: dict[str, Row] = {}
    for selector, date_selector in site.list_rows:
        for node in page.tree.css(selector):
            number = _first_article(node, page, site)
            if number and number not in found:
                found[number] = Row(number, _row_date(node, date_selector))
    return list(found.values())


def _first_article(node: LexborNode, page: Page, site: Site) -> str | None:
    for anchor in node.css("a[href]"):
        url = page.absolute(anchor.attributes.get("href"))
        if url and (number := article_number(url, site)):
            return number
    return None


def _row_date(node: LexborNode, selector: str) -> datetime | None:
    for shown in node.css(selector):
        if moment := parse_date(fold(shown.text(deep=True, separator=" "))):
            return moment
    return None


def could_be_within(number: str, since: datetime | None, until: datetime | None) -> bool:
    """Whether an article of this number could have been published between the two: the id's date is up to three days earlier."""
    day = creation_date(number)
    if day is None:
        return False
    return (since is None or day >= since.date() - PUBLISHED_WITHIN) and (until is None or day <= until.date())


def is_older(row: Row, since: datetime) -> bool:
    """Whether a row is of before `since`, by its time, else by its id's date."""
    if row.published_at is not None:
        return row.published_at < since
    day: date | None = creation_date(row.number)
    return day is not None and day < since.date() - PUBLISHED_WITHIN


def top_bar(page: Page, site: Site) -> list[str]:
    """The pages of this site that the top bar names: all links of the element that holds two or more of its known labels."""
    others = (node for href, node in page.anchors if not _ID_LIKE.search(href))
    labelled = [node for node in others if " ".join(node.text(deep=True, separator=" ").split()) in site.top_bar]
    bar = _common_box(labelled)
    if bar is None:
        return []
    urls = (page.absolute(node.attributes.get("href")) for node in bar.css("a[href]"))
    return list(dict.fromkeys(url for raw in urls if raw and (url := _listable(raw, site))))


def _common_box(labelled: list[LexborNode]) -> LexborNode | None:
    """The smallest element within reach of the first link that holds another one too."""
    if len(labelled) < 2:
        return labelled[0].parent if labelled else None
    others = {node.mem_id for node in labelled[1:]}
    box = labelled[0].parent
    for _ in range(_BAR_CLIMB):
        if box is None or box.tag in ("body", "html"):
            return labelled[0].parent
        if any(node.mem_id in others for node in box.css("a[href]")):
            return box
        box = box.parent
    return labelled[0].parent


def _listable(url: str, site: Site) -> str | None:
    """A page of this site that may list articles, without fragment; None for articles, other hosts, and what is never asked for."""
    parts = urlsplit(url)
    if (parts.hostname or "") not in site.article_hosts or parts.path.startswith(site.forbidden_paths):
        return None
    if article_number(url, site):
        return None
    return urlunsplit(("https", parts.netloc, parts.path or "/", parts.query, ""))


def next_page(page: Page, site: Site) -> str | None:
    """The next page of a list: `page` is a row offset on list addresses; elsewhere the page's own link to a later one."""
    parts = urlsplit(page.url)
    query = dict(parse_qsl(parts.query))
    if parts.path.rstrip("/").endswith("/lists"):
        offset = query.get("page", "0")
        if not offset.isascii() or not offset.isdigit():
            return None
        return urlunsplit(parts._replace(query=urlencode(query | {"page": str(int(offset) + site.list_step)})))
    return next(_later_pages(page, parts.path, int(query.get("page", "0") or 0) if query.get("page", "0").isdigit() else 0), None)


def _later_pages(page: Page, path: str, current: int) -> Iterator[str]:
    """Links to the same path with a larger `page`, the nearest first."""
    found: list[tuple[int, str]] = []
    for node in page.tree.css('a[href*="page="]'):
        url = page.absolute(node.attributes.get("href"))
        if url and urlsplit(url).path == path:
            value = dict(parse_qsl(urlsplit(url).query)).get("page", "")
            if value.isascii() and value.isdigit() and int(value) > current:
                found.append((int(value), url))
    return (url for _, url in sorted(found))
