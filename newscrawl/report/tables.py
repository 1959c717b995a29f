"""The tables of a report: what was lost, dropped, unreadable, and how the run went about it."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from newscrawl.report.amounts import NONE, count, duration, moment, share, short, size
from newscrawl.report.foreign import clipped
from newscrawl.report.headline import is_of_several, problem
from newscrawl.report.reading import Figures, counts, number, rows, table, usual, value
from newscrawl.report.troubles import troubled
from newscrawl.report.words import Both, name_of, same, say

_SHOWN = 15  # rows of a long table; the others unfold
_LONGEST = 400  # signs of a value: an argument may be a list of a thousand addresses
Amount = Callable[[float | None], str | Both]


@dataclass(frozen=True, slots=True)
class Cell:
    """`kind`: text, number, code, foreign (text of others, which may run from right to left), address, or file."""

    text: Both
    kind: str = "text"


@dataclass(frozen=True, slots=True)
class Table:
    """Rows under their heads, of which `folded` unfold; `stacked`: on a phone each row is a paragraph."""

    rows: list[list[Cell]]
    head: list[Both] = field(default_factory=list)
    title: Both | None = None
    folded: list[list[Cell]] = field(default_factory=list)
    stacked: bool = False


@dataclass(frozen=True, slots=True)
class Card:
    """Tables under one title, or the sentence that says why there are none."""

    key: str
    tables: list[Table]
    empty: Both | None = None
    note: Both | None = None
    wide: bool = False

    @property
    def title(self) -> Both:
        """What the card is called."""
        return say(self.key)


def cards(figures: Figures, before: Sequence[Figures]) -> list[Card]:
    """All cards of a run, what went wrong first; `before`: earlier runs of its kind."""
    made = [
        *([_troubled(figures)] if is_of_several(figures) and troubled(figures) else []),
        _lost(figures),
        _unreadable(figures),
        _dropped(figures),
        _duplicates(figures),
        _stories(figures),
        _speed(figures, before),
        _ways(figures),
        _pages(figures),
        _fields(figures),
        _sources(figures),
        _named("settings", figures),
        _named("arguments", figures),
        _machine(figures),
    ]
    return [card for card in made if card.tables or card.empty]


def _troubled(figures: Figures) -> Card:
    """Of several runs those that need a look."""
    total, named = troubled(figures), rows(figures, "troubled", "named")
    lines = [
        [
            _number(one.get("id")),
            _plain(moment(one.get("started_at"))),
            Cell(say("troubled.code", code=_text(one, "exit_code")), "number"),
            Cell(_listed([problem(str(phrase)) for phrase in rows(one, "problems")]), "foreign"),
        ]
        for one in named
    ]
    head = [say(f"column.{name}") for name in ("number", "time", "code", "problems")]
    note = say("troubled.shown", n=count(total), m=count(len(named))) if total > len(named) else say("troubled.note")
    return Card("troubled", _long(lines, head, stacked=True), note=note, wide=True)


def _listed(phrases: Sequence[Both]) -> Both:
    return Both(", ".join(one.ko for one in phrases), ", ".join(one.en for one in phrases)) if phrases else same(NONE)


def _lost(figures: Figures) -> Card:
    total, named = number(figures, "failures", "total"), rows(figures, "failures", "named")
    if not total and not named:
        return Card("lost", [], say("lost.unknown" if total is None else "lost.none"), wide=True)
    reasons = _counted(table(figures, "failures", "reasons"))
    lines = [
        [
            Cell(same(_text(one, "url")), "address"),
            Cell(same(_text(one, "reason")), "foreign"),
            _plain(moment(one.get("at"))),
        ]
        for one in named
    ]
    head = [say("column.address"), say("column.reason"), say("column.time")]
    every = max(total or 0, len(named))  # pages without a body are named too
    note = say("lost.shown", n=count(every), m=count(len(named)))
    note = note if every > len(named) else say("lost.total", n=count(every))
    tables = [*([Table(reasons)] if reasons else []), *_long(lines, head, stacked=True)]
    return Card("lost", tables, note=note, wide=True)


def _unreadable(figures: Figures) -> Card:
    total, named = number(figures, "unreadable", "total"), rows(figures, "unreadable", "named")
    if not total and not named:
        return Card("unreadable", [], say("unknown" if total is None else "unreadable.none"), wide=True)
    lines = [[Cell(same(_text(one, "url")), "address"), Cell(same(_text(one, "file")), "code")] for one in named]
    head, note = [say("column.address"), say("column.file")], say("lost.total", n=count(total))
    return Card("unreadable", _long(lines, head, stacked=True), note=note, wide=True)


def _dropped(figures: Figures) -> Card:
    paths = {name: (name,) for name in ("dropped", "skipped", "checks", "cleaned")} | {"gone": ("pages", "gone")}
    tables = [
        Table(_counted(found), title=say(f"dropped.{name}"))
        for name, path in paths.items()
        if (found := counts(figures, *path))
    ]
    return Card("dropped", tables, None if tables else _nothing("dropped", figures))


def _duplicates(figures: Figures) -> Card:
    marks, kinds = counts(figures, "duplicates"), counts(figures, "kinds")
    tables = [Table(_counted(marks, "duplicate"))] if marks else []
    if kinds:
        tables.append(Table(_counted(kinds, "article"), title=say("kinds")))
    return Card("duplicates", tables, None if marks else _nothing("duplicates", figures))


def _stories(figures: Figures) -> Card:
    lines = [
        [Cell(same(_text(one, "title")), "foreign"), _number(one.get("articles"))] for one in rows(figures, "stories")
    ]
    if not lines:
        return Card("stories", [], _nothing("stories", figures), wide=True)
    return Card("stories", _long(lines, [say("column.title"), say("column.articles")]), wide=True)


def _speed(figures: Figures, before: Sequence[Figures]) -> Card:
    """This run beside the median of earlier ones."""
    amounts: dict[tuple[str, ...], Amount] = {
        ("seconds",): duration,
        ("speed", "articles_per_minute"): count,
        ("speed", "requests_per_article"): count,
        ("pages", "latency", "median"): short,
        ("pages", "latency", "p95"): short,
        ("speed", "cpu_seconds"): duration,
        ("speed", "peak_memory"): size,
        ("disk", "state"): size,
        ("disk", "feeds"): size,
        ("disk", "free"): size,
    }
    if is_of_several(figures):
        del amounts["disk", "feeds"]  # that of the last run alone
    lines = [
        [Cell(say(f"speed.{path[-1]}")), _amount(number(figures, *path), shown), _amount(usual(before, *path), shown)]
        for path, shown in amounts.items()
    ]
    head = [same(""), say("column.all" if is_of_several(figures) else "column.now"), say("column.before")]
    return Card("speed", [Table(lines, head) if before else Table([line[:2] for line in lines], head[:2])])


def _pages(figures: Figures) -> Card:
    names = ("requests", "responses", "articles", "lists", "no_container", "refused", "retries")
    lines = [[Cell(say(f"pages.{name}")), _number(number(figures, "pages", name))] for name in names]
    lines.append([Cell(say("pages.bytes")), Cell(same(size(number(figures, "pages", "bytes"))), "number")])
    tables = [Table(lines)]
    if browser := {name: times for name, times in counts(figures, "browser").items() if name != "share"}:
        tables.append(Table(_counted(browser, "browser"), title=say("pages.browser")))
    paths = {"statuses": ("pages", "statuses"), **{name: (name,) for name in ("polls", "rechecked", "log")}}
    for name, path in paths.items():
        if found := counts(figures, *path):
            tables.append(Table(_counted(found), title=say(f"pages.{name}")))
    return Card("pages", tables if value(figures, "pages") else [], say("unknown"))


def _ways(figures: Figures) -> Card:
    names = ("found", "named", "alone", "missed", "articles")
    lines = [
        [Cell(name_of("way", way)), *(_number(number(figures, "ways", way, name)) for name in names)]
        for way in table(figures, "ways")
    ]
    return Card(
        "ways", [Table(lines, [say("column.way"), *(say(f"column.{name}") for name in names)])] if lines else []
    )


def _fields(figures: Figures) -> Card:
    """Of each field: in how many records it is filled, and which layer of the extraction gave it."""
    records = number(figures, "records") or 0
    lines = [
        [
            Cell(same(name), "code"),
            Cell(same(share(number(found, "filled") or 0, records)), "number"),
            Cell(same(", ".join(f"{layer} {count(times)}" for layer, times in counts(found, "from").items()) or NONE)),
        ]
        for name, found in table(figures, "fields").items()
    ]
    head = [say("column.field"), say("column.filled"), say("column.from")]
    return Card("fields", [Table(lines, head)] if lines and records else [], wide=True)


def _sources(figures: Figures) -> Card:
    lines = [
        [
            Cell(same(_text(one, "url")), "address"),
            Cell(same(_text(one, "kind"))),
            Cell(same(_text(one, "status")), "number"),
            _number(one.get("named")),
            Cell(same(_text(one, "hash")[:12]), "code"),
        ]
        for one in rows(figures, "sources")
    ]
    head = [say(f"column.{name}") for name in ("address", "kind", "status", "named", "hash")]
    return Card("sources", _long(lines, head, stacked=True), None if lines else _nothing("sources", figures), wide=True)


def _named(key: str, figures: Figures) -> Card:
    """Settings or arguments: names and their values."""
    several = is_of_several(figures)
    if several and key == "arguments" and figures.get(key) is None:
        return Card(key, [], say("arguments.differ"))
    lines = [
        [
            Cell(same(name), "code"),
            Cell(say("differs")) if several and found is None else Cell(same(_shown(found)), "code"),
        ]
        for name, found in table(figures, key).items()
    ]
    return Card(key, _long(lines, []), None if lines else _nothing(key, figures))


def _machine(figures: Figures) -> Card:
    found = {name: figures.get(name) for name in ("version", "host", "process", "job")}
    lines = [
        [Cell(say(f"machine.{name}")), Cell(same(_shown(one)), "code")]
        for name, one in found.items()
        if one is not None
    ]
    lines += [[Cell(say("machine.feeds")), Cell(same(str(feed)), "code")] for feed in rows(figures, "feeds")]
    return Card("machine", _long(lines, []))


def _long(lines: list[list[Cell]], head: list[Both], *, stacked: bool = False) -> list[Table]:
    """A table whose rows after the first few unfold."""
    return [Table(lines[:_SHOWN], head, folded=lines[_SHOWN:], stacked=stacked)] if lines else []


def _counted(found: Mapping[str, Any], room: str = "") -> list[list[Cell]]:
    """Names and counts; a name without words stands as it is in the stats."""
    return [[Cell(name_of(room, name), "foreign"), _number(times)] for name, times in counts(found).items()]


def _nothing(key: str, figures: Figures) -> Both:
    """Why a card has no table: there was nothing, or nobody knows."""
    unknown = figures.get("reason") == "died" or figures.get(key) is None
    return say("unknown" if unknown else f"{key}.none")


def _number(amount: object) -> Cell:
    return Cell(same(count(amount) if isinstance(amount, (int, float)) else NONE), "number")


def _amount(amount: float | None, shown: Amount) -> Cell:
    text = shown(amount)
    return Cell(same(text) if isinstance(text, str) else text, "number")


def _plain(text: str) -> Cell:
    return Cell(same(text), "number")


def _text(row: Mapping[str, Any], name: str) -> str:
    found = row.get(name)
    return NONE if found is None else str(found)


def _shown(found: object) -> str:
    """A setting's value: text as it is, else JSON."""
    return clipped(found if isinstance(found, str) else json.dumps(found, ensure_ascii=False, default=str), _LONGEST)
