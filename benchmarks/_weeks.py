"""Weeks of a wire as the figures of runs, without a crawl: the rhythm of days and hours, good and bad days, sections, and troubles."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

import numpy as np

from newscrawl.monitors.calendar import KST
from newscrawl.newsroom.rhythm import DAY as HALF_HOURS

Figures = dict[str, Any]

WEEKDAY = 1_200  # articles
SATURDAY, SUNDAY = 0.25, 0.35  # of a weekday
SECTIONS = {
    "경제": 0.24, "정치": 0.14, "사회": 0.13, "증권": 0.12, "산업": 0.1, "글로벌": 0.09, "부동산": 0.07, "전국": 0.06, "문화": 0.03, "스포츠": 0.02,
}  # fmt: skip
ON_SUNDAYS = {"증권": 0.1, "부동산": 0.6, "스포츠": 3.0, "문화": 1.5}  # of their usual part
DAYS_DIFFER, HOURS_DIFFER, SECTIONS_DIFFER = 0.07, 0.15, 0.15  # standard deviation over mean
FEEDS = 12
STEP = 600  # seconds; the finest frequency of runs


@dataclass(frozen=True, slots=True)
class Plan:
    """Which runs to make. `every`: seconds between them. `holidays`: days that are as quiet as Sundays."""

    every: int = 600
    weeks: int = 6
    seed: int = 1
    first: date = date(2026, 10, 12)  # a Monday after the autumn's holidays
    holidays: frozenset[date] = frozenset()


def _level(day: date, plan: Plan) -> float:
    if day in plan.holidays or day.weekday() == 6:
        return SUNDAY
    return SATURDAY if day.weekday() == 5 else 1.0


def _means(day: date, plan: Plan, dice: np.random.Generator) -> np.ndarray[Any, Any]:
    """Articles that are expected in each step of a day (a row), by section (a column)."""
    weights = np.repeat(np.array(HALF_HOURS) / sum(HALF_HOURS) / 3, 3)
    total = WEEKDAY * _level(day, plan) * dice.lognormal(0, DAYS_DIFFER)
    hours = np.repeat(dice.gamma(1 / HOURS_DIFFER**2, HOURS_DIFFER**2, 24), 6)
    quiet = _level(day, plan) == SUNDAY
    parts = np.array([part * (ON_SUNDAYS.get(name, 1.0) if quiet else 1.0) for name, part in SECTIONS.items()])
    parts = parts * dice.lognormal(0, SECTIONS_DIFFER, len(parts))
    return np.outer(weights * hours * total, parts / parts.sum())


def runs(plan: Plan) -> list[Figures]:
    """All runs of so many weeks, the oldest first, each as it is when nothing is wrong."""
    dice = np.random.default_rng(plan.seed)
    days = [plan.first + timedelta(days=number) for number in range(plan.weeks * 7)]
    came = dice.poisson(np.concatenate([_means(day, plan, dice) for day in days]))
    together = plan.every // STEP
    came = came[: len(came) // together * together].reshape(-1, together, came.shape[1]).sum(axis=1)
    begin = datetime.combine(plan.first, datetime.min.time(), KST)
    return [
        _figures(
            number, begin + timedelta(seconds=plan.every * (number + 1) + float(dice.uniform(0, 20))), row, plan, dice
        )
        for number, row in enumerate(came)
    ]


def dealt(plan: Plan) -> list[Figures]:
    """The same by two machines with one schedule: each run is two, that begin within a second, and share what there is to do as chance has it; of
    four one has nothing, and one all."""
    dice = np.random.default_rng((plan.seed, 2))
    found: list[Figures] = []
    for run in runs(plan):
        share = float(dice.choice([0.0, 1.0, dice.uniform(), dice.uniform()]))
        sections = {row["section"]: row["articles"] for row in run["timeline"]["rows"]}
        row = np.array([sections.get(name, 0) for name in SECTIONS])
        first = dice.binomial(row, share)
        has = dice.random(len(run["sources"])) < share
        for machine, (ours, part, mine) in enumerate(((first, share, has), (row - first, 1 - share, ~has))):
            at = datetime.fromisoformat(run["started_at"]) + timedelta(seconds=machine)
            found.append(_of_machine(_figures(len(found), at, ours, plan, dice), f"box-{machine}", part, mine))
    return found


def _of_machine(run: Figures, node: str, share: float, mine: Any) -> Figures:
    """A machine's part of the lists and feeds that are read, whatever comes of them."""
    run["node"] = node
    run["sources"] = [source for source, is_mine in zip(run["sources"], mine, strict=True) if is_mine]
    run["ways"]["feed"]["named"] = 25 * sum(source["kind"] == "feed" for source in run["sources"])
    run["ways"]["list"]["named"] = int(run["ways"]["list"]["named"] * share)
    run["pages"]["lists"] = round(12 * share)
    pages = run["pages"]["lists"] + len(run["sources"]) + run["pages"]["articles"]
    run["pages"] |= {"requests": pages, "responses": pages, "retries": 0, "statuses": {"200": pages} if pages else {}}
    return run


def _split(count: int, shares: dict[str, float], dice: np.random.Generator) -> dict[str, int]:
    drawn = dice.multinomial(count, list(shares.values()))
    return {name: int(number) for name, number in zip(shares, drawn, strict=True) if number}


def _filled(count: int, share: float, layers: dict[str, float], dice: np.random.Generator) -> dict[str, Any]:
    filled = int(dice.binomial(count, share))
    return {"filled": filled, "from": _split(filled, layers, dice)}


def _figures(number: int, at: datetime, row: Any, plan: Plan, dice: np.random.Generator) -> Figures:
    count = int(row.sum())
    pages = 14 + FEEDS + count
    retries = int(dice.binomial(pages, 0.004))
    seconds = (pages + retries) * float(dice.normal(1.35, 0.05)) + 2
    fast = bool(6 <= at.hour < 20)
    exact = int(dice.binomial(count, 0.02))
    records = count - exact
    hour = at.replace(minute=0, second=0, microsecond=0).isoformat()
    listed = 60 + count
    return {
        "schema": 1, "id": number + 1, "site": "newspim", "job": None, "kind": "latest", "arguments": {"since": "2d"},
        "version": "0.6.0", "host": "box", "process": 4711, "node": "", "others": 0,
        "started_at": at.isoformat(timespec="seconds"), "ended_at": (at + timedelta(seconds=seconds)).isoformat(timespec="seconds"),
        "seconds": round(seconds, 1), "reason": "finished", "exit_code": 0, "problems": [],
        "articles": {"found": count, "exported": records, "revised": 0, "restated": 0, "withdrawn": 0, "known": listed - count, "left": 0},
        "kinds": {"article": records} if records else {}, "records": records,
        "timeline": {"unit": "hour", "rows": [
            {"at": hour, "section": name, "articles": int(articles)} for name, articles in zip(SECTIONS, row, strict=True) if articles
        ]},
        "fields": {
            "title": _filled(records, 1.0, {"og:title": 0.985, "h1": 0.015}, dice),
            "body": _filled(records, 0.997, {"newspim 2018 desktop": 0.96, "newspim 2014 desktop": 0.01, "mobile": 0.03}, dice),
            "published_at": _filled(records, 0.999, {"json-ld": 0.9, "header": 0.1}, dice),
            "authors": _filled(records, 0.94 if fast else 0.8, {"byline": 0.8, "meta": 0.2}, dice),
            "section": _filled(records, 0.98, {"breadcrumb": 0.7, "list": 0.3}, dice),
        },
        "ways": {
            "list": {"found": count, "named": listed + int(dice.poisson(20)), "alone": 0, "missed": 0, "articles": count},
            "feed": {"found": count, "named": 50 * FEEDS // 2 + int(dice.poisson(10)), "alone": 0, "missed": 0, "articles": count},
            "sidebar": {"found": 0, "named": int(dice.poisson(4 + 3 * count)) * bool(count), "alone": 0, "missed": 0, "articles": 0},
        },
        "lateness": _lateness(count, plan, dice),
        "pages": {
            "requests": pages + retries, "responses": pages + retries, "articles": count, "lists": 12,
            "no_container": int(dice.binomial(count, 0.0005)), "refused": 0, "retries": retries, "bytes": 90_000 * pages, "gone": {},
            "latency": _latency(number, plan),
            "statuses": {"200": pages} | ({"503": retries} if retries else {}),
        },
        "polls": {"asked": 0, "not_modified": 0, "failed": 0}, "rechecked": {"unchanged": 3},
        "dropped": {"duplicate/exact": exact} if exact else {}, "skipped": {}, "checks": {}, "cleaned": {},
        "duplicates": _split(int(dice.binomial(records, 0.15)), {"update": 0.2, "rewrite": 0.1, "template": 0.7}, dice),
        "stories": [], "failures": {"total": 0, "reasons": {}, "named": []}, "unreadable": {"total": 0, "named": []},
        "speed": {"articles_per_minute": 0.0, "requests_per_article": 1.8, "cpu_seconds": 5.1, "peak_memory": 131_000_000},
        "disk": {"free": 51_000_000_000 - number * plan.every * 300, "state": 31_000_000 + number * 4_000, "feeds": 4_000 * count},
        "sources": [
            {"url": "https://www.newspim.com/robots.txt", "kind": "robots", "status": 200, "hash": "9f2c", "named": None},
            *({"url": _feed(place), "kind": "feed", "status": 200, "hash": None, "named": 50} for place in range(FEEDS)),
        ],
        "settings": {}, "feeds": ["a.jsonl"], "log": {"WARNING": 0, "ERROR": 0, "CRITICAL": 0}, "monitors": [],
    }  # fmt: skip


def _feed(place: int) -> str:
    return f"http://rss.newspim.com/news/category/{place}"


def _latency(number: int, plan: Plan) -> Figures:
    """Of a site whose answers take a fifth of a second, more or less; one in twenty takes five times as long, more or less."""
    dice = np.random.default_rng((plan.seed, number))
    median = float(dice.lognormal(np.log(0.2), 0.3))
    return {"median": round(median, 3), "p95": round(median * float(dice.lognormal(np.log(5), 0.5)), 3)}


def _lateness(count: int, plan: Plan, dice: np.random.Generator) -> Figures:
    if not count:
        return {}
    late = dice.uniform(20, plan.every + 60, count)
    late[dice.random(count) < 0.02] += 7_200  # the site shows some hours after the time that they bear
    return {"all": {"count": count, "median": float(np.median(late)), "p95": float(np.quantile(late, 0.95))}}


# ---- Troubles: each changes a run ----------------------------------------------------------------------------------------


def no_articles(run: Figures) -> None:
    """The site names nothing new, and answers well."""
    _keep(run, 0.0, np.random.default_rng(1))


def half(run: Figures) -> None:
    """Half of the articles are not found."""
    _keep(run, 0.5, np.random.default_rng(run["id"]))


def _keep(run: Figures, share: float, dice: np.random.Generator) -> None:
    old = run["records"]
    for row in run["timeline"]["rows"]:
        row["articles"] = int(dice.binomial(row["articles"], share))
    run["timeline"]["rows"] = [row for row in run["timeline"]["rows"] if row["articles"]]
    run["records"] = run["articles"]["exported"] = new = sum(row["articles"] for row in run["timeline"]["rows"])
    run["pages"]["articles"] = new
    part = new / old if old else 0.0
    for field in run["fields"].values():
        field["from"] = {name: round(count * part) for name, count in field["from"].items() if round(count * part)}
        field["filled"] = min(new, round(field["filled"] * part) + (new and 1)) if new else 0
    run["duplicates"] = {name: round(count * part) for name, count in run["duplicates"].items()}
    run["dropped"] = {}
    if not new:
        run["lateness"] = {}


def quiet(name: str) -> Callable[[Figures], None]:
    """A section of which nothing comes any more."""

    def change(run: Figures) -> None:
        rows = run["timeline"]["rows"]
        lost = sum(row["articles"] for row in rows if row["section"] == name)
        run["timeline"]["rows"] = [row for row in rows if row["section"] != name]
        run["records"] = run["articles"]["exported"] = max(0, run["records"] - lost)
        for field in run["fields"].values():
            over = max(0, field["filled"] - run["records"])
            field["filled"] -= over
            for layer in field["from"]:
                taken = min(over, field["from"][layer])
                field["from"][layer] -= taken
                over -= taken

    return change


def dead_feed(run: Figures) -> None:
    """One feed answers 404, and the run counts it as lost."""
    source = run["sources"][3]
    source.update(status=404, named=None)
    run["failures"] = {
        "total": 1,
        "reasons": {"http 404": 1},
        "named": [{"url": source["url"], "reason": "http 404", "at": run["started_at"]}],
    }
    run["exit_code"], run["problems"] = 1, ["1 could not be fetched or written"]


def empty_feed(run: Figures) -> None:
    """One feed names nothing."""
    run["sources"][3]["named"] = 0


def new_robots(run: Figures) -> None:
    """robots.txt is another."""
    run["sources"][0]["hash"] = "77aa"


def renamed_container(run: Figures) -> None:
    """No article page has a body container that is known."""
    pages = run["records"]
    _keep(run, 0.0, np.random.default_rng(1))
    run["pages"].update(no_container=pages, articles=0)
    run["unreadable"] = {"total": pages, "named": []}
    if pages:
        run["exit_code"], run["problems"] = 1, [f"{pages} had no body container"]


def other_layer(run: Figures) -> None:
    """A redesign that an older layer still reads."""
    run["fields"]["body"]["from"] = {"mobile": run["fields"]["body"]["filled"]}


def no_authors(run: Figures) -> None:
    """The bylines are not found."""
    run["fields"]["authors"] = {"filled": 0, "from": {}}


def all_copies(run: Figures) -> None:
    """Each article is taken for a copy."""
    run["duplicates"] = {"template": run["records"]}


def slow(run: Figures) -> None:
    """The site takes six seconds for a page."""
    seconds = run["pages"]["requests"] * 6.0
    begun = datetime.fromisoformat(run["started_at"])
    run.update(seconds=seconds, ended_at=(begun + timedelta(seconds=seconds)).isoformat(timespec="seconds"))
    run["pages"]["latency"] = {"median": 6.0, "p95": 9.0}
    for late in run["lateness"].values():
        late["median"] += seconds / 2
        late["p95"] += seconds


def outage(run: Figures) -> None:
    """Nothing is answered."""
    _keep(run, 0.0, np.random.default_rng(1))
    run["pages"].update(requests=15, responses=0, articles=0, lists=0, retries=12, statuses={})
    run["failures"] = {"total": 3, "reasons": {"timeout": 3}, "named": []}
    run["ways"] = {}
    for source in run["sources"]:
        source.update(status=None, named=None, hash=None)
    run["exit_code"], run["problems"] = 1, ["the site did not answer", "3 could not be fetched or written"]


def full_disk(run: Figures) -> None:
    """The disk is full, and the run ends at its first line."""
    _keep(run, 0.0, np.random.default_rng(1))
    run["disk"]["free"] = 4_096
    run["reason"], run["exit_code"], run["problems"] = "output_failed", 1, ["ended early (output_failed)"]


def from_(runs_: Sequence[Figures], at: datetime, change: Callable[[Figures], None]) -> Iterable[int]:
    """Change each run that begins at this time or later; the places of those runs."""
    for place, run in enumerate(runs_):
        if datetime.fromisoformat(run["started_at"]) >= at:
            change(run)
            yield place
