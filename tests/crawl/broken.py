"""Pipelines that fail, for crawls of tests to be given."""

from __future__ import annotations

from newscrawl.items import Article
from newscrawl.state import StateError


class Broken:
    """Raises for every fifth article."""

    error: Exception = RuntimeError("a mistake of a pipeline")
    count = 0

    def process_item(self, item: Article) -> Article:
        """Raises the error."""
        Broken.count += 1
        if Broken.count % 5 == 0:
            raise self.error
        return item


class WithoutState(Broken):
    """As if the state could not be read at that moment."""

    error = StateError("the state is gone")
