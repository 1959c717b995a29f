"""What of an article is compared with others. Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from newscrawl import korean
from newscrawl.duplicates.shingles import Shingles, letters, shingles

_DIGITS = re.compile(r"[0-9]+")
# White space that keeps two numbers apart: 1 23 is not 12 3.
_APART = re.compile(r"([0-9])\s+(?=[0-9])")


@dataclass(frozen=True, slots=True, eq=False)
class Text:
    """An article as it is compared.

    `at`: when it was published, seconds since 1970; `words`: all of it without white space; `headline`: the shingles of the headline without its
    marks, every number as one digit; `body`: the shingles of the body, of captions and tables where there is none (`has_body`), `length` its
    letters; `whole`: the shingles of headline and body; `figures`: the numbers in body and tables but for dates and times, which are `dates`;
    `headline_figures`: those in the headline, `title`; `step`: of a wire's story, by its marks; `corrects`: by its marks, too.
    """

    number: int
    at: int
    words: str
    headline: Shingles
    body: Shingles
    whole: Shingles
    length: int
    has_body: bool
    figures: frozenset[str]
    dates: frozenset[str]
    headline_figures: frozenset[str]
    title: str
    tickers: frozenset[str]
    step: int | None
    corrects: bool

    @property
    def place(self) -> tuple[int, int]:
        """Where it stands among all articles: by time, then by number."""
        return self.at, self.number


def text(record: Mapping[str, Any], number: int, at: int) -> Text:
    """What of a record (`newscrawl.record`) is compared."""
    title, words = record["title"] or "", _words(record)
    body = letters(words)
    figures, dates = korean.numbers("\n".join([words, *_cells(record)]) if record["body"] else words)
    bare = korean.unmarked(title)
    headline = letters(bare)
    return Text(
        number=number,
        at=at,
        words=_all_words(record),
        headline=shingles(_DIGITS.sub("0", headline)),
        body=shingles(body),
        whole=shingles(headline + body),
        length=len(body),
        has_body=bool(record["body"]),
        figures=figures,
        dates=dates,
        title=title,
        headline_figures=korean.numbers(bare)[0],
        tickers=frozenset(record["tickers"]),
        step=korean.step(record["marks"]),
        corrects=korean.is_correction(title),
    )


def moment(record: Mapping[str, Any], number: int) -> int:
    """When an article stands among others: its publication, else the first second of the day of its number, in seconds since 1970."""
    if published := record["published_at"]:
        return int(datetime.fromisoformat(published).timestamp())
    day = datetime.strptime(str(number)[:8], "%Y%m%d").replace(tzinfo=korean.KST)
    return int(day.timestamp())


def _words(record: Mapping[str, Any]) -> str:
    """The body; else what stands in the captions and tables."""
    return str(record["body"]) if record["body"] else "\n".join([*_captions(record), *_cells(record)])


def _all_words(record: Mapping[str, Any]) -> str:
    """All that makes two articles the same, as `hash` of the record has it, but without the white space by which copies differ."""
    parts = [record["title"] or "", record["body"] or ""]
    if not record["body"]:
        parts += [*_captions(record), *(image["url"] or "" for image in record["images"])]
    rows = [
        "\t".join(cell or "" for cell in row) for table in record["tables"] for row in table
    ]  # an empty cell has a place
    return "\n".join([*map(_unspaced, parts), *rows])


def _unspaced(words: str) -> str:
    return "".join(_APART.sub(r"\1\0", words).split()).replace("\0", " ")


def _captions(record: Mapping[str, Any]) -> list[str]:
    return [image["caption"] for image in record["images"] if image["caption"]]


def _cells(record: Mapping[str, Any]) -> list[str]:
    return [cell for table in record["tables"] for row in table for cell in row if cell]
