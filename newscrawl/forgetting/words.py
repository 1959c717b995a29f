"""The words of articles that are to be found nowhere any more. Pure."""

from __future__ import annotations

import html
import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from newscrawl.text import fold

LEAST = 12
"""Signs of a piece that tells an article from others: `코스피 하락 마감` (9) stands in a hundred."""
# Where JSON, CSV and HTML write something else than the sign itself, and where sentences end.
_CUTS = re.compile(r"[\x00-\x1f\"'\\&<>\x7f]|(?<=[.!?])\s", re.ASCII)
_TEXTS = ("title", "body")
_LISTS = ("deck", "ai_summary")  # not the notices, which are the same under many articles

_Forms = tuple[list[bytes], list[bytes], list[bytes]]


@dataclass(slots=True)
class Words:
    """`titles`, `bodies`: whole, as records have them; `pieces`: of titles, decks and sentences, as they stand in any form of file. `shared`: pieces
    that other articles have too, by the id of one: they are theirs, and stay."""

    titles: set[str] = field(default_factory=set)
    bodies: set[str] = field(default_factory=set)
    pieces: set[str] = field(default_factory=set)
    shared: dict[str, str] = field(default_factory=dict)
    _lines: tuple[tuple[int, int], list[str]] = field(default=((0, 0), []), repr=False)
    _forms: tuple[tuple[int, int], _Forms] = field(default=((0, 0), ([], [], [])), repr=False)

    def add(self, record: Mapping[str, Any]) -> None:
        """Those of one revision."""
        for name, known in (("title", self.titles), ("body", self.bodies)):
            if text := record.get(name):
                known.add(text)
        self.pieces |= {piece for text in texts(record) for piece in pieces(text)}

    @property
    def is_empty(self) -> bool:
        """Whether none are known, or none are looked for."""
        return not self.pieces

    @property
    def own(self) -> set[str]:
        """The pieces that nobody else has."""
        return self.pieces - self.shared.keys()

    def share(self, line: bytes, id: str) -> None:
        """The line of another article, which has some of the pieces."""
        self.shared |= dict.fromkeys((piece for piece in self.own if piece.encode() in line), id)

    def share_of(self, record: Mapping[str, Any]) -> float:
        """How much of the texts of another article's record are own pieces: from 0 to 1."""
        text = "\n".join(texts(record))
        return sum(len(piece) for piece in self.own if piece in text) / max(len(text), 1)

    def in_text(self, text: str) -> bool:
        """Whether a text (as a page shows it) is of these articles: it has a piece that only they have, or is a part of their words without any that
        others have."""
        shown = fold(html.unescape(text)) if len(text) >= LEAST else ""
        if len(shown) < LEAST:
            return False
        return self._is_own(shown) or (not self._is_lent(shown) and any(shown in known for known in self._folded()))

    def in_link(self, text: str) -> bool:
        """Whether the text of a link to one of these articles is of them: all of it or a part, perhaps cut off with dots. Where no words are known,
        any is."""
        shown = fold(html.unescape(text)).rstrip(".… ")
        if self.is_empty:
            return True
        if len(shown) < 2:
            return False
        return self._is_own(shown) or (not self._is_lent(shown) and any(shown in known for known in self._folded()))

    def _is_own(self, shown: str) -> bool:
        return any(piece in shown for piece in self.pieces if piece not in self.shared)

    def _is_lent(self, shown: str) -> bool:
        return any(piece in shown for piece in self.shared)

    def _folded(self) -> list[str]:
        """Titles and bodies as a page shows them, in one line."""
        size = len(self.titles), len(self.bodies)
        if self._lines[0] != size:
            self._lines = size, [fold(known) for known in (*self.titles, *self.bodies)]
        return self._lines[1]

    def are_in(self, data: bytes) -> bool:
        """Whether some bytes have one of the own pieces: in UTF-8, in the escapes of JSON, in CP949 where it is no UTF-8."""
        plain, escaped, old = self._encoded()
        if any(piece in data for piece in plain):
            return True
        if b"\\u" in data and any(piece in data for piece in escaped):
            return True
        return not _is_utf8(data) and any(piece in data for piece in old)

    def _encoded(self) -> _Forms:
        size = len(self.pieces), len(self.shared)
        if self._forms[0] != size:
            own = sorted(self.own)
            escaped = [json.dumps(piece)[1:-1].encode() for piece in own]
            old = [raw for raw in map(_cp949, own) if raw is not None]
            self._forms = size, ([piece.encode() for piece in own], escaped, old)
        return self._forms[1]


def _is_utf8(data: bytes) -> bool:
    try:
        data.decode()
    except UnicodeDecodeError:
        return False
    return True


def pieces(text: str) -> list[str]:
    """The sentences of a text, cut where a form of file may write a sign in another way; only those that are long enough."""
    found = (part.strip() for part in _CUTS.split(text))
    return [part for part in found if len(part) >= LEAST]


def texts(record: Mapping[str, Any]) -> Iterator[str]:
    """What a record says in sentences."""
    yield from (record[name] for name in _TEXTS if record.get(name))
    for name in _LISTS:
        yield from record.get(name) or ()
    yield from (image["caption"] for image in record.get("images") or () if image.get("caption"))


def _cp949(text: str) -> bytes | None:
    try:
        return text.encode("cp949")
    except UnicodeEncodeError:
        return None
