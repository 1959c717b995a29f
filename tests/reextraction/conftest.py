"""Re-extraction quietens loggers for the rest of its process: here that is the tests'."""

from __future__ import annotations

import logging
from collections.abc import Iterator

import pytest


@pytest.fixture(autouse=True)
def loggers_as_they_were() -> Iterator[None]:
    before = {name: logging.getLogger(name).level for name in ("newscrawl", "scrapy")}
    yield
    for name, level in before.items():
        logging.getLogger(name).setLevel(level)
