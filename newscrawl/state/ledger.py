"""The ledger: for each day and section, what its list named, what came of it, and whether the day is complete."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, String, and_, case, cast, func, select

from newscrawl.state.database import Database
from newscrawl.state.schema import Standing, articles, frontier, listed, walked


@dataclass(frozen=True, slots=True)
class Listing:
    """What a page of a list names, and the days that its walk has passed. A day is a number like 20261120.

    `rows`: day and article; `passed`: day, and whether the walk saw all of it, which it can when the day is over. `at`: seconds since 1970.
    """

    section: str
    rows: tuple[tuple[int, int], ...] = ()
    passed: tuple[tuple[int, bool], ...] = ()
    at: int = 0


@dataclass(frozen=True, slots=True)
class LedgerDay:
    """A day of a section. Of `listed` articles so many are in the output, wait, or failed; what remains was gone, a duplicate, or not
    wanted. `whole`: the list was walked through all of the day; `walked_at`: when it was last walked (seconds since 1970), None for never.
    """

    day: int
    section: str
    listed: int
    exported: int
    waiting: int
    failed: int
    whole: bool
    walked_at: int | None

    @property
    def is_complete(self) -> bool:
        """Whether all that the list named of this day is dealt with, and the list will name no more of it."""
        return self.whole and not self.waiting and not self.failed


def note(database: Database, connection: Connection, site: int, listings: Iterable[Listing]) -> None:
    """Keep what pages of lists named. The same twice changes nothing; a day that was whole stays so."""
    rows: set[tuple[int, str, int]] = set()
    passed: dict[tuple[int, str], dict[str, int]] = {}
    for one in listings:
        rows.update((day, one.section, number) for day, number in one.rows)
        for day, whole in one.passed:
            known = passed.get((day, one.section), {"whole": 0})
            passed[day, one.section] = {"whole": max(known["whole"], int(whole)), "at": one.at}
    if rows:
        values = [{"site": site, "day": day, "section": section, "number": number} for day, section, number in rows]
        connection.execute(database.insert(listed).on_conflict_do_nothing(), values)
    if passed:
        insert = database.insert(walked)
        new, old = insert.excluded, walked.c
        kept = {"whole": case((old.whole == 1, 1), else_=new.whole), "at": new.at}
        insert = insert.on_conflict_do_update(index_elements=[old.site, old.day, old.section], set_=kept)
        values = [{"site": site, "day": day, "section": section, **one} for (day, section), one in passed.items()]
        connection.execute(insert, values)


def days(connection: Connection, site: int, first: int, last: int, section: str | None = None) -> list[LedgerDay]:
    """The ledger from one day to another, both included, of one section or of all: by day, then section."""
    found: dict[tuple[int, str], tuple[int, int, int, int]] = {}
    for day, code, *counts in connection.execute(_listed(site, first, last, section)):
        found[day, code] = (counts[0], counts[1], counts[2], counts[3])
    query = select(walked.c.day, walked.c.section, walked.c.whole, walked.c.at).where(
        walked.c.site == site, walked.c.day.between(first, last)
    )
    if section is not None:
        query = query.where(walked.c.section == section)
    marks = {(day, code): (bool(whole), at) for day, code, whole, at in connection.execute(query)}
    keys = sorted(found.keys() | marks.keys())
    return [_day(key, found.get(key, (0, 0, 0, 0)), marks.get(key, (False, None))) for key in keys]


def _day(key: tuple[int, str], counts: tuple[int, int, int, int], mark: tuple[bool, int | None]) -> LedgerDay:
    (day, section), (total, exported, waiting, failed), (whole, at) = key, counts, mark
    return LedgerDay(day, section, total, exported, waiting, failed, whole, at)


def _listed(site: int, first: int, last: int, section: str | None) -> Any:
    """Day, section, and how many were listed, are in the output, wait and failed."""
    in_output = and_(articles.c.site == listed.c.site, articles.c.number == listed.c.number)
    asked_for = and_(frontier.c.site == listed.c.site, frontier.c.key == cast(listed.c.number, String))
    has_line = articles.c.number.is_not(None)
    waits, failed = frontier.c.standing < Standing.DONE, frontier.c.standing == Standing.FAILED
    query = (
        select(
            listed.c.day,
            listed.c.section,
            func.count(),
            func.count(articles.c.number),
            func.sum(case((and_(~has_line, waits), 1), else_=0)),
            func.sum(case((and_(~has_line, failed), 1), else_=0)),
        )
        .outerjoin(articles, in_output)
        .outerjoin(frontier, asked_for)
        .where(listed.c.site == site, listed.c.day.between(first, last))
        .group_by(listed.c.day, listed.c.section)
    )
    return query if section is None else query.where(listed.c.section == section)


def ledger(database: Database, site: int, first: int, last: int) -> list[LedgerDay]:
    """`days`, for a reader that is no run. Raises StateError."""
    with database.reading() as connection:
        return days(connection, site, first, last)
