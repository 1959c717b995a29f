"""A state to which articles are added as a crawl does it, without a crawl."""

from __future__ import annotations

import hashlib
import time
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import orjson

from newscrawl.duplicates import Mark, Text, moment, text
from newscrawl.newsroom import Site
from newscrawl.state import Database, Entry, Journal

BATCH = 50  # about what a crawl commits together

Record = Mapping[str, Any]


def records(site: Site) -> Iterator[tuple[int, Record]]:
    """The number and the true record of each article, in order of time."""
    return ((int(story.id), site.truth(story.id)) for story in site.articles)


def as_text(number: int, record: Record) -> Text:
    """What of it is compared."""
    return text(record, number, moment(record, number))


class Filling:
    """A run that adds articles; exact copies are added too."""

    def __init__(self, folder: Path) -> None:
        self.journal = Journal(Database(f"sqlite:///{folder / 'state.sqlite'}"), folder / "feed.jsonl", copies=True)
        self.journal.begin("newspim", "{}", None)
        self._waiting = 0
        self.comparing = self.committing = (
            0.0  # CPU seconds: texts, signatures, look-up, comparison; lines, texts, bands, commits
        )

    def add(self, number: int, record: Record) -> Mapping[int, Mark]:
        """One more; what it has to do with others, by their numbers."""
        begun = time.process_time()
        new = as_text(number, record)
        hash_ = hashlib.sha256(new.words.encode()).digest()[:16]
        considered = self.journal.consider(new, hash_)
        compared = time.process_time()
        line = orjson.dumps(record, option=orjson.OPT_APPEND_NEWLINE)
        self.journal.write(Entry(number, hash_, line, considered=considered))
        self._waiting += 1
        if self._waiting == BATCH:
            self.journal.commit()
            self._waiting = 0
        self.comparing += compared - begun
        self.committing += time.process_time() - compared
        return considered.placement.kin

    def end(self) -> None:
        """The last commit."""
        self.journal.commit()
        self.journal.end("finished", {})
