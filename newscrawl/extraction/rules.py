"""What to pass over in a page, and what to take for what: advertisements, hidden elements, captions, other articles' links."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import replace

from selectolax.lexbor import LexborNode

from newscrawl import korean
from newscrawl.extraction.lines import is_best_label
from newscrawl.extraction.page import Page
from newscrawl.extraction.pieces import Line, Reader, Rules, on_site
from newscrawl.extraction.tables import read_table
from newscrawl.identity import article_number
from newscrawl.site import Site
from newscrawl.text import fold, letters

AD_LABELS = frozenset(("광고", "AD", "ADVERTISEMENT", "Advertisement", "스폰서", "Sponsored"))  # letters of a line
_HIDDEN = re.compile(r"(?:display\s*:\s*none|visibility\s*:\s*(?:hidden|collapse))", re.IGNORECASE)
_AD_PARTS = "script, iframe, ins, object, embed"
_TABLE_CLIMB = 30  # elements between a table and the one in its cell
_MOST_ADS = 200  # a page with more is broken, and measuring each takes its time
# Advertisements that together hold this share of the container's text are the article, in elements that look like them.
_LARGEST_SHARE = 0.5
_SENTENCE = re.compile(r"[다요]\.|[a-z]\.\s")


def rules_for(page: Page, frame: LexborNode, container: LexborNode, number: str, site: Site) -> Rules:
    """The rules for one page; advertisements passed over are counted in `removed`."""
    skip = {node.mem_id for node in frame.css(f"{site.ai_summary}, [hidden]")}
    skip |= {node.mem_id for node in frame.css("[style]") if _HIDDEN.search(node.attributes.get("style") or "")}
    skip -= ancestors(container)
    rules = Rules(
        skip,
        {node.mem_id for node in container.css(site.caption)},
        page.absolute,
        site.domain,
        read_table,
        site.banners,
        lambda text: _is_story(text, site),
        lambda href: _is_other_article(page.absolute(href), number, site),
        _outer_tables(container),
        site.best_labels,
    )
    _skip_ads(container, rules, site)
    return rules


def _outer_tables(container: LexborNode) -> frozenset[int]:
    """The tables that hold another table directly, or within a few elements."""
    outer = set()
    for inner in container.css("table table"):
        node = inner.parent
        for _ in range(_TABLE_CLIMB):
            if node is None or node.tag == "table":
                break
            node = node.parent
        if node is not None:
            outer.add(node.mem_id)
    return frozenset(outer)


def ancestors(node: LexborNode) -> set[int]:
    """The element itself and all that it stands in."""
    found = {node.mem_id}
    parent = node.parent
    while parent is not None:
        found.add(parent.mem_id)
        parent = parent.parent
    return found


def _skip_ads(container: LexborNode, rules: Rules, site: Site) -> None:
    sure = _outermost(container.css(site.ads), container)
    by_style = [
        node for node in _outermost(container.css(site.ads_by_style), container) if _looks_like_ad(node, rules, site)
    ]
    whole = len(container.text(deep=True))
    for ads in (sure, by_style):
        if sum(len(node.text(deep=True)) for node in ads) <= whole * _LARGEST_SHARE:
            rules.skip.update(node.mem_id for node in ads)
            if ads:
                rules.removed["ad"] += len(ads)


def _outermost(nodes: list[LexborNode], container: LexborNode) -> list[LexborNode]:
    """Without the container itself, and without what stands directly in another of them."""
    known = {container.mem_id}
    found = []
    for node in nodes[:_MOST_ADS]:
        parent = node.parent
        if node.mem_id not in known and not (parent and parent.mem_id in known and parent.mem_id != container.mem_id):
            found.append(node)
        known.add(node.mem_id)
    return found


def _looks_like_ad(node: LexborNode, rules: Rules, site: Site) -> bool:
    """Of an element that only its style gives away: whether it shows a sign of an advertisement, and neither caption nor dateline.

    The signs are a script or a frame, little but links, and where no sentence stands outside of links, a link off the site or a label.
    """
    if site.caption and node.css_first(site.caption) is not None:
        return False
    text = fold(node.text(deep=True))
    if korean.dateline(text, site.agency):
        return False
    if node.css_first(_AD_PARTS) is not None:
        return True
    anchors = node.css("a[href]")
    is_table = node.css_first("td + td, th + td, th + th") is not None  # cells of data may be links, and say 광고
    if _is_links(text, [anchor.text(deep=True).strip() for anchor in anchors], all_of_it=is_table):
        return True
    pictured = node.css_first("img") is not None
    if (pictured and node.css_first("a img") is None) or _SENTENCE.search(f"{text} "):
        return False
    leading_off = (anchor for anchor in anchors if _leads_off(anchor, rules))
    return any(not is_table or anchor.css_first("img") is not None for anchor in leading_off) or (
        not is_table and _has_ad_label(node, text, rules)
    )


def _is_links(text: str, linked: list[str], *, all_of_it: bool) -> bool:
    """Whether a text is nothing but links, or half of it is."""
    if all_of_it:
        return bool(linked) and letters(text) == letters("".join(linked))
    return sum(map(len, linked)) * 2 >= len(text) > 0


def _leads_off(anchor: LexborNode, rules: Rules) -> bool:
    url = rules.absolute(anchor.attributes.get("href"))
    return url is not None and not on_site(url, rules.domain)


def _has_ad_label(node: LexborNode, text: str, rules: Rules) -> bool:
    """Whether the first or the last line says that the rest is an advertisement."""
    if not any(label in text for label in AD_LABELS):  # nearly all
        return False
    pieces = Reader(replace(rules, removed=Counter())).read(node)
    lines = [piece.text for piece in pieces if isinstance(piece, Line)]
    return bool(lines) and (letters(lines[0]) in AD_LABELS or letters(lines[-1]) in AD_LABELS)


def _is_story(text: str, site: Site) -> bool:
    """Whether a cell's text can only be the article's own, or the label behind which others stand: then the table is layout."""
    if is_best_label(text, site):
        return True
    opens = korean.dateline(text, site.agency)
    return (
        opens is not None
        and bool(opens.people)
        and not korean.may_be_caption(text)
        and not korean.is_surely_caption(text, site.domain)
    )


def _is_other_article(url: str | None, number: str, site: Site) -> bool:
    return url is not None and article_number(url, site) not in (None, number)
