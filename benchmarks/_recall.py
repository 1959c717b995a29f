"""What each way of finding articles finds alone, what all find together, and how many requests that takes."""

from __future__ import annotations

import sys
import time
from collections.abc import Collection
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import timedelta
from urllib.parse import urlsplit

from benchmarks._asked import articles_in, kind_of, list_pages, pages_needed
from benchmarks._crawl import Crawl, at_once, crawl, exported, once
from benchmarks._tables import Aim, share, table
from newscrawl.newsroom import Newsroom, Request, Site
from newscrawl.newsroom.known import WAYS
from newscrawl.spiders.newspim import NEWSPIM

_ALONE = ("list", "feed", "sitemap", "flash", "front", "topbar", "front,topbar")
_RUNS = {
    **{way: (f"ways={way}", "follow=none") for way in _ALONE},
    "links from the front page": ("ways=front",),
    "all": (),
}
_SPANS = {
    "6 hours": timedelta(hours=6),
    "day": timedelta(days=1),
    "3 days": timedelta(days=3),
    "week": timedelta(days=7),
}
_MOST_BEYOND = 0.02  # requests beyond articles and the list pages that are needed
_KILLED_AFTER = (0.25, 0.5, 0.75)  # of the requests of a run that is not killed
_PAYWALL = b"/anda/view/"
_TOLD = 20  # missing articles that are named
# The text of an article does not matter here, nor whether it changes.
_SETTINGS = (*at_once(8), "NEWSCRAWL_RECHECK_AFTER=0")


@dataclass(frozen=True, slots=True)
class Found:
    """What a run found, which of two articles with the same words is one, and what it asked for."""

    ids: frozenset[str]
    requests: tuple[Request, ...]
    lines: int
    kills: int = 0


class Sought:
    """The articles of a newsroom that are published and that any of its pages, feeds or sitemaps names."""

    def __init__(self, room: Newsroom) -> None:
        self.site = room.site
        self.named = frozenset[str]().union(*(room.named(way) for way in WAYS)) & set(room.published())
        self.copies = room.expected().twins
        self.ids = once(self.named, self.copies)

    def of_last(self, span: timedelta) -> set[str]:
        """Those of the last part of the newsroom's time."""
        return {id for id in self.ids if self.age(id) <= span}

    def age(self, id: str) -> timedelta:
        """How long before the newsroom's last moment an article was published."""
        return self.site.end - self.site.by_id[id].published_at


def measure(site: Site) -> list[Aim]:
    """Crawl, print the tables; what was to be reached."""
    with Newsroom(site) as room:
        sought = Sought(room)
    found = {name: _crawled(site, sought, name) for name in _RUNS}
    print(f"\n### Recall: {len(sought.ids):,} articles that are published and named anywhere, in {_days(site)} days\n")
    print(table(_HEAD, [_row(name, one, sought) for name, one in found.items()]))
    missing = sought.ids - found["all"].ids
    with Newsroom(site) as room:
        _tell(room, sorted(missing))
    killed = _killed(site, sought, found["all"])
    return [*_of_all(found["all"], sought), _same(found["all"], killed)]


def _crawled(site: Site, sought: Sought, name: str) -> Found:
    begun = time.monotonic()
    with Newsroom(site) as room, _crawl(room, name) as run:
        run.run()
        found = _found(run, sought)
    print(f"{name}: {len(found.ids):,} articles in {time.monotonic() - begun:.0f} s", file=sys.stderr, flush=True)
    return found


def _crawl(room: Newsroom, name: str) -> AbstractContextManager[Crawl]:
    return crawl(room, f"since={room.site.start:%Y-%m-%d}", *_RUNS[name], settings=_SETTINGS)


def _found(run: Crawl, sought: Sought, kills: int = 0) -> Found:
    ids = exported(run.records())
    return Found(frozenset(once(ids, sought.copies)), tuple(run.room.requests), len(ids), kills)


def _killed(site: Site, sought: Sought, whole: Found) -> Found:
    """The crawl by all ways, killed a few times and gone on with."""
    begun = time.monotonic()
    with Newsroom(site) as room, _crawl(room, "all") as run:
        kills = sum(run.killed_at(int(part * len(whole.requests))) for part in _KILLED_AFTER)
        run.run()
        found = _found(run, sought, kills)
    print(f"all, killed {kills} times: {time.monotonic() - begun:.0f} s", file=sys.stderr, flush=True)
    return found


_HEAD = ("ways", "articles", *(f"of the last {span}" for span in _SPANS), "of all", "the oldest, days back",
         "requests", "list pages (needed)", "others", "beyond")  # fmt: skip


def _row(name: str, found: Found, sought: Sought) -> list[object]:
    pages, others = (sum(kind_of(one) in kinds for one in found.requests) for kinds in (("list",), _OTHERS))
    spans = [sought.of_last(span) for span in _SPANS.values()]
    oldest = max((sought.age(id) for id in found.ids), default=None)
    beyond, needed = _beyond(found, sought), _needed(found, sought)
    return [
        name,
        len(found.ids),
        *(share(len(found.ids & span), len(span)) for span in spans),
        share(len(found.ids & sought.ids), len(sought.ids)),
        f"{oldest / timedelta(days=1):.1f}" if oldest else None,
        len(found.requests),
        f"{pages:,} ({needed:,})",
        others,
        f"{beyond:,} ({share(beyond, len(found.requests) - beyond)})",
    ]


_OTHERS = frozenset(("feed", "sitemap", "flash", "front", "topbar", "robots"))


def _needed(found: Found, sought: Sought) -> int:
    """The list pages without which a run could not see all rows of the lists once; of one that reads no list, none."""
    if not list_pages(found.requests):
        return 0
    return pages_needed(len(sought.site.lists.get(code, ())) for code in NEWSPIM.sections)


def _beyond(found: Found, sought: Sought) -> int:
    """Requests beyond one for each article and the list pages that are needed."""
    return len(found.requests) - len(set(articles_in(found.requests)) & sought.named) - _needed(found, sought)


def _of_all(found: Found, sought: Sought) -> list[Aim]:
    beyond = _beyond(found, sought)
    part = beyond / (len(found.requests) - beyond)
    got = len(found.ids & sought.ids)
    return [
        Aim(
            "all ways: 100 % of what is published and named",
            f"{got:,} of {len(sought.ids):,}",
            found.ids >= sought.ids,
        ),
        Aim(
            "requests beyond articles and needed list pages: at most 2 %",
            f"{beyond:,}: {100 * part:.2f} %",
            part <= _MOST_BEYOND,
        ),
    ]


def _same(whole: Found, killed: Found) -> Aim:
    more = len(killed.requests) - len(whole.requests)
    lists = len(list_pages(killed.requests)) - len(list_pages(whole.requests))
    figure = (
        f"{len(killed.ids):,} articles in {killed.lines:,} lines, {more:,} requests more, {lists:,} of them of lists"
    )
    return Aim(
        f"all ways, killed {killed.kills} times and gone on with: the same articles, none twice",
        figure,
        killed.ids == whole.ids and killed.lines == len(killed.ids),
    )


def _tell(room: Newsroom, missing: Collection[str]) -> None:
    """Of the missing articles: what names them, and whether all of that leads into the paywall, which the crawler leaves alone."""
    for id in list(missing)[:_TOLD]:
        ways = ", ".join(way for way in WAYS if room.named_by(way, id))
        story = room.site.by_id[id]
        paid = "; each link to it leads into the paywall" if _only_paid(room, id) else ""
        print(f"\nMissing: {id} ({story.form}), named by {ways}{paid}")


def _only_paid(room: Newsroom, id: str) -> bool:
    """Whether every page that names an article does so by an address that is behind the paywall."""
    found = room.site.found(id)
    urls = [urlsplit(url) for via in ("list", "topbar", "sidebar", "related") for url in found.pages(via)]
    pages = [room.desk.answer(url.hostname or "", f"{url.path}?{url.query}".rstrip("?")).body for url in urls]
    before = [part for page in pages for part in page.split(id.encode())[:-1]]
    return bool(before) and all(part.endswith(_PAYWALL) for part in before)


def _days(site: Site) -> int:
    return round((site.end - site.start) / timedelta(days=1))
