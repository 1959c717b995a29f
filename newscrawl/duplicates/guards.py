"""What tells the next piece of a series from a copy: its figures, dates and tickers are others. Pure."""

from __future__ import annotations

from dataclasses import dataclass

from newscrawl.duplicates.text import Text

_SERIES = 0.55
"""Of the figures and dates of the article that has fewer, less than this is in the other of a series: robots' pieces and rates 0 to 0.25, weather
up to 0.5. Of 82 real copies nine in ten keep at least 0.86, all at least 0.6."""
_FEW = 2
"""So few figures and dates say little: in two versions of one text, hours apart, the only one may have been corrected."""
NEARLY = 0.8  # similarity of such versions; of the shortest series a day apart 0.75 to 0.88
_OTHER, _KEPT = 0.34, 0.6  # of the figures and dates of a step in another: of real chains at least 0.5, mostly all
APART = 12 * 3600  # seconds between pieces of a daily series, at least


@dataclass(frozen=True, slots=True)
class Facts:
    """Figures and dates of two articles: so many does the one have that has fewer, and so many of them are in the other too."""

    known: int
    both: int

    @property
    def share(self) -> float | None:
        """Which part of them is in both; None for an article without any."""
        return self.both / self.known if self.known else None


def facts(one: Text, other: Text) -> Facts:
    """Those of two articles. A headline's count only where the bodies have none: it is often made anew."""
    found = _facts((one.figures, other.figures), (one.dates, other.dates))
    return found if found.known else _facts((one.headline_figures, other.headline_figures))


def _facts(*pairs: tuple[frozenset[str], frozenset[str]]) -> Facts:
    known = sum(min(len(ours), len(theirs)) for ours, theirs in pairs)
    return Facts(known, sum(len(ours & theirs) for ours, theirs in pairs))


def is_series(earlier: Text, later: Text, similarity: float, shared: Facts) -> bool:
    """Whether two similar texts say different things: other companies, other figures, other days."""
    if earlier.tickers and later.tickers and not earlier.tickers & later.tickers:
        return True
    if shared.share is None or shared.share >= _SERIES:
        return False
    return shared.known > _FEW or similarity < NEARLY or later.at - earlier.at >= APART


def is_another_event(earlier: Text, later: Text) -> bool:
    """Whether what is marked as a step further tells of something else: a flash of one company's results, a full report of another's. From
    step to step one total changes, or two, but not all that there is."""
    figures = _facts((earlier.figures, later.figures))
    everything = facts(earlier, later)
    return (figures.known >= _FEW and not figures.both) or (
        everything.known > _FEW and (everything.share or 0) < _OTHER
    )


def keeps_facts(earlier: Text, later: Text) -> bool:
    """Whether two steps say the same by their figures and dates, of which there are some."""
    found = facts(earlier, later)
    return found.known >= _FEW and (found.share or 0) >= _KEPT
