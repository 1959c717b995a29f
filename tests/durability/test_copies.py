"""A copy that was dropped is left alone for an hour, and no longer than it is one."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from newscrawl.state import Entry, Journal, Task
from newscrawl.state.frontier import COPIES_FOR
from newscrawl.state.seen import NO_HASH
from tests import states

pytestmark = pytest.mark.usefixtures("engine")


NUMBER, ORIGINAL = 20261120000001, 20261120000002
HOUR = 3600
Begin = Callable[..., Journal]


@pytest.fixture
def begin(tmp_path: Path) -> Begin:
    """A run that began so many seconds after the first could."""
    database = states.database(tmp_path)

    def begun(at: float) -> Journal:
        journal = Journal(database, tmp_path / f"{at}.jsonl", clock=lambda: 1e9 + at)
        journal.begin("example", "{}", None)
        return journal

    return begun


def named(journal: Journal, stat: str = "found/list") -> list[str]:
    """What the run is given to fetch when pages name the copy."""
    journal.add(Task(str(NUMBER), f"https://example.com/{NUMBER}", "{}", rank=NUMBER, stat=stat))
    return [task.key for task in journal.commit(lease=5).leased]


def dropped(journal: Journal) -> None:
    """The run reads it, and finds it a copy."""
    assert named(journal) == [str(NUMBER)]
    journal.finish(1, copied=True)
    journal.commit()


def ended(journal: Journal) -> None:
    journal.end("finished", {})


def test_runs_of_the_next_hour_do_not_read_it_again_and_a_later_one_does(begin: Begin) -> None:
    first = begin(0)
    dropped(first)
    assert named(first) == []
    ended(first)
    for at in (600, 1200, COPIES_FOR - 60):
        journal = begin(at)
        assert named(journal) == []
        assert journal.commit().new == {}
        ended(journal)
    assert named(begin(COPIES_FOR + 60)) == [str(NUMBER)]


def test_a_run_that_began_before_it_was_dropped_does_not_read_it_either(begin: Begin) -> None:
    early, late = begin(0), begin(60)
    dropped(early)
    ended(early)
    assert named(late) == []


def test_who_asks_for_it_by_its_address_gets_it(begin: Begin) -> None:
    first = begin(0)
    dropped(first)
    ended(first)
    assert named(begin(600), stat="found/argument") == [str(NUMBER)]


def test_when_an_article_was_withdrawn_its_copy_may_be_all_that_there_is(begin: Begin) -> None:
    first = begin(0)
    first.write(Entry(ORIGINAL, bytes(range(16)), b"{}\n"))
    dropped(first)
    ended(first)
    second = begin(600)
    second.write(Entry(ORIGINAL, NO_HASH, b"{}\n", revision=2, changed=("status",)))
    second.commit()
    assert named(second) == [str(NUMBER)]


def test_a_withdrawal_and_a_copy_in_one_commit_leave_the_copy_to_be_read(begin: Begin) -> None:
    first = begin(0)
    first.write(Entry(ORIGINAL, bytes(range(16)), b"{}\n"))
    assert named(first) == [str(NUMBER)]
    first.write(Entry(ORIGINAL, NO_HASH, b"{}\n", revision=2, changed=("status",)))
    first.finish(1, copied=True)
    first.commit()
    assert named(first) == [str(NUMBER)]


def test_a_clock_that_was_ahead_holds_nothing_back(begin: Begin) -> None:
    ahead = begin(7 * 86_400)
    dropped(ahead)
    ended(ahead)
    assert named(begin(600)) == [str(NUMBER)]


def test_what_is_left_alone_does_not_stay_in_the_state(begin: Begin) -> None:
    first = begin(0)
    dropped(first)
    ended(first)
    later = begin(COPIES_FOR + HOUR)
    ended(later)
    with later.database.reading() as connection:
        assert connection.exec_driver_sql("SELECT count(*) FROM frontier").scalar() == 0
