"""A small crawl on the state alone, and crashes at each step of it: every statement, every write, every force onto the disk."""

from __future__ import annotations

import contextlib
import hashlib
import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from sqlalchemy import event

from newscrawl.state import Database, Entry, Journal, Task, feed
from tests import states

# A list of three pages; articles that name others, one of them unlisted, one with the words of another.
PAGES: dict[str, list[str]] = {
    "list-1": ["list-2", "20260101000001", "20260101000002", "20260101000003"],
    "list-2": ["list-3", "20260101000003", "20260101000004", "20260101000005"],
    "list-3": ["20260101000006", "20260101000007"],
    "20260101000001": ["20260101000002", "20260101000008"],
    "20260101000008": ["20260101000001"],
}
ARTICLES = [f"2026010100000{number}" for number in range(1, 9)]
COPY = "20260101000005"  # has the words of ...04


def line_of(number: str) -> bytes:
    """A line whose length differs by article, so that a wrong place shows."""
    return f'{{"id":"{number}","body":"{"가" * (int(number) % 7 * 30)}"}}\n'.encode()


def hash_of(number: str) -> bytes:
    words = "20260101000004" if number == COPY else number
    return hashlib.sha256(words.encode()).digest()[:16]


def task(key: str) -> Task:
    return Task(key, f"https://example.org/{key}", "{}", priority=0 if key.isdigit() else 10, stat="found")


class Crash(BaseException):
    """The process ends here."""


@dataclass
class Death:
    """Counts the steps of a run and ends it at one of them."""

    at: int
    step: int = 0
    where: list[str] = field(default_factory=list)

    def pass_by(self, what: str) -> None:
        self.step += 1
        if self.step == self.at:
            self.where.append(what)
            raise Crash(what)


@contextlib.contextmanager
def dying(death: Death, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Steps: before and after each write and each force of the feed, in the middle of each write, before each SQL statement and
    each COMMIT, and after it."""
    write, sync = feed._write, os.fdatasync

    def written(file: int, data: bytes, place: int) -> None:
        death.pass_by("before a write")
        if death.step + 1 == death.at:
            write(file, data[: len(data) // 2], place)
        death.pass_by("in a write")
        write(file, data, place)
        death.pass_by("after a write")

    def synced(file: int) -> None:
        death.pass_by("before a sync")
        sync(file)
        death.pass_by("after a sync")

    with monkeypatch.context() as patch:
        patch.setattr(feed, "_write", written)
        patch.setattr(os, "fdatasync", synced)
        yield


def listen(database: Database, death: Death) -> None:
    @event.listens_for(database.engine, "before_cursor_execute")
    def statement(*arguments: object) -> None:
        death.pass_by(str(arguments[2]).split("(")[0][:40])

    @event.listens_for(database.engine, "commit")
    def commit(_: object) -> None:
        death.pass_by("before COMMIT")


def run(folder: Path, name: str, death: Death, *, look: Callable[[], None] = lambda: None) -> Journal:
    """One run, from its begin to its end, or to its death. `look` is called after each step of the crawl."""
    database = states.database(folder)
    listen(database, death)
    journal = Journal(database, folder / f"{name}.jsonl")
    try:
        journal.begin("example", "{}", name)
        journal.add(task("list-1"))
        while leased := journal.commit(5).leased:
            look()
            for one in leased:
                for child in PAGES.get(one.key, []):
                    journal.add(task(child))
                assert one.id is not None
                if one.key.isdigit() and journal.same_as(int(one.key), hash_of(one.key)) is None:
                    journal.write(Entry(int(one.key), hash_of(one.key), line_of(one.key)))
                journal.finish(one.id)
            look()
        journal.end("finished", {})
    except Crash:
        bury(journal)
        raise
    return journal


def bury(journal: Journal) -> None:
    """Let go of everything as the system does when a process dies: nothing is written, nothing is unlinked."""
    if journal._delivery._feed is not None:
        os.close(journal._delivery._feed._file)
    if journal._run is not None and journal._run.lock is not None:
        os.close(journal._run.lock._file)
    journal.database.close()


def lines(folder: Path) -> list[bytes]:
    """All lines of all feeds."""
    return [line for path in sorted(folder.glob("*.jsonl")) for line in path.read_bytes().splitlines(keepends=True)]


class Follower:
    """Reads the feeds as they grow, like `tail -F`: each file from where it stopped."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.read = b""
        self._places: dict[Path, int] = {}

    def look(self) -> None:
        for path in sorted(self.folder.glob("*.jsonl")):
            data = path.read_bytes()
            self.read += data[self._places.get(path, 0) :]
            self._places[path] = len(data)
