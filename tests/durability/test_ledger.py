"""The ledger of the state: what lists named, by day and section, what came of it, and which days need not be walked again."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from newscrawl.state import Entry, Journal, LedgerDay, Listing, Task
from newscrawl.state.ledger import DAY_ENDS, ledger
from tests import states

pytestmark = pytest.mark.usefixtures("engine")


DAY, NEXT = 20261120, 20261121
WHOLE = ((DAY, 0, DAY_ENDS),)


@pytest.fixture
def journal(tmp_path: Path) -> Iterator[Journal]:
    journal = Journal(states.database(tmp_path), tmp_path / "feed.jsonl", clock=lambda: 1000.0)
    journal.begin("example", "{}", None)
    yield journal
    journal.abandon()


def article(number: int) -> Task:
    return Task(str(number), f"https://example.com/{number}", "{}", rank=number)


def of(journal: Journal, first: int = DAY, last: int = NEXT) -> dict[tuple[int, str], LedgerDay]:
    return {(one.day, one.section): one for one in ledger(journal.database, journal.run.site, first, last)}


def test_a_day_counts_what_came_of_its_articles(journal: Journal) -> None:
    numbers = [DAY * 10**6 + n for n in range(1, 6)]
    journal.note(Listing("101", tuple((DAY, number) for number in numbers), WHOLE, at=5))
    for number in numbers[:4]:
        journal.add(article(number))
    rows = {int(task.key): task.id for task in journal.commit(lease=4).leased}
    journal.write(Entry(numbers[0], bytes(16), b"{}\n"))
    journal.finish(rows[numbers[0]] or 0)
    journal.fail(rows[numbers[1]] or 0, "article/500")
    journal.finish(rows[numbers[2]] or 0)  # gone: neither in the output nor failed
    journal.commit()
    day = of(journal)[DAY, "101"]
    assert (day.listed, day.exported, day.waiting, day.failed) == (5, 1, 1, 1)
    assert (day.whole, day.walked_at, day.is_complete) == (True, 5, False)


def test_a_day_is_complete_when_nothing_of_it_waits_or_failed(journal: Journal) -> None:
    journal.note(Listing("101", ((DAY, DAY * 10**6 + 1),), WHOLE))
    journal.write(Entry(DAY * 10**6 + 1, bytes(16), b"{}\n"))
    journal.commit()
    assert of(journal)[DAY, "101"].is_complete
    assert journal.settled("101", DAY, NEXT) == {DAY}
    assert journal.settled("102", DAY, NEXT) == set()


def test_a_day_of_which_an_article_failed_is_walked_again_and_one_with_articles_that_wait_is_not(
    journal: Journal,
) -> None:
    for day in (DAY, NEXT):
        journal.note(Listing("1", ((day, day * 10**6 + 1),), ((day, 0, DAY_ENDS),)))
        journal.add(article(day * 10**6 + 1))
    failed = journal.commit(lease=1).leased[0]
    assert failed.key.startswith(str(NEXT))  # the newest first
    journal.fail(failed.id or 0, "article/500")
    journal.commit()
    assert journal.settled("1", DAY, NEXT) == {DAY}


@pytest.mark.parametrize(
    ("parts", "whole"),
    [
        ([(0, DAY_ENDS)], True),
        ([(0, 86_399)], False),  # it was not over
        ([(0, 32_400), (32_000, DAY_ENDS)], True),
        ([(32_000, DAY_ENDS), (0, 32_000)], True),
        ([(0, 32_400), (32_401, DAY_ENDS)], False),  # a second that nobody saw
        ([(0, 10), (20, 32_400), (5, DAY_ENDS)], False),  # the longer part is kept
        ([(0, DAY_ENDS), (100, 200)], True),
        ([(100, 200), (0, DAY_ENDS)], True),
    ],
)
def test_a_day_is_whole_when_walks_that_join_have_seen_all_of_it(
    journal: Journal, parts: list[tuple[int, int]], whole: bool
) -> None:
    for at, part in enumerate(parts):
        journal.note(Listing("1", ((DAY, 1), (DAY, 2)), ((DAY, *part),), at))
        journal.commit()
    day = of(journal)[DAY, "1"]
    assert (day.listed, day.whole, day.walked_at) == (2, whole, len(parts) - 1)


def test_a_day_without_articles_is_there_when_it_was_walked(journal: Journal) -> None:
    journal.note(Listing("1", (), WHOLE, 7))
    journal.commit()
    assert of(journal)[DAY, "1"] == LedgerDay(DAY, "1", 0, 0, 0, 0, whole=True, walked_at=7)


def test_what_is_under_way_is_found_by_the_beginning_of_its_key(journal: Journal) -> None:
    for key in ("walk:1:0:9:40", "walk:101:0:9:20", "20261120000001"):
        journal.add(Task(key, f"https://example.com/{key}", "{}", reach=7))
    journal.commit()
    assert journal.waiting("walk:") == [("walk:1:0:9:40", 7), ("walk:101:0:9:20", 7)]
    assert journal.waiting("walk:1:") == [("walk:1:0:9:40", 7)]
    (first, *_) = journal.commit(lease=1).leased
    assert (first.key, 7) in journal.waiting("walk:")  # under way
    journal.finish(first.id or 0)
    journal.commit()
    assert len(journal.waiting("walk:")) == 1


def test_the_output_has_what_is_written_even_before_the_commit(journal: Journal) -> None:
    journal.write(Entry(DAY, bytes(16), b"{}\n"))
    assert journal.has(DAY)
    journal.commit()
    assert journal.has(DAY)
    assert not journal.has(NEXT)
