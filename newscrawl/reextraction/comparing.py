"""Records of before and of now -> which fields are others, how often, and examples of it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import orjson

Record = Mapping[str, Any]
Key = tuple[int, int]
"""The number of an article, and which revision."""

EXAMPLES = 3  # of each field
_LATER = frozenset(
    ("fetched_at", "found", "first_seen_at", "archived", "extractor", "schema", "fields_from", "hash", "previous_hash")
)
"""Fields that say how a record was made, or follow from others, and not what the page says: told last."""


@dataclass(frozen=True, slots=True)
class Example:
    """One article's field, before and now."""

    id: str
    revision: int
    before: Any
    now: Any


@dataclass(slots=True)
class Comparison:
    """`same`: records of which all that the page says is as it was; `changed`: how many have another value, by field; `gone`: records of
    before that are not there now, `new`: the others; of both some ids."""

    same: int = 0
    others: int = 0
    changed: Counter[str] = field(default_factory=Counter)
    examples: dict[str, list[Example]] = field(default_factory=dict)
    gone: int = 0
    gone_ids: list[str] = field(default_factory=list)
    new: int = 0
    new_ids: list[str] = field(default_factory=list)

    def add_new(self, id_: str) -> None:
        """A record of now that was not there before."""
        self.new += 1
        if len(self.new_ids) < EXAMPLES:
            self.new_ids.append(id_)

    @property
    def fields(self) -> list[str]:
        """Those that changed, the most frequent first; what only says how a record was made at the end."""
        return sorted(self.changed, key=lambda name: (name in _LATER, -self.changed[name], name))


def key_of(record: Record) -> Key:
    """By what two records are of the same revision of an article."""
    return int(record["id"].rpartition(":")[2]), int(record.get("revision", 1))  # schema 1 had none


def compare(
    before: Iterable[bytes], asked: Callable[[Record], bool], now: Callable[[int, int], bytes | None]
) -> tuple[Comparison, set[Key]]:
    """`before`: lines, of which those are compared that are asked for; `now`: the line of an article's number and revision. Also the
    revisions that were compared.

    Raises ValueError for a line that is no record.
    """
    found, met = Comparison(), set[Key]()
    for line in before:
        old = _record(line)
        key = key_of(old)
        if key in met or not asked(old):
            continue
        new = now(*key)
        if new is None:
            found.gone += 1
            found.gone_ids += [old["id"]] if len(found.gone_ids) < EXAMPLES else []
            continue
        met.add(key)
        _note(found, old, orjson.loads(new))
    return found, met


def _record(line: bytes) -> dict[str, Any]:
    try:
        record = orjson.loads(line)
        key_of(record)
        if (published := record.get("published_at")) and datetime.fromisoformat(published).tzinfo is None:
            raise ValueError(published)
    except (AttributeError, KeyError, TypeError, ValueError):
        raise ValueError(f"no record: {line[:80]!r}") from None
    return dict(record)


def _note(found: Comparison, old: Record, new: Record) -> None:
    names = [name for name in new if old.get(name) != new[name]]
    if all(name in _LATER for name in names):
        found.same += 1
    else:
        found.others += 1
    for name in names:
        found.changed[name] += 1
        examples = found.examples.setdefault(name, [])
        if len(examples) < EXAMPLES:
            examples.append(Example(new["id"], new["revision"], old.get(name), new[name]))
