"""Articles that look akin and are not: the same headline over other words, one event told by two hands, one quote in two articles."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from newscrawl.newsroom import text
from newscrawl.newsroom.dice import Dice
from newscrawl.newsroom.stories import Story

from .pieces import Piece
from .teller import PLAIN, Sentence, Teller, grouped, shown

COLUMNS = ("[기자수첩]", "[ANDA 칼럼]", "[특파원 칼럼]")
DAILIES = (
    "이 시각 주요 뉴스", "오늘의 한 장면", "주간 브리핑", "아침을 여는 경제", "이번 주 뭘 볼까", "[뉴스브리핑] 놓치면 안 될 소식", "간추린 뉴스", "[GAM] 월가의 말",
)  # fmt: skip


def tell_headline(die: Dice, shape: str, members: Sequence[Story]) -> list[Piece]:
    """One headline over pieces of their own: photos of one event, a column, a daily piece."""
    teller = Teller(die, PLAIN, members[0].section, members[0].published_at)
    if shape == "photo":
        return [Piece(f"[{die.pick(('포토', '사진'))}] {teller.title()}", form="photo")] * len(members)
    if shape == "column":
        title = f"{die.pick(COLUMNS)} {teller.title() if die.chance(0.5) else '이 주의 생각'}"
        return [Piece(title, form="opinion")] * len(members)
    return [Piece(die.pick(DAILIES))] * len(members)


def tell_near(die: Dice, shape: str, members: Sequence[Story]) -> list[Piece]:
    """One event by reporters who did not read each other: the same facts in other wordings, the rest their own, one quote in all."""
    teller = Teller(die, shape, members[0].section, members[0].published_at)
    assert teller.happening is not None
    facts = list(teller.facts)[1:]
    die.shuffle(facts)
    quoting = [fact for fact in facts if "{말}" in teller.happening.facts[fact][0]]
    rest = [fact for fact in facts if fact not in quoting]
    leads = list(teller.happening.facts[0])
    die.shuffle(leads)
    background = _background(teller)
    pieces = []
    for place in range(len(members)):
        mine = [teller.fact(fact) for fact in rest[place :: len(members)]]
        mine += [_worded(teller, fact, place) for fact in quoting if place < len(teller.happening.facts[fact])]
        mine += [next(background) for _ in range(die.between(5, 11))]
        die.shuffle(mine)
        if place:
            teller.retitle()
        body = shown(grouped(die, [teller.of(0, leads[place % len(leads)]), *mine]))
        pieces.append(Piece(teller.title(), body, speaker=place))
    return pieces


def tell_quote(die: Dice, shape: str, members: Sequence[Story]) -> list[Piece]:
    """A statement of a press release in articles that have nothing else in common."""
    pieces = []
    quote, who = "", ""
    for place, member in enumerate(members):
        teller = Teller(die, PLAIN, member.section, member.published_at)
        quote = quote or text.quote(die, teller.who)
        who = who or die.pick(teller.who.people)
        said = Sentence(f'{who}{text.particle(who, "은")} "{quote}"고 {die.pick(("말했다", "밝혔다", "강조했다"))}.')
        sentences = teller.whole(die.between(7, 14))
        sentences.insert(die.between(1, len(sentences)), said)
        pieces.append(Piece(teller.title(), shown(grouped(die, sentences)), speaker=place))
    return pieces


def _background(teller: Teller) -> Iterator[Sentence]:
    """Sentences of background, each once."""
    said: set[str] = set()
    while True:
        sentence = teller.plain()
        if sentence.text not in said:
            said.add(sentence.text)
            yield sentence


def _worded(teller: Teller, fact: int, place: int) -> Sentence:
    """A fact in the wording that is this member's."""
    assert teller.happening is not None
    return teller.of(fact, teller.happening.facts[fact][place])
