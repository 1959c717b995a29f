"""Which of a newsroom's pairs are told right, and which candidates datasketch's MinHashLSH gives for the same texts."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Sequence
from datetime import datetime, timedelta
from itertools import combinations
from pathlib import Path
from tempfile import TemporaryDirectory

from datasketch import MinHash, MinHashLSH

from benchmarks._shelf import Filling, as_text, records
from benchmarks._tables import Aim, share, table
from newscrawl.duplicates import COPIES, Text
from newscrawl.items import DUPLICATE as KINDS
from newscrawl.newsroom import Site, generate
from newscrawl.newsroom.stories import KST

_END = datetime(2026, 11, 20, 18, 0, tzinfo=KST)
_WINDOW = timedelta(days=7)
_FAIR = "either"  # of pairs of which a fair judge could say either: they count nowhere
# To reach, of each kind: precision and recall. Of a template only that it is called no copy.
_AIMS = {"exact": (1.0, 1.0), "update": (0.98, 0.95), "rewrite": (0.98, 0.95)}
_MOST_TEMPLATES = 0.01
_THRESHOLDS, _PLACES = (0.4, 0.5, 0.7), 128

Pair = tuple[int, int]


def measure(seeds: Sequence[int], articles: int) -> list[Aim]:
    """Print the tables."""
    counts = Counter[tuple[str | None, str | None]]()
    others = {threshold: Counter[str]() for threshold in _THRESHOLDS}
    for seed in seeds:
        site = generate(articles, 14, seed, _END, rhythm="wire", families=0.4)
        true = true_pairs(site)
        counts += judged(site, true)
        texts = [as_text(number, record) for number, record in records(site)]
        for threshold, found in others.items():
            found.update(datasketch_found(site, texts, true, threshold))
    print(f"\n### Kinds: {len(seeds)} newsrooms of {articles:,} articles in 14 days, 40 % of them in families\n")
    print(_confusion(counts))
    print(f"\n### datasketch's MinHashLSH ({_PLACES} places) on the same texts, as candidates\n")
    print(_candidates(others))
    return _aims(counts)


def true_pairs(site: Site) -> dict[Pair, str]:
    """What the articles of families are to each other, those that are compared at all; by their places in the site."""
    found: dict[Pair, str] = {}
    for family in site.families:
        for one, other in combinations(family.members, 2):
            if (kind := site.kinship(one, other)) and _near(site, one, other, kind):
                found[one, other] = kind
    for story in site.articles:
        if story.origin != story.number:
            found[story.origin, story.number] = "exact"
    return found


def _near(site: Site, one: int, other: int, kind: str) -> bool:
    apart = abs(site.articles[one].published_at - site.articles[other].published_at)
    return kind == "exact" or apart <= _WINDOW


def judged(site: Site, true: dict[Pair, str]) -> Counter[tuple[str | None, str | None]]:
    """How often a pair of one kind (None: of none) was found to be of another."""
    place = {int(story.id): story.number for story in site.articles}
    found: dict[Pair, str] = {}
    with TemporaryDirectory() as folder:
        filling = Filling(Path(folder))
        for number, record in records(site):
            for other, mark in filling.add(number, record).items():
                one, two = sorted((place[number], place[other]))
                found[one, two] = mark.kind
        filling.end()
    pairs = true.keys() | found.keys()
    return Counter((true.get(pair) or site.kinship(*pair), found.get(pair)) for pair in pairs)


def datasketch_found(site: Site, texts: Sequence[Text], true: dict[Pair, str], threshold: float) -> Counter[str]:
    """Of its candidates: pairs of copies, others, and the CPU seconds and articles."""
    copies = {pair for pair, kind in true.items() if kind in COPIES}
    counts = Counter[str](articles=len(texts), copies=len(copies))
    index = MinHashLSH(threshold=threshold, num_perm=_PLACES)
    begun = time.process_time()
    for place, text in enumerate(texts):
        signature = MinHash(num_perm=_PLACES)
        signature.update_batch([number.tobytes() for number in text.whole])
        for other in index.query(signature):
            pair = (other, place)
            kind = true.get(pair) or site.kinship(*pair)
            if kind != _FAIR and _near(site, *pair, kind or ""):
                counts["found" if pair in copies else "template" if kind == "template" else "false"] += 1
        index.insert(place, signature)
    counts["microseconds"] = int((time.process_time() - begun) * 1e6)
    return counts


def _confusion(counts: Counter[tuple[str | None, str | None]]) -> str:
    columns = (*KINDS, None)
    rows: list[list[object]] = [
        [true or "nothing", *(counts[true, found] for found in columns)] for true in (*KINDS, _FAIR, None)
    ]
    rows[-1][-1] = None  # all the pairs that have nothing to do with each other
    return table(("is", *(f"called {kind or 'nothing'}" for kind in columns)), rows)


def _candidates(others: dict[float, Counter[str]]) -> str:
    head = (
        "threshold",
        "copies found",
        "of all",
        "pieces of a series",
        "pairs of nothing",
        "CPU, microseconds an article",
    )
    rows = [
        [
            f"{threshold}",
            found["found"],
            share(found["found"], found["copies"]),
            found["template"],
            found["false"],
            found["microseconds"] // found["articles"],
        ]
        for threshold, found in others.items()
    ]
    return table(head, rows)


def _aims(counts: Counter[tuple[str | None, str | None]]) -> list[Aim]:
    aims = []
    for kind, (precision, recall) in _AIMS.items():
        right = counts[kind, kind]
        called = sum(count for (true, found), count in counts.items() if found == kind and true != _FAIR)
        there = sum(count for (true, _), count in counts.items() if true == kind)
        aims.append(
            Aim(
                f"{kind}: precision {precision:.2f}, recall {recall:.2f}",
                f"{right / called:.4f}, {right / there:.4f}",
                right / called >= precision and right / there >= recall,
            )
        )
    series = sum(count for (true, _), count in counts.items() if true == "template")
    wrong = sum(count for (true, found), count in counts.items() if true == "template" and found in COPIES)
    aims.append(
        Aim(
            f"template called a copy: at most {_MOST_TEMPLATES:.0%}",
            share(wrong, series),
            wrong <= _MOST_TEMPLATES * series,
        )
    )
    return aims
