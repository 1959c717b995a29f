"""The one thing that flows: an article and its parts. The record's order is the order of the fields here."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime

SCHEMA_VERSION = 4

KINDS = ("article", "photo", "flash", "robot", "translated")
VIA = ("list", "topbar", "feed", "sitemap", "flash", "front", "sidebar", "related", "probe", "argument", "archive")
ACCESS = ("free", "premium")
DUPLICATE = ("exact", "update", "rewrite", "template")
STATUS = ("published", "withdrawn")
COMPARED = ("title", "deck", "modified_at", "body", "tables", "images", "status")
"""The fields in which revisions of an article differ, in the record's order but for `status`, the last."""
RESTATED = ("story", "duplicate")
"""The fields in which a revision differs that was made because of other articles."""


@dataclass(slots=True)
class Author:
    """One person (or desk) named by the byline or the closing line; what is not shown is None."""

    name: str | None
    role: str | None = None
    email: str | None = None


@dataclass(slots=True)
class Image:
    """One picture of the article: its caption as shown, and who is credited in it."""

    url: str | None
    caption: str | None = None
    credit: str | None = None


@dataclass(slots=True)
class Duplicate:
    """What the article has to do with an earlier one, `of`. `similarity`: how much of both texts is in both, `containment`: how much of the
    shorter is in the longer, both from 0 to 1."""

    of: str
    kind: str
    similarity: float
    containment: float


@dataclass(slots=True)
class Found:
    """How this article was found: the way, the page that named it (None for an argument), the time."""

    via: str
    source: str | None
    at: datetime


@dataclass(frozen=True, slots=True)
class Archived:
    """Where the page of an article lies in the archive: the WARC file, from the site's folder, and the record's first byte in it."""

    file: str
    offset: int


@dataclass(slots=True)
class Article:
    """One article. `docs/record.md` says what each field means and how it is written to JSON.

    Datetimes are aware. A field that the page does not give is None (or an empty list), never "".
    Not part of the record are the last ones: `recheck`, whether this is a look at an article that the output has; `validators`, the ETag and
    Last-Modified of its page; `considered` and `placed`, what the state knows of its story, of a new article and of a revision; `removed`,
    which counts, by kind, what extraction took out of the text.
    """

    id: str
    source: str
    url: str
    title: str | None = None
    marks: list[str] = field(default_factory=list)
    deck: list[str] = field(default_factory=list)
    section: str | None = None
    subsection: str | None = None
    language: str | None = None
    kind: str = "article"
    access: str = "free"
    published_at: datetime | None = None
    modified_at: datetime | None = None
    place: str | None = None
    authors: list[Author] = field(default_factory=list)
    body: str | None = None
    tables: list[list[list[str | None]]] = field(default_factory=list)
    images: list[Image] = field(default_factory=list)
    notices: list[str] = field(default_factory=list)
    ai_summary: list[str] = field(default_factory=list)
    tickers: list[str] = field(default_factory=list)
    related: list[str] = field(default_factory=list)
    story: str | None = None
    duplicate: Duplicate | None = None
    found: Found | None = None
    first_seen_at: datetime | None = None
    fetched_at: datetime | None = None
    archived: Archived | None = None
    revision: int = 1
    status: str = "published"
    changed: list[str] = field(default_factory=list)
    previous_hash: str | None = None
    fields_from: dict[str, str] = field(default_factory=dict)
    extractor: str | None = None
    hash: str | None = None
    recheck: bool = field(default=False, repr=False)
    validators: tuple[str | None, str | None] | None = field(default=None, repr=False)
    considered: object = field(default=None, repr=False)
    placed: object = field(default=None, repr=False)
    removed: Counter[str] = field(default_factory=Counter, repr=False)


@dataclass(slots=True)
class NoText:
    """A look at an article of the output that gave no text. `why`: `not_modified` since the last look, `absent` (404, 410, the site's empty
    page), or `elsewhere` (its address leads to something else). `at`: seconds since 1970; `archived`: where the answer is kept."""

    id: str
    why: str
    at: int
    archived: Archived | None = None


@dataclass(slots=True)
class Listed:
    """What a page of a list names, for the ledger: no article. `section`: the list's code; `rows`: day (a number like 20261120) and
    article; `passed`: the days that the walk has passed, each from one of its seconds to another. `at`: seconds since 1970."""

    section: str
    rows: tuple[tuple[int, int], ...]
    passed: tuple[tuple[int, int, int], ...]
    at: int
