"""One piece of news as a reporter has it: its facts and figures, and the sentences that say them, again and again in other words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from newscrawl.newsroom import text, words
from newscrawl.newsroom.dice import Dice
from newscrawl.newsroom.stories import SECTIONS

from . import paraphrase, slots
from .happenings import BY_NAME, Happening
from .slots import Values, draw, fill, settle

PLAIN = "plain"
"""A piece of news that is no happening: prose about the topics of its section."""
AGO = (5, 170)
"""How many minutes before the first article it happened."""
GROWTH = 0.6
"""A figure that grows does so by up to this share of itself."""


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence, and how it came about: `fact` and `wording` for one that says a fact (-1: plain prose)."""

    text: str
    fact: int = -1
    wording: str = ""


Paragraphs = list[list[Sentence]]


class Teller:
    """A piece of news, and the dice with which it is told."""

    def __init__(self, die: Dice, shape: str, section: str, day: datetime) -> None:
        self.die = die
        self.happening: Happening | None = BY_NAME.get(shape)
        self.who = text.voice(die, words.TOPICS[SECTIONS[section]])
        self.values: Values = draw(die, self.happening.values) if self.happening else {}
        self.values |= slots.calendar(day - timedelta(minutes=die.between(*AGO)))
        self.values |= {"말": text.quote(die, self.who), "딴말": text.quote(die, self.who)}
        self.heading = settle(die, die.pick(self.happening.titles)) if self.happening else ""
        self.plain_heading = text.fill(die, die.pick(text.TITLES), self.who)
        self._used = {self.title()}

    @property
    def facts(self) -> range:
        """The numbers of the facts; the first is what the news is."""
        return range(len(self.happening.facts) if self.happening else 0)

    def title(self) -> str:
        """The headline, with the figures of now."""
        return fill(self.heading, self.values) if self.heading else self.plain_heading

    def retitle(self) -> None:
        """A headline that it did not have before."""
        die = self.die
        for _ in range(9):
            if self.happening:
                self.heading = settle(die, die.pick(self.happening.titles))
            else:
                self.plain_heading = text.fill(die, die.pick(text.TITLES), self.who)
            if self.title() not in self._used:
                break
        else:
            self.new_end()
        self._used.add(self.title())

    def new_end(self) -> None:
        """The headline with another end behind its dots, if it has such, else with one more."""
        end = self.die.pick(words.NOUN_ENDS)
        if self.happening:
            self.heading = f"{self.heading.rpartition('…')[0] or self.heading}…{end}"
        else:
            self.plain_heading = f"{self.plain_heading.rpartition('…')[0] or self.plain_heading}…{end}"

    def lead(self) -> Sentence:
        """What the news is, in one sentence."""
        return self.fact(0) if self.happening else Sentence(text.fill(self.die, self.die.pick(text.LEADS), self.who))

    def fact(self, number: int) -> Sentence:
        """A sentence that says a fact."""
        assert self.happening is not None
        return self.of(number, self.die.pick(self.happening.facts[number]))

    def of(self, number: int, wording: str) -> Sentence:
        """A sentence that says a fact in this wording."""
        settled = settle(self.die, wording)
        return Sentence(fill(settled, self.values), number, settled)

    def plain(self) -> Sentence:
        """A sentence of background."""
        return Sentence(text.sentence(self.die, self.who))

    def again(self, sentence: Sentence) -> Sentence:
        """The sentence in other words."""
        # A lead takes no linking word: it is said in another wording whenever there is one.
        if sentence.fact == 0 or (sentence.fact > 0 and self.die.chance(0.7)):
            for _ in range(6):
                other = self.fact(sentence.fact)
                if other.text != sentence.text:
                    return other
        if not sentence.wording:
            return Sentence(paraphrase.otherwise(self.die, sentence.text))
        wording = paraphrase.otherwise(self.die, sentence.wording)
        return Sentence(fill(wording, self.values), sentence.fact, wording)

    def touched(self, sentence: Sentence) -> Sentence:
        """The sentence with a word or two for others, if it has such."""
        if not sentence.wording:
            return Sentence(paraphrase.touched(self.die, sentence.text))
        wording = paraphrase.touched(self.die, sentence.wording)
        return Sentence(fill(wording, self.values), sentence.fact, wording)

    def grow(self, said: Sequence[Sentence]) -> bool:
        """More is known: one of the figures that may grow does, one of those that were said if there are such. Whether one does."""
        if self.happening is None or not self.happening.grows:
            return False
        known = [name for name in self.happening.grows if any(f"{{{name}}}" in one.wording for one in said)]
        name = self.die.pick(known or self.happening.grows)
        before = int(self.values[name].replace(",", ""))
        after = before + self.die.between(1, max(1, int(before * GROWTH)))
        self.values[name] = f"{after:,}" if "," in self.values[name] else f"{after}"
        return True

    def told_anew(self, sentence: Sentence) -> Sentence:
        """The very sentence, with the figures of now."""
        return replace(sentence, text=fill(sentence.wording, self.values)) if sentence.wording else sentence

    def whole(self, count: int) -> list[Sentence]:
        """A whole article of about so many sentences: the lead, facts, background, as they come."""
        die = self.die
        facts = [number for number in self.facts if number and die.chance(0.75)]
        rest = [self.fact(number) for number in facts]
        rest += [self.plain() for _ in range(max(2, count - 1 - len(rest)))]
        # Facts come first, background last, with some disorder.
        order = sorted(range(len(rest)), key=lambda place: place + die.between(0, 6))
        return [self.lead(), *(rest[place] for place in order)]


def grouped(die: Dice, sentences: Sequence[Sentence]) -> Paragraphs:
    """Sentences as paragraphs of one to three; the lead mostly stands alone."""
    out: Paragraphs = []
    rest = list(sentences)
    while rest:
        size = 1 if not out and die.chance(0.7) else die.between(1, 3)
        out.append(rest[:size])
        rest = rest[size:]
    return out


def shown(paragraphs: Sequence[Sequence[Sentence]]) -> list[str]:
    """Paragraphs as texts."""
    return [" ".join(sentence.text for sentence in paragraph) for paragraph in paragraphs]
