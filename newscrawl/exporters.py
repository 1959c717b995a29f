"""The exporter of `-o` and `-O`: records as JSON Lines."""

from __future__ import annotations

import asyncio
import logging
from typing import IO, Any

import orjson
from itemadapter import ItemAdapter
from scrapy.crawler import Crawler
from scrapy.exporters import BaseItemExporter

from newscrawl.items import Article
from newscrawl.record import record

logger = logging.getLogger(__name__)


class JsonLinesExporter(BaseItemExporter):
    """Scrapy's `jsonlines`, `jsonl` and `jl` with orjson: one line an item, one write a line.

    A line that cannot be written, or a file that cannot be opened, ends the run. Scrapy calls exporters in a signal handler, where
    an error stops nothing: so none is raised there.
    """

    def __init__(self, file: IO[bytes], crawler: Crawler | None = None, **options: Any) -> None:
        super().__init__(dont_fail=True, **options)
        self.file = file
        self.crawler = crawler
        self._ending: asyncio.Task[None] | None = None

    @classmethod
    def from_crawler(cls, crawler: Crawler, file: IO[bytes], **options: Any) -> JsonLinesExporter:
        return cls(file, crawler, **options)

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

    def _give_up(self, crawler: Crawler, error: OSError) -> None:
        assert crawler.stats is not None
        assert crawler.engine is not None
        crawler.stats.inc_value("newscrawl/failed/export")
        if self._ending is None:
            name = getattr(self.file, "name", "the output")
            logger.critical(
                "Cannot write to %s (%s): the run ends here. The lines that it lacks are in the feed of the data folder.",
                name,
                error.strerror,
            )
            closing = crawler.engine.close_spider_async(reason="cannot_write")
            self._ending = asyncio.get_running_loop().create_task(closing)
