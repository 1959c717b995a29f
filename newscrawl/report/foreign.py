"""Text of others made harmless to look at: nothing invisible in it, and not too much of it."""

from __future__ import annotations

import unicodedata

_WIDE = "WF"  # widths that count as a whole em: Hangul, ideographs
_SPACES = "\n\t"


def clean(text: str) -> str:
    """Without control signs, changes of direction, and halves of signs that no file can hold."""
    return "".join(sign for sign in text if sign in _SPACES or unicodedata.category(sign)[0] != "C")


def em(text: str) -> float:
    """The width of a text in em, about."""
    return sum(1.0 if unicodedata.east_asian_width(sign) in _WIDE else 0.56 for sign in text)


def plain(text: str, longest: float = 11.0) -> str:
    """A text fit for a drawing: clean, in one line, cut at so many em."""
    kept = " ".join(clean(text).split())
    cut = next((at for at in range(len(kept)) if em(kept[: at + 1]) > longest), len(kept))
    return kept if cut == len(kept) else kept[:cut] + "…"


def clipped(text: str, longest: int) -> str:
    """The first signs of a long text; run.json has all of it."""
    return text if len(text) <= longest else text[: longest - 1] + "…"
