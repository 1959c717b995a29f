"""Which stories belong together: the families of a site, seated on places of its plan."""

from __future__ import annotations

from bisect import bisect, bisect_left
from collections import Counter
from collections.abc import Callable, Iterator, Sequence

from newscrawl.newsroom.dice import FAMILY, Dice, dice
from newscrawl.newsroom.stories import SECTIONS, SUBSECTIONS, Story

from . import frames, happenings
from .pieces import Piece, marks_of
from .teller import PLAIN
from .tellings import Family, tell

MINUTE, HOUR, DAY = 60, 3600, 86_400
SHARES = {
    "chain": 0.24, "correction": 0.08, "light": 0.11, "rewrite": 0.14, "respaced": 0.09, "sections": 0.06, "series": 0.16, "headline": 0.04, "near": 0.05,
    "quote": 0.03,
}  # fmt: skip
"""Of the families those of each sort."""
SIZES = {
    "chain": (2, 2, 3, 3, 4, 5), "correction": (2, 2, 2, 3), "light": (2, 2, 3), "rewrite": (2, 2, 3), "respaced": (2,), "sections": (2,),
    "series": (2, 3, 3, 4, 5, 6), "headline": (2, 2, 3, 4), "near": (2, 2, 3), "quote": (2, 3),
}  # fmt: skip
MOST = 0.5
"""The largest share of the stories that families may have: they sit on places of articles, and those are 0.6 of a site."""
TRIES = 40
"""Places that are looked at for a family before it is given up."""
HAPPENS = 0.65
"""Of the stories that are told again those about a happening; the others are plain prose."""
FAR_APART = 0.08
"""Of the series that come once a day those whose pieces are more than a week apart."""
SLACK = 45 * MINUTE
"""How far from its wished moment a member may be; if more, a quarter of the way from the one before it."""

Gaps = Iterator[int]


def gather(stories: Sequence[Story], seed: int, share: float) -> tuple[Family, ...]:
    """Make families of so large a share of the stories; what their members are called and which form they have is written into these.

    Only articles become members, none that is hidden or shares its headline with another. They keep number, id, time, way and template;
    of two in two sections the second has the template of the first. ValueError for what is no share up to `MOST`.
    """
    if not 0 <= share <= MOST:
        raise ValueError(f"families {share}: takes a share, 0 to {MOST}")
    die = dice(seed, FAMILY)
    seats = _Seats(stories)
    families: list[Family] = []
    left = round(share * len(stories))
    tries = TRIES + left
    sorts = _sorts(die)
    while left >= 2 and tries:
        tries -= 1
        family = _seated(die, seats, next(sorts), len(families), left)
        if family is not None:
            families.append(family)
            left -= len(family.members)
            _settle(die, stories, family, seed)
    return tuple(families)


def _sorts(die: Dice) -> Iterator[str]:
    """Sorts of families, again and again in their shares."""
    deck = [sort for sort, share in SHARES.items() for _ in range(round(share * 100))]
    while True:
        die.shuffle(deck)
        yield from deck


class _Seats:
    """The places of the plan that no family has yet, in order of time."""

    def __init__(self, stories: Sequence[Story]) -> None:
        titles = Counter(story.title for story in stories)
        self.stories = stories
        self.numbers = [
            story.number
            for story in stories
            if story.form == "article"
            and story.way != "hidden"
            and titles[story.title] == 1
            and story.origin == story.number
        ]
        self.times = [self.time(number) for number in self.numbers]

    def time(self, number: int) -> float:
        """When the story of a place is published, in seconds since 1970."""
        return self.stories[number].published_at.timestamp()

    def take(self, members: Sequence[int]) -> None:
        """These have a family now."""
        for number in members:
            at = bisect_left(self.numbers, number)
            del self.numbers[at], self.times[at]

    def first(self, die: Dice, hour: int | None) -> int | None:
        """Any free place; with an hour, one of the free places at about that hour of a day."""
        if not self.numbers:
            return None
        few = [die.pick(self.numbers) for _ in range(1 if hour is None else 12)]
        return min(few, key=lambda number: abs(self.stories[number].published_at.hour - (hour or 0)))

    def after(self, number: int, gap: int, fits: Callable[[Story], bool]) -> int | None:
        """The free place nearest to so many seconds after one, of a greater number and id; None if none is near enough."""
        wished = self.time(number) + gap
        at = bisect(self.times, wished)
        near = [
            one
            for one in self.numbers[max(0, at - 8) : at + 8]
            if one > number and self.stories[one].id > self.stories[number].id and fits(self.stories[one])
        ]
        best = min(near, key=lambda one: abs(self.time(one) - wished), default=None)
        return None if best is None or abs(self.time(best) - wished) > max(SLACK, gap // 4) else best


def _seated(die: Dice, seats: _Seats, sort: str, number: int, left: int) -> Family | None:
    """A family of a sort on free places; None where there are none near enough to each other."""
    shape = _shape(die, sort)
    size = min(die.pick(SIZES[sort]), left)
    hour = frames.BY_NAME[shape].hour if sort == "series" else None
    first = seats.first(die, hour)
    if first is None:
        return None
    members = [first]
    gaps = _gaps(die, sort, shape)
    listed = sort == "sections"
    while len(members) < size:
        following = seats.after(members[-1], next(gaps), lambda story: story.listed or not listed)
        if following is None:
            break
        members.append(following)
    if len(members) < 2 or (listed and not seats.stories[first].listed):
        return None
    seats.take(members)
    return Family(sort, tuple(members), shape, number)


def _shape(die: Dice, sort: str) -> str:
    """What a family is about: a happening, a frame, what stands under one headline."""
    if sort == "series":
        return die.pick(frames.FRAMES).name
    if sort == "headline":
        return die.pick(("photo", "column", "daily"))
    if sort == "near" or (sort != "quote" and die.chance(HAPPENS)):
        return die.pick(happenings.HAPPENINGS).name
    return PLAIN


def _gaps(die: Dice, sort: str, shape: str) -> Gaps:
    """How many seconds each member comes after the one before."""
    match sort:
        case "chain":
            for low, high in ((1, 20), (5, 90), (20, 240), (40, 240)):
                yield die.between(low * MINUTE, high * MINUTE)
        case "series":
            yield from _series_gaps(die, frames.BY_NAME[shape].gap)
        case "headline":
            yield from _series_gaps(die, "hour" if shape == "photo" else "day")
        case "near":
            while True:
                yield die.between(1 * MINUTE, 8 * HOUR)
        case "sections":
            while True:
                yield die.between(1 * MINUTE, 3 * HOUR)
    while True:
        yield die.between(1 * DAY, 3 * DAY) if die.chance(0.1) else die.between(5 * MINUTE, 20 * HOUR)


def _series_gaps(die: Dice, gap: str) -> Gaps:
    if gap == "day" and die.chance(FAR_APART):
        gap = "week"
    low, high = {
        "hour": (2 * MINUTE, 90 * MINUTE),
        "half": (3 * HOUR, 12 * HOUR),
        "day": (DAY - 40 * MINUTE, DAY + 40 * MINUTE),
        "week": (7 * DAY + 2 * HOUR, 9 * DAY),
    }[gap]
    while True:
        yield die.between(low, high)


def _settle(die: Dice, stories: Sequence[Story], family: Family, seed: int) -> None:
    """Give the members the sections, forms and headlines of the family."""
    members = [stories[number] for number in family.members]
    sections = _sections(die, family, members[0])
    for story, section in zip(members, sections, strict=True):
        below = [code for code in SUBSECTIONS if code.startswith(section)]
        story.section, story.subsection = section, die.pick(below) if below and die.chance(0.7) else None
    if family.sort == "sections":
        for story in members:
            story.origin, story.generation, story.in_body = members[0].number, members[0].generation, 0
    for story, piece in zip(members, tell(family, stories, seed), strict=True):
        _named(stories, story, piece)


def _sections(die: Dice, family: Family, first: Story) -> list[str]:
    """The section of each member: one for all, but where the same piece stands in two."""
    count = len(family.members)
    if family.sort == "series":
        return [frames.BY_NAME[family.shape].section] * count
    if family.shape == "column":
        return ["115"] * count
    happening = happenings.BY_NAME.get(family.shape)
    section = die.pick(happening.sections) if happening else first.section
    if family.sort == "sections":
        return [section, die.pick([code for code in SECTIONS if code not in (section, "115", "120")])]
    if family.sort == "quote":
        return [
            section,
            *(die.pick([code for code in SECTIONS if code not in ("115", "120")]) for _ in range(count - 1)),
        ]
    return [section] * count


def _named(stories: Sequence[Story], story: Story, piece: Piece) -> None:
    story.title, story.marks, story.form = piece.title, marks_of(piece.title), piece.form
    if story.form == "flash":  # has no links but those without which an article could not be found
        story.related = tuple(number for number in story.related if stories[number].way == "related")
    if story.form in ("flash", "photo"):
        story.in_body = 0
