"""The articles that an article itself links to: in its body, or in a box labelled as related."""

from __future__ import annotations

from selectolax.lexbor import LexborNode

from newscrawl.extraction.page import Page
from newscrawl.identity import article_id, article_number
from newscrawl.site import Site
from newscrawl.text import letters

LABELS = frozenset(("관련기사", "관련뉴스", "관련기사보기", "관련기사더보기"))
_LABEL_TAGS = "h2, h3, h4, h5, h6, strong, b, dt, p, span, em, div, caption, legend"
_CLIMB = 3  # elements between a label and the box that holds its links


def related(page: Page, frame: LexborNode, container: LexborNode, links: list[str], number: str, site: Site) -> list[str]:
    """Ids in order, once each, without the article's own."""
    hrefs = list(links)
    if any(word in page.source for word in ("관련기사", "관련 기사", "관련뉴스", "관련 뉴스")):
        hrefs += _boxes(frame, container)
    found = dict.fromkeys(article_number(url, site) for href in hrefs if (url := page.absolute(href)))
    return [article_id(other, site) for other in found if other and other != number]


def _boxes(frame: LexborNode, container: LexborNode) -> list[str]:
    """The links of each labelled box of the frame outside the body."""
    hrefs: list[str] = []
    inside = {node.mem_id for node in container.css("*")}
    for label in frame.css(_LABEL_TAGS):
        if label.mem_id in inside or letters(label.text(deep=True)) not in LABELS:
            continue
        box = label.parent
        for _ in range(_CLIMB):
            if box is None or box.mem_id == frame.mem_id or box.css_first(f"#{container.id}" if container.id else "none") is not None:
                break
            anchors = box.css("a[href]")
            if anchors:
                hrefs += [anchor.attributes.get("href") or "" for anchor in anchors]
                break
            box = box.parent
    return hrefs
