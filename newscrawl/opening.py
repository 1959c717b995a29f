"""The state, and the journal of a run, opened as the settings say."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from scrapy.settings import BaseSettings

from newscrawl.duplicates import dropped
from newscrawl.folders import origin, site_folder, state_url
from newscrawl.state import Database, Journal


def open_state(settings: BaseSettings, site: str, *, patient: bool = False) -> Database:
    """A site's state. `patient`: a server that is away is waited for, as a run does. Raises ValueError, StateError."""
    return Database(
        state_url(settings, site),
        site_folder(settings, site),
        patience=settings.getfloat("NEWSCRAWL_STATE_PATIENCE") if patient else 0,
        node_timeout=settings.getfloat("NEWSCRAWL_NODE_TIMEOUT"),
    )


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
