"""The normal form of a text: NFC, white space folded, invisible characters gone. Pure and idempotent."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter

# What an HTML page shows as one space: ASCII white space, no-break, en/em/thin, ideographic spaces, line and paragraph separators.
# The Hangul fillers are letters to Unicode and blanks to the eye.
_SPACE = re.compile("[ \t\n\r\f\v\u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000\u115f\u1160\u3164\uffa0\x85]+")
# Any of these makes the slow path necessary: odd spaces, controls, soft hyphen, zero-width and direction marks, tags, BOM, surrogates.
_ODD = re.compile(
    "[\x00-\x1f\x7f-\xa0\xad\u034f\u061c\u115f\u1160\u1680\u17b4\u17b5\u180e\u2000-\u200f\u2028-\u202f\u205f-\u206f\u3000\u3164"
    "\ufeff\uffa0\ufff9-\ufffb\ud800-\udfff]"
)
_ZERO_WIDTH = re.compile(
    "[\xad\u034f\u061c\u180e\u200b\u200c\u200e\u200f\u202a-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb]"
)
_CONTROL = re.compile("[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff]")
# A zero-width joiner belongs to emoji sequences (👩‍💻) and to Indic scripts; between or beside Hangul, Han or Latin it is rubbish.
_JOINER = re.compile(
    "(?<![\u2190-\u2bff\ufe0f\U0001f000-\U0001faff\u0900-\u0dff])\u200d|\u200d(?![\u2190-\u2bff\U0001f000-\U0001faff\u0900-\u0dff])"
)
_NO_LETTER = re.compile(r"[\W_]+")
_TWO_SPACES = re.compile("  ")


def fold(text: str, removed: Counter[str] | None = None) -> str:
    """The text in normal form on one line. What was removed is counted in `removed`: `zero_width`, `control`."""
    if not unicodedata.is_normalized("NFC", text):
        text = unicodedata.normalize("NFC", text)
    if _ODD.search(text):
        for kind, pattern in (("zero_width", _ZERO_WIDTH), ("zero_width", _JOINER), ("control", _CONTROL)):
            text, count = pattern.subn("", text)
            if count and removed is not None:
                removed[kind] += count
        text = unicodedata.normalize("NFC", _SPACE.sub(" ", text))  # what stood apart may meet now
    elif _TWO_SPACES.search(text):
        text = _SPACE.sub(" ", text)
    return text.strip(" ")


def fold_lines(text: str, removed: Counter[str] | None = None) -> str:
    """The normal form of a text of paragraphs: each line folded, lines and paragraphs kept, no empty ones."""
    paragraphs = (
        "\n".join(filter(None, (fold(line, removed) for line in part.split("\n")))) for part in text.split("\n\n")
    )
    return "\n\n".join(filter(None, paragraphs))


def letters(text: str) -> str:
    """Only the letters and digits, for comparing labels whatever their brackets, spaces and dots."""
    return _NO_LETTER.sub("", text)
