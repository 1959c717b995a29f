"""What can be wrong with the state, the feed and the machine: a clear line, nothing lost, nothing twice."""

from __future__ import annotations

import errno
import json
import os
import resource
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from newscrawl.newsroom import Faults, Newsroom, generate
from newscrawl.state import Database, Entry, Journal, StateError, Task, feed
from newscrawl.state.feed import restore
from tests.crawl.truth import differences

from .crashes import ARTICLES, COPY, Crash, Death, dying, hash_of, line_of, lines, run
from .kills import END, ROOT, read, to_end

EXPECTED = sorted(line_of(number) for number in ARTICLES if number != COPY)
NEVER = 10**9

# The state


def url(path: Path) -> str:
    return f"sqlite:///{path}"


def test_a_locked_state_is_waited_for_and_then_told(tmp_path: Path) -> None:
    path = tmp_path / "state.sqlite"
    Database(url(path)).close()
    other = sqlite3.connect(path)
    other.execute("BEGIN IMMEDIATE")
    with pytest.raises(StateError, match="another process has kept it locked"):
        Database(url(path), busy=0.1)
    other.rollback()
    Database(url(path), busy=0.1).close()


def test_many_that_make_a_state_at_once_all_get_it(tmp_path: Path) -> None:
    moment = time.time() + 2
    code = (
        "import sys, time; from newscrawl.state import Database\n"
        f"while time.time() < {moment}: pass\n"
        f"Database({url(tmp_path / 'state.sqlite')!r})"
    )
    processes = [subprocess.Popen([sys.executable, "-c", code], cwd=ROOT) for _ in range(4)]
    assert [process.wait(timeout=60) for process in processes] == [0] * 4


def test_a_state_that_is_no_database_is_told(tmp_path: Path) -> None:
    path = tmp_path / "state.sqlite"
    path.write_bytes(b"not a database, though long enough to be one. " * 50)
    with pytest.raises(StateError, match="restore it from a backup"):
        Database(url(path))


def test_a_damaged_state_is_told(tmp_path: Path) -> None:
    path = tmp_path / "state.sqlite"
    run(tmp_path, "first", Death(NEVER))
    with path.open("r+b") as file:
        file.seek(4096)
        file.write(os.urandom(path.stat().st_size - 4096))
    with pytest.raises(StateError, match="it is damaged"):
        run(tmp_path, "second", Death(NEVER))


def test_a_state_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    Database(url(tmp_path / "state.sqlite")).close()
    database = Database(f"sqlite:///file:{tmp_path / 'state.sqlite'}?mode=ro&uri=true")
    with pytest.raises(StateError, match="cannot be written"):
        Journal(database, tmp_path / "feed.jsonl").begin("example", "{}", None)


def test_a_folder_in_the_place_of_the_state_is_told(tmp_path: Path) -> None:
    with pytest.raises(StateError, match="cannot be opened"):
        Database(url(tmp_path))


def test_a_state_of_a_newer_version_is_refused_and_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "state.sqlite"
    Database(url(path)).close()
    with sqlite3.connect(path) as connection:
        connection.execute("UPDATE facts SET value = '99' WHERE name = 'schema'")
    before = path.read_bytes()
    with pytest.raises(StateError, match="newer newscrawl"):
        Database(url(path))
    assert path.read_bytes() == before


def test_a_state_of_a_newsroom_is_not_used_for_the_site(tmp_path: Path) -> None:
    Journal(Database(url(tmp_path / "state.sqlite")), tmp_path / "a.jsonl", "a newsroom").begin("example", "{}", None)
    other = Journal(Database(url(tmp_path / "state.sqlite")), tmp_path / "b.jsonl")
    with pytest.raises(StateError, match="another NEWSCRAWL_DATA_DIR"):
        other.begin("example", "{}", None)


@pytest.mark.parametrize("address", ["state.sqlite", "mysql://localhost/x", "sqlite//"])
def test_an_address_that_is_no_state_is_refused(address: str) -> None:
    with pytest.raises(ValueError, match="NEWSCRAWL_STATE"):
        Database(address)


def test_a_state_that_cannot_be_used_ends_the_crawl_with_a_line(tmp_path: Path) -> None:
    site = generate(articles=40, days=1, seed=41, end=END)
    (tmp_path / "newspim").mkdir()
    (tmp_path / "newspim" / "state.sqlite").write_bytes(b"nonsense " * 500)
    with Newsroom(site, faults=Faults.none()) as room:
        done = to_end(room, tmp_path)
        assert done.returncode == 3
        assert "restore it from a backup" in done.stderr
        assert "Traceback" not in done.stderr
        assert not room.requests


def test_a_request_of_another_version_costs_no_other(tmp_path: Path) -> None:
    site = generate(articles=60, days=1, seed=43, end=END)
    (tmp_path / "newspim").mkdir()
    journal = Journal(Database(url(tmp_path / "newspim" / "state.sqlite")), tmp_path / "x.jsonl", "a newsroom")
    journal.begin("newspim", '{"since":null,"until":null,"sections":[],"follow":[],"numbers":[]}', None)
    for number, request in enumerate(('{"callback":"a_method_that_is_gone"}', "no JSON at all")):
        journal.add(Task(f"old-{number}", "https://www.newspim.com/old", request, priority=99))
    journal.commit()
    journal.end("shutdown", {})
    with Newsroom(site, faults=Faults.none()) as room:
        done = to_end(room, tmp_path)
        records, _ = read(tmp_path)
        assert differences(records, room.expected()) == []
    assert done.returncode == 1
    assert done.stderr.count("cannot be read") == 2
    assert "Traceback" not in done.stderr


# The feed


def at_step(step: int, what: Callable[[], None]) -> Callable[[], None]:
    calls = 0

    def look() -> None:
        nonlocal calls
        calls += 1
        if calls == step:
            what()

    return look


def test_a_feed_that_is_deleted_while_it_grows_is_written_again(tmp_path: Path) -> None:
    path = tmp_path / "first.jsonl"
    run(tmp_path, "first", Death(NEVER), look=at_step(6, path.unlink))
    assert sorted(lines(tmp_path)) == EXPECTED


def test_a_feed_that_is_moved_while_it_grows_goes_on_in_a_new_file(tmp_path: Path) -> None:
    path, elsewhere = tmp_path / "first.jsonl", tmp_path / "moved.jsonl"
    run(tmp_path, "first", Death(NEVER), look=at_step(6, lambda: path.rename(elsewhere) and None))
    assert path.exists()
    assert elsewhere.exists()
    assert sorted(lines(tmp_path)) == EXPECTED


def test_a_feed_that_is_replaced_while_it_grows_is_not_touched_again(tmp_path: Path) -> None:
    path = tmp_path / "first.jsonl"

    def replace() -> None:
        path.unlink()
        path.write_bytes(b'{"id":"other"}\n')

    run(tmp_path, "first", Death(NEVER), look=at_step(6, replace))
    assert path.read_bytes() == b'{"id":"other"}\n'
    assert sorted(lines(tmp_path)) == sorted([*EXPECTED, b'{"id":"other"}\n'])


def test_a_feed_to_which_someone_writes_is_left_to_him(tmp_path: Path) -> None:
    def write() -> None:
        with (tmp_path / "first.jsonl").open("ab") as file:
            file.write(b'{"id":"other"}\n')

    run(tmp_path, "first", Death(NEVER), look=at_step(6, write))
    assert sorted(lines(tmp_path)) == sorted([*EXPECTED, b'{"id":"other"}\n'])


def test_a_name_that_is_taken_is_not_written_over(tmp_path: Path) -> None:
    (tmp_path / "first.jsonl").write_bytes(b'{"id":"other"}\n')
    run(tmp_path, "first", Death(NEVER))
    assert (tmp_path / "first.jsonl").read_bytes() == b'{"id":"other"}\n'
    assert sorted((tmp_path / "first-2.jsonl").read_bytes().splitlines(keepends=True)) == EXPECTED


@pytest.mark.parametrize("write", [1, 2, 3])
def test_a_full_disk_under_the_feed_loses_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, write: int) -> None:
    calls = 0
    real = feed._write

    def full(file: int, data: bytes, place: int) -> None:
        nonlocal calls
        calls += 1
        if calls >= write:
            real(file, data[: len(data) // 3], place)
            raise OSError(errno.ENOSPC, "No space left on device")
        real(file, data, place)

    database = Database(url(tmp_path / "state.sqlite"))
    journal = Journal(database, tmp_path / "first.jsonl")
    journal.begin("example", "{}", None)
    told = []
    for number in ARTICLES:
        monkeypatch.setattr(feed, "_write", full)
        journal.write(Entry(int(number), hash_of(number) if number != COPY else b"0" * 16, line_of(number)))
        told.append(journal.commit().undelivered)
    journal.end("cannot_write", {})
    monkeypatch.setattr(feed, "_write", real)
    assert [error is not None for error in told].index(True) == write - 1
    assert len([error for error in told if error]) == 1
    run(tmp_path, "second", Death(NEVER))
    assert sorted(lines(tmp_path)) == sorted(line_of(number) for number in ARTICLES)


@pytest.mark.parametrize(
    ("there", "expected"),
    [
        (None, b"one\ntwo\n"),
        (b"", b"one\ntwo\n"),
        (b"one\n", b"one\ntwo\n"),
        (b"one\ntw", b"one\ntwo\n"),
        (b"one\ntwo\n", b"one\ntwo\n"),
        (b"one\n\0\0\0\0", b"one\ntwo\n"),
        (b"one\nt\0\0\0", b"one\ntwo\n"),
        (b"one\nXYZ\n", b"one\nXYZ\ntwo\n"),
        (b"one\nXYZ", b"one\nXYZ\ntwo\n"),
        (b"on", b"on\ntwo\n"),
    ],
    ids=[
        "gone",
        "cut to nothing",
        "missing",
        "half",
        "whole",
        "zeros",
        "half and zeros",
        "edited",
        "half edited",
        "cut",
    ],
)
def test_promised_bytes_are_brought_to_their_places(tmp_path: Path, there: bytes | None, expected: bytes) -> None:
    path = tmp_path / "feed.jsonl"
    if there is not None:
        path.write_bytes(there)
    parts = [(0, b"one\n"), (4, b"two\n")] if not there else [(4, b"two\n")]
    restore(path, parts)
    assert path.read_bytes() == expected
    restore(path, parts)  # a recovery that was cut off before it could say so
    assert path.read_bytes() == expected


def test_a_folder_that_is_moved_is_completed_where_it_is(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    before, after = tmp_path / "before", tmp_path / "after"
    before.mkdir()
    death = Death(1)
    real = feed._write
    monkeypatch.setattr(feed, "_write", lambda *arguments: death.pass_by("before a write"))
    with pytest.raises(Crash):
        run(before, "first", Death(NEVER))
    monkeypatch.setattr(feed, "_write", real)
    before.rename(after)
    run(after, "second", Death(NEVER))
    assert sorted(lines(after)) == EXPECTED
    assert not before.exists()


# The machine


def test_a_clock_that_is_set_back_changes_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    death = Death(50)
    with dying(death, monkeypatch), pytest.raises(Crash):
        run(tmp_path, "first", death)
    now = time.time()
    monkeypatch.setattr(time, "time", lambda: now - 10 * 24 * 3600)
    run(tmp_path, "second", Death(NEVER))
    assert sorted(lines(tmp_path)) == EXPECTED


def limited(what: int, limit: int) -> Callable[[], None]:
    return lambda: resource.setrlimit(what, (limit, limit))


@pytest.mark.parametrize(
    ("what", "limit"),
    [(resource.RLIMIT_FSIZE, 200_000), (resource.RLIMIT_FSIZE, 80_000), (resource.RLIMIT_NOFILE, 24)],
    ids=["disk full", "disk full early", "too many open files"],
)
def test_a_machine_at_its_limit_loses_nothing(tmp_path: Path, what: int, limit: int) -> None:
    site = generate(articles=80, days=1, seed=42, end=END)
    with Newsroom(site, faults=Faults.none()) as room:
        first = to_end(room, tmp_path, "-s", "RETRY_TIMES=1", limit=limited(what, limit))
        assert first.returncode in (1, 3), first.stderr[-2000:]
        assert "[newscrawl] ERROR: Not all went well" in first.stderr
        for line in (
            line for path in (tmp_path / "newspim").glob("*.jsonl") for line in path.read_bytes().splitlines()
        ):
            json.loads(line)
        second = to_end(room, tmp_path)
        records, broken = read(tmp_path)
        assert differences(records, room.expected()) == []
    assert (second.returncode, broken) == (0, 0), second.stderr[-2000:]
