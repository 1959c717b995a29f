"""The notation of wordings: values that are drawn once, words that may be one or another, particles that follow.

A wording is a text with {값} for a value, {이} for a particle in its fitting form (`text.PARTICLES`), <하나|다른 하나> for either word.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime

from newscrawl.newsroom import text, words
from newscrawl.newsroom.dice import Dice

# 3-40 · 1.1-29.9 · 1120-98000, (with a comma after the thousands)
RANGE = re.compile(r"(\d+)(?:\.(\d+))?-(\d+)(?:\.(\d+))?(,?)")
EITHER = re.compile(r"<([^<>]*\|[^<>]*)>")
SLOT = re.compile(r"\{([^{}]+)\}")
NOON = 12
ROUND = 0.2
"""Share of the large figures that end in a round number."""

Values = dict[str, str]


def draw(die: Dice, drawn: Mapping[str, str]) -> Values:
    """A value for each name: from a range of numbers, one of several words, or an invented name (`@사람`).

    `오른,상승` as a name takes `오른,상승|내린,하락`: what must fit together is drawn together.
    """
    values: Values = {}
    for names, said in drawn.items():
        parts = value(die, said).split(",") if "," in names else [value(die, said)]
        values.update(zip(names.split(","), parts, strict=True))
    return values


def value(die: Dice, said: str) -> str:
    """One value of what may be drawn."""
    if said.startswith("@"):
        return _named(die, said)
    if match := RANGE.fullmatch(said):
        return _number(die, match)
    return die.pick(said.split("|"))


def _named(die: Dice, kind: str) -> str:
    match kind:
        case "@사람":
            return text.person(die)
        case "@집":
            return text.house(die)
        case "@종목":
            name = text.house(die)
            return f"{name},{text.ticker(name)}"
        case "@고장":
            return die.pick(words.HOME_PLACES)
        case "@기관":
            return die.pick(words.BODIES)
        case "@일":
            return die.pick(words.TOPICS[die.pick(list(words.TOPICS))])
        case "@행사":
            return die.pick(words.EVENTS)
        case "@곳":
            return die.pick(words.VENUES)
    raise KeyError(kind)


def _number(die: Dice, match: re.Match[str]) -> str:
    low, low_rest, high, high_rest, comma = match.groups()
    if low_rest is not None:
        places = len(low_rest)
        drawn = die.between(int(low + low_rest), int(high + high_rest))
        return f"{drawn / 10**places:,.{places}f}" if comma else f"{drawn / 10**places:.{places}f}"
    drawn = die.between(int(low), int(high))
    if comma and drawn > 1000 and die.chance(ROUND):
        drawn -= drawn % 100
    return f"{drawn:,}" if comma else f"{drawn}"


def calendar(moment: datetime) -> Values:
    """A moment as articles write it: 20일, 11월 20일, 오후 3시 5분."""
    half, hour = ("오전", moment.hour) if moment.hour < NOON else ("오후", moment.hour - NOON)
    clock = f"{half} {hour or NOON}시 {moment.minute}분"
    return {"날": f"{moment.day}일", "달력": f"{moment.month}월 {moment.day}일", "때": clock}


def settle(die: Dice, wording: str) -> str:
    """A wording in which either word is chosen, its values still open."""
    return EITHER.sub(lambda match: die.pick(match[1].split("|")), wording)


def fill(wording: str, values: Mapping[str, str]) -> str:
    """A settled wording with its values. `KeyError` for a value that there is not."""
    out = ""
    for place, piece in enumerate(SLOT.split(wording)):
        if place % 2 == 0:
            out += piece
        else:
            out += text.particle(out, piece) if piece in text.PARTICLES else values[piece]
    return out


def say(die: Dice, wording: str, values: Mapping[str, str]) -> str:
    """A wording with its values and with either word chosen."""
    return fill(settle(die, wording), values)
