"""Two runs on one state that come upon the same article, or upon two with the same words, at the same moment."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from newscrawl.state import Entry, Journal
from tests import states

from .crashes import lines

pytestmark = pytest.mark.usefixtures("engine")


Pair = tuple[Journal, Journal]


@pytest.fixture
def pair(tmp_path: Path) -> Iterator[Pair]:
    one, two = (Journal(states.database(tmp_path), tmp_path / f"{name}.jsonl") for name in ("one", "two"))
    found = one, two
    for journal in found:
        journal.begin("example", "{}", None)
    yield found
    for journal in found:
        journal.abandon()


@pytest.mark.parametrize("other", [1, 2], ids=["the same article", "a copy of it"])
def test_both_look_before_either_commits_and_one_line_is_written(pair: Pair, tmp_path: Path, other: int) -> None:
    one, two = pair
    same = b"h" * 16
    for journal, number in ((one, 1), (two, other)):
        assert journal.same_as(number, same) is None
        journal.write(Entry(number, same, b'{"line":1}\n'))
    assert [(done.exported, done.beaten) for done in (one.commit(), two.commit())] == [(1, 0), (0, 1)]
    assert lines(tmp_path) == [b'{"line":1}\n']


def test_different_articles_of_both_are_written(pair: Pair, tmp_path: Path) -> None:
    for number, journal in enumerate(pair):
        journal.write(Entry(number, bytes([number]) * 16, b'{"line":%d}\n' % number))
        assert journal.commit().exported == 1
    assert lines(tmp_path) == [b'{"line":0}\n', b'{"line":1}\n']
