"""The whole site as one value: its stories, its lists, its pages and their truth."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property, lru_cache
from threading import RLock

from . import chrome, edits, lists, pages
from .blocks import Content
from .compose import compose
from .dice import CHROME, dice
from .editions import Edition, as_of, begun, differences, first_edition
from .families import Family, Piece, dress, kinship, opening_of, tell
from .fates import WITHDRAWALS
from .found import Found, find
from .opening import Opening, open_story
from .sidebar import Sidebar, arrange, bucket_of, buckets
from .standing import Standing
from .stories import KST, Story
from .topbar import TopBar
from .truth import Record, record


@dataclass(eq=False, repr=False)
class Site:
    """A generated site. Pages and truths are made when they are asked for; only the plan, and what was edited, is held in memory.

    An edit or a withdrawal is seen as a whole or not at all: who reads more than one thing at a time holds `lock`.
    """

    articles: list[Story]
    seed: int
    start: datetime
    end: datetime
    topbar: TopBar
    pool: Sequence[str] = ()
    families: tuple[Family, ...] = ()
    """The stories that belong together, or look as if they did."""
    by_id: dict[str, Story] = field(init=False)
    lists: dict[str, list[int]] = field(init=False)
    """For each category code the numbers of its articles, newest first."""
    withdrawn: dict[str, str] = field(init=False, default_factory=dict)
    """How each article that is withdrawn is so, by id. Replaced, never changed."""
    lock: RLock = field(init=False, default_factory=RLock)

    def __post_init__(self) -> None:
        self.by_id = {story.id: story for story in self.articles}
        self.lists = {"1": []}
        for story in reversed(self.articles):
            story.site = self
            for code in story.sections:
                self.lists.setdefault(code, []).append(story.number)
        self._all_lists, self._whole_topbar = dict(self.lists), self.topbar
        self._editions: dict[int, tuple[Edition, ...]] = {}
        self._places: dict[str, dict[int, int]] = {}
        self._texts: dict[str, str] = {}
        self._family = {number: family for family in self.families for number in family.members}
        # How often what a sidebar names has changed: a part of what is kept of it goes by that number.
        self._turns: Counter[int] = Counter()
        self.told = lru_cache(maxsize=512)(self._tell)
        """What the members of a family say, by the family's number."""
        self._first_content = lru_cache(maxsize=512)(self._composed)
        self._first_opening = lru_cache(maxsize=2048)(self._opened)
        self._arranged = lru_cache(maxsize=256)(self._arrange)
        self._sidebars = lru_cache(maxsize=256)(self._sidebar)
        self._frames = lru_cache(maxsize=256)(self._frame)

    @cached_property
    def hidden(self) -> tuple[str, ...]:
        """Ids that exist but are named only in commented-out HTML and scripts: a crawler must not ask for them."""
        return tuple(sorted(story.id for story in self.articles if story.way == "hidden"))

    def content(self, number: int) -> Content:
        """What an article's page says now."""
        edition = self.edition(number)
        return self._first_content(number) if edition is None else edition.content

    def _composed(self, number: int) -> Content:
        story = self.articles[number]
        content = self._written(self.articles[story.origin])
        if story.origin != number:
            content.box = story.related[story.in_body :]
        return content

    def _written(self, story: Story) -> Content:
        piece = self._piece(story.number)
        if piece is None:
            return compose(story, self.seed, self.pool)
        return dress(piece, story, self._speaker(story.number, piece), self.seed)

    def opening(self, number: int) -> Opening:
        """How an article begins now."""
        edition = self.edition(number)
        return self._first_opening(number) if edition is None else edition.opening

    def _opened(self, number: int) -> Opening:
        origin = self.articles[self.articles[number].origin]
        piece = self._piece(origin.number)
        if piece is None:
            return open_story(origin, self.seed)[1]
        return opening_of(piece, origin, self._speaker(origin.number, piece), self.seed)

    def family(self, number: int) -> Family | None:
        """The family of a story; None for the many that have none."""
        return self._family.get(number)

    def kinship(self, one: int, other: int) -> str | None:
        """What one of two stories is to the other (`families.KINDS`), whichever comes first; None for nothing."""
        return kinship(self, one, other)

    def _tell(self, number: int) -> tuple[Piece, ...]:
        return tell(self.families[number], self.articles, self.seed)

    def _piece(self, number: int) -> Piece | None:
        """What a member of a family says; None for a story whose words are its own."""
        family = self.family(number)
        if family is None:
            return None
        piece = self.told(family.number)[family.members.index(number)]
        return piece if piece.body else None

    def _speaker(self, number: int, piece: Piece) -> int:
        return self._family[number].members[piece.speaker]

    @cached_property
    def whole(self) -> Standing:
        """The site with all that it has."""
        return Standing(self)

    def turn(self, bucket: int) -> int:
        """How often edits and withdrawals have changed one state of the boxes."""
        return self._turns[bucket]

    def sidebar(self, bucket: int) -> Sidebar:
        """One state of the boxes, without what is withdrawn."""
        return self._sidebars(bucket, self._turns[bucket])

    def _arrange(self, bucket: int) -> Sidebar:
        return arrange(self, bucket)

    def _sidebar(self, bucket: int, turn: int) -> Sidebar:
        return self._arranged(bucket).without({self.by_id[id].number for id in self.withdrawn})

    def frame(self, bucket: int, generation: str) -> pages.Frame:
        """The parts that pages share, as they are now."""
        return self._frames(bucket, generation, self._turns[bucket])

    def _frame(self, bucket: int, generation: str, turn: int) -> pages.Frame:
        return pages.frame(self.whole, bucket, generation)

    def edition(self, number: int) -> Edition | None:
        """The version of an article that stands now; None for one that was never edited."""
        editions = self._editions.get(number)
        return None if editions is None else editions[-1]

    def edit(self, id: str, *kinds: str, at: datetime | None = None) -> int:
        """Make the next version of an article by edits of these kinds (`edits.KINDS`), or by a sensible one; its number.

        `at` is when; without it, some time after the last version.
        `edits.meant` says what a form without a place for a kind gets instead. A `Story` held from before is the earlier version's.
        Raises KeyError for an unknown id, ValueError for an unknown kind.
        """
        at = None if at is None else self.aware(at)
        with self.lock:
            number = self.by_id[id].number
            past = self._editions.get(number) or (
                first_edition(
                    as_of(self.articles[number], at), self._first_content(number), self._first_opening(number)
                ),
            )
            edition = edits.next_edition(past, kinds, self.seed, at)
            self._editions[number] = (*past, edition)
            self.articles[number] = self.by_id[id] = edition.story
            self._touch(number)
            return len(past) + 1

    def _touch(self, number: int) -> None:
        """An article shows itself in another way: so do the sidebars that name it."""
        self._turns.update(
            state for state in range(buckets(len(self.articles))) if number in self._arranged(state).numbers
        )

    def version(self, id: str) -> int:
        """How many versions an article has had: 1 before any edit. `KeyError` for an unknown id."""
        return len(self._editions.get(self.by_id[id].number, (None,)))

    def made_at(self, id: str) -> datetime:
        """When the version that stands now was made: at its edit, or when the article was published. `KeyError` for an unknown id."""
        story = self.by_id[id]
        edition = self.edition(story.number)
        return begun(story) if edition is None else edition.at

    def changed(self, id: str, before: int, after: int, host: str = "www.newspim.com") -> list[str]:
        """The fields of `editions.COMPARED` in which two versions differ, white space aside; raises as `truth` does."""
        return differences(self.truth(id, host, before), self.truth(id, host, after))

    def withdraw(self, id: str, how: str) -> None:
        """Take an article away: it answers `404`, `410` or the `empty` page, and lists, sidebars and feeds name it no more.

        Links in the bodies and related boxes of others stay. Raises KeyError for an unknown id, ValueError for an unknown way.
        """
        if how not in WITHDRAWALS:
            raise ValueError(f"unknown withdrawal: {how}; known: {', '.join(WITHDRAWALS)}")
        with self.lock:
            self._withdraw(self.by_id[id].number, {**self.withdrawn, id: how})

    def restore(self, id: str) -> None:
        """Bring a withdrawn article back to where it was. `KeyError` for an unknown id."""
        with self.lock:
            number = self.by_id[id].number
            self._withdraw(number, {one: how for one, how in self.withdrawn.items() if one != id})

    def _withdraw(self, number: int, withdrawn: dict[str, str]) -> None:
        self.withdrawn = withdrawn
        gone = {self.by_id[id].number for id in withdrawn}
        for code in self.articles[number].sections:
            self.lists[code] = [one for one in self._all_lists[code] if one not in gone]
            self._places.pop(code, None)
        self.topbar = self._whole_topbar.without(gone)
        self._touch(number)

    def bucket(self, number: int) -> int:
        """Which of the sidebars a story's page shows."""
        return bucket_of(number, len(self.articles))

    def related(self, number: int) -> list[str]:
        """The ids that an article itself links to."""
        return [self.articles[other].id for other in self.articles[number].related]

    def truth(self, id: str, host: str = "www.newspim.com", version: int | None = None) -> Record:
        """The true record of an article as its page on that host shows it, or showed it in an earlier version.

        Raises KeyError for an unknown id, ValueError for a version that there is not.
        """
        with self.lock:
            story, last = self.by_id[id], self.version(id)
            if version is not None and not 1 <= version <= last:
                raise ValueError(f"version {version} of {id}: there are versions 1 to {last}")
            content = self.content(story.number)
            if editions := self._editions.get(story.number):
                edition = editions[(version or last) - 1]
                story, content = edition.story, edition.content
            return record(story, content, self.related(story.number), host == "m.newspim.com")

    def page(self, id: str, host: str = "www.newspim.com") -> bytes:
        """An article's page on a host, withdrawn or not; `KeyError` for an unknown id."""
        with self.lock:
            return pages.article(self.whole, self.by_id[id].number, mobile=host == "m.newspim.com")

    def list_page(self, code: str, offset: int = 0) -> bytes:
        """A list page; an unknown code or an offset past the end gives a page without rows."""
        return lists.list_page(self.whole, code, offset)

    def front(self) -> bytes:
        """The front page."""
        return lists.front(self.whole)

    def topbar_page(self, address: str, offset: int = 0) -> bytes | None:
        """A page of the top bar by its path (as in `site.topbar.entries`); None if there is none at that address."""
        return lists.topbar_page(self.whole, address, offset)

    def place(self, code: str, number: int) -> int:
        """The row of an article in a list."""
        if code not in self._places:
            self._places[code] = {one: row for row, one in enumerate(self.lists[code])}
        return self._places[code][number]

    def found(self, id: str) -> Found:
        """The ways in which an article can be found (a withdrawn one: related); list pages at the offsets that are multiples of 20."""
        with self.lock:
            return find(self, self.by_id[id])

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
