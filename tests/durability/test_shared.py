"""A state that machines share: who is dead, who helps whom, and a database that is away in the middle of it. Two machines are two folders."""

from __future__ import annotations

import os
import signal
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg
import pytest
from sqlalchemy import select, update

from newscrawl.state import Database, Entry, Journal, StateError, Task, database_address
from newscrawl.state.database import UnknownCommit
from newscrawl.state.patience import Patience, StateAway
from newscrawl.state.runs import SIGNS, TakenForDead, is_alive
from newscrawl.state.schema import articles, outbox, runs
from tests import states
from tests.postgres import Server, Wire, server

from .crashes import lines

TIMEOUT = 30.0  # seconds
ASKED = '{"since": "7d"}'
Machine = Callable[..., Journal]


@pytest.fixture
def machine(postgres: Server, tmp_path: Path) -> Iterator[Machine]:
    """A run of a machine, by its name."""
    states.use(postgres)
    url = states.url(tmp_path)

    def begun(
        name: str, asked: str | None = ASKED, patience: float = 0, timeout: float = TIMEOUT, **more: Any
    ) -> Journal:
        folder = tmp_path / name
        database = Database(url, folder, patience=patience, node_timeout=timeout)
        states._opened.append(database)
        journal = Journal(database, folder / "feed.jsonl")
        journal.begin("example", f'{{"of": "{name}"}}', None, asked=asked, **more)
        return journal

    yield begun
    states.use(None)


def article(number: int) -> Task:
    return Task(str(20260101000000 + number), f"https://example.org/{number}", "{}", rank=number)


def entry(number: int) -> Entry:
    return Entry(20260101000000 + number, bytes([number]) * 16, b'{"id":%d}\n' % number)


def silent(journal: Journal, seconds: float = TIMEOUT + 1) -> None:
    """A run of which nothing was heard for so long."""
    with journal.database.transaction() as connection:
        ago = journal.database.now(connection) - seconds
        connection.execute(update(runs).where(runs.c.id == journal.run.id).values(beat_at=ago))


@contextmanager
def long_ago(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The server was started long before the test, as servers are."""
    from newscrawl.state.postgres import Postgres

    def quiet_for(self: Postgres, connection: Any, since: float) -> float:
        return self.now(connection) - since

    with monkeypatch.context() as patch:
        patch.setattr(Postgres, "quiet_for", quiet_for)
        yield


def test_what_a_machine_that_died_had_is_taken_over_when_it_was_silent_for_long_enough(
    machine: Machine, monkeypatch: pytest.MonkeyPatch
) -> None:
    one, two = machine("one"), machine("two", asked=None)
    for number in range(4):
        one.add(article(number))
    assert len(one.commit(lease=2).leased) == 2
    with long_ago(monkeypatch):
        silent(one, TIMEOUT - 5)
        assert two.take_over()[0].runs == 0
        silent(one)
        recovered, scopes = two.take_over()
    assert (recovered.runs, recovered.requests) == (1, 4)
    assert scopes == ['{"of": "one"}', '{"of": "two"}']
    assert len(two.commit(lease=9).leased) == 4


def test_before_the_server_was_there_nobody_could_be_heard(machine: Machine) -> None:
    one, two = machine("one", timeout=10**6), machine("two", timeout=10**6)
    silent(one, 10**7)
    assert two.take_over()[0].runs == 0  # the server of this test is younger than the timeout


def test_a_run_that_was_taken_for_dead_commits_nothing_more(machine: Machine, monkeypatch: pytest.MonkeyPatch) -> None:
    one, two = machine("one"), machine("two")
    one.add(article(1))
    (task,) = one.commit(lease=1).leased
    one.write(entry(1))
    one.finish(task.id or 0)
    silent(one)
    with long_ago(monkeypatch):
        two.take_over()
    for attempt in (one.commit, one.beat, one.take_over, lambda: one.end("finished", {})):
        with pytest.raises(TakenForDead, match=r"another machine took this run for dead, after 30 seconds"):
            attempt()  # type: ignore[operator]  # each is asked the same
    (again,) = two.commit(lease=1).leased
    two.write(entry(1))
    two.finish(again.id or 0)
    assert two.commit().exported == 1
    assert lines(two.database.folder) == [b'{"id":1}\n']
    assert lines(one.database.folder) == []


def test_only_its_own_machine_writes_what_a_dead_run_promised(
    machine: Machine, monkeypatch: pytest.MonkeyPatch
) -> None:
    one, two = machine("one"), machine("two")
    one.write(entry(1))
    monkeypatch.setattr(one._delivery, "deliver", lambda place, data: None)  # and here it dies
    one.commit()
    one._run.lock.release()  # type: ignore[union-attr]  # it has begun
    silent(one)
    with long_ago(monkeypatch):
        assert two.take_over()[0].bytes == 0
        with two.database.reading() as connection:
            assert connection.execute(select(outbox.c.data)).scalars().all() == [b'{"id":1}\n']
        assert lines(one.database.folder) == lines(two.database.folder) == []
        back = machine("one")
    assert lines(back.database.folder) == [b'{"id":1}\n']


def test_a_run_of_this_machine_is_known_to_be_dead_at_once(machine: Machine) -> None:
    one = machine("one")
    one.add(article(1))
    one.commit(lease=1)
    one._run.lock.release()  # type: ignore[union-attr]  # it has begun
    again = machine("one")
    assert [task.key for task in again.commit(lease=5).leased] == [article(1).key]


def test_it_is_known_also_when_the_server_goes_by_another_name(machine: Machine, tmp_path: Path) -> None:
    one = machine("one")
    other = Database(states.url(tmp_path).replace("127.0.0.1", "localhost"), tmp_path / "one", node_timeout=TIMEOUT)
    with other.reading() as connection:
        row = connection.execute(select(*SIGNS).where(runs.c.id == one.run.id)).one()
        assert is_alive(other, connection, row)
    other.close()


def test_runs_of_one_schedule_help_each_other_and_others_do_not(machine: Machine) -> None:
    busy, helper, other = machine("busy"), machine("helper"), machine("other", asked='{"since": "1h"}')
    for number in range(6):
        busy.add(article(number))
    busy.add(Task("a" * 40, "https://example.org/list", "{}", priority=9))  # its own: it walks down the list
    busy.add(Task("20260101000009+", "https://example.org/9", "{}", priority=9))  # a look
    busy.commit()
    assert (helper.others_are_busy(), other.others_are_busy()) == (True, False)
    assert other.commit(lease=5).leased == []
    helped = helper.commit(lease=4)
    assert [task.rank for task in helped.leased] == [5, 4, 3, 2]
    assert helped.scopes == ['{"of": "busy"}']
    assert len(busy.commit(lease=9).leased) == 4
    for task in helped.leased:
        helper.finish(task.id or 0)
    assert helper.commit(lease=4).leased == []
    assert helper.others_are_busy()


def test_a_turn_is_given_by_the_clock_of_the_database(machine: Machine, monkeypatch: pytest.MonkeyPatch) -> None:
    one, two = machine("one"), machine("two")
    first = [one.reserve("example.org", 1.0), two.reserve("example.org", 1.0)]
    now = time.time()
    monkeypatch.setattr(time, "time", lambda: now - 86_400)
    then = [two.reserve("example.org", 1.0), one.reserve("example.org", 1.0)]
    assert [round(wait) for wait in first + then] == [0, 1, 2, 3]


# A database that is away


def answering(journal: Journal, monkeypatch: pytest.MonkeyPatch, *, commits: bool) -> None:
    """The next COMMIT has no answer: the connection is lost behind it, or before it."""
    dialect = journal.database.engine.dialect
    real = dialect.do_commit

    def lost(connection: Any) -> None:
        monkeypatch.setattr(dialect, "do_commit", real)
        if commits:
            real(connection)
        connection.dbapi_connection.close() if hasattr(connection, "dbapi_connection") else connection.close()
        raise psycopg.OperationalError("server closed the connection unexpectedly")

    monkeypatch.setattr(dialect, "do_commit", lost)


@pytest.mark.parametrize("commits", [True, False], ids=["committed", "not committed"])
def test_a_commit_without_an_answer_is_made_once(
    machine: Machine, monkeypatch: pytest.MonkeyPatch, commits: bool
) -> None:
    journal = machine("one", patience=20)
    for number in (1, 2):
        journal.write(entry(number))
        answering(journal, monkeypatch, commits=commits)
        assert journal.commit().exported == 1
    assert lines(journal.database.folder) == [b'{"id":1}\n', b'{"id":2}\n']
    journal.end("finished", {})


def test_a_commit_of_which_nobody_can_be_asked_is_left_to_the_next_run(
    machine: Machine, monkeypatch: pytest.MonkeyPatch
) -> None:
    journal = machine("one")
    journal.write(entry(1))
    answering(journal, monkeypatch, commits=True)

    def gone(mark: str) -> bool:
        raise psycopg.OperationalError("connection refused")

    kind = journal.database._kind
    with monkeypatch.context() as patch:
        patch.setattr(kind, "was_committed", gone)
        with pytest.raises(UnknownCommit, match="whether the last commit was made, the next run finds out"):
            journal.commit()
    with pytest.raises(UnknownCommit):
        journal.commit()  # it may stand already: it is not tried again
    journal.abandon()
    assert lines(journal.database.folder) == []
    again = machine("one")
    assert lines(again.database.folder) == [b'{"id":1}\n']
    with again.database.reading() as connection:
        assert len(connection.execute(select(articles)).all()) == 1


def test_a_commit_that_the_server_is_still_at_is_waited_for_also_without_patience(
    machine: Machine, monkeypatch: pytest.MonkeyPatch
) -> None:
    journal = machine("one")
    journal.write(entry(1))
    answering(journal, monkeypatch, commits=True)
    kind = journal.database._kind
    real, asked = kind.was_committed, []

    def at_it_twice(mark: str) -> bool | None:
        asked.append(mark)
        return None if len(asked) < 3 else real(mark)

    monkeypatch.setattr(kind, "was_committed", at_it_twice)
    assert journal.commit().exported == 1
    assert len(asked) == 3
    assert lines(journal.database.folder) == [b'{"id":1}\n']
    journal.end("finished", {})


@pytest.mark.parametrize("at", [2, 4])
def test_who_is_told_to_end_does_not_wait_for_the_servers_commit(
    machine: Machine, monkeypatch: pytest.MonkeyPatch, at: int
) -> None:
    journal = machine("one", patience=60)
    journal.write(entry(1))
    answering(journal, monkeypatch, commits=True)

    asked, had = [], []

    def at_it(mark: str) -> None:
        asked.append(mark)
        if len(asked) == at:
            os.kill(os.getpid(), signal.SIGTERM)  # while the server is asked, which may take long, and not in a pause

    usual = signal.signal(signal.SIGTERM, lambda number, frame: had.append(number))
    ours = signal.getsignal(signal.SIGTERM)
    try:
        monkeypatch.setattr(journal.database._kind, "was_committed", at_it)
        with pytest.raises(UnknownCommit, match="told to end"):
            journal.commit()
        assert len(asked) == at
        assert had == [signal.SIGTERM]
        assert signal.getsignal(signal.SIGTERM) is ours
    finally:
        signal.signal(signal.SIGTERM, usual)
    journal.abandon()


@pytest.mark.usefixtures("postgres")  # which says so where there is none
@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGQUIT], ids=["shut down", "crashed"])
def test_a_restart_is_waited_for_and_nothing_is_lost(tmp_path: Path, how: int) -> None:
    with server(synchronous_commit="on") as restarted:
        database = Database(restarted.url(), tmp_path, patience=60, node_timeout=TIMEOUT)
        journal = Journal(database, tmp_path / "feed.jsonl")
        journal.begin("example", "{}", None)
        journal.write(entry(1))
        journal.commit()
        restarted.stop(how)
        back = threading.Timer(1.0, restarted.start)
        back.start()
        journal.write(entry(2))
        assert journal.has(entry(1).number)  # asked while it is away
        back.join()
        assert journal.commit().exported == 1
        assert not database.may_judge
        journal.end("finished", {})
        states._opened.append(database)
        states.use(None)
    assert lines(tmp_path) == [b'{"id":1}\n', b'{"id":2}\n']


@pytest.mark.usefixtures("postgres")
def test_one_that_stays_away_ends_the_run_in_the_end(tmp_path: Path) -> None:
    with server() as stopped:
        journal = Journal(Database(stopped.url(), tmp_path, patience=1), tmp_path / "feed.jsonl")
        journal.begin("example", "{}", None)
        stopped.stop()
        began = time.monotonic()
        with pytest.raises(StateError, match=r"the state postgres on 127\.0\.0\.1: "):
            journal.has(1)
        assert 1 <= time.monotonic() - began < 10
        journal.abandon()


@pytest.mark.usefixtures("postgres")
def test_one_that_hangs_is_waited_for(tmp_path: Path) -> None:
    with server() as slow:
        journal = Journal(Database(slow.url(), tmp_path, patience=60), tmp_path / "feed.jsonl")
        journal.begin("example", "{}", None)
        journal.write(entry(1))
        began = time.monotonic()
        with slow.held():
            committed: list[int] = []
            commit = threading.Thread(target=lambda: committed.append(journal.commit().exported))
            commit.start()
            commit.join(1.5)
            assert commit.is_alive()
        commit.join(30)
        assert committed == [1]
        assert time.monotonic() - began >= 1.5
        journal.end("finished", {})
        journal.database.close()
    assert lines(tmp_path) == [b'{"id":1}\n']


def test_a_network_that_is_cut_costs_time_and_nothing_else(postgres: Server, tmp_path: Path) -> None:
    wire = Wire(postgres.port)
    url = states.url_in(postgres, tmp_path).replace(f":{postgres.port}/", f":{wire.port}/")
    journal = Journal(Database(url, tmp_path, patience=60), tmp_path / "feed.jsonl")
    journal.begin("example", "{}", None)
    for number in range(1, 6):
        journal.write(entry(number))
        wire.cut()
        back = threading.Timer(0.2 * number, wire.mend)
        back.start()
        assert journal.commit().exported == 1
        back.join()
    journal.end("finished", {})
    journal.database.close()
    wire.cut()
    assert lines(tmp_path) == [b'{"id":%d}\n' % number for number in range(1, 6)]


def always_away() -> None:
    """As `Database.patiently` waits."""
    with Patience("the state", 60).waiting() as waiting:
        while True:
            waiting.pause(StateAway("the state is away"))


def test_a_process_that_is_told_to_end_waits_no_longer() -> None:
    told: list[int] = []
    before = signal.signal(signal.SIGTERM, lambda number, _: told.append(number))
    threading.Timer(0.3, signal.raise_signal, [signal.SIGTERM]).start()
    began = time.monotonic()
    try:
        with pytest.raises(StateError, match="told to end"):
            always_away()
    finally:
        handler = signal.signal(signal.SIGTERM, before)
    assert time.monotonic() - began < 5
    assert told == [signal.SIGTERM]  # the run's own handler has heard it too
    assert callable(handler)


# What is wrong


@pytest.mark.parametrize(
    ("url", "why"),
    [
        ("mysql://user:secret@host/db", "takes the URL of a database"),
        ("postgresql+psycopg2://user:secret@host/db", "the driver is psycopg; write postgresql://"),
        ("user:secret@host/db", "takes the URL of a database"),
    ],
)
def test_an_address_that_is_none_is_refused_without_its_password(url: str, why: str) -> None:
    with pytest.raises(ValueError, match=why) as caught:
        database_address(url)
    assert "secret" not in str(caught.value)


def test_the_short_form_of_services_is_taken() -> None:
    assert database_address("postgres://user@host/db").get_backend_name() == "postgresql"


def test_a_server_that_is_not_there_and_a_password_that_is_wrong_are_told(tmp_path: Path, postgres: Server) -> None:
    for url in (postgres.url(port=1), postgres.url().replace("/postgres", "/nowhere")):
        with pytest.raises(StateError, match=r"the state \w+ on 127\.0\.0\.1: connection failed"):
            Database(url.replace("newscrawl@", "newscrawl:secret@"), tmp_path)


def test_without_the_driver_it_is_said_what_to_install(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setitem(sys.modules, "psycopg", None)
    with pytest.raises(StateError, match=r"pip install 'newscrawl\[postgres\]'"):
        Database("postgresql://user@127.0.0.1/db", tmp_path)
