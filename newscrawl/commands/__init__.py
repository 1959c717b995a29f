"""The project's own `scrapy …` commands, and what several of them need."""

from __future__ import annotations

import io
import os
import sys
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

from scrapy.exceptions import UsageError
from scrapy.settings import BaseSettings
from scrapy.spiderloader import SpiderLoader

from newscrawl.clock import Clock
from newscrawl.folders import state_url
from newscrawl.korean import KST
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


def clock_of(settings: BaseSettings) -> Clock:
    """The clock of `NEWSCRAWL_CLOCK`. Raises UsageError for what is none."""
    try:
        return Clock.of(settings)
    except ValueError as error:
        raise UsageError(str(error), print_help=False) from error


def shown_time(seconds: int) -> str:
    """A time (seconds since 1970) for a reader, in KST."""
    return datetime.fromtimestamp(seconds, KST).strftime("%Y-%m-%d %H:%M")


def write(text: str) -> None:
    """Print it, in whatever the terminal can show; a reader like `head` may have enough before the end."""
    if not text:
        return
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(errors="replace")
    try:
        print(text, flush=True)
    except BrokenPipeError:  # Python would flush once more at its end, and complain
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _is_file(path: str | None) -> bool:
    return bool(path) and Path(str(path)).is_file()
