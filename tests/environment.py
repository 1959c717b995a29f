"""The environment of a process that a test starts."""

from __future__ import annotations

import os


def clean() -> dict[str, str]:
    """This one, without what would reach a crawl. A Chromium of this machine is for the tests that ask for one."""
    ours = ("NEWSCRAWL_", "SCRAPY_", "AWS_", "GOOGLE_", "FTP_", "MAKE", "MFLAGS", "ARGS")  # and of `make test ARGS=…`
    kept = {name: value for name, value in os.environ.items() if not name.startswith(ours)}
    return kept | {"NEWSCRAWL_BROWSER": "off"}
