"""The spider's arguments: declared, typed, checked before anything is asked of the site."""

from __future__ import annotations

import difflib
import json
import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from pathlib import Path

from newscrawl.identity import article_number
from newscrawl.korean import KST
from newscrawl.site import Site
from newscrawl.text import letters

TAKES = {
    "since": "a day (2026-11-01), a time (2026-11-01T09:00) or an age (36h, 7d), in KST",
    "until": "a day (2026-11-01, to its end), a time (2026-11-01T09:00) or an age (36h, 7d), in KST",
    "sections": "names or codes of sections, comma separated (정치,105)",
    "follow": "related,sidebar or related or sidebar or none",
    "ways": "the ways in which articles are found, comma separated: list, topbar and those of the site (feed, sitemap …)",
    "order": "newest or oldest: which of the articles and days asked for come first",
    "watch": "yes or no: whether to go on, and ask for what is new, until told to stop",
    "probe": "gaps (numbers that nothing named between others) or ids (each number of a day), and how many at most: gaps:200",
    "urls": "addresses of articles, comma separated, or @FILE with one a line",
}
FOLLOW = ("related", "sidebar")
ORDERS = ("newest", "oldest")
MOST_PROBES = {"gaps": 200, "ids": 3000}  # requests: of all gaps; of a day, which has about 1,300 articles
_LISTS = ("list", "topbar")  # ways that every site has
DEFAULT_AGE = timedelta(hours=24)
_BACKFILL = timedelta(
    days=3
)  # what reaches back farther, or has an end, is of the past: a schedule asks for hours, or a day or two
EARLIEST = datetime(
    1990, 1, 1, tzinfo=KST
)  # no news site is older; a time before it is a slip, and reckoning with year 1 overflows

JOB = "_job"  # Scrapyd passes the job's id

_DAY = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
_TIME = re.compile(r"\d{4}-\d{2}-\d{2}(?:[T ]\d{2}:\d{2}(?::\d{2}(?:\.\d{1,6})?)?(?:Z|[+-]\d{2}:\d{2})?)?", re.ASCII)
_AGE = re.compile(r"(\d{1,6})([mhdw])", re.ASCII)
_CODE = re.compile(r"\d{3}(?:\d{3})?", re.ASCII)
_UNITS = {"m": timedelta(minutes=1), "h": timedelta(hours=1), "d": timedelta(days=1), "w": timedelta(weeks=1)}


class ArgumentError(ValueError):
    """An unknown or malformed spider argument; the message names it and says what it takes."""

    def __init__(self, name: str, value: str, why: str = "") -> None:
        super().__init__(f"argument {name}={value!r}{': ' + why if why else ''}; {name} takes {TAKES[name]}")


@dataclass(frozen=True, slots=True)
class Arguments:
    """What a run is asked for. `since` and `until` bound the time of publication, both included; None is no bound."""

    since: datetime | None
    until: datetime | None
    sections: tuple[str, ...]
    follow: frozenset[str]
    numbers: tuple[str, ...]
    ways: frozenset[str]
    order: str = "newest"
    watch: bool = False
    probe: str = ""
    most_probes: int = 0

    @classmethod
    def parse(cls, given: Mapping[str, str], site: Site, now: datetime) -> Arguments:
        """Check and convert the `-a` arguments. Raises ArgumentError for the first that is wrong."""
        for name in given:
            if name not in TAKES and name != JOB:
                raise _unknown(name)
        numbers = _numbers(given["urls"], site) if "urls" in given else ()
        until = _moment("until", given["until"], now) if "until" in given else None
        # The default age ends where `until` ends; named articles have no default bound.
        default = None if "urls" in given else min(until or now, now) - DEFAULT_AGE
        since = _moment("since", given["since"], now) if "since" in given else default
        if since and since > now:
            raise ArgumentError("since", given["since"], "lies in the future")
        if since and until and since > until:
            raise ArgumentError("until", given["until"], f"is before since ({since:%Y-%m-%dT%H:%M})")
        sections = _sections(given["sections"], site) if "sections" in given else ()
        usual = frozenset(() if "urls" in given else FOLLOW)
        follow = _follow(given["follow"]) if "follow" in given else usual
        ways = _ways(given["ways"], site) if "ways" in given else _usual_ways(site, sections)
        order = _one_of("order", given["order"], ORDERS) if "order" in given else "newest"
        watch = _one_of("watch", given["watch"], ("yes", "no")) == "yes" if "watch" in given else False
        if watch and (clash := next((name for name in ("until", "urls", "order") if name in given), None)):
            raise ArgumentError("watch", given["watch"], f"a watch has no end, so {clash} means nothing with it")
        probe, most = _probe(given["probe"]) if "probe" in given else ("", 0)
        if probe and (clash := next((name for name in ("urls", "watch") if name in given), None)):
            raise ArgumentError("probe", given["probe"], f"means nothing with {clash}")
        return cls(since, until, sections, follow, numbers, ways, order, watch, probe, most)

    def to_json(self) -> str:
        """For a later run that goes on with what this one leaves."""
        return json.dumps(
            {
                "since": self.since.isoformat() if self.since else None,
                "until": self.until.isoformat() if self.until else None,
                "sections": self.sections,
                "follow": sorted(self.follow),
                "numbers": self.numbers,
                "ways": sorted(self.ways),
                "order": self.order,
                "watch": self.watch,
                "probe": self.probe,
                "most_probes": self.most_probes,
            }
        )

    @classmethod
    def from_json(cls, text: str) -> Arguments:
        """What `to_json` wrote."""
        kept = json.loads(text)
        since, until = (datetime.fromisoformat(kept[name]) if kept[name] else None for name in ("since", "until"))
        parts = tuple(kept["sections"]), frozenset(kept["follow"]), tuple(kept["numbers"])
        ways = frozenset(kept.get("ways", _LISTS))  # the first version knew lists only, and no order
        return cls(
            since,
            until,
            *parts,
            ways,
            kept.get("order", "newest"),
            kept.get("watch", False),
            kept.get("probe", ""),
            kept.get("most_probes", 0),
        )

    def kind(self, now: datetime) -> str:
        """What runs this one may be held against: `urls`, `watch`, `probe`, `backfill`, or `latest`."""
        if self.numbers or self.watch or self.probe:
            return "urls" if self.numbers else "watch" if self.watch else "probe"
        is_past = self.until is not None or self.since is None or now - self.since > _BACKFILL
        return "backfill" if is_past else "latest"

    @property
    def is_open(self) -> bool:
        """Whether everything of a time is asked for, not some sections or some articles."""
        return not self.sections and not self.numbers

    def within(self, earliest: datetime, latest: datetime | None = None) -> bool:
        """Whether a moment, of which only bounds may be known, can lie between `since` and `until`."""
        latest = latest or earliest
        return (self.since is None or latest >= self.since) and (self.until is None or earliest <= self.until)


def merged(asked: Iterable[Arguments]) -> list[Arguments]:
    """The same with fewer: of those that differ only in `since` and have no end (a schedule's), the one that reaches back farthest."""
    found: dict[object, Arguments] = {}
    for one in asked:
        kind = (one.sections, one.follow, one.numbers, one.until, one.ways, one.order)
        known = found.get(kind)
        if known is None or (known.since and (one.since is None or one.since < known.since)):
            found[kind] = one
    return list(found.values())


def _unknown(name: str) -> ArgumentError:
    error = ArgumentError.__new__(ArgumentError)
    close = difflib.get_close_matches(name, TAKES, n=1)
    hint = f" (did you mean {close[0]}?)" if close else ""
    ValueError.__init__(error, f"unknown argument {name!r}{hint}; known are {', '.join(TAKES)}")
    return error


def _moment(name: str, value: str, now: datetime) -> datetime:
    text = value.strip()
    if not _AGE.fullmatch(text) and not _TIME.fullmatch(text):  # fromisoformat takes 20261101 and 2026-W44 too
        raise ArgumentError(name, value)
    try:
        if match := _AGE.fullmatch(text):
            moment = now - int(match[1]) * _UNITS[match[2]]
        else:
            moment = datetime.fromisoformat(text)
            if _DAY.fullmatch(text) and name == "until":
                moment = datetime.combine(moment, time.max)
        moment = moment.replace(tzinfo=KST) if moment.tzinfo is None else moment.astimezone(KST)
    except (ValueError, OverflowError):
        raise ArgumentError(name, value) from None
    if moment < EARLIEST:
        raise ArgumentError(name, value, f"lies before {EARLIEST.year}")
    return moment


def _sections(value: str, site: Site) -> tuple[str, ...]:
    names: dict[str, str] = {}
    for code, name in site.sections.items():
        for alias in (name, *name.split("·")):
            names.setdefault(letters(alias), code)
    parts = unicodedata.normalize("NFC", value).split(",")  # macOS shells may pass decomposed Hangul
    found = [_code(part.strip(), names, value, site) for part in parts if part.strip()]
    if not found:
        raise ArgumentError("sections", value, "is empty")
    return () if site.list_all in found else tuple(dict.fromkeys(found))


def _code(part: str, names: Mapping[str, str], value: str, site: Site) -> str:
    """The code of a section named or coded; six digits are a sub-section of the first three."""
    if code := names.get(letters(part)):
        return code
    if part == site.list_all or (part[:3] in site.sections and _CODE.fullmatch(part)):
        return part
    known = ", ".join(f"{name} ({code})" for code, name in site.sections.items())
    raise ArgumentError("sections", value, f"no section {part!r}; there are {known}")


def _follow(value: str) -> frozenset[str]:
    parts = [part.strip() for part in value.split(",")]
    if parts == ["none"]:
        return frozenset()
    if not all(part in FOLLOW for part in parts):
        raise ArgumentError("follow", value)
    return frozenset(parts)


def _probe(value: str) -> tuple[str, int]:
    """What is probed, and how many requests it may take: of all gaps, or of each day."""
    kind, colon, most = value.strip().partition(":")
    if kind not in MOST_PROBES or (colon and not (most.isascii() and most.isdigit() and int(most[:9]) > 0)):
        raise ArgumentError("probe", value)
    return kind, int(most[:9]) if colon else MOST_PROBES[kind]


def _one_of(name: str, value: str, known: tuple[str, ...]) -> str:
    if value.strip() not in known:
        raise ArgumentError(name, value)
    return value.strip()


def _usual_ways(site: Site, sections: tuple[str, ...]) -> frozenset[str]:
    """All of them; with sections only those that are of one section: the others name articles of any."""
    return frozenset((*_LISTS, *(way.name for way in site.ways if not sections or "{code}" in way.url)))


def _ways(value: str, site: Site) -> frozenset[str]:
    known = (*_LISTS, *(way.name for way in site.ways))
    parts = frozenset(part.strip() for part in value.split(",") if part.strip())
    for part in sorted(parts):
        if part not in known:
            raise ArgumentError("ways", value, f"no way {part!r}; there are {', '.join(dict.fromkeys(known))}")
    if not parts:
        raise ArgumentError("ways", value, "names no way")
    return parts


def _numbers(value: str, site: Site) -> tuple[str, ...]:
    if value.startswith("@"):
        path = Path(value[1:])
        try:
            lines = path.read_text(encoding="utf-8-sig").splitlines()
        except (OSError, ValueError) as error:  # no such file; no text; no name of a file
            raise ArgumentError("urls", value, f"cannot read {path} ({error})") from None
        addresses = [line.strip() for line in lines if line.strip() and not line.lstrip().startswith("#")]
    else:
        addresses = [part.strip() for part in value.split(",") if part.strip()]
    if not addresses:
        raise ArgumentError("urls", value, "names no address")
    numbers: dict[str, None] = {}
    for address in addresses:
        number = article_number(address if "//" in address else f"https://{address}", site)
        if number is None:
            raise ArgumentError("urls", value, f"{address!r} is no article of {site.name}")
        numbers[number] = None
    return tuple(numbers)
