"""Weeks of daily crawls of a newsroom, and then a day on which something is wrong: what the monitors say. `make monitortest` runs it (minutes);
with ARGS=--timetable the times of deploy/crontab (half an hour).

Nothing is made up here but the site: the figures are those of real crawls, and the past is what these left in the state.
"""

from __future__ import annotations

import argparse
import shutil
import tempfile
import time
from collections.abc import Callable, Collection
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path

from newscrawl.korean import KST
from newscrawl.newsroom import Clock, Faults, Newsroom, Site, Ways, generate
from tests.monitors import timetable
from tests.monitors.runs import Run, latest, run

LAST = datetime(2026, 11, 22, 18, 0, tzinfo=KST)  # a Sunday; the days before it have no holiday
FEEDS = Ways(feed_items=100)
_AT_ONCE = partial(print, flush=True)  # it may go into a file, which somebody watches
SLOWER, SLOW = 0.6, 2.0  # seconds that a page takes


@dataclass(frozen=True)
class Day:
    """A day of a site, as it is crawled at its end. `quiet`: a section that published nothing on it."""

    faults: Faults
    ways: Ways = FEEDS
    settings: Collection[str] = ()
    quiet: str | None = None


def crawl(site: Site, at: datetime, data: Path, day: Day) -> Run:
    """One run of a schedule, a day after the last."""
    clock = Clock(at, speed=1.0)
    with Newsroom(_without(site, day.quiet, at), faults=day.faults, clock=clock, ways=day.ways) as room:
        return run(room, clock, data, ["since=1d"], ["NEWSCRAWL_RECHECK_AFTER=0", *day.settings])


def _without(site: Site, section: str | None, at: datetime) -> Site:
    """The site, had other sections published what one did on the last day."""
    if section is None:
        return site
    others = sorted({one.section for one in site.articles} - {section})
    moved = (
        replace(one, section=others[one.number % len(others)], subsection=None)
        if one.section == section and one.published_at > at - timedelta(days=1)
        else one
        for one in site.articles
    )
    return replace(site, articles=list(moved))


def _since(site: Site, at: datetime, hours: float) -> set[str]:
    """The articles of the last hours."""
    return {one.id for one in site.articles if at - timedelta(hours=hours) <= one.published_at <= at}


def troubles(site: Site, at: datetime) -> dict[str, tuple[Day, set[str]]]:
    """What may be wrong, and the monitors that should say so."""
    half, all_of_it, none = _since(site, at, 12), _since(site, at, 24), Faults.none()
    busiest = max((one.section for one in site.articles), key=[one.section for one in site.articles].count)
    outage = Ways(feed_items=100, outage=(at + timedelta(seconds=2), at + timedelta(days=1)))
    return {
        "nothing": (Day(none), set()),
        "a redesign half-way through the day": (Day(Faults({"no_container": half})), {"body container"}),
        "a dead feed": (Day(none, replace(FEEDS, feed_missing=1.0)), {"robots.txt and feeds"}),
        f"pages that take {SLOWER} s": (Day(Faults({"slow": all_of_it}, delay=SLOWER)), set()),
        f"a slow site: pages that take {SLOW} s": (Day(Faults({"slow": all_of_it}, delay=SLOW)), {"lateness"}),
        "an outage": (Day(none, outage, ("RETRY_TIMES=1",)), {"errors"}),
        "a section gone quiet on a Sunday": (Day(none, quiet=busiest), {"sections"}),
        "a full disk": (Day(none, settings=(f"NEWSCRAWL_MONITORS_DISK={10**18}",)), {"disk"}),
    }


def weeks(data: Path, days: int, articles: int, seed: int, say: Callable[[str], None]) -> list[str]:
    """Crawl some weeks, then each trouble from the same past; what was not as it should be."""
    begun = time.monotonic()
    site = generate(articles * days, days, seed, LAST, cheap=True, rhythm="wire")
    wrong = []
    for back in range(days - 1, 0, -1):
        at = LAST - timedelta(days=back)
        wrong += [f"{at:%a %Y-%m-%d}: {one}" for one in crawl(site, at, data / "past", Day(Faults.none())).wrong]
    say(f"{days - 1} good days in {time.monotonic() - begun:.0f} s, {len(wrong)} alarms")
    for name, (day, expected) in troubles(site, LAST).items():
        shutil.copytree(data / "past", data / "now")
        done = crawl(site, LAST, data / "now", day)
        say(f"{name:<36} {_pace(data / 'now')}  {'; '.join(done.wrong) or '-'}")
        shutil.rmtree(data / "now")
        if done.monitors != expected:
            wrong.append(f"{name}: should be told by {sorted(expected) or 'nobody'}")
    return wrong


def _pace(data: Path) -> str:
    """How fast the site was in the last run."""
    figures = latest(data)
    pages = figures["pages"]
    answer = pages["latency"]["median"]
    return f"{figures['seconds'] / max(pages['requests'], 1):.2f} s a request, {'no' if answer is None else f'{answer:.3f} s an'} answer"


def main(say: Callable[[str], None] = _AT_ONCE) -> None:
    """Crawl, and say what is not as it should be."""
    parser = argparse.ArgumentParser(description=main.__doc__)
    parser.add_argument("--timetable", action="store_true", help="runs every ten minutes, as deploy/crontab has them")
    parser.add_argument(
        "--days", type=int, help="36, the last of them with a trouble; of --timetable 21 before the week"
    )
    parser.add_argument("--articles", type=int, default=500, help="of a day, on average")
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    data = Path(tempfile.mkdtemp(prefix="monitortest-"))
    if options.timetable:
        days = 21 if options.days is None else options.days
        wrong = timetable.weeks(data, days, options.articles, options.seed, say)
    else:
        wrong = weeks(data, options.days or 36, options.articles, options.seed, say)
    if wrong:
        raise SystemExit("\n".join([*wrong, f"what it left is in {data}"]))
    shutil.rmtree(data)


if __name__ == "__main__":
    main()
