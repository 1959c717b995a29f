"""Monitors of figures that do not add up over runs: what each way names, how late articles are, how fast the site answers."""

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
# Settings that say how many requests there are at once: then each answer takes longer.
_AT_ONCE = ("AUTOTHROTTLE_", "CONCURRENT_")
_PACES = 400  # a site that is slow is not usual before two days have passed, of runs every ten minutes
_MOST_OF_A_DAY = 20 * HOUR
_ON_ARTICLES = frozenset(("related", "sidebar"))  # ways that are read on the pages of new articles
_FEW = 5  # new articles, one of which at least has links to others
_NEAR = 5_400.0  # seconds between times of the day that are alike
# Spreads (robust sigmas) from the median at which a single figure is no chance: of a normal one 1 in 50 million; real ones have longer tails.
_FAR = 5.6
_BAD_PART = 5  # one in so many may be of a trouble itself: one of five weeks
_VARIES = 0.3  # what a way names at an hour, from day to day: standard deviation over mean
_CHANCE = 1e-6  # that it names nothing


def _near(past: Past) -> list[Figures]:
    """Earlier runs that ended well, at about this time of such days."""
    until = past.spell.until
    return [
        run
        for shift in past.shifts(until - HOUR, until)
        for run in past.begun(until - shift - _NEAR, until - shift + _NEAR)
    ]


def _like(past: Past) -> list[Figures]:
    """The same; where they are few, the last ones."""
    near = _near(past)
    return near if len(near) >= _NEARBY else list(past.before(_MOST))


def _naming_alike(past: Past) -> list[Figures]:
    """Those by which it can be told what a way should name: at three at night that is nothing, and the runs of the day before named much. Only
    for a run that covers a day the hour is nothing."""
    near, spell = _near(past), past.spell
    if len(near) >= _NEARBY:
        return near
    covers = 0.0 if spell.since is None else spell.until - spell.since
    return list(past.before(_MOST)) if covers >= _MOST_OF_A_DAY else []


def ways(past: Past, limits: Limits, *, without: Iterable[str] = ()) -> Finding:
    """Whether each way of discovery names as many articles as it usually does. `without`: ways whose trouble is told elsewhere."""
    found: dict[str, Any] = need(past.figures, "ways")
    if need(past.figures, "kind") not in PERIODIC:
        return unjudged("a run of this kind takes what it is told")
    like = _naming_alike(past)
    if len(like) < _NEARBY:
        return unjudged(NO_HISTORY)
    poor = []
    for way in sorted({name for run in like for name in run.get("ways") or ()} - set(without)):
        values = [_named(run, way) for run in like if _could_name(run, way)]
        named = need(past.figures, f"ways.{way}.named") if way in found else 0
        if _could_name(past.figures, way) and len(values) >= _NEARBY and _is_poor(way, named, values):
            poor.append(f"{way} named {named:,}, usual {median(values):,.0f}")
    if poor:
        return bad(
            f"ways that find less: {'; '.join(poor)}: open one of their pages, whether its form changed; {FOR_GOOD}"
        )
    return good("each way names what it usually does")


def _named(run: Figures, way: str) -> float:
    return float(((run.get("ways") or {}).get(way) or {}).get("named") or 0)


def _could_name(run: Figures, way: str) -> bool:
    """Whether the run read pages that show what this way names; new articles do, and of ten minutes there may be none."""
    return way not in _ON_ARTICLES or (run.get("records") or 0) >= _FEW


def _is_poor(way: str, named: float, values: Sequence[float]) -> bool:
    """Nothing where there always was something; or far below the middle, by what the middle and chance allow."""
    middle = median(values)
    if not named:
        return sorted(values)[len(values) // _BAD_PART] > 0 and so_few(0, middle, _VARIES) < _CHANCE
    if len(values) < _MANY or way in _ON_ARTICLES:  # what articles name follows their number
        return False
    sigma = max(spread(values), middle**0.5, 0.1 * middle)
    least_usual = sorted(values)[len(values) // _BAD_PART]
    return named < middle - _FAR * sigma and named < 0.75 * least_usual


_ARTICLES = 10  # whose lateness has a median that says something: of five, three may be such as the site shows hours after their time
_ANSWERS = 10  # whose median says something
# Seconds above the usual that half of the answers must take. Between two requests there are 1.2 s (DOWNLOAD_DELAY): an answer within them costs
# a run nothing. Measured in docs/monitors.md: 1.20 s a request where answers take 1.0 s, 1.16 where they take none, 2.01 where they take 2.0.
_WAITED = 1.0
_SLOWER = 3.0  # times, at least: half as late again is no trouble


def lateness(past: Past, limits: Limits) -> Finding:
    """Whether articles come as soon after their publication as they usually do, and whether the site answers as fast."""
    figures = past.figures
    measured = need(figures, "lateness")
    need(figures, "pages.latency")
    took = _took(figures)
    # Not the run's seconds over its requests: at our pace those are the same whether an answer takes 0.1 s or 1 s, and three times as many when
    # runs that overlap share the pace.
    slow = _too_much(took, (_took(run) for run in _as_many_at_once(past)), _WAITED)
    if took and slow is not None:
        return bad(
            f"the site is slow: half of its answers take {took:.1f} s or more, usual {slow:.2g}: wait, or raise DOWNLOAD_DELAY"
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


def _as_many_at_once(past: Past) -> list[Figures]:
    at_once = _at_once(past.figures)
    return [run for run in past.before(_PACES) if _at_once(run) == at_once]


def _at_once(figures: Figures) -> dict[str, Any]:
    settings = figures.get("settings") or {}
    return {name: value for name, value in settings.items() if name.startswith(_AT_ONCE)}


def _took(figures: Figures) -> float | None:
    """The median of the seconds of answers; None for few answers, and of a version that did not measure it."""
    pages = figures.get("pages") or {}
    return (pages.get("latency") or {}).get("median") if (pages.get("responses") or 0) >= _ANSWERS else None


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
