"""A story that a wire sends as it unfolds: [속보], [1보], [2보], [종합], [종합2보], each under a number of its own."""

from __future__ import annotations

from collections.abc import Sequence

from newscrawl.newsroom.dice import Dice
from newscrawl.newsroom.stories import Story

from .pieces import Piece, form_of
from .teller import Sentence, Teller, grouped, shown

SENTENCES = {
    "속보": (1, 1),
    "1보": (1, 3),
    "2보": (3, 7),
    "3보": (4, 9),
    "종합": (8, 16),
    "종합2보": (10, 20),
    "": (5, 12),
}
"""How many sentences a step has; "" is one without a mark."""
ORDER = tuple(SENTENCES)[:-1]
HEADLINE_ALONE = 0.15
"""Share of the flashes that say their headline once more and nothing else."""
LEAD_AGAIN = 0.15
"""Share of the steps that begin with another wording of the lead: most keep it, with a word or two for others."""
GROWS = 0.35
"""Share of the steps in which a figure is a larger one."""


def tell_chain(die: Dice, shape: str, members: Sequence[Story]) -> list[Piece]:
    """Each step keeps most of what the step before it said, some of it in other words and another order, and has more."""
    teller = Teller(die, shape, members[0].section, members[0].published_at)
    behind = die.chance(0.3)
    said: list[Sentence] = []
    pieces: list[Piece] = []
    for place, step in enumerate(_steps(die, len(members))):
        if said:  # a headline that was sent alone stays for the next step
            _new_headline(teller)
        if place and die.chance(GROWS):
            teller.grow(said)
        title = _marked(step, teller.title(), behind)
        if step == "속보" and not said and die.chance(HEADLINE_ALONE):
            body = [teller.title()]  # the headline is all that is known
        else:
            said = _grown(teller, said, max(die.between(*SENTENCES[step]), len(said) + die.between(0, 3)))
            body = shown(grouped(die, said)) if step != "속보" else [said[0].text]
        pieces.append(Piece(title, body, form_of(title, body), "update" if place else None, _speaker(die, place)))
    return pieces


def _steps(die: Dice, count: int) -> list[str]:
    """Some of the steps in their order, mostly from the flash on; now and then one without a mark."""
    steps = sorted(die.sample(ORDER, count), key=ORDER.index)
    if die.chance(0.6):
        steps[0] = "속보"
    if die.chance(0.12):
        steps[die.between(1, count - 1)] = ""
    return steps


def _speaker(die: Dice, place: int) -> int:
    """The first step's reporter signs the later ones too, mostly."""
    return place if die.chance(0.2) else 0


def _marked(step: str, title: str, behind: bool) -> str:
    """The headline with its step: [종합] before it or (종합) behind it. A flash has its mark in front."""
    if not step:
        return title
    return f"{title}({step})" if behind and step != "속보" else f"[{step}] {title}"


def _new_headline(teller: Teller) -> None:
    """A step has the headline of the one before it, or its first half, or another."""
    throw = teller.die.random()
    if throw < 0.25:
        teller.retitle()
    elif throw < 0.5:
        teller.new_end()


def _grown(teller: Teller, said: Sequence[Sentence], count: int) -> list[Sentence]:
    """What was said, reworked, and more of it."""
    die = teller.die
    if not said:
        said = [teller.lead()]
    kept = _reworked(teller, said)
    known = {sentence.fact for sentence in kept}
    unsaid = [fact for fact in teller.facts if fact not in known]
    while len(kept) < count:
        new = teller.fact(unsaid.pop(0)) if unsaid and die.chance(0.65) else teller.plain()
        kept.insert(len(kept) if die.chance(0.6) else die.between(1, len(kept)), new)
    if len(kept) > 3 and die.chance(0.4):
        kept.insert(die.between(1, len(kept) - 1), kept.pop(die.between(1, len(kept) - 1)))
    if len(kept) > 6 and die.chance(0.12):
        kept.insert(0, teller.plain())
    return kept


def _reworked(teller: Teller, said: Sequence[Sentence]) -> list[Sentence]:
    """The sentences with the figures of now: most as they were, some in other words, hardly one left out."""
    die = teller.die
    share = die.pick((0.1, 0.2, 0.35))
    kept: list[Sentence] = []
    for place, sentence in enumerate(said):
        if place and len(said) > 3 and die.chance(0.05):
            continue
        anew = teller.told_anew(sentence)
        throw = die.random()
        if throw < (share if place else LEAD_AGAIN):
            anew = teller.again(anew)
        elif throw < share + 0.2:
            anew = teller.touched(anew)
        kept.append(anew)
    return kept
