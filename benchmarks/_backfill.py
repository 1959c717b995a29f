"""The backfill of one day in the middle of a newsroom, while new articles come in: how soon it comes, what it takes, what a kill costs."""

from __future__ import annotations

import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

from benchmarks._asked import articles_in, first_asked, list_pages, lists_before, pages_of, repeated
from benchmarks._crawl import at_once, crawl, exported, on_clock, once, second
from benchmarks._tables import Aim, table
from newscrawl.newsroom import Clock, Newsroom, Site
from newscrawl.spiders.newspim import NEWSPIM

# So much of the newsroom's time is left when the clock starts: articles come in for longer than a backfill takes.
_BEFORE_END = timedelta(days=3)
_MOST_LISTS = 40  # list requests before the first row
_LISTS_ALONE = ("ways=list", "follow=none")  # then an article is asked for only because a list named it
_KILLED_AFTER = (0.25, 0.5, 0.75)  # of the requests of a run that is not killed


@dataclass(frozen=True, slots=True)
class Backfill:
    """What is asked for, and how. `arguments`: beside the day; `at_once`: requests; `killed_at`: after so many requests each time."""

    name: str
    arguments: tuple[str, ...]
    at_once: int
    killed_at: tuple[int, ...] = ()

    @property
    def said(self) -> str:
        """It in a table."""
        return f"{self.name}, {self.at_once} at once" + (", killed" if self.killed_at else "")


_ALONE = (Backfill("lists alone", _LISTS_ALONE, 1), Backfill("lists alone", _LISTS_ALONE, 8))
_ALL = (Backfill("all ways", (), 1), Backfill("all ways", (), 8))


@dataclass(frozen=True, slots=True)
class Figures:
    """What a backfill took. `first`: list requests before a list named the first article of the day that no other way had named, `fetched`:
    before the first was asked for; `again`: list pages that were asked for before; `came`: new articles while it ran; `others`: articles of
    other days that were fetched; `ids`: what it found, of two with the same words one; `lines`: how many it wrote."""

    of: Backfill
    first: int | None
    fetched: int
    lists: int
    again: int
    requests: int
    others: int
    ids: frozenset[str]
    lines: int
    missing: int
    came: int
    seconds: float
    kills: int


def measure(site: Site, speed: float) -> list[Aim]:
    """Crawl, print the tables; what was to be reached. `speed`: of the newsroom's clock."""
    day = (site.start + (site.end - site.start) / 2).date()
    whole = [_figures(site, day, speed, one) for one in (*_ALONE, *_ALL)]
    killed_at = tuple(int(part * whole[-1].requests) for part in _KILLED_AFTER)
    killed = _figures(site, day, speed, replace(_ALL[-1], killed_at=killed_at))
    above, of_all = _walk_from_today(site, day)
    print(
        f"\n### Backfill of {day:%Y-%m-%d}, of {len(site.articles):,} articles, the clock {speed:,.0f} times as fast\n"
    )
    print(table(_HEAD, [_row(one) for one in (*whole, killed)]))
    print(
        f"\nA walk from today would read {above:,} pages of the list of everything before the day's first row, {of_all:,} of all lists."
    )
    return [
        *(_soon(one) for one in whole if one.of in _ALONE),
        *(_none_missing(one) for one in whole),
        _same(whole[-1], killed),
    ]


def _figures(site: Site, day: date, speed: float, of: Backfill) -> Figures:
    clock, begun = Clock(site.end - _BEFORE_END, speed), time.monotonic()
    asked = (f"since={day}", f"until={day}", *of.arguments)
    with (
        TemporaryDirectory(prefix="bench-discovery-") as folder,
        Newsroom(site, clock=clock, log=(log := Path(folder) / "requests.jsonl")) as room,
        crawl(room, *asked, settings=at_once(of.at_once)) as run,
    ):
        kills = sum(run.killed_at(requests) for requests in of.killed_at)
        run.run()
        seconds, came = time.monotonic() - begun, len(room.published(clock.start))
        records, requests = run.records(), on_clock(clock, log)
        ids, paths, copies = exported(records), list_pages(room.requests), room.expected().twins
        named = [second(record["found"]["at"]) for record in records if record["found"]["via"] == "list"]
        of_day = {id for id, story in site.by_id.items() if story.published_at.date() == day}
        sought = room.named("list") & of_day if of.arguments else room.expected(day, day)
        found = Figures(
            of,
            lists_before(requests, min(named)) if named else None,
            lists_before(requests, first_asked(requests, of_day)),
            len(paths),
            repeated(paths),
            len(room.requests),
            len(set(articles_in(room.requests)) - of_day),
            frozenset(once(ids, copies)),
            len(ids),
            len(once(sought, copies) - once(ids, copies)),
            came,
            seconds,
            kills,
        )
    print(f"backfill, {of.said}: {seconds:.0f} s", file=sys.stderr, flush=True)
    return found


_HEAD = ("backfill", "list requests before the first row of the day", "before its first article is asked for", "list requests",
         "of them again", "requests", "of them other days' articles", "articles", "missing", "came in meanwhile", "seconds")  # fmt: skip


def _row(one: Figures) -> Sequence[object]:
    return (one.of.said, one.first, one.fetched, one.lists, one.again, one.requests, one.others, len(one.ids), one.missing, one.came,
            f"{one.seconds:.0f}")  # fmt: skip


def _walk_from_today(site: Site, day: date) -> tuple[int, int]:
    """The list pages that a walk from where the clock starts reads before a day's first row: of the list of everything, and of all lists."""
    over = datetime.combine(day + timedelta(days=1), datetime.min.time(), site.end.tzinfo)
    now = site.end - _BEFORE_END
    above = [
        sum(over <= site.articles[number].published_at < now for number in site.lists.get(code, ()))
        for code in (NEWSPIM.list_all, *(code for code in NEWSPIM.sections if code != NEWSPIM.list_all))
    ]
    return pages_of(above[0]), sum(map(pages_of, above))


def _soon(one: Figures) -> Aim:
    figure = "it never came" if one.first is None else str(one.first)
    reached = one.first is not None and one.first <= _MOST_LISTS
    return Aim(f"{one.of.said}: the first row in at most {_MOST_LISTS} list requests", figure, reached)


def _none_missing(one: Figures) -> Aim:
    figure = f"{one.missing} of {len(one.ids) + one.missing:,} missing, {one.came:,} came in"
    return Aim(f"{one.of.said}: none missing while articles come in", figure, not one.missing and one.came > 0)


def _same(whole: Figures, killed: Figures) -> Aim:
    figure = f"{len(killed.ids):,} and {len(whole.ids):,} articles, {killed.again - whole.again} list pages asked again for it"
    return Aim(
        f"backfill, killed {killed.kills} times and gone on with: the same articles, none twice",
        figure,
        killed.ids == whole.ids and killed.lines == len(killed.ids) and not killed.missing,
    )
