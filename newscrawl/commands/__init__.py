"""The project's own `scrapy …` commands, and what several of them need."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from scrapy.exceptions import UsageError
from scrapy.settings import BaseSettings
from scrapy.spiderloader import SpiderLoader

from newscrawl.folders import state_url
from newscrawl.state import Database, database_address


def open_states(settings: BaseSettings, names: list[str]) -> Iterator[tuple[str, Database | None]]:
    """Each site of the project, or each that is named, with its state; None where no run has made one yet.

    Raises UsageError for a site that there is not, StateError for a state that cannot be used.
    """
    loader = SpiderLoader.from_settings(settings)
    known = sorted(loader.list())
    for name in names:
        if name not in known:
            raise UsageError(f"there is no site {name!r}; there are: {', '.join(known)}", print_help=False)
    for name in names or known:
        url = state_url(settings, name)
        missing = not _is_file(database_address(url).database)
        database = None if missing else Database(url)
        yield name, database
        if database:
            database.close()


def _is_file(path: str | None) -> bool:
    return bool(path) and Path(str(path)).is_file()
