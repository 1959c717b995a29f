"""What the extraction saw in a page: for each field what each layer found, which one was taken, and which words of the container were not."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from newscrawl import korean
from newscrawl.extraction.article import Gone, NoContainer, container_of, extract
from newscrawl.extraction.layers import Layer
from newscrawl.extraction.page import Page
from newscrawl.items import Article
from newscrawl.site import Site
from newscrawl.text import fold, letters

_MOST_WORDS = 30  # before or after a paragraph in its line: a dateline and a byline, an address


@dataclass(slots=True)
class Explanation:
    """`article`: None for a page that has none, and then `why` says so. `layers`: by field the name of each layer and what it found, None for
    nothing, in the order in which they are asked. `left_out`: texts of the container that are in no field."""

    article: Article | None = None
    why: str | None = None
    layers: dict[str, list[tuple[str, Any]]] = field(default_factory=dict)
    left_out: list[str] = field(default_factory=list)


def explain(page: Page, number: str, site: Site) -> Explanation:
    """All that was seen. `number`: the article's digits."""
    seen = Explanation()

    def tell(name: str, layers: Sequence[Layer[Any]]) -> None:
        seen.layers[name] = [(layer, _plain(value)) for layer, value in layers]

    try:
        seen.article = extract(page, number, site, tell)
    except NoContainer:
        seen.why = "no body container of a known form: no body, and no guess"
    except Gone:
        seen.why = "the site's page for an article that is no more, or one without any text"
    else:
        seen.left_out = list(_left_out(page, seen.article, site))
    return seen


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, korean.Person):
        return " ".join(filter(None, (value.name, value.role)))
    return [_plain(part) for part in value] if isinstance(value, tuple) else value


def _left_out(page: Page, article: Article, site: Site) -> Iterator[str]:
    """By letters: marks and spaces between words are not the same in page and record."""
    _, container = container_of(page, site)
    assert container is not None
    texts = list(_texts(article))
    kept, lines = letters(" ".join(texts)), {letters(line) for text in texts for line in text.split("\n")}
    for line in container.text(deep=True, separator="\n", strip=True).split("\n"):
        if letters(line) not in lines and letters(line):
            text = _not_in(kept, fold(line).split())
            if letters(text):
                yield text


def _not_in(kept: str, words: list[str]) -> str:
    """What of a line is not kept: of one that begins a paragraph what stands before it, of one that ends it what follows."""
    if letters("".join(words)) in kept:
        return ""
    for place in range(1, min(len(words), _MOST_WORDS)):
        for left, rest in ((words[:place], words[place:]), (words[-place:], words[:-place])):
            if letters("".join(rest)) in kept:
                return " ".join(left)
    return " ".join(words)


def _texts(article: Article) -> Iterator[str]:
    yield from filter(None, (article.title, article.section, article.subsection, article.place, article.body))
    yield from (*article.deck, *article.notices, *article.ai_summary)
    yield from (cell for table in article.tables for row in table for cell in row if cell)
    yield from (text for image in article.images for text in (image.caption, image.credit) if text)
    yield from (text for author in article.authors for text in (author.name, author.role, author.email) if text)
