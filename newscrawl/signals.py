"""The project's own signals; they go through Scrapy's dispatcher, as `crawler.signals` does."""

from __future__ import annotations

WRITTEN = object()
"""A commit is done: `entries` (`state.Entry`) are in the output, for good."""

COUNTING = object()
"""Stats are about to be read, now or at the end of the run: who counts by itself writes into them what it has."""

PART_OVER = object()
"""A part of a run that goes on is over, and has its figures; sent by `Reporting`."""

RESTATED = object()
"""Revisions were written that say what turned out later of articles' stories: nothing else was left to do."""
