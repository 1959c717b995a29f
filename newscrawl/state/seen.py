"""The articles that the output has. An article is here when its line is promised, never before."""

from __future__ import annotations

import time
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, bindparam, func, insert, select, union_all

from newscrawl.state.schema import articles

AT_ONCE = 500  # values of one statement; SQLite's oldest limit is 999


@dataclass(frozen=True, slots=True)
class Entry:
    """An article that goes into the output: its number, the first sixteen bytes of its hash, its line."""

    number: int
    hash: bytes
    line: bytes


def parts(values: Sequence[Any]) -> Iterable[Sequence[Any]]:
    """The values in parts that one statement can hold."""
    return (values[start : start + AT_ONCE] for start in range(0, len(values), AT_ONCE))


def numbers(connection: Connection, site: int, asked: Iterable[int]) -> set[int]:
    """Those of the numbers that the output has."""
    found: set[int] = set()
    for part in parts(list(asked)):
        query = select(articles.c.number).where(articles.c.site == site, articles.c.number.in_(part))
        found.update(connection.execute(query).scalars())
    return found


_OURS = articles.c.site == bindparam("site")
SAME_AS = union_all(
    select(articles.c.number).where(_OURS, articles.c.number == bindparam("number")),
    select(func.min(articles.c.number)).where(_OURS, articles.c.hash == bindparam("hash")),
)
"""The article of the output with this number, and the oldest with this hash (NULL when there is none)."""


def add(connection: Connection, site: int, entries: Mapping[int, Entry]) -> list[Entry]:
    """Note articles as seen. The entries whose lines may be written: not those that another run was faster with."""
    known = numbers(connection, site, entries)
    fresh = [entry for number, entry in entries.items() if number not in known]
    if fresh:
        now = int(time.time())
        rows = [{"site": site, "number": entry.number, "hash": entry.hash, "seen_at": now} for entry in fresh]
        connection.execute(insert(articles), rows)
    return fresh
