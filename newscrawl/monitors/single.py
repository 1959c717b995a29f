"""Monitors of figures that do not add up over runs: what each way names, how late articles are, how fast the site is."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from newscrawl.monitors.counts import FOR_GOOD, NO_HISTORY
from newscrawl.monitors.expectation import HOUR
from newscrawl.monitors.finding import Figures, Finding, Limits, bad, good, need, unjudged
from newscrawl.monitors.past import Past
from newscrawl.monitors.readings import PERIODIC
from newscrawl.monitors.statistics import median, so_few, spread

_NEARBY = 4  # runs to compare with, at least; a daily run has five of this day
_MANY = 30  # of fewer the spread is often found too small by chance
_MOST = 40  # where no times are alike
_OF_PACE = ("AUTOTHROTTLE_", "CONCURRENT_", "DOWNLOAD_", "RETRY_")
_PACES = 400  # a site that is slow is not usual before two days have passed, of runs every ten minutes
_NEAR = 5_400.0  # seconds between times of the day that are alike
# Spreads (robust sigmas) from the median at which a single figure is no chance: of a normal one 1 in 50 million; real ones have longer tails.
_FAR = 5.6
_BAD_PART = 5  # one in so many may be of a trouble itself: one of five weeks
_VARIES = 0.3  # what a way names at an hour, from day to day: standard deviation over mean
_CHANCE = 1e-6  # that it names nothing


def _like(past: Past) -> list[Figures]:
    """Earlier runs that ended well: those at about this time of such days; where they are few, the last ones."""
    until = past.spell.until
    near = [
        run
        for shift in past.shifts(until - HOUR, until)
        for run in past.begun(until - shift - _NEAR, until - shift + _NEAR)
    ]
    return near if len(near) >= _NEARBY else list(past.before(_MOST))


def ways(past: Past, limits: Limits, *, without: Iterable[str] = ()) -> Finding:
    """Whether each way of discovery names as many articles as it usually does. `without`: ways whose trouble is told elsewhere."""
    found: dict[str, Any] = need(past.figures, "ways")
    if need(past.figures, "kind") not in PERIODIC:
        return unjudged("a run of this kind takes what it is told")
    like = _like(past)
    if len(like) < _NEARBY:
        return unjudged(NO_HISTORY)
    poor = []
    for way in sorted({name for run in like for name in run.get("ways") or ()} - set(without)):
        values = [float(((run.get("ways") or {}).get(way) or {}).get("named") or 0) for run in like]
        named = need(past.figures, f"ways.{way}.named") if way in found else 0
        if _is_poor(named, values):
            poor.append(f"{way} named {named:,}, usual {median(values):,.0f}")
    if poor:
        return bad(
            f"ways that find less: {'; '.join(poor)}: open one of their pages, whether its form changed; {FOR_GOOD}"
        )
    return good("each way names what it usually does")


def _is_poor(named: float, values: Sequence[float]) -> bool:
    """Nothing where there always was something; or far below the middle, by what the middle and chance allow."""
    middle = median(values)
    if not named:
        return sorted(values)[len(values) // _BAD_PART] > 0 and so_few(0, middle, _VARIES) < _CHANCE
    if len(values) < _MANY:
        return False
    sigma = max(spread(values), middle**0.5, 0.1 * middle)
    least_usual = sorted(values)[len(values) // _BAD_PART]
    return named < middle - _FAR * sigma and named < 0.75 * least_usual


_ARTICLES = 10  # whose lateness has a median that says something: of five, three may be such as the site shows hours after their time
_REQUESTS = 10
_SLOWER = 3.0  # times, at least: half as late again is no trouble


def lateness(past: Past, limits: Limits) -> Finding:
    """Whether articles come as soon after their publication as they usually do, and whether the site answers as fast."""
    figures = past.figures
    measured = need(figures, "lateness")
    per_request = _per_request(figures)
    slow = _too_much(per_request, (_per_request(run) for run in _same_pace(past)), 1.0)
    if slow:
        return bad(
            f"the site is slow: {per_request:.1f} s a request, usual {slow:.1f}: wait, or see pages.statuses and DOWNLOAD_DELAY"
        )
    late = _median_lateness(figures)
    usual = _too_much(late, (_median_lateness(run) for run in _like(past)), 60.0)
    since = past.spell.since
    span = 0.0 if since is None else past.spell.until - since
    # A run cannot be sooner than it begins: after a pause articles are as late as the pause was long.
    if usual and late and late > 1.5 * span + need(figures, "seconds"):
        return bad(
            f"articles come late: half of them {late:,.0f} s after publication or more, usual {usual:,.0f}: see whether runs wait for each other"
        )
    return (
        good(f"half of the articles within {late:,.0f} s" if late else "too few articles to say how late they are")
        if measured
        else good("no article whose lateness could be measured")
    )


def _same_pace(past: Past) -> list[Figures]:
    pace = _pace(past.figures)
    return [run for run in past.before(_PACES) if _pace(run) == pace]


def _pace(figures: Figures) -> dict[str, Any]:
    """The settings on which the time of a request depends."""
    settings = figures.get("settings") or {}
    return {name: value for name, value in settings.items() if name.startswith(_OF_PACE)}


def _per_request(figures: Figures) -> float | None:
    """Seconds; None for a watch, which waits, and for few requests."""
    requests = (figures.get("pages") or {}).get("requests") or 0
    if figures.get("kind") == "watch" or requests < _REQUESTS or figures.get("seconds") is None:
        return None
    return float(figures["seconds"] / requests)


def _median_lateness(figures: Figures) -> float | None:
    every = (figures.get("lateness") or {}).get("all") or {}
    return float(every["median"]) if (every.get("count") or 0) >= _ARTICLES else None


def _too_much(value: float | None, others: Iterable[float | None], least: float) -> float | None:
    """What is usual, if the value is far above it, by at least `least`; None if it is not, or nothing is known."""
    values = [other for other in others if other is not None]
    if value is None or len(values) < _NEARBY:
        return None
    middle = median(values)
    sigma = max(spread(values), 0.1 * middle)
    return middle if value > max(_SLOWER * middle, middle + _FAR * sigma, middle + least) else None
