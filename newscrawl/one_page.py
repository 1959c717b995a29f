"""One page for a look: from a file, from the site, or from an archive."""

from __future__ import annotations

import re
import sys
import zlib
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from scrapy import Request, Spider
from scrapy.crawler import CrawlerProcessBase
from scrapy.exceptions import IgnoreRequest, UsageError
from scrapy.http import Response
from scrapy.settings import BaseSettings, Settings
from scrapy.spiderloader import SpiderLoader

from newscrawl import archive
from newscrawl.extraction.page import Page
from newscrawl.folders import site_folder
from newscrawl.identity import article_number, creation_date
from newscrawl.site import Site

_NUMBER = re.compile(r"(?<!\d)\d{14}(?!\d)", re.ASCII)
_ARCHIVED = re.compile(r"(.+\.warc(?:\.gz|\.zst)?(?:\.open)?)(?::(\d+))?")
_NOT_UNPACKED = (
    IgnoreRequest,
    OSError,
    EOFError,
    ValueError,
    zlib.error,
)  # too large, or packed otherwise than it says
# A page is looked at, and nothing is kept of it: no state, no feed, no report.
_NOTHING_KEPT: dict[str, Any] = {
    "SCHEDULER": "scrapy.core.scheduler.Scheduler",
    "SPIDER_MIDDLEWARES": {},
    "ITEM_PIPELINES": {},
    "EXTENSIONS": {},
}


@dataclass(frozen=True, slots=True)
class OnePage:
    """A page as it came, but unpacked. `name`: what was asked for; `url`: its address, None for a file."""

    name: str
    url: str | None
    body: bytes
    content_type: str | None

    def parsed(self, site: Site) -> Page:
        """The page as the extraction takes it."""
        return Page.from_bytes(self.body, self.url or site.home, self.content_type)

    def number(self, site: Site, given: str | None) -> str:
        """The article's: as it is given, else by the address, the page's own word, or the digits in the file's name. Raises UsageError when
        nothing tells it."""
        page = self.parsed(site)
        canonical = page.first('link[rel="canonical"]')
        said = (self.url or "", page.metas.get("og:url") or "", (canonical and canonical.attributes.get("href")) or "")
        digits = _NUMBER.search(Path(self.name).name)
        by_name = digits[0] if digits and is_number(digits[0]) else None
        found = given or next((number for url in said if (number := article_number(url, site))), by_name)
        if found is None:
            raise UsageError("which article is it? --id takes the fourteen digits of its address", print_help=False)
        return found


class Asking(Spider):
    """Asks for one page, as politely as a crawl does, and keeps the answer."""

    name = "one-page"

    def __init__(self, url: str, site: Site, answers: list[Response]) -> None:
        super().__init__()
        self.url, self.site, self.answers = url, site, answers

    async def start(self) -> AsyncIterator[Request]:
        """The page, whatever its status is."""
        yield Request(self.url, meta={"handle_httpstatus_all": True})

    def parse(self, response: Response) -> None:
        """Keep it."""
        self.answers.append(response)


def is_number(digits: str) -> bool:
    """Whether these are the fourteen digits of an article."""
    return _NUMBER.fullmatch(digits) is not None and creation_date(digits) is not None


def get_page(name: str, given: str | None, site: Site, settings: Settings, process: CrawlerProcessBase) -> OnePage:
    """The page of a file (`-`: standard input), of an address, of a WARC file (the latest capture of the article `given`) or of a place in
    one, as `archived` in a record names it (`FILE:OFFSET`). Raises UsageError for what cannot be read."""
    if given and not is_number(given):
        raise UsageError(f"--id {given}: takes the fourteen digits of an article's address", print_help=False)
    if "://" in name:
        if not given and article_number(name, site) is None:
            raise UsageError(
                f"{name} is no address of an article of {site.name}; --id says which it is", print_help=False
            )
        return _fetched(name, site, settings, process)
    if place := _ARCHIVED.fullmatch(name):
        return _archived(name, Path(place[1]), int(place[2]) if place[2] else None, given, site, settings)
    try:
        body = sys.stdin.buffer.read() if name == "-" else Path(name).read_bytes()
    except OSError as error:
        raise UsageError(f"{name}: {error.strerror or error}", print_help=False) from error
    return OnePage(name, None, body, None)


def _fetched(url: str, site: Site, settings: Settings, process: CrawlerProcessBase) -> OnePage:
    for setting, value in _NOTHING_KEPT.items():
        settings.set(setting, value, "cmdline")
    middlewares = settings.getdict("DOWNLOADER_MIDDLEWARES") | {"newscrawl.pace.SharedPace": None}
    settings.set("DOWNLOADER_MIDDLEWARES", middlewares, "cmdline")
    settings.set(archive.SETTING, "off", "cmdline")
    answers: list[Response] = []
    process.crawl(Asking, url=url, site=site, answers=answers)
    process.start()
    if not answers:
        raise UsageError(f"{url} was not to be had: forbidden by robots.txt, or no answer", print_help=False)
    return _page(url, answers[0])


def _page(name: str, answer: Response) -> OnePage:
    """Raises UsageError for an answer that is no page."""
    if answer.status != 200:
        to = (answer.headers.get("Location") or b"").decode("latin-1")
        more = f", to {to}: ask for that" if to else ""
        raise UsageError(f"{name} answers {answer.status}{more}", print_help=False)
    kind = answer.headers.get("Content-Type")
    return OnePage(name, answer.url, answer.body, kind.decode("latin-1") if kind else None)


def _archived(
    name: str, path: Path, offset: int | None, given: str | None, site: Site, settings: BaseSettings
) -> OnePage:
    try:
        archive.check(name)
    except ValueError as error:
        raise UsageError(str(error), print_help=False) from error
    from newscrawl.archive.reading import captures
    from newscrawl.reextraction.worker import Reader

    below = site_folder(settings, site.name) / path  # as records name it
    file = next((file for file in (path, below, below.with_name(f"{below.name}.open")) if file.is_file()), None)
    if file is None:
        raise UsageError(f"{name}: there is no such file, nor {below}", print_help=False)
    found, troubles = None, list[str]()
    for capture in captures(file, lambda url: article_number(url, site) is not None, troubles.append):
        is_it = capture.place.offset == offset if offset is not None else article_number(capture.url, site) == given
        if is_it and (offset is not None or capture.status == 200):
            found = capture
    if found is None:
        what = f"no article begins at byte {offset} of it" if offset is not None else f"it has no page of {given}"
        lost = "".join(f"; {line}" for line in troubles)
        said = "--id says which article of it" if offset is None and given is None else what
        raise UsageError(f"{name}: {said}{lost}", print_help=False)
    spider: Any = SpiderLoader.from_settings(settings).load(site.name)
    try:
        answer = Reader(spider, Settings(settings.copy_to_dict()), everything=True).response(found)
    except _NOT_UNPACKED as error:
        raise UsageError(f"{name}: the page cannot be unpacked: {error}", print_help=False) from error
    return _page(name, answer)
