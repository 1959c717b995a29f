"""Spidermon's extension with a log that a person reads: a line for each monitor that failed, and one for all.

Spidermon 1.27 logs by `Spider.log`, which Scrapy 2.19 deprecates with a warning in every run, and in forty lines.
"""

from __future__ import annotations

import logging

from scrapy import Spider
from scrapy.crawler import Crawler
from spidermon import MonitorSuite
from spidermon.contrib.scrapy.extensions import Spidermon
from spidermon.contrib.scrapy.runners import SpiderMonitorResult, SpiderMonitorRunner

from newscrawl import signals
from newscrawl.monitors.suite import KnowsTheRun

logger = logging.getLogger("newscrawl.monitors")


class ShortResult(SpiderMonitorResult):  # type: ignore[misc]  # Spidermon has no types
    """What a suite's run says of itself."""

    def log(self, msg: object, level: int = logging.DEBUG) -> None:
        """Spidermon's own lines: to be seen with LOG_LEVEL=DEBUG."""
        logger.debug("%s", msg)

    def write_errors(self) -> None:
        """A monitor that failed in one line; one that could not be asked, and an action that could not be run, with where that was."""
        for status in self.step.error_statuses:
            for found in self.step.items_for_status(status):
                if getattr(found, "reason", None):
                    logger.warning("Monitor %s: %s", getattr(found.item, "method_name", found.item.name), found.reason)
                else:
                    logger.error("%s: %s", found.item.name, found.error)

    def finish(self) -> None:
        """The last line."""
        passed, failed = len(self.monitors_passed_results), len(self.monitors_failed_results)
        logger.info("Monitors: %d of %d passed", passed, passed + failed)


class ShortRunner(SpiderMonitorRunner):  # type: ignore[misc]
    """Runs a suite."""

    def create_result(self) -> ShortResult:
        """Spidermon asks for it."""
        return ShortResult(self.spider)


class ShortSpidermon(Spidermon):  # type: ignore[misc]
    """For EXTENSIONS, in place of `spidermon.contrib.scrapy.extensions.Spidermon`; all settings are Spidermon's."""

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> ShortSpidermon:
        extension: ShortSpidermon = super().from_crawler(crawler)
        crawler.signals.connect(extension.part_over, signal=signals.PART_OVER)
        return extension

    def part_over(self) -> None:
        """A part of a watch is judged like a run: by suites made anew, for one remembers what it found."""
        suites = self.crawler.settings.getlist("SPIDERMON_ENGINE_STOP_MONITORS")
        self._run_suites(self.crawler.spider, [self.load_suite(suite) for suite in suites])

    def _run_suites(self, spider: Spider, suites: list[MonitorSuite]) -> None:
        """Spidermon's own, with our runner: it has no setting for it. Of a run that never began there is nothing to ask."""
        run = self.crawler.get_extension(KnowsTheRun)
        if not suites or (run is not None and not run.is_known):
            return
        data = self._generate_data_for_spider(spider)
        for suite in suites:
            ShortRunner(spider).run(suite, **data)
