"""What a page in the browser asks for, and what it gets: the page itself, what Scrapy fetches, or nothing. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from urllib.parse import urlsplit

from newscrawl.site import Site

# Nothing else brings words: no pictures, fonts, styles, media, frames, beacons, sockets, streams of events.
_BRING_WORDS = frozenset(("script", "xhr", "fetch"))
_PORTS = (None, 80, 443)  # what stands on another is no part of a site


class Answer(Enum):
    """What becomes of a request of the page's."""

    PAGE = "page"  # the answer that Scrapy has already
    FETCH = "fetch"  # by Scrapy: robots.txt, pace, User-Agent and limits hold
    REFUSE = "refuse"


@dataclass(frozen=True, slots=True)
class Asked:
    """A request of the page's. `kind`: Playwright's resource type; `navigates`: whether it would replace the page itself."""

    method: str
    kind: str
    url: str
    navigates: bool = False


def answer(asked: Asked, page: str, site: Site, libraries: frozenset[str], *, first: bool) -> Answer:
    """What a request gets. `page`: the address of the page; `first`: whether it has not asked for itself yet, since it may be had once."""
    if asked.navigates:
        return Answer.PAGE if first and asked.url.partition("#")[0] == page.partition("#")[0] else Answer.REFUSE
    if asked.method != "GET" or asked.kind not in _BRING_WORDS:
        return Answer.REFUSE
    if is_of_site(asked.url, site) or is_library(asked, libraries):
        return Answer.FETCH
    return Answer.REFUSE


def is_of_site(url: str, site: Site) -> bool:
    """Whether an address is one of the site's, or of its domain, that may be asked for."""
    parts = urlsplit(url)
    host = parts.hostname or ""
    own = host in site.hosts or host == site.domain or host.endswith(f".{site.domain}")
    return own and _is_web(url) and host not in site.ad_hosts and not parts.path.startswith(site.forbidden_paths)


def is_library(asked: Asked, libraries: frozenset[str]) -> bool:
    """Whether it is a script of a host that serves libraries to everyone."""
    return asked.kind == "script" and urlsplit(asked.url).hostname in libraries and _is_web(asked.url)


def _is_web(url: str) -> bool:
    parts = urlsplit(url)
    try:
        return parts.scheme in ("http", "https") and parts.port in _PORTS and not parts.username
    except ValueError:
        return False
