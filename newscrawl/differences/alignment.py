"""Which paragraph, row or word of the old revision became which of the new."""

from __future__ import annotations

import difflib
from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Generic, TypeVar

_SMALL = 10_000  # the product of two lengths up to which difflib, cubic at worst, is asked
_DEEPEST = 12  # times that a stretch is divided at what occurs once in both texts
_JOINTS = 200  # paragraph breaks of which it is asked whether the other text lacks only them
_BESIDE = 24  # characters on either side of a break by which it is looked for in the other text
_RARE = 8  # paragraphs that may share a pair of letters for it to say which of them is meant
_ALIKE = 0.5  # the share of its pairs of letters that a changed paragraph keeps
_ALIKE_ELSEWHERE = 0.7  # the same of one that moved too
_TELLING = 24  # pairs of letters from which a text that stands in a longer one stands there by no chance
_LONGER = 8  # times as long as it the longer one may be

_Item = TypeVar("_Item")
_Name = TypeVar("_Name", bound=Hashable)
_Pairs = list[tuple[int, int]]  # places in two sequences


@dataclass(frozen=True, slots=True)
class Step(Generic[_Item]):
    """An item of the old sequence and what it became, None for nothing. `place`: where it stands in the new sequence, or stood in
    the old one. `moved`: up or down past others, or not."""

    old: _Item | None
    new: _Item | None
    place: int
    moved: str = ""


def steps(pairs: Mapping[int, int], old: Sequence[_Item], new: Sequence[_Item]) -> Iterator[Step[_Item]]:
    """All items in the order in which they are read, from the places that became each other."""
    staying = _rising(sorted(pairs.items()))
    whence = {there: at for at, there in pairs.items()}
    one = other = 0
    for number, (end, end_there) in enumerate([*staying, (len(old), len(new))]):
        yield from (Step(old[gone], None, gone) for gone in range(one, end) if gone not in pairs)
        for come in range(other, end_there):
            source = whence.get(come)
            if source is None:
                yield Step(None, new[come], come)
            else:
                up = bisect_left(staying, (source, 0)) > number
                yield Step(old[source], new[come], come, "moved up" if up else "moved down")
        if end < len(old):
            yield Step(old[end], new[end_there], end_there)
        one, other = end + 1, end_there + 1


def partners(old: Sequence[str], new: Sequence[str]) -> dict[int, int]:
    """Which text became which: the same, here or elsewhere, or one that is like it."""
    before, after = [bare(text) for text in old], [bare(text) for text in new]
    pairs = same(before, after)
    return pairs | _likely(before, after, pairs)


def same(old: Sequence[str], new: Sequence[str]) -> dict[int, int]:
    """What stayed: as much as keeps its order, then what moved."""
    pairs = dict(aligned(old, new))
    places: defaultdict[str, list[int]] = defaultdict(list)
    for at in sorted(set(range(len(new))) - set(pairs.values()), reverse=True):
        places[new[at]].append(at)
    for at, one in enumerate(old):
        if at not in pairs and places[one]:
            pairs[at] = places[one].pop()
    return pairs


def _likely(old: Sequence[str], new: Sequence[str], pairs: Mapping[int, int]) -> dict[int, int]:
    """Of the texts without a partner, those that are alike, the likest first."""
    gaps = list(_gaps(pairs, len(old), len(new)))
    place = {at: number for number, (ones, _) in enumerate(gaps) for at in ones}
    there = {at: number for number, (_, others) in enumerate(gaps) for at in others}
    bags, bags_there = {at: _bag(old[at]) for at in place}, {at: _bag(new[at]) for at in there}
    candidates = _sharing_rare(bags, bags_there)
    for ones, others in gaps:  # they stand at the same place, counted from above or from below
        candidates |= {*zip(ones, others, strict=False), *zip(reversed(ones), reversed(others), strict=False)}
    scored = sorted(
        (-_likeness(bags[one], bags_there[other]), abs(one - other), one, other) for one, other in candidates
    )
    found: dict[int, int] = {}
    taken: set[int] = set()
    for score, _, one, other in scored:
        enough = _ALIKE if place[one] == there[other] else _ALIKE_ELSEWHERE
        if -score >= enough and one not in found and other not in taken:
            found[one] = other
            taken.add(other)
    return found


def _bag(text: str) -> Counter[str]:
    """Pairs of letters: particles and figures may change, and a text without spaces has them too."""
    return Counter(map("".join, pairwise(f"\0{text}\0")))


def _sharing_rare(bags: Mapping[int, Counter[str]], others: Mapping[int, Counter[str]]) -> set[tuple[int, int]]:
    """For each text the three others with which it shares most of what few have: not every text is compared with every other."""
    having: defaultdict[str, list[int]] = defaultdict(list)
    for at, bag in others.items():
        for pair in bag:
            having[pair].append(at)
    rare = {pair: places for pair, places in having.items() if len(places) <= _RARE}
    votes = {one: Counter(at for pair in bag for at in rare.get(pair, ())) for one, bag in bags.items()}
    return {(one, other) for one, counted in votes.items() for other, _ in counted.most_common(3)}


def _likeness(one: Counter[str], other: Counter[str]) -> float:
    """0 to 1. A text that was only added to, or only cut, is alike too."""
    common, (less, more) = (one & other).total(), sorted((one.total(), other.total()))
    contained = common / less if less >= _TELLING and more <= _LONGER * less else 0.0
    return max(2 * common / (less + more), contained - 0.25)


def namesakes(old: Sequence[str], new: Sequence[str], pairs: Mapping[int, int]) -> dict[int, int]:
    """Of those without a partner, those whose name occurs once on both sides; an empty one is none."""
    ones = _once((bare(name), at) for at, name in enumerate(old) if name and at not in pairs)
    known = set(pairs.values())
    others = _once((bare(name), at) for at, name in enumerate(new) if name and at not in known)
    return {at: others[name] for name, at in ones.items() if name in others}


def in_place(pairs: Mapping[int, int], olds: int, news: int) -> dict[int, int]:
    """The same, with those that stand between the same neighbours, if they are as many as before."""
    found = dict(pairs)
    for ones, others in _gaps(pairs, olds, news):
        if len(ones) == len(others):
            found.update(zip(ones, others, strict=True))
    return found


def _gaps(pairs: Mapping[int, int], olds: int, news: int) -> Iterator[tuple[list[int], list[int]]]:
    """Between each two neighbours that stayed: what has no partner, old and new."""
    known = set(pairs.values())
    for (one, other), (end, end_there) in pairwise([(-1, -1), *_rising(sorted(pairs.items())), (olds, news)]):
        ones = [at for at in range(one + 1, end) if at not in pairs]
        yield ones, [at for at in range(other + 1, end_there) if at not in known]


def rejoined(paragraphs: Sequence[str], others: Sequence[str]) -> list[str]:
    """Paragraphs that the others have as one, joined: a break is white space."""
    whole = [bare(other) for other in others]
    text, known = "\n".join(whole), set(whole)
    joined = list(paragraphs[:1])
    tries = _JOINTS
    for following in paragraphs[1:]:
        end, start = bare(joined[-1]), bare(following)
        if tries and not (end in known and start in known):
            tries -= 1
            end, start = end[-_BESIDE:], start[:_BESIDE]
            if f"{end}\n{start}" not in text and end + start in text:
                joined[-1] = f"{joined[-1]} {following}"
                continue
        joined.append(following)
    return joined


def aligned(old: Sequence[str], new: Sequence[str]) -> _Pairs:
    """What is the same in both and in the same order. Long stretches are divided at what occurs once in both (patience diff)."""
    pairs: _Pairs = []
    waiting = [(0, len(old), 0, len(new), _DEEPEST)]
    while waiting:
        one, end, other, end_there, depth = waiting.pop()
        while one < end and other < end_there and old[one] == new[other]:
            pairs.append((one, other))
            one, other = one + 1, other + 1
        while one < end and other < end_there and old[end - 1] == new[end_there - 1]:
            end, end_there = end - 1, end_there - 1
            pairs.append((end, end_there))
        mine, theirs = old[one:end], new[other:end_there]
        if len(mine) * len(theirs) <= _SMALL:
            blocks = difflib.SequenceMatcher(None, mine, theirs, autojunk=False).get_matching_blocks()
            pairs += [(one + block.a + at, other + block.b + at) for block in blocks for at in range(block.size)]
        elif depth:
            cuts = [(one + at, other + there) for at, there in _anchors(mine, theirs)]
            if cuts:
                limits = [(one, other), *cuts, (end, end_there)]
                waiting += [(a, b, c, d, depth - 1) for (a, c), (b, d) in pairwise(limits)]
    return sorted(pairs)


def _anchors(old: Sequence[str], new: Sequence[str]) -> _Pairs:
    """Where what occurs once in both begins: single ones, or if there are none, runs."""
    for length in (1, 4, 16):
        ones, others = (
            _once((tuple(items[at : at + length]), at) for at in range(len(items) - length + 1)) for items in (old, new)
        )
        if common := sorted((at, others[run]) for run, at in ones.items() if run in others):
            return _rising(common)
    return []


def _once(named: Iterable[tuple[_Name, int]]) -> dict[_Name, int]:
    """The places of the names that occur once."""
    places: dict[_Name, list[int]] = defaultdict(list)
    for name, at in named:
        places[name].append(at)
    return {name: where[0] for name, where in places.items() if len(where) == 1}


def _rising(pairs: Iterable[tuple[int, int]]) -> _Pairs:
    """As many of the pairs, which are sorted, as have their second places in order too."""
    tails: list[int] = []  # the lowest second place with which so many can end
    ends: list[tuple[int, int]] = []
    chain: dict[tuple[int, int], tuple[int, int] | None] = {}
    for pair in pairs:
        at = bisect_left(tails, pair[1])
        chain[pair] = ends[at - 1] if at else None
        tails[at : at + 1] = [pair[1]]
        ends[at : at + 1] = [pair]
    found = []
    last = ends[-1] if ends else None
    while last:
        found.append(last)
        last = chain[last]
    return found[::-1]


def bare(text: str) -> str:
    """Without white space."""
    return "".join(text.split())
