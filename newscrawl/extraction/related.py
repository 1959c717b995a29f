"""The articles that an article itself links to: in its body, or in a box labelled as related."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from itertools import islice

from selectolax.lexbor import LexborNode

from newscrawl.extraction.lines import ends_article
from newscrawl.extraction.page import Page
from newscrawl.extraction.pieces import Reader, Rules
from newscrawl.extraction.rules import ancestors
from newscrawl.identity import article_id, article_number
from newscrawl.site import Site
from newscrawl.text import letters

LABELS = frozenset(("관련기사", "관련뉴스", "관련기사보기", "관련기사더보기"))
_LABEL_TAGS = "h2, h3, h4, h5, h6, strong, b, dt, p, span, em, div, caption, legend, a"
_MENTIONED = re.compile(r"관련\s?(?:기사|뉴스)")  # most pages need not be searched for boxes
_LONGEST_LABEL = 60  # characters, with the white space of the source
_MOST_BOXES = 5  # boxes that one page may have
_CLIMB = 3  # elements between a label and the box that holds its links


def related(page: Page, container: LexborNode, links: list[str], number: str, rules: Rules, site: Site) -> list[str]:
    """Ids in order, once each, without the article's own. `links`: the addresses that the body links to."""
    hrefs = list(links)
    if _MENTIONED.search(page.source):
        hrefs += _boxes(page, container, rules, lambda text: ends_article(text, site))
    found = dict.fromkeys(article_number(url, site) for href in hrefs if (url := page.absolute(href)))
    return [article_id(other, site) for other in found if other and other != number]


def _boxes(page: Page, container: LexborNode, rules: Rules, stop: Callable[[str], bool]) -> list[str]:
    """The links of each labelled box outside the body."""
    inside = {node.mem_id for node in container.css("*")}
    around = ancestors(container)
    hrefs: list[str] = []
    for label in islice(_labels(page, inside), _MOST_BOXES):
        box = label.parent
        for _ in range(_CLIMB):
            if box is None or box.mem_id in around:
                break
            reader = Reader(rules, stop=stop)  # the box may hold other articles too
            reader.read(box)
            if reader.links:
                hrefs += reader.links
                break
            box = box.parent
    return hrefs


def _labels(page: Page, inside: set[int]) -> Iterator[LexborNode]:
    """The elements whose own words are a label of related articles, outside the body."""
    for node in page.tree.css(_LABEL_TAGS):
        words = node.text(deep=False)
        if len(words) <= _LONGEST_LABEL and "관련" in words and letters(words) in LABELS and node.mem_id not in inside:
            yield node
