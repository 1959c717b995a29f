"""A page's bytes -> text -> one parsed tree, with its metadata read once."""

from __future__ import annotations

import json
import re
from contextlib import suppress
from functools import cached_property, lru_cache
from typing import Any
from urllib.parse import urljoin, urlsplit

from selectolax.lexbor import LexborHTMLParser, LexborNode
from w3lib.encoding import html_body_declared_encoding, http_content_type_encoding, read_bom

# Korean pages say euc-kr and mean its superset cp949; w3lib maps the names, and the rest is decided by the bytes.
_KOREAN = "cp949"
# Encodings in which wrong bytes do not fit: a text that fits proves the declaration. Latin ones, and Python's own, fit anything.
_PROVING = ("utf", "cp949", "euc", "gb", "big5", "shift", "iso2022", "iso-2022", "johab", "hz")
_STANDARDS = "<!doctype html>"  # older ones leave many pages in quirks mode
_BEGINNING = 300  # characters
_NAME = re.compile(r"[#.]([\w-]+)")  # of an id or a class, in a selector


def decode(body: bytes, content_type: str | None = None) -> str:
    """The text of an HTML page, whatever its header says: a wrong or missing charset is found out by the bytes.

    Order: byte order mark; UTF-8 if the bytes are valid UTF-8 (CP949 text practically never is); the declared encoding if it
    fits; CP949 if it fits; else the one of UTF-8 and CP949 with fewer bytes that mean nothing (they become U+FFFD).
    """
    return _decoded(body, content_type)[0]


def _decoded(body: bytes, content_type: str | None) -> tuple[str, bool]:
    """The text, and whether the bytes are its UTF-8."""
    encoding, bom = read_bom(body)
    if encoding and bom:
        return body[len(bom) :].decode(encoding, "replace"), False
    with suppress(UnicodeError):
        return body.decode(), True
    declared = http_content_type_encoding(content_type) or html_body_declared_encoding(body[:4096])
    for name in (declared, _KOREAN):
        if name and name.startswith(_PROVING):
            with suppress(UnicodeError, LookupError):
                return body.decode(name), False
    replaced = (body.decode(name, "replace") for name in ("utf-8", _KOREAN))
    return min(replaced, key=lambda text: text.count("\ufffd")), False


@lru_cache
def _names(selector: str) -> list[list[str]]:
    """The ids and classes that an element must have, for each of a selector's alternatives."""
    if ":" in selector or "[" in selector:  # inside `:not(…)` and `[href$=".pdf"]` they mean something else
        return [[]]
    return [_NAME.findall(part) for part in selector.split(",")]


class Page:
    """One page: its address, its tree, its metadata."""

    def __init__(self, text: str, url: str, utf8: bytes | None = None) -> None:
        """`utf8`: the text as it came, which spares encoding it again: a third of the parser's time."""
        self.url = url
        self.source = text
        self._names: dict[str, bool] = {}
        # In quirks mode #titlearea is <p id="titleArea"> too (HTML standard, "Quirks mode"; Selectors 4, 3.5).
        self._minds_case = _STANDARDS in text[:_BEGINNING].lower()
        self.tree = LexborHTMLParser(text if utf8 is None else utf8)
        self.root: LexborNode = self.tree.body or self.tree.root  # type: ignore[assignment]  # lexbor always makes a body

    @classmethod
    def from_bytes(cls, body: bytes, url: str, content_type: str | None = None) -> Page:
        """Decode, then parse."""
        text, is_utf8 = _decoded(body, content_type)
        return cls(text, url, body if is_utf8 else None)

    def first(self, selector: str) -> LexborNode | None:
        """The first element that matches the CSS selector. The tree is looked through only when its ids and classes stand in the source."""
        if self._minds_case and not any(all(map(self._has, names)) for names in _names(selector)):
            return None
        return self.tree.css_first(selector)

    def _has(self, name: str) -> bool:
        """Whether the source has the name of an id or class anywhere; several selectors ask for the same."""
        if name not in self._names:
            self._names[name] = name in self.source
        return self._names[name]

    def absolute(self, address: str | None) -> str | None:
        """An absolute http(s) address, or None for anything else (`data:`, `javascript:`, malformed)."""
        if not address:
            return None
        try:
            joined = urljoin(self.base, address.strip())
            parts = urlsplit(joined)
        except ValueError:
            return None
        return joined if parts.scheme in ("http", "https") and parts.hostname else None

    @cached_property
    def base(self) -> str:
        """The address that relative ones are relative to: `<base href>`, else the page's own."""
        head = self.tree.head
        node = head.css_first("base[href]") if head else None
        try:
            return urljoin(self.url, (node.attributes.get("href") or "").strip()) if node else self.url
        except ValueError:
            return self.url

    @cached_property
    def anchors(self) -> list[tuple[str, LexborNode]]:
        """The address, as written, and the element of each link, in order."""
        found = ((node.attributes.get("href"), node) for node in self.tree.css("a[href]"))
        return [(href, node) for href, node in found if href]

    @cached_property
    def metas(self) -> dict[str, str]:
        """The content of each meta tag by its property, name or itemprop; the first of several that is not empty."""
        found: dict[str, str] = {}
        for node in self.tree.css("meta[content]"):
            attributes = node.attributes
            name = attributes.get("property") or attributes.get("name") or attributes.get("itemprop")
            if name and not found.get(name):
                found[name] = (attributes.get("content") or "").strip()
        return found

    @cached_property
    def json_ld(self) -> dict[str, Any]:
        """The page's JSON-LD object that is an article ({} when there is none, or it is broken)."""
        if "application/ld+json" not in self.source:
            return {}
        for node in self.tree.css('script[type="application/ld+json"]'):
            try:
                data = json.loads(node.text(deep=True), strict=False)
            except (ValueError, RecursionError):  # broken JSON-LD is common; the other layers go on
                continue
            for candidate in _objects(data):
                kind = candidate.get("@type")
                kinds = kind if isinstance(kind, list) else [kind]
                if any(isinstance(name, str) and name.endswith("Article") for name in kinds):
                    return candidate
        return {}


def _objects(data: Any) -> list[dict[str, Any]]:
    """The objects of a JSON-LD document: one, a list, or a graph."""
    if isinstance(data, list):
        return [found for item in data for found in _objects(item)]
    if not isinstance(data, dict):
        return []
    return [data, *_objects(data.get("@graph")), *_objects(data.get("mainEntity"))]
