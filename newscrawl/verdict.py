"""Whether a run went well, by its stats: what was lost, and the summary that a person reads."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from newscrawl.discovery.lateness import shown

PREFIX = "newscrawl/"
RETRIED = "newscrawl/retried"  # what failed and a watch asks for again
GOES_ON = "goes_on"  # in place of a reason: the figures are of a part of a watch, and the next has begun
READER_LEFT = "reader_left"  # whoever read an output, as `head -3` does, had enough
ENDED_WELL = ("finished", READER_LEFT, GOES_ON)
LOST = 1  # the run ended, and something is missing
USAGE = 2  # an argument, a setting or an output is wrong: nothing was asked of the site
ENDED_EARLY = 3  # the site cannot be reached or asks us to stay away, robots.txt cannot be had, the disk is full, or somebody ended it
# Stats that mean that something is missing from the output; a prefix ends in a slash.
_MANY_IN_BROWSER = 0.05  # of the article pages: more than some pages that are made in another way
FAILED = "newscrawl/failed/"
PIPELINE_ERRORS = "newscrawl/pipeline_errors"
_LOST = (
    (FAILED, "could not be fetched or written"),
    ("newscrawl/no_container", "had no body container"),
    ("newscrawl/drop/incomplete/", "were incomplete"),
    ("spider_exceptions/count", "raised an error in the spider"),
    (PIPELINE_ERRORS, "raised an error in a pipeline or the exporter"),
    ("feedexport/failed_count/", "feeds could not be stored"),
)


def lost(stats: Mapping[str, Any]) -> list[str]:
    """What was lost, one phrase each; empty when nothing was. What failed and was put back in a watch is not lost."""
    counts = ((what, total(stats, key) - (total(stats, RETRIED) if key == FAILED else 0)) for key, what in _LOST)
    return [f"{count} {what}" for what, count in counts if count > 0]


def problems(stats: Mapping[str, Any]) -> list[str]:
    """Why this run did not go well; empty when it came to its end or had no reader left, the site answered what was asked, and nothing was lost."""
    reason = stats.get("finish_reason")
    told = bool(stats.get("newscrawl/watch")) and reason == "shutdown"  # the only end that a watch has
    found = [] if reason in ENDED_WELL or told else [f"ended early ({reason or 'never began'})"]
    answers, requests = stats.get("response_received_count"), stats.get("downloader/request_count")
    if requests and not answers:
        found.append("the site did not answer")
    # Without a request there was nothing to fetch: the output, or another run, has it all. That a page is gone, or as it was, is an answer.
    elif answers and not any(
        total(stats, f"newscrawl/{what}") for what in ("pages", "gone/", "rechecked/", "polls/not_modified")
    ):
        found.append("no page of the site could be read")
    return found + lost(stats)


def exit_code(stats: Mapping[str, Any], found: list[str]) -> int:
    """That of a run with these problems."""
    if not found:
        return 0
    return LOST if stats.get("finish_reason") in ENDED_WELL else ENDED_EARLY


def total(stats: Mapping[str, Any], key: str) -> int:
    """The value of a stat, or the sum of all below a prefix."""
    if not key.endswith("/"):
        return int(stats.get(key, 0))
    return sum(int(value) for name, value in stats.items() if name.startswith(key))


def summary(stats: Mapping[str, Any]) -> list[str]:
    """The run in a few lines: what was exported, what was not and why."""
    rows = [
        ("found", total(stats, "newscrawl/found/"), _parts(stats, "newscrawl/found/")),
        ("ways", *_ways(stats)),
        ("polls", int(stats.get("newscrawl/polls/asked", 0)), _polls(stats)),
        ("exported", int(stats.get("newscrawl/exported", 0)), ""),
        ("marked", total(stats, "newscrawl/duplicate/"), _parts(stats, "newscrawl/duplicate/")),
        ("revised", int(stats.get("newscrawl/revised", 0)), _restated(stats)),
        ("rechecked", total(stats, "newscrawl/rechecked/"), _parts(stats, "newscrawl/rechecked/")),
        ("known", int(stats.get("newscrawl/seen", 0)), ""),
        ("dropped", total(stats, "newscrawl/drop/"), _parts(stats, "newscrawl/drop/")),
        ("skipped", total(stats, "newscrawl/skipped/"), _parts(stats, "newscrawl/skipped/")),
        ("gone", total(stats, "newscrawl/gone/"), _parts(stats, "newscrawl/gone/")),
        ("refused", int(stats.get("newscrawl/refused", 0)), ""),
        ("browser", int(stats.get("newscrawl/browser/tried", 0)), _browser(stats)),
        ("unreadable", int(stats.get("newscrawl/no_container", 0)), ""),
        ("lost", total(stats, "newscrawl/failed/"), _parts(stats, "newscrawl/failed/")),
        ("lateness", int(stats.get("newscrawl/lateness/all/count", 0)), _lateness(stats)),
        ("left", int(stats.get("newscrawl/left", 0)), "for the next run"),
    ]
    return [
        f"{name:<10} {count:>7,}{'  ' + parts if parts else ''}"
        for name, count, parts in rows
        if count or name in ("found", "exported")
    ]


def figures(stats: Mapping[str, Any]) -> dict[str, int]:
    """The project's own counts of a run."""
    return {name.removeprefix(PREFIX): int(value) for name, value in stats.items() if name.startswith(PREFIX)}


def _restated(stats: Mapping[str, Any]) -> str:
    """How many revisions say of a story what turned out later."""
    count = int(stats.get("newscrawl/restated", 0))
    return f"restated {count:,}" if count else ""


def _browser(stats: Mapping[str, Any]) -> str:
    """What the pages that were tried in a browser gave, and a word when many needed it."""
    outcomes = ("gained", "nothing", "failed")
    found = [f"{name} {stats[key]:,}" for name in outcomes if (key := f"{PREFIX}browser/{name}") in stats]
    needed, pages = (int(stats.get(PREFIX + name, 0)) for name in ("browser/needed", "article_pages"))
    if pages and needed / pages > _MANY_IN_BROWSER:
        found.append(f"{needed / pages:.0%} of the article pages needed it: has the site moved its texts to scripts?")
    return ", ".join(found)


def _polls(stats: Mapping[str, Any]) -> str:
    """How many polls found nothing changed or no answer, and how many requests an article took."""
    found = [
        f"{name} {stats[key]:,}" for name in ("not_modified", "failed") if (key := f"{PREFIX}polls/{name}") in stats
    ]
    if exported := stats.get("newscrawl/exported"):
        found.append(f"{stats.get('downloader/request_count', 0) / exported:.1f} requests an article")
    return ", ".join(found)


def _lateness(stats: Mapping[str, Any]) -> str:
    """From publication to the line: half of the articles within, 95 of 100 within; of all and of each way."""
    prefix = f"{PREFIX}lateness/"
    ways = sorted({name.removeprefix(prefix).split("/")[0] for name in stats if name.startswith(prefix)} - {"all"})
    shown_of = [f"{way} {_late(stats, f'{prefix}{way}')}" for way in ways]
    return "; ".join([f"median and 95 % within {_late(stats, f'{prefix}all')}", *shown_of]) if ways else ""


def _late(stats: Mapping[str, Any], key: str) -> str:
    return ", ".join(shown(stats[f"{key}/{name}"]) for name in ("median", "p95"))


def _ways(stats: Mapping[str, Any]) -> tuple[int, str]:
    """How many ways named articles, and each with what it named, what only it did, and what it missed."""
    found: dict[str, dict[str, int]] = {}
    for name, value in stats.items():
        if name.startswith(f"{PREFIX}ways/"):
            way, what = name.removeprefix(f"{PREFIX}ways/").split("/")
            found.setdefault(way, {})[what] = value
    parts = []
    for way, counts in sorted(found.items(), key=lambda part: -part[1]["named"]):
        words = (("only", "alone"), ("missed", "missed"))
        more = ", ".join(f"{counts[what]:,} {shown}" for what, shown in words if counts.get(what))
        parts.append(f"{way} {counts['named']:,}" + (f" ({more})" if more else ""))
    return len(found), ", ".join(parts)


def _parts(stats: Mapping[str, Any], prefix: str) -> str:
    found = {name.removeprefix(prefix): int(value) for name, value in stats.items() if name.startswith(prefix)}
    return ", ".join(f"{name} {count:,}" for name, count in sorted(found.items(), key=lambda part: -part[1]))
