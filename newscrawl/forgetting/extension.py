"""Scrapy extension: removes what is older than NEWSCRAWL_RETENTION when a run is over."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, cast

from scrapy import signals
from scrapy.crawler import Crawler
from scrapy.exceptions import NotConfigured

from newscrawl.clock import Clock
from newscrawl.folders import site_folder
from newscrawl.forgetting.retention import SETTING, retention
from newscrawl.opening import open_state
from newscrawl.site import Site
from newscrawl.state import Database, StateError

if TYPE_CHECKING:
    from newscrawl.forgetting.flow import Report

logger = logging.getLogger(__name__)


class Retention:
    """Once a day, by the first run that ends while no other goes on. A kill in the middle costs nothing: `scrapy forget` goes on, or the next
    removal by age."""

    def __init__(self, crawler: Crawler) -> None:
        self.crawler = crawler
        self._clock = Clock.of(crawler.settings)

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Retention:
        """Raises NotConfigured when articles are kept for ever."""
        if retention(crawler.settings[SETTING]) is None:
            raise NotConfigured
        extension = cls(crawler)
        crawler.signals.connect(extension._stopped, signal=signals.engine_stopped)
        return extension

    def _stopped(self) -> None:
        """Raises nothing: that old articles are still there is said, and costs this run nothing."""
        if self.crawler.spider is None:  # it never began
            return
        site, settings = cast("Site", getattr(self.crawler.spider, "site", None)), self.crawler.settings
        try:
            database = open_state(settings, site.name, patient=True)
            try:
                report = self._expired(database, site)
            finally:
                database.close()
        except (StateError, OSError) as error:
            logger.warning("Articles older than %s=%s could not be removed: %s", SETTING, settings[SETTING], error)
            return
        if report is not None:
            self._tell(report)

    def _expired(self, database: Database, site: Site) -> Report | None:
        from newscrawl.forgetting.expiry import (  # it reads pages and exports: most runs need none of that
            expire,
            is_due,
        )

        now = self._clock.now()
        if not is_due(database, site, int(now.timestamp())):
            return None
        return expire(
            site_folder(self.crawler.settings, site.name), database, site, now, self.crawler.settings[SETTING]
        )

    def _tell(self, report: Report) -> None:
        if not report.numbers:
            for note in (note for one in report.touched for note in one.notes):
                logger.info("By %s: %s", SETTING, note)
            return
        counts = ", ".join(f"{one.place} {one.records:,}" for one in report.touched if one.records)
        logger.info(
            "%d articles older than %s were removed: %s", len(report.numbers), self.crawler.settings[SETTING], counts
        )
        for line in report.troubles:
            logger.warning("%s", line)
