"""The state of a run, opened as the settings say."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from scrapy.settings import BaseSettings

from newscrawl.duplicates import dropped
from newscrawl.folders import origin
from newscrawl.state import Database, Journal


def open_journal(settings: BaseSettings, database: Database, feed: Path, clock: Callable[[], float]) -> Journal:
    """The journal of a run, whose output gets the name `feed`. `clock`: gives the time in seconds since 1970."""
    return Journal(
        database,
        feed,
        origin(settings),
        clock,
        window=int(settings.getfloat("NEWSCRAWL_DUPLICATES_DAYS") * 86_400),
        copies="exact" not in dropped(settings.getlist("NEWSCRAWL_DUPLICATES")),
    )
