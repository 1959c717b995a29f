"""How runs ended, and which of them need a look: of one run, and counted over several. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any

from newscrawl.report.reading import Figures, number, rows, table, value

MOST_NAMED = 100  # runs that need a look
_DIED, _GOES_ON = "died", "goes_on"  # as newscrawl.verdict has them, which is above this room
_EARLY = f"ended early ({_DIED})"  # said by how many died
_MONITORS = "monitors failed: "  # the rows of the monitors say it better
Row = dict[str, Any]


def needs_look(figures: Figures) -> bool:
    """Whether a run, or a part of a watch, did not go well."""
    return figures.get("reason") == _DIED or bool(
        figures.get("exit_code") or rows(figures, "problems") or _failed(figures)
    )


def troubled(figures: Figures) -> int:
    """How many runs did not go well."""
    found = number(figures, "troubled", "total")
    return int(needs_look(figures)) if found is None else int(found)


def exits(figures: Figures) -> dict[str, int]:
    """How many runs ended with which exit code, `died` or `unknown`; a part of a watch that goes on has not ended."""
    if value(figures, "exits") is not None:
        return table(figures, "exits")
    if figures.get("reason") == _GOES_ON:
        return {}
    code = figures.get("exit_code")
    return {_DIED if figures.get("reason") == _DIED else "unknown" if code is None else str(code): 1}


class Ends:
    """How several runs ended, and what went wrong in them."""

    def __init__(self) -> None:
        self.exits: Counter[str] = Counter()
        self.exit_code: int | None = None
        self._reasons: set[str | None] = set()
        self._counted: Counter[str] = Counter()
        self._plain: dict[str, None] = {}
        self._going: dict[int, list[str]] = {}  # of the parts of a watch; those of the last part are of the whole run

    def add(self, figures: Figures) -> None:
        """One more, or several that were merged."""
        code, reason = figures.get("exit_code"), figures.get("reason")
        if code is not None and reason != _GOES_ON:
            self.exit_code = code if self.exit_code is None else max(self.exit_code, code)
        self._reasons.add(reason)
        self.exits.update(exits(figures))
        own = _of_runs(exits(figures), int(number(figures, "runs") or 1))
        phrases = [phrase for phrase in map(str, rows(figures, "problems")) if phrase not in own]
        one = figures.get("id")
        if reason == _GOES_ON and one is not None:
            self._going.setdefault(one, []).extend(phrases)
            return
        if figures.get("part") is not None:
            self._going.pop(one or 0, None)
        _count(phrases, self._counted, self._plain)

    @property
    def reason(self) -> str | None:
        """That of all; None when they differ. That a watch went on is no end."""
        ends = self._reasons - {_GOES_ON} or self._reasons
        return next(iter(ends)) if len(ends) == 1 else None

    def problems(self, runs: int, lost: Mapping[str, int]) -> list[str]:
        """How many of so many runs ended badly, and what went wrong; `lost`: what all lost, by the verdict's words for it."""
        told, counted, plain = _of_runs(self.exits, runs), self._counted.copy(), dict(self._plain)
        for phrases in self._going.values():
            _count(phrases, counted, plain)
        every = {**lost, **{rest: count for rest, count in counted.items() if rest not in lost}}
        amounts = [f"{count} {rest}" for rest, count in every.items() if count]
        return [*told, *amounts, *(phrase for phrase in plain if not told or phrase != _EARLY)]


class Troubles:
    """The monitors that failed in several runs, and the runs that need a look."""

    def __init__(self) -> None:
        self.named: list[Row] = []
        self._runs = 0
        self._ids: set[int] = set()  # of the runs that are not among `_runs`: the parts of a watch share one
        self._monitors: dict[str, Row] = {}

    @property
    def total(self) -> int:
        """How many runs need a look."""
        return self._runs + len(self._ids)

    @property
    def monitors(self) -> list[Row]:
        """Those that failed, with how many of the runs, and between which."""
        return list(self._monitors.values())

    def add(self, figures: Figures) -> None:
        """One more, or several that were merged."""
        at = figures.get("started_at")
        for monitor in _failed(figures):
            self._add_monitor({"runs": 1, "first": at, "last": at} | monitor)
        if not (count := troubled(figures)):
            return
        one = figures.get("id")
        if one is None or (number(figures, "runs") or 1) > 1:
            self._runs += count
        else:
            self._ids.add(one)
        known = rows(figures, "troubled", "named") if value(figures, "troubled") else [_told(figures)]
        self.named = sorted([*known, *self.named], key=lambda one: str(one["started_at"]), reverse=True)[:MOST_NAMED]

    def _add_monitor(self, one: Row) -> None:
        known = self._monitors.get(one["name"])
        if known is not None:
            latest = one if str(one["last"]) >= str(known["last"]) else known
            first = min(known["first"], one["first"], key=str)
            one = latest | {"runs": known["runs"] + one["runs"], "first": first}
        self._monitors[one["name"]] = one


def _count(phrases: Iterable[str], counted: Counter[str], plain: dict[str, None]) -> None:
    """`3 were incomplete` is added up; what monitors found is told by their rows."""
    for phrase in phrases:
        first, _, rest = phrase.partition(" ")
        if first.isdecimal():
            counted[rest] += int(first)
        elif not phrase.startswith(_MONITORS):
            plain[phrase] = None


def _failed(figures: Figures) -> list[Row]:
    return [dict(one) for one in rows(figures, "monitors") if isinstance(one, Mapping) and not one.get("passed")]


def _of_runs(ends: Mapping[str, int], runs: int) -> list[str]:
    """A phrase for each bad end; nothing of a single run, whose problems say it."""
    how = {code: "died" if code == _DIED else f"ended with exit code {code}" for code in sorted(ends) if code != "0"}
    return [f"{ends[code]} of {runs} runs {words}" for code, words in how.items()] if runs > 1 else []


def _told(figures: Figures) -> Row:
    """What is said of one that did not go well: its problems, or, of a part of a watch, which goes on, the monitors that failed."""
    told = {name: figures.get(name) for name in ("id", "part", "started_at", "reason", "exit_code")}
    failed = ", ".join(str(one.get("name")) for one in _failed(figures))
    return told | {"problems": rows(figures, "problems") or ([_MONITORS + failed] if failed else [])}
