"""Scrapy extension: knows the figures of the run when it, or a part of it, is over."""

from __future__ import annotations

import logging
import os
import socket
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from scrapy import signals as scrapy_signals
from scrapy.crawler import Crawler
from scrapy.utils.asyncio import create_looping_call

import newscrawl
from newscrawl import ledger, signals
from newscrawl.clock import Clock
from newscrawl.folders import site_folder
from newscrawl.monitors.checks import rows_of
from newscrawl.monitors.finding import Finding
from newscrawl.monitors.notices import Place, Trouble
from newscrawl.report.figures import Begun, Beside, Ending, Figures, figures
from newscrawl.report.parts import end_of_part, since
from newscrawl.reporting import usage
from newscrawl.reporting.beside import beside
from newscrawl.reporting.counting import Counting
from newscrawl.reporting.files import report_name
from newscrawl.scheduler import FrontierScheduler
from newscrawl.state import Database, Journal, StateError, reports, troubles
from newscrawl.state.history import history
from newscrawl.state.runs import Run, unreported
from newscrawl.verdict import FAILED, GOES_ON, LOST, RETRIED, exit_code, problems, total

if TYPE_CHECKING:
    from newscrawl.spider.news import NewsSpider

logger = logging.getLogger(__name__)

_DAY = 86_400  # seconds
_LOOKS = 240  # at the clock, in a part: fifteen seconds of an hour
_KEEPING = 60  # seconds in which a run that has ended keeps its figures, or never does
_OFTEN = 0.05  # seconds of the machine between two looks, at least: a newsroom's clock may run fast


class Reporting:
    """Knows the figures when the engine has stopped: then feeds are closed, and nothing more can go wrong. Of a watch also each hour: such a
    part has figures like a run. For the monitors it is who knows the run (`monitors.suite.KnowsTheRun`)."""

    def __init__(self, crawler: Crawler) -> None:
        self.crawler = crawler
        self._figures: Figures | None = None
        self._clock = Clock.of(crawler.settings)
        self._every = crawler.settings.getfloat("NEWSCRAWL_WATCH_REPORT")
        self._counting = Counting(crawler, self._clock)
        self._begun: Begun | None = None  # the run; of a watch the part
        self._before: dict[str, Any] = {}  # the stats when the part began
        self._cpu_before = 0.0
        self._part_ends = 0.0
        self._journal: Journal | None = None
        self._history: list[Figures] | None = None
        self.is_kept = True  # False: the figures of a part could not be, so the next has what this one had
        self._ticker = create_looping_call(self._tick)

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Reporting:
        reporting = cls(crawler)
        for handler, signal in (
            (reporting._opened, scrapy_signals.spider_opened),
            (reporting._closed, scrapy_signals.spider_closed),
            (reporting._stopped, scrapy_signals.engine_stopped),
        ):
            crawler.signals.connect(handler, signal=signal)
        return reporting

    @property
    def _spider(self) -> NewsSpider:
        return cast("NewsSpider", self.crawler.spider)

    @property
    def database(self) -> Database:
        """The state; when the engine has stopped, nobody else in this process uses it."""
        assert self._journal is not None
        return self._journal.database

    def _opened(self) -> None:
        assert self.crawler.engine is not None
        scheduler = cast("FrontierScheduler", self.crawler.engine.scheduler)
        if not scheduler.has_state:
            return
        spider, self._journal, now = self._spider, scheduler.journal, self._clock.time()
        self._begun = Begun(
            id=scheduler.journal.run.id,
            site=spider.site.name,
            job=spider.job,
            kind=spider.kind,
            arguments=spider.asked_as,
            version=newscrawl.__version__,
            host=socket.gethostname(),
            process=os.getpid(),
            started_at=now,
            part=1 if spider.watches else None,
        )
        self._counting.late_from = now if spider.watches else self._last_start(self._journal, now)
        if spider.watches and self._every:
            self._part_ends = end_of_part(now, self._every)
            self._ticker.start(max(_OFTEN, self._clock.here(self._every / _LOOKS)), now=False)

    def _last_start(self, journal: Journal, now: float) -> float | None:
        """Of a schedule's runs: how late articles are is counted from the start of the one before, if that was lately."""
        kind = self._spider.kind
        try:
            before = journal.last_start(kind) if kind == "latest" else None
        except StateError as error:
            logger.warning("How late articles are is not counted: %s", error)
            return None
        return before if before is not None and before > now - _DAY else None

    # When it is over

    def _tick(self) -> None:
        """A part of a watch that is over is told like a run, and the next begins."""
        now = self._clock.time()
        self._part_ends = min(self._part_ends, end_of_part(now, self._every))  # a clock may be set back
        if self._begun is None or now < self._part_ends:
            return
        self.crawler.signals.send_catch_log(signals.COUNTING)
        stats = self._stats()
        if self._find_figures(stats, now, goes_on=True):
            self.is_kept = True
            self.crawler.signals.send_catch_log(signals.PART_OVER)
            if self.is_kept:
                self._begin_part(self._begun, stats, now)
        self._part_ends = end_of_part(now, self._every)

    def _begin_part(self, last: Begun, stats: dict[str, Any], now: float) -> None:
        self._begun = replace(last, part=(last.part or 0) + 1, started_at=now)
        self._before, self._cpu_before = stats, usage.cpu_seconds()
        self._counting.begin_again()
        self._spider.unreadable.begin_again()

    def _closed(self) -> None:
        if self._ticker.running:
            self._ticker.stop()

    def _stopped(self) -> None:
        """All that is known, while the state can still be asked."""
        self._figures = None
        if self._find_figures(self._stats(), self._clock.time(), goes_on=False) and self._has_others:
            self._ask_for_others(self.figures())

    @property
    def _has_others(self) -> bool:
        """Whether runs of other machines may share this one's work. A watch never ends beside another; what other kinds found is told by nobody's
        past."""
        return self._begun is not None and self._begun.kind == "latest" and self.database.shared

    def _ask_for_others(self, found: Figures) -> None:
        """First what this run found is kept, then it is asked who has not done so yet: so the last of several at once sees all."""
        assert self._journal is not None
        try:
            reports.keep(self.database, found, 0)
            with self.database.reading() as connection:
                since = self._journal.now() - _KEEPING
                found["others"] = unreported(self.database, connection, self._journal.run, since)
        except StateError as error:
            logger.warning("Whether runs of other machines share this one's work is not known: %s", error)

    def _stats(self) -> dict[str, Any]:
        assert self.crawler.stats is not None
        return dict(self.crawler.stats.get_stats())

    def _find_figures(self, stats: dict[str, Any], now: float, *, goes_on: bool) -> bool:
        """Those of the run or its part; whether the state could be asked. The verdict at the end is that of the whole run."""
        if self._begun is None or self._journal is None:
            return False
        try:
            known = self._beside(self._begun, self._journal.run, goes_on=goes_on)
        except (StateError, OSError) as error:
            logger.warning("No report of this run: %s", error)
            return False
        part = since(stats, self._before)
        if goes_on:
            part["finish_reason"] = GOES_ON
        if self._begun.part is not None:  # what failed in one part may have been asked again in another
            part[RETRIED] = max(sum(total(part, FAILED + kind) for kind in ledger.RETRIED) - known.lost, 0)
        found = problems(part if goes_on else stats)
        code = exit_code(part if goes_on else stats, found)
        ending = Ending(now, part.get("finish_reason"), code, found)
        self._figures, self._history = figures(self._begun, ending, part, self._counting.tally, known), None
        return True

    def _beside(self, begun: Begun, run: Run, *, goes_on: bool) -> Beside:
        settings, counting = self.crawler.settings, self._counting
        known = beside(begun, run, self.database, self._spider, settings, counting, goes_on=goes_on)
        if known.cpu_seconds is not None:
            known.cpu_seconds = round(known.cpu_seconds - self._cpu_before, 1)
        return known

    # What monitors ask

    @property
    def is_known(self) -> bool:
        """Whether there are figures: not before the engine has stopped or a part is over, nor of a run that never began."""
        return self._figures is not None

    def figures(self) -> Figures:
        """Those of the run or its last part, the same object until the next is over."""
        assert self._figures is not None
        return self._figures

    def history(self) -> Sequence[Figures]:
        """Figures of earlier runs of this kind, the oldest first. Raises StateError."""
        if self._history is None:
            assert self._begun is not None
            begun, until = self._begun, self._begun.started_at
            if self._has_others:  # which may have begun later, and ended before
                until = self._clock.time()
            known = history(self.database, begun.site, begun.kind, int(until))
            self._history = [run for run in known if (run["id"], run.get("part")) != (begun.id, begun.part)]
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
        if found["exit_code"] == 0 and self.crawler.settings.getbool("NEWSCRAWL_STRICT_EXIT"):
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
