"""Who wrote it: the byline's people, with the closing line's addresses."""

from __future__ import annotations

from typing import Any

from newscrawl import korean
from newscrawl.extraction import layers
from newscrawl.extraction.body import Body
from newscrawl.extraction.page import Page
from newscrawl.items import Author
from newscrawl.site import Site

_MOST_CLOSINGS = 50  # addresses; more than that is no article's closing


def authors(page: Page, body: Body, site: Site, tell: layers.Tell | None = None) -> tuple[str | None, list[Author]]:
    """The authors and the layer that named them. Whom a caption names is credited with its picture, not here."""
    people, layer, closings = body.byline, "byline", [closing for closing in body.closings if not closing.desk]
    named_by_closing = tuple(
        dict.fromkeys(person for closing in closings for person in (closing.named or (closing.person,)) if person)
    )
    if not people and named_by_closing:
        people, layer = named_by_closing, "closing line"
    if tell:
        closed: tuple[Any, ...] | None = named_by_closing or tuple(closing.email for closing in closings) or None
        in_text = (("byline", body.byline or None), ("closing line", closed))
        tell("authors", [*in_text, *layers.writers(page, site)])
    if not people:
        found, persons = layers.first(layers.writers(page, site))
        people, layer = persons or (), found or "closing line"
    result = [Author(person.name, person.role) for person in people]
    for closing in list(dict.fromkeys(closings))[:_MOST_CLOSINGS]:
        _give(result, closing)
    return layer, result


def _give(result: list[Author], closing: korean.Closing) -> None:
    """The address goes to whom its line names, or to the only author; else it stands in an entry of its own: no guess."""
    if any(author.email == closing.email for author in result):
        return
    if closing.person:
        owner = next((author for author in result if author.name == closing.person.name), None)
        if owner is None:
            owner = Author(closing.person.name, closing.person.role)
            result.append(owner)
    else:
        owner = result[0] if len(result) == 1 and result[0].email is None else None
    if owner and owner.email is None:
        owner.email = closing.email
    else:
        result.append(Author(None, None, closing.email))
