"""A watch through a day of a newsroom: whether it finds every article, how late, at how many requests, and what a kill in the middle costs."""

from __future__ import annotations

import os
import sys
import time
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from statistics import fmean, median, quantiles
from tempfile import TemporaryDirectory

from benchmarks._asked import Timed, articles_in, fetched_again, intervals, kind_of, polls
from benchmarks._crawl import Crawl, Record, at_once, crawl, exported, on_clock, once, second
from benchmarks._tables import Aim, table, turned
from newscrawl.discovery.lateness import shown
from newscrawl.newsroom import Clock, Newsroom, Site
from newscrawl.newsroom.known import WAYS
from newscrawl.settings import DOWNLOAD_DELAY

_GRACE = timedelta(minutes=15)  # what is published later than that before the end need not have been found
_SINCE = "since=6h"  # of the past: as much as is fetched before the day begins
_LINKS = frozenset(("sidebar", "related"))  # ways that only pages of articles are
_SAMPLE_EVERY = 1.0  # seconds, of this machine
_BUSIEST = 30  # samples over which the most CPU is looked for
_MEMORY_AT = (0.0, 0.1, 0.25, 0.5, 1.0)  # of the time


@dataclass(frozen=True, slots=True)
class Sample:
    """The crawler at a moment: its memory in MB, and how much of a core it took since the sample before."""

    memory: float
    busy: float


@dataclass(frozen=True, slots=True)
class Late:
    """An article: the way that found it; when it appeared, in seconds since 1970; the seconds until it was named, and until it was fetched."""

    way: str
    appeared: float
    named: float
    fetched: float


@dataclass(frozen=True, slots=True)
class Watched:
    """What a watch did. `sought`: what is published in its time and named by any page, `links`: that only articles link to, `found` of it; of
    two articles with the same words one. `doubled`: lines too many. `asked`: all requests, by the newsroom's clock; `again`: requests for
    articles that had been asked for before: looks, others, and others for articles that the output never has. `counts`: of the last run."""

    sought: frozenset[str]
    links: frozenset[str]
    found: frozenset[str]
    doubled: int
    late: tuple[Late, ...]
    asked: tuple[Timed, ...]
    again: tuple[int, int, int]
    counts: Mapping[str, int]
    samples: tuple[Sample, ...]

    @property
    def missing(self) -> frozenset[str]:
        """What it did not find."""
        return self.sought - self.found

    @property
    def kinds(self) -> Counter[str]:
        """The requests by what they are of."""
        return Counter(kind_of(request) for _, request in self.asked)

    @property
    def best_way(self) -> str:
        """Of the ways that are asked again and again the one that found most."""
        found = Counter(one.way for one in self.late if one.way not in _LINKS)
        return found.most_common(1)[0][0] if found else "list"

    @property
    def interval(self) -> float:
        """The median interval, in seconds, at which an address of that way is asked."""
        return median(intervals(self.asked, self.best_way) or [0.0])


def measure(site: Site, hours: float, speed: float, *, polite: bool) -> list[Aim]:
    """Watch, print the tables; what was to be reached. `hours` of the newsroom's time, `speed` times as fast; `polite`: at the usual delay."""
    delay = f"DOWNLOAD_DELAY={DOWNLOAD_DELAY / speed:.6f}"  # the setting is the machine's seconds
    settings = (*at_once(1), delay) if polite else at_once(8)
    noon = (site.end - timedelta(days=1)).replace(hour=12, minute=0)
    start, span = noon - timedelta(hours=hours) / 2, timedelta(hours=hours)
    whole = _watched(site, Clock(start, speed), span, settings, "none", kill=False)
    killed = _watched(site, Clock(start, speed), span, settings, "both", kill=True)
    pace = "at the usual delay" if polite else "without a delay"
    print(f"\n### A watch of {hours:g} hours from {start:%Y-%m-%d %H:%M}, {speed:g} times as fast, {pace}\n")
    names = ("figure", "a watch", "killed in the middle; with ETag and Last-Modified")
    print(table(names, turned(_FIGURES, [_figures(whole), _figures(killed)])))
    print(f"\nBy way, of the first of these:\n\n{table(_WAY_HEAD, _by_way(whole))}")
    _tell(site, whole)
    return [*_of_whole(whole), _same(whole, killed)]


# Watching


def _watched(
    site: Site, clock: Clock, span: timedelta, settings: Collection[str], validators: str, *, kill: bool
) -> Watched:
    with TemporaryDirectory(prefix="bench-discovery-") as folder:
        log = Path(folder) / "requests.jsonl"
        with (
            Newsroom(site, log=log, validators=validators, clock=clock) as room,
            crawl(room, "watch=yes", _SINCE, settings=settings) as run,
        ):
            run.start()
            samples = _until(clock, clock.start + span / 2, run)
            if kill:
                run.kill()
                run.start()
            samples += _until(clock, clock.start + span, run)
            run.stop()
            asked = on_clock(clock, log)
            print(
                f"watch: {len(asked):,} requests in {len(samples) * _SAMPLE_EVERY:.0f} s", file=sys.stderr, flush=True
            )
            return _summed_up(room, clock.start + span, run, asked, samples)


def _until(clock: Clock, moment: datetime, run: Crawl) -> list[Sample]:
    """Samples of the crawler until a moment of the newsroom's. Raises RuntimeError when it ends before that."""
    assert run.process is not None
    samples, before, then = [], _cpu(run.process.pid), time.monotonic()
    while clock.now() < moment:
        time.sleep(_SAMPLE_EVERY)  # what is measured here is a moment of another process, every second
        if run.process.poll() is not None:
            run.wait()
            raise RuntimeError(f"the watch ended by itself:\n{run.log.read_text(encoding='utf-8')[-3000:]}")
        now, cpu = time.monotonic(), _cpu(run.process.pid)
        samples.append(Sample(_memory(run.process.pid), (cpu - before) / (now - then)))
        before, then = cpu, now
    return samples


def _memory(pid: int) -> float:
    """The resident memory of a process in MB (proc(5), statm: pages)."""
    return int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE") / 1e6


def _cpu(pid: int) -> float:
    """The CPU seconds of a process, user and system (proc(5), stat: the 14th and 15th field; the second, a name, may have spaces)."""
    user, system = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[11:13]
    return (int(user) + int(system)) / os.sysconf("SC_CLK_TCK")


def _summed_up(room: Newsroom, end: datetime, run: Crawl, asked: Sequence[Timed], samples: Sequence[Sample]) -> Watched:
    assert room.desk.clock is not None
    start, records, copies = room.desk.clock.start, run.records(), room.expected().twins
    named = {way: room.named(way) for way in WAYS}
    polled = once(frozenset().union(*(ids for way, ids in named.items() if way not in _LINKS)), copies)
    sought = once(frozenset().union(*named.values()) & set(room.published(start, end - _GRACE)), copies)
    begun = min(at for at, _ in asked)  # what appeared while the program was loaded is late for no fault of the watch
    new = [_late(record, room) for record in records if record["revision"] == 1]
    had = {record["id"][-14:]: second(record["fetched_at"]) for record in records if record["revision"] == 1}
    return Watched(
        frozenset(sought),
        frozenset(sought - polled),
        frozenset(once(exported(records), copies) & sought),
        len(records) - len({(record["id"], record["revision"]) for record in records}),
        tuple(one for one in new if one.appeared >= begun),
        tuple(asked),
        fetched_again(asked, had),
        run.counts(),
        tuple(samples),
    )


def _late(record: Record, room: Newsroom) -> Late:
    appeared = room.appeared_at(record["id"][-14:]).timestamp()
    found = record["found"]
    return Late(found["via"], appeared, second(found["at"]) - appeared, second(record["fetched_at"]) - appeared)


# Telling

_FIGURES = (
    "articles published and named",
    "of them found",
    "missing: named by lists, feeds …; by links of articles alone",
    "lines that are there twice",
    "lateness, from publication to the page: median; 95 %",
    "of that until it was named: median",
    "lateness to the line on the disk, as the (last) run says: median; 95 %",
    "the way that found most; its median polling interval",
    "requests",
    "of them polls; further pages of lists; robots.txt",
    "of them articles for the first time; looks",
    "of them again, but no looks: of articles of the output; of others",
    "requests per new article; without looks",
    "304 to polls; to looks",
    "memory at the start; after a tenth; a quarter; half; all of the time, MB",
    "CPU of the crawler, of a core: mean; busiest 30 s",
)


def _figures(one: Watched) -> list[object]:
    late, named = [of.fetched for of in one.late], [of.named for of in one.late]
    looks, twice, never = one.again
    asked = sum(1 for _ in polls(one.asked))
    others = sum(one.kinds[kind] for kind in ("article", "robots"))
    fetched = len(one.asked) - looks
    cached = Counter(kind_of(request) == "article" for _, request in one.asked if request.status == 304)
    busy = [sample.busy for sample in one.samples]
    return [
        len(one.sought),
        len(one.found),
        f"{len(one.missing - one.links)}; {len(one.missing & one.links)}",
        one.doubled,
        _median_and_95(late),
        shown(median(named)) if named else None,
        "; ".join(shown(one.counts.get(f"lateness/all/{what}", 0)) for what in ("median", "p95")),
        f"{one.best_way}; {shown(one.interval)}",
        len(one.asked),
        f"{asked:,}; {len(one.asked) - asked - others:,}; {one.kinds['robots']}",
        f"{len(set(articles_in(request for _, request in one.asked))):,}; {looks:,}",
        f"{twice}; {never}",
        f"{len(one.asked) / max(1, len(late)):.1f}; {fetched / max(1, len(late)):.1f}",
        f"{cached[False]:,}; {cached[True]:,}",
        "; ".join(f"{one.samples[_place(part, len(one.samples))].memory:.0f}" for part in _MEMORY_AT),
        f"{fmean(busy):.2f}; {max(fmean(busy[at : at + _BUSIEST]) for at in range(max(1, len(busy) - _BUSIEST))):.2f}",
    ]


def _place(part: float, count: int) -> int:
    """The sample at a part of the time; the first few are of the program that is still being loaded."""
    return max(min(3, count - 1), round(part * (count - 1)))


def _median_and_95(seconds: Sequence[float]) -> str | None:
    if len(seconds) < 2:
        return shown(seconds[0]) if seconds else None
    return f"{shown(median(seconds))}; {shown(quantiles(seconds, n=20, method='inclusive')[-1])}"


_WAY_HEAD = ("way", "articles found", "lateness to the page", "to the line on the disk, as the run says", "requests",
             "addresses", "median polling interval")  # fmt: skip


def _by_way(one: Watched) -> list[list[object]]:
    rows: list[list[object]] = []
    for way in ("flash", "feed", "sitemap", "front", "list", "topbar", *sorted(_LINKS)):
        late = [of.fetched for of in one.late if of.way == way]
        addresses = {(request.host, request.path) for _, request in polls(one.asked) if kind_of(request) == way}
        apart = intervals(one.asked, way)
        said = [one.counts.get(f"lateness/{way}/{what}") for what in ("median", "p95")]
        rows.append(
            [
                way,
                len(late),
                _median_and_95(late),
                "; ".join(shown(value) for value in said if value is not None) or None,
                one.kinds[way] or None,
                len(addresses) or None,
                shown(median(apart)) if apart else None,
            ]
        )
    return rows


def _tell(site: Site, one: Watched) -> None:
    for id in sorted(one.missing):
        story = site.by_id[id]
        print(f"\nMissing: {id} ({story.form}, {story.published_at:%H:%M}), named by {story.way}")


def _of_whole(one: Watched) -> list[Aim]:
    late = median(of.fetched for of in one.late) if one.late else 0.0
    _, twice, never = one.again
    return [
        Aim("watch: every article is found", f"{len(one.found):,} of {len(one.sought):,}", not one.missing),
        Aim(
            "watch: median lateness under one polling interval",
            f"{shown(late)}, {shown(one.interval)} ({one.best_way})",
            late < one.interval,
        ),
        Aim("watch: no article is fetched twice but to look at it again", f"{twice + never} were", not twice + never),
    ]


def _same(whole: Watched, killed: Watched) -> Aim:
    figure = f"{len(killed.found):,} and {len(whole.found):,} articles, {killed.doubled} lines twice"
    same = killed.found == whole.found and not killed.doubled
    return Aim("watch, killed in the middle and started again: the same articles, none twice", figure, same)
