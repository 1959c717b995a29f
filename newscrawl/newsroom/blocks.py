"""What an article is made of before it becomes HTML: the blocks of its body, in page order."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(slots=True)
class Paragraph:
    """A paragraph of the article's own words; `dateline` stands before them on the page and not in the record."""

    text: str
    dateline: str = ""
    subhead: bool = False


@dataclass(slots=True)
class Items:
    """A list; each item is a paragraph of the record."""

    lines: list[str]


@dataclass(slots=True)
class Picture:
    """A picture and its caption; without `url` a caption whose picture is not on the page."""

    url: str | None
    caption: str | None = None
    credit: str | None = None
    # A caption in a plain paragraph must be known by its form alone; other captions have a cell or a figure of their own.
    speaks: bool = True


@dataclass(slots=True)
class Cell:
    """One cell of a data table."""

    text: str
    columns: int = 1
    rows: int = 1


@dataclass(slots=True)
class Table:
    """A real data table."""

    rows: list[list[Cell]]


@dataclass(slots=True)
class Notice:
    """A notice, word for word."""

    text: str


@dataclass(slots=True)
class Links:
    """Links to other articles, by their numbers in the site, with no words of the article."""

    numbers: tuple[int, ...]


@dataclass(slots=True)
class Advertisement:
    """An advertisement among the paragraphs."""


@dataclass(slots=True)
class Closing:
    """The closing line: an e-mail, alone or after place and name."""

    text: str


@dataclass(slots=True)
class Tail:
    """What syndication leaves under the closing line: a banner, `▶` links off the site, the copyright line."""


Block = Paragraph | Items | Picture | Table | Notice | Links | Advertisement | Closing | Tail


@dataclass(slots=True)
class Person:
    """An author as the byline and the closing line give them."""

    name: str | None
    role: str | None
    email: str | None = None


@dataclass(slots=True)
class Content:
    """All that one article's page says, its frame and sidebar aside."""

    place: str | None = None
    authors: list[Person] = field(default_factory=list)
    deck: list[str] = field(default_factory=list)
    blocks: list[Block] = field(default_factory=list)
    ai_summary: list[str] = field(default_factory=list)
    ai_pending: bool = False
    box: tuple[int, ...] = ()
    """Numbers of the articles in the box labelled as related, under the body."""
    views: int = 0
    """How often the page says that it was read; 0 where it does not say."""
