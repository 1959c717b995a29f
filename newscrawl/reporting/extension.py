"""Scrapy extension: counts what comes, and knows the figures of the run when all of it is over."""

from __future__ import annotations

import hashlib
import logging
import os
import socket
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast
from urllib.parse import urlsplit

from scrapy import Request, signals
from scrapy.crawler import Crawler
from scrapy.http import Response

import newscrawl
from newscrawl.clock import Clock
from newscrawl.folders import site_folder
from newscrawl.items import Article
from newscrawl.monitors.checks import rows_of
from newscrawl.monitors.finding import Finding
from newscrawl.monitors.notices import Place, Trouble
from newscrawl.pipelines import number_of
from newscrawl.report.figures import Begun, Beside, Ending, Figures, figures, moment
from newscrawl.report.tally import Tally
from newscrawl.reporting import usage
from newscrawl.reporting.files import report_name
from newscrawl.scheduler import FrontierScheduler
from newscrawl.state import Database, Journal, StateError, reports, titles, troubles
from newscrawl.state.overview import failures, size
from newscrawl.state.run_rows import run_rows
from newscrawl.state.stories import sizes
from newscrawl.verdict import LOST, exit_code, problems

if TYPE_CHECKING:
    from newscrawl.spider.news import NewsSpider

logger = logging.getLogger(__name__)

_NAMED = 100  # failures that are named
_STORIES = 20


class Reporting:
    """Counts what comes, and knows the figures when the engine has stopped: then feeds are closed, and nothing more can go wrong. For the
    monitors it is who knows the run (`monitors.suite.KnowsTheRun`)."""

    def __init__(self, crawler: Crawler) -> None:
        self.crawler = crawler
        self._figures: Figures | None = None
        self._clock = Clock.of(crawler.settings)
        self._tally = Tally()
        self._robots: dict[str, dict[str, Any]] = {}
        self._begun: Begun | None = None
        self._journal: Journal | None = None
        self._history: list[Figures] | None = None

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Reporting:
        reporting = cls(crawler)
        for handler, signal in (
            (reporting._opened, signals.spider_opened),
            (reporting._answered, signals.response_received),
            (reporting._exported, signals.item_scraped),
            (reporting._stopped, signals.engine_stopped),
        ):
            crawler.signals.connect(handler, signal=signal)
        return reporting

    @property
    def _spider(self) -> NewsSpider:
        return cast("NewsSpider", self.crawler.spider)

    @property
    def database(self) -> Database:
        """The state, which the run has let go."""
        assert self._journal is not None
        return self._journal.database

    def _opened(self) -> None:
        assert self.crawler.engine is not None
        scheduler = cast("FrontierScheduler", self.crawler.engine.scheduler)
        if not scheduler.has_state:
            return
        spider, self._journal = self._spider, scheduler.journal
        self._begun = Begun(
            id=scheduler.journal.run.id,
            site=spider.site.name,
            job=spider.job,
            kind=spider.kind,
            arguments=spider.asked_as,
            version=newscrawl.__version__,
            host=socket.gethostname(),
            process=os.getpid(),
            started_at=self._clock.time(),
        )

    def _answered(self, response: Response, request: Request) -> None:
        """robots.txt, whose rules may have changed: the requests for it are nobody's but the middleware's."""
        if urlsplit(response.url).path == "/robots.txt":
            about = {"url": response.url, "kind": "robots", "status": response.status}
            self._robots[response.url] = {**about, "hash": _hash(response.body), "named": None}

    def _exported(self, item: Any) -> None:
        if isinstance(item, Article):
            (self._tally.add if item.revision == 1 else self._tally.joins)(item)

    def _stopped(self) -> None:
        """All that is known, while the state can still be asked."""
        if self._begun is None:
            return
        assert self.crawler.stats is not None
        stats = self.crawler.stats.get_stats()
        found = problems(stats)
        ending = Ending(self._clock.time(), stats.get("finish_reason"), exit_code(stats, found), found)
        try:
            self._figures = figures(self._begun, ending, stats, self._tally, self._beside(self._begun))
        except StateError as error:
            logger.warning("No report of this run: %s", error)

    # What monitors ask

    @property
    def is_known(self) -> bool:
        """Whether there are figures: not before the engine has stopped, nor of a run that never began."""
        return self._figures is not None

    def figures(self) -> Figures:
        """Those of the run, always the same object."""
        assert self._figures is not None
        return self._figures

    def history(self) -> Sequence[Figures]:
        """Figures of earlier runs of this kind, the oldest first. Raises StateError."""
        if self._history is None:
            assert self._begun is not None
            self._history = reports.history(
                self.database, self._begun.site, self._begun.kind, int(self._begun.started_at)
            )
        return self._history

    def place(self) -> Place:
        """What a notice says of where it comes from."""
        found = self.figures()
        return Place(found["site"], found["id"], str(self.folder / report_name(found) / "report.html"))

    def judged(self, findings: Mapping[str, Finding]) -> None:
        """What the monitors found becomes part of the figures; with NEWSCRAWL_STRICT_EXIT, of the verdict too."""
        found = self.figures()
        found["monitors"] = rows_of(findings)
        if failed := [one["name"] for one in found["monitors"] if not one["passed"]]:
            self._not_well(f"monitors failed: {', '.join(failed)}")

    def end(self) -> None:
        """Nothing more comes: that monitors were to judge and did not is no good sign."""
        settings = self.crawler.settings
        asked = settings.getbool("SPIDERMON_ENABLED") and settings.getlist("SPIDERMON_ENGINE_STOP_MONITORS")
        if asked and not self.figures()["monitors"]:
            self._not_well("the monitors could not judge this run, the log says why")

    def _not_well(self, why: str) -> None:
        found = self.figures()
        if not found["exit_code"] and self.crawler.settings.getbool("NEWSCRAWL_STRICT_EXIT"):
            found["exit_code"], found["problems"] = LOST, [why]

    def change_troubles(self, how: troubles.Change) -> Sequence[Trouble]:
        """Read, change and write the site's troubles in one transaction; they as they are now. Raises StateError."""
        assert self._journal is not None
        with self.database.transaction() as connection:
            return troubles.change(connection, self._journal.run.site, how)

    @property
    def folder(self) -> Path:
        """Where the reports of the site are."""
        return site_folder(self.crawler.settings, self._spider.site.name) / "reports"

    # What the stats do not tell

    def _beside(self, begun: Begun) -> Beside:
        database, settings = self.database, self.crawler.settings
        rows = run_rows(database, begun.site, run=begun.id)
        feeds = [database.folder / feed for row in rows for feed in row.feeds]
        folder = site_folder(settings, begun.site)
        return Beside(
            failures=[
                {"url": one.url, "reason": one.reason, "at": moment(one.at)}
                for one in failures(database, begun.site, int(begun.started_at), _NAMED)
            ],
            unreadable=[
                {"url": one.url, "file": os.path.relpath(one.path, folder)} for one in self._spider.unreadable.kept
            ],
            stories=self._stories(),
            sources=[*self._robots.values(), *({**asdict(one), "hash": None} for one in self._spider.sources.values())],
            settings=usage.changed_settings(settings, os.environ),
            feeds=[feed.name for feed in feeds],
            cpu_seconds=usage.cpu_seconds(),
            peak_memory=usage.peak_memory(),
            free=usage.free_space(folder),
            state_bytes=size(database),
            feed_bytes=usage.size_of(feeds),
        )

    def _stories(self) -> list[dict[str, Any]]:
        """Those that grew, the longest first."""
        database = self.database
        assert self._journal is not None
        site = self._journal.run.site
        grown = [number_of(story) for story, _ in self._tally.grown.most_common()]
        longest = sorted(sizes(database, site, grown).items(), key=lambda one: (-one[1], one[0]))[:_STORIES]
        named = titles(database, site, [number for number, _ in longest])
        return [
            {"id": f"{self._spider.site.name}:{number}", "title": named.get(number), "articles": count}
            for number, count in longest
        ]


def _hash(body: bytes) -> str:
    """Of the rules without white space at the ends of lines: a server that sends other line ends changes nothing."""
    return hashlib.sha256(b"\n".join(line.strip() for line in body.splitlines())).hexdigest()[:16]
