"""`scrapy crawl`, as Scrapy's, but it checks the arguments before the start and tells the truth in its exit code."""

from __future__ import annotations

import argparse
import gc
import logging
import sys
from collections.abc import Mapping
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from scrapy.commands.crawl import Command as ScrapyCrawl
from scrapy.crawler import Crawler
from scrapy.exceptions import UsageError
from scrapy.settings import BaseSettings

from newscrawl import archive
from newscrawl.addon import loopback_origin
from newscrawl.arguments import JOB, ArgumentError, Arguments
from newscrawl.browser import choose
from newscrawl.clock import Clock
from newscrawl.duplicates import dropped
from newscrawl.folders import check_absolute
from newscrawl.forgetting.retention import SETTING as RETENTION
from newscrawl.forgetting.retention import retention
from newscrawl.record import check_fields
from newscrawl.revisions import ages
from newscrawl.state import database_address
from newscrawl.storage import check_addresses, check_outputs
from newscrawl.time_limit import SETTING as TIME_LIMIT
from newscrawl.time_limit import forced_end
from newscrawl.verdict import GOES_ON, USAGE, exit_code, problems, summary

logger = logging.getLogger("newscrawl")


class Command(ScrapyCrawl):
    """Exit codes: 0 the site answered and nothing was lost, 1 something was lost, 2 a wrong argument, 3 ended early."""

    def run(self, args: list[str], opts: argparse.Namespace) -> None:
        """Check, crawl, sum up."""
        if len(args) != 1:
            raise UsageError("name one spider: scrapy crawl newspim")
        assert self.crawler_process is not None
        assert self.settings is not None
        try:
            spider = self.crawler_process.spider_loader.load(args[0])
            clock = Clock.of(self.settings)
            check_addresses(_feeds(self.settings))  # the first: what is said of an output may name it
            arguments = Arguments.parse(opts.spargs, spider.site, clock.now())  # type: ignore[attr-defined]  # every spider here is a NewsSpider
            check_settings(self.settings)
            check_reach(self.settings, arguments.since, clock.now())
            if JOB in opts.spargs:
                check_absolute(self.settings, _feeds(self.settings))
            check_outputs(_feeds(self.settings), self.settings)  # the last: it makes folders and files
        except (ArgumentError, KeyError, ValueError) as error:
            print(f"scrapy crawl: {error.args[0]}", file=sys.stderr)
            if self.settings["LOG_FILE"]:  # who started the run may see nothing else: Scrapyd shows a job's log
                logger.critical("Refused, nothing was asked of the site: %s", error.args[0])
            self.exitcode = USAGE
            return
        _quieten(self.settings)
        crawler = self._create_crawler(args[0])
        with forced_end(self.settings):
            self.crawler_process.crawl(crawler, **opts.spargs)
            _calm_garbage_collector()
            self.crawler_process.start()
        stats = crawler.stats.get_stats() if crawler.stats else {}
        for line in summary(stats):
            logger.info(line)
        found, self.exitcode = _verdict(crawler, stats)
        if found:
            logger.error("Not all went well: %s", "; ".join(found))


# What they say at the start fills a screen, and is the same each day.
_MOST_DAYS = 60  # between two articles that are compared: each week more is looked through for each article
_DAY = 86_400.0  # seconds
_LONGEST_RUN = 366 * _DAY
_TALKATIVE = ("scrapy.addons", "scrapy.crawler", "scrapy.middleware")


def _verdict(crawler: Crawler, stats: Mapping[str, Any]) -> tuple[list[str], int]:
    """What did not go well, and the exit code: by the run's figures, where its monitors have their say; else by its stats."""
    from newscrawl.reporting import Reporting

    reporting = crawler.get_extension(Reporting)
    # Of a watch that was ended by force only its parts are known.
    if reporting is not None and reporting.is_known and reporting.figures()["reason"] != GOES_ON:
        return reporting.figures()["problems"], reporting.figures()["exit_code"]
    found = problems(stats)
    return found, exit_code(stats, found)


def _quieten(settings: BaseSettings) -> None:
    """Leave the lists of components and settings to LOG_LEVEL=DEBUG."""
    if logging.getLevelName(settings["LOG_LEVEL"]) != logging.DEBUG:
        for name in _TALKATIVE:
            logging.getLogger(name).setLevel(logging.WARNING)


def _calm_garbage_collector() -> None:
    """Look for reference cycles less often, and not in what start-up made: a page leaves none, and looking cost a tenth of the CPU."""
    gc.freeze()  # without looking first: that took a tenth of a second, and start-up leaves next to none
    gc.set_threshold(20_000, 10, 10)


def _check_number(
    settings: BaseSettings, name: str, most: float, takes: str, *, least: float = 0, zero: bool = True
) -> None:
    try:
        value = settings.getfloat(name)
        good = (zero and value == 0) or least <= value <= most
    except ValueError:
        good = False
    if not good:
        raise ValueError(f"{name}={settings[name]!r}: takes {takes}")


def check_settings(settings: BaseSettings) -> None:
    """Raises ValueError, naming the setting and what it takes, for a value of the project's own settings that is no use."""
    if settings["NEWSCRAWL_NEWSROOM"]:
        loopback_origin(settings["NEWSCRAWL_NEWSROOM"])
    if settings["NEWSCRAWL_STATE"]:
        database_address(settings["NEWSCRAWL_STATE"])
    _check_number(settings, "NEWSCRAWL_STATE_PATIENCE", _DAY, "seconds, like 300, or 0 to end at once")
    _check_number(settings, "NEWSCRAWL_NODE_TIMEOUT", _DAY, "seconds, like 120; at least 1", least=1, zero=False)
    choose(settings["NEWSCRAWL_BROWSER"], settings["NEWSCRAWL_BROWSER_PATH"])
    _check_number(settings, "NEWSCRAWL_BROWSER_WAIT", _DAY, "seconds, like 10")
    _check_number(settings, "NEWSCRAWL_LONGEST_PAUSE", sys.float_info.max, "seconds, like 300")
    _check_number(settings, TIME_LIMIT, _LONGEST_RUN, "seconds, like 1500, or 0 for no limit")
    archive.is_on(settings)
    _check_number(
        settings, "NEWSCRAWL_WARC_SIZE", 10**12, "bytes, like 1000000000; at least 1000000", least=10**6, zero=False
    )
    ages(settings.getlist("NEWSCRAWL_RECHECK_AFTER"))
    retention(settings[RETENTION])
    dropped(settings.getlist("NEWSCRAWL_DUPLICATES"))
    _check_number(settings, "NEWSCRAWL_DUPLICATES_DAYS", _MOST_DAYS, f"days, from 0 to {_MOST_DAYS}")
    hours = "seconds, like 3600; at least 60, or 0 for one report at the end"
    _check_number(settings, "NEWSCRAWL_WATCH_REPORT", _LONGEST_RUN, hours, least=60)
    _check_number(settings, "NEWSCRAWL_REPORT_DAYS", sys.float_info.max, "days, like 30; 0 writes no reports")
    _check_number(settings, "NEWSCRAWL_MONITORS_ERRORS", 1.0, "a share, from 0 to 1")
    _check_number(settings, "NEWSCRAWL_MONITORS_DISK", sys.float_info.max, "bytes, like 1000000000")
    _check_monitors(settings)
    check_fields("FEED_EXPORT_FIELDS", settings.getdictorlist("FEED_EXPORT_FIELDS"))
    for name, options in _feeds(settings).items():
        check_fields(f"FEEDS, of {name},", options.get("fields") or ())


def check_reach(settings: BaseSettings, since: datetime | None, now: datetime) -> None:
    """Raises ValueError for a time that reaches back farther than articles are kept: they would be fetched to be removed again."""
    kept = retention(settings[RETENTION])
    if kept is not None and since is not None and since < now - timedelta(seconds=kept):
        raise ValueError(
            f"since reaches back to {since:%Y-%m-%d}, farther than {RETENTION}={settings[RETENTION]} keeps articles: ask for less, or keep more"
        )


def _check_monitors(settings: BaseSettings) -> None:
    # Scrapy imports every command for each run of any, and Spidermon takes a twentieth of a second.
    from newscrawl.monitors.actions import check_url
    from newscrawl.monitors.suite import given_limits

    given_limits(settings)
    for setting in ("NEWSCRAWL_WEBHOOK_URL", "SPIDERMON_DISCORD_WEBHOOK_URL"):
        if settings[setting]:
            check_url(setting, settings[setting])


def _feeds(settings: BaseSettings) -> dict[str | Path, dict[str, Any]]:
    """The outputs besides the feed: `-o`, `-O` and `FEEDS`. Raises ValueError for what is no table of them."""
    try:
        feeds = settings.getdict("FEEDS")
        return {name: dict(options) for name, options in feeds.items()}
    except (TypeError, ValueError):
        raise ValueError(f"FEEDS={settings['FEEDS']!r}: takes a table of outputs, like -o and -O make") from None
