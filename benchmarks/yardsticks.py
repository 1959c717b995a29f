"""The yardstick: a Scrapy spider on Scrapy's own default stack that downloads the addresses in a file, and does nothing else."""

from __future__ import annotations

import sys
from collections.abc import AsyncIterator
from pathlib import Path

import scrapy
from scrapy.crawler import AsyncCrawlerProcess
from scrapy.http import Response

URLS = Path(sys.argv[1]).read_text(encoding="utf-8").splitlines()


class BareSpider(scrapy.Spider):
    """Asks for each address; its callback is empty."""

    name = "bare"

    async def start(self) -> AsyncIterator[scrapy.Request]:
        """The addresses, one a line."""
        for url in URLS:
            yield scrapy.Request(url)

    def parse(self, response: Response) -> None:
        """Nothing."""


if __name__ == "__main__":
    # All as Scrapy has it, but for the log: at DEBUG, the default, it would pay for a line a page, which a crawl in use does not.
    process = AsyncCrawlerProcess({"LOG_LEVEL": "INFO"})
    process.crawl(BareSpider)
    process.start()
