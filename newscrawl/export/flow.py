"""The feeds, read twice: once for what is there, once for the records themselves. No record stays in memory."""

from __future__ import annotations

from array import array
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import orjson

from newscrawl.export.asked import Asked
from newscrawl.export.feeds import Feed
from newscrawl.export.formats import ExportError, Writer
from newscrawl.export.once import UNREADABLE, key, repeated, taken
from newscrawl.export.parquet import UNDATED
from newscrawl.export.reading import Tell, whole_lines
from newscrawl.items import SCHEMA_VERSION
from newscrawl.korean import KST

_NAMED = 3  # lines that cannot be read are named, so many
_ASKED_OF = {"schema": int, "published_at": str, "section": str, "kind": str, "status": str, "access": str}


@dataclass(slots=True)
class Told:
    """What came of it. `records`: written; `lines`: read. `notes`: what whoever reads it should know; `troubles`: what is missing; a line each."""

    records: int = 0
    lines: int = 0
    notes: list[str] = field(default_factory=list)
    troubles: list[str] = field(default_factory=list)


@dataclass(slots=True)
class _Survey:
    """What the first reading found of each line. `unreadable`: where the first of them are, and why."""

    keys: array[int] = field(default_factory=lambda: array("q"))
    unreadable: list[str] = field(default_factory=list)
    newer: int = 0
    of_feeds: list[int] = field(default_factory=list)  # how many lines each has


def export(feeds: list[Feed], asked: Asked, writer: Writer, tell: Tell) -> Told:
    """Write what is asked for, and close the writer. `tell` is told of every byte that is read, of each twice. Raises OSError."""
    told, survey = Told(), _Survey()
    try:
        for feed in feeds:
            _look_through(feed, survey, tell, told.troubles.append)
        undated = _write(feeds, asked, survey, writer, tell, told)
        writer.finish()
    finally:
        writer.close()
    told.lines, told.records = len(survey.keys), told.records - len(writer.refused)
    told.notes += [*_notes(survey, undated), *writer.notes]
    told.troubles += [*_unreadable(survey), *_refused(writer.refused)]
    return told


def _look_through(feed: Feed, survey: _Survey, tell: Tell, trouble: Callable[[str], object]) -> None:
    before = len(survey.keys)
    for count, line in enumerate(whole_lines(feed, tell, trouble), 1):
        try:
            record = _record(line)
            survey.keys.append(key(record))
            survey.newer += record.get("schema", 0) > SCHEMA_VERSION
        except (ValueError, TypeError, OverflowError) as error:
            survey.keys.append(UNREADABLE)
            if len(survey.unreadable) < _NAMED:
                survey.unreadable.append(f"{feed.path}:{count} ({error})")
    survey.of_feeds.append(len(survey.keys) - before)


def _record(line: bytes) -> dict[str, Any]:
    """Raises ValueError or TypeError for a line that is no record of which time, article and kind can be told."""
    record = orjson.loads(line)
    if not isinstance(record, dict):
        raise TypeError("is no object")
    for name, kind in _ASKED_OF.items():
        if not isinstance(record.get(name), kind | None):
            raise TypeError(f"has no {name}, but {record[name]!r}")
    _published(record)
    return record


def _published(record: dict[str, Any]) -> datetime | None:
    text = record.get("published_at")
    return datetime.fromisoformat(text).astimezone(KST) if text is not None else None


def _write(feeds: list[Feed], asked: Asked, survey: _Survey, writer: Writer, tell: Tell, told: Told) -> int:
    """How many were left out because they have no date and a time was asked for."""
    undated = 0
    for line in _taken(feeds, survey, asked, tell):
        record = orjson.loads(line)
        published = _published(record)
        if asked.fits(record, published):
            writer.add(line, record, published.strftime("%Y-%m") if published else UNDATED)
            told.records += 1
        elif asked.has_bounds and published is None:
            undated += 1
    return undated


def _taken(feeds: list[Feed], survey: _Survey, asked: Asked, tell: Tell) -> Iterator[bytes]:
    flags = taken(survey.keys, latest=asked.latest).tobytes()  # a byte a line: 1 or 0
    first = 0
    for feed, count in zip(feeds, survey.of_feeds, strict=True):
        # What is not whole was told at the first reading.
        lines = whole_lines(feed, tell, lambda _: None)
        try:
            for line, is_taken in zip(lines, flags[first : first + count], strict=True):
                if is_taken:
                    yield line
        except ValueError as error:
            raise ExportError(f"{feed.path} changed while it was read: run it again") from error
        first += count


def _notes(survey: _Survey, undated: int) -> Iterator[str]:
    if count := repeated(survey.keys):
        yield f"{count:,} lines stand in the feeds more than once: each revision was taken once"
    if survey.newer:
        yield f"{survey.newer:,} records are of a newer newscrawl: further fields of theirs are only in jsonl without --columns"
    if undated:
        yield f"{undated:,} records without a date were left out: they lie in no time that could be asked for"


def _unreadable(survey: _Survey) -> Iterator[str]:
    if count := survey.keys.count(UNREADABLE):
        more = f", and {count - _NAMED:,} more" if count > _NAMED else ""
        yield f"{count:,} lines are no records and were left out: {', '.join(survey.unreadable)}{more}"


def _refused(refused: list[str]) -> Iterator[str]:
    if refused:
        more = f", and {len(refused) - _NAMED:,} more" if len(refused) > _NAMED else ""
        yield f"{len(refused):,} records have values of other types than the record's and were left out: {', '.join(refused[:_NAMED])}{more}"
