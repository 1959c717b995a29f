"""The true record of a story, as `docs/record.md` defines it."""

from __future__ import annotations

import re
import unicodedata
from datetime import datetime
from typing import Any

from .blocks import Content, Items, Notice, Paragraph, Picture, Table
from .stories import KST, Story

EXTRACTORS = {"2026": "newspim-2026", "2022": "newspim-2022", "2018": "newspim-2018", "mobile": "newspim-mobile"}
# A stock code as the wire writes it: six digits alone in round brackets.
TICKER = re.compile(r"\((\d{6})\)")

Record = dict[str, Any]


def tidy(shown: str) -> str:
    """A text as the record has it: NFC, runs of spaces and no-break spaces as one, line breaks kept, ends trimmed."""
    lines = (" ".join(line.split()) for line in unicodedata.normalize("NFC", shown).split("\n"))
    return "\n".join(lines).strip()


def stamp(moment: datetime | None, seconds: bool) -> str | None:
    """A time of the record; pages that show minutes give no seconds."""
    if moment is None:
        return None
    return moment.astimezone(KST).replace(second=moment.second if seconds else 0, microsecond=0).isoformat()


def body(content: Content) -> str | None:
    """The article's own words."""
    paragraphs: list[str] = []
    for block in content.blocks:
        if isinstance(block, Paragraph):
            paragraphs.append(tidy(block.text))
        elif isinstance(block, Items):
            paragraphs.extend(tidy(line) for line in block.lines)
    return "\n\n".join(paragraphs) or None


def grid(table: Table) -> list[list[str | None]]:
    """The rows of a table with joined cells spread: the first place has the text, the covered ones are None."""
    taken: dict[tuple[int, int], str | None] = {}
    for y, row in enumerate(table.rows):
        x = 0
        for cell in row:
            while (y, x) in taken:
                x += 1
            for down in range(cell.rows):
                for right in range(cell.columns):
                    taken[y + down, x + right] = None
            taken[y, x] = tidy(cell.text) or None
    width = 1 + max(x for _, x in taken)
    return [[taken.get((y, x)) for x in range(width)] for y in range(len(table.rows))]


def record(story: Story, content: Content, related: list[str], mobile: bool = False) -> Record:
    """The record of a story as read from its www page, or from its mobile page."""
    words = body(content)
    exact = story.generation == "2026" and not mobile
    has_meta_section = story.generation == "2018" and not mobile
    return {
        "schema": 4,
        "id": f"newspim:{story.id}",
        "source": "newspim",
        "url": story.url,
        "title": tidy(story.title),
        "marks": list(story.marks),
        "deck": [tidy(line) for line in content.deck],
        "section": story.section_name if story.shows_section or has_meta_section else None,
        "subsection": story.subsection_name if story.shows_section else None,
        "language": story.language,
        "kind": story.kind,
        "access": "premium" if story.premium else "free",
        "published_at": stamp(story.published_at, exact),
        "modified_at": stamp(story.modified_at, False),
        "place": content.place,
        "authors": [{"name": one.name, "role": one.role, "email": one.email} for one in content.authors],
        "body": words,
        "tables": [grid(block) for block in content.blocks if isinstance(block, Table)],
        "images": [
            {"url": block.url, "caption": tidy(block.caption) if block.caption else None, "credit": block.credit}
            for block in content.blocks
            if isinstance(block, Picture)
        ],
        "notices": [tidy(block.text) for block in content.blocks if isinstance(block, Notice)],
        "ai_summary": [] if mobile else [tidy(line) for line in content.ai_summary],
        "tickers": list(dict.fromkeys(TICKER.findall(words or ""))),
        "related": [f"newspim:{one}" for one in related],
        "story": f"newspim:{story.id}",
        "duplicate": None,
        "status": "published",
        "extractor": EXTRACTORS["mobile" if mobile else story.generation],
    }
