"""Scrapy extension: notes the outputs of `-o`, `-O` and `FEEDS` that are files of this machine, so that `scrapy forget` knows them."""

from __future__ import annotations

import logging
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

from scrapy import signals
from scrapy.crawler import Crawler

from newscrawl.clock import Clock
from newscrawl.scheduler import FrontierScheduler
from newscrawl.state import StateError
from newscrawl.state.forgotten import note_export
from newscrawl.storage import STANDARD_OUTPUT

logger = logging.getLogger(__name__)


class Noting:
    """At the start those whose names are known, for a run may be killed; those that the run names (`%(time)s`) when they are closed."""

    def __init__(self, crawler: Crawler) -> None:
        self.crawler = crawler
        self._clock = Clock.of(crawler.settings)

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Noting:
        noting = cls(crawler)
        crawler.signals.connect(noting._opened, signal=signals.spider_opened)
        crawler.signals.connect(noting._closed, signal=signals.feed_slot_closed)
        return noting

    def _opened(self) -> None:
        for name in self.crawler.settings.getdict("FEEDS"):
            if "%(" not in str(name):
                self._note(str(name))

    def _closed(self, slot: Any) -> None:
        if slot.uri not in self.crawler.settings.getdict("FEEDS"):
            self._note(slot.uri)

    def _note(self, uri: str) -> None:
        path = local_file(uri)
        assert self.crawler.engine is not None
        scheduler = self.crawler.engine.scheduler
        if path is None or not isinstance(scheduler, FrontierScheduler) or not scheduler.has_state:
            return
        database, now = scheduler.journal.database, int(self._clock.time())
        try:
            with database.transaction() as connection:
                note_export(database, connection, str(path), form_of(path), now)
        except StateError as error:
            logger.warning("scrapy forget will not know %s: %s", path, error)


def local_file(uri: str) -> Path | None:
    """The file that an output is; None for standard output, pipes, and what is not of this machine."""
    parts = urlsplit(uri)
    if uri in STANDARD_OUTPUT or parts.scheme not in ("", "file"):
        return None
    path = Path(unquote(parts.path) if parts.scheme else uri).absolute()
    return path if path.is_file() or not path.exists() else None


def form_of(path: Path) -> str:
    """As `scrapy export` names it; the storage compresses by the ending."""
    return f"jsonl{path.suffix}" if path.suffix in (".gz", ".zst") else "jsonl"
