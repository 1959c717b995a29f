"""A page -> an Article: finds the generation, reads each field by its layers, notes which layer gave it."""

from __future__ import annotations

from selectolax.lexbor import LexborNode

from newscrawl import korean
from newscrawl.extraction import header, layers
from newscrawl.extraction.authors import authors
from newscrawl.extraction.body import Body, read_body
from newscrawl.extraction.derived import content_hash, kind, language, tickers
from newscrawl.extraction.filling import asks_to_wait, awaits_script
from newscrawl.extraction.lines import ends_article
from newscrawl.extraction.page import Page
from newscrawl.extraction.pieces import Line, Reader, Rules
from newscrawl.extraction.related import related
from newscrawl.extraction.rules import rules_for
from newscrawl.identity import article_id, canonical_url
from newscrawl.items import Article
from newscrawl.site import Generation, Site

Source = dict[str, str | None]  # field -> the layer that gave it

# The fields that name their layer, in the record's order.
_FIELDS = (
    "title marks deck section subsection language kind access published_at modified_at place authors body tables images notices "
    "ai_summary tickers related"
).split()


class NoContainer(Exception):
    """The page has no body container of any known generation, or one that a script has yet to fill: no body, no guess."""


class Gone(Exception):
    """The page is that of an article that is no more: the site's empty form."""


def extract(page: Page, number: str, site: Site, tell: layers.Tell | None = None) -> Article:
    """The article of a page. `tell`: is told what all layers of a field found, not only the first.

    Raises Gone for the site's empty page, NoContainer for a page without a container of a known generation, or one that a script has yet to
    fill.
    """
    title_layer, title = layers.first(layers.told("title", layers.titles(page, site), tell))
    generation, container = container_of(page, site)
    if generation is None or container is None:
        raise Gone if page.metas.get("og:title") == "" and title is None else NoContainer
    if asks_to_wait(container, site):
        raise NoContainer

    article = Article(
        article_id(number, site), site.name, canonical_url(number, site), title=title, extractor=generation.name
    )
    frame = header.frame_of(page, container, site)
    rules = rules_for(page, frame, container, number, site)
    article.removed = rules.removed
    around = header.read_around(page, frame, container, rules, site)
    source: Source = {"title": title_layer, "marks": title_layer}
    _take_header(article, page, site, frame, container, around, source, tell)

    reader = Reader(rules)
    pieces = reader.read(container)
    body = read_body(pieces, site, rules.leads_to_article, rules.removed, deck_above=bool(article.deck))
    if body.text is None and not body.images and not body.tables:
        if title is None:
            raise Gone
        if awaits_script(page, site):
            raise NoContainer
    _take_body(article, body, generation, source)
    _take_notices(article, body, around)
    source["authors"], article.authors = authors(page, body, site, tell)
    links = reader.links if body.complete else _own_links(container, rules, site)
    article.related = related(page, container, links, number, rules, site)
    article.kind, source["kind"] = kind(article, body)
    article.language = language(article)
    article.hash = content_hash(article)
    source |= {"related": "links", "language": "script", "notices": "text", "access": "text"}
    article.fields_from = {
        name: layer for name in _FIELDS if (layer := source.get(name)) and getattr(article, name) not in (None, [])
    }
    return article


def container_of(page: Page, site: Site) -> tuple[Generation, LexborNode] | tuple[None, None]:
    """The first container that holds something, of the newest generation that fits; an empty one if none does."""
    empty: tuple[Generation, LexborNode] | tuple[None, None] = (None, None)
    for generation in site.generations:
        nodes = page.tree.css(generation.container)
        if not nodes or (generation.requires is not None and page.first(generation.requires) is None):
            continue
        for node in nodes:
            if node.css_first("img, table") is not None or node.text(deep=True).strip():
                return generation, node
        if empty[0] is None:
            empty = generation, nodes[0]
    return empty


def _own_links(container: LexborNode, rules: Rules, site: Site) -> list[str]:
    """The links of a container up to the label after which other articles stand in it."""
    reader = Reader(rules, stop=lambda text: ends_article(text, site))
    reader.read(container)
    return reader.links


def _take_header(
    article: Article,
    page: Page,
    site: Site,
    frame: LexborNode,
    container: LexborNode,
    around: header.Around,
    source: Source,
    tell: layers.Tell | None,
) -> None:
    find = header.finder(frame, container, site)
    published, modified = layers.published(page, site, find, around), layers.modified(page, find, around)
    source["published_at"], article.published_at = layers.first(layers.told("published_at", published, tell))
    source["modified_at"], article.modified_at = layers.first(layers.told("modified_at", modified, tell))
    sections = layers.sections(page, site, header.find_breadcrumb(page, frame, site))
    source["section"], section = layers.first(layers.told("section", sections, tell))
    if section:
        article.section, article.subsection = section
        source["subsection"] = "breadcrumb"
    article.marks = korean.marks(article.title or "")
    article.deck = header.read_deck(around.above, article.title, (article.section, article.subsection), site)
    article.ai_summary = header.ai_summary(page, site)
    source |= {"deck": "position", "ai_summary": site.ai_summary}


def _take_body(article: Article, body: Body, generation: Generation, source: Source) -> None:
    article.body, article.tables, article.images, article.place = body.text, body.tables, body.images, body.place
    article.deck = article.deck or body.deck
    article.tickers = tickers(body.text)
    source |= dict.fromkeys(("body", "tables", "images"), generation.container) | {
        "place": "dateline",
        "tickers": "text",
    }


def _take_notices(article: Article, body: Body, around: header.Around) -> None:
    """Notices of the body, and those that stand in the frame around it (a paywall's box); a paragraph's lines are one notice."""
    for text in (*_paragraphs(around.above), *_paragraphs(around.below)):
        if found := korean.notice(text):
            body.notices.setdefault(text, found)
    article.notices = list(body.notices)
    article.access = "premium" if "premium" in body.notices.values() else "free"


def _paragraphs(lines: list[Line]) -> list[str]:
    found: list[str] = []
    for line in lines:
        if line.paragraph or not found:
            found.append(line.text)
        else:
            found[-1] += f" {line.text}"
    return found
