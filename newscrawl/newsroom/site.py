"""The whole site as one value: its stories, its lists, its pages and their truth."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property, lru_cache

from . import chrome, lists, pages
from .blocks import Content
from .compose import compose
from .dice import CHROME, dice
from .opening import Opening, open_story
from .sidebar import Sidebar, arrange, bucket_of, buckets
from .stories import KST, Story
from .topbar import TopBar
from .truth import Record, record


@dataclass(frozen=True, slots=True)
class Found:
    """All ways in which one article can be found: the addresses of the pages that name it."""

    listed: frozenset[str]
    topbar: frozenset[str]
    sidebar: frozenset[str]
    related: frozenset[str]

    def pages(self, via: str) -> frozenset[str]:
        """The pages that name it in one way (`list`, `topbar`, `sidebar`, `related`)."""
        return {"list": self.listed, "topbar": self.topbar, "sidebar": self.sidebar, "related": self.related}[via]


@dataclass(eq=False, repr=False)
class Site:
    """A generated site. Pages and truths are made when they are asked for; only the plan is held in memory."""

    articles: list[Story]
    seed: int
    start: datetime
    end: datetime
    topbar: TopBar
    pool: Sequence[str] = ()
    by_id: dict[str, Story] = field(init=False)
    lists: dict[str, list[int]] = field(init=False)
    """For each category code the numbers of its articles, newest first."""

    def __post_init__(self) -> None:
        self.by_id = {story.id: story for story in self.articles}
        self.lists = {"1": []}
        for story in reversed(self.articles):
            story.site = self
            for code in story.sections:
                self.lists.setdefault(code, []).append(story.number)
        self._places: dict[str, dict[int, int]] = {}
        self._texts: dict[str, str] = {}
        self.content = lru_cache(maxsize=512)(self._content)
        self.opening = lru_cache(maxsize=2048)(self._opening)
        self.sidebar = lru_cache(maxsize=256)(self._sidebar)
        self.frame = lru_cache(maxsize=256)(self._frame)

    @cached_property
    def hidden(self) -> tuple[str, ...]:
        """Ids that exist but are named only in commented-out HTML and scripts: a crawler must not ask for them."""
        return tuple(sorted(story.id for story in self.articles if story.way == "hidden"))

    def _content(self, number: int) -> Content:
        story = self.articles[number]
        if story.origin == number:
            return compose(story, self.seed, self.pool)
        content = compose(self.articles[story.origin], self.seed, self.pool)
        content.box = story.related[story.in_body :]
        return content

    def _opening(self, number: int) -> Opening:
        origin = self.articles[self.articles[number].origin]
        return open_story(origin, self.seed)[1]

    def _sidebar(self, bucket: int) -> Sidebar:
        return arrange(self, bucket)

    def _frame(self, bucket: int, generation: str) -> pages.Frame:
        return pages.frame(self, bucket, generation)

    def bucket(self, number: int) -> int:
        """Which of the sidebars a story's page shows."""
        return bucket_of(number, len(self.articles))

    def related(self, number: int) -> list[str]:
        """The ids that an article itself links to."""
        return [self.articles[other].id for other in self.articles[number].related]

    def truth(self, id: str, host: str = "www.newspim.com") -> Record:
        """The true record of an article as its page on that host shows it."""
        story = self.by_id[id]
        mobile = host == "m.newspim.com"
        return record(story, self.content(story.number), self.related(story.number), mobile)

    def page(self, id: str, host: str = "www.newspim.com") -> bytes:
        """An article's page on a host; `KeyError` for an unknown id."""
        story = self.by_id[id]
        return pages.article(self, story, mobile=host == "m.newspim.com")

    def list_page(self, code: str, offset: int = 0) -> bytes:
        """A list page; an unknown code or an offset past the end gives a page without rows."""
        return lists.list_page(self, code, offset)

    def front(self) -> bytes:
        """The front page."""
        return lists.front(self)

    def topbar_page(self, address: str, offset: int = 0) -> bytes | None:
        """A page of the top bar by its path (as in `site.topbar.entries`); None if there is none at that address."""
        return lists.topbar_page(self, address, offset)

    def place(self, code: str, number: int) -> int:
        """The row of an article in a list."""
        if code not in self._places:
            self._places[code] = {one: row for row, one in enumerate(self.lists[code])}
        return self._places[code][number]

    def found(self, id: str) -> Found:
        """The ways in which an article can be found; list pages at the offsets that are multiples of 20."""
        story = self.by_id[id]
        states = range(buckets(len(self.articles)))
        beside = {state for state in states if story.number in self.sidebar(state).numbers}
        return Found(
            listed=frozenset(lists.list_addresses(self, story)),
            topbar=frozenset(lists.topbar_addresses(self, story)),
            sidebar=frozenset(other.url for other in self.articles if self.bucket(other.number) in beside),
            related=frozenset(other.url for other in self.articles if story.number in other.related),
        )

    def menus(self) -> str:
        """The menus, as every page has them."""
        return self.cached("menus", lambda: chrome.menus(self))

    def filler(self, template: str) -> str:
        """The style and script of a template."""
        return self.cached(
            f"filler {template}",
            lambda: chrome.filler(dice(self.seed, CHROME, 7), chrome.FILLER[template], self.hidden),
        )

    def cached(self, name: str, make: Callable[[], str]) -> str:
        """A text that is made once for the site."""
        if name not in self._texts:
            self._texts[name] = make()
        return self._texts[name]

    def aware(self, moment: datetime) -> datetime:
        """A moment in KST; a naive one is taken as KST."""
        return moment.replace(tzinfo=KST) if moment.tzinfo is None else moment.astimezone(KST)
