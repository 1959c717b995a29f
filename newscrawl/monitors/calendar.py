"""Which days are alike: a weekday, a Saturday, a Sunday; a holiday is a Sunday."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, timedelta, timezone

KST = timezone(timedelta(hours=9))  # Korea has no summer time since 1988
SATURDAY, SUNDAY = 5, 6


def korean_holidays(years: Iterable[int]) -> frozenset[date]:
    """The public holidays of South Korea with those in lieu of others, as far as the package `holidays` knows them; a day that the
    government declares at short notice comes with a newer version of it."""
    import holidays  # a tenth of a second: only where a run is judged

    return frozenset(holidays.country_holidays("KR", years=list(years)))


def day_of(seconds: float) -> date:
    """The Korean date of a time in seconds since 1970."""
    return datetime.fromtimestamp(seconds, KST).date()


def kind_of(day: date, holidays: frozenset[date]) -> int:
    """0 to 6, Monday to Sunday; of a holiday 6."""
    return SUNDAY if day in holidays else day.weekday()


def coarse(kind: int) -> int:
    """0 for all working days, else the day itself: for a site of which only a week or two are known."""
    return kind if kind >= SATURDAY else 0
