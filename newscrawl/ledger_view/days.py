"""Days of the ledger -> what is to be said of each, the gaps between them, and their sums."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import Enum

from newscrawl.state import LedgerDay

_DAY = timedelta(days=1)


class Sight(Enum):
    """What is known of a day, in the words of the legend."""

    COMPLETE = "complete"
    PART = "in part"  # not all of its list has been walked through
    WAITS = "waits"  # all of it was, and some articles are not fetched yet
    FAILED = "failed"  # some articles were, for good: the first thing to look at, whatever else is missing
    UNKNOWN = "nothing known"

    @classmethod
    def of(cls, day: LedgerDay | None) -> Sight:
        """That of a day of the ledger; None: the ledger does not have it."""
        if day is None:
            return cls.UNKNOWN
        if day.failed:
            return cls.FAILED
        if not day.whole:
            return cls.PART
        return cls.WAITS if day.waiting else cls.COMPLETE


@dataclass(frozen=True, slots=True)
class Tally:
    """Sums of some days: how many are `over`, how many of these `complete`; the articles of all."""

    over: int
    complete: int
    listed: int
    exported: int
    waiting: int
    failed: int

    @property
    def left_out(self) -> int:
        """Articles that will not be in the output, and rightly so: gone, duplicates, or not wanted."""
        return self.listed - self.exported - self.waiting - self.failed


@dataclass(frozen=True, slots=True)
class Gap:
    """Days in a row that are not complete for the same reason. `count`: articles that failed or wait, where that is the reason."""

    first: date
    last: date
    sight: Sight
    count: int

    @property
    def days(self) -> int:
        """How many days it is long."""
        return (self.last - self.first).days + 1


@dataclass(frozen=True, slots=True)
class Coverage:
    """What the ledger has of one section from a first day to a last. `today`: the first day that is not over."""

    section: str
    first: date
    last: date
    today: date
    days: Mapping[date, LedgerDay]

    @classmethod
    def of(
        cls,
        section: str,
        ledger: Iterable[LedgerDay],
        today: date,
        first: date | None = None,
        last: date | None = None,
    ) -> Coverage | None:
        """That of a section; where no first or last day is given, as far as its list was walked. None when the ledger has no such day."""
        days = {as_date(one.day): one for one in ledger if one.section == section}
        if not days:
            return None
        latest = max([day for day in days if day <= today] or days)
        # A list may name an old article, or one of a wrong date. The days that were meant are those that it was walked through.
        walked = [day for day, one in days.items() if one.walked_at is not None]
        latest = max([latest, *walked])
        first, last = first or min([latest, *walked]), min(last or latest, max(latest, today))
        return cls(section, first, last, today, days) if first <= last else None

    def sight(self, day: date) -> Sight | None:
        """What is to be said of a day; None: nothing, it lies outside, or nothing can be known of it yet."""
        if not self.first <= day <= self.last or (day not in self.days and day >= self.today):
            return None
        return Sight.of(self.days.get(day))

    def months(self) -> list[date]:
        """The first day of each month, the earliest first."""
        found = []
        month = self.first.replace(day=1)
        while month <= self.last:
            found.append(month)
            month = _next_month(month)
        return found

    def dates(self, month: date | None = None) -> Iterator[date]:
        """The days of which something is to be said: all, or those of a month (its first day)."""
        day, end = self.first, self.last
        if month:
            day, end = max(day, month), min(end, _next_month(month) - _DAY)
        while day <= end:
            if self.sight(day):
                yield day
            day += _DAY

    def tally(self, month: date | None = None) -> Tally:
        """The sums of all days, or of those of a month (its first day)."""
        dates = list(self.dates(month))
        known = [self.days[day] for day in dates if day in self.days]
        return Tally(
            over=sum(day < self.today or self.sight(day) is Sight.COMPLETE for day in dates),
            complete=sum(one.is_complete for one in known),
            listed=sum(one.listed for one in known),
            exported=sum(one.exported for one in known),
            waiting=sum(one.waiting for one in known),
            failed=sum(one.failed for one in known),
        )

    def gaps(self, told: Coverage | None = None) -> tuple[Gap, ...]:
        """What is not complete, the earliest first; not what another section, whose gaps are `told` already, lacks as well."""
        found: list[Gap] = []
        for day in self.dates():
            sight = Sight.of(self.days.get(day))
            if self._is_well(day, sight) or (told and told._lacks(day, sight)):
                continue
            count = self._count(day, sight)
            if found and found[-1].sight is sight and found[-1].last == day - _DAY:
                before = found.pop()
                found.append(Gap(before.first, day, sight, before.count + count))
            else:
                found.append(Gap(day, day, sight, count))
        return tuple(found)

    def unwalked(self) -> list[date]:
        """The days that are over, and of which the list is still to be walked through."""
        return [day for day in self.dates() if day < self.today and not (day in self.days and self.days[day].whole)]

    def _is_well(self, day: date, sight: Sight) -> bool:
        """Whether nothing is missing: of a day that is not over, its list cannot have been walked through."""
        return sight is Sight.COMPLETE or (sight is Sight.PART and day >= self.today)

    def _lacks(self, day: date, sight: Sight) -> bool:
        """Whether the same is to be said of a day here. Not of articles that failed: it matters of which section they are."""
        if self.sight(day) is None or sight is Sight.FAILED:
            return False
        known = self.days.get(day)
        if sight is Sight.WAITS:
            return known is not None and known.waiting > 0
        return known is None or not known.whole

    def _count(self, day: date, sight: Sight) -> int:
        known = self.days.get(day)
        if known is None:
            return 0
        return {Sight.FAILED: known.failed, Sight.WAITS: known.waiting}.get(sight, 0)


def as_date(day: int) -> date:
    """A day of the ledger (20261120) as a date."""
    return date(day // 10_000, day // 100 % 100, day % 100)


def as_number(day: date) -> int:
    """A date as the ledger has it."""
    return day.year * 10_000 + day.month * 100 + day.day


def _next_month(day: date) -> date:
    return (day.replace(day=1) + timedelta(days=32)).replace(day=1)
