"""A run with an archive that dies at each of its steps in turn: what it leaves, and what the next run makes of it."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from newscrawl.archive import files as archive_files
from newscrawl.archive.files import ArchiveFiles
from newscrawl.archive.reading import captures
from newscrawl.archive.writing import Writing
from newscrawl.state import Entry, Journal, archives
from tests import states
from tests.durability.crashes import Crash, Death, dying, listen

from .test_files import ADDRESS, NOW, answer
from .valid import faults

pytestmark = pytest.mark.usefixtures("engine")


NEVER = 10**9
COUNT = 3
MOST = 8_000  # bytes of a file: the third answer needs another


def run(folder: Path, name: str, death: Death) -> None:
    """Three answers, of each an article, a commit after each; what the output has is not asked for again."""
    database = states.database(folder)
    listen(database, death)
    journal = Journal(database, folder / f"{name}.jsonl")
    writing = Writing(ArchiveFiles(folder / "warc", name, MOST), lambda: NOW, journal.payload)
    writing.describe({"software": "a test"})
    try:
        journal.begin("example", "{}", name)
        journal.archive_in(writing)
        for number in range(1, COUNT + 1):
            if journal.has(number):
                continue
            place = writing.keep(answer(os.urandom(3_000), f"{ADDRESS}{number}"), 200)
            journal.write(Entry(number, bytes([number]) * 16, f"{number} {place.file} {place.offset}\n".encode()))
            journal.commit()
        journal.end("finished", {})
    except Crash:
        writing.close()
        if journal._run is not None and journal._run.lock is not None:
            os.close(journal._run.lock._file)
        database.close()
        raise


@contextlib.contextmanager
def archiving(death: Death, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Besides the steps of the feed: before, in the middle of and after each write of an archive, and around each new name."""
    write, rename = os.pwrite, Path.rename

    def written(file: int, data: memoryview, place: int) -> int:
        death.pass_by("before a write of the archive")
        if death.step + 1 == death.at:
            write(file, data[: len(data) // 2], place)
        death.pass_by("in a write of the archive")
        count = write(file, data, place)
        death.pass_by("after a write of the archive")
        return count

    def renamed(self: Path, target: Path) -> Path:
        death.pass_by("before a new name")
        made = rename(self, target)
        death.pass_by("after a new name")
        return made

    with dying(death, monkeypatch), monkeypatch.context() as patch:
        patch.setattr(archive_files.os, "pwrite", written)
        patch.setattr(Path, "rename", renamed)
        yield


def sound(folder: Path) -> None:
    """Every file is whole, and every line names an answer of its article; no file is there that the state does not know."""
    files = sorted((folder / "warc").iterdir())
    assert [fault for path in files for fault in faults(path)] == []
    assert not [path for path in files if path.name.endswith(".open")]
    there = {
        (one.place.file, one.place.offset): one.url
        for path in files
        for one in captures(path, lambda _: True, pytest.fail)
    }
    lines = [line.split() for path in folder.glob("*.jsonl") for line in path.read_text().splitlines()]
    assert sorted(number for number, _, _ in lines) == [str(number) for number in range(1, COUNT + 1)]
    for number, file, offset in lines:
        assert there[file, int(offset)] == f"{ADDRESS}{number}"
    database = states.database(folder)
    with database.reading() as connection:
        rows = connection.execute(archives.archives.select()).all()
    database.close()
    assert sorted(folder / row.path for row in rows) == files
    assert [(folder / row.path).stat().st_size for row in rows] == [row.size for row in rows]
    assert {row.finished for row in rows} == {1}


def test_a_run_that_dies_at_any_step_leaves_an_archive_that_is_whole(
    quick_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    counted, count = quick_path / "counted", Death(NEVER)
    counted.mkdir()
    with archiving(count, monkeypatch):
        run(counted, "run", count)
    sound(counted)
    assert count.step > 80
    places = set()
    for at in states.some(range(1, count.step + 1), 7):
        folder, death = quick_path / f"at-{at}", Death(at)
        folder.mkdir()
        with archiving(death, monkeypatch), pytest.raises(Crash):
            run(folder, "first", death)
        places.add(death.where[0])
        run(folder, "second", Death(NEVER))
        run(folder, "third", Death(NEVER))  # which makes whole what died as the second was about to
        sound(folder)
    if not states.is_shared():
        assert {"in a write of the archive", "before a new name", "after a new name", "before COMMIT"} <= places
