"""A time as feeds and sitemaps write it: the form of the evidence, and others that are seen elsewhere."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")

Form = Callable[[datetime], str]


def mail(moment: datetime) -> str:
    """Fri, 20 Nov 2026 18:00:00 +0900. Not strftime: its names of days and months follow the locale."""
    return f"{DAYS[moment.weekday()]}, {moment:%d} {MONTHS[moment.month - 1]} {moment:%Y %H:%M:%S} +0900"


def mail_gmt(moment: datetime) -> str:
    """Fri, 20 Nov 2026 09:00:00 GMT."""
    return mail(moment.astimezone(UTC)).replace("+0900", "GMT")


def mail_short(moment: datetime) -> str:
    """20 Nov 2026 18:00 +0900: RFC 822 leaves the day of the week and the seconds open."""
    return f"{moment.day} {MONTHS[moment.month - 1]} {moment:%Y %H:%M} +0900"


def iso(moment: datetime) -> str:
    """2026-11-20T18:00:00+09:00."""
    return moment.isoformat()


def iso_utc(moment: datetime) -> str:
    """2026-11-20T09:00:00Z."""
    return f"{moment.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"


def iso_minutes(moment: datetime) -> str:
    """2026-11-20T18:00+09:00: W3C's form allows it."""
    return f"{moment:%Y-%m-%dT%H:%M}+09:00"


def day(moment: datetime) -> str:
    """2026-11-20."""
    return f"{moment:%Y-%m-%d}"


def local(moment: datetime) -> str:
    """2026-11-20 18:00:00, with nothing that says where."""
    return f"{moment:%Y-%m-%d %H:%M:%S}"


FEED_FORMS: tuple[Form | None, ...] = (mail, mail, mail_gmt, mail_short, local, iso, None)
"""Forms of a pubDate; None for a feed without."""
SITEMAP_FORMS: tuple[Form | None, ...] = (iso, iso_utc, iso_minutes, day, None)
"""Forms of a lastmod; None for a sitemap without."""
