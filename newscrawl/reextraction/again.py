"""Archives -> a file of records: what is read, in which order, and which of the records are asked for."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import orjson
from scrapy.settings import Settings

from newscrawl.archive.reading import ENDINGS, Capture
from newscrawl.export import Asked, Writer
from newscrawl.identity import article_number
from newscrawl.reextraction.comparing import Comparison, Key, compare, key_of
from newscrawl.reextraction.cores import outcomes
from newscrawl.reextraction.order import in_order, reader
from newscrawl.reextraction.replay import Replay
from newscrawl.reextraction.worker import Outcome
from newscrawl.spider.news import NewsSpider

Tell = Callable[[Capture], object]
"""Is told of each capture that is read."""


@dataclass(slots=True)
class Done:
    """What was read and written. `counts`: the stats of the spider and the pipelines."""

    captures: int = 0
    records: int = 0
    counts: Counter[str] = field(default_factory=Counter)
    troubles: list[str] = field(default_factory=list)
    comparison: Comparison | None = None


def files_of(folder: Path) -> list[Path]:
    """The WARC files of a folder, by name."""
    return sorted(path for path in folder.glob("*") if path.name.endswith(ENDINGS)) if folder.is_dir() else []


@dataclass(frozen=True, slots=True)
class Again:
    """What is asked for. `settings`: the project's; `gone`: articles of which nothing shall come; `everything`: also articles that the crawl
    read and nobody had asked for."""

    spider: type[NewsSpider]
    settings: Settings
    asked: Asked
    gone: frozenset[int] = frozenset()
    everything: bool = False
    processes: int = 1

    def run(
        self, paths: list[Path], beside: Path, writer: Writer | None, before: Iterator[bytes] | None, tell: Tell
    ) -> Done:
        """Read the files and write the records. `beside`: a folder with room for a state; `before`: lines to compare with.

        Raises StateError, OSError, Killed, ValueError for a line of `before` that is none.
        """
        done = Done()
        with TemporaryDirectory(dir=beside) as folder:
            replay = Replay(self.spider, self.settings, Path(folder))
            try:
                for some in self._outcomes(paths, done, tell):
                    replay.take(some)
                replay.finish()
                done.counts += replay.totals()
                self._write(replay, done, writer, before)
            finally:
                replay.close()
        return done

    def _outcomes(self, paths: list[Path], done: Done, tell: Tell) -> Iterator[list[Outcome]]:
        captures = self._captures(paths, done, tell)
        return outcomes(
            captures,
            self.spider,
            self.settings,
            done.troubles.append,
            everything=self.everything,
            processes=self.processes,
        )

    def _write(self, replay: Replay, done: Done, writer: Writer | None, before: Iterator[bytes] | None) -> None:
        met = set[Key]()
        if before is not None:
            done.comparison, met = compare(before, self._is_asked, replay.record)
        for line in _lines(replay.feed):
            record = orjson.loads(line)
            if not self._is_asked(record):
                continue
            done.records += 1
            if done.comparison and key_of(record) not in met:
                done.comparison.add_new(record["id"])
            if writer:
                writer.add(line, record, "")

    def _is_asked(self, record: Mapping[str, Any]) -> bool:
        published = record.get("published_at")
        return self.asked.fits(record, datetime.fromisoformat(published) if published else None)

    def _captures(self, paths: list[Path], done: Done, tell: Tell) -> Iterator[Capture]:
        site = self.spider.site
        window = timedelta(days=self.settings.getfloat("NEWSCRAWL_DUPLICATES_DAYS"))
        # What came before is needed for what articles of the span have to do with it; no article is captured before it is published.
        first = self.asked.since - window if self.asked.since else None
        read = reader(lambda url: article_number(url, site) is not None, done.troubles.append)
        for capture in in_order(paths, read):
            tell(capture)
            if capture.url and int(article_number(capture.url, site) or 0) in self.gone:
                done.counts["newscrawl/forgotten"] += 1
            elif first is None or capture.at >= first:
                done.captures += 1
                yield capture


def _lines(feed: Path | None) -> Iterator[bytes]:
    if feed is not None:
        with feed.open("rb") as file:
            yield from file
