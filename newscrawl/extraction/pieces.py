"""An element of the page -> its pieces in order: lines of text, pictures with captions, data tables, links."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from selectolax.lexbor import LexborNode

from newscrawl.text import fold, letters

# Elements whose words are not shown, or are controls of the page.
_SILENT = frozenset(
    "script style noscript template iframe object embed svg math canvas audio video map head title meta link "
    "button select option datalist form input textarea label progress meter dialog".split()
)
# Elements that begin and end a paragraph; all others run inside one (HTML standard, section 15.3, display: block and table parts).
_BLOCKS = frozenset(
    "address article aside blockquote body center dd details dialog dir div dl dt fieldset figcaption figure footer h1 h2 h3 h4 "
    "h5 h6 header hgroup hr li main menu nav ol p pre search section summary ul table caption colgroup tbody thead tfoot tr td th".split()
)
LONGEST_CAPTION = (
    700  # characters; the longest in the evidence has 110, and an unclosed caption element holds the article
)
_ICON = 40  # pixels; a picture of an article is not smaller
_LAZY = ("data-src", "data-original", "data-lazy-src")  # where loaders of pictures keep the address


@dataclass(slots=True)
class Line:
    """One line of text. `paragraph`: it begins a paragraph. `link`: where it leads when all of its words stand inside links."""

    text: str
    paragraph: bool = True
    link: str | None = None


@dataclass(slots=True)
class Picture:
    """A picture and the caption that stands with it."""

    url: str
    caption: str | None = None
    off_site: bool = False  # it leads to another site


@dataclass(slots=True)
class CaptionText:
    """A caption by its place: in a caption element."""

    text: str


@dataclass(slots=True)
class Grid:
    """A data table."""

    rows: list[list[str | None]]


Piece = Line | Picture | CaptionText | Grid


@dataclass(slots=True)
class Table:
    """A table that is more than layout: its pieces, and the links in its cells."""

    pieces: list[Piece]
    links: list[str]


@dataclass(slots=True)
class Rules:
    """What a reader must know of the page: elements (by `mem_id`) to pass over, caption elements, addresses, tables."""

    skip: set[int]
    captions: set[int]
    absolute: Callable[[str | None], str | None]
    domain: str
    read_table: Callable[[LexborNode, Rules], Table | None]
    banners: tuple[str, ...] = ()
    is_story: Callable[[str], bool] = lambda text: False  # whether a text can only be the article's own
    leads_to_article: Callable[[str], bool] = lambda href: False
    outer_tables: frozenset[int] = frozenset()  # tables (by `mem_id`) that hold tables
    labels: frozenset[str] = frozenset()  # letters of labels that may be pictures: what their text says is a line
    removed: Counter[str] = field(default_factory=Counter)


class Reader:
    """Walks an element once, without recursion (a page of unclosed tags is as deep as it is long).

    `stop`: a line for which it is true ends the reading; that line and what follows are not read.
    """

    def __init__(self, rules: Rules, stop: Callable[[str], bool] | None = None) -> None:
        self.rules = rules
        self._stop = stop
        self._stopped = False
        self.pieces: list[Piece] = []
        self.links: list[str] = []
        self.before: int | None = None  # pieces before the element that was left out
        self._words: list[str] = []
        self._pending: list[Picture] = []
        self._linked: list[str] = []  # the words of the line that stand inside links
        self._link: str | None = None
        self._breaks = 2  # line breaks since the last line; two begin a paragraph
        self._open_links: list[str | None] = []
        self._caption_from: int | None = None

    def read(self, root: LexborNode, leave_out: int | None = None) -> list[Piece]:
        """The pieces of an element.

        `leave_out`: the `mem_id` of an element inside whose pieces are not wanted; `before` then counts those before it, and only
        lines behind it can stop the reading.
        """
        stop = self._stop
        if leave_out is not None:
            self._stop = None
        ancestors: list[LexborNode] = []
        node = root.child
        while (node is not None or ancestors) and not self._stopped:
            if node is None:
                parent = ancestors.pop()
                self._leave(parent)
                node = parent.next
            elif leave_out is not None and node.mem_id == leave_out:
                self._flush(paragraph=True)
                self.before = len(self.pieces)
                self._stop = stop
                node = node.next
            elif self._enter(node):
                ancestors.append(node)
                node = node.child
            else:
                node = node.next
        self._flush()
        return self.pieces

    def _enter(self, node: LexborNode) -> bool:
        """Take a node in; True to go into it."""
        if node.is_text_node:
            self._text(node.text_content or "")
            return False
        tag = node.tag
        if not node.is_element_node or tag in _SILENT or tag is None:
            return False
        if self.rules.skip and node.mem_id in self.rules.skip:
            self._flush(paragraph=True)
            return False
        if tag == "br":
            self._flush()
            self._breaks += 1
            return False
        if tag == "img":
            self._picture(node)
            return False
        if tag == "a":
            href = node.attributes.get("href")
            self._open_links.append(href)
            if href:
                self.links.append(href)
        elif tag == "table":
            self._flush(paragraph=True)
            table = self.rules.read_table(node, self.rules)
            if table is not None:
                self.pieces += table.pieces
                self.links += table.links
                return False
        elif tag in _BLOCKS:
            self._flush(paragraph=True)
        if tag == "figcaption" or node.mem_id in self.rules.captions:
            self._flush(paragraph=True)
            if self._caption_from is None:
                self._caption_from = len(self.pieces)
        return True

    def _leave(self, node: LexborNode) -> None:
        tag = node.tag
        if tag == "a" and self._open_links:
            self._open_links.pop()
        elif tag in _BLOCKS:
            self._flush(paragraph=True)
        if self._caption_from is not None and (tag == "figcaption" or node.mem_id in self.rules.captions):
            self._flush(paragraph=True)
            inside = self.pieces[self._caption_from :]
            words = " ".join(piece.text for piece in inside if isinstance(piece, Line))
            self.pieces[self._caption_from :] = [piece for piece in inside if not isinstance(piece, Line)]
            if len(words) > LONGEST_CAPTION:
                self.pieces[self._caption_from :] = inside
            elif words:
                self.pieces.append(CaptionText(words))
            self._caption_from = None

    def _text(self, text: str) -> None:
        self._words.append(text)
        if self._open_links and not text.isspace():
            self._linked.append(text)
            self._link = self._open_links[-1]

    def _picture(self, node: LexborNode) -> None:
        attributes = node.attributes
        alternative = fold(attributes.get("alt") or "")
        if self.rules.labels and letters(alternative) in self.rules.labels:
            self._flush(paragraph=True)
            self._stopped = self._stopped or bool(self._stop and self._stop(alternative))
            self.pieces.append(Line(alternative))
            return
        if any(_pixels(attributes.get(side)) < _ICON for side in ("width", "height")):
            return  # an icon, or a counting pixel
        source = next((value for name in _LAZY if (value := attributes.get(name))), None) or attributes.get("src")
        url = self.rules.absolute(source)
        if url is None:
            return
        href = self._open_links[-1] if self._open_links else None
        link = self.rules.absolute(href)
        off_site = link is not None and not on_site(link, self.rules.domain)
        if off_site and self._is_banner(url):
            self.rules.removed["ad"] += 1
            return
        if href and self.rules.leads_to_article(href):
            self.rules.removed["link"] += 1  # another article's thumbnail
            return
        picture = Picture(url, off_site=off_site)
        if "".join(self._words).strip():
            self._pending.append(picture)  # it stands in a line of text: after that line
        else:
            self.pieces.append(picture)

    def _is_banner(self, url: str) -> bool:
        """Whether a picture that leads to another site is an advertisement: not the site's own, or from its banners' folder."""
        return not on_site(url, self.rules.domain) or urlsplit(url).path.startswith(self.rules.banners)

    def _flush(self, *, paragraph: bool = False) -> None:
        """End the line; `paragraph`: what comes next begins a paragraph."""
        if self._words:
            text = fold("".join(self._words), self.rules.removed)
            if text and self._stop and self._stop(text):
                self._stopped = True
            elif text:
                linked = self._link is not None and _only_links(text, "".join(self._linked))
                self.pieces.append(Line(text, self._breaks >= 2, self._link if linked else None))
                self._breaks = 0
            self._words.clear()
            self._linked.clear()
            self._link = None
        if self._pending:
            self.pieces += self._pending
            self._pending.clear()
        if paragraph:
            self._breaks = 2


def _only_links(text: str, linked: str) -> bool:
    """Whether links hold all of a line's letters, but for a date behind them."""
    words, inside = letters(text), letters(linked)
    return bool(inside) and (words == inside or (words.startswith(inside) and words[len(inside) :].isdigit()))


def _pixels(value: str | None) -> int:
    """An attribute's size in pixels; large when it is not said in plain pixels."""
    digits = (value or "").strip().removesuffix("px")
    return int(digits) if digits.isascii() and digits.isdigit() and len(digits) < 6 else 9999


def on_site(url: str, domain: str) -> bool:
    """Whether an address is on a host of the site."""
    host = (urlsplit(url).hostname or "").rstrip(".")
    return host == domain or host.endswith("." + domain)
