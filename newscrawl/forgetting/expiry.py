"""What NEWSCRAWL_RETENTION removes, and when: by the command, and after a run, once a day."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

from newscrawl.forgetting.flow import Report, forget, plan
from newscrawl.forgetting.retention import SETTING, cut, retention
from newscrawl.site import Site
from newscrawl.state import Database, forgotten
from newscrawl.state.runs import living, site_id

EVERY = 86_400
"""Seconds from one removal by age to the next: whole files are written anew for it."""


def expire(
    folder: Path,
    database: Database,
    site: Site,
    now: datetime,
    setting: object,
    *,
    more: Sequence[int] = (),
    dry: bool = False,
) -> Report:
    """Remove what is older than the setting says. `more`: others besides. Raises ValueError when it says nothing; else as `forget` does."""
    seconds = retention(setting)
    if seconds is None:
        raise ValueError(f"{SETTING} is not set: articles are kept for ever; set it to an age, like 365d")
    before, below = cut(now, seconds)
    with database.transaction() as connection:
        row = forgotten.site_row(database, connection, site.name)
        numbers = sorted({*forgotten.expired(connection, row, below, before), *more})
    about = (folder, database, site, numbers)
    if dry:
        return plan(*about, f"{now:%Y-%m-%d}")
    return forget(*about, int(now.timestamp()), f"{now:%Y-%m-%d}", why=forgotten.RETENTION, before=before)


def is_due(database: Database, site: Site, now: int) -> bool:
    """Whether a run that has ended is to remove what has expired: no other goes on, and the last removal was a day ago. It is noted as done. Raises
    StateError."""
    with database.transaction() as connection:
        row = site_id(connection, site.name)
        if row is None or living(database, connection):
            return False
        return forgotten.take_turn(database, connection, row, now, EVERY)
