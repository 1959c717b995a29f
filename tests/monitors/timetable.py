"""A newsroom crawled at the times of deploy/crontab: weeks of hourly runs for a past, a week of runs every ten minutes in which nothing is wrong,
and a day with an outage and a full disk, half an hour each."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Collection, Iterator
from datetime import datetime, timedelta
from itertools import groupby
from pathlib import Path

import orjson

from deploy.schedule import SCHEDULES
from newscrawl.korean import KST
from newscrawl.newsroom import Clock, Faults, Newsroom, Ways, generate
from tests.monitors.receivers import Receiver, http_receiver
from tests.monitors.runs import Run, run

TEN_MINUTES, HOUR, DAY = timedelta(minutes=10), timedelta(hours=1), timedelta(days=1)
BEGIN = datetime(2026, 11, 10, tzinfo=KST)  # a Tuesday; no holiday in the weeks before it and after it
LAST_DAY = BEGIN + 7 * DAY
OUTAGE = (LAST_DAY + 10 * HOUR, LAST_DAY + 10.5 * HOUR - timedelta(seconds=1))  # three runs meet each
DISK_FULL = (LAST_DAY + 16 * HOUR, LAST_DAY + 16.5 * HOUR)
FULL = 80_000  # bytes of a file; the state has more
PASSING = Faults.named("unavailable", "cut", "spelling", "cp949", share=0.003)
"""What happens on any day, and loses nothing."""


def times(begin: datetime, end: datetime, every: timedelta) -> Iterator[tuple[datetime, str]]:
    """When which schedule runs."""
    while begin < end:
        yield begin, "latest"
        if begin.hour == 3 and (begin.minute == 30 or every == HOUR):
            yield begin.replace(minute=31), "nightly"  # a minute late: here one ends before the next begins
        begin += every


class Timetable:
    """Runs in the order of their times. `wrong`: what should not have been, `told`: the notices, and when."""

    def __init__(
        self, room: Newsroom, clock: Clock, data: Path, receiver: Receiver, say: Callable[[str], None]
    ) -> None:
        self.room, self.clock, self.data, self.receiver, self.say = room, clock, data, receiver, say
        self.runs = 0
        self.wrong: list[str] = []
        self.told: list[tuple[datetime, str]] = []

    def go(self, plan: Collection[tuple[datetime, str]]) -> None:
        """Each run of a plan."""
        for at, schedule in plan:
            self.clock.set(at)
            full = DISK_FULL[0] <= at < DISK_FULL[1]
            asked = [one for one in SCHEDULES[schedule] if not one.startswith("setting=")]
            settings = [one.removeprefix("setting=") for one in SCHEDULES[schedule] if one.startswith("setting=")]
            settings.append(f"NEWSCRAWL_WEBHOOK_URL={self.receiver.url}")
            settings += [f"NEWSCRAWL_MONITORS_DISK={10**18}"] * full  # the disk itself has room
            self._judge(at, run(self.room, self.clock, self.data, asked, settings, FULL if full else None), full=full)
            self.runs += 1

    def _judge(self, at: datetime, done: Run, *, full: bool) -> None:
        """Whether it says what it should."""
        if full:  # a run that cannot keep its figures has none to show
            as_it_should = bool(done.code) and done.monitors <= {"disk"}
        else:
            as_it_should = done.monitors == {"errors"} if OUTAGE[0] <= at < OUTAGE[1] else not done.wrong
        if not as_it_should:
            self.wrong.append(f"{at:%a %m-%d %H:%M}: {'; '.join(done.wrong) or 'all well'}")
        for line in done.wrong:
            self.say(f"{at:%a %m-%d %H:%M}  {line}")
        for notice in self.receiver.told:
            self.told += [(at, f"{one['monitor']}{', over' if one['over'] else ''}") for one in notice["troubles"]]
            self.say(f"{at:%a %m-%d %H:%M}  told: {self.told[-1][1]}")
        self.receiver.told.clear()

    def check_output(self, since: datetime) -> None:
        """Whether every article that lists name is in the output once, and none twice."""
        files = sorted((self.data / "newspim").glob("*.jsonl"))
        lines = [orjson.loads(line) for file in files for line in file.read_bytes().splitlines()]
        ids = Counter(one["id"].removeprefix("newspim:") for one in lines if one["revision"] == 1)
        twice = [id for id, count in ids.items() if count > 1]
        missing = self.room.expected(since=since).missing(ids)
        # What only related boxes name may be named later than any run of `since=2h` reads the page that names it.
        beside = {id for id in missing if self.room.site.by_id[id].way == "related"}
        for what, found in (("missing", missing - beside), ("twice", twice)):
            if found:
                self.wrong.append(f"{len(found)} articles {what}: {sorted(found)[:5]}")
        self.say(f"{len(beside):,} articles are missing that only related boxes name")
        self.say(f"{len(ids):,} articles in {len(files):,} files")


def weeks(data: Path, past: int, articles: int, seed: int, say: Callable[[str], None]) -> list[str]:
    """All of it; what was not as it should be. `past`: days of hourly runs before the week; `articles`: of a day, on average."""
    begun, first, last = time.monotonic(), BEGIN - timedelta(days=past), LAST_DAY + DAY
    days = (last - first).days + 2
    site = generate(articles * days, days, seed, last, cheap=True, rhythm="wire")
    clock, ways = Clock(first), Ways(feed_items=100, outage=OUTAGE)
    with http_receiver() as receiver, Newsroom(site, faults=PASSING, clock=clock, ways=ways) as room:
        table = Timetable(room, clock, data, receiver, say)
        for plan in (
            times(first, BEGIN, HOUR),
            times(BEGIN, LAST_DAY, TEN_MINUTES),
            times(LAST_DAY, last, TEN_MINUTES),
        ):
            table.go(list(plan))
            say(
                f"{table.runs:,} runs in {time.monotonic() - begun:.0f} s, {len(table.wrong)} of them not as they should be"
            )
        table.check_output(first)
    # A full disk cannot keep whom it was told, so it may be told again.
    told = [what for what, _ in groupby(what for _, what in table.told)]
    if told != (expected := ["errors", "errors, over", "disk", "disk, over"]):
        table.wrong.append(f"told were {table.told}, and not {expected}")
    return table.wrong
