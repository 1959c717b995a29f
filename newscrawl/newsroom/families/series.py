"""Pieces from one frame: the same sentences each time, with other figures, dates and names."""

from __future__ import annotations

from collections.abc import Sequence

from newscrawl.newsroom import text, words
from newscrawl.newsroom.dice import Dice
from newscrawl.newsroom.stories import Story

from .frames import BY_NAME, Frame
from .pieces import Piece, form_of
from .slots import Values, calendar, draw, say

HOURS = ("09:00", "09:30", "10:00", "10:30", "11:00", "13:30", "14:00", "15:00", "16:00", "17:30")


def tell_series(die: Dice, shape: str, members: Sequence[Story]) -> list[Piece]:
    """One frame, filled anew for each member. Each has some of the frame's optional lines; two lines may share a paragraph."""
    frame = BY_NAME[shape]
    fixed = draw(die, frame.fixed)
    heading = die.pick(frame.titles)
    steady = die.chance(0.7)
    mark = die.pick(frame.mark.split("|"))
    dense = not any(line.lstrip("?")[0] in "*◇▲" for line in frame.lines) and die.chance(0.4)
    pieces = []
    for place, member in enumerate(members):
        values = draw(die, frame.drawn) | fixed | calendar(member.published_at)
        title = say(die, heading if steady else die.pick(frame.titles), values)
        body = _lines(die, frame, values)
        if dense:
            body = [" ".join(body[at : at + 2]) for at in range(0, len(body), 2)]
        shown = f"[{mark}] {title}" if mark else title
        form = form_of(shown, body) if frame.form == "article" else frame.form
        pieces.append(Piece(shown, body, form, "template", speaker=place if die.chance(0.3) else 0))
    return pieces


def _lines(die: Dice, frame: Frame, values: Values) -> list[str]:
    """The lines of one piece."""
    out: list[str] = []
    for line in frame.lines:
        if line.startswith("?") and die.chance(0.5):
            continue
        for part in line.removeprefix("?").split("\n"):
            if part.startswith("*"):
                out += _list(die, part[1:])
            else:
                out.append(say(die, part, values))
    return out


def _list(die: Dice, kind: str) -> list[str]:
    """New posts, or appointments of a day."""
    if kind == "인사":
        return [f"▲{die.pick(words.TEAMS)}{die.pick(words.RANKS)} {text.person(die)}" for _ in range(die.between(2, 7))]
    hours = sorted(die.sample(HOURS, die.between(2, 6)))
    return [
        f"▲{hour} {text.person(die)} {die.pick(words.JOBS)}, {die.pick(words.TOPICS[die.pick(list(words.TOPICS))])} "
        f"{die.pick(words.EVENTS)}({die.pick(words.VENUES)})"
        for hour in hours
    ]
