"""What follows from the project's own settings, once all of them are known."""

from __future__ import annotations

import re
from datetime import datetime
from pathlib import Path
from typing import Any

from scrapy import Spider
from scrapy.settings import Settings

import newscrawl
from newscrawl.korean import KST

_AWKWARD = re.compile(r"[^\w.\-]")  # a job's id names a file: no separators of paths in it


class Newscrawl:
    """Scrapy add-on: the User-Agent, the default feed, and the way to a newsroom."""

    def update_settings(self, settings: Settings) -> None:
        """Raises ValueError for a newsroom that is not on this machine."""
        settings.set("USER_AGENT", user_agent(settings["NEWSCRAWL_CONTACT"]), "addon")
        if not settings.getdict("FEEDS"):  # -o, -O, FEEDS and Scrapyd's items_dir say otherwise
            feed = Path(settings["NEWSCRAWL_DATA_DIR"]) / "%(name)s" / "%(run)s.jsonl"
            settings.set("FEEDS", {str(feed): {"format": "jsonl"}}, "addon")
            settings.set("FEED_URI_PARAMS", "newscrawl.addon.feed_name", "addon")
        if settings["NEWSCRAWL_NEWSROOM"]:
            handler = "newscrawl.newsroom_handler.NewsroomDownloadHandler"
            handlers = settings.getdict("DOWNLOAD_HANDLERS") | {"http": handler, "https": handler}
            settings.set("DOWNLOAD_HANDLERS", handlers, "project")  # settings.py sets it too, and outranks an add-on


def user_agent(contact: str) -> str:
    """Name, version and contact: whoever runs the site can tell who asks, and whom to write to."""
    return f"newscrawl/{newscrawl.__version__} (news crawler; {contact or 'no contact given'})"


def feed_name(params: dict[str, Any], spider: Spider) -> dict[str, Any]:
    """The feed's name: the job's id, else the time of the start."""
    job = getattr(spider, "job", None)
    return {**params, "run": _AWKWARD.sub("_", job) if job else datetime.now(KST).strftime("%Y-%m-%dT%H-%M-%S")}
