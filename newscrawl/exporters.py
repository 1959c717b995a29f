"""The exporter of `-o` and `-O`: records as JSON Lines."""

from __future__ import annotations

import asyncio
import errno
import logging
import os
from typing import IO, Any

import orjson
from itemadapter import ItemAdapter
from scrapy import signals
from scrapy.crawler import Crawler
from scrapy.exporters import BaseItemExporter

from newscrawl.items import Article
from newscrawl.record import record
from newscrawl.storage import stream_of
from newscrawl.verdict import READER_LEFT

_LOOK_EVERY = 0.25  # seconds between two looks whether a reader is still there; a look takes some microseconds

logger = logging.getLogger(__name__)


class JsonLinesExporter(BaseItemExporter):
    """Scrapy's `jsonlines`, `jsonl` and `jl` with orjson: one line an item, one write a line.

    A line that cannot be written, or a file that cannot be opened, ends the run. Scrapy calls exporters in a signal handler, where
    an error stops nothing: so none is raised there.

    A slow reader of a pipe slows the crawl down to its own pace. One that leaves ends the run, also while there is nothing to write, and
    whichever of several outputs it read: to write on for the others would mark articles as seen that this reader never gets, while
    those that are left wait for the next run. That is no failure; the lines that it did not take are in the feed of the data folder.
    """

    def __init__(self, file: IO[bytes], crawler: Crawler | None = None, **options: Any) -> None:
        super().__init__(dont_fail=True, **options)
        self.file = file
        self.crawler = crawler
        self._stream = stream_of(file)
        self._next_look: asyncio.TimerHandle | None = None
        self._ending: asyncio.Task[None] | None = None

    @classmethod
    def from_crawler(cls, crawler: Crawler, file: IO[bytes], **options: Any) -> JsonLinesExporter:
        return cls(file, crawler, **options)

    def start_exporting(self) -> None:
        """From now on heed the reader of a pipe."""
        if self.crawler and self._stream:
            self.crawler.signals.connect(self._until_taken, signal=signals.item_scraped)
            self._look()

    def finish_exporting(self) -> None:
        """Heed it no more."""
        if self._next_look:
            self._next_look.cancel()

    def export_item(self, item: Any) -> None:
        """Write the line; when it cannot be written (a full disk) count it as lost, and ask the crawl to end."""
        line = self._fields(record(item) if isinstance(item, Article) else ItemAdapter(item).asdict())
        try:
            self.file.write(orjson.dumps(line, option=orjson.OPT_APPEND_NEWLINE))
        except OSError as error:
            if self.crawler is None:
                raise
            self._give_up(self.crawler, error)

    def _fields(self, line: dict[str, Any]) -> dict[str, Any]:
        """Only the fields that `FEED_EXPORT_FIELDS` names, under the names that it gives."""
        wanted = self.fields_to_export
        if not wanted:
            return line
        names = dict(wanted) if isinstance(wanted, dict) else {name: name for name in wanted}
        return {shown: line[name] for name, shown in names.items() if name in line}

    async def _until_taken(self) -> None:
        """An item is dealt with when a slow reader has its line; until then the crawl fetches no more."""
        assert self.crawler is not None
        assert self.crawler.engine is not None
        assert self._stream is not None
        self.crawler.engine.pause()
        try:
            await self._stream.drain()
        except OSError as error:
            self._give_up(self.crawler, error)
        finally:
            self.crawler.engine.unpause()

    def _look(self) -> None:
        assert self.crawler is not None
        assert self._stream is not None
        if self._stream.hung_up():
            self._give_up(self.crawler, BrokenPipeError(errno.EPIPE, os.strerror(errno.EPIPE)))
        else:
            self._next_look = asyncio.get_running_loop().call_later(_LOOK_EVERY, self._look)

    def _give_up(self, crawler: Crawler, error: OSError) -> None:
        assert crawler.stats is not None
        assert crawler.engine is not None
        left = isinstance(error, ConnectionError)
        if not left:
            crawler.stats.inc_value("newscrawl/failed/export")
        if self._ending is None:
            name = getattr(self.file, "name", "the output")
            if left:
                logger.info("Nobody reads %s any more: the run ends here. What is left waits for the next run.", name)
            else:
                logger.critical(
                    "Cannot write to %s (%s): the run ends here. The lines that it lacks are in the feed of the data folder.",
                    name,
                    error.strerror or error,
                )
            closing = crawler.engine.close_spider_async(reason=READER_LEFT if left else "cannot_write")
            self._ending = asyncio.get_running_loop().create_task(closing)
