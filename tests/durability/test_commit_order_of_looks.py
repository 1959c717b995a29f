"""Looks at articles, ended at each step in turn: every revision stands once in the feeds, and no look is forgotten."""

from __future__ import annotations

import hashlib
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy import select

from newscrawl.state import Entry, Journal, Looked, Watch, look_key, looked_at
from newscrawl.state.schema import revisions, watched
from tests import states

from .crashes import Crash, Death, Follower, bury, dying, lines, listen, task

pytestmark = pytest.mark.usefixtures("engine")


NEVER = 10**9
NUMBERS = [20260101000001 + number for number in range(6)]
EDITED = NUMBERS[::2]  # the others stay as they are
SECOND = 500  # when the second look is due, after the first; both lie in the past


def text(number: int, revision: int) -> bytes:
    return f'{{"id":"{number}","revision":{revision},"body":"{"가" * (number % 7 * revision)}"}}\n'.encode()


def entry(number: int, revision: int) -> Entry:
    line = text(number, revision)
    watch = Watch(1, 1000) if revision == 1 else None
    return Entry(number, hashlib.sha256(line).digest()[:16], line, revision, ("body",) if revision > 1 else (), watch)


def first_run(folder: Path) -> None:
    """All articles, each to be looked at twice."""
    journal = Journal(states.database(folder), folder / "first.jsonl")
    journal.begin("example", "{}", "first")
    for number in NUMBERS:
        journal.write(entry(number, 1))
    journal.commit()
    journal.end("finished", {})


def after_first_run(before: Path, folder: Path) -> None:
    """Another folder with that run: a file is copied, of a server's state the run is made again."""
    if states.is_shared():
        folder.mkdir()
        first_run(folder)
    else:
        shutil.copytree(before, folder)


def looks(folder: Path, name: str, death: Death, look: Callable[[], None]) -> None:
    """A run that takes the looks that are due, as the scheduler does; the edited articles have their second text."""
    database = states.database(folder)
    listen(database, death)
    journal = Journal(database, folder / f"{name}.jsonl")
    try:
        journal.begin("example", "{}", name)
        while True:
            leased = journal.commit(2).leased
            look()
            if not leased:
                due = journal.due(10_000, 3)
                if not due:
                    break
                for one in due:
                    journal.take(one, one.at + SECOND if one.at == 1000 else None)
                    journal.add(task(look_key(one.number)))
            for one in leased:
                number = looked_at(one.key)
                assert number is not None
                assert one.id is not None
                _look_at(journal, number)
                journal.finish(one.id, comes_again=number is not None)
        journal.end("finished", {})
    except Crash:
        bury(journal)
        raise


def _look_at(journal: Journal, number: int) -> None:
    latest = journal.latest(number)
    assert latest is not None, "a look needs the text"
    if number in EDITED and latest.record == text(number, 1):
        journal.write(entry(number, latest.revision + 1))
    else:
        journal.looked(Looked(number))


EXPECTED = sorted([*(text(number, 1) for number in NUMBERS), *(text(number, 2) for number in EDITED)])


def left(folder: Path) -> tuple[int, list[tuple[int, int]]]:
    """How many articles are still watched, and which texts are kept."""
    database = states.database(folder)
    with database.reading() as connection:
        watching = len(connection.execute(select(watched.c.number)).all())
        columns = (revisions.c.number, revisions.c.revision)
        kept = [(number, revision) for number, revision in connection.execute(select(*columns).order_by(*columns))]
    database.close()
    return watching, kept


KEPT = sorted([(number, 1) for number in NUMBERS] + [(number, 2) for number in EDITED])


def test_looks_that_die_at_any_step_are_made_whole_by_the_next_run(
    quick_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before, counted, count = quick_path / "before", quick_path / "counted", Death(NEVER)
    before.mkdir()
    first_run(before)
    after_first_run(before, counted)
    with dying(count, monkeypatch):
        looks(counted, "second", count, lambda: None)
    assert sorted(lines(counted)) == EXPECTED
    assert left(counted) == (0, KEPT)
    assert count.step > 100
    for at in states.some(range(1, count.step + 1), 7):
        folder = quick_path / f"at-{at}"
        after_first_run(before, folder)
        follower, death = Follower(folder), Death(at)
        with dying(death, monkeypatch), pytest.raises(Crash):
            looks(folder, "second", death, follower.look)
        looks(folder, "third", Death(NEVER), follower.look)
        follower.look()
        assert sorted(lines(folder)) == EXPECTED, death.where
        assert sorted(follower.read.splitlines(keepends=True)) == EXPECTED, death.where
        assert left(folder) == (0, KEPT), death.where


def test_two_runs_take_each_look_once(tmp_path: Path) -> None:
    first_run(tmp_path)
    one, two = (Journal(states.database(tmp_path), tmp_path / f"{name}.jsonl") for name in ("one", "two"))
    for journal in (one, two):
        journal.begin("example", "{}", None)
    for journal in (one, two):  # both ask before either has taken
        for due in journal.due(10_000, 10):
            journal.take(due, None)
            journal.add(task(look_key(due.number)))
    taken = [task.key for journal in (one, two) for task in journal.commit(10).leased]
    assert sorted(taken) == [look_key(number) for number in NUMBERS]
    for journal in (one, two):
        journal.abandon()
