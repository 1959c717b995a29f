"""The monitors as named rows, and the judgement of a run by all of them.

What follows from another trouble is not told again: while the site does not answer, nothing can be said of its sections.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from newscrawl.monitors import counts, shares, single, surroundings
from newscrawl.monitors.finding import Figures, Finding, Limits, Missing, bad, good, need, unjudged
from newscrawl.monitors.past import Past
from newscrawl.monitors.readings import started, well_ended

ARTICLES, LOST, ERRORS, FIELDS, CONTAINERS = "articles", "nothing lost", "errors", "fields", "body container"
LAYERS, WAYS, SECTIONS, LATENESS = "extraction layers", "ways of discovery", "sections", "lateness"
SOURCES, DUPLICATES, DISK = "robots.txt and feeds", "duplicates", "disk"


@dataclass(frozen=True, slots=True)
class Case:
    """A run to be judged. `figures`: its own, where those of `past` are also of runs that shared its work; `found`: what earlier rows found of it,
    by name."""

    figures: Figures
    past: Past
    history: Sequence[Figures]
    limits: Limits
    found: Mapping[str, Finding]

    def failed(self, name: str) -> bool:
        """Whether another row found something wrong."""
        return name in self.found and not self.found[name].passed


def _lost(case: Case) -> Finding:
    """Whether everything that was found is in the output, or waits for the next run."""
    figures, total = case.figures, need(case.figures, "failures.total")
    told = _told_elsewhere(case)
    lost = [f"{total - told:,} could not be fetched or written"] if total > told and not case.failed(ERRORS) else []
    incomplete = sum(n for what, n in need(figures, "dropped").items() if what.startswith("incomplete/"))
    lost += [f"{incomplete:,} were incomplete"] if incomplete else []
    stopped = not well_ended(figures) and not case.failed(DISK) and not case.failed(ERRORS)
    lost += [f"it ended early ({figures.get('reason')})"] if stopped else []
    explained = total or incomplete or not well_ended(figures) or need(figures, "unreadable.total")
    explained = explained or case.failed(ERRORS)
    explained = (
        explained or (figures.get("part") or 1) > 1
    )  # what its last part says of a watch was told by the parts before
    if need(figures, "exit_code") and not explained:
        lost += figures.get("problems") or ["it ended with an error"]
    if lost:
        return bad(f"{', '.join(lost)}: see failures in the report, then scrapy retry")
    return good("nothing was lost")


def _told_elsewhere(case: Case) -> int:
    """Failures of sources of which another row speaks."""
    named = need(case.figures, "failures").get("named") or ()
    urls = case.found[SOURCES].urls if SOURCES in case.found else frozenset()
    return sum(failure["url"] in urls for failure in named)


def _ways(case: Case) -> Finding:
    """A way bears the name of its sources' kind; those that are told as dead are not told as ways too."""
    urls = case.found[SOURCES].urls if SOURCES in case.found else frozenset()
    dead = {source["kind"] for source in case.figures.get("sources") or () if source["url"] in urls}
    return single.ways(case.past, case.limits, without=dead)


Check = Callable[[Case], Finding]


def _of_past(check: Callable[[Past, Limits], Finding]) -> Check:
    return lambda case: check(case.past, case.limits)


@dataclass(frozen=True, slots=True)
class Row:
    """A monitor. `what`: what it watches. `after`: rows that are judged first; `silent`: those of them that say all there is to say if they
    fail. `slow`: a pass says little, because it needs many articles to judge. `shared`: runs of other machines have their part in what it
    watches."""

    name: str
    what: str
    check: Check
    after: tuple[str, ...] = ()
    silent: tuple[str, ...] = ()
    slow: bool = False
    shared: bool = False


ROWS = (
    Row(ARTICLES, "as many new articles as are set, and as usual then", _of_past(counts.articles), silent=(ERRORS, DISK), slow=True, shared=True),
    Row(LOST, "all that was found is in the output or waits", _lost, after=(ERRORS, SOURCES, DISK)),
    Row(ERRORS, "the share of requests that fail", _of_past(shares.error_share)),
    Row(FIELDS, "the share of articles with title, body, published_at, authors, section", _of_past(shares.fields), slow=True),
    Row(CONTAINERS, "the share of pages without a body container", _of_past(shares.containers), silent=(ERRORS,)),
    Row(LAYERS, "the share of each extraction layer and generation of pages", _of_past(shares.layers), slow=True),
    Row(WAYS, "what each way of discovery names", _ways, after=(SOURCES,), silent=(ERRORS, DISK), slow=True, shared=True),
    Row(SECTIONS, "each section's part of what comes", _of_past(counts.sections), silent=(ERRORS, DISK, ARTICLES), slow=True, shared=True),
    Row(LATENESS, "from publication to the line, and the site's speed", _of_past(single.lateness), silent=(ERRORS,), slow=True),
    Row(SOURCES, "robots.txt and the feeds", lambda case: surroundings.sources(case.figures, case.history), silent=(ERRORS, DISK)),
    Row(DUPLICATES, "the share of articles that are copies", _of_past(shares.copies), slow=True),
    Row(DISK, "room on the disk", lambda case: surroundings.disk(case.figures, case.history, case.limits)),
)  # fmt: skip


def judge(figures: Figures, history: Sequence[Figures], limits: Limits) -> dict[str, Finding]:
    """What each monitor says of a run, in the order of ROWS. `history`: the site's runs, the oldest first, without this one or with it at the
    end. A figure that is missing fails the monitors that need it."""
    try:
        need(figures, "started_at")
    except Missing as missing:
        return {row.name: _missing(missing) for row in ROWS}
    before = [run for run in history if _name(run) != _name(figures) and not _is_too_old(run, limits)]
    return judged(Past.of(figures, before, limits), before, limits, figures)


def _name(run: Figures) -> tuple[object, object]:
    """Which run it is, and of a watch which part."""
    return run.get("id"), run.get("part")


def _is_too_old(run: Figures, limits: Limits) -> bool:
    return limits.since is not None and bool(run.get("started_at")) and started(run) < limits.since.timestamp()


def judged(past: Past, history: Sequence[Figures], limits: Limits, own: Figures | None = None) -> dict[str, Finding]:
    """The same, with a past that is made already. `own`: the run's figures, where those of its past are not only its own."""
    found: dict[str, Finding] = {}
    figures = past.figures if own is None else own
    rows = {row.name: row for row in ROWS}

    def find(name: str) -> None:
        if name not in found:
            row = rows[name]
            for other in (*row.after, *row.silent):
                find(other)
            found[name] = _one(row, Case(figures, past, history, limits, found))

    for name in rows:
        find(name)
    return {name: found[name] for name in rows}


def _one(row: Row, case: Case) -> Finding:
    cause = next((name for name in row.silent if case.failed(name)), None)
    if cause:
        return unjudged(f"not judged, see {cause!r}")
    if row.shared and (others := case.figures.get("others")):
        return unjudged(
            f"not judged: {others:,} more of this schedule at work, and the last to end is judged with what all found"
        )
    try:
        return row.check(case)
    except (Missing, KeyError) as missing:
        return _missing(missing)


def _missing(missing: LookupError) -> Finding:
    return bad(
        f"the figure {missing.args[0]} is missing: this is a mistake in newscrawl, or the run ended before it was taken; see the log"
    )


def rows_of(findings: Mapping[str, Finding]) -> list[dict[str, Any]]:
    """As a run's figures keep them."""
    return [{"name": name, "passed": found.passed, "text": found.text} for name, found in findings.items()]
