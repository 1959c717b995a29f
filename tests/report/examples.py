"""Figures of runs that never were: a good one, a bad one, an empty one, one that died, a long backfill, one whose site is hostile."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta, timezone
from random import Random
from typing import Any

from newscrawl.discovery.lateness import Lateness
from newscrawl.report.course import Course
from newscrawl.report.merging import Together

KST = timezone(timedelta(hours=9))
START = datetime(2026, 11, 20, 7, 0, 3, tzinfo=KST)
SECTIONS = {
    "경제": 9,
    "정치": 7,
    "증권": 6,
    "사회": 5,
    "산업": 4,
    "글로벌": 4,
    "부동산": 3,
    "문화": 2,
    "전국": 2,
    "스포츠": 1,
    None: 1,
}
FIELDS = {
    "title": (1.0, {"og:title": 97, "h1": 3}),
    "deck": (0.62, {"position": 62}),
    "section": (0.97, {"breadcrumb": 90, "list": 7}),
    "subsection": (0.31, {"breadcrumb": 31}),
    "published_at": (0.995, {"label": 95, "json-ld": 4}),
    "modified_at": (0.42, {"label": 42}),
    "place": (0.71, {"dateline": 71}),
    "authors": (0.88, {"byline": 80, "closing": 8}),
    "body": (0.99, {"newspim 2026 desktop": 98, "newspim 2018 desktop": 1}),
    "images": (0.78, {"container": 78}),
    "tickers": (0.16, {"title": 6, "body": 10}),
    "related": (0.55, {"box": 55}),
}
FIGURES = dict[str, Any]


def good(number: int = 12, at: datetime = START, seed: int = 0) -> FIGURES:
    """A run of the latest articles in which all went well."""
    dice = Random(seed)
    rows = _timeline(dice, at)
    new = sum(row["articles"] for row in rows)
    return {
        "schema": 1,
        "id": number,
        "part": None,
        "runs": 1,
        "site": "newspim",
        "job": None,
        "kind": "latest",
        "arguments": {"since": "2d"},
        "version": "0.6.0",
        "host": "box",
        "process": 4711,
        "node": "",
        "others": 0,
        "started_at": at.isoformat(),
        "ended_at": (at + timedelta(seconds=67.2)).isoformat(),
        "seconds": 67.2,
        "reason": "finished",
        "exit_code": 0,
        "problems": [],
        "articles": {
            "found": new + 20,
            "exported": new,
            "revised": 3,
            "restated": 1,
            "withdrawn": 0,
            "known": 17,
            "left": 0,
        },
        "kinds": {"article": new - 12, "flash": 10, "photo": 2},
        "records": new,
        "timeline": {"unit": "hour", "rows": rows},
        "fields": _fields(dice, new),
        "ways": {
            "list": {"found": 40, "named": 210, "alone": 12, "missed": 3, "articles": 38},
            "feed": {"found": 31, "named": 150, "alone": 4, "missed": 41, "articles": 30},
            "sitemap": {"found": 22, "named": 96, "alone": 0, "missed": 90, "articles": 20},
            "sidebar": {"found": 9, "named": 64, "alone": 6, "missed": 0, "articles": 8},
        },
        "lateness": {
            "all": {"count": 80, "median": 17.0 + seed % 5, "p95": 122.0 + 9 * (seed % 7)},
            "feed": {"count": 40, "median": 12.5, "p95": 64.0, "counts": [[12.0, 20], [13.0, 16], [64.0, 4]]},
            "list": {"count": 40, "median": 33.0, "p95": 340.0, "counts": [[33.0, 38], [340.0, 2]]},
        },
        "pages": {
            "requests": 1180,
            "responses": 1179,
            "articles": 105,
            "lists": 12,
            "no_container": 0,
            "refused": 0,
            "retries": 2,
            "bytes": 9876543,
            "latency": {"median": 0.21, "p95": 0.68},
            "gone": {"404": 1},
            "statuses": {"200": 1178, "404": 1},
        },
        "browser": {
            "tried": 4,
            "gained": 3,
            "nothing": 1,
            "failed": 0,
            "needed": 4,
            "requests": 7,
            "lists": 1,
            "share": 0.0381,
        },
        "polls": {"asked": 0, "not_modified": 0, "failed": 0},
        "rechecked": {"unchanged": 10, "changed": 2},
        "dropped": {"duplicate/exact": 3, "incomplete/title": 0},
        "skipped": {"outside/list": 4},
        "checks": {"short_body": 1},
        "cleaned": {"bom": 2, "zero_width": 14},
        "duplicates": {"update": 3, "rewrite": 1, "template": 10},
        "stories": [
            {
                "id": "newspim:20261120000123",
                "title": '[종합] 지어낸 은행, 기준금리 동결…"물가 지켜보겠다"',
                "articles": 4,
            },
            {"id": "newspim:20261120000097", "title": "지어낸 전자 3분기 영업이익 12.3조 원", "articles": 2},
        ],
        "failures": {"total": 0, "reasons": {}, "named": []},
        "unreadable": {"total": 0, "named": []},
        "speed": {
            "articles_per_minute": 89.3 + dice.random() * 9,
            "requests_per_article": 1.8,
            "cpu_seconds": 5.1,
            "peak_memory": 131000000 + dice.randrange(9_000_000),
        },
        "disk": {"free": 51000000000, "state": 31000000, "feeds": 470000},
        "sources": [
            {
                "url": "https://www.newspim.com/robots.txt",
                "kind": "robots",
                "status": 200,
                "hash": "9f2c4be1a0d37755",
                "named": None,
            },
            {"url": "http://rss.newspim.com/news/category/1", "kind": "feed", "status": 200, "hash": None, "named": 50},
        ],
        "settings": {"DOWNLOAD_DELAY": 0.0, "NEWSCRAWL_CONTACT": "…"},
        "feeds": ["2026-11-20T07-00-03.jsonl"],
        "log": {"WARNING": 0, "ERROR": 0, "CRITICAL": 0},
        "monitors": [
            {"name": "nothing lost", "passed": True, "text": "0 of 1,180 requests failed"},
            {"name": "fields", "passed": True, "text": "body 99 %, at least 95 % wanted"},
            {"name": "memory", "passed": True, "text": "131 MB, at most 500 MB wanted"},
        ],
    }


def bad(failures: int = 300) -> FIGURES:
    """A run that lost much, of which a hundred addresses are named."""
    found = good(13, START + timedelta(minutes=10), 7)
    addresses = [f"https://www.newspim.com/news/view/20261120{number:06}" for number in range(failures)]
    named = [
        {"url": url, "reason": "http 500" if place % 3 else "timeout", "at": found["ended_at"]}
        for place, url in enumerate(addresses)
    ]
    found["articles"] |= {"left": 42, "withdrawn": 1}
    found["fields"]["body"]["filled"] //= 2
    return found | {
        "exit_code": 1,
        "problems": [f"{failures} could not be fetched or written", "2 had no body container"],
        "dropped": {"duplicate/exact": 1234, "incomplete/title": 7},
        "failures": {
            "total": failures,
            "reasons": {"http 500": 2 * failures // 3, "timeout": failures - 2 * failures // 3},
            "named": named[:100],
        },
        "unreadable": {
            "total": 2,
            "named": [{"url": url, "file": f"unreadable/{url[-14:]}.html"} for url in addresses[:2]],
        },
        "log": {"WARNING": 3, "ERROR": failures, "CRITICAL": 0},
        "monitors": [
            {"name": "memory", "passed": True, "text": "131 MB, at most 500 MB wanted"},
            {"name": "nothing lost", "passed": False, "text": f"{failures} of 1,180 requests failed, at most 1 % may"},
            {"name": "fields", "passed": False, "text": "body 49 %, at least 95 % wanted"},
        ],
    }


def empty() -> FIGURES:
    """A run that found nothing, and lost nothing."""
    nothing = {
        "kinds",
        "fields",
        "ways",
        "lateness",
        "rechecked",
        "dropped",
        "skipped",
        "checks",
        "cleaned",
        "duplicates",
        "settings",
        "arguments",
    }
    found = {name: {} if name in nothing else value for name, value in good(14).items()}
    return found | {
        "articles": dict.fromkeys(found["articles"], 0),
        "records": 0,
        "timeline": {"unit": "hour", "rows": []},
        "stories": [],
        "sources": [],
        "feeds": [],
        "speed": {
            "articles_per_minute": 0.0,
            "requests_per_article": None,
            "cpu_seconds": 0.4,
            "peak_memory": 90_000_000,
        },
        "monitors": [],
    }


def died() -> FIGURES:
    """A run that nobody ended: most of it is null, and no name is missing."""
    told = ("schema", "id", "part", "runs", "site", "job", "kind", "host", "process", "started_at")
    full = good(15)
    empty = {"lateness": {}, "disk": dict.fromkeys(full["disk"]), "feeds": ["15.jsonl"], "monitors": []}
    how = {"reason": "died", "exit_code": 3, "problems": ["ended early (died)"]}
    return dict.fromkeys(full) | {name: full[name] for name in told} | empty | how


def backfill() -> FIGURES:
    """Twenty years, counted by months."""
    dice, found = Random(3), good(16)
    rows = [
        {"at": f"{year}-{month:02}-01T00:00:00+09:00", "section": section, "articles": dice.randrange(1, 900) * weight}
        for year in range(2006, 2026)
        for month in range(1, 13)
        for section, weight in SECTIONS.items()
    ]
    rows.append({"at": None, "section": "경제", "articles": 41_000})
    new = sum(row["articles"] for row in rows)
    found["articles"] |= {"found": new, "exported": new}
    return found | {
        "kind": "backfill",
        "arguments": {"since": "2006-01-01", "until": "2026-01-01"},
        "seconds": 1_234_567.0,
        "ended_at": (START + timedelta(seconds=1_234_567)).isoformat(),
        "records": new,
        "fields": _fields(dice, new),
        "timeline": {"unit": "month", "rows": rows},
        "lateness": {"all": {"count": 9, "median": 86_400.0 * 400, "p95": 86_400.0 * 7_000}},
    }


HOSTILE = '<script>alert("x")</script>\'"><img src=x onerror=alert(1)>'
RIGHT_TO_LEFT = "\u202egnp.exe \u05e9\u05dc\u05d5\u05dd \x07\u200b"


def hostile() -> FIGURES:
    """A run of a site that means harm with each text that it can choose."""
    found = good(17)
    long = "https://www.newspim.com/news/view/" + "A" * 700
    found["timeline"]["rows"].append({"at": START.isoformat(), "section": HOSTILE, "articles": 500})
    found["timeline"]["rows"].append({"at": START.isoformat(), "section": RIGHT_TO_LEFT, "articles": 400})
    found["ways"][HOSTILE] = {"found": 1, "named": 300, "alone": 1, "missed": 1, "articles": 1}
    found["fields"]["</style>" + HOSTILE] = {"filled": 1, "from": {HOSTILE: 1}}
    found["stories"] += [
        {"id": "newspim:1", "title": HOSTILE, "articles": 9},
        {"id": "newspim:2", "title": RIGHT_TO_LEFT * 9, "articles": 9},
    ]
    addresses = [
        long,
        "https://www.newspim.com/" + RIGHT_TO_LEFT,
        "javascript:alert(1)",
        HOSTILE,
        "https://www.newspim.com/'\"><script>alert(1)</script>",
    ]
    found["failures"] = {
        "total": 5,
        "reasons": {HOSTILE: 5},
        "named": [{"url": url, "reason": HOSTILE, "at": HOSTILE} for url in addresses],
    }
    found["sources"].append({"url": long, "kind": HOSTILE, "status": None, "hash": HOSTILE, "named": None})
    found["arguments"] = {"urls": long, HOSTILE: RIGHT_TO_LEFT}
    found["problems"] = [HOSTILE]
    return found


def history(length: int) -> list[FIGURES]:
    """Earlier runs, ten minutes apart, the oldest first."""
    return [good(place, START - timedelta(minutes=10 * (length - place)), place + 1) for place in range(length)]


def week(runs: int = 1008, end: datetime = START) -> Iterator[FIGURES]:
    """Runs every ten minutes, few articles in each, none in the small hours; an outage of three runs, a monitor that rings, a run that dies."""
    for place in range(runs):
        at = end - timedelta(minutes=10 * (runs - place))
        if place % 1000 == 777:
            yield died() | {"id": place + 1, "started_at": at.isoformat()}
        else:
            yield _short_run(place, at, out=runs // 2 <= place < runs // 2 + 3, rings=place % 400 in (399, 398))


def watch(hours: int) -> list[FIGURES]:
    """The parts of a watch, of which each but the last goes on."""
    parts = []
    for place in range(hours):
        at = START + timedelta(hours=place)
        about = {"kind": "watch", "arguments": {"watch": "yes"}, "part": place + 1, "seconds": 3600.0}
        ends = {
            "reason": "goes_on" if place + 1 < hours else "shutdown",
            "ended_at": (at + timedelta(hours=1)).isoformat(),
        }
        parts.append(_short_run(39, at, out=False, rings=False) | about | ends)
    return parts


def _short_run(place: int, at: datetime, *, out: bool, rings: bool) -> FIGURES:
    """The latest articles of ten minutes. `out`: the site did not answer; `rings`: a monitor failed."""
    dice = Random(place)
    hours = [at.replace(minute=0, second=0), (at - timedelta(minutes=9)).replace(minute=0, second=0)]
    busy = 0.3 if 6 <= at.hour <= 22 else 0.02
    counted = Counter(
        (hours[dice.random() < 0.3].isoformat(), section)
        for section, weight in SECTIONS.items()
        for _ in range(0 if out else weight)
        if dice.random() < busy * (1.0 if at.weekday() < 5 else 0.3)
    )
    new, found = counted.total(), good(place + 1, at, place)
    rows = [{"at": hour, "section": section, "articles": articles} for (hour, section), articles in counted.items()]
    late = Lateness()
    for _ in range(new):
        late.add(dice.choice(["feed", "list"]), dice.expovariate(1 / 300))
    found |= {
        "articles": dict.fromkeys(found["articles"], 0) | {"found": new, "exported": new, "known": 40},
        "kinds": {"article": new},
        "records": new,
        "timeline": {"unit": "hour", "rows": rows},
        "fields": _fields(dice, new),
        "lateness": figures_of(late),
        "stories": found["stories"] if new else [],
        "feeds": [f"{at:%Y-%m-%dT%H-%M-%S}.jsonl"],
        "seconds": 31.4,
    }
    found["speed"] |= {"articles_per_minute": new * 60 / 31.4}
    return found | (_out(at) if out else {}) | (_ringing() if rings else {})


def _out(at: datetime) -> FIGURES:
    url = "https://www.newspim.com/robots.txt"
    return {
        "exit_code": 3,
        "reason": "site_unreachable",
        "problems": ["ended early (site_unreachable)", "1 could not be fetched or written"],
        "failures": {
            "total": 1,
            "reasons": {"timeout": 1},
            "named": [{"url": url, "reason": "timeout", "at": at.isoformat()}],
        },
        "monitors": [{"name": "errors", "passed": False, "text": "1 of 1 requests failed, at most 5 % may"}],
    }


def _ringing() -> FIGURES:
    return {
        "exit_code": 1,
        "problems": ["monitors failed: sections"],
        "monitors": [
            {"name": "sections", "passed": False, "text": "부동산: no article, usual are 3 to 9 at this time"}
        ],
    }


def figures_of(late: Lateness) -> FIGURES:
    """As a run tells how late its articles were."""
    counts = late.counts()
    return {
        way or "all": {"count": one.count, "median": one.median, "p95": one.p95}
        | ({"counts": [list(pair) for pair in counts[way]]} if way else {})
        for way, one in late.summary().items()
    }


def course_of(several: Iterable[FIGURES]) -> tuple[FIGURES, Course]:
    """Merged, and their course."""
    together, course = Together(), Course()
    for one in several:
        together.add(one)
        course.add(one)
    return together.figures(), course


def _timeline(dice: Random, at: datetime) -> list[FIGURES]:
    """Two days by the hour, quiet at night."""
    hours = [(at.replace(minute=0, second=0) - timedelta(hours=back)) for back in range(47, -1, -1)]
    return [
        {"at": hour.isoformat(), "section": section, "articles": articles}
        for hour in hours
        for section, weight in SECTIONS.items()
        if (articles := dice.randrange(weight + 1) if 6 <= hour.hour <= 22 else int(dice.random() < 0.1))
    ]


def _fields(dice: Random, records: int) -> FIGURES:
    return {
        name: {
            "filled": round(records * min(1, part + (dice.random() - 0.5) * 0.02 * (part < 1))),
            "from": {layer: round(records * times / 100) for layer, times in layers.items()},
        }
        for name, (part, layers) in FIELDS.items()
    }
