"""What a start imports: hardly any of it is used by every run, and a process that is started often pays for all of it."""

from __future__ import annotations

import re
import subprocess
import sys

import pytest

from tests.environment import clean

# What only some runs need, or only the end of a run.
LATE = (
    *("holidays", "pygal", "jinja2", "newscrawl.report.page"),  # where a run is judged, and its report written
    *("psycopg", "sqlalchemy.dialects.postgresql", "newscrawl.state.postgres"),
    *("boto3", "pyarrow", "fastwarc", "playwright", "scrapy_playwright"),  # extras
    *("newscrawl.newsroom", "newscrawl.reextraction.again", "newscrawl.export.parquet"),
    "rich.progress",
)
_IMPORT = re.compile(r"^import time:.*\| +(\S+)$", re.MULTILINE)


def imported(*arguments: str) -> set[str]:
    """The modules that a command of Scrapy imports."""
    command = [sys.executable, "-X", "importtime", "-m", "scrapy", *arguments]
    done = subprocess.run(command, env=clean(), capture_output=True, text=True, timeout=60, check=False)
    return set(_IMPORT.findall(done.stderr))


@pytest.mark.parametrize(
    "arguments", [("crawl", "newspim", "-a", "no such argument=1"), ("--help",)], ids=["a crawl", "help"]
)
def test_a_start_imports_nothing_that_only_some_runs_need(arguments: tuple[str, ...]) -> None:
    found = imported(*arguments)
    assert {"newscrawl.opening", "sqlalchemy"} <= found  # so they are told
    assert found.isdisjoint(LATE), sorted(found & set(LATE))


def test_a_command_that_downloads_nothing_imports_no_way_to_download() -> None:
    assert "scrapy.core.downloader.handlers.http11" not in imported("schema")
