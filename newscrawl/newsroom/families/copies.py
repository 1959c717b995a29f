"""An article that stands on the wire twice: corrected, edited lightly, rewritten, spaced in another way, in two sections."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from newscrawl.newsroom import prose
from newscrawl.newsroom.dice import Dice
from newscrawl.newsroom.stories import Story

from . import paraphrase
from .pieces import Piece, letters
from .teller import Paragraphs, Sentence, Teller, grouped, shown

CORRECTED = ("[정정] {}", "[수정] {}", "[고침] {}", "{}(고침)", "{} [정정]", "[정정]{}")
CORRECTION_NOTES = (
    "앞서 송고한 기사에서 잘못된 부분을 바로잡습니다.",
    "먼저 나간 기사의 일부 내용을 고쳐 다시 보냅니다.",
    "사실관계를 바로잡아 다시 송고합니다.",
)
REWORDED = (0.2, 0.6)
"""Of the sentences those that a rewrite says in other words: from this to that share."""
# Between two Korean words; within a long one.
GAP = re.compile(r"(?<=[가-힣0-9]) (?=[가-힣])")
WITHIN = re.compile(r"(?<=[가-힣]{2})(?=[가-힣]{2})")
PUNCTUATION = (
    (re.compile(r'"([^"]*)"'), r"“\1”"),
    (re.compile(r"'([^']*)'"), r"‘\1’"),
    (re.compile("…"), "..."),
    (re.compile("·"), ","),
)
"""What another desk writes in another way."""


def tell_correction(die: Dice, shape: str, members: Sequence[Story]) -> list[Piece]:
    """The same article under a new number with one thing put right. Half of them say so in the headline: those are updates."""
    teller, text = _article(die, shape, members)
    pieces = [Piece(teller.title(), shown(text))]
    for _ in members[1:]:
        text = _corrected(teller, text)
        marked = die.chance(0.5)
        title = (die.pick(CORRECTED) if marked else "{}").format(teller.title())
        body = shown(text)
        if marked and die.chance(0.3):
            body.append(die.pick(CORRECTION_NOTES))
        pieces.append(Piece(title, body, kin="update" if marked else "rewrite"))
    return pieces


def tell_light(die: Dice, shape: str, members: Sequence[Story]) -> list[Piece]:
    """Copies with one to four small edits; every second one has another headline, some another byline."""
    teller, text = _article(die, shape, members)
    pieces = [Piece(teller.title(), shown(text))]
    for place in range(1, len(members)):
        before = shown(text)
        text = [list(paragraph) for paragraph in text]
        for _ in range(die.between(1, 4)):
            die.pick((_cut, _added, _swapped, _swapped, _moved))(teller, text)
        if shown(text) == before:
            _added(teller, text)
        if die.chance(0.5):
            die.pick((teller.retitle, teller.new_end))()
        pieces.append(Piece(teller.title(), shown(text), kin="rewrite", speaker=place if die.chance(0.4) else 0))
    return pieces


def tell_rewrite(die: Dice, shape: str, members: Sequence[Story]) -> list[Piece]:
    """Rewrites of the first piece by other hands: sentences reworded, dropped, merged and moved under another headline."""
    teller, text = _article(die, shape, members)
    pieces = [Piece(teller.title(), shown(text))]
    sentences = [sentence for paragraph in text for sentence in paragraph]
    for place in range(1, len(members)):
        teller.retitle()
        body = shown(grouped(die, _rewritten(teller, sentences)))
        pieces.append(Piece(teller.title(), body, kin="rewrite", speaker=place if die.chance(0.8) else 0))
    return pieces


def tell_respaced(die: Dice, shape: str, members: Sequence[Story]) -> list[Piece]:
    """The same words with other spacing; half of the time other quotes and dots too, which makes the copy a rewrite."""
    teller, text = _article(die, shape, members)
    first = Piece(teller.title(), shown(text))
    pieces = [first]
    closer, farther = die.pick((0.05, 0.15, 0.3)), die.pick((0.0, 0.0, 0.02))
    punctuated = die.chance(0.5)
    for _ in members[1:]:
        body = _parted(die, list(first.body)) if die.chance(0.4) else list(first.body)
        body = [_spaced(die, paragraph, closer, farther) for paragraph in body]
        title = _spaced(die, first.title, closer, 0.0) if die.chance(0.5) else first.title
        if body == first.body:
            body[0] = WITHIN.sub(" ", body[0], count=1)
        if punctuated:
            title, body = _punctuated(title), [_punctuated(paragraph) for paragraph in body]
        copy = Piece(title, body)
        pieces.append(Piece(title, body, kin="exact" if letters(copy) == letters(first) else "rewrite"))
    return pieces


def tell_sections(die: Dice, shape: str, members: Sequence[Story]) -> list[Piece]:
    """The very same piece in two sections."""
    teller, text = _article(die, shape, members)
    body = shown(text)
    return [Piece(teller.title(), body, kin="exact") for _ in members]


def _article(die: Dice, shape: str, members: Sequence[Story]) -> tuple[Teller, Paragraphs]:
    teller = Teller(die, shape, members[0].section, members[0].published_at)
    count = die.between(4, 8) if die.chance(0.3) else die.between(7, 18)
    return teller, grouped(die, teller.whole(count))


def _corrected(teller: Teller, text: Paragraphs) -> Paragraphs:
    """One thing is another: a figure or a name wherever it stands, or a figure or a sentence in one place."""
    die = teller.die
    before = shown(text)
    for _ in range(30):
        kept = dict(teller.values)
        after = die.pick((_other_value, _other_value, _other_figure, _other_sentence))(teller, text)
        if shown(after) != before:
            return after
        teller.values = kept
    return _other_sentence(teller, text)


def _other_value(teller: Teller, text: Paragraphs) -> Paragraphs:
    """Another figure or another name in all sentences that say it."""
    die, happening = teller.die, teller.happening
    if happening is None:
        return _other_figure(teller, text)
    name = die.pick([one for one in happening.values if "," not in one])
    figure = prose.another_figure(die, teller.values[name])
    if figure is not None:
        teller.values[name] = figure
    elif happening.values[name] == "@사람":
        teller.values[name] = prose.another_person(die, teller.values[name])
    return [[teller.told_anew(sentence) for sentence in paragraph] for paragraph in text]


def _other_figure(teller: Teller, text: Paragraphs) -> Paragraphs:
    """One digit of one sentence is another."""
    return _at_one_place(teller, text, lambda old: prose.another_figure(teller.die, old.text))


def _other_sentence(teller: Teller, text: Paragraphs) -> Paragraphs:
    """One sentence behind the lead says something else."""
    return _at_one_place(teller, text, lambda old: teller.plain().text)


def _at_one_place(teller: Teller, text: Paragraphs, other: Callable[[Sentence], str | None]) -> Paragraphs:
    after = [list(paragraph) for paragraph in text]
    row = teller.die.between(1, len(after) - 1)
    column = teller.die.randrange(len(after[row]))
    if fresh := other(after[row][column]):
        after[row][column] = Sentence(fresh)
    return after


def _cut(teller: Teller, text: Paragraphs) -> None:
    """A sentence behind the lead is left out."""
    if sum(map(len, text)) > 4:
        row = teller.die.between(1, len(text) - 1)
        del text[row][teller.die.randrange(len(text[row]))]
        if not text[row]:
            del text[row]


def _added(teller: Teller, text: Paragraphs) -> None:
    """A sentence more at the end of a paragraph."""
    teller.die.pick(text).append(teller.plain())


def _swapped(teller: Teller, text: Paragraphs) -> None:
    """Some words of a sentence are others."""
    paragraph = teller.die.pick(text)
    at = teller.die.randrange(len(paragraph))
    paragraph[at] = Sentence(paraphrase.otherwise(teller.die, paragraph[at].text, most=2))


def _moved(teller: Teller, text: Paragraphs) -> None:
    """A paragraph stands elsewhere."""
    if len(text) > 3:
        text.insert(teller.die.between(1, len(text) - 1), text.pop(teller.die.between(1, len(text) - 1)))


def _rewritten(teller: Teller, sentences: Sequence[Sentence]) -> list[Sentence]:
    """The sentences by another hand; the lead is always in other words."""
    die = teller.die
    low, high = REWORDED
    share, dropped, joined = low + (high - low) * die.random(), die.pick((0.0, 0.1, 0.2)), die.pick((0.0, 0.1, 0.25))
    out: list[Sentence] = []
    for place, sentence in enumerate(sentences):
        if place and die.chance(dropped):
            continue
        new = teller.again(sentence) if not place or die.chance(share) else sentence
        both = paraphrase.merged(out[-1].text, new.text) if out and die.chance(joined) else None
        if both is None:
            out.append(new)
        else:
            out[-1] = Sentence(both)
    for _ in range(die.between(0, 3)):
        if len(out) > 3:
            out.insert(die.between(1, len(out) - 1), out.pop(die.between(1, len(out) - 1)))
    return out


def _spaced(die: Dice, shown: str, closer: float, farther: float) -> str:
    """Some spaces between words are gone, some words are torn in two."""
    tight = GAP.sub(lambda match: "" if die.chance(closer) else " ", shown)
    return WITHIN.sub(lambda match: " " if die.chance(farther) else "", tight) if farther else tight


def _parted(die: Dice, body: list[str]) -> list[str]:
    """Two paragraphs are one."""
    at = die.between(0, len(body) - 2)
    return [*body[:at], f"{body[at]} {body[at + 1]}", *body[at + 2 :]]


def _punctuated(shown: str) -> str:
    for pattern, instead in PUNCTUATION:
        shown = pattern.sub(instead, shown)
    return shown
