"""A state from one database to another, of whichever kind: every row, and a look at each on both sides when it is done."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Table, func, insert, select, text

from newscrawl.state.database import IDENTITY, Database, StateError
from newscrawl.state.forgotten import is_rewriting
from newscrawl.state.outbox import from_folder
from newscrawl.state.runs import living
from newscrawl.state.schema import archives, exports, facts, feeds, metadata, runs, sites

_AT_ONCE = 500  # rows
_FILES = (feeds, archives)  # whose paths go from the state's folder

Row = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Copied:
    """A table: how many rows of it were copied."""

    table: str
    rows: int


def copy(source: Database, target: Database, told: Callable[[Copied], None] = lambda _: None) -> list[Copied]:
    """Copy every row of a state into one that is empty; `told` of each table. All of it is there when this returns, or nothing.

    Raises StateError when the target holds anything, while a run or `scrapy forget` goes on in the source, and when what was written is not what
    was read.
    """
    done = []
    with source.transaction() as reading, target.transaction() as writing:
        _check(source, target, reading, writing)
        for table in metadata.sorted_tables:
            change = _change(table, source, target)
            wanted, rows = 0, 0
            for part in _parts(reading, table):
                changed = [change(row) for row in part]
                if table is facts:
                    writing.execute(facts.delete().where(facts.c.name.in_([row["name"] for row in changed])))
                writing.execute(insert(table), changed)
                wanted = (wanted + sum(map(_digest, changed))) % _MODULUS
                rows += len(changed)
            found = sum(_digest(row) for part in _parts(writing, table) for row in part) % _MODULUS
            if found != wanted:
                raise StateError(
                    f"{target.name}: {table.name} is not what was read from {source.name}; nothing was copied"
                )
            done.append(Copied(table.name, rows))
            told(done[-1])
        _count_on(target, writing)
    return done


_MODULUS = 1 << 128


def _check(source: Database, target: Database, reading: Connection, writing: Connection) -> None:
    for site in reading.execute(select(sites.c.id)).scalars().all():
        source.alone(reading, site)  # no run begins there until it is done
    if alive := living(source, reading):
        run, site = alive[0]
        raise StateError(f"run {run} of {site} goes on in {source.name}: end it first (scrapy status --end {run})")
    if is_rewriting(source):
        raise StateError(f"scrapy forget goes on in {source.name}: wait for its end")
    for table in metadata.sorted_tables:
        if table is not facts and writing.execute(select(func.count()).select_from(table)).scalar_one():
            raise StateError(f"{target.name} is not empty ({table.name}): a state is copied into an empty one only")


def _parts(connection: Connection, table: Table) -> Iterator[list[dict[str, Any]]]:
    """The rows of a table, in parts; the memory is flat. Which state it is stays with the state."""
    query = select(table) if table is not facts else select(table).where(facts.c.name != IDENTITY)
    streaming = {"stream_results": True, "yield_per": _AT_ONCE}
    result = connection.execute(query, execution_options=streaming)
    for part in result.mappings().partitions():
        yield [dict(row) for row in part]


def _change(table: Table, source: Database, target: Database) -> Callable[[dict[str, Any]], dict[str, Any]]:
    """What is said otherwise there: which machine this is, and from where paths go."""

    def change(row: dict[str, Any]) -> dict[str, Any]:
        if table in (runs, exports) and row["node"] == source.node:
            return row | {"node": target.node}
        if table in _FILES and not Path(row["path"]).is_absolute():
            return row | {"path": from_folder(source.folder / row["path"], target.folder)}
        return row

    return change


def _digest(row: Row) -> int:
    said = "\x1f".join(f"{name}={_plain(value)}" for name, value in sorted(row.items()))
    return int.from_bytes(hashlib.sha256(said.encode("utf-8", "surrogatepass")).digest()[:16], "big")


def _plain(value: Any) -> str:
    return bytes(value).hex() if isinstance(value, bytes | memoryview) else repr(value)


def _count_on(target: Database, connection: Connection) -> None:
    """The numbers that the database gives come after those that were copied: SQLite sees to that by itself."""
    if not target.shared:
        return
    for table in metadata.sorted_tables:
        column = table.autoincrement_column
        if column is not None:
            last = f"(SELECT max({column.name}) FROM {table.name})"
            sequence = f"pg_get_serial_sequence('{table.name}', '{column.name}')"
            connection.execute(text(f"SELECT setval({sequence}, {last}) WHERE {last} IS NOT NULL"))
