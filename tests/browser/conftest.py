"""Crawls with a Chromium of this machine; where there is none, they are skipped."""

from __future__ import annotations

from collections.abc import Callable, Collection

import pytest

from newscrawl.browser import choose
from newscrawl.newsroom import Faults, Newsroom, Site
from tests.crawl.conftest import Crawl, crawl, small

__all__ = ["crawl", "small"]

Reader = Callable[..., Crawl]


@pytest.fixture(scope="session")
def chromium() -> str:
    """The program of a Chromium that stands here."""
    found = choose("auto", "")
    if found.missing:
        pytest.skip(f"needs a browser: {found.missing} is not here")
    return found.path


@pytest.fixture
def read(chromium: str, crawl: Callable[..., Crawl]) -> Reader:
    """Crawls certain articles and no others, with the browser."""

    def run(room: Newsroom, numbers: Collection[str], *arguments: str, wait: float = 4, mode: str = "auto") -> Crawl:
        urls = ",".join(f"https://www.newspim.com/news/view/{number}" for number in numbers)
        settings = (f"NEWSCRAWL_BROWSER={mode}", f"NEWSCRAWL_BROWSER_PATH={chromium}", f"NEWSCRAWL_BROWSER_WAIT={wait}")
        options = [part for setting in settings for part in ("-s", setting)]
        return crawl(room, *options, "-a", f"urls={urls}", "-a", "follow=none", *arguments, since=None)

    return run


def faults(site: Site, **kinds: int) -> Faults:
    """So many articles of each kind, the first that have words of their own: the same in each run."""
    plain = iter([one.id for one in site.articles if one.listed and one.form == "article" and one.origin == one.number])
    return Faults({kind: [next(plain) for _ in range(count)] for kind, count in kinds.items()})
