"""The container's pieces made ready for sorting: cut where other articles begin, joined and split where the page's lines mislead,
datelines read."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass

from newscrawl import korean
from newscrawl.extraction.pieces import CaptionText, Grid, Line, Picture, Piece
from newscrawl.korean.bylines import dateline_inside
from newscrawl.site import Site
from newscrawl.text import letters

_BEST_LABEL_LENGTH = 40  # characters: `[뉴스핌 베스트 기사]`, perhaps with 더보기
_BRACKETED = re.compile(r"[\[【<〈]([^\[\]【】<>〈〉]{1,30})[\]】>〉](?![가-힣A-Za-z])")  # and no letter glued to it
_HEADLINE = 60  # characters; paragraphs are longer
_BROKEN_LINK = 3  # lines with one address: an <a> that was never closed, which parsers open again in every block


def is_best_label(text: str, site: Site) -> bool:
    """Whether a line is the label after which the page shows other articles: alone, or in brackets with something behind it."""
    if len(text) > _BEST_LABEL_LENGTH:
        return False
    return letters(text) in site.best_labels or _label_at(text, 0, site)


def _label_at(text: str, start: int, site: Site) -> bool:
    """Whether a label in brackets begins here: `[뉴스핌 베스트 기사] 더보기`, but not `[뉴스핌 베스트 기사]로 뽑혔다`."""
    match = _BRACKETED.match(text, start)
    return match is not None and letters(match[1]) in site.best_labels


def ends_article(text: str, site: Site) -> bool:
    """Whether a line is, or ends with, the label after which other articles stand."""
    return is_best_label(text, site) or _label_inside(text, site) is not None


def own_pieces(pieces: list[Piece], site: Site) -> list[Piece]:
    """The pieces before the label of other articles, also when the label ends a line of the article's."""
    own: list[Piece] = []
    for piece in pieces:
        if isinstance(piece, Line):
            if is_best_label(piece.text, site):
                break
            cut = _label_inside(piece.text, site)
            if cut is not None:
                own.append(Line(piece.text[:cut].rstrip(), piece.paragraph))
                break
        own.append(piece)
    return own


def _label_inside(text: str, site: Site) -> int | None:
    starts = (match.start() for match in re.finditer(r"[\[【<〈]", text))
    return next((start for start in starts if start and _label_at(text, start, site)), None)


@dataclass(slots=True)
class OwnLine(Line):
    """A line of the container, with the dateline that opens it."""

    dateline: korean.Dateline | None = None


OwnPiece = OwnLine | Picture | CaptionText | Grid


def prepare(pieces: list[Piece], site: Site) -> list[OwnPiece]:
    """Unclosed links undone, notes and captions parted from the story behind them, captions joined with their last line."""
    _undo_broken_links(pieces)
    return _join_captions([part for piece in pieces for part in _part(piece, site)], site)


def _undo_broken_links(pieces: list[Piece]) -> None:
    lines = [piece for piece in pieces if isinstance(piece, Line)]
    counts = Counter(line.link for line in lines if line.link)
    prose = {line.link for line in lines if len(line.text) > _HEADLINE}
    for line in lines:
        if line.link and line.link in prose and counts[line.link] >= _BROKEN_LINK:
            line.link = None


def _part(piece: Piece, site: Site) -> list[OwnPiece]:
    """A notice, or a caption, and the story in one line become two lines."""
    if not isinstance(piece, Line):
        return [piece]
    text, agency = piece.text, site.agency
    cut = dateline_inside(text, agency)
    before = "" if cut is None else text[:cut].rstrip()
    if before and (korean.notice(before) or korean.looks_like_caption(before, agency, site.domain, beside_image=True)):
        return [
            OwnLine(before, piece.paragraph, dateline=korean.dateline(before, agency)),
            OwnLine(text[cut:], dateline=korean.dateline(text[cut:], agency)),
        ]
    return [OwnLine(text, piece.paragraph, piece.link, korean.dateline(text, agency))]


# 2026.09.11 mong@newspim.com, alone: the end of a caption whose words stand on the line before
_CAPTION_END = re.compile(
    r"[(\s]?(?:19|20)\d\d\.\s?\d{1,2}\.\s?\d{1,2}\.?\s?/?\s?[(\s]?[A-Za-z0-9._%+\-]{1,64}@[A-Za-z0-9.\-]{1,80}[).\s]?"
)


def _join_captions(pieces: list[OwnPiece], site: Site) -> list[OwnPiece]:
    """A dateline's line behind a picture and a line of date and e-mail are one caption."""
    result: list[OwnPiece] = []
    for piece in pieces:
        before = result[-1] if len(result) > 1 and isinstance(result[-2], Picture) else None
        if (
            isinstance(piece, OwnLine)
            and isinstance(before, OwnLine)
            and before.dateline
            and _CAPTION_END.fullmatch(piece.text)
        ):
            text = f"{before.text} {piece.text}"
            result[-1] = OwnLine(text, before.paragraph, dateline=korean.dateline(text, site.agency))
        else:
            result.append(piece)
    return result
