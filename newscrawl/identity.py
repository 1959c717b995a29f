"""Any address -> the article's number and canonical address, or None. Pure; the source is `Identity and URLs` of the evidence."""

from __future__ import annotations

import re
from datetime import date
from urllib.parse import urlsplit

from newscrawl.site import Site

_FOURTEEN_DIGITS = re.compile(
    r"\d{14}", re.ASCII
)  # nothing without them can be an article; most links of a page stop here
_SLASHES = re.compile(r"//+")
_DEFAULT_PORTS = {None, 80, 443}


def article_number(url: str, site: Site) -> str | None:
    """The fourteen digits (date and number of that day) of an absolute article address in any spelling, or None.

    None too for ids with an impossible date, other hosts, and anything that is no http(s) address. Never raises.
    """
    if not _FOURTEEN_DIGITS.search(url) or "\\" in url:  # browsers take a backslash for a slash, parsers do not
        return None
    try:
        parts = urlsplit(url.strip())
        port = parts.port
    except ValueError:  # a malformed host or port
        return None
    if parts.scheme not in ("http", "https") or port not in _DEFAULT_PORTS:
        return None
    if (parts.hostname or "").rstrip(".") not in site.article_hosts:
        return None
    path = _SLASHES.sub("/", parts.path).rstrip("/")
    target = f"{path}?{parts.query}"
    for pattern in site.article_paths:
        if match := pattern.match(target):
            number = match["number"]
            return number if creation_date(number) else None
    return None


def canonical_url(number: str, site: Site) -> str:
    """The one address under which an article is fetched and recorded."""
    return site.article_url.format(number=number)


def article_id(number: str, site: Site) -> str:
    """The id of the record: `newspim:20220530000873`."""
    return f"{site.name}:{number}"


def numbered(day: int, place: int) -> str:
    """The number of an article by its day (20261120) and its place in it, from 1."""
    return f"{day:08}{place:06}"


def creation_date(number: str) -> date | None:
    """The date in a number: that of the article's creation, up to days before its publication. None if there is no such day."""
    try:
        day = date(int(number[:4]), int(number[4:6]), int(number[6:8]))
    except ValueError:
        return None
    return day if 1990 <= day.year < 2100 else None
