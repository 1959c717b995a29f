"""Whether a page of links may show more of them than it has: to who presses 더보기, or scrolls down. Pure."""

from __future__ import annotations

from newscrawl.extraction import Page
from newscrawl.site import Site
from newscrawl.text import letters

_CONTROLS = "button, a, [role=button], [onclick]"
_NOWHERE = ("", "#", "javascript:")  # what the address of a link begins with that leads to no page
_WATCHES = "IntersectionObserver"  # by which a script learns that the end of a list has come into sight
_LONGEST_LABEL = 40  # characters; `더보기 (21/54)` has ten


def may_grow(page: Page, site: Site) -> bool:
    """Whether something on it says so: a control with one of the site's labels that leads nowhere, or a script that watches for the end."""
    for node in page.tree.css(_CONTROLS):
        text = node.text(deep=True).strip()
        if len(text) <= _LONGEST_LABEL and letters(text).rstrip("0123456789") in site.more_labels:
            address = (node.attributes.get("href") or "").strip().casefold()
            if address in _NOWHERE or address.startswith(_NOWHERE[1:]):
                return True
    return any(_WATCHES in (node.text(deep=True) or "") for node in page.tree.css("script"))
