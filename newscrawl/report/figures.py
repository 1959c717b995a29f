"""The figures of a run, as `docs/reports.md` names them: from its stats, its tally and the state. Pure.

Every name is always there; what does not apply is null or empty. So a monitor can tell zero from unknown.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field
from datetime import datetime
from typing import Any

from newscrawl.discovery.lateness import Lateness
from newscrawl.korean import KST
from newscrawl.report.latency import Latency
from newscrawl.report.tally import Tally

SCHEMA = 1  # of the figures; a name that is added does not change it
Figures = dict[str, Any]
Stats = Mapping[str, Any]

_PREFIX = "newscrawl/"
_STATUS = "downloader/response_status_count/"
_LEVELS = ("WARNING", "ERROR", "CRITICAL")


@dataclass(frozen=True, slots=True)
class Begun:
    """What is known of a run from its start. `job`: Scrapyd's; `kind`: latest, backfill, watch, urls or probe; `arguments` as given;
    `started_at`: seconds since 1970; `part`: which part of a watch it is, from 1, and then `started_at` is the part's."""

    id: int
    site: str
    job: str | None
    kind: str
    arguments: dict[str, str]
    version: str
    host: str
    process: int
    started_at: float
    part: int | None = None


@dataclass(frozen=True, slots=True)
class Ending:
    """How it ended. `ended_at`: seconds since 1970; `exit_code` and `problems` by its verdict, before the monitors."""

    ended_at: float
    reason: str | None
    exit_code: int | None
    problems: list[str]


@dataclass(slots=True)
class Beside:
    """What neither stats nor tally know. `node`: the machine, of several that share a state; `lost`: articles and lists that failed and are not
    asked again; `latency`: as `Latency.summary` gives it. Bytes are bytes, `cpu_seconds` those of the process; None when the system does not
    tell."""

    node: str = ""
    lost: int = 0
    failures: list[dict[str, Any]] = field(default_factory=list)
    unreadable: list[dict[str, Any]] = field(default_factory=list)
    stories: list[dict[str, Any]] = field(default_factory=list)
    sources: list[dict[str, Any]] = field(default_factory=list)
    settings: dict[str, Any] = field(default_factory=dict)
    feeds: list[str] = field(default_factory=list)
    latency: Mapping[str, float | None] = field(default_factory=lambda: Latency().summary())
    cpu_seconds: float | None = None
    peak_memory: int | None = None
    free: int | None = None
    state_bytes: int | None = None
    feed_bytes: int | None = None


def figures(begun: Begun, ending: Ending, stats: Stats, tally: Tally, beside: Beside) -> Figures:
    """All of them; `monitors` is empty until they have run, `others` 0 until it is asked for."""
    seconds = max(ending.ended_at - begun.started_at, 0.0)
    exported = _count(stats, "exported")
    requests = int(stats.get("downloader/request_count", 0))
    return {
        "schema": SCHEMA,
        "id": begun.id,
        "part": begun.part,
        "runs": 1,
        "site": begun.site,
        "job": begun.job,
        "kind": begun.kind,
        "arguments": begun.arguments,
        "version": begun.version,
        "host": begun.host,
        "process": begun.process,
        "node": beside.node,
        "others": 0,
        "started_at": moment(begun.started_at),
        "ended_at": moment(ending.ended_at),
        "seconds": round(seconds, 1),
        "reason": ending.reason,
        "exit_code": ending.exit_code,
        "problems": ending.problems,
        "articles": {
            "found": sum(_below(stats, "found/").values()),
            "exported": exported,
            "revised": _count(stats, "revised"),
            "restated": _count(stats, "restated"),
            "withdrawn": _count(stats, "rechecked/withdrawn"),
            "known": _count(stats, "seen"),
            "left": _count(stats, "left"),
        },
        "kinds": dict(tally.kinds.most_common()),
        "records": tally.records,
        "timeline": tally.timeline.summary(),
        "fields": tally.fields(),
        "ways": _ways(stats, tally),
        "lateness": _of_lateness(tally.lateness) or _lateness(stats),
        "pages": _pages(stats, requests, beside.latency),
        "browser": _browser(stats),
        "polls": {name: _count(stats, f"polls/{name}") for name in ("asked", "not_modified", "failed")},
        "rechecked": _below(stats, "rechecked/"),
        "dropped": _below(stats, "drop/"),
        "skipped": _below(stats, "skipped/"),
        "checks": _below(stats, "check/"),
        "cleaned": _below(stats, "clean/"),
        "duplicates": _below(stats, "duplicate/"),
        "stories": beside.stories,
        "failures": _failures(stats, beside.failures),
        "unreadable": {"total": _count(stats, "no_container"), "named": beside.unreadable},
        "speed": {
            "articles_per_minute": round(60 * exported / seconds, 1) if seconds else None,
            "requests_per_article": round(requests / exported, 2) if exported else None,
            "cpu_seconds": beside.cpu_seconds,
            "peak_memory": beside.peak_memory,
        },
        "disk": {"free": beside.free, "state": beside.state_bytes, "feeds": beside.feed_bytes},
        "sources": beside.sources,
        "settings": beside.settings,
        "feeds": beside.feeds,
        "log": {level: int(stats.get(f"log_count/{level}", 0)) for level in _LEVELS},
        "monitors": [],
    }


def moment(seconds: float) -> str:
    """Seconds since 1970 as figures have times: ISO 8601 in Korean time, to the second."""
    return datetime.fromtimestamp(int(seconds), KST).isoformat()


def _count(stats: Stats, name: str) -> int:
    return int(stats.get(_PREFIX + name, 0))


def _below(stats: Stats, prefix: str) -> dict[str, int]:
    """The stats of ours that begin so, the highest first."""
    return _counted(stats, _PREFIX + prefix)


def _counted(stats: Stats, prefix: str) -> dict[str, int]:
    found = Counter({name.removeprefix(prefix): int(value) for name, value in stats.items() if name.startswith(prefix)})
    return dict(found.most_common())


def _ways(stats: Stats, tally: Tally) -> dict[str, dict[str, int | None]]:
    """By way: new requests that it gave (`found`), articles that its pages named, only it named, it missed (null for one that is not meant to
    have all), and those of the output that it found."""
    found = _below(stats, "found/")
    named = _below(stats, "ways/")
    names = [*dict.fromkeys([*(name.split("/")[0] for name in named), *found, *tally.via])]
    return {
        way: {
            "found": found.get(way, 0),
            "named": named.get(f"{way}/named", 0),
            "alone": named.get(f"{way}/only", 0),
            "missed": named.get(f"{way}/missed"),
            "articles": tally.via[way],
        }
        for way in names
    }


def _of_lateness(lateness: Lateness) -> dict[str, dict[str, Any]]:
    """By way, with the counts from which those of several runs together can be told; and of all, whose counts are the sum."""
    counts = lateness.counts()
    return {
        way or "all": asdict(late) | ({"counts": counts[way]} if way in counts else {})
        for way, late in lateness.summary().items()
    }


def _lateness(stats: Stats) -> dict[str, dict[str, float]]:
    """Of a run of which nothing but its stats is known."""
    found: dict[str, dict[str, float]] = {}
    prefix = f"{_PREFIX}lateness/"
    for name, value in stats.items():
        if name.startswith(prefix):
            way, _, what = name.removeprefix(prefix).rpartition("/")
            found.setdefault(way, {})[what] = value
    return found


def _pages(stats: Stats, requests: int, latency: Mapping[str, float | None]) -> dict[str, Any]:
    return {
        "requests": requests,
        "responses": int(stats.get("response_received_count", 0)),
        "articles": max(_count(stats, "article_pages") - _count(stats, "no_container"), 0),
        "lists": _count(stats, "list/pages"),
        "no_container": _count(stats, "no_container"),
        "refused": _count(stats, "refused"),
        "retries": int(stats.get("retry/count", 0)),
        "bytes": int(stats.get("downloader/response_bytes", 0)),
        "latency": dict(latency),
        "gone": _below(stats, "gone/"),
        "statuses": _counted(stats, _STATUS),
    }


def _browser(stats: Stats) -> dict[str, Any]:
    """Article pages that were tried in a browser; `share`: of all article pages those that needed it, null without any."""
    pages, needed = _count(stats, "article_pages"), _count(stats, "browser/needed")
    names = ("tried", "gained", "nothing", "failed", "needed", "requests")
    counts = {name: _count(stats, f"browser/{name}") for name in names}
    counts["lists"] = sum(_below(stats, "browser_lists/").values())
    return counts | {"share": round(needed / pages, 4) if pages else None}


def _failures(stats: Stats, named: Iterable[dict[str, Any]]) -> dict[str, Any]:
    """What failed and was not put back: a watch asks again for what failed."""
    reasons = _below(stats, "failed/")
    total = max(sum(reasons.values()) - _count(stats, "retried"), 0)
    return {"total": total, "reasons": reasons, "named": list(named)}
