"""How an article opens: headline, dateline, byline, first sentence; and the line that closes it."""

from __future__ import annotations

from dataclasses import dataclass, field

from . import foreign, text, words
from .blocks import Person
from .dice import LEAD, Dice, dice
from .stories import Story


@dataclass(slots=True)
class Opening:
    """What a list row shows of an article and the article begins with."""

    voice: text.Voice
    lead: str
    dateline: str = ""
    place: str | None = None
    authors: list[Person] = field(default_factory=list)
    closing: str = ""
    byline: str = ""
    """The names as a feed or a meta tag gives them."""


def open_story(story: Story, seed: int) -> tuple[str, Opening]:
    """The bare headline (without marks) and the opening; the same each time that it is asked for."""
    die = dice(seed, LEAD, story.origin)
    who = text.voice(die, words.TOPICS[story.section_name])
    if story.form == "chinese":
        return foreign.CHINESE.title(die), _chinese(die, who, story)
    if story.form == "english":
        title = foreign.ENGLISH.title(die)
        opening = Opening(who, foreign.ENGLISH.paragraph(die))
        _reporter(die, story, opening)
        return title, opening
    title = text.house(die) if story.form == "personnel" else text.fill(die, die.pick(text.TITLES), who)
    opening = Opening(who, text.fill(die, die.pick(text.LEADS), who))
    if story.form == "flash":
        opening.lead = text.fill(die, text.SENTENCES[0], who)
    if story.form == "robot":
        opening.place, opening.dateline, opening.byline = "서울", "[서울=뉴스핌] 로보뉴스 = ", "로보뉴스"
        opening.authors = [Person("로보뉴스", None)]
    elif story.form != "photo":
        _reporter(die, story, opening)
    return title, opening


def _chinese(die: Dice, who: text.Voice, story: Story) -> Opening:
    place = die.pick(["首尔", "首尔", "北京", "釜山"])
    day = story.published_at
    dateline = f"纽斯频通讯社{place}{day.month}月{day.day}日电 "
    opening = Opening(who, foreign.CHINESE.paragraph(die), dateline, place)
    if die.chance(0.5):
        opening.closing = text.email(die)
        opening.authors = [Person(None, None, opening.closing)]
    return opening


def _reporter(die: Dice, story: Story, opening: Opening) -> None:
    """Give the opening a dateline and a byline in one of the forms that the wire uses, and its closing line."""
    abroad = story.section_name in ("글로벌", "중국") and die.chance(0.7)
    place = die.pick(words.FAR_PLACES if abroad else words.HOME_PLACES) if die.chance(0.6) else "서울"
    role = "특파원" if abroad else die.pick(words.ROLES)
    names = [text.person(die)]
    form = die.random()
    if form < 0.04 or story.form == "opinion":
        if die.chance(0.5):
            opening.closing = text.email(die)
            opening.authors = [Person(None, None, opening.closing)]
        return
    opening.place = place
    gap = " " if die.chance(0.15) else ""
    if form < 0.09:
        _old_domestic(opening, names[0], role)
    elif form < 0.14:
        opening.dateline = f"[{place} = 뉴스핌 {names[0]} {role}]" + (" " if die.chance(0.5) else "")
    elif form < 0.18 and story.form != "english":
        opening.dateline = f"[{place}{gap}={gap}뉴스핌] "
        opening.lead = f"뉴스핌 {names[0]} {role}{text.particle(role, '이')} {opening.lead}"
        _close(die, opening, [], place)
        return
    else:
        if die.chance(0.1):
            names += [text.person(die) for _ in range(die.between(1, 2))]
        equals = die.pick(["= ", "= ", "= ", "=", "=\u00a0"])
        opening.dateline = f"[{place}{gap}={gap}뉴스핌] {'·'.join(names)} {role} {equals}"
    opening.byline = f"{'·'.join(names)} {role}"
    _close(die, opening, [Person(name, role) for name in names], place)


def _old_domestic(opening: Opening, name: str, role: str) -> None:
    """The form until mid 2018: house and reporter in one bracket, no place."""
    opening.place = None
    opening.dateline = f"[뉴스핌={name} {role}] "


def _close(die: Dice, opening: Opening, authors: list[Person], place: str) -> None:
    """The closing line, and to whom its e-mail belongs."""
    opening.authors = authors
    if die.chance(0.12):
        return
    address = text.email(die)
    if authors and die.chance(0.2):
        author = die.pick(authors)
        author.email = address
        opening.closing = f"{place}{die.pick(['= ', '=', ' = '])}{author.name} {author.role} {address}"
        return
    opening.closing = address
    if len(authors) == 1:
        authors[0].email = address
    else:
        authors.append(Person(None, None, address))
