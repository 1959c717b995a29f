"""The pieces of the container -> the article's own words, and all that stands between them, each in its typed place."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from newscrawl import korean
from newscrawl.extraction.lines import OwnLine, OwnPiece, own_pieces, prepare
from newscrawl.extraction.pieces import CaptionText, Grid, Picture, Piece
from newscrawl.extraction.related import LABELS
from newscrawl.extraction.rules import AD_LABELS
from newscrawl.items import Image
from newscrawl.site import Site
from newscrawl.text import letters

_DATELINE_WITHIN = 12  # lines: sub-heads, notes and a deck may come before the dateline
# Before another article's headline or an advertisement.
_POINTERS = ("▶", "▷", "☞", "►", "·", "-")
# Sub-heads, notes and the lines of a deck: what opens so is no caption (▲ may open one).
_NO_CAPTION = (*_POINTERS, "◆", "■", "◇", "●", "○", "□", "※", "<", "[")
_RELATED_MARKS = ("[관련기사]", "[관련 기사]", "[관련뉴스]")
_LONGEST_LABEL = 30  # characters: labels of related articles and advertisements
_DECK_LINE = 60  # characters; a line of a deck has a headline's length, a paragraph is longer or ends like a sentence
_DECK_LINES = 4  # the evidence has one to four
_HEADLINE = 90  # characters; a line that is nothing but a link and longer than any headline is the article's
# 했다. · 합니다. · 왔다" · said.: prose ends so, headlines and captions of sources do not.
_SENTENCE_END = re.compile(r"(?:[다요죠까음함됨]|[a-z])[.?!…]?[\"'”’)]*[.?!…][\"'”’)]*$")
_LEADING_EQUALS = re.compile(r"^[=＝]\s")  # between a dateline and the story
_SENTENCES = re.compile(r"[다요]\.[\"'”’]?\s")


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
    complete: bool = (
        True  # False: other articles follow in the container, and its links after them are not this article's
    )


def read_body(
    pieces: list[Piece],
    site: Site,
    leads_to_article: Callable[[str], bool],
    removed: Counter[str],
    *,
    deck_above: bool = False,
) -> Body:
    """Sort the pieces; `removed` counts, by kind, each line that is not the article's. `deck_above`: the page has its deck already."""
    body = Body()
    own = own_pieces(pieces, site)
    body.complete = len(own) == len(pieces)
    reading = _Reading(body, site, leads_to_article, removed)
    for piece in prepare(own, site):
        reading.take(piece)
    lines = reading.lines
    _take_captions_by_context(lines, reading)
    _take_dateline(lines, reading, deck_above=deck_above)
    _take_closings(lines, reading)
    body.text = _join(lines)
    return body


@dataclass(slots=True)
class _TextLine:
    """A line that is the article's as far as it alone can tell."""

    text: str
    paragraph: bool
    dateline: korean.Dateline | None
    image: Image | None  # the picture without a caption that it follows


@dataclass(slots=True)
class _Reading:
    """The sorting of one container's pieces."""

    body: Body
    site: Site
    leads_to_article: Callable[[str], bool]
    removed: Counter[str]
    lines: list[_TextLine] = field(default_factory=list)
    _bare: Image | None = None  # the picture just before, still without a caption
    _carry: bool = False  # the next line begins a paragraph because what stood before it was taken out
    _beyond: bool = False  # behind the closing line and a label of related articles: theirs are the words
    _open_notice: str | None = None  # an editor's note that may go on in the next line

    def take(self, piece: OwnPiece) -> None:
        """Put one piece in its place."""
        if self._beyond and not isinstance(piece, OwnLine):
            self.removed["link"] += 1
        elif isinstance(piece, Picture) and piece.off_site and self.body.closings:
            self.removed["ad"] += 1  # behind the closing line stand advertisements
        elif isinstance(piece, Picture):
            self._bare = self._image(piece)
        elif isinstance(piece, Grid):
            self.body.tables.append(piece.rows)
            self._bare, self._carry = None, True
        elif isinstance(piece, CaptionText):
            self.removed["caption"] += 1
            self.caption(piece.text, self._bare)
            self._bare, self._carry = None, True
        else:
            self._line(piece)

    def _line(self, line: OwnLine) -> None:
        if self._goes_on(line):
            self._notice(line.text)
            self._carry = self._carry or line.paragraph
            return
        self._open_notice = None
        kind = self._kind(line)
        if kind is None:
            text = line.text
            if line.dateline is None or not line.dateline.people:  # what a byline opens may yet be a caption, whole
                text = self.without_credit(text, reversed(self.body.images))
            self.lines.append(_TextLine(text, line.paragraph or self._carry, line.dateline, self._bare))
            self._bare, self._carry = None, False
            return
        self.removed[kind] += 1
        self._carry = self._carry or line.paragraph
        if kind == "caption":
            self.caption(line.text, self._bare)
            self._bare = None
        elif kind == "notice":
            self._notice(line.text[line.dateline.end :] if line.dateline else line.text)
        elif kind == "closing":
            self.body.closings += korean.closing(line.text, self.site.agency, self.site.domain)

    def _goes_on(self, line: OwnLine) -> bool:
        """Whether an editor's note goes on in this line: in the same paragraph, or after a label that stands alone."""
        if self._open_notice is None or line.dateline:
            return False
        return not line.paragraph or korean.is_editor_label(self._open_notice)

    def _notice(self, text: str) -> None:
        notices = self.body.notices
        if self._open_notice is not None:
            notices.pop(self._open_notice)
            text = f"{self._open_notice} {text}"
        kind = korean.notice(text) or "editor"
        notices.setdefault(text, kind)
        self._open_notice = text if kind == "editor" else None

    def _kind(self, line: OwnLine) -> str | None:
        """What a line is when it is not the article's words: notice, copyright, caption, closing, link; else None."""
        text, site, opens = line.text, self.site, line.dateline
        if korean.notice(text[opens.end :] if opens else text):
            return "notice"
        if korean.is_copyright(text, site.agency):
            return "copyright"
        if opens is None or not opens.people:
            ends_so = korean.looks_like_caption(text, site.agency, site.domain, beside_image=self._bare is not None)
            if ends_so and not self._is_prose(line):
                return "caption"
        elif korean.is_surely_caption(text, site.domain):
            return "caption"
        if any(
            found.email.lower().endswith("@" + site.domain) for found in korean.closing(text, site.agency, site.domain)
        ):
            return "closing"
        words = letters(text) if len(text) <= _LONGEST_LABEL else ""
        if words in AD_LABELS:
            return "ad"
        if (words in LABELS and not text.startswith(("◇", "◆", "■"))) or text.startswith(_RELATED_MARKS):
            self._beyond = bool(self.body.closings)
            return "link"
        return "link" if self._beyond or self._is_link(line) else None

    def _is_prose(self, line: OwnLine) -> bool:
        """Whether a line only ends like a caption: several sentences without a sure sign are a paragraph of the story, but for those
        that a dateline opens below a picture."""
        if korean.is_surely_caption(line.text, self.site.domain) or (line.dateline and self._bare):
            return False
        return korean.is_several_sentences(line.text)

    def _is_link(self, line: OwnLine) -> bool:
        """A line that is nothing but links: another article's headline, or an advertisement; never a sentence, never a dateline."""
        text = line.text
        if line.link is None or line.dateline or len(text) > _HEADLINE or _SENTENCE_END.search(text):
            return False
        return bool(self.body.closings) or text.startswith(_POINTERS) or self.leads_to_article(line.link)

    def _image(self, picture: Picture) -> Image | None:
        image = Image(picture.url)
        self.body.images.append(image)
        if picture.caption is None:
            return image
        self.caption(picture.caption, image)
        return None

    def without_credit(self, text: str, images: Iterable[Image]) -> str:
        """A paragraph without the credit that may close it: `… [사진=소속사 제공]`, which is given to the first picture without caption."""
        cut = korean.photo_credit(text)
        if not cut:
            return text
        self.removed["caption"] += 1
        self.caption(text[cut:], next((image for image in images if image.caption is None and image.url), None))
        return text[:cut].rstrip()

    def caption(self, text: str, image: Image | None) -> None:
        """Give a caption to its picture; one whose picture is not on the page is kept without."""
        found = korean.caption(text, self.site.agency)
        if image is None:
            image = Image(None)
            self.body.images.append(image)
        image.caption, image.credit = found.text, found.credit


def _take_captions_by_context(lines: list[_TextLine], reading: _Reading) -> None:
    """A line that opens like a dateline and ends like a caption, but without the sure sign of date and e-mail, is a caption if it
    follows a picture and another line opens the story, or it is a single sentence. Otherwise it is the story."""
    opening = [line for line in lines if line.dateline and line.dateline.people]
    doubtful = [line for line in opening if line.image and korean.may_be_caption(line.text)]
    if len(doubtful) == len(opening):
        rest = any(line not in doubtful for line in lines)
        doubtful = [line for line in doubtful if not rest and not _SENTENCES.search(line.text)]
    for line in doubtful:
        reading.removed["caption"] += 1
        reading.caption(line.text, line.image)
        _take_out(lines, line)


def _take_out(lines: list[_TextLine], line: _TextLine) -> None:
    """Remove a line; if it began a paragraph, the next one does."""
    index = next(at for at, other in enumerate(lines) if other is line)
    if line.paragraph and index + 1 < len(lines):
        lines[index + 1].paragraph = True
    del lines[index]


def _take_dateline(lines: list[_TextLine], reading: _Reading, *, deck_above: bool) -> None:
    """Place and people from the dateline; of the lines over it those directly below a picture are captions, and the others a deck if
    they look like one and the page has no other."""
    for index, line in enumerate(lines[:_DATELINE_WITHIN]):
        if line.dateline:
            above, rest = lines[:index], lines[index:]
            _take_captions_above(above, reading)
            _open_story(line.dateline, rest, reading)
            if above and not deck_above and len(above) <= _DECK_LINES and all(_like_a_deck(one.text) for one in above):
                reading.body.deck = [one.text for one in above]
                above = []
            lines[:] = above + rest
            return


def _take_captions_above(lines: list[_TextLine], reading: _Reading) -> None:
    """The line directly below a picture without a caption is its caption, unless it is a sub-head or a paragraph."""
    for line in list(lines):
        if line.image is None or line.image.caption is not None or line.text.startswith(_NO_CAPTION):
            continue
        if not korean.is_several_sentences(line.text):
            reading.removed["caption"] += 1
            reading.caption(line.text, line.image)
            _take_out(lines, line)


def _open_story(found: korean.Dateline, lines: list[_TextLine], reading: _Reading) -> None:
    """Take the dateline off the story's first line, and what belongs to it: a byline in the next line, a picture's credit."""
    body, first = reading.body, lines[0]
    body.place, body.byline = found.place, found.people
    body.closings += found.closings
    reading.removed["dateline"] += 1
    first.text = first.text[found.end :].lstrip()
    if not first.text:
        if not found.people and len(lines) > 1:
            _take_byline(lines[1], reading)
        _take_out(lines, first)
    if lines and (body.byline or lines[0] is first):
        lines[0].text = _LEADING_EQUALS.sub("", lines[0].text)
    first.text = reading.without_credit(first.text, body.images)


def _take_byline(line: _TextLine, reading: _Reading) -> None:
    """The byline of a dateline that stands on a line of its own."""
    found = korean.byline(line.text)
    if found:
        reading.body.byline, end = found
        line.text = line.text[end:].lstrip()


def _like_a_deck(text: str) -> bool:
    return len(text) <= _DECK_LINE and not _SENTENCE_END.search(text) and text[0] not in "◆■◇▲▶●○□△<[※"


def _take_closings(lines: list[_TextLine], reading: _Reading) -> None:
    """The last lines may be addresses of any domain; the last words may be one of the agency's."""
    site = reading.site
    while lines and (found := korean.closing(lines[-1].text, site.agency, site.domain)):
        reading.body.closings += found
        reading.removed["closing"] += 1
        del lines[-1]
    if lines and (inline := korean.inline_closing(lines[-1].text, site.domain)):
        lines[-1].text, closing = inline
        reading.body.closings.append(closing)
        reading.removed["closing"] += 1


def _join(lines: list[_TextLine]) -> str | None:
    parts: list[str] = []
    for line in lines:
        if line.text:
            if parts:
                parts.append("\n\n" if line.paragraph else "\n")
            parts.append(line.text)
    return "".join(parts) or None
