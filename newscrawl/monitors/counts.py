"""Monitors of numbers of articles: of a run, of each section."""

from __future__ import annotations

from newscrawl.monitors.expectation import Window, windows
from newscrawl.monitors.finding import Finding, Limits, bad, good, need, unjudged
from newscrawl.monitors.past import Past
from newscrawl.monitors.readings import PERIODIC
from newscrawl.monitors.statistics import median

_CAME, _ALL = ("came",), ("timeline",)
_SECTIONS_VARY = 1.5  # times as much as all articles together: an election fills one of them
NO_HISTORY = "not enough history yet"
EASING = "not as usual in the last hours, but the newest hours are"
FOR_GOOD = "if it is right from now on, set NEWSCRAWL_MONITORS_SINCE to when it began"


def articles(past: Past, limits: Limits) -> Finding:
    """Whether so many new articles came as are set for this kind of run, and as are usual for the time that it covers."""
    figures = past.figures
    kind, exported = need(figures, "kind"), need(figures, "articles.exported")
    need(figures, "records")
    least = limits.items.get(kind, 0)
    if exported < least:
        return bad(
            f"{exported:,} new articles, and NEWSCRAWL_MONITORS_ITEMS asks for {least:,} of a run of kind {kind}: see how the site's lists look"
        )
    if kind not in PERIODIC:
        return good(f"{exported:,} new articles")
    seen = list(windows(past))
    if not seen:
        return unjudged(f"{exported:,} new articles; {NO_HISTORY}")
    few = [window for window in seen if _is_low(window)]
    for window in few:
        if window.lasts(_CAME):
            mean, count = median(window.usual(_CAME)), window.count(_CAME)
            return bad(
                f"{count:,.0f} articles in {_long(window)}, usual at this time are {mean:,.0f}: see whether the site publishes, and what the lists "
                f"name; a holiday that is not known goes into NEWSCRAWL_MONITORS_HOLIDAYS; {FOR_GOOD}"
            )
    if few:
        return unjudged(EASING)
    values = seen[0].usual(_CAME)
    return good(f"{exported:,} new articles, usual at this time are {median(values):,.0f}")


def _is_low(window: Window) -> bool:
    values = window.usual(_CAME)
    return window.probability(median(values), values, window.count(_CAME)) < window.allowed()


def sections(past: Past, limits: Limits) -> Finding:
    """Whether each section has its usual share of what came: all sections with few articles are no trouble of one."""
    need(past.figures, "timeline.rows")
    if need(past.figures, "kind") not in PERIODIC:
        return unjudged("a run of this kind takes what it is told")
    seen = list(windows(past))
    names = [key for key in past.columns if key[0] == "section"]
    quiet: dict[str, str] = {}
    eases = False
    for window in seen:
        usual_all = median(window.usual(_ALL))
        part = min(1.0, window.count(_ALL) / usual_all) if usual_all else 1.0
        for key in names:
            values = window.usual(key)
            mean, count = median(values) * part, window.count(key)
            # Few are improbable only where some are usual; this is what makes a quiet night cheap to look through.
            if mean <= 3 or count > mean / 2 or key[1] in quiet:
                continue
            if window.probability(mean, values, count, _SECTIONS_VARY) < window.allowed():
                if window.lasts(key, part, _SECTIONS_VARY):
                    quiet[key[1]] = f"{key[1]} {count:,.0f} in {_long(window)}, usual {mean:,.0f}"
                else:
                    eases = True
    if quiet:
        return bad(
            f"sections gone quiet: {'; '.join(quiet.values())}: see whether the site renamed or moved them; {FOR_GOOD}"
        )
    if eases or not seen:
        return unjudged(EASING if eases else NO_HISTORY)
    return good("each section as usual")


def _long(window: Window) -> str:
    """A window's length for people."""
    minutes = window.length / 60
    if minutes < 90:
        return f"{minutes:,.0f} min"
    return f"{minutes / 60:,.0f} h" if minutes < 72 * 60 else f"{minutes / 1440:,.0f} days"
