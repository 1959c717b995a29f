"""Weeks of daily crawls of a newsroom, and then a day on which something is wrong: what the monitors say. `make monitortest` runs it (minutes).

Nothing is made up here but the site: the figures are those of real crawls, and the past is what these left in the state. A slow site is not
among the troubles: a monitor tells it by seconds a request, which there are none of at the pace of a test.
"""

from __future__ import annotations

import argparse
import shutil
import tempfile
import time
from collections.abc import Callable, Collection
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path

import orjson

from newscrawl.korean import KST
from newscrawl.newsroom import Clock, Faults, Newsroom, Site, Ways, generate
from tests.crawl.conftest import scrapy

LAST = datetime(2026, 11, 22, 18, 0, tzinfo=KST)  # a Sunday; the days before it have no holiday
PACE = ("DOWNLOAD_DELAY=0", "AUTOTHROTTLE_ENABLED=0", "CONCURRENT_REQUESTS=8", "CONCURRENT_REQUESTS_PER_DOMAIN=8")
FEEDS = Ways(feed_items=100)


@dataclass(frozen=True)
class Day:
    """A day of a site, as it is crawled at its end. `quiet`: a section that published nothing on it."""

    faults: Faults
    ways: Ways = FEEDS
    settings: Collection[str] = ()
    quiet: str | None = None


def crawl(site: Site, at: datetime, data: Path, day: Day) -> tuple[int, list[str]]:
    """One run of a schedule, a day after the last; its exit code, and the monitors that failed."""
    clock = Clock(at, speed=1.0)
    with Newsroom(_without(site, day.quiet, at), faults=day.faults, clock=clock, ways=day.ways) as room:
        settings = [*PACE, f"NEWSCRAWL_NEWSROOM={room.url}", f"NEWSCRAWL_CLOCK={clock.setting}", *day.settings]
        settings += [f"NEWSCRAWL_DATA_DIR={data}", "NEWSCRAWL_REPORT_DAYS=0", "NEWSCRAWL_RECHECK_AFTER=0"]
        done = scrapy("crawl", "newspim", "-a", "since=1d", *(part for one in settings for part in ("-s", one)))
    told = scrapy("runs", "--json", "--number", "1", "-s", f"NEWSCRAWL_DATA_DIR={data}")
    monitors = orjson.loads(told.stdout)["figures"]["monitors"]
    return done.returncode, [f"{one['name']}: {one['text']}" for one in monitors if not one["passed"]]


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
    half, none = _since(site, at, 12), Faults.none()
    busiest = max((one.section for one in site.articles), key=[one.section for one in site.articles].count)
    outage = Ways(feed_items=100, outage=(at + timedelta(seconds=2), at + timedelta(days=1)))
    return {
        "nothing": (Day(none), set()),
        "a redesign half-way through the day": (Day(Faults({"no_container": half})), {"body container"}),
        "a dead feed": (Day(none, replace(FEEDS, feed_missing=1.0)), {"robots.txt and feeds"}),
        "an outage": (Day(none, outage, ("RETRY_TIMES=1",)), {"errors"}),
        "a section gone quiet on a Sunday": (Day(none, quiet=busiest), {"sections"}),
        "a full disk": (Day(none, settings=(f"NEWSCRAWL_MONITORS_DISK={10**18}",)), {"disk"}),
    }


def main(say: Callable[[str], None] = print) -> None:
    """Crawl some weeks, then each trouble from the same past."""
    parser = argparse.ArgumentParser(description=main.__doc__)
    parser.add_argument("--days", type=int, default=36)
    parser.add_argument("--articles", type=int, default=500, help="of a day, on average")
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    begun = time.monotonic()
    site = generate(options.articles * options.days, options.days, options.seed, LAST, cheap=True, rhythm="wire")
    data = Path(tempfile.mkdtemp(prefix="monitortest-"))
    wrong = []
    for days in range(options.days - 1, 0, -1):
        at = LAST - timedelta(days=days)
        code, failed = crawl(site, at, data / "past", Day(Faults.none()))
        wrong += [f"{at:%a %Y-%m-%d}: {one}" for one in failed] + ([f"{at:%Y-%m-%d}: exit {code}"] if code else [])
    say(f"{options.days - 1} good days in {time.monotonic() - begun:.0f} s, {len(wrong)} alarms")
    for name, (day, expected) in troubles(site, LAST).items():
        shutil.copytree(data / "past", data / "now")
        code, failed = crawl(site, LAST, data / "now", day)
        shutil.rmtree(data / "now")
        say(f"{name:<36} exit {code}  {'; '.join(failed) or '-'}")
        if {one.split(":")[0] for one in failed} != expected:
            wrong.append(f"{name}: should be told by {sorted(expected) or 'nobody'}")
    if wrong:
        raise SystemExit("\n".join([*wrong, f"what it left is in {data}"]))
    shutil.rmtree(data)


if __name__ == "__main__":
    main()
