"""Scrapy extension: writes the figures of a run, or of a part of it, where they are kept and read, when the monitors have run."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

from scrapy import signals as scrapy_signals
from scrapy.crawler import Crawler

from newscrawl import signals
from newscrawl.report.figures import Figures
from newscrawl.reporting.extension import Reporting
from newscrawl.reporting.files import forget, write_report
from newscrawl.state import StateError, reports

logger = logging.getLogger(__name__)

_KEPT = 92 * 86_400  # seconds that figures stay in the state: three months of a run every ten minutes are 50 MB
_DAY = 86_400  # seconds


class Writing:
    """Writes what is known of a run, the last of all: into the state, as history; into the report's folder; the numbers for Prometheus.
    What cannot be written there costs nothing: `scrapy report` makes it again."""

    def __init__(self, crawler: Crawler) -> None:
        self.crawler = crawler
        settings = crawler.settings
        self._days = settings.getfloat("NEWSCRAWL_REPORT_DAYS")
        self._metrics: str = settings["NEWSCRAWL_METRICS_FILE"]

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Writing:
        writing = cls(crawler)
        crawler.signals.connect(writing._over, signal=signals.PART_OVER)
        crawler.signals.connect(writing._stopped, signal=scrapy_signals.engine_stopped)
        return writing

    def _stopped(self) -> None:
        known = self._over()
        if known is not None:
            known.database.close()

    def _over(self) -> Reporting | None:
        known = self.crawler.get_extension(Reporting)
        if known is None or not known.is_known:
            return None
        known.end()
        found, database = known.figures(), known.database
        begun = datetime.fromisoformat(found["started_at"]).timestamp()
        try:
            reports.keep(database, found, int(begun) - _KEPT)
        except StateError as error:
            logger.warning("The figures of this run could not be kept: %s", error)
            known.is_kept = False
            return known
        try:
            if self._days:
                self._write_report(known, found, begun - self._days * _DAY)
            if self._metrics:
                self._write_metrics(reports.latest(database))
        except StateError as error:
            logger.warning("The figures of earlier runs could not be read: %s", error)
        return known

    def _write_report(self, known: Reporting, found: Figures, forget_before: float) -> None:
        try:
            path = write_report(known.folder, found, known.history())
            forget(known.folder, forget_before)
        except OSError as error:
            logger.warning("The report could not be written (%s); later: scrapy report %d", error, found["id"])
            return
        logger.info("Report: %s", path)

    def _write_metrics(self, latest: Sequence[Figures]) -> None:
        from newscrawl.reporting.metrics import write_metrics

        try:
            write_metrics(Path(self._metrics), latest)
        except OSError as error:
            logger.warning("NEWSCRAWL_METRICS_FILE cannot be written: %s", error)
