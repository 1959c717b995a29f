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
from newscrawl.opening import open_state
from newscrawl.state import Database, database_address, forgotten
from newscrawl.state.forgotten import is_rewriting, note_export, turn
from newscrawl.storage import is_remote


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
        address = database_address(state_url(settings, name))
        missing = address.get_backend_name() == "sqlite" and not _is_file(address.database)
        database = None if missing else open_state(settings, name)
        yield name, database
        if database:
            database.close()


class Overtaken(Exception):
    """Articles were removed while an output was made that may have them."""


def removals(settings: BaseSettings, site: str) -> object:
    """What changes when articles of a site are removed; None where there is no state. Raises StateError."""
    for _, database in open_states(settings, [site]):
        if database is not None:
            with database.reading() as connection:
                return turn(connection)
    return None


def forgotten_numbers(settings: BaseSettings, site: str) -> frozenset[int]:
    """The articles of a site that were removed: no archive or copy brings them back. Raises StateError."""
    for _, database in open_states(settings, [site]):
        if database is not None:
            with database.reading() as connection:
                return forgotten.every(connection, site)
    return frozenset()


def note_output(settings: BaseSettings, site: str, output: str, form: str, begun: object) -> None:
    """For `scrapy forget`, which removes articles from there too. `begun`: what `removals` gave before anything was read. Raises StateError, and
    Overtaken when articles were removed since."""
    for _, database in open_states(settings, [site]):
        if database is None:
            continue
        with database.transaction() as connection:
            if turn(connection) != begun or is_rewriting(database):
                raise Overtaken("scrapy forget removed articles meanwhile: nothing was written; run it again")
            if not is_remote(output):
                note_export(database, connection, str(Path(output).resolve()), form, int(clock_of(settings).time()))


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
