"""The index of the sitemaps: its parts by month, the nested index, and which path gives which of them."""

from __future__ import annotations

import gzip
import re
from collections.abc import Mapping
from datetime import datetime
from functools import cached_property
from typing import TYPE_CHECKING

from . import sitemaps, traps
from .answer import XML, Answer
from .dice import FORM, Dice, dice
from .traps import INDEX
from .ways import BAD_SITEMAPS

if TYPE_CHECKING:
    from .standing import Standing

WWW = "https://www.newspim.com"
ARCHIVE = "/sitemap/archive.xml"
NEWS = "/sitemap/news.xml"
SECTIONS = "/sitemap/sections.xml"
NAMED: Mapping[str, list[str]] = {
    "none": [],
    "recent": ["/sitemap/recent/all_1", "/sitemap/recent/all_2"],
    "index": [INDEX],
}
"""What robots.txt names, by `Ways.robots_sitemaps`."""
# The recent sitemaps of the evidence; the group is which of the two.
RECENT = re.compile(r"/sitemap/recent/all_([12])$")
# A part, by its month, some compressed: /sitemap/2026-11.xml, /sitemap/2026-10.xml.gz
PART = re.compile(r"/sitemap/(\d{4}-\d\d)\.xml(?:\.gz)?$")
GZIPS: tuple[tuple[str, Mapping[str, str]], ...] = (
    ("application/gzip", {}),
    ("application/x-gzip", {}),
    (XML, {}),
    (XML, {"Content-Encoding": "gzip"}),
)
"""Type and headers of a compressed part: it is a file, but on some sites the server says that it has compressed it."""


class Atlas:
    """The sitemaps of one site as it stands."""

    def __init__(self, standing: Standing) -> None:
        self.standing = standing

    def answer(self, path: str) -> Answer | None:
        """The answer to a path; None where no sitemap is."""
        if match := RECENT.match(path):
            return Answer(200, sitemaps.recent(self.standing, int(match[1])), XML)
        if self.standing.ways.robots_sitemaps != "index":
            return None
        if path == NEWS:
            return Answer(200, sitemaps.news(self.standing), XML)
        if path == SECTIONS:
            return Answer(200, sitemaps.sections(), XML)
        if path in (INDEX, ARCHIVE):
            return Answer(200, self._index(path), XML)
        for name in self._bad():
            if path == traps.address(name):
                return traps.trap(self.standing, name)
        return self._part(path)

    def robots(self) -> list[str]:
        """What robots.txt says of sitemaps."""
        how, plain = self.standing.ways.robots_sitemaps, self.standing.ways.forms == "plain"
        paths = NAMED[how]
        if not plain and how == "index" and self._die(0).chance(0.5):
            paths = [INDEX, NEWS]
        word = "Sitemap: " if plain else self._die(1).pick(("Sitemap: ", "sitemap:", "SITEMAP: "))
        return [f"{word}{WWW}{path}" for path in paths]

    def numbers(self) -> set[int]:
        """The articles that stand in the sitemaps now (those that do harm aside)."""
        how = self.standing.ways.robots_sitemaps
        if how == "index":  # its parts have all that the recent ones have
            return set(sitemaps.mapped(self.standing, self.standing.every("1")))
        return {number for part in (1, 2) for number in sitemaps.recent_numbers(self.standing, part)}

    def _bad(self) -> list[str]:
        return [name for name in BAD_SITEMAPS if name in self.standing.ways.bad_sitemaps]

    def _die(self, number: int) -> Dice:
        return dice(self.standing.site.seed, FORM, 3_000_000 + number)

    def _months(self) -> dict[str, list[int]]:
        """The articles of the sitemaps by the month of their publication, the newest first."""
        months: dict[str, list[int]] = {}
        for number in sitemaps.mapped(self.standing, self.standing.every("1")):
            months.setdefault(self._month_of[number], []).append(number)
        return months

    @cached_property
    def _month_of(self) -> list[str]:
        return [f"{story.published_at:%Y-%m}" for story in self.standing.site.articles]

    def _path(self, month: str) -> str:
        packed = self._die(int(month.replace("-", ""))).chance(0.5)
        return f"/sitemap/{month}.xml{'.gz' if packed else ''}"

    def _part(self, path: str) -> Answer | None:
        """A month's part at its own address."""
        match = PART.match(path)
        numbers = self._months().get(match[1]) if match else None
        if match is None or not numbers or path != self._path(match[1]):
            return None
        standing = self.standing
        body = sitemaps.urlset(standing, numbers, sitemaps.form_of(standing, match[1]))
        if not path.endswith(".gz"):
            return Answer(200, body, XML)
        packed = gzip.compress(body, 1, mtime=0)
        type, headers = GZIPS[0] if standing.ways.forms == "plain" else self._die(2).pick(GZIPS)
        return Answer(200, packed, type, headers=dict(headers))

    def _index(self, path: str) -> bytes:
        """The index, or the one that it names: the older half of the months (all, where there is but one)."""
        standing, months = self.standing, self._months()
        names = list(months)
        half = len(names) // 2
        parts: list[tuple[str, datetime | None]] = [
            (self._path(name), self._latest(months[name])) for name in (names[:half] if path == INDEX else names[half:])
        ]
        if path == INDEX:
            # The harmful ones first: who stumbles over them never sees the others.
            bad = [(traps.address(name), None) for name in self._bad()]
            parts = [*bad, *parts, (NEWS, None), (ARCHIVE, None)]
        else:
            parts.insert(0, (SECTIONS, None))
        date = sitemaps.form_of(standing, path).date
        entries = "".join(
            f"<sitemap><loc>{WWW}{where}</loc>"
            f"{f'<lastmod>{date(latest)}</lastmod>' if date and latest else ''}</sitemap>\n"
            for where, latest in parts
        )
        return (
            f'<?xml version="1.0" encoding="UTF-8"?>\n<sitemapindex xmlns="{sitemaps.SPACE}">\n{entries}</sitemapindex>\n'
        ).encode()

    def _latest(self, numbers: list[int]) -> datetime:
        return self.standing.site.articles[numbers[0]].published_at
