"""The pieces of the container -> the article's own words, and all that stands between them, each in its typed place."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from itertools import takewhile

from newscrawl import korean
from newscrawl.extraction.pieces import CaptionText, Grid, Line, Piece, Picture
from newscrawl.items import Image
from newscrawl.korean.bylines import dateline_inside
from newscrawl.site import Site
from newscrawl.text import letters

_DATELINE_WITHIN = 12  # lines: sub-heads, notes and a deck may come before the dateline
_RELATED = frozenset(("관련기사", "관련뉴스", "관련기사보기", "관련기사더보기", "이시각주요뉴스", "주요기사"))
# Beside a picture, or behind the closing line, ▶ and ☞ open an advertisement or another article's headline.
_POINTERS = ("▶", "▷", "☞", "►", "[관련기사]", "[관련 기사]")
_DECK_LINE = 60  # characters; a line of a deck is a headline's length, a paragraph is longer or ends like a sentence
_SENTENCE_ENDS = (".", "?", "!", "…", '."', ".”", ".'", ".’")


@dataclass(slots=True)
class Body:
    """What the container holds."""

    text: str | None = None
    deck: list[str] = field(default_factory=list)
    place: str | None = None
    byline: tuple[korean.Person, ...] = ()
    closings: list[korean.Closing] = field(default_factory=list)
    images: list[Image] = field(default_factory=list)
    tables: list[list[list[str | None]]] = field(default_factory=list)
    notices: dict[str, str] = field(default_factory=dict)  # text -> kind, in order
    complete: bool = True  # False: other articles follow in the container, and its links after them are not this article's


def is_best_label(text: str, site: Site) -> bool:
    """Whether a line is the label after which the page shows other articles in full."""
    return len(text) <= 40 and letters(text) in site.best_labels


def read_body(pieces: list[Piece], site: Site, leads_to_article: Callable[[str], bool], removed: Counter[str]) -> Body:
    """Sort the pieces; `removed` counts, by kind, each line that is not the article's."""
    body = Body()
    own = list(takewhile(lambda piece: not (isinstance(piece, Line) and is_best_label(piece.text, site)), pieces))
    body.complete = len(own) == len(pieces)
    lines = _sort(_split_notices(own, site), body, site, leads_to_article, removed)
    _take_captions_without_date(lines, body, site, removed)
    _take_dateline(lines, body, site, removed)
    _take_inline_closing(lines, body, site, removed)
    body.text = _join(lines)
    return body


def _split_notices(pieces: list[Piece], site: Site) -> list[Piece]:
    """A notice and the story in one paragraph become two."""
    result: list[Piece] = []
    for piece in pieces:
        if isinstance(piece, Line) and korean.notice(piece.text) and (cut := dateline_inside(piece.text, site.agency)):
            result += [Line(piece.text[:cut].rstrip(), piece.paragraph), Line(piece.text[cut:], paragraph=True)]
        else:
            result.append(piece)
    return result


def _sort(
    pieces: list[Piece], body: Body, site: Site, leads_to_article: Callable[[str], bool], removed: Counter[str]
) -> list[Line]:
    """Put each piece in its place; what is left are the lines of the text."""
    lines: list[Line] = []
    bare: Image | None = None  # the picture just before, still without a caption
    carry = False  # the next line begins a paragraph because the one before it was taken out
    for piece in pieces:
        if isinstance(piece, Picture):
            bare = _add_image(piece, body, site)
            continue
        if isinstance(piece, Grid):
            body.tables.append(piece.rows)
            bare, carry = None, True
            continue
        kind = "caption" if isinstance(piece, CaptionText) else _kind(piece, body, site, leads_to_article, beside_image=bare is not None)
        if kind is None:
            assert isinstance(piece, Line)
            lines.append(Line(piece.text, piece.paragraph or carry))
            bare, carry = None, False
            continue
        removed[kind] += 1
        carry = carry or not isinstance(piece, Line) or piece.paragraph
        if kind == "caption":
            _add_caption(piece.text, bare, body, site)
            bare = None
        elif kind == "notice":
            body.notices.setdefault(piece.text, korean.notice(piece.text) or "editor")
        elif kind == "closing":
            body.closings += korean.closing(piece.text, site.agency, site.domain)
    return lines


def _kind(
    line: Line, body: Body, site: Site, leads_to_article: Callable[[str], bool], *, beside_image: bool
) -> str | None:
    """What a line is when it is not the article's words: notice, copyright, caption, closing, link; else None."""
    text = line.text
    if korean.notice(text):
        return "notice"
    if korean.is_copyright(text):
        return "copyright"
    if korean.looks_like_caption(text, site.agency, site.domain, beside_image=beside_image):
        return "caption"
    if korean.closing(text, site.agency, site.domain):
        return "closing"
    if letters(text) in _RELATED or text.startswith(_POINTERS[-2:]):
        return "link"
    # A line that is nothing but links: another article's headline, or an advertisement.
    if line.link and (body.closings or text.startswith(_POINTERS) or leads_to_article(line.link)):
        return "link"
    return None


def _add_image(picture: Picture, body: Body, site: Site) -> Image | None:
    image = Image(picture.url)
    body.images.append(image)
    if picture.caption is None:
        return image
    _add_caption(picture.caption, image, body, site)
    return None


def _add_caption(text: str, image: Image | None, body: Body, site: Site) -> None:
    """Give a caption to its picture; one whose picture is not on the page is kept without."""
    caption = korean.caption(text, site.agency)
    if image is None:
        image = Image(None)
        body.images.append(image)
    image.caption, image.credit = caption.text, caption.credit


def _take_captions_without_date(lines: list[Line], body: Body, site: Site, removed: Counter[str]) -> None:
    """A line that opens like a dateline and ends with an e-mail but no date is a caption if another line opens the story."""
    opening = [line for line in lines if korean.dateline(line.text, site.agency)]
    captions = [line for line in opening if korean.inline_closing(line.text, site.domain)]
    if captions and len(captions) == len(opening):
        captions.remove(max(captions, key=lambda line: len(line.text)))  # a story of one paragraph closes like a caption
    for line in captions:
        removed["caption"] += 1
        bare = next((image for image in body.images if image.caption is None and image.url), None)
        _add_caption(line.text, bare, body, site)
        _take_out(lines, line)


def _take_out(lines: list[Line], line: Line) -> None:
    """Remove a line; if it began a paragraph, the next one does."""
    index = next(at for at, other in enumerate(lines) if other is line)
    if line.paragraph and index + 1 < len(lines):
        lines[index + 1].paragraph = True
    del lines[index]


def _take_dateline(lines: list[Line], body: Body, site: Site, removed: Counter[str]) -> None:
    for index, line in enumerate(lines[:_DATELINE_WITHIN]):
        found = korean.dateline(line.text, site.agency)
        if not found:
            continue
        before = lines[:index]
        if before and all(_like_a_deck(other.text) for other in before) and index <= 4:
            body.deck = [other.text for other in before]
            del lines[:index]
        body.place, body.byline = found.place, found.people
        removed["dateline"] += 1
        line.text = line.text[found.end :].lstrip()
        if not line.text:
            _take_out(lines, line)
        return


def _like_a_deck(text: str) -> bool:
    return len(text) <= _DECK_LINE and not text.endswith(_SENTENCE_ENDS) and text[0] not in "◆■◇▲▶●○□△<[※"


def _take_inline_closing(lines: list[Line], body: Body, site: Site, removed: Counter[str]) -> None:
    if lines and (found := korean.inline_closing(lines[-1].text, site.domain)):
        lines[-1].text, closing = found
        body.closings.append(closing)
        removed["closing"] += 1


def _join(lines: list[Line]) -> str | None:
    parts: list[str] = []
    for line in lines:
        if parts:
            parts.append("\n\n" if line.paragraph else "\n")
        parts.append(line.text)
    return "".join(parts) or None
