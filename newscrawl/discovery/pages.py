"""What a page names: article links, list rows, the top bar, the next page of a list. Pure; each way of finding is one function."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache
from itertools import islice
from urllib.parse import SplitResult, parse_qsl, urlencode, urljoin, urlsplit, urlunsplit

from selectolax.lexbor import LexborNode

from newscrawl.extraction import Page
from newscrawl.identity import article_number, creation_date
from newscrawl.korean import parse_date
from newscrawl.site import RowForm, Site
from newscrawl.text import fold, letters

# The id's date is that of creation; the evidence has 20190911000520, published two days later. Three allow for a weekend.
PUBLISHED_WITHIN = timedelta(days=3)

_ID_LIKE = re.compile(r"\d{14}", re.ASCII)
_MOST_ROWS = 100  # a list page has 20
_MOST_LABELS = 15  # links with a label of the top bar; it has five
_BAR_CLIMB = 4  # elements between a link of the top bar and the bar


@dataclass(frozen=True, slots=True)
class Row:
    """One row of a list, a feed or a sitemap: the article, and its time of publication, and of its last change, if the row shows them."""

    number: str
    published_at: datetime | None = None
    modified_at: datetime | None = None


def article_numbers(page: Page, site: Site) -> list[str]:
    """The articles that the page links to, in order, once each; links into a paywall are left out."""
    hrefs = dict.fromkeys(href for href, _ in page.anchors if _has_id(href))
    base = urljoin(page.base, "/")
    numbers = (_linked(href, base if href.startswith(("/", "http")) else page.base, site) for href in hrefs)
    return list(dict.fromkeys(number for number in numbers if number))


def own_number(page: Page, site: Site) -> str | None:
    """The article that a page says it is, by its canonical link, else by og:url; None when it does not say."""
    link = page.first('link[rel="canonical"]')
    for href in (link.attributes.get("href") if link else None, page.metas.get("og:url")):
        if href and (number := _linked(href, page.base, site, paid=True)):
            return number
    return None


def listed_numbers(page: Page, site: Site) -> list[str]:
    """The articles of a list in a form that is not known: all that it links to, but for boxes at its side and menus. Paid ones too, as in `rows`."""
    beside = {node.mem_id for box in page.tree.css("aside, nav") for node in box.css("a[href]")}
    named = dict.fromkeys(
        _linked(href, page.base, site, paid=True)
        for href, node in page.anchors
        if _has_id(href) and node.mem_id not in beside
    )
    return [number for number in named if number]


@lru_cache(maxsize=16384)  # asked twice of each link of each page, and four times faster than the search
def _has_id(href: str) -> bool:
    return _ID_LIKE.search(href) is not None


@lru_cache(maxsize=16384)  # the boxes of one page stand on the next ones too: nine links in ten were seen before; 4 MB
def _linked(href: str, base: str, site: Site, *, paid: bool = False) -> str | None:
    """The article of a link; None for a link into a paywall, unless `paid`."""
    try:
        url = urljoin(base, href.strip())
        leads_into_paywall = urlsplit(url).path.startswith(site.paid_paths)
    except ValueError:
        return None
    return None if leads_into_paywall and not paid else article_number(url, site)


def rows(page: Page, site: Site) -> list[Row]:
    """The rows of a list page, in order; none for a list in a form that is not known. Boxes at the side are no lists."""
    beside = {
        node.mem_id for box in page.tree.css("aside, nav") for form in site.list_rows for node in box.css(form.row)
    }
    found: dict[str, Row] = {}
    for form in site.list_rows:
        forms = page.tree.css(form.row)[:_MOST_ROWS]
        known = {node.mem_id for node in forms}
        for node in forms:
            within = node.parent is not None and node.parent.mem_id in known
            number = None if within or node.mem_id in beside else _row_article(node, form, page, site)
            if number and number not in found:
                found[number] = Row(number, _row_date(node, form.date))
    return list(found.values())


def _row_article(node: LexborNode, form: RowForm, page: Page, site: Site) -> str | None:
    """The article of a row: that of its headline, else the first that it links to. A paid one too: its own page says what is free."""
    for anchor in (_headline_link(node, form), *node.css("a[href]")):
        href = anchor.attributes.get("href") if anchor else None
        if href and (number := _linked(href, page.base, site, paid=True)):
            return number
    return None


def _headline_link(node: LexborNode, form: RowForm) -> LexborNode | None:
    """The link in a row's headline, or around it."""
    headline = node.css_first(form.headline)
    if headline is None:
        return None
    inside = headline.css_first("a[href]")
    around = headline.parent
    return inside or (around if around is not None and around.tag == "a" else None)


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
    return (since is None or day + PUBLISHED_WITHIN >= since.date()) and (until is None or day <= until.date())


def menu(page: Page) -> int:
    """What tells one page's menus from another's: its links that are no articles, as a hash."""
    return hash(tuple(href for href, _ in page.anchors if not _has_id(href)))


def top_bar(page: Page, site: Site) -> list[str]:
    """The pages of this site that the top bar names: all links of the element that holds most of its known labels together."""
    others = (node for href, node in page.anchors if not _has_id(href))
    labelled = list(islice((node for node in others if _label(node) in site.top_bar), _MOST_LABELS))
    bar = _bar(labelled)
    if bar is None:
        return []
    urls = (page.absolute(node.attributes.get("href")) for node in bar.css("a[href]"))
    return list(dict.fromkeys(url for raw in urls if raw and (url := _listable(raw, site))))


def _label(node: LexborNode) -> str:
    """The letters of a link, or of its picture's text."""
    words = letters(node.text(deep=True))
    picture = None if words else node.css_first("img[alt]")
    return letters(picture.attributes.get("alt") or "") if picture else words


def _bar(labelled: list[LexborNode]) -> LexborNode | None:
    """The element that stands a few steps above most of the labels; the smallest of equals."""
    counts: Counter[int] = Counter()
    boxes: dict[int, LexborNode] = {}
    above = list(labelled)
    for _ in range(_BAR_CLIMB):
        parents = (node.parent for node in above)
        above = [box for box in parents if box is not None and box.tag not in ("body", "html")]
        counts.update(box.mem_id for box in above)
        boxes |= {box.mem_id: box for box in above if box.mem_id not in boxes}
    return boxes[counts.most_common(1)[0][0]] if counts else None


# What no list of articles ends in, and what a crawler has no business with.
_FILES = re.compile(r"\.(?:pdf|jpe?g|png|gif|svg|zip|apk|xml|js|css|mp4|hwp|docx?|xlsx?)$", re.IGNORECASE)
_PRIVATE = re.compile(r"/(?:login|logout|join|signup|signin|member|mypage|payment)\b", re.IGNORECASE)


def _listable(url: str, site: Site) -> str | None:
    """A page of this site that may list articles, without fragment; None for articles, other hosts, and what is never asked for."""
    parts = urlsplit(url)
    host = parts.hostname or ""
    if host not in site.article_hosts or parts.path.startswith(site.forbidden_paths) or article_number(url, site):
        return None
    if _FILES.search(parts.path) or _PRIVATE.search(parts.path):
        return None
    return urlunsplit(("https", host, parts.path or "/", parts.query, ""))


def next_page(page: Page, site: Site, rows: int = 0) -> str | None:
    """The next page of a list: `page` is a row offset on list addresses; elsewhere the page's own link to a later one.

    `rows`: so many farther down, when it is no whole step.
    """
    parts = urlsplit(page.url)
    query = parse_qsl(parts.query, keep_blank_values=True)
    offset = _offset(query)
    if offset is None:
        return None
    beside = page_beside(page.url, rows or site.list_step)
    return beside or min(_later_pages(page, parts, query, offset), default=(0, None))[1]


def page_beside(url: str, rows: int) -> str | None:
    """The address of a list so many rows farther down, or up; None for one that has no row offset."""
    parts = urlsplit(url)
    query = parse_qsl(parts.query, keep_blank_values=True)
    offset = _offset(query)
    if offset is None or not parts.path.rstrip("/").endswith("/lists"):
        return None
    rest = [(name, value) for name, value in query if name != "page"]
    beside = urlencode([*rest, ("page", str(max(0, offset + rows)))])
    return urlunsplit(parts._replace(query=beside, fragment=""))


def _offset(query: list[tuple[str, str]]) -> int | None:
    """The number of the page that a query asks for, 0 when it names none; None when it is no number."""
    value = dict(query).get("page") or "0"
    return int(value) if value.isascii() and value.isdigit() and len(value) < 10 else None


def _later_pages(
    page: Page, here: SplitResult, query: list[tuple[str, str]], current: int
) -> Iterator[tuple[int, str]]:
    """Links to the same list, host and all, with a larger `page`: its number and address."""
    same = sorted((name, value) for name, value in query if name != "page")
    for href, _ in page.anchors:
        url = page.absolute(href) if "page=" in href else None
        if url is None:
            continue
        there = urlsplit(url)
        other = parse_qsl(there.query, keep_blank_values=True)
        number = _offset(other)
        alike = (there.netloc, there.path) == (here.netloc, here.path)
        if alike and number and number > current and sorted(pair for pair in other if pair[0] != "page") == same:
            yield number, urlunsplit(there._replace(fragment=""))
