"""What of a run neither its stats nor its tally tell: asked of the state, the disk and the process."""

from __future__ import annotations

import os
from collections.abc import Collection
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from scrapy.settings import BaseSettings

from newscrawl.folders import site_folder
from newscrawl.ledger import RETRIED, TRIES
from newscrawl.pipelines import number_of
from newscrawl.report.figures import Begun, Beside, moment
from newscrawl.reporting import usage
from newscrawl.reporting.counting import Counting
from newscrawl.state import Database, titles
from newscrawl.state.overview import failures, size
from newscrawl.state.run_rows import run_rows
from newscrawl.state.runs import Run
from newscrawl.state.stories import sizes

if TYPE_CHECKING:
    from newscrawl.spider.news import NewsSpider

_NAMED = 100  # failures that are named
_STORIES = 20


def beside(
    begun: Begun,
    run: Run,
    database: Database,
    spider: NewsSpider,
    settings: BaseSettings,
    counting: Counting,
    *,
    goes_on: bool,
) -> Beside:
    """All of it. `goes_on`: the run does, and asks again for most of what failed. Raises StateError."""
    feeds = [database.folder / feed for row in run_rows(database, begun.site, run=begun.id) for feed in row.feeds]
    folder = site_folder(settings, begun.site)
    lost, named = failures(
        database, begun.site, int(begun.started_at), _NAMED, retried=RETRIED, tries=TRIES if goes_on else 0
    )
    return Beside(
        node=database.node,
        lost=lost,
        failures=[{"url": one.url, "reason": one.reason, "at": moment(one.at)} for one in named],
        unreadable=[{"url": one.url, "file": os.path.relpath(one.path, folder)} for one in spider.unreadable.kept],
        stories=_stories(database, run.site, begun.site, counting.tally.grown),
        sources=[*counting.robots, *({**asdict(one), "hash": None} for one in spider.sources.values())],
        settings=usage.changed_settings(settings, os.environ),
        feeds=[feed.name for feed in feeds],
        latency=counting.latency.summary(),
        cpu_seconds=usage.cpu_seconds(),
        peak_memory=usage.peak_memory(),
        free=usage.free_space(folder),
        state_bytes=size(database),
        feed_bytes=usage.size_of(feeds),
    )


def _stories(database: Database, site: int, name: str, grown: Collection[str]) -> list[dict[str, Any]]:
    """Those that grew, the longest first."""
    longest = sorted(
        sizes(database, site, [number_of(story) for story in grown]).items(), key=lambda one: (-one[1], one[0])
    )[:_STORIES]
    named = titles(database, site, [number for number, _ in longest])
    return [{"id": f"{name}:{number}", "title": named.get(number), "articles": count} for number, count in longest]
