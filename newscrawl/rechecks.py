"""Looks at articles that the output has: whether they were corrected, or taken back."""

from __future__ import annotations

from collections.abc import Iterator

from scrapy import Request
from scrapy.http import Response

from newscrawl.extraction import Gone
from newscrawl.identity import article_id, article_number, canonical_url
from newscrawl.items import Article, NoText
from newscrawl.lease import KEY, RANK
from newscrawl.site_spider import MOST_REDIRECTS, REDIRECTS, SiteSpider, again
from newscrawl.state import Due

PRIORITY = 0  # the last: after all that is new


class RecheckSpider(SiteSpider):
    """The part of a spider that looks again. `rechecks`: whether this run does."""

    rechecks: bool

    def recheck(self, due: Due) -> Request:
        """The request for a look at an article that the output has; the site may answer that nothing changed."""
        number = str(due.number)
        known = {"If-None-Match": due.etag, "If-Modified-Since": due.last_modified}
        return Request(
            canonical_url(number, self.site),
            self.parse_recheck,
            errback=self.failed,
            priority=PRIORITY,
            headers={name: value for name, value in known.items() if value},
            cb_kwargs={"number": number},
            meta={"handle_httpstatus_all": True, KEY: f"{number}+{due.at}", RANK: due.number},
        )

    def parse_recheck(self, response: Response, number: str, hops: int = 0) -> Iterator[Request | Article | NoText]:
        """The article as it is now, or why there is none. Its links were followed when it was found."""
        if response.status in REDIRECTS:
            yield from self._redirected_recheck(response, number, hops)
        elif response.status == 304:
            yield self._no_text(number, "not_modified")
        elif response.status in (404, 410):
            yield self._no_text(number, "absent")
        elif response.status != 200:
            self._lost(response.request, f"recheck/{response.status}")
        else:
            try:
                article = self._read(self._page(response), number, response)
            except Gone:
                yield self._no_text(number, "absent")
                return
            if article is not None:
                article.recheck = True
                has_text = article.body is not None or article.images or article.tables
                yield article if has_text else self._no_text(number, "absent")

    def _no_text(self, number: str, why: str) -> NoText:
        return NoText(article_id(number, self.site), canonical_url(number, self.site), why, int(self.now().timestamp()))

    def _redirected_recheck(self, response: Response, number: str, hops: int) -> Iterator[Request | NoText]:
        url = self._target(response)
        if url == "" or hops >= MOST_REDIRECTS:
            self._lost(response.request, "recheck/redirect")
        elif url and article_number(url, self.site) == number:
            assert response.request is not None
            yield again(response.request, url, hops + 1)
        else:
            yield self._no_text(number, "elsewhere")
