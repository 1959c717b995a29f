"""The JSON Lines record, and the exporter that writes it."""

from __future__ import annotations

import asyncio
import difflib
import logging
from collections.abc import Iterable
from datetime import datetime
from typing import IO, Any

import orjson
from itemadapter import ItemAdapter
from scrapy.crawler import Crawler
from scrapy.exporters import BaseItemExporter

from newscrawl.items import SCHEMA_VERSION, Article
from newscrawl.schema import RECORD

logger = logging.getLogger(__name__)


def record(article: Article) -> dict[str, Any]:
    """The record of an article, fields in their order: `docs/record.md`."""
    found = article.found
    return {
        "schema": SCHEMA_VERSION,
        "id": article.id,
        "source": article.source,
        "url": article.url,
        "title": article.title,
        "marks": article.marks,
        "deck": article.deck,
        "section": article.section,
        "subsection": article.subsection,
        "language": article.language,
        "kind": article.kind,
        "access": article.access,
        "published_at": _time(article.published_at),
        "modified_at": _time(article.modified_at),
        "place": article.place,
        "authors": [{"name": author.name, "role": author.role, "email": author.email} for author in article.authors],
        "body": article.body,
        "tables": article.tables,
        "images": [{"url": image.url, "caption": image.caption, "credit": image.credit} for image in article.images],
        "notices": article.notices,
        "ai_summary": article.ai_summary,
        "tickers": article.tickers,
        "related": article.related,
        "found": {"via": found.via, "from": found.source, "at": _time(found.at)} if found else None,
        "fetched_at": _time(article.fetched_at),
        "fields_from": article.fields_from,
        "extractor": article.extractor,
        "hash": article.hash,
    }


def line(article: Article) -> bytes:
    """The record as a line of UTF-8 JSON."""
    return orjson.dumps(record(article), option=orjson.OPT_APPEND_NEWLINE)


def check_fields(setting: str, wanted: Iterable[str]) -> None:
    """Raises ValueError for the first name that no record has: such a field would be missing in silence. `setting`: what names it."""
    known = list(RECORD["properties"])
    for name in wanted:
        if name not in known:
            close = difflib.get_close_matches(str(name), known, n=1)
            hint = f" (did you mean {close[0]}?)" if close else ""
            raise ValueError(f"{setting} names no field {name!r}{hint}; the fields are {', '.join(known)}")


def _time(moment: datetime | None) -> str | None:
    return moment.isoformat(timespec="seconds") if moment else None


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
