"""An element of the page -> its pieces in order: lines of text, pictures with captions, data tables, links."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from selectolax.lexbor import LexborNode

from newscrawl.text import fold

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
        self._words: list[str] = []
        self._pending: list[Picture] = []
        self._letters = self._linked_letters = 0
        self._link: str | None = None
        self._breaks = 2  # line breaks since the last line; two begin a paragraph
        self._open_links: list[str | None] = []
        self._caption_from: int | None = None

    def read(self, root: LexborNode, until: int | None = None) -> list[Piece]:
        """The pieces of an element, up to the element whose `mem_id` is `until`."""
        ancestors: list[LexborNode] = []
        node = root.child
        while (node is not None or ancestors) and not self._stopped:
            if node is None:
                parent = ancestors.pop()
                self._leave(parent)
                node = parent.next
            elif until is not None and node.mem_id == until:
                break
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
            if words:
                self.pieces.append(CaptionText(words))
            self._caption_from = None

    def _text(self, text: str) -> None:
        self._words.append(text)
        size = len("".join(text.split()))
        self._letters += size
        if self._open_links and size:
            self._linked_letters += size
            self._link = self._open_links[-1]

    def _picture(self, node: LexborNode) -> None:
        attributes = node.attributes
        if attributes.get("width") in ("0", "1") or attributes.get("height") in ("0", "1"):
            return  # a counting pixel
        source = next((value for name in _LAZY if (value := attributes.get(name))), None) or attributes.get("src")
        url = self.rules.absolute(source)
        if url is None:
            return
        link = self.rules.absolute(self._open_links[-1]) if self._open_links else None
        if link and not _on_site(link, self.rules.domain):
            self.rules.removed["ad"] += 1  # a banner: a picture that leads to another site
            return
        picture = Picture(url)
        if "".join(self._words).strip():
            self._pending.append(picture)  # it stands in a line of text: after that line
        else:
            self.pieces.append(picture)

    def _flush(self, *, paragraph: bool = False) -> None:
        """End the line; `paragraph`: what comes next begins a paragraph."""
        if self._words:
            text = fold("".join(self._words), self.rules.removed)
            if text and self._stop and self._stop(text):
                self._stopped = True
            elif text:
                linked = self._linked_letters >= self._letters
                self.pieces.append(Line(text, self._breaks >= 2, self._link if linked else None))
                self._breaks = 0
            self._words.clear()
            self._letters = self._linked_letters = 0
            self._link = None
        if self._pending:
            self.pieces += self._pending
            self._pending.clear()
        if paragraph:
            self._breaks = 2


def _on_site(url: str, domain: str) -> bool:
    host = (urlsplit(url).hostname or "").rstrip(".")
    return host == domain or host.endswith("." + domain)
