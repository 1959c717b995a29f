"""Looks at articles that the output has: whether they were corrected, or taken back."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from functools import partial

from scrapy import Request
from scrapy.http import Response

from newscrawl.discovery import pages
from newscrawl.discovery.walking import guessed_time
from newscrawl.extraction import Gone, Page
from newscrawl.identity import article_id, article_number, canonical_url
from newscrawl.items import Article, NoText
from newscrawl.lease import ARCHIVED, KEY, RANK
from newscrawl.spider.base import MOST_REDIRECTS, REDIRECTS, Seen, SiteSpider, again
from newscrawl.state import look_key

_PRIORITY = 0  # the last: after all that is new


class RecheckSpider(SiteSpider):
    """The part of a spider that looks again. `rechecks`: whether this run does."""

    rechecks: bool

    def recheck(self, number: int) -> Request:
        """The request for a look at an article that the output has. The scheduler adds what we have of it."""
        digits = str(number)
        return Request(
            canonical_url(digits, self.site),
            self.parse_recheck,
            errback=self.failed,
            priority=_PRIORITY,
            cb_kwargs={"number": digits},
            meta={"handle_httpstatus_all": True, KEY: look_key(number), RANK: number},
        )

    def parse_recheck(
        self, response: Response, number: str, hops: int = 0
    ) -> Iterator[Request | Article | NoText] | AsyncIterator[Request | Article | NoText]:
        """The article as it is now, or why there is none, and its links: related articles are added after publication. Later, when the page
        is tried in the browser before."""
        if response.status == 200:
            return self._seen(response, number, partial(self._looked_at, response, number))
        return self._nothing_to_look_at(response, number, hops)

    def _nothing_to_look_at(self, response: Response, number: str, hops: int) -> Iterator[Request | NoText]:
        """An answer without a page."""
        if response.status in REDIRECTS:
            yield from self._redirected_recheck(response, number, hops)
        elif response.status == 304:
            yield self._no_text(response, number, "not_modified")
        elif response.status in (404, 410):
            yield self._no_text(response, number, "absent")
        else:
            self._lost(response.request, f"recheck/{response.status}")

    def _looked_at(self, response: Response, number: str, seen: Seen) -> Iterator[Request | Article | NoText]:
        self._now_at = "recheck", None, guessed_time(number)
        if pages.own_number(seen.page, self.site) not in (None, number):
            yield self._no_text(response, number, "elsewhere")  # another article's page under this address
            return
        try:
            article = self._read(seen, number, response)
        except Gone:
            yield self._no_text(response, number, "absent")
            return
        if article is not None:
            yield from self.links_of(seen.page, article, number)
            article.recheck = True
            has_text = article.body is not None or article.images or article.tables
            yield article if has_text else self._no_text(response, number, "absent")

    def links_of(self, page: Page, article: Article, number: str) -> Iterator[Request]:
        """Requests for the articles that an article links to; a subclass says."""
        raise NotImplementedError

    def _no_text(self, response: Response, number: str, why: str) -> NoText:
        at = int(self._answered_at(response).timestamp())
        return NoText(article_id(number, self.site), why, at, response.meta.get(ARCHIVED))

    def _redirected_recheck(self, response: Response, number: str, hops: int) -> Iterator[Request | NoText]:
        url = self._target(response)
        if url == "" or hops >= MOST_REDIRECTS:
            self._lost(response.request, "recheck/redirect")
        elif url and article_number(url, self.site) == number:
            assert response.request is not None
            yield again(response.request, url, hops + 1)
        else:
            yield self._no_text(response, number, "elsewhere")
