"""The environment of a process that a test starts."""

from __future__ import annotations

import os


def clean() -> dict[str, str]:
    """This one, without what would reach a crawl."""
    return {name: value for name, value in os.environ.items() if not name.startswith(("NEWSCRAWL_", "SCRAPY_"))}
