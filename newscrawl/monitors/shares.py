"""Monitors of shares: how many articles have a field, which layer gave it, how many pages have no body, how many are copies."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any

from numpy.typing import NDArray

from newscrawl.monitors.counts import EASING, FOR_GOOD, NO_HISTORY
from newscrawl.monitors.expectation import HOUR
from newscrawl.monitors.finding import Finding, Limits, bad, good, need, unjudged
from newscrawl.monitors.past import ENOUGH, WEEKS, Past
from newscrawl.monitors.readings import DAY, FIELDS, Key, errors
from newscrawl.monitors.statistics import median, so_many_of, spread

_WINDOWS = (6 * HOUR, DAY)  # beside the run itself
_FEW = 8  # of which a share says something
_ENOUGH_OF = 40  # of all that is known before
_NEARLY_ALL = 0.97
_ALARM = 1e-7  # the probability of a share that is no chance; a run every ten minutes asks some twenty shares 1,008 times a week
_BAD = 0.01  # of the newest, which need not be proof by itself
_SPREADS = 3.0  # a share that is so many spreads of the last weeks off is usual: authors are rare on some nights


Row = NDArray[Any]


@dataclass(frozen=True, slots=True)
class Part:
    """So many of so many, in one window; `usual`: the share of the last weeks, None when not known; `off`: their spread."""

    count: float
    of: float
    usual: float | None
    off: float
    length: float  # seconds; 0: the run itself
    lasts: bool = True  # whether the newest that says something is bad too

    @property
    def share(self) -> float:
        """From 0 to 1."""
        return min(1.0, self.count / self.of) if self.of else 0.0


def parts(past: Past, key: Key, of: Key) -> Iterator[Part]:
    """A share in the run, and in longer windows that end with it."""
    found, spell = past.spell.found, past.spell
    if (whole := found.get(of, 0.0)) >= 1:
        yield Part(found.get(key, 0.0), whole, *_usual(past, key, of, _WINDOWS[0]), 0.0)
    for length in _WINDOWS:
        if length > spell.until - (spell.until if spell.since is None else spell.since):
            now = _sums(past, length)[0]
            if (whole := _of(past, now, of)) >= 1:
                yield Part(_of(past, now, key), whole, *_usual(past, key, of, length), length)


@lru_cache(maxsize=8)
def _sums(past: Past, length: float) -> tuple[Row, list[Row], Row]:
    """What was found in the last seconds; in the same times of the last weeks; in all that is known before the run."""
    until = past.spell.until
    then = [past.between(until - shift - length, until - shift) for shift in past.shifts(until - length, until)]
    return past.between(until - length, until), then, past.between(until - WEEKS * 7 * DAY, _begins(past))


def _of(past: Past, row: Row, key: Key) -> float:
    return float(row[past.columns[key]]) if key in past.columns else 0.0


def _usual(past: Past, key: Key, of: Key, length: float) -> tuple[float | None, float]:
    """The share in the same time of the last weeks, its median and spread; of all that is known where that is little."""
    _, then, all_before = _sums(past, length)
    shares = [_of(past, row, key) / whole for row in then if (whole := _of(past, row, of)) >= _FEW]
    if len(shares) >= ENOUGH:
        return median(shares), spread(shares)
    whole = _of(past, all_before, of)
    return (None if whole < _ENOUGH_OF else _of(past, all_before, key) / whole), 0.0


def _begins(past: Past) -> float:
    """When what the run itself found begins."""
    return past.spells[past.last - 1].until if past.last else past.spell.until - DAY


def high(found: Iterable[Part], margin: float, unknown: float | None = None) -> Part | None:
    """The first window in which a share is higher than chance allows, one that `lasts` if there is any. `margin`: how much more is nothing to
    tell. `unknown`: the share beyond which it is too high where no usual one is known."""
    seen = list(found)
    off = [part for part in seen if _is_high(part, margin, unknown, _ALARM)]
    newest = next((part for part in seen if part.of >= _FEW), None)
    if off and (newest is None or newest in off or _is_high(newest, margin, unknown, _BAD)):
        return off[0]
    return replace(off[0], lasts=False) if off else None


def _is_high(part: Part, margin: float, unknown: float | None, probability: float) -> bool:
    limit = _limit(part, margin, unknown)
    return limit is not None and so_many_of(part.count, part.of, limit) < probability


def _limit(part: Part, margin: float, unknown: float | None) -> float | None:
    if part.usual is None:
        return unknown
    limit = part.usual + margin + _SPREADS * part.off
    return limit if limit < _NEARLY_ALL else None  # what nearly all have cannot rise; that it falls shows elsewhere


def low(found: Iterable[Part], margin: float, unknown: float | None = None) -> Part | None:
    """The same for a share that is too low; `unknown`: the share below which it is."""
    turned = (_turned(part) for part in found)
    part = high(turned, margin, None if unknown is None else 1 - unknown)
    return _turned(part) if part else None


def _turned(part: Part) -> Part:
    usual = None if part.usual is None else 1 - part.usual
    return replace(part, count=max(0.0, part.of - part.count), usual=usual)


def error_share(past: Past, limits: Limits) -> Finding:
    """Whether the site answers: requests without an answer, or with an error, among all."""
    pages = need(past.figures, "pages")
    requests, responses = need(past.figures, "pages.requests"), need(past.figures, "pages.responses")
    failed = errors(pages)
    if requests and not responses:
        return bad(
            f"the site did not answer any of {requests:,} requests: see whether it is up, and whether this machine reaches it"
        )
    if requests and failed >= requests:  # as few as these may be: a run ends when it is not given robots.txt
        return bad(
            f"the site answered none of {requests:,} requests as it should: see pages.statuses in the report, and whether it is up"
        )
    part = high(parts(past, ("errors",), ("requests",)), limits.errors, unknown=limits.errors)
    if part and part.lasts:
        said = _said("requests that failed", part)
        return bad(
            f"{said}: see pages.statuses in the report; for 403 or 429 raise DOWNLOAD_DELAY, else wait for the site"
        )
    return good(f"{failed:,.0f} of {requests:,} requests failed")


_MARGINS = {"title": 0.03, "body": 0.03, "published_at": 0.03, "authors": 0.1, "section": 0.1}
_AT_LEAST = {"title": 0.5, "body": 0.5, "published_at": 0.5}  # where no history says more


def fields(past: Past, limits: Limits) -> Finding:
    """Whether as many articles as usual have a title, a body, a time, authors, a section."""
    records = need(past.figures, "records")
    lacking, known, eases = [], False, False
    for name in FIELDS:
        if records:
            need(past.figures, f"fields.{name}.filled")
        seen = list(parts(past, ("filled", name), ("records",)))
        known = known or any(part.usual is not None for part in seen)
        if part := low(seen, _MARGINS[name], _AT_LEAST.get(name)):
            lacking += [_said(name, part)] if part.lasts else []
            eases = True
    if lacking:
        return bad(
            f"fields that are often empty: {'; '.join(lacking)}: look at a page of the report's articles; {FOR_GOOD}"
        )
    return _well("fields as full as usual", eases=eases, judged=known or not records)


def layers(past: Past, limits: Limits) -> Finding:
    """Whether each field comes from the layers that it usually comes from: a redesign shows here before fields are empty."""
    records = need(past.figures, "records")
    risen, known, eases = [], False, False
    for name in FIELDS:
        if records:
            need(past.figures, f"fields.{name}.from")
        for key in [key for key in past.columns if key[:2] == ("layer", name)]:
            seen = [part for part in parts(past, key, ("filled", name)) if part.usual is not None]
            known = known or bool(seen)
            if part := high(seen, 0.07):
                risen += [_said(f"{name} by {key[2]!r}", part)] if part.lasts else []
                eases = True
    if risen:
        return bad(
            f"the site's pages changed: {'; '.join(risen)}: compare a new page with an old one, and add its form to the layers; {FOR_GOOD}"
        )
    return _well("each layer gives its usual share", eases=eases, judged=known or not records)


def _well(said: str, *, eases: bool, judged: bool) -> Finding:
    """Nothing is wrong now: by the past, or because an old trouble still stands in a window, or because there is no past."""
    if eases or not judged:
        return unjudged(EASING if eases else NO_HISTORY)
    return good(said)


def containers(past: Past, limits: Limits) -> Finding:
    """Whether article pages have a body container."""
    need(past.figures, "pages.no_container")
    need(past.figures, "pages.articles")
    part = high(parts(past, ("unreadable",), ("pages",)), 0.02, unknown=0.02)
    if part and part.lasts:
        said = _said("pages without a body container", part)
        return bad(f"{said}: see unreadable/ for such pages, add their container to the site's file, then scrapy retry")
    return good(f"{past.figures['pages']['no_container']:,} pages without a body container")


def copies(past: Past, limits: Limits) -> Finding:
    """Whether the share of articles that are marked as copies of others is as usual."""
    need(past.figures, "duplicates")
    seen = [part for part in parts(past, ("copies",), ("records",)) if part.usual is not None]
    part = high(seen, 0.1) or low(seen, 0.1)
    if part and not part.lasts:
        return unjudged(EASING)
    if part:
        said = _said("articles that are copies", part)
        return bad(
            f"{said}: look at some of them (scrapy stories), whether they are taken for copies rightly; {FOR_GOOD}"
        )
    return good("copies as usual") if seen else unjudged(NO_HISTORY)


def _said(what: str, part: Part) -> str:
    usual = "" if part.usual is None else f", usual {part.usual:.0%}"
    return f"{what} {part.share:.0%} of {part.of:,.0f}{usual}"
