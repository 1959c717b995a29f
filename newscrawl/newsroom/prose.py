"""New words for an article that is edited, in the tongue and manner of its form; small changes of old words."""

from __future__ import annotations

import re

from . import foreign, text, words
from .dice import Dice
from .editions import Draft, squeezed

# A digit that may be another: none in the round brackets of a stock code.
CODE = re.compile(r"\(\d{6}\)")
DIGIT = re.compile(r"\d")
# A particle at the end of a word: 지표는 · 결과를. Now and then it is the word's own last syllable, which does no harm.
PARTICLE = re.compile(r"(?<=[가-힣]{2})[은는이가을를](?= )")
FLASH_MOST = 100
"""Characters of a flash: a longer one would be no flash."""


def has_figure(shown: str) -> bool:
    """Whether a text has a digit that may be another."""
    return DIGIT.search(CODE.sub("", shown)) is not None


def another_figure(die: Dice, shown: str) -> str | None:
    """The text with one digit changed; None if it has none."""
    codes = {place for match in CODE.finditer(shown) for place in range(*match.span())}
    places = [match.start() for match in DIGIT.finditer(shown) if match.start() not in codes]
    if not places:
        return None
    at = die.pick(places)
    digit = die.pick([one for one in "123456789" if one != shown[at]])
    return f"{shown[:at]}{digit}{shown[at + 1 :]}"


def another_particle(die: Dice, shown: str) -> str | None:
    """The text with 도 in the place of one particle; None if it has none."""
    places = [match.start() for match in PARTICLE.finditer(shown)]
    if not places:
        return None
    at = die.pick(places)
    return f"{shown[:at]}도{shown[at + 1 :]}"


def another_person(die: Dice, name: str) -> str:
    """Another name, of which a slip of the pen may have made this one: one syllable differs."""
    while (other := f"{name[0]}{die.pick(words.GIVEN_FIRST)}{name[2:]}") == name:
        pass
    return other


def headline(draft: Draft) -> str:
    """A bare headline."""
    die, form = draft.die, draft.story.form
    if form in ("chinese", "english"):
        return _tongue(form).title(die)
    if form == "personnel":
        return text.house(die)
    return text.fill(die, die.pick(text.TITLES), draft.opening.voice)


def deck_line(draft: Draft) -> str:
    """A line of the deck, or of a list in the body."""
    return text.fill(draft.die, draft.die.pick(text.DECKS), draft.opening.voice)


def paragraph(draft: Draft) -> str:
    """A paragraph."""
    form = draft.story.form
    if form in ("chinese", "english"):
        return _tongue(form).paragraph(draft.die)
    return _entry(draft.die) if form == "personnel" else text.paragraph(draft.die, draft.opening.voice)


def sentence(draft: Draft) -> str:
    """What may be appended to a paragraph, with the space before it."""
    form, die = draft.story.form, draft.die
    if form in ("chinese", "english"):
        tongue = _tongue(form)
        line = tongue.fill(die, die.pick(tongue.sentences))
        return f"{tongue.joint}{line[0].upper()}{line[1:]}"
    return f" {_entry(die) if form == 'personnel' else text.sentence(die, draft.opening.voice)}"


def lead(draft: Draft) -> str:
    """A first paragraph."""
    form, die, who = draft.story.form, draft.die, draft.opening.voice
    if form in ("chinese", "english"):
        return _tongue(form).paragraph(die)
    if form != "flash":
        return text.fill(die, die.pick(text.LEADS), who)
    while len(line := text.fill(die, text.SENTENCES[0], who)) > FLASH_MOST:
        pass
    return line


def differs(one: object, other: object) -> bool:
    """Whether two texts (or lists of them) differ in more than white space."""
    return bool(squeezed(one) != squeezed(other))


def _tongue(form: str) -> foreign.Tongue:
    return foreign.CHINESE if form == "chinese" else foreign.ENGLISH


def _entry(die: Dice) -> str:
    """One person of a list of new posts."""
    return f"▲{die.pick(words.TEAMS)}{die.pick(words.RANKS)} {text.person(die)}"
