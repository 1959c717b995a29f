"""ETag and Last-Modified, and whether a conditional request has what the page still is (RFC 9110, 13.1)."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import UTC, datetime
from email.utils import format_datetime, parsedate_to_datetime
from hashlib import blake2b

NAMES = ("none", "etag", "weak", "last-modified", "both")
# An entity tag (RFC 9110, 8.8.3): "abc" or W/"abc"; the group is what a weak comparison looks at.
TAG = re.compile(r'(?:W/)?("[\x21\x23-\x7e\x80-\xff]*")')
DAY = r"(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun)"
MONTH = r"(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)"
TIME = r"\d\d:\d\d:\d\d"
# The three forms of a date (RFC 9110, 5.6.7): Fri, 20 Nov 2026 09:00:00 GMT · Friday, 20-Nov-26 09:00:00 GMT · Fri Nov 20 09:00:00 2026
DATE = re.compile(
    rf"{DAY}, \d\d {MONTH} \d{{4}} {TIME} GMT|(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day, \d\d-{MONTH}-\d\d {TIME} GMT|"
    rf"{DAY} {MONTH} [ \d]\d {TIME} \d{{4}}"
)


def check(name: str) -> None:
    """Raises ValueError for validators that there are not."""
    if name not in NAMES:
        raise ValueError(f"unknown validators: {name}; known: {', '.join(NAMES)}")


def validators(name: str, body: bytes, made: datetime) -> dict[str, str]:
    """The headers of a page that was made at that time; by the names of `NAMES`."""
    headers = {}
    if name in ("etag", "weak", "both"):
        headers["ETag"] = f'{"W/" if name == "weak" else ""}"{blake2b(body, digest_size=12).hexdigest()}"'
    if name in ("last-modified", "both"):
        headers["Last-Modified"] = format_datetime(made.astimezone(UTC).replace(microsecond=0), usegmt=True)
    return headers


def unchanged(given: Mapping[str, str], asked: Mapping[str, str]) -> bool:
    """Whether a page with the `given` validators is what a request with these headers (names in small letters) has already."""
    if not given:
        return False
    if "if-none-match" in asked:
        return _matches(given.get("ETag", ""), asked["if-none-match"])
    last, since = given.get("Last-Modified"), asked.get("if-modified-since")
    if last is None or since is None:
        return False
    moment = http_date(since)
    return moment is not None and parsedate_to_datetime(last) <= moment


def _matches(tag: str, wanted: str) -> bool:
    """Weak comparison with each tag of a list; `*` is any page."""
    if wanted.strip() == "*":
        return True
    own = TAG.fullmatch(tag)
    return own is not None and own[1] in TAG.findall(wanted)


def http_date(shown: str) -> datetime | None:
    """A date of HTTP, aware; None for what is none."""
    if not DATE.fullmatch(shown):
        return None
    try:
        moment = parsedate_to_datetime(shown)
    except ValueError:  # the 31st of February
        return None
    return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment
