"""The normal form of a text: NFC, white space folded, invisible characters gone. Pure and idempotent."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter

# Any of these makes the slow path necessary: controls that are no white space, soft hyphen, zero-width and direction marks, tags,
# BOM, surrogates, and the Hangul fillers, which are letters to Unicode and blanks to the eye. All other white space that an HTML
# page shows as one space (ASCII, no-break, en, em, thin, ideographic, line and paragraph separators) is white space to `str.split`.
_ODD = re.compile(
    "[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\xad\u034f\u061c\u115f\u1160\u180e\u200b-\u200f\u202a-\u202e"
    "\u2060-\u206f\u3164\ufeff\uffa0\ufff9-\ufffb\ud800-\udfff]"
)
_FILLER = re.compile("[\u115f\u1160\u3164\uffa0]")
_ZERO_WIDTH = re.compile(
    "[\xad\u034f\u061c\u180e\u200b\u200c\u200e\u200f\u202a-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb]"
)
_CONTROL = re.compile("[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff]")
# A zero-width joiner belongs to emoji sequences (👩‍💻) and to Indic scripts; between or beside Hangul, Han or Latin it is rubbish.
_JOINER = re.compile(
    "(?<![\u2190-\u2bff\ufe0f\U0001f000-\U0001faff\u0900-\u0dff])\u200d|\u200d(?![\u2190-\u2bff\U0001f000-\U0001faff\u0900-\u0dff])"
)
_NO_LETTER = re.compile(r"[\W_]+")


def fold(text: str, removed: Counter[str] | None = None) -> str:
    """The text in normal form on one line. What was removed is counted in `removed`: `zero_width`, `control`."""
    if not unicodedata.is_normalized("NFC", text):
        text = unicodedata.normalize("NFC", text)
    if _ODD.search(text):
        for kind, pattern in (("zero_width", _ZERO_WIDTH), ("zero_width", _JOINER), ("control", _CONTROL)):
            text, count = pattern.subn("", text)
            if count and removed is not None:
                removed[kind] += count
        text = unicodedata.normalize("NFC", _FILLER.sub(" ", text))  # what stood apart may meet now
    return " ".join(text.split())


def fold_lines(text: str, removed: Counter[str] | None = None) -> str:
    """The normal form of a text of paragraphs: each line folded, lines and paragraphs kept, no empty ones."""
    paragraphs = (
        "\n".join(filter(None, (fold(line, removed) for line in part.split("\n")))) for part in text.split("\n\n")
    )
    return "\n\n".join(filter(None, paragraphs))


def letters(text: str) -> str:
    """Only the letters and digits, for comparing labels whatever their brackets, spaces and dots."""
    return _NO_LETTER.sub("", text)
