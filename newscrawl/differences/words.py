"""Two versions of one line -> the new one, with the words marked that differ."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from itertools import groupby

from newscrawl.differences.alignment import aligned, bare
from newscrawl.differences.style import Style

_AROUND = 24  # characters of an unchanged stretch that are shown beside a change
_OPENING = 14  # of the first stretch: enough to find the paragraph

_LONG = 15  # characters from which a word is compared in pieces; no Korean word with its particles has as many
_IDEOGRAPH = "\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"  # Han and kana
# Four of them: no 尹대통령 or 美연준, but text without spaces.
_DENSE = re.compile(f"(?:[{_IDEOGRAPH}][^{_IDEOGRAPH}]*){{4}}")
_LETTER = rf"[^\W\d{_IDEOGRAPH}]"
# A piece: a figure (2,501.21, 12%), one ideograph, a run of other letters unless it is long too, any other character. Together they
# are the whole word.
_PIECE = re.compile(rf"\d+(?:[.,]\d+)*%?|[{_IDEOGRAPH}]|{_LETTER}{{1,{_LONG}}}(?!{_LETTER})|.")


def words(old: str, new: str, style: Style) -> str:
    """The new text, marked where it differs; what lies between is shortened. Empty when nothing of the old one is left."""
    stretches = _smoothed(_stretches(_units(old), _units(new)))
    if len(stretches) < 2:
        return ""
    found = []
    for at, (was, now) in enumerate(stretches):
        if bare(was) == bare(now):
            found.append(shortened(now, _AROUND if at else _OPENING, _AROUND if at + 1 < len(stretches) else 0))
        else:
            space = " " if was.startswith(" ") or now.startswith(" ") else ""
            found.append(space + style.within(was.strip(), now.strip()))
    return "".join(found).strip()


def shortened(text: str, head: int, tail: int = 0) -> str:
    """The first and the last so many characters, a few more to the end of a word, and `…` for the rest."""
    if len(text) <= head + tail + _AROUND:
        return text
    end = text.find(" ", head, head + _LONG)
    start = text.rfind(" ", len(text) - tail - _LONG, len(text) - tail) if tail else len(text)
    return f"{text[: end if end > 0 else head]} … {text[start if start > 0 else len(text) - tail :].lstrip()}".rstrip()


def _units(text: str) -> list[str]:
    """Words, each with a space before it. One that is too long to be a word, or of a script without spaces, in pieces."""
    units = []
    for word in text.split():
        first, *more = _PIECE.findall(word) if len(word) > _LONG or _DENSE.search(word) else [word]
        units += [f" {first}", *more]
    return units


_Stretch = tuple[str, str]  # of the old text and of the new


def _stretches(old: Sequence[str], new: Sequence[str]) -> list[_Stretch]:
    """Both texts, cut where they begin and where they cease to be alike."""
    pieces: list[_Stretch] = []
    one = other = 0
    pairs = aligned([unit.strip() for unit in old], [unit.strip() for unit in new])
    for at, there in [*pairs, (len(old), len(new))]:
        pieces += [
            ("".join(old[one:at]), "".join(new[other:there])),
            ("".join(old[at : at + 1]), "".join(new[there : there + 1])),
        ]
        one, other = at + 1, there + 1
    groups = groupby(filter(any, pieces), key=lambda piece: bare(piece[0]) == bare(piece[1]))
    return [_joined(group) for _, group in groups]


def _smoothed(stretches: Iterable[_Stretch]) -> list[_Stretch]:
    """Without the words that two long changes have in common by chance: they would be read as one rewriting anyway."""
    found: list[_Stretch] = []
    for stretch in stretches:
        if len(found) > 1 and bare(stretch[0]) != bare(stretch[1]):
            before, between = found[-2:]
            if 2 * len(bare(between[1])) <= min(max(map(len, before)), max(map(len, stretch))):
                found[-2:] = [_joined([before, between, stretch])]
                continue
        found.append(stretch)
    return found


def _joined(stretches: Iterable[_Stretch]) -> _Stretch:
    olds, news = zip(*stretches, strict=True)
    return "".join(olds), "".join(news)
