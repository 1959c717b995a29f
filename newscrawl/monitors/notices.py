"""Which troubles begin and which are over, and the words that tell it: one notice for one trouble, and one when it is over."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace

from newscrawl.monitors.finding import Finding

# A trouble that comes and goes is one: it is over when so many runs in a row were well, or when it was seen last so long ago.
PASSES = 3
CALM = 6 * 3600  # seconds; for runs so rare that three of them are days
NIGHT = 18 * 3600  # seconds; what is told by numbers of articles is not seen at night, and is not over for that


@dataclass(frozen=True, slots=True)
class Trouble:
    """What a monitor found wrong, from the run that found it first. Times are seconds since 1970. `text`: of the last run that found it.
    `passes`: runs in a row that were well. `owed`: who is still to be told of its begin (before it is over) or of its end (after)."""

    monitor: str
    text: str
    began_at: int
    began_run: int
    failed_at: int
    failures: int = 1
    passes: int = 0
    over_at: int | None = None
    lasting: bool = True
    owed: frozenset[str] = frozenset()

    @property
    def is_done(self) -> bool:
        """Whether nothing is left to tell of it."""
        return self.over_at is not None and not self.owed


def news(
    troubles: Sequence[Trouble],
    findings: Mapping[str, Finding],
    *,
    run: int,
    now: int,
    receivers: Collection[str] = (),
    slow: Collection[str] = (),
) -> list[Trouble]:
    """The troubles after a run, those among them that are done too. `troubles`: that were open, or not yet told, before it. `receivers`: who
    is told. `slow`: monitors whose troubles are over only when they were not seen for a NIGHT. A trouble that nobody was told of before it
    was over is told once, as over."""
    names = frozenset(receivers)
    open_ = {trouble.monitor: trouble for trouble in troubles if trouble.over_at is None}
    told = [replace(trouble, owed=trouble.owed & names) for trouble in troubles if trouble.over_at is not None]
    for name, finding in findings.items():
        before = open_.get(name)
        if not finding.passed:
            open_[name] = _again(before, finding, now, names) if before else _begun(name, finding, run, now, names)
        elif before:
            open_[name] = _after(before, finding, now, names, slow=name in slow)
    return [*told, *open_.values()]


def _begun(name: str, finding: Finding, run: int, now: int, names: frozenset[str]) -> Trouble:
    return Trouble(name, finding.text, now, run, now, lasting=finding.lasting, owed=names)


def _again(trouble: Trouble, finding: Finding, now: int, names: frozenset[str]) -> Trouble:
    failures = trouble.failures + 1
    return replace(trouble, text=finding.text, failed_at=now, failures=failures, passes=0, owed=trouble.owed & names)


def _after(trouble: Trouble, finding: Finding, now: int, names: frozenset[str], *, slow: bool) -> Trouble:
    """An open trouble of which a run found nothing. One that could not judge says nothing of it."""
    owed = trouble.owed & names
    if not finding.judged:
        return replace(trouble, owed=owed)
    passes = trouble.passes + 1
    calm = now - trouble.failed_at
    if (calm < NIGHT) if slow else (passes < PASSES and calm < CALM):
        return replace(trouble, passes=passes, owed=owed)
    # What happens once has no end that anybody waits for; who was not told of it is told.
    return replace(trouble, passes=passes, over_at=now, owed=names if trouble.lasting else owed)


@dataclass(frozen=True, slots=True)
class Place:
    """Where a notice comes from. `report`: where the run's report stands."""

    site: str
    run: int
    report: str


def subject(troubles: Sequence[Trouble], place: Place) -> str:
    """One line for all of them."""
    begun = [trouble.monitor for trouble in troubles if trouble.over_at is None]
    over = [trouble.monitor for trouble in troubles if trouble.over_at is not None]
    parts = [f"{', '.join(begun)}"] if begun else []
    parts += [f"over: {', '.join(over)}"] if over else []
    return f"[{place.site}] {'; '.join(parts)}"


def message(troubles: Sequence[Trouble], place: Place) -> str:
    """A notice: a line for each trouble, and where to look."""
    lines = [_line(trouble) for trouble in troubles]
    return "\n".join([f"{place.site}, run {place.run}", *lines, f"Report: {place.report}"])


def _line(trouble: Trouble) -> str:
    if trouble.over_at is None or not trouble.lasting:
        return f"{trouble.monitor}: {trouble.text}"
    return (
        f"{trouble.monitor}: over, after {_long(trouble.over_at - trouble.began_at)} and {trouble.failures:,} "
        f"{'run' if trouble.failures == 1 else 'runs'}. It began in run {trouble.began_run}; last it was: {trouble.text}"
    )


def _long(seconds: int) -> str:
    minutes = seconds // 60
    return (
        f"{minutes} min" if minutes < 120 else f"{minutes // 60} h" if minutes < 4_320 else f"{minutes // 1_440} days"
    )
