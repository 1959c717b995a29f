"""The plan of a site: how many stories of which form, when, in which section, found in which way."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from datetime import datetime, timedelta

from . import text, words
from .dice import PLAN, POOL, Dice, dice
from .families import gather
from .opening import open_story
from .rhythm import RHYTHMS, wire
from .site import Site
from .stories import GENERATIONS, KST, SECTIONS, SUBSECTIONS, Story
from .topbar import top_bar

FORMS = {
    "article": 0.60, "photo": 0.07, "flash": 0.06, "long_flash": 0.03, "robot": 0.05, "translated": 0.04, "premium": 0.04,
    "personnel": 0.03, "chinese": 0.03, "english": 0.02, "opinion": 0.03,
}  # fmt: skip
WAYS = {"list": 0.905, "sidebar": 0.03, "related": 0.04, "topbar": 0.02, "hidden": 0.005}
MIX = {"2026": 0.6, "2022": 0.2, "2018": 0.2}
TOPBAR_MOST = 90
"""Articles that only the top bar names: no more than stand on the first pages of its five entries."""
TWINS_EVERY = 150
MARK_SETS = {
    "opinion": ["기고", "ANDA 칼럼", "기자수첩", "특파원 칼럼"],
    "photo": ["포토", "사진"],
    "flash": ["속보", "1보", "2보"],
}


def generate(
    articles: int = 500,
    days: int = 3,
    seed: int = 1,
    end: datetime | None = None,
    generations: Mapping[str, float] | None = None,
    cheap: bool = False,
    rhythm: str = "uniform",
    families: float = 0.0,
) -> Site:
    """A site of `articles` stories published in the `days` before `end` (now, if not given; naive means KST).

    `generations` weighs the page templates (`2026`, `2022`, `2018`). `cheap` draws paragraphs from a pool of 3,000: pages
    cost a third, for benchmarks; unrelated articles may then share a paragraph. `rhythm` is when they are published: `uniform`,
    or as a newswire does (`wire`: about 1,200 a weekday are 6,800 in 7 days). `families` is the share of the stories that belong
    together (`site.families`, `site.kinship`); all others stay as they are without any. ValueError for what there is not.
    """
    if rhythm not in RHYTHMS:
        raise ValueError(f"unknown rhythm: {rhythm}; known: {', '.join(RHYTHMS)}")
    if articles < 1 or days < 1:
        raise ValueError("a site needs at least one article and one day")
    last = (end or datetime.now(KST)).replace(microsecond=0)
    last = last.replace(tzinfo=KST) if last.tzinfo is None else last.astimezone(KST)
    start = last - timedelta(days=days)
    die = dice(seed, PLAN)
    stories = _stories(die, articles, start, last, generations or MIX, rhythm)
    _name(die, stories, start)
    for story in stories:
        story.title, story.marks = _headline(die, story, open_story(story, seed)[0])
    _pairs(die, stories)
    _relate(die, stories)
    kin = gather(stories, seed, families)
    return Site(stories, seed, start, last, top_bar(stories, seed), _pool(seed) if cheap else (), kin)


def deal(die: Dice, shares: Mapping[str, float], count: int) -> list[str]:
    """`count` names in those shares, shuffled; from 60 on, each name at least once."""
    total = sum(shares.values())
    dealt: list[str] = []
    for name, share in shares.items():
        fair = round(count * share / total)
        dealt += [name] * (max(1, fair) if share and count >= 60 else fair)
    most = max(shares, key=lambda name: shares[name])
    dealt += [most] * (count - len(dealt))
    while len(dealt) > count:
        dealt.remove(most)
    die.shuffle(dealt)
    return dealt


def _stories(
    die: Dice, count: int, start: datetime, end: datetime, mix: Mapping[str, float], rhythm: str
) -> list[Story]:
    unknown = set(mix) - set(GENERATIONS)
    if unknown:
        raise ValueError(f"unknown generation: {', '.join(sorted(unknown))}; known: {', '.join(GENERATIONS)}")
    span = int((end - start).total_seconds())
    moments = sorted(die.randrange(span) for _ in range(count)) if rhythm == "uniform" else []
    forms, ways, kinds = deal(die, FORMS, count), deal(die, WAYS, count), deal(die, mix, count)
    timed = list(zip(moments, forms, strict=True)) if rhythm == "uniform" else wire(die, start, end, forms)
    for number in [place for place, way in enumerate(ways) if way == "topbar"][TOPBAR_MOST:]:
        ways[number] = "list"
    codes = [code for code in SECTIONS if code != "115"]
    stories = []
    for number, ((second, form), generation) in enumerate(zip(timed, kinds, strict=True)):
        way = ways[number]
        section = {"chinese": "120", "opinion": "115"}.get(form) or die.pick(codes)
        below = [code for code in SUBSECTIONS if code.startswith(section)]
        published = start + timedelta(seconds=second)
        modified = published + timedelta(minutes=die.between(1, 400)) if die.chance(0.45) else None
        story = Story(
            number, "", published, modified, section, die.pick(below) if die.chance(0.7) else None, generation, form, way,
            shows_section=way != "list" or die.chance(0.93), origin=number,
        )  # fmt: skip
        stories.append(story)
    return stories


def _name(die: Dice, stories: list[Story], start: datetime) -> None:
    """Give each story its id: the day on which it was begun, and its number on that day."""
    begun: dict[str, list[tuple[datetime, Story]]] = defaultdict(list)
    for story in stories:
        early = timedelta(days=die.between(1, 3)) if die.chance(0.04) else timedelta(0)
        moment = story.published_at - early - timedelta(minutes=die.between(0, 45))
        begun[f"{moment:%Y%m%d}"].append((moment, story))
    for day, pairs in begun.items():
        pairs.sort(key=lambda pair: (pair[0], pair[1].number))
        number = 0
        for _, story in pairs:
            number += die.between(1, 3)
            story.id = f"{day}{number:06d}"


def _headline(die: Dice, story: Story, bare: str) -> tuple[str, tuple[str, ...]]:
    """The headline with its marks, and the marks."""
    front: list[str] = []
    back, back_shown = [], ""
    if story.form in MARK_SETS:
        front = [die.pick(MARK_SETS[story.form])] if story.form == "flash" or die.chance(0.8) else []
    elif story.form in ("long_flash", "personnel"):
        front = ["속보" if story.form == "long_flash" else "인사"]
    elif story.form == "premium":
        front = ["GAM"] if die.chance(0.5) else []
    elif story.form in ("article", "translated"):
        day = story.published_at
        front = [mark.format(m=day.month, d=day.day) for mark in words.MARKS if die.chance(0.02)][:2]
        if die.chance(0.06):
            back = [die.pick(words.STEPS)]
            back_shown = f"({back[0]})"
        elif die.chance(0.04):
            back = [die.pick(["영상", "포토", "종합"])]
            back_shown = f" [{back[0]}]"
    gap = die.pick(["", " "])
    shown = gap.join(f"[{mark}]" for mark in front)
    return f"{shown}{' ' if shown and die.chance(0.9) else ''}{bare}{back_shown}", tuple(front + back)


def _pairs(die: Dice, stories: list[Story]) -> None:
    """A few exact duplicates under a second id, and as many pairs that share no more than the headline."""
    plain = [story for story in stories if story.form == "article" and story.listed]
    wanted = max(1, len(stories) // TWINS_EVERY) if len(stories) >= 20 else 0
    for _ in range(wanted):
        if len(plain) < 4:
            return
        at = die.randrange(len(plain) - 3)
        first, second, third, fourth = plain[at : at + 4]
        del plain[at : at + 4]
        second.origin, second.title, second.marks = first.number, first.title, first.marks
        second.generation, second.section, second.subsection = first.generation, first.section, first.subsection
        fourth.title, fourth.marks = third.title, third.marks


def _relate(die: Dice, stories: list[Story]) -> None:
    """Draw the links between articles; each story that only a link reaches gets one from a neighbour."""
    children: dict[int, list[int]] = defaultdict(list)
    twins = {story.number for story in stories if story.origin != story.number} | {
        story.origin for story in stories if story.origin != story.number
    }
    for story in stories:
        if story.way == "related":
            parent = _parent(die, stories, story, twins)
            if parent is None:
                story.way = "list"
            else:
                children[parent].append(story.number)
    for story in stories:
        if story.origin != story.number or (story.form == "flash" and not children[story.number]):
            continue
        others = _neighbours(die, stories, story.number) if die.chance(0.5) else []
        mine = list(dict.fromkeys(children[story.number] + others))
        die.shuffle(mine)
        story.related = tuple(mine)
        story.in_body = 0 if story.form in ("photo", "premium", "flash") else die.between(0, len(mine))
    for story in stories:
        if story.origin != story.number:
            first = stories[story.origin]
            kept = tuple(other for other in first.related if other != story.number)
            first.related = story.related = kept
            first.in_body = story.in_body = min(first.in_body, len(kept))


def _parent(die: Dice, stories: list[Story], child: Story, twins: set[int]) -> int | None:
    """A near story that is found without the child; earlier ones of the same way make chains of two or three."""
    low, high = max(0, child.number - 40), min(len(stories), child.number + 40)
    near = [
        one
        for one in stories[low:high]
        if (one.way in ("list", "sidebar") or (one.way == "related" and one.number < child.number))
        and one.number not in twins
    ]
    if not near:
        return None
    chained = [one for one in near if one.way == "related"]
    return die.pick(chained if chained and die.chance(0.3) else near).number


def _neighbours(die: Dice, stories: list[Story], number: int) -> list[int]:
    low, high = max(0, number - 200), min(len(stories), number + 200)
    picked = (die.randrange(low, high) for _ in range(die.between(1, 4)))
    return [one for one in picked if one != number and stories[one].listed]


def _pool(seed: int) -> list[str]:
    """Ready paragraphs for cheap sites."""
    die = dice(seed, POOL)
    topics = list(words.TOPICS.values())
    return [text.paragraph(die, text.voice(die, die.pick(topics))) for _ in range(3000)]
