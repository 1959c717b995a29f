"""Which records are asked for, and which of their fields. Pure."""

from __future__ import annotations

import difflib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from newscrawl.arguments import Arguments
from newscrawl.items import KINDS, STATUS
from newscrawl.record import check_fields
from newscrawl.site import Site

_KNOWN = {"kind": KINDS, "status": STATUS}
PREMIUM = ("keep", "skip")


@dataclass(frozen=True, slots=True)
class Asked:
    """What of each record is looked at; what is empty or None leaves nothing out. `sections`: their codes. `columns`: empty for whole records."""

    site: Site
    columns: tuple[str, ...] = ()
    since: datetime | None = None
    until: datetime | None = None
    sections: tuple[str, ...] = ()
    kinds: frozenset[str] = frozenset()
    statuses: frozenset[str] = frozenset()
    skip_premium: bool = False
    latest: bool = False

    @property
    def has_bounds(self) -> bool:
        """Whether a time is asked for, in which an article without a date does not lie."""
        return self.since is not None or self.until is not None

    def fits(self, record: Mapping[str, Any], published: datetime | None) -> bool:
        """Whether a record is asked for. `published`: its time of publication."""
        return (
            (not self.kinds or record.get("kind") in self.kinds)
            and (not self.statuses or (record.get("status") or "published") in self.statuses)  # schema 1 had none
            and not (self.skip_premium and record.get("access") == "premium")
            and (not self.sections or self.site.section_names.get(record.get("section") or "") in self.sections)
            and (not self.has_bounds or (published is not None and self._in_bounds(published)))
        )

    def _in_bounds(self, published: datetime) -> bool:
        return (self.since is None or published >= self.since) and (self.until is None or published <= self.until)


def asked(given: Mapping[str, str | None], site: Site, now: datetime, *, premium: str, latest: bool) -> Asked:
    """The options (`since`, `until`, `sections`, `kind`, `status`, `columns`) as given, and `NEWSCRAWL_PREMIUM`, read.

    Raises ValueError for the first that is wrong, with what it takes.
    """
    spans = {name: value for name in ("since", "until", "sections") if (value := given.get(name)) is not None}
    parsed = Arguments.parse(spans, site, now)
    if premium not in PREMIUM:
        raise ValueError(f"NEWSCRAWL_PREMIUM={premium!r}: takes keep, or skip, which leaves premium articles out")
    return Asked(
        site,
        _columns(given.get("columns")),
        parsed.since if "since" in spans else None,  # a crawl without one asks for a day
        parsed.until,
        _without_parts(parsed.sections),
        frozenset(_names("kind", given.get("kind"))),
        frozenset(_names("status", given.get("status"))),
        premium == "skip",
        latest,
    )


def _without_parts(sections: tuple[str, ...]) -> tuple[str, ...]:
    """Raises ValueError for a sub-section's code: a record has only its name."""
    for code in sections:
        if len(code) > 3:
            raise ValueError(f"--section: {code} is a sub-section, of which records have no code; ask for {code[:3]}")
    return sections


def _columns(given: str | None) -> tuple[str, ...]:
    names = tuple(dict.fromkeys(_parts("columns", given)))
    check_fields("--columns", names)
    return names


def _names(option: str, given: str | None) -> list[str]:
    names, known = _parts(option, given), _KNOWN[option]
    for name in names:
        if name not in known:
            close = difflib.get_close_matches(name, known, n=1)
            hint = f" (did you mean {close[0]}?)" if close else ""
            raise ValueError(f"--{option}: no {name!r}{hint}; takes some of {', '.join(known)}, comma separated")
    return names


def _parts(option: str, given: str | None) -> list[str]:
    """Raises ValueError for one that is given and empty: it would ask for everything."""
    parts = [part.strip() for part in (given or "").split(",") if part.strip()]
    if given is not None and not parts:
        raise ValueError(f"--{option} is empty; without it there is no limit")
    return parts
