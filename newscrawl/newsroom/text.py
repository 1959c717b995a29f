"""Korean prose from templates: sentences, quotes, titles, captions."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from . import words
from .dice import Dice

# A particle is written in the form after a consonant; {은} becomes 은 or 는 by the last syllable before it.
PARTICLES = {"은": "는", "이": "가", "을": "를", "과": "와", "으로": "로"}
SLOT = re.compile(r"\{([^}]+)\}")


def ends_closed(word: str) -> bool:
    """Whether the last sound of the word is a consonant (digits and Latin letters as they are read in Korean).

    Round brackets are not read: 한빛전자(123456) ends as 한빛전자 does.
    """
    if word.endswith(")"):
        word = word[: word.rfind("(")]
    last = word.rstrip("\"')]”’")[-1:]
    if "가" <= last <= "힣":
        return (ord(last) - 0xAC00) % 28 != 0
    return last in "013678LMNRlmnr"


def particle(before: str, closed: str) -> str:
    """The form of a particle that fits the text before it."""
    if closed == "으로" and before and "가" <= before[-1] <= "힣" and (ord(before[-1]) - 0xAC00) % 28 == 8:
        return "로"
    return closed if ends_closed(before) else PARTICLES[closed]


@dataclass(slots=True)
class Voice:
    """What a text is about: the section's topics, and the few names that come back in one article."""

    topics: Sequence[str]
    people: Sequence[str]
    houses: Sequence[str]


def person(die: Dice) -> str:
    """An invented full name."""
    return die.pick(words.SURNAMES) + die.pick(words.GIVEN_FIRST) + die.pick(words.GIVEN_LAST)


def house(die: Dice) -> str:
    """An invented company."""
    return die.pick(words.HOUSE_FIRST) + die.pick(words.HOUSE_TRADE)


def ticker(name: str) -> str:
    """The invented six-digit code of an invented company; always the same for the same name. Codes of common stock end in 0."""
    value = 7
    for letter in name:
        value = (value * 131 + ord(letter)) % 89_989
    return f"{value + 10_007:05d}0"


def voice(die: Dice, topics: Sequence[str]) -> Voice:
    """A voice for one article."""
    few = [die.pick(topics) for _ in range(4)]
    people = [f"{person(die)} {die.pick(words.JOBS)}" for _ in range(3)]
    houses = [house(die) if die.chance(0.6) else die.pick(words.BODIES) for _ in range(3)]
    return Voice(few, people, houses)


def amount(die: Dice) -> str:
    """A number as Korean news writes it."""
    kind = int(die.random() * 6)
    if kind == 0:
        return f"{die.between(2, 99)}.{die.between(0, 9)}%"
    if kind == 1:
        return f"{die.between(2, 9)}조 {die.between(1, 9)}{die.between(0, 9)}00억원"
    if kind == 2:
        return f"{die.between(1, 9)}만{die.between(1, 9)}000{die.pick(words.UNITS[:9])}"
    if kind == 3:
        return f"{die.between(1, 9)},{die.between(100, 999)}{die.pick(words.UNITS)}"
    if kind == 4:
        return f"{die.between(11, 989)}{die.pick(words.UNITS)}"
    return f"{die.between(2, 97)}%"


# A piece of a template writes its words, given what stands before them.
Piece = Callable[[Dice, Voice, str], str]
Template = list[Piece]


def _house(die: Dice, who: Voice, before: str) -> str:
    name = die.pick(who.houses)
    return f"{name}({ticker(name)})" if name not in words.BODIES and die.chance(0.12) else name


def _topic(die: Dice, who: Voice, before: str) -> str:
    return die.pick(who.topics)


def _someone(die: Dice, who: Voice, before: str) -> str:
    return die.pick(who.people)


def _number(die: Dice, who: Voice, before: str) -> str:
    return amount(die)


def _quote(die: Dice, who: Voice, before: str) -> str:
    return fill(die, die.pick(_QUOTES), who)


SLOTS: dict[str, Sequence[str]] = {
    "때": words.WHENS, "게": words.HOWS, "꾸밈": words.MODIFIERS, "것": words.THINGS, "까닭": words.REASONS,
    "했다": words.DID, "할것": words.WILL, "말": words.SAID, "추세": words.TRENDS, "추세명": words.TREND_NOUNS,
    "알려짐": words.FOUND, "곳": words.VENUES, "행사": words.EVENTS, "무리": words.GROUPS, "상태": words.STATES,
    "이음": words.LINKERS, "끝말": words.NOUN_ENDS, "빛": words.COLOURS, "하는": words.DOING,
    "고장": words.HOME_PLACES, "먼곳": words.FAR_PLACES, "기관": words.BODIES, "한자": words.HANJA_TITLE,
}  # fmt: skip
PIECES: dict[str, Piece] = {"집": _house, "일": _topic, "누구": _someone, "수": _number, "인용": _quote}


def _fixed(shown: str) -> Piece:
    return lambda die, who, before: shown


def _one_of(options: Sequence[str]) -> Piece:
    return lambda die, who, before: options[int(die.random() * len(options))]


def _joined(closed: str) -> Piece:
    return lambda die, who, before: particle(before, closed)


def compile_template(template: str) -> Template:
    """The pieces of a template: plain text, slots, particles. `KeyError` for an unknown slot."""
    pieces: Template = []
    for number, name in enumerate(SLOT.split(template)):
        if number % 2 == 0:
            if name:
                pieces.append(_fixed(name))
        elif name in PARTICLES:
            pieces.append(_joined(name))
        else:
            pieces.append(PIECES[name] if name in PIECES else _one_of(SLOTS[name]))
    return pieces


def fill(die: Dice, template: Template, who: Voice) -> str:
    """One text of a template."""
    out: list[str] = []
    before = ""
    for piece in template:
        before = piece(die, who, before)
        out.append(before)
    return "".join(out)


def templates(*lines: str) -> list[Template]:
    """Several compiled templates."""
    return [compile_template(line) for line in lines]


_QUOTES = templates(
    "{일}{은} {상태}",
    "{꾸밈} {것}{이} 필요하다. {상태}",
    "{때} {수}에 그쳤지만 {상태}",
    "{무리}{과} {게} 풀어 가겠다",
    "{집}{이} 먼저 {것}{을} 내놔야 한다",
    "{수}라는 숫자보다 {일}의 흐름을 봐야 한다",
    "{일} 문제에서 {먼곳} 사례를 그대로 옮길 수는 없다",
    "{까닭} {일}{이} 흔들렸다",
)

SENTENCES = templates(
    "{집}{이} {때} {꾸밈} {것}{을} {했다}.",
    "{때} {집}{은} {곳}에서 {행사}{을} 열고 {일} {것}{을} {게} {할것}.",
    "{일}{은} {까닭} {때} {수} {추세} 것으로 {알려짐}.",
    '{누구}{은} "{인용}"고 {말}.',
    '{누구}{은} {곳}에서 기자들과 만나 "{인용}"며 "{상태}"고 {말}.',
    "{이음} {무리} 사이에서는 {것}{을} 두고 의견이 갈린다.",
    "{이음} {일} 관련 {것}{은} {수}{으로} {알려짐}.",
    "{무리}{은} {까닭} {일}{이} {게} 달라질 수 있다고 본다.",
    "{고장}에 있는 {집}{은} {것}{을} {했다}.",
    "{먼곳} 현지에서도 {일}{을} 둘러싼 {것}{이} {할것}.",
    "{집} 관계자는 {때} {일} {추세명}{을} 거론하며 {수}{을} 제시했다.",
    "{이음} {누구}의 판단은 달랐다.",
    "{때} {무리} {수}{이} {빛} {곳}{을} 찾았다.",
    "{일} {추세명}{이} 이어지자 {집}{은} {꾸밈} {것}{을} {게} {했다}.",
    "{꾸밈} {것}{과} {꾸밈} {것}{이} 함께 거론된 배경이다.",
    "{이음} {수}에 이르는 {것}{이} {할것}.",
    '"{인용}"는 게 {무리}의 설명이다.',
    "{집}{은} {때} {수}{을} {것}에 쓰고, 남은 {수}{은} {일}에 {할것}.",
    "{기관} 자료를 보면 {일} 지표는 {때} {수}에서 {수}{으로} 움직였다.",
    "{이음} {까닭} {꾸밈} {것}{을} {했다}.",
    "{일}{이} {고장}{과} {고장}에서 {게} 엇갈린 이유다.",
    "{누구}{이} 이끄는 {집}{은} {일} {것}{을} {때} {했다}.",
    "물론 {상태}는 목소리도 {무리} 쪽에서 나온다.",
    "{때} 열린 {행사}에는 {무리}{이} 참석해 {일}{을} 점검했다.",
    "{집} 안에서는 '{것} 없이는 {일}도 없다'는 말이 나왔다.",
    "{이음} {일}{을} {게} 바꾸려면 {꾸밈} {것}{이} 따라야 한다는 주문이 많다.",
)
LEADS = templates(
    "{집}{이} {일} {것}{을} {때} {게} {했다}.",
    "{일}{이} {까닭} {수} {추세} 것으로 {때} {알려짐}.",
    '{누구}{은} {때} {일}{과} 관련해 "{인용}"고 {말}.',
    "{고장} {곳}에서 {때} {일} {행사}{이} 열려 {무리}의 눈길을 끌었다.",
    "{먼곳}에서 {일} {추세명}{이} 이어지며 {집}{이} {꾸밈} {것}{을} {할것}.",
    "{무리}{이} {때} {집}의 {꾸밈} {것}에 맞서 {일} 해법을 {했다}.",
)
TITLES = templates(
    "{집}, {일} {수} {추세명}…{끝말}",
    '{누구} "{상태}"',
    "{일} {끝말}, {집} {것} 카드",
    "{한자} {일} {추세명}에 {집}·{집} {끝말}",
    "{집} '{꾸밈} {것}' {수} 규모",
    '"{상태}"…{무리} {일} {끝말}',
    "{고장} {일} {수}…{누구} {행사} 참석",
    "{일} & {것}: {집} {끝말}",
    "{먼곳}발 {일} {추세명}, {무리} {끝말}",
    "{집} {일} {것} {끝말}",
    "{누구}, {고장} {곳} 찾아 {일} {것} 점검",
    "{일} {수} vs {수}…{끝말}",
)
DECKS = templates(
    "{일} {추세명}에 {집} {끝말}",
    "{무리} {수} 참여, {꾸밈} {것} 준비",
    "{꾸밈} {것}{으로} {일} {끝말}",
    '"{상태}" {무리} 한목소리',
    "{때} {수} {추세명}, {고장}·{고장} {끝말}",
    "{집}·{집} {것} 맞손",
)
CAPTIONS = templates(
    "{누구}{이} {때} {고장} {곳}에서 열린 {행사}에서 {하는}.",
    "{빛} {고장} {곳} 모습.",
    "{무리}{이} {빛} {곳}에서 {하는}.",
    "{집} {곳} 전경.",
    "{일} {행사} 현장.",
)
SUBHEADS = templates("{일}, {끝말}", "{무리}{이} 본 {일}", "{꾸밈} {것}의 조건", "왜 {일}인가", "{집} {것} 뜯어보니")
SUMMARY = templates(
    "{집}{이} {때} {일} {것}{을} {했다}.",
    "{일} 규모는 {수}{으로} {추세} 흐름을 보였다.",
    "{무리}{은} {꾸밈} {것}{을} 요구했다.",
    "{누구}{은} {일} {끝말}{을} 언급했다.",
)


def sentence(die: Dice, who: Voice) -> str:
    """One sentence of prose."""
    return fill(die, die.pick(SENTENCES), who)


def quote(die: Dice, who: Voice) -> str:
    """What somebody said, one or two sentences, as it stands before …고 말했다."""
    said = fill(die, die.pick(_QUOTES), who)
    return f"{said}. {fill(die, die.pick(_QUOTES), who)}" if die.chance(0.5) else said


def paragraph(die: Dice, who: Voice) -> str:
    """One to three sentences; now and then with an emoji."""
    lines = [sentence(die, who) for _ in range(die.between(1, 3))]
    if die.chance(0.01):
        lines.append(die.pick(words.EMOJI))
    return " ".join(lines)


def email(die: Dice) -> str:
    """An invented address of the house."""
    letters = "".join(die.pick(words.SYLLABLES) for _ in range(die.between(2, 3)))
    return f"{letters}{die.between(1, 9999) if die.chance(0.5) else ''}@newspim.com"
