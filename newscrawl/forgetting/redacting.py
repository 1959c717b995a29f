"""A page of another article without the words of the sought ones: links to them, boxes that quote them. Pure.

Nothing else of the page is touched: byte for byte the same markup stays, so it still gives the same record.
"""

from __future__ import annotations

import html
import json
import re
from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import urljoin

from newscrawl.extraction import Gone, NoContainer, Page, extract
from newscrawl.forgetting.sought import Sought
from newscrawl.identity import article_number
from newscrawl.record import record
from newscrawl.site import Site
from newscrawl.text import fold

# Tags and what stands between them. Without memory of quotes: `>` in an attribute ends a tag early, and its rest is looked at like a text.
_TOKENS = re.compile(r"<!--|-->|<[^<>]*>|[^<>]+|[<>]")
_HREF = re.compile(r"""\bhref\s*=\s*("[^"]*"|'[^']*'|[^\s"'>]+)""", re.IGNORECASE)
# Attributes that say in words what a link leads to.
_WORDED = re.compile(r"""\b(title|alt|aria-label|content)(\s*=\s*)("[^"]*"|'[^']*')""", re.IGNORECASE)
_CODE = ("script", "style")


def own_words(page: bytes, url: str, site: Site) -> str:
    """What a page's own article says, in one line; empty for a page of none."""
    return fold(" ".join(_strings(own_record(page, url, site))))


def own_record(page: bytes, url: str, site: Site) -> dict[str, Any] | None:
    """What a page's own article becomes; None for a page of none."""
    number = article_number(url, site)
    if number is None:
        return None
    try:
        return record(extract(Page.from_bytes(page, url, None), number, site))
    except (Gone, NoContainer):
        return None


def _strings(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict | list):
        for one in value.values() if isinstance(value, dict) else value:
            yield from _strings(one)


def redacted(page: str, url: str, sought: Sought, own: str = "") -> str:
    """The page, with the text of each link to a sought article blank, and each text that is of them. `own`: the words of the page's own article,
    which stay."""
    return "".join(_tokens(page, url, sought, own))


def _tokens(page: str, url: str, sought: Sought, own: str) -> Iterator[str]:
    in_link = in_code = False

    def is_theirs(text: str) -> bool:
        words = sought.words.in_link if in_link else sought.words.in_text
        return words(text) and fold(html.unescape(text)) not in own

    for token in _TOKENS.findall(page):
        name = _name(token)
        if name == "a":
            in_link = _leads_there(token, url, sought)
        elif name == "/a":
            in_link = False
        elif name.removeprefix("/") in _CODE:
            in_code = not name.startswith("/")
        if name:
            yield _without_words(token, is_theirs)
        elif in_code:
            yield without_pieces(token, sought)
        else:
            yield "" if token.strip() and is_theirs(token) else token


def _name(token: str) -> str:
    """`a`, `/a`, `script` …; empty for what is no tag."""
    if len(token) < 3 or not (token.startswith("<") and token.endswith(">")):
        return ""
    return token[1:-1].strip().split(maxsplit=1)[0].rstrip("/").lower() if token[1:-1].strip() else ""


def _leads_there(tag: str, url: str, sought: Sought) -> bool:
    found = _HREF.search(tag)
    if found is None:
        return False
    try:
        return sought.is_address(urljoin(url, html.unescape(found[1].strip("\"'").strip())))
    except ValueError:
        return False


def _without_words(tag: str, is_theirs: Callable[[str], bool]) -> str:
    """A tag whose attributes say nothing in words of theirs."""

    def emptied(found: re.Match[str]) -> str:
        return f'{found[1]}{found[2]}""' if is_theirs(found[3][1:-1]) else found[0]

    return _WORDED.sub(emptied, tag) if "=" in tag else tag


def without_pieces(text: str, sought: Sought) -> str:
    """A script, or any other text that is not for readers: only the pieces themselves are taken out."""
    if not sought.words.are_in(
        text.encode("utf-8", "surrogateescape")
    ):  # of a hundred articles there are thousands of pieces
        return text
    for piece in sought.words.own:
        for form in (piece, json.dumps(piece)[1:-1]):
            text = text.replace(form, "")
    return text
