"""What a crawl asked a newsroom for: which request is of what, how much of it was needed, what was asked for again. Pure."""

from __future__ import annotations

import json
import math
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from itertools import pairwise
from urllib.parse import parse_qs, urlsplit

from newscrawl.newsroom import Request

Timed = tuple[float, Request]
"""A request with its second since 1970."""

_ARTICLE = "/news/view/"  # the one spelling under which the crawler asks for an article
_ROWS = 20  # of a list page
_PAGES = {"/": "front", "/quicknews": "flash", "/news/lists": "list"}


def logged(log: str) -> list[Timed]:
    """The requests of a newsroom's log, with this machine's seconds."""
    lines = map(json.loads, log.splitlines())
    return [(one["at"], Request(one["method"], one["host"], one["path"], one["status"])) for one in lines]


def kind_of(request: Request) -> str:
    """`article`, `robots`, or the way that the address is of: `list`, `feed`, `sitemap`, `flash`, `front`; any other is a page of the `topbar`."""
    path = urlsplit(request.path).path
    if path.endswith("/robots.txt"):
        return "robots"
    if request.host.startswith("rss."):
        return "feed"
    if path.startswith(_ARTICLE):
        return "article"
    return "sitemap" if path.startswith("/sitemap") else _PAGES.get(path, "topbar")


def articles_in(requests: Iterable[Request]) -> list[str]:
    """The id of the article that each request for one is for."""
    return [request.path.removeprefix(_ARTICLE)[:14] for request in requests if kind_of(request) == "article"]


def list_pages(requests: Iterable[Request]) -> list[tuple[str, int]]:
    """The section's code and the row offset of each list page that was asked for."""
    queries = (parse_qs(urlsplit(request.path).query) for request in requests if kind_of(request) == "list")
    return [(query["category_cd"][0], int(query["page"][0])) for query in queries]


def pages_of(rows: int) -> int:
    """The list pages that so many rows fill."""
    return -(-rows // _ROWS)


def pages_needed(rows: Iterable[int]) -> int:
    """The pages that must be read to see all rows of lists once: those that have them, and of each list one that shows its end. `rows`: of
    each list so many."""
    return sum(pages_of(count) + 1 for count in rows)


def lists_before(asked: Iterable[Timed], moment: float) -> int:
    """List pages that were asked for before a moment."""
    return sum(at < moment and kind_of(request) == "list" for at, request in asked)


def first_asked(asked: Iterable[Timed], ids: Collection[str]) -> float:
    """When the first of these articles was asked for; infinity when none was."""
    return min((at for at, request in asked if not ids_of(request).isdisjoint(ids)), default=math.inf)


def ids_of(request: Request) -> frozenset[str]:
    """The article of a request; nothing for a request of something else."""
    return frozenset(articles_in([request]))


def repeated(things: Iterable[object]) -> int:
    """How many of them were there before."""
    return sum(count - 1 for count in Counter(things).values())


def fetched_again(asked: Iterable[Timed], had: Mapping[str, float]) -> tuple[int, int, int]:
    """Requests for articles that had been asked for before, each with its time: looks at what the output had by then, others for articles that
    it was to have, and others for what it never has. `had`: when the output's line of an article was fetched, by the same clock."""
    known: set[str] = set()
    looks = twice = never = 0
    for at, request in asked:
        for id in ids_of(request):
            if id in known:
                looks += id in had and at > had[id]
                twice += id in had and at <= had[id]
                never += id not in had
            known.add(id)
    return looks, twice, never


def intervals(asked: Iterable[Timed], way: str) -> list[float]:
    """The seconds between two requests of the same address of a way, for each of its addresses; of a list its first page."""
    times: dict[tuple[str, str], list[float]] = defaultdict(list)
    for at, request in polls(asked):
        if kind_of(request) == way:
            times[request.host, request.path].append(at)
    return [later - earlier for one in times.values() for earlier, later in pairwise(sorted(one))]


def polls(asked: Iterable[Timed]) -> Iterator[Timed]:
    """The requests that ask what is new: of neither articles nor robots.txt, and of lists and the top bar only the first pages."""
    for at, request in asked:
        offset = parse_qs(urlsplit(request.path).query).get("page", ["0"])[0]
        if kind_of(request) not in ("article", "robots") and offset == "0":
            yield at, request
