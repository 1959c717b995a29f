"""What can go wrong with a page, and which pages of a site it befalls."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from . import scripted
from .dice import FAULT, dice

if TYPE_CHECKING:
    from .site import Site

KINDS = {
    "unavailable": "503 first, then the page",
    "busy": "429 with Retry-After first, then the page",
    "slow": "the page after a delay",
    "cut": "a body shorter than its Content-Length first, then the page",
    "spelling": "a redirect to another spelling of the same article",
    "moved": "a redirect to another article",
    "offsite": "a redirect to another site",
    "loop": "a redirect that ends where it began",
    "cp949": "the page in CP949, said in header or meta",
    "wrong_charset": "a UTF-8 page whose header says another charset",
    "no_charset": "a UTF-8 page that names no charset anywhere",
    "gone404": "404",
    "gone410": "410",
    "empty": "200 and the empty form of a page",
    "no_container": "200 and a page without its body container",
    "huge": "a page of 1 MB",
    "broken": "a page with unclosed and stray tags",
    "gzip": "a gzip-encoded response",
    "forbidden": "an article that robots.txt forbids",
}
ALL = {**KINDS, **scripted.KINDS}
"""Those that `mixed` has, and pages whose body a script fills, which it has not: who has no browser loses them all."""
LOST = scripted.UNSEEN | frozenset(
    {"moved", "offsite", "loop", "gone404", "gone410", "empty", "no_container", "forbidden"}
)
"""Kinds after which the article itself cannot be exported."""
PASSING = frozenset({"unavailable", "busy", "cut"})
"""Kinds that only the first `times` requests of an article meet."""
ROBOTS = ("plain", "404", "503", "redirect")

Amount = float | int | Collection[str]


@dataclass(frozen=True, slots=True)
class Faults:
    """Which faults a newsroom has.

    `kind` maps a name of `ALL` to a share of the articles (float), a number of them (int), or their ids.
    `lists` is the share of list pages that answer 503 at first; `robots` how robots.txt answers (`ROBOTS`); `times` how often a
    passing fault shows before the page comes; `delay` the seconds of a slow page; `retry_after` the seconds of a 429.
    """

    kind: Mapping[str, Amount] = field(default_factory=dict)
    lists: float = 0.0
    robots: str = "plain"
    times: int = 1
    delay: float = 0.3
    retry_after: int = 1
    seed: int = 1

    def __post_init__(self) -> None:
        unknown = sorted(set(self.kind) - set(ALL))
        if unknown:
            raise ValueError(f"unknown fault: {', '.join(unknown)}; known: {', '.join(ALL)}")
        if self.robots not in ROBOTS:
            raise ValueError(f"unknown robots.txt: {self.robots}; known: {', '.join(ROBOTS)}")

    @classmethod
    def none(cls) -> Faults:
        """A site on its best day."""
        return cls()

    @classmethod
    def mixed(cls, share: float = 0.1, seed: int = 1) -> Faults:
        """All kinds, on `share` of the articles together, and 503 on a quarter as many list pages."""
        return cls({name: share / len(KINDS) for name in KINDS}, lists=share / 4, seed=seed)

    @classmethod
    def named(cls, *names: str, share: float = 0.05) -> Faults:
        """Each of the named kinds on `share` of the articles."""
        return cls(dict.fromkeys(names, share))

    def befall(self, site: Site) -> dict[str, str]:
        """The kind of fault of each article that has one, by id; at most one each."""
        struck: dict[str, str] = {}
        for name, amount in self.kind.items():
            if isinstance(amount, Collection):
                strange = set(amount) - set(site.by_id)
                if strange:
                    raise ValueError(f"no such article: {', '.join(sorted(strange))}")
                struck |= dict.fromkeys(amount, name)
        free = [story.id for story in site.articles if story.id not in struck and story.way != "hidden"]
        dice(self.seed, FAULT).shuffle(free)
        for name, amount in self.kind.items():
            if isinstance(amount, Collection):
                continue
            wanted = amount if isinstance(amount, int) else max(1, round(amount * len(site.articles))) if amount else 0
            for _ in range(min(wanted, len(free))):
                struck[free.pop()] = name
        return struck


@dataclass(frozen=True, slots=True)
class Redirect:
    """Where a redirected article leads: the address, and the article and host that answer there (None off the site)."""

    status: int
    address: str
    id: str | None
    host: str = "www.newspim.com"


def redirects(site: Site, struck: Mapping[str, str], seed: int) -> dict[str, Redirect]:
    """The redirects of the articles whose fault is one."""
    twins = {story.origin for story in site.articles if story.origin != story.number}
    out: dict[str, Redirect] = {}
    for id, kind in struck.items():
        number = site.by_id[id].number
        die = dice(seed, FAULT, number + 1)
        status = die.pick((301, 302, 307, 308))
        if kind == "spelling":
            out[id] = die.pick(
                [
                    Redirect(status, f"http://newspim.com/news/view/{id}", id, "newspim.com"),
                    Redirect(status, f"https://m.newspim.com/news/view/{id}", id, "m.newspim.com"),
                    Redirect(status, f"/view.jsp?newsId={id}", id),
                    Redirect(status, f"https://www.newspim.com/news/view/{id}?utm_source=redirect", id),
                ]
            )
        elif kind == "moved":
            near = sorted(site.articles, key=lambda story: abs(story.number - number))
            other = next(
                (s for s in near if s.listed and s.id not in struck and s.origin == s.number and s.number not in twins),
                None,
            )
            out[id] = Redirect(status, other.url if other else "https://www.newspim.com/", other.id if other else None)
        elif kind == "offsite":
            out[id] = Redirect(status, f"https://www.example.com/story/{id}", None)
        elif kind == "loop":
            out[id] = Redirect(status, f"https://www.newspim.com/news/view/{id}?turn=1", None)
    return out
