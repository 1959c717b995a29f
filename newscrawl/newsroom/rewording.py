"""Edits of what stands over the body: the headline, the deck."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace

from . import prose, words
from .editions import Draft

# [단독][인터뷰] before a headline; (종합2보) or [영상] after it.
FRONT = re.compile(r"(?:\[[^\[\]]{1,40}\]\s*)*")
BACK = re.compile(rf"\s?(?:\((?:{'|'.join(words.STEPS)}|종합\d보)\)|\[[^\[\]]{{1,40}}\])$")
NEXT_STEP = {"": "종합", "(종합)": "종합2보", "(종합2보)": "종합3보"}
STEPPED = frozenset({"article", "translated", "robot", "opinion"})
"""Forms whose headline may get a step. Not those whose marks say what they are."""
MOST_DECK_LINES = 4


def retitle(draft: Draft) -> None:
    """Another headline: new words, one digit or ending, a further step, or an earlier headline again. The marks stay."""
    before = draft.story.title
    draft.die.pick([_new_words, _new_words, _new_figure, _new_ending, _next_step, _next_step, _earlier_title])(draft)
    while not prose.differs(before, draft.story.title):
        _new_words(draft)


def parts(title: str) -> tuple[str, str, str]:
    """A headline as its opening marks, its words, its closing mark."""
    front = FRONT.match(title)
    start = front.end() if front else 0
    back = BACK.search(title, start)
    end = back.start() if back else len(title)
    return title[:start], title[start:end], title[end:]


def _new_words(draft: Draft) -> None:
    front, _, back = parts(draft.story.title)
    draft.story = replace(draft.story, title=f"{front}{prose.headline(draft)}{back}")


def _new_figure(draft: Draft) -> None:
    front, bare, back = parts(draft.story.title)
    draft.story = replace(draft.story, title=f"{front}{prose.another_figure(draft.die, bare) or bare}{back}")


def _new_ending(draft: Draft) -> None:
    """The last word of a Korean headline is another: … 재검토, … 속도전."""
    front, bare, back = parts(draft.story.title)
    start, space, last = bare.rpartition(" ")
    if start and "가" <= last[-1] <= "힣" and draft.story.form != "personnel":
        draft.story = replace(draft.story, title=f"{front}{start}{space}{draft.die.pick(words.NOUN_ENDS)}{back}")


def _next_step(draft: Draft) -> None:
    """(종합), then (종합2보): the story goes on; half of the time in other words."""
    front, bare, back = parts(draft.story.title)
    step = NEXT_STEP.get(back)
    if step is None or draft.story.form not in STEPPED:
        return
    shown = prose.headline(draft) if draft.die.chance(0.5) else bare
    marks = draft.story.marks[:-1] if back else draft.story.marks
    draft.story = replace(draft.story, title=f"{front}{shown}({step})", marks=(*marks, step))


def _earlier_title(draft: Draft) -> None:
    past = draft.die.pick(draft.past).story
    draft.story = replace(draft.story, title=past.title, marks=past.marks)


def redeck(draft: Draft) -> None:
    """A line of the deck more, another, or one less; or the deck of an earlier version."""
    before = list(draft.content.deck)
    draft.die.pick(_deck_edits(before))(draft)
    while not prose.differs(before, draft.content.deck):
        if len(draft.content.deck) < MOST_DECK_LINES:
            _deck_line_more(draft)
        else:
            _deck_line_other(draft)


def _deck_edits(deck: list[str]) -> list[Callable[[Draft], None]]:
    if not deck:
        return [_deck_line_more]
    more = [_deck_line_more] if len(deck) < MOST_DECK_LINES else []
    return [*more, _deck_line_other, _deck_line_other, _deck_figure, _deck_line_less, _earlier_deck]


def _deck_line_more(draft: Draft) -> None:
    deck = draft.content.deck
    deck.insert(draft.die.randrange(len(deck) + 1), prose.deck_line(draft))


def _deck_line_other(draft: Draft) -> None:
    deck = draft.content.deck
    deck[draft.die.randrange(len(deck))] = prose.deck_line(draft)


def _deck_figure(draft: Draft) -> None:
    deck = draft.content.deck
    at = draft.die.randrange(len(deck))
    deck[at] = prose.another_figure(draft.die, deck[at]) or deck[at]


def _deck_line_less(draft: Draft) -> None:
    del draft.content.deck[draft.die.randrange(len(draft.content.deck))]


def _earlier_deck(draft: Draft) -> None:
    draft.content.deck = list(draft.die.pick(draft.past).content.deck)
