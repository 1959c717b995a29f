"""What tells the next piece of a series from a copy: its figures, dates and tickers are others. Pure."""

from __future__ import annotations

from newscrawl.duplicates.text import Text

_AGREE = 0.4
"""Of the figures and dates of the article that has fewer, so many are in a copy too: at least 0.6 in 82 real copies; at most 0.25 in pieces of
a series."""


def is_series(earlier: Text, later: Text) -> bool:
    """Whether two similar texts say different things: other companies, other figures, other days."""
    if earlier.tickers and later.tickers and not earlier.tickers & later.tickers:
        return True
    found = agreement(earlier, later)
    return found is not None and found < _AGREE


def agreement(one: Text, other: Text) -> float | None:
    """How many of the figures and dates of the article that has fewer are in the other too; None when one has none."""
    known = 0
    both = 0
    for ours, theirs in ((one.figures, other.figures), (one.dates, other.dates)):
        known += min(len(ours), len(theirs))
        both += len(ours & theirs)
    return both / known if known else None
