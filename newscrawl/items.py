"""The one thing that flows: an article and its parts. The record's order is the order of the fields here."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime

SCHEMA_VERSION = 1

KINDS = ("article", "photo", "flash", "robot", "translated")
ACCESS = ("free", "premium")


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
class Found:
    """How this article was found: the way, the page that named it (None for an argument), the time."""

    via: str
    source: str | None
    at: datetime


@dataclass(slots=True)
class Article:
    """One article. `docs/record.md` says what each field means and how it is written to JSON.

    Datetimes are aware. A field that the page does not give is None (or an empty list), never "".
    `removed` is not part of the record: it counts, by kind, what extraction took out of the text.
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
    found: Found | None = None
    fetched_at: datetime | None = None
    fields_from: dict[str, str] = field(default_factory=dict)
    extractor: str | None = None
    hash: str | None = None
    removed: Counter[str] = field(default_factory=Counter, repr=False)
