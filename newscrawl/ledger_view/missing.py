"""What is not complete, section by section; and the commands that complete it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

from rich.cells import cell_len, set_cell_size

from newscrawl.ledger_view.days import Coverage, Gap, Sight
from newscrawl.ledger_view.look import Look
from newscrawl.ledger_view.wrapping import wrapped

_FEW = 3  # sections that are named one by one though the same is missing of each
_MOST_LINES = 3  # for the gaps of a section that has a calendar; those beside have one
_LONG, _SHORT = "%Y-%m-%d", "%m-%d"
_ORDER = (Sight.FAILED, Sight.WAITS, Sight.PART, Sight.UNKNOWN)


def missing(
    shown: Sequence[Coverage], beside: Sequence[Coverage], names: Mapping[str, str], look: Look
) -> dict[str, list[str]]:
    """Lines, under what they are to be called: of the sections that have a calendar; of those beside, what more is missing there.
    `names`: of the sections, by their codes."""
    titles = ("not complete", "besides, in sections")
    rows = (
        _rows([(one.section, one.gaps()) for one in shown], names),
        _rows([(one.section, one.gaps(shown[0])) for one in beside], names),
    )
    width = max((cell_len(label) for group in rows for label, _ in group), default=0)
    years = {day.year for one in (*shown, *beside) for day in (one.first, one.last)}
    form = _LONG if len(years) > 1 else _SHORT
    return {
        title: [line for label, gaps in group for line in _row(set_cell_size(label, width), gaps, form, look, most)]
        for title, group, most in zip(titles, rows, (_MOST_LINES, 1), strict=True)
        if group
    }


def _rows(found: Sequence[tuple[str, tuple[Gap, ...]]], names: Mapping[str, str]) -> list[tuple[str, tuple[Gap, ...]]]:
    """A row for each section that has gaps; one for many with the same."""
    alike: dict[tuple[Gap, ...], list[str]] = {}
    for section, gaps in found:
        if gaps:
            alike.setdefault(gaps, []).append(names[section])
    return [(label, gaps) for gaps, sections in alike.items() for label in _labels(sections)]


def _labels(sections: list[str]) -> list[str]:
    return sections if len(sections) <= _FEW else [f"{len(sections)} sections"]


def _row(label: str, gaps: Sequence[Gap], form: str, look: Look, most: int) -> list[str]:
    """The gaps behind the label, those of a kind behind their mark; the newest first, as they matter most where there is not room for all."""
    phrases: list[str] = []
    for sight in _ORDER:
        of_kind = [_phrase(gap, form) for gap in reversed(gaps) if gap.sight is sight]
        if of_kind:
            of_kind[0] = f"{look.mark(sight)} {of_kind[0]}"
            phrases += [*(f"{phrase}," for phrase in of_kind[:-1]), f"{of_kind[-1]} "]
    days = sum(gap.days for gap in gaps)
    head = f"  {label}  {days:>4,} {'day ' if days == 1 else 'days'}  "
    return wrapped(head, phrases, look.columns, most)


def _phrase(gap: Gap, form: str) -> str:
    """2026-11-03 to 11-04 (12); the year once, and only where there are several."""
    days = f"{gap.first:{form}}"
    if gap.days > 1:
        days += f" to {gap.last:{form if gap.first.year != gap.last.year else _SHORT}}"
    return f"{days} ({gap.count:,})" if gap.count else days


def steps(site: str, coverages: Sequence[Coverage], list_all: str) -> list[str]:
    """The commands that fetch what is missing, in their order; none when nothing is."""
    tallies = [one.tally() for one in coverages]
    failed, waiting = any(one.failed for one in tallies), any(one.waiting for one in tallies)
    crawls = _crawls(site, {one.section: days for one in coverages if (days := one.unwalked())}, list_all)
    if not crawls and (failed or waiting):
        crawls = [f"scrapy crawl {site}"]  # it goes on with what waits
    return [*([f"scrapy retry {site}"] if failed else []), *crawls]


def _crawls(site: str, unwalked: Mapping[str, Sequence[date]], list_all: str) -> list[str]:
    """One crawl of everything, and one of the sections of which more is missing. Days between that are complete are not walked again."""
    every = unwalked.get(list_all, ())
    found = [_crawl(site, every)] if every else []
    more = {code: _outside(days, every) for code, days in unwalked.items() if code != list_all}
    sections = [code for code, days in more.items() if days]
    if sections:
        days = [day for code in sections for day in more[code]]
        found.append(f"{_crawl(site, days)} -a sections={','.join(sections)}")
    return found


def _outside(days: Sequence[date], every: Sequence[date]) -> list[date]:
    """The days that a crawl of everything does not pass."""
    return [day for day in days if not every or not every[0] <= day <= every[-1]]


def _crawl(site: str, days: Sequence[date]) -> str:
    return f"scrapy crawl {site} -a since={min(days)} -a until={max(days)}"
