"""The ledger: for each day and section, what its list named, what came of it, and whether the day is complete."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, String, and_, case, cast, func, select

from newscrawl.state.database import Database
from newscrawl.state.schema import Standing, articles, frontier, listed, walked

DAY_ENDS = 86_400
"""The last second of a day that was over when it was walked through."""


@dataclass(frozen=True, slots=True)
class Listing:
    """What a page of a list names, and the days that its walk has passed. A day is a number like 20261120.

    `rows`: day and article; `passed`: day, and from which of its seconds to which the walk has seen it. `at`: seconds since 1970.
    """

    section: str
    rows: tuple[tuple[int, int], ...] = ()
    passed: tuple[tuple[int, int, int], ...] = ()
    at: int = 0


@dataclass(frozen=True, slots=True)
class LedgerDay:
    """A day of a section. Of `listed` articles so many are in the output, wait, or failed; what remains was gone, a duplicate, or not
    wanted. `whole`: the list was walked through all of the day, when it was over; `walked_at`: when it was last walked (seconds since
    1970), None for never.
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
    """Keep what pages of lists named; the same twice changes nothing."""
    rows = {(day, one.section, number) for one in listings for day, number in one.rows}
    passed = [(day, one.section, first, last, one.at) for one in listings for day, first, last in one.passed]
    if rows:
        values = [{"site": site, "day": day, "section": section, "number": number} for day, section, number in rows]
        connection.execute(database.insert(listed).on_conflict_do_nothing(), values)
    if passed:
        names = ("day", "section", "first", "last", "at")
        connection.execute(_pass(database), [{"site": site, **dict(zip(names, one, strict=True))} for one in passed])


def _pass(database: Database) -> Any:
    """What a walk has seen of a day is added to what others have, if it joins on to it; else the longer part is kept."""
    insert = database.insert(walked)
    new, old = insert.excluded, walked.c
    joins = and_(new.first <= old.last, old.first <= new.last)
    longer = new.last - new.first > old.last - old.first
    earlier, later = (
        case((new.first < old.first, new.first), else_=old.first),
        case((new.last > old.last, new.last), else_=old.last),
    )
    values = {
        "first": case((joins, earlier), (longer, new.first), else_=old.first),
        "last": case((joins, later), (longer, new.last), else_=old.last),
        "at": new.at,
    }
    return insert.on_conflict_do_update(index_elements=[old.site, old.day, old.section], set_=values)


def days(connection: Connection, site: int, since: int, until: int, section: str | None = None) -> list[LedgerDay]:
    """The ledger from one day to another, both included, of one section or of all: by day, then section."""
    found: dict[tuple[int, str], tuple[int, int, int, int]] = {}
    for day, code, *counts in connection.execute(_listed(site, since, until, section)):
        found[day, code] = (counts[0], counts[1], counts[2], counts[3])
    query = select(walked.c.day, walked.c.section, walked.c.first, walked.c.last, walked.c.at).where(
        walked.c.site == site, walked.c.day.between(since, until)
    )
    if section is not None:
        query = query.where(walked.c.section == section)
    marks = {
        (day, code): (first == 0 and last == DAY_ENDS, at) for day, code, first, last, at in connection.execute(query)
    }
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
