"""A page -> an Article: finds the generation, reads each field by its layers, notes which layer gave it."""

from __future__ import annotations

from selectolax.lexbor import LexborNode

from newscrawl import korean
from newscrawl.extraction import header, layers
from newscrawl.extraction.authors import authors
from newscrawl.extraction.body import Body, is_best_label, read_body
from newscrawl.extraction.derived import content_hash, kind, language, tickers
from newscrawl.extraction.page import Page
from newscrawl.extraction.pieces import Line, Reader, Rules
from newscrawl.extraction.related import related
from newscrawl.extraction.tables import read_table
from newscrawl.identity import article_id, article_number, canonical_url
from newscrawl.items import Article
from newscrawl.site import Generation, Site

_HIDDEN = '[hidden], [style*="display:none"], [style*="display: none"]'
# An advertisement's element that holds this share of the container's text is a wrapper of the article instead.
_LARGEST_AD = 0.5


class NoContainer(Exception):
    """The page has no body container of any known generation: no body, no guess."""


class Gone(Exception):
    """The page is that of an article that is no more: the site's empty form."""


def extract(page: Page, number: str, site: Site) -> Article:
    """The article of a page.

    Raises Gone for the site's empty page, NoContainer for a page without a container of a known generation.
    """
    title_layer, title = layers.first(layers.titles(page, site))
    generation, container = _container(page, site)
    if generation is None or container is None:
        if title is None and "og:title" in page.metas:
            raise Gone
        raise NoContainer

    article = Article(article_id(number, site), site.name, canonical_url(number, site), title=title, extractor=generation.name)
    frame = header.frame_of(page, container, site)
    rules = _rules(page, frame, container, site)
    article.removed = rules.removed
    reader = Reader(rules)
    body = read_body(
        reader.read(container), site, lambda href: _other_article(page.absolute(href), number, site), article.removed
    )
    if title is None and body.text is None and not body.images and not body.tables:
        raise Gone

    source: dict[str, str | None] = {"title": title_layer}
    above = _above(page, frame, container, rules)
    _take_body(article, body, generation, source)
    _take_dates(article, page, site, above, source)
    _take_header(article, page, site, frame, above, body, source)
    _take_notices(article, page, frame, container, rules, body, site)
    source["authors"], article.authors = authors(page, body)
    article.related = related(page, container, reader.links if body.complete else _own_links(container, rules, site), number, site)
    article.kind, source["kind"] = kind(article, body)
    article.language = language(article)
    article.hash = content_hash(article)
    source |= {"marks": title_layer, "related": "links", "language": "script", "notices": "text", "access": "text"}
    article.fields_from = {name: layer for name in _FIELDS if (layer := source.get(name)) and getattr(article, name) not in (None, [])}
    return article


# The fields that name their layer, in the record's order.
_FIELDS = (
    "title marks deck section subsection language kind access published_at modified_at place authors body tables images notices "
    "ai_summary tickers related"
).split()


def _container(page: Page, site: Site) -> tuple[Generation, LexborNode] | tuple[None, None]:
    for generation in site.generations:
        node = page.first(generation.container)
        if node is not None and (generation.requires is None or page.first(generation.requires) is not None):
            return generation, node
    return None, None


def _other_article(url: str | None, number: str, site: Site) -> bool:
    return url is not None and article_number(url, site) not in (None, number)


def _rules(page: Page, frame: LexborNode, container: LexborNode, site: Site) -> Rules:
    """What to pass over in this page: advertisements, the AI summary, what is not shown; and what is a caption."""
    skip = {node.mem_id for node in frame.css(f"{site.ai_summary}, {_HIDDEN}")}
    captions = {node.mem_id for node in container.css(site.caption)}
    rules = Rules(skip, captions, page.absolute, site.domain, read_table)
    whole = len(container.text(deep=True))
    for node in container.css(site.ads):
        if node.mem_id != container.mem_id and len(node.text(deep=True)) <= whole * _LARGEST_AD:
            skip.add(node.mem_id)
            rules.removed["ad"] += 1
    skip.discard(container.mem_id)
    return rules


def _above(page: Page, frame: LexborNode, container: LexborNode, rules: Rules) -> list[Line]:
    """The lines of the frame over the container, without what stands in menus and boxes at the side."""
    beside = {node.mem_id for node in frame.css("aside, nav")}
    reader = Reader(Rules(rules.skip | beside, set(), page.absolute, rules.domain, read_table))
    return [piece for piece in reader.read(frame, until=container.mem_id) if isinstance(piece, Line)]


def _own_links(container: LexborNode, rules: Rules, site: Site) -> list[str]:
    """The links of a container up to the label after which other articles stand in it."""
    reader = Reader(rules, stop=lambda text: is_best_label(text, site))
    reader.read(container)
    return reader.links


def _take_body(article: Article, body: Body, generation: Generation, source: dict[str, str | None]) -> None:
    article.body, article.tables, article.images, article.place = body.text, body.tables, body.images, body.place
    article.tickers = tickers(body.text)
    source |= dict.fromkeys(("body", "tables", "images"), generation.container) | {"place": "dateline", "tickers": "text"}


def _take_dates(article: Article, page: Page, site: Site, above: list[Line], source: dict[str, str | None]) -> None:
    shown = header.Shown(page, " ".join(line.text for line in above))
    source["published_at"], article.published_at = layers.first(layers.published(page, site, shown))
    source["modified_at"], article.modified_at = layers.first(layers.modified(page, shown))


def _take_header(
    article: Article, page: Page, site: Site, frame: LexborNode, above: list[Line], body: Body, source: dict[str, str | None]
) -> None:
    source["section"], section = layers.first(layers.sections(page, site, header.find_breadcrumb(page, frame, site)))
    if section:
        article.section, article.subsection = section
        source["subsection"] = "breadcrumb"
    article.marks = korean.marks(article.title or "")
    article.deck = header.read_deck(above, article.title, (article.section, article.subsection), site) or body.deck
    source["deck"] = "position"
    article.ai_summary = header.ai_summary(page, site)
    source["ai_summary"] = site.ai_summary


def _take_notices(
    article: Article, page: Page, frame: LexborNode, container: LexborNode, rules: Rules, body: Body, site: Site
) -> None:
    """Notices of the body, and those that stand in the frame around it (a paywall's box)."""
    notices = dict(body.notices)
    if "이 기사는" in page.source and not notices:
        around = Reader(
            Rules(rules.skip | {container.mem_id}, set(), page.absolute, rules.domain, read_table), stop=lambda text: is_best_label(text, site)
        )
        for piece in around.read(frame):
            if isinstance(piece, Line) and (found := korean.notice(piece.text)):
                notices.setdefault(piece.text, found)
    article.notices = list(notices)
    body.notices = notices
    article.access = "premium" if "premium" in notices.values() else "free"
