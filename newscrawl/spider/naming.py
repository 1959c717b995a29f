"""What is known of the articles that pages name: who wants them, which way named them. Each is asked for once."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from datetime import datetime
from typing import Any, Self

from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.http import Response

from newscrawl import signals
from newscrawl.arguments import TAKES, Arguments
from newscrawl.clock import MACHINE, Clock
from newscrawl.discovery.coverage import Coverage
from newscrawl.discovery.pages import Row
from newscrawl.discovery.walking import guessed_time
from newscrawl.identity import canonical_url
from newscrawl.items import Article, Listed
from newscrawl.lease import KEY, RANK, STAT
from newscrawl.ledger import Ledger, NothingKnown
from newscrawl.spider.base import SiteSpider
from newscrawl.wanted import Wanted

# Lists of the last days, feeds and the like first: they move on while they are read, and tell what there is. Then breaking news, then other
# articles, the newest first; pages of lists that lie farther back stand among them by their time, so that a walk through years gives articles
# from the start. Then, where only some sections are asked for, what only a link names and may be of another. Last, at 0, what the output has.
PRIORITY_LISTS, PRIORITY_BREAKING, PRIORITY_ARTICLES, PRIORITY_OUTSIDE_LISTS = 30, 25, 20, 10
# Of everything, not of a section, these are meant to name every article of their time.
_FULL = frozenset(("list", "feed", "sitemap"))
_REMEMBERED = 10_000  # numbers, 1 MB; a page names some hundred, most of them those of the page before


class NamingSpider(SiteSpider):
    """The part of a spider that turns a name into a request. A subclass reads what comes back, with `parse_article`."""

    ledger: Ledger = NothingKnown()

    def __init__(self, name: str | None = None, _clock: Clock = MACHINE, **arguments: str) -> None:
        super().__init__(name, _clock)
        self.arguments = Arguments.parse(arguments, self.site, self.now())
        self.kind = self.arguments.kind(self.now())
        self.wanted = Wanted(self.arguments, self.site)
        self.job = arguments.get("_job")
        self.asked_as = {name: value for name, value in arguments.items() if name in TAKES}
        self.allowed_domains = sorted(self.site.hosts)
        self.coverage = Coverage()
        self._breaking = {way.name for way in self.site.ways if way.breaking}
        # Numbers lately asked for, and whether they can lie in the time that is asked for: a page names a hundred of them again. Only
        # to save time: the state knows.
        self._named: dict[int, bool] = {}
        self._linked: set[tuple[str, str]] = set()  # and which way, other than a list, has named them
        self.new_names = 0  # how often something was named that was not among these

    @classmethod
    def from_crawler(cls, crawler: Crawler, *args: Any, **kwargs: Any) -> Self:
        spider = super().from_crawler(crawler, *args, **kwargs)
        crawler.signals.connect(spider.count_ways, signal=signals.COUNTING)
        return spider

    @property
    def scope(self) -> str:
        """What this run is asked for, as text: a later run goes on with it if this one does not come to its end."""
        return self.arguments.to_json()

    def resume(self, scopes: list[str]) -> None:
        """Go on with what earlier runs left: `scopes` of all runs that are not worked off."""
        self.wanted.go_on_with(scopes)
        self._named.clear()
        self._linked.clear()

    def count_ways(self) -> None:
        """Write into the stats which way named what."""
        assert self.crawler.stats is not None
        for way, counts in self.coverage.counts().items():
            for what, count in counts.items():
                self.crawler.stats.set_value(f"newscrawl/ways/{way}/{what}", count)
        self.crawler.stats.set_value("newscrawl/gaps", self.coverage.gaps())

    def _row(self, row: Row, via: str, source: str, section: str | None) -> Iterator[Request]:
        if not self.wanted.could_have_row(row):
            if int(row.number) not in self._named:
                self._remember(int(row.number), False)
                self._count(f"skipped/outside/{via}")
        elif request := self._article(row.number, via, source, section, row.published_at):
            yield request

    def _linked_article(self, number: str, via: str, source: str) -> Request | None:
        """The request of an article that a page links to; as `_article`, but nine links in ten were on the page before."""
        return None if (number, via) in self._linked else self._article(number, via, source)

    def _article(
        self, number: str, via: str, source: str | None, section: str | None = None, at: datetime | None = None
    ) -> Request | None:
        """The request of an article; None when it was asked for lately, or cannot lie in the time that is asked for.

        `section`: the code of the section in whose list it stands; `at`: when it was published, if the row says, which lies in that time.
        """
        key = int(number)
        known = self._named.get(key)
        if at is not None and not known:  # its row says that it lies inside, whatever its number says, or another row
            known = None
        self.new_names += known is None
        inside = self._remember(key, at is not None or self.wanted.could_have(number)) if known is None else known
        # A link tells no time: it counts by its number, also if a list's row told before that the article is older. Which of two pages comes
        # first is chance, and what a way names must not be.
        if inside or (via not in _FULL and self.wanted.could_have(number)):
            self.coverage.name(key, via, full=section is None and via in _FULL)
            if via not in _FULL:
                self._linked.add((number, via))
        if known is not None and section is None:  # a sidebar may have named it first, and not known its section
            return None
        if not inside:
            self._count(f"skipped/outside/{via}")
            return None
        rank = at.timestamp() if at else guessed_time(number)
        return Request(
            canonical_url(number, self.site),
            self.parse_article,
            errback=self.failed,
            priority=self._priority(via),
            cb_kwargs={
                "number": number,
                "via": via,
                "source": source,
                "at": self.now().isoformat(),
                "section": section,
            },
            meta={"handle_httpstatus_all": True, KEY: number, RANK: self._rank(rank), STAT: f"found/{via}"},
        )

    def _priority(self, via: str) -> int:
        """How soon an article is fetched, by the way that named it."""
        if via in ("related", "sidebar") and not self.wanted.everything:
            return PRIORITY_OUTSIDE_LISTS
        return PRIORITY_BREAKING if via in self._breaking else PRIORITY_ARTICLES

    def _rank(self, at: float) -> int:
        """Where something stands among others of its priority, by its time (seconds since 1970): the newest first, or the oldest if asked for."""
        return -int(at) if self.arguments.order == "oldest" else int(at)

    def _remember(self, key: int, inside: bool) -> bool:
        """Keep for a while whether an article can lie in the time that is asked for, which is given back."""
        self._named[key] = inside
        if len(self._named) > _REMEMBERED:
            del self._named[next(iter(self._named))]
        if len(self._linked) > _REMEMBERED:
            self._linked.clear()
        return inside

    def parse_article(
        self,
        response: Response,
        number: str,
        via: str,
        source: str | None,
        at: str,
        section: str | None = None,
        hops: int = 0,
    ) -> Iterator[Request | Article | Listed] | AsyncIterator[Request | Article | Listed]:
        """What an article's page gives; a subclass says. The arguments are what `_article` knows of it."""
        raise NotImplementedError
