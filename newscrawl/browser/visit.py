"""One page that is to be seen in the browser: what it begins with, and when enough is seen."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

from scrapy.http import Headers, Response

from newscrawl.extraction import Page, shown
from newscrawl.site import Site

VISIT = "browser_visit"  # key of `Request.meta`
LOOK_EVERY = 0.2  # seconds
_STILL = 0.6  # seconds that the words have not changed, with nothing under way: they are all
_STILL_ENOUGH = 3.0  # … whatever is under way: some pages ask for something for ever
_TURN = 2.0  # seconds in which more must have come, after what was asked for had
_MOST_TURNS = 20  # a list that never ends is left
_NOT_OURS = (b"Content-Encoding", b"Content-Length", b"Transfer-Encoding", b"Connection")


class Sight(Protocol):
    """An open page: what a visit may do with it."""

    async def content(self) -> str:
        """The page as it is now, as HTML. Raises what the browser raises."""

    async def pause(self, seconds: float) -> None:
        """Let the page go on."""

    async def more(self, labels: frozenset[str]) -> None:
        """Press what says one of the labels (letters only, counts left away), or scroll to the end."""

    @property
    def busy(self) -> int:
        """How many requests of the page are under way."""


class Visit:
    """A visit to a page; `asked_by`: the request whose answer it begins with. `wait`: seconds that its scripts have, without the time in
    which Scrapy fetches for them; `is_over`: whether the run ends meanwhile."""

    def __init__(self, response: Response, page: Page, site: Site, wait: float, is_over: Callable[[], bool]) -> None:
        self.url, self.status, self.asked_by = response.url, response.status, response.request
        self.source, self.site, self.wait, self.is_over = page.source, site, wait, is_over
        self._headers = response.headers

    @property
    def headers(self) -> Headers:
        """Those of the plain answer, as far as they fit the page that a browser made of it."""
        kept = {name: values for name, values in self._headers.items() if name.title() not in _NOT_OURS}
        return Headers({**kept, b"Content-Type": b"text/html; charset=utf-8"})

    async def stay(self, sight: Sight) -> str:
        """Look until enough is seen, or the time is over; the page as it is then."""
        raise NotImplementedError

    async def _look(self, sight: Sight) -> str:
        """The page as it is now. Half a character, as scripts leave it that cut a text within an emoji, is U+FFFD: no parser takes halves."""
        return (await sight.content()).encode("utf-16", "surrogatepass").decode("utf-16", "replace")


class ArticleVisit(Visit):
    """A visit to an article's page."""

    async def stay(self, sight: Sight) -> str:
        """Look until the words stand still."""
        last, still, spent = "", 0.0, 0.0
        while True:
            content = await self._look(sight)
            seen = shown(Page(content, self.url), self.site)
            still = still + LOOK_EVERY if seen and seen == last else 0.0
            if still >= (_STILL_ENOUGH if sight.busy else _STILL) or spent >= self.wait or self.is_over():
                return content
            spent += 0.0 if sight.busy else LOOK_EVERY
            last = seen
            await sight.pause(LOOK_EVERY)


class ListVisit(Visit):
    """A visit to a page of links. `articles`: how many a page names; `wants_more`: whether those that it names do not reach far enough."""

    articles: Callable[[Page], int]
    wants_more: Callable[[Page], bool]

    async def stay(self, sight: Sight) -> str:
        """Press, or scroll, until nothing new comes or no more is wanted."""
        content = await self._look(sight)
        for _ in range(_MOST_TURNS):
            page = Page(content, self.url)
            if not self.wants_more(page) or self.is_over():
                break
            await sight.more(self.site.more_labels)
            grown = await self._grown(sight, self.articles(page))
            if grown is None:
                break
            content = grown
        return content

    async def _grown(self, sight: Sight, before: int) -> str | None:
        """The page when it names more than before; None when nothing comes."""
        spent = 0.0
        while spent < min(self.wait, _TURN) and not self.is_over():
            await sight.pause(LOOK_EVERY)
            spent += 0.0 if sight.busy else LOOK_EVERY
            content = await self._look(sight)
            if not sight.busy and self.articles(Page(content, self.url)) > before:
                return content
        return None
