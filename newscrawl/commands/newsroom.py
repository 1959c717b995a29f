"""`scrapy newsroom`: the news site in a box, served until Ctrl-C."""

from __future__ import annotations

import argparse
import signal
import threading
from datetime import datetime
from typing import TYPE_CHECKING

from scrapy.commands import ScrapyCommand
from scrapy.exceptions import UsageError

from newscrawl.korean import KST

# Scrapy imports every command for each run of any: the newsroom is imported where it is used.
if TYPE_CHECKING:
    from newscrawl.newsroom import Clock, Faults, Newsroom, Site, Ways


class Command(ScrapyCommand):
    """Generates a site and serves it on 127.0.0.1."""

    requires_crawler_process = False

    def syntax(self) -> str:
        """What may follow the command's name."""
        return "[options]"

    def short_desc(self) -> str:
        """One line for `scrapy --help`."""
        return "Serve a generated news site, with faults and edits on request"

    def long_desc(self) -> str:
        """For `scrapy newsroom --help`."""
        from newscrawl.newsroom.faults import KINDS
        from newscrawl.newsroom.scripted import KINDS as SCRIPTED

        return (
            f"{self.short_desc()}. Faults: {', '.join(KINDS)}; and, by name only, pages whose body a script fills: "
            f"{', '.join(SCRIPTED)}. With --edits, articles are corrected or withdrawn once they have been "
            "read: a later crawl finds them so. With --clock, articles appear as the site's time passes."
        )

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        """The options of the site, its faults and its edits."""
        from newscrawl.newsroom.faults import ROBOTS
        from newscrawl.newsroom.rhythm import RHYTHMS
        from newscrawl.newsroom.validators import NAMES
        from newscrawl.newsroom.ways import ROBOTS_SITEMAPS

        super().add_options(parser)
        group = parser.add_argument_group(title="Newsroom")
        group.add_argument("--articles", type=int, default=500, metavar="N", help="articles of the site (default: 500)")
        group.add_argument(
            "--days", type=int, default=3, metavar="D", help="days over which they were published (default: 3)"
        )
        group.add_argument(
            "--seed", type=int, default=1, metavar="S", help="the same seed gives the same site (default: 1)"
        )
        group.add_argument(
            "--end", default=None, metavar="TIME", help="the site's last moment, ISO 8601, KST (default: now)"
        )
        group.add_argument(
            "--port", type=int, default=8017, metavar="P", help="port on 127.0.0.1, 0 for any (default: 8017)"
        )
        group.add_argument(
            "--faults", default="none", metavar="NAMES", help="none, mixed, or names with commas (default: none)"
        )
        group.add_argument(
            "--share", type=float, default=0.1, metavar="X", help="share of articles with a fault (default: 0.1)"
        )
        group.add_argument("--robots", choices=ROBOTS, default="plain", help="how robots.txt answers (default: plain)")
        group.add_argument(
            "--edits",
            type=float,
            default=0.0,
            metavar="X",
            help="share of articles that are corrected, a tenth of them withdrawn, once they have been read (default: 0)",
        )
        group.add_argument(
            "--validators", choices=NAMES, default="none", help="ETag or Last-Modified of articles (default: none)"
        )
        group.add_argument(
            "--rhythm", choices=RHYTHMS, default="uniform", help="when articles are published (default: uniform)"
        )
        group.add_argument(
            "--clock",
            default=None,
            metavar="TIME",
            help="the site's moment at start, KST: what comes later appears then",
        )
        group.add_argument(
            "--speed", type=float, default=None, metavar="X", help="seconds of the clock per second (default: 1)"
        )
        group.add_argument(
            "--list-depth", type=int, default=None, metavar="N", help="rows that a list gives (default: all)"
        )
        group.add_argument(
            "--feed-lag",
            default="0",
            metavar="SECONDS",
            help="how long after it appears an article is in the feeds; 60-900 draws for each (default: 0)",
        )
        group.add_argument(
            "--sitemaps", choices=ROBOTS_SITEMAPS, default="none", help="what robots.txt names (default: none)"
        )
        group.add_argument(
            "--families",
            type=float,
            default=0.0,
            metavar="SHARE",
            help="share of the articles that are steps, copies, rewrites of others, or pieces of a series (0 to 0.5; default: 0)",
        )
        group.add_argument("--cheap", action="store_true", help="cheaper pages for benchmarks: paragraphs from a pool")
        group.add_argument("--log", default=None, metavar="FILE", help="append each request to FILE as a line of JSON")

    def run(self, args: list[str], opts: argparse.Namespace) -> None:
        """Serve until interrupted; `UsageError` for a bad option or a taken port."""
        from newscrawl.newsroom import Newsroom, generate
        from newscrawl.newsroom.server import MOST_PORT

        if args:
            raise UsageError("scrapy newsroom takes no arguments")
        if not 0 <= opts.port <= MOST_PORT:
            raise UsageError(f"--port {opts.port}: takes 0 to {MOST_PORT}", print_help=False)
        if not 0 <= opts.share <= 1:
            raise UsageError(f"--share {opts.share}: takes a share, 0 to 1", print_help=False)
        if not 0 <= opts.edits <= 1:
            raise UsageError(f"--edits {opts.edits}: takes a share, 0 to 1", print_help=False)
        end = parse_end(opts.end)
        try:
            site = generate(
                opts.articles, opts.days, opts.seed, end, cheap=opts.cheap, rhythm=opts.rhythm, families=opts.families
            )
            faults = parse_faults(opts.faults, opts.share, opts.robots, opts.seed)
            clock = parse_clock(opts.clock, opts.speed, site)
            ways = parse_ways(opts.list_depth, opts.feed_lag, opts.sitemaps)
        except ValueError as error:
            raise UsageError(str(error), print_help=False) from error
        except OverflowError as error:  # before the year 1
            raise UsageError(f"there are no such days: {opts.days} up to {end:%Y-%m-%d}", print_help=False) from error
        stop = threading.Event()
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, lambda *_: stop.set())
        try:
            with Newsroom(site, opts.port, faults, opts.log, opts.validators, opts.edits, clock, ways) as room:
                print(greeting(room), flush=True)
                stop.wait()
                print(f"{len(room.requests)} requests served", flush=True)
        except OSError as error:
            what = f"write to {error.filename}" if error.filename else f"serve on port {opts.port}"
            raise UsageError(f"cannot {what}: {error.strerror or error}", print_help=False) from error


def parse_end(given: str | None) -> datetime:
    """The site's last moment: now, unless another is given. `UsageError` for what is no time."""
    try:
        return datetime.now(KST) if given is None else datetime.fromisoformat(given)
    except ValueError:
        raise UsageError(f"--end {given!r}: takes a time, like 2026-11-20T18:00", print_help=False) from None


def parse_clock(given: str | None, speed: float | None, site: Site) -> Clock | None:
    """The clock that --clock and --speed ask for; None without one. ValueError for a time that is not the site's."""
    from newscrawl.newsroom import Clock
    from newscrawl.newsroom.clock import MOST_SPEED

    if given is None:
        if speed is not None:
            raise ValueError("--speed: needs a --clock")
        return None
    try:
        moment = site.aware(datetime.fromisoformat(given))
    except (ValueError, OverflowError):
        raise ValueError(f"--clock {given!r}: takes a time, like 2026-11-20T09:00") from None
    if not site.start <= moment <= site.end:
        days = f"{site.start:%Y-%m-%dT%H:%M} to {site.end:%Y-%m-%dT%H:%M}"
        raise ValueError(f"--clock {given}: the site's articles are of {days} (--days, --end)")
    if speed is not None and not 0 <= speed <= MOST_SPEED:
        raise ValueError(f"--speed {speed}: takes 0 to {MOST_SPEED:.0f}")
    return Clock(moment, 1.0 if speed is None else speed)


def parse_ways(depth: int | None, lag: str, sitemaps: str) -> Ways:
    """What lists, feeds and sitemaps show. ValueError for what they cannot."""
    from newscrawl.newsroom import Ways

    if depth is not None and depth < 0:
        raise ValueError(f"--list-depth {depth}: takes 0 or more rows")
    low, dash, high = lag.partition("-")
    wrong = f"--feed-lag {lag!r}: takes seconds, like 300 or 60-900"
    try:
        seconds = float(low), float(high if dash else low)
    except ValueError:
        raise ValueError(wrong) from None
    if not 0 <= seconds[0] <= seconds[1] < float("inf"):
        raise ValueError(wrong)
    return Ways(list_depth=depth, feed_lag=seconds, robots_sitemaps=sitemaps)


def parse_faults(names: str, share: float, robots: str, seed: int) -> Faults:
    """The faults that an option names; each of several names gets an equal part of the share."""
    from newscrawl.newsroom.faults import KINDS, Faults

    if names == "none":
        return Faults(robots=robots, seed=seed)
    chosen = list(KINDS) if names == "mixed" else [name.strip() for name in names.split(",") if name.strip()]
    if not chosen:
        raise ValueError("--faults: none, mixed, or names with commas")
    lists = share / 4 if names == "mixed" else 0.0
    return Faults({name: share / len(chosen) for name in chosen}, lists=lists, robots=robots, seed=seed)


def greeting(room: Newsroom) -> str:
    """What is printed at start."""
    from newscrawl.newsroom.fates import CORRECTED

    count, fates = len(room.site.articles), room.fates
    withdrawn = sum(fate != CORRECTED for fate in fates.values())
    edits = (
        f"\nonce read, {len(fates) - withdrawn} of them are corrected and {withdrawn} withdrawn: a later crawl finds them so"
        if fates
        else ""
    )
    clock = room.desk.clock
    runs = (
        f"\nits clock runs from {clock.start:%Y-%m-%d %H:%M} KST at {clock.speed:g} seconds a second: "
        f"{len(room.published())} articles have appeared"
        if clock
        else ""
    )
    time = f" -s NEWSCRAWL_CLOCK='{clock.setting}'" if clock and clock.speed else ""
    return (
        f"newsroom: {count} articles, {len(room.faults)} with a fault, at {room.url} (Ctrl-C ends it)\n"
        f"crawl it: scrapy crawl newspim -s NEWSCRAWL_NEWSROOM={room.url} -s NEWSCRAWL_DATA_DIR=data/newsroom "
        f"-s DOWNLOAD_DELAY=0 -s AUTOTHROTTLE_ENABLED=0{time}{edits}{runs}"
    )
