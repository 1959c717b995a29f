"""Where a run keeps its things: the data folder's part for a site, the state, the feed."""

from __future__ import annotations

import re
from datetime import datetime
from pathlib import Path

from scrapy.settings import BaseSettings

from newscrawl.korean import KST

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


def feed_path(settings: BaseSettings, site: str, job: str | None) -> Path:
    """The file of a run's articles: the job's id, else the time of the start."""
    name = _AWKWARD.sub("_", job) if job else datetime.now(KST).strftime("%Y-%m-%dT%H-%M-%S")
    return site_folder(settings, site) / f"{name}.jsonl"
