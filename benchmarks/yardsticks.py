"""What a crawl is compared with: `yardsticks.py KIND URLS FOLDER`, each on Scrapy's own default stack.

- `bare`: downloads the addresses in a file, and does nothing else;
- `jobdir`: the same, and a run that is stopped can be gone on with (JOBDIR);
- `usual`: what a project usually is: follows the links of articles (LinkExtractor), takes some fields (parsel), writes them (the built-in feed);
- `redis`: the usual one on scrapy-redis: its queue and its filter of duplicates, in the server of REDIS_URL.
"""

from __future__ import annotations

import os
import sys
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any

import scrapy
from scrapy.crawler import AsyncCrawlerProcess
from scrapy.http import HtmlResponse, Response
from scrapy.linkextractors import LinkExtractor

KIND, _FILE, FOLDER = sys.argv[1:]
URLS = Path(_FILE).read_text(encoding="utf-8").splitlines()


class BareSpider(scrapy.Spider):
    """Asks for each address; its callback is empty."""

    name = "bare"

    async def start(self) -> AsyncIterator[scrapy.Request]:
        """The addresses, one a line."""
        for url in URLS:
            yield scrapy.Request(url)

    def parse(self, response: Response) -> Any:
        """Nothing."""


class UsualSpider(BareSpider):
    """As one is written in an afternoon."""

    name = "usual"
    links = LinkExtractor(allow=r"/news/view/\d{14}", restrict_css="body")

    def parse(self, response: Response) -> Iterator[Any]:
        """An article's fields, and its links."""
        if not isinstance(response, HtmlResponse):
            return
        if "/news/view/" in response.url:
            paragraphs = response.css("#news-contents ::text, #news_contents ::text").getall()
            yield {
                "url": response.url,
                "title": response.css("h1::text, meta[property='og:title']::attr(content)").get(default="").strip(),
                "date": response.css("#send-time::text, time::attr(datetime)").get(default="").strip(),
                "author": response.css("meta[name='author']::attr(content)").get(),
                "section": response.css("meta[property='article:section']::attr(content)").get(),
                "body": "\n".join(text for part in paragraphs if (text := part.strip())),
                "images": response.css("#news-contents img::attr(src)").getall(),
            }
        for link in self.links.extract_links(response):
            yield response.follow(link.url.replace("https://www.newspim.com", response.urljoin("/").rstrip("/")))


SETTINGS: dict[str, dict[str, Any]] = {
    "bare": {},
    "jobdir": {"JOBDIR": f"{FOLDER}/job"},
    "usual": {"FEEDS": {f"{FOLDER}/articles.jsonl": {"format": "jsonlines"}}},
    "redis": {
        "SCHEDULER": "scrapy_redis.scheduler.Scheduler",
        "DUPEFILTER_CLASS": "scrapy_redis.dupefilter.RFPDupeFilter",
        "REDIS_URL": os.environ.get("REDIS_URL", ""),
        "FEEDS": {f"{FOLDER}/articles.jsonl": {"format": "jsonlines"}},
    },
}

if __name__ == "__main__":
    # All as Scrapy has it, but for the log: at DEBUG, the default, it would pay for a line a page, which a crawl in use does not.
    process = AsyncCrawlerProcess({"LOG_LEVEL": "INFO", **SETTINGS[KIND]})
    process.crawl(UsualSpider if KIND in ("usual", "redis") else BareSpider)
    process.start()
