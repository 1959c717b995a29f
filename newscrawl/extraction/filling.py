"""Whether a script still has to fill an article's body: what stands in its container before any script has run. Pure."""

from __future__ import annotations

from collections.abc import Iterator

from selectolax.lexbor import LexborNode

from newscrawl.extraction.page import Page
from newscrawl.site import Site
from newscrawl.text import letters

# What a page holds and nobody reads: `noscript` asks for scripts, `template` waits for one.
_SILENT = frozenset(("script", "style", "noscript", "template"))
_THINGS = frozenset(("img", "table", "iframe", "video"))  # a body may be a picture and no word
_SIGN = "□"  # in place of a thing
# Types of scripts that run; others carry data: `application/ld+json`, `text/template`.
_RUN = frozenset(
    ("", "module", "text/javascript", "application/javascript", "application/x-javascript", "text/ecmascript")
)
_LONGEST_PLACEHOLDER = 60  # characters; a paragraph is longer than what asks the reader to wait


def awaits_script(page: Page, site: Site) -> bool:
    """Whether a script may yet bring the body: the page has one that runs, and no container, or none that shows anything.

    Whether the article is gone is another question, which is asked first.
    """
    seen = _beginning(_parts(page, site))
    return (not seen or is_placeholder(seen, site)) and has_script(page)


def asks_to_wait(container: LexborNode, site: Site) -> bool:
    """Whether a container shows nothing but words that ask the reader to wait, and perhaps a picture that turns meanwhile."""
    return is_placeholder(_beginning(_below(container)), site)


def shown(page: Page, site: Site) -> str:
    """What the body's containers show: their words, and a sign for each picture or table; "" for nothing but a request to wait."""
    seen = " ".join(_parts(page, site))
    return "" if is_placeholder(seen, site) else seen


def is_placeholder(text: str, site: Site) -> bool:
    """Whether a text only asks the reader to wait for a script, as the site says it: once, or in several ways one after the other."""
    rest = letters(text).casefold() if len(text) <= _LONGEST_PLACEHOLDER else ""
    if not rest:
        return False
    for request in sorted(site.placeholders, key=len, reverse=True):  # the longer first: some begin as others do
        rest = rest.replace(request, "")
    return not rest


def has_script(page: Page) -> bool:
    """Whether the page has a script that runs."""
    return any((node.attributes.get("type") or "").strip().casefold() in _RUN for node in page.tree.css("script"))


def _parts(page: Page, site: Site) -> Iterator[str]:
    """The texts and signs of things of all containers, in order, each container once, however many selectors find it."""
    nodes = {node.mem_id: node for node in page.tree.css(site.container)}
    for node in nodes.values():
        yield from _below(node)


def _beginning(parts: Iterator[str]) -> str:
    """What comes first, as far as it tells whether it asks to wait: on nearly all pages one paragraph."""
    seen = ""
    for part in parts:
        seen += part
        if len(seen) > _LONGEST_PLACEHOLDER:
            break
    return seen


def _below(node: LexborNode) -> Iterator[str]:
    """Without recursion: a page may nest ten thousand elements."""
    pending = [node.first_child]
    while pending:
        child = pending.pop()
        if child is None:
            continue
        pending.append(child.next)
        if child.is_text_node:
            if text := child.text(deep=False).strip():
                yield text
        elif child.tag in _THINGS:
            yield _SIGN
        elif child.is_element_node and child.tag not in _SILENT:
            pending.append(child.first_child)
