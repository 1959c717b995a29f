"""The plots of a report: which figures each shows, in which order, and the same as a table."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from newscrawl.report.amounts import NONE, count, duration, percent, size, tick, when
from newscrawl.report.course import Course
from newscrawl.report.drawing import Chart, Series
from newscrawl.report.foreign import plain
from newscrawl.report.reading import Figures, filled, number, rows, table, usual, value
from newscrawl.report.scales import durations, numbers, percents, written_out
from newscrawl.report.timeline import timeline
from newscrawl.report.troubles import troubled
from newscrawl.report.words import Both, name_of, same, say

RUNS = 30  # that a plot over time shows, this one among them
_LINES = 4  # fields that are followed over the last runs
_COLUMNS = 50  # over several runs: each still wide enough to be hit by a pointer
_ENOUGH = 20  # articles whose shares are a point of a course
_AXIS = 5  # moments that an axis has room for
_YEAR = 300  # days, about: the same day would be named twice
_NAME = 14.0  # em of a field's name

Wording = Callable[[float], Both]
Values = Sequence[float | None]


@dataclass(frozen=True, slots=True)
class Plot:
    """A chart with its title, its legend (what each series adds up to, or ""), and its figures as a table; without a chart, why there is none."""

    key: str
    title: Both
    chart: Chart | None = None
    legend: list[tuple[Both, str]] = field(default_factory=list)
    head: list[Both] = field(default_factory=list)
    rows: list[list[Both]] = field(default_factory=list)
    empty: Both | None = None


def plots(figures: Figures, history: Sequence[Figures]) -> list[Plot]:
    """All plots of a run; those over time only when there was a run of its kind before."""
    runs = [*of_its_kind(figures, history), figures][-RUNS:]
    first = [_timeline(figures), *([_runs(runs, say("plot.runs", n=count(len(runs))))] if len(runs) > 1 else [])]
    now = [_ways(figures), _fields(figures, runs[:-1], say("series.now")), _lateness(figures)]
    return [*first, *now, *(_over_time(runs, runs, "plot") if len(runs) > 1 else [])]


def plots_of_several(figures: Figures, course: Course) -> list[Plot]:
    """All plots of several runs, or of the parts of a watch: those over time are of exactly these."""
    columns = course.within(_COLUMNS)
    runs, each = columns.points(), "run" if (number(figures, "runs") or 1) > 1 else "part"
    first = [_timeline(figures), _runs(runs, _by_step("course.runs", columns, each))]
    looks = [_troubled(runs, _by_step("course.troubled", columns, each))] if troubled(figures) else []
    now = [_ways(figures), _fields(figures, [], say("series.all")), _lateness(figures)]
    return [*first, *looks, *_over_time(course.points(), _of_many(runs), "course"), *now]


def of_its_kind(figures: Figures, history: Sequence[Figures]) -> list[Figures]:
    """The earlier runs that this one can be compared with: a backfill says nothing about the latest articles."""
    return [run for run in history if run.get("kind") == figures.get("kind")]


def _timeline(figures: Figures) -> Plot:
    found = timeline(str(value(figures, "timeline", "unit")), rows(figures, "timeline", "rows"))
    title = say(f"plot.timeline.{found.unit}")
    if not found.names:
        return Plot("timeline", title, empty=_why(figures, "plot.timeline.none"))
    parts = [_series(name, found.names, articles, _exact) for name, articles in found.sections]
    chart = Chart("columns", found.short, parts, numbers(_sums(parts)), _exact, found.major)
    return _plot("timeline", chart, say("column.time"), found.names, _exact, title=title, totals=True)


def _of_many(runs: Sequence[Figures]) -> list[Figures]:
    """The points of a course, without the figures of those with few articles: of three at night, shares say nothing."""
    return [run if (number(run, "records") or 0) >= _ENOUGH else {"started_at": run.get("started_at")} for run in runs]


def _by_step(key: str, course: Course, each: str) -> Both:
    """The title of columns over time: each is a run, a part of a watch, or so many hours or days."""
    return say(key, step=tick(course.step)) if course.step else say(f"{key} by {each}")


def _troubled(runs: Sequence[Figures], title: Both) -> Plot:
    """When runs needed a look."""
    names, looks = _moments(runs), [float(troubled(run)) for run in runs]
    parts = [_series(say("series.troubled"), names, looks, _exact)]
    chart = Chart("columns", _clock(runs), parts, numbers(looks), _exact, _written_out(runs))
    return _plot("troubled", chart, say("column.time"), names, _exact, title=title)


def _runs(runs: Sequence[Figures], title: Both) -> Plot:
    names = _moments(runs)
    made = {what: [number(run, "articles", what) for run in runs] for what in ("exported", "revised", "withdrawn")}
    parts = [
        _series(say(f"series.{what}"), names, values, _exact)
        for what, values in made.items()
        if what == "exported" or any(values)
    ]
    chart = Chart("columns", _clock(runs), parts, numbers(_sums(parts)), _exact, _written_out(runs))
    return _plot("runs", chart, say("column.run"), names, _exact, title=title, totals=True)


def _ways(figures: Figures) -> Plot:
    """Of the articles that each way could have named: those that others named too, those that only it named, those that it missed."""
    ways = {way: _split(found) for way, found in table(figures, "ways").items() if any(_split(found))}
    ways = dict(sorted(ways.items(), key=lambda pair: -sum(pair[1])))
    if not ways:
        return Plot("ways", say("plot.ways"), empty=_why(figures, "plot.ways.none"))
    names = [name_of("way", plain(way)) for way in ways]
    parts = [
        _series(say(f"series.{what}"), names, [split[at] for split in ways.values()], _exact, faint=what == "missed")
        for at, what in enumerate(("shared", "alone", "missed"))
    ]
    chart = Chart("stacked bars", names, parts, numbers(_sums(parts)), _exact)
    return _plot("ways", chart, say("column.way"), names, _exact, totals=True)


def _split(way: Figures) -> tuple[float, float, float]:
    named, alone, missed = (number(way, what) or 0 for what in ("named", "alone", "missed"))
    return max(0, named - alone), alone, missed


def _fields(figures: Figures, before: Sequence[Figures], whose: Both) -> Plot:
    fields = [name for name in table(figures, "fields") if filled(figures, name) is not None]
    if not fields:
        return Plot("fields", say("plot.fields"), empty=_why(figures, "plot.fields.none"))
    names = [same(plain(name, _NAME)) for name in fields]
    parts = [_series(whose, names, [filled(figures, name) for name in fields], _percent)]
    earlier = [usual([{"share": filled(run, name)} for run in before], "share") for name in fields]
    if any(one is not None for one in earlier):
        parts.append(_series(say("series.before"), names, earlier, _percent, faint=True))
    chart = Chart("bars", names, parts, [0, 25, 50, 75, 100], _percent)
    return _plot("fields", chart, say("column.field"), names, _percent)


def _lateness(figures: Figures) -> Plot:
    ways = [way for way in table(figures, "lateness") if number(figures, "lateness", way, "median") is not None]
    if not ways:
        return Plot("lateness", say("plot.lateness"), empty=_why(figures, "plot.lateness.none"))
    names = [name_of("way", plain(way)) for way in ways]
    found = {what: [number(figures, "lateness", way, what) for way in ways] for what in ("median", "p95")}
    parts = [
        _series(say(f"series.{what}"), names, values, duration, faint=what == "p95") for what, values in found.items()
    ]
    chart = Chart("bars", names, parts, durations(one for part in parts for one in part.values), tick)
    return _plot("lateness", chart, say("column.way"), names, duration)


def _over_time(runs: Sequence[Figures], fewer: Sequence[Figures], room: str) -> list[Plot]:
    """Lines over runs: lateness, the fields that changed, speed, memory. `room`: of the words that call them; `fewer`: the same in
    fewer points, for shares of articles."""
    late = {f"series.{what}": [number(run, "lateness", "all", what) for run in runs] for what in ("median", "p95")}
    speed = [number(run, "speed", "articles_per_minute") for run in runs]
    memory = [number(run, "speed", "peak_memory") for run in runs]
    changed = _changed(fewer)
    title = {key: say(f"{room}.{key}") for key in ("lately", "coverage", "speed", "memory")}
    lately: dict[Both, Values] = {say(key): values for key, values in late.items()}
    return [
        _lines("lately", title["lately"], runs, lately, durations, tick, duration),
        *([_lines("coverage", title["coverage"], fewer, changed, percents, _percent, _percent)] if changed else []),
        _lines("speed", title["speed"], runs, {say("series.speed"): speed}, _rates, _exact, _exact),
        _lines("memory", title["memory"], runs, {say("series.memory"): memory}, _rates, _bytes, _bytes),
    ]


def _changed(runs: Sequence[Figures]) -> dict[Both, Values]:
    """The coverage of the fields whose coverage changed most over runs."""
    every = dict.fromkeys(name for run in runs for name in table(run, "fields"))
    fields = {name: [filled(run, name) for run in runs] for name in every}
    known = {name: [one for one in shares if one is not None] for name, shares in fields.items()}
    moved = {name: max(shares) - min(shares) for name, shares in known.items() if shares and max(shares) > min(shares)}
    most = sorted(moved, key=lambda name: -moved[name])[:_LINES]
    return {same(plain(name, _NAME)): fields[name] for name in most}


def _lines(
    key: str,
    title: Both,
    runs: Sequence[Figures],
    lines: dict[Both, Values],
    scale: Callable[[Values], list[float]],
    ticks: Wording,
    wording: Wording,
) -> Plot:
    """Values over runs, a line for each name; `ticks` words what the scale names, `wording` what was measured."""
    drawn = [one for values in lines.values() for one in values]
    if all(one is None for one in drawn):
        return Plot(key, title, empty=say("plot.unmeasured"))
    names = _moments(runs)
    parts = [_series(name, names, values, wording) for name, values in lines.items()]
    chart = Chart("lines", _clock(runs), parts, scale(drawn), ticks, _written_out(runs))
    return _plot(key, chart, say("column.run"), names, wording, title=title)


def _plot(
    key: str,
    chart: Chart,
    first: Both,
    names: Sequence[Both],
    wording: Wording,
    *,
    title: Both | None = None,
    totals: bool = False,
) -> Plot:
    """A chart with its legend, and the table that says the same; `first` heads the column of `names`."""
    legend = [(part.name, count(sum(one or 0 for one in part.values)) if totals else "") for part in chart.series]
    cells = [[same(NONE) if one is None else wording(one) for one in part.values] for part in chart.series]
    lines = [[name, *row] for name, *row in zip(names, *cells, strict=True)]
    return Plot(key, title or say(f"plot.{key}"), chart, legend, [first, *(name for name, _ in legend)], lines)


def _why(figures: Figures, key: str) -> Both:
    """Why there is no chart: there was nothing, or nobody knows."""
    return say("unknown" if figures.get("reason") == "died" else key)


def _series(name: Both, labels: Sequence[Both], values: Values, wording: Wording, *, faint: bool = False) -> Series:
    pairs = zip(labels, values, strict=True)
    tips = [say("tip", label=label, series=name, n=wording(one or 0)) for label, one in pairs]
    return Series(name, values, tips, faint)


def _sums(parts: Sequence[Series]) -> list[float]:
    """What stands on each other at each label."""
    return [sum(one or 0 for one in column) for column in zip(*(part.values for part in parts), strict=True)]


def _moments(runs: Sequence[Figures]) -> list[Both]:
    """When each run began, for a table; the day alone when each is a day or more."""
    begun = [when(run.get("started_at")) for run in runs]
    form = "%Y-%m-%d" if all(at and not (at.hour or at.minute or at.second) for at in begun) else "%m-%d %H:%M"
    return [same(at.strftime(form)) if at else same(NONE) for at in begun]


def _clock(runs: Sequence[Figures]) -> list[Both]:
    """When each run began, for an axis: the time of day when all began within a day, else the date, in years the month."""
    begun = [when(run.get("started_at")) for run in runs]
    days = _days(runs)
    form = "%H:%M" if days < 1 else "%m-%d" if days < _YEAR else "%Y-%m"
    return [same(at.strftime(form) if at else NONE) for at in begun]


def _days(runs: Sequence[Figures]) -> float:
    known = [at for run in runs if (at := when(run.get("started_at")))]
    return (known[-1] - known[0]).total_seconds() / 86_400 if known else 0


def _written_out(runs: Sequence[Figures]) -> frozenset[int]:
    """The runs whose moments an axis names: over several days the first of each, so that no day is named twice."""
    if not 2 <= _days(runs) < _YEAR:
        return written_out(len(runs), _AXIS)
    days = [at.date() if (at := when(run.get("started_at"))) else None for run in runs]
    least = math.ceil(len(runs) / _AXIS)
    found: list[int] = []
    for place in range(1, len(days)):
        if days[place] != days[place - 1] and (not found or place - found[-1] >= least):
            found.append(place)
    return frozenset(found)


def _rates(values: Values) -> list[float]:
    return numbers(values, whole=False)


def _exact(number: float) -> Both:
    return same(count(number))


def _percent(number: float) -> Both:
    return same(percent(number))


def _bytes(number: float) -> Both:
    return same(size(number))
