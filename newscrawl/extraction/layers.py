"""The layers of one field, tried in order: the first sane value wins, and its layer is named."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import datetime
from typing import Any, TypeVar

from selectolax.lexbor import LexborNode

from newscrawl import korean
from newscrawl.extraction.header import MODIFIED_LABELS, PUBLISHED_LABELS, Around
from newscrawl.extraction.page import Page
from newscrawl.site import Site
from newscrawl.text import fold

T = TypeVar("T")
_LONGEST_TITLE = 500  # characters; a headline has under 100
Layer = tuple[str, T | None]


Tell = Callable[[str, Sequence[Layer[Any]]], None]
"""Is told of a field what all its layers found, in their order."""


def told(field: str, layers: Iterable[Layer[T]], tell: Tell | None) -> Iterable[Layer[T]]:
    """The same layers. With `tell` all of them are asked, and it is told of them."""
    if tell is None:
        return layers
    found = list(layers)
    tell(field, found)
    return found


def first(layers: Iterable[Layer[T]]) -> Layer[T] | tuple[None, None]:
    """The first layer whose value is not None, with its name."""
    for name, value in layers:
        if value is not None:
            return name, value
    return None, None


def select(page: Page, selectors: tuple[str, ...], convert: Callable[[str], T | None]) -> Iterator[Layer[T]]:
    """The site's selectors as layers; `#send-time@datetime` reads an attribute, without `@` the text."""
    for selector in selectors:
        css, _, attribute = selector.partition("@")
        node = page.first(css)
        if node is not None:
            text = node.attributes.get(attribute) if attribute else node.text(deep=True, separator=" ")
            yield selector, convert(text or "")


def titles(page: Page, site: Site) -> Iterator[Layer[str]]:
    """The headline: meta tags, JSON-LD, the site's selectors, `<title>` without the site's name."""

    def sane(text: str) -> str | None:
        return headline(text, site.agency)

    yield "og:title", sane(page.metas.get("og:title", ""))
    yield "json-ld:headline", sane(_string(page.json_ld.get("headline")))
    yield from select(page, site.title, sane)
    yield from select(page, ("title",), sane)


def headline(text: str, agency: tuple[str, ...]) -> str | None:
    """A title without the site's name at its end; None when nothing is left, or only the site's own name and slogan."""
    text = fold(text)
    if len(text) > _LONGEST_TITLE:
        return None
    names = "|".join(map(re.escape, agency))
    text = re.sub(rf"\s*(?:\||\s[-–—:<«]+\s)\s*(?:{names})(?:\s[-|:–—].*)?$", "", text)
    if not text or re.match(rf"(?:{names})(?:$|\s[-|–—]\s)", text):
        return None
    return text


def published(page: Page, site: Site, header: Header, around: Around) -> Iterator[Layer[datetime]]:
    """The moment of publication. `around`: where a label may name it."""
    attributes = tuple(selector for selector in site.published if "@" in selector)
    yield from select(page, attributes, korean.parse_date)
    yield from microdata(page, header, "datePublished")
    yield "meta:article:published_time", korean.parse_date(page.metas.get("article:published_time", ""))
    yield "json-ld:datePublished", korean.parse_date(_string(page.json_ld.get("datePublished")))
    yield from select(page, tuple(selector for selector in site.published if "@" not in selector), _first_published)
    yield "label:기사입력", around.date(PUBLISHED_LABELS)


def _first_published(text: str) -> datetime | None:
    """The date of publication in an element that may name that of the last change too."""
    text = fold(text)
    labelled = korean.label_date(text, PUBLISHED_LABELS)
    if labelled is None and not any(label in text for label in MODIFIED_LABELS):
        return korean.parse_date(text)
    return labelled


def modified(page: Page, header: Header, around: Around) -> Iterator[Layer[datetime]]:
    """The moment of the last change that the page names."""
    yield from microdata(page, header, "dateModified")
    yield "meta:article:modified_time", korean.parse_date(page.metas.get("article:modified_time", ""))
    yield "json-ld:dateModified", korean.parse_date(_string(page.json_ld.get("dateModified")))
    yield "label:최종수정", around.date(MODIFIED_LABELS)


Header = Callable[[str], LexborNode | None]
"""Finds an element in the article's header: other articles of the page have dates too."""


def microdata(page: Page, header: Header, name: str) -> Iterator[Layer[datetime]]:
    """An itemprop's `datetime` or `content`, in the head or in the article's header."""
    if name in page.source:
        node = header(f'[itemprop="{name}"]')
        value = (
            page.metas.get(name) or (node and (node.attributes.get("datetime") or node.attributes.get("content"))) or ""
        )
        yield f"microdata:{name}", korean.parse_date(value)


def sections(page: Page, site: Site, seen: tuple[str, str | None] | None) -> Iterator[Layer[tuple[str, str | None]]]:
    """Section and subsection; `seen`: the breadcrumb. What a meta tag calls the section gets its subsection from the breadcrumb."""
    for layer, value in (
        ("meta:article:section", page.metas.get("article:section", "")),
        ("json-ld:articleSection", _string(page.json_ld.get("articleSection"))),
    ):
        name = fold(value)
        if name and not name.isdigit():
            yield layer, (name, seen[1] if seen and seen[0] == name else None)
    yield "breadcrumb", seen


def writers(page: Page, site: Site) -> Iterator[Layer[tuple[korean.Person, ...]]]:
    """The authors that metadata names, for a story without a byline; an organization is none."""
    agency = {name.casefold() for name in site.agency}

    def named(text: str) -> list[korean.Person]:
        return [one for one in korean.people(fold(text), bare_names=True) if one.name.casefold() not in agency]

    for layer in ("dable:author", "author"):
        yield f"meta:{layer}", tuple(named(page.metas.get(layer, ""))) or None
    entries = [entry for entry in _list(page.json_ld.get("author")) if not _is_organization(entry)]
    names = [_string(entry.get("name") if isinstance(entry, dict) else entry) for entry in entries]
    yield "json-ld:author", tuple(person for name in names for person in named(name)) or None


def _is_organization(entry: Any) -> bool:
    """Organization, NewsMediaOrganization …"""
    kinds = _list(entry.get("@type")) if isinstance(entry, dict) else []
    return any(_string(kind).endswith("Organization") for kind in kinds)


def _string(value: Any) -> str:
    return value if isinstance(value, str) else ""


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]
