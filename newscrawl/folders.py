"""Where a run keeps its things: the data folder's part for a site, the state, the feed."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import datetime
from pathlib import Path
from urllib.parse import urlsplit

from scrapy.settings import BaseSettings

from newscrawl.korean import KST
from newscrawl.state import database_address
from newscrawl.storage import STANDARD_OUTPUT

_AWKWARD = re.compile(r"[^\w.\-]")  # a job's id names a file: no separators of paths in it


def site_folder(settings: BaseSettings, site: str) -> Path:
    """`<data folder>/<site>`, absolute: a daemon may change its own folder."""
    return Path(settings["NEWSCRAWL_DATA_DIR"]).absolute() / site


def state_url(settings: BaseSettings, site: str) -> str:
    """The address of the state's database: `NEWSCRAWL_STATE`, else an SQLite file in the site's folder."""
    return str(settings["NEWSCRAWL_STATE"] or f"sqlite:///{site_folder(settings, site) / 'state.sqlite'}")


def origin(settings: BaseSettings) -> str:
    """Where the articles come from: invented ones must not count as seen when the site is crawled."""
    return "a newsroom" if settings["NEWSCRAWL_NEWSROOM"] else "the site"


def archive_folder(settings: BaseSettings, site: str) -> Path:
    """Where a site's WARC files lie."""
    return site_folder(settings, site) / "warc"


def feed_path(settings: BaseSettings, site: str, job: str | None) -> Path:
    """The file of a run's articles: the job's id, else the time of the start."""
    name = _AWKWARD.sub("_", job) if job else datetime.now(KST).strftime("%Y-%m-%dT%H-%M-%S")
    return site_folder(settings, site) / f"{name}.jsonl"


def check_absolute(settings: BaseSettings, outputs: Iterable[str | Path]) -> None:
    """For a job of a daemon, whose own folder nobody looks into. Raises ValueError for the first path that is relative to that, and says
    what to set. `outputs`: the names of Scrapy's feeds."""
    if not Path(settings["NEWSCRAWL_DATA_DIR"]).is_absolute():
        raise ValueError(
            f"NEWSCRAWL_DATA_DIR={settings['NEWSCRAWL_DATA_DIR']!r} would lie in Scrapyd's own folder: "
            "set it to an absolute path, in the daemon's environment or as a setting of the job"
        )
    state = database_address(state_url(settings, "site"))
    file = state.database if state.get_backend_name() == "sqlite" else None
    if file and file != ":memory:" and not Path(file.removeprefix("file:")).is_absolute():
        raise ValueError(
            f"NEWSCRAWL_STATE={settings['NEWSCRAWL_STATE']!r} would lie in Scrapyd's own folder: an absolute path has four slashes, "
            "like sqlite:////data/state.sqlite"
        )
    for output in map(str, outputs):
        parts = urlsplit(output)
        if parts.scheme in ("", "file") and output not in STANDARD_OUTPUT and not Path(parts.path).is_absolute():
            raise ValueError(f"FEEDS: {output!r} would lie in Scrapyd's own folder: give it an absolute path")
