"""Killed at any write, `scrapy forget` is finished by the next one, and until then nothing of other articles is lost."""

from __future__ import annotations

import itertools
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from sqlalchemy import event

from newscrawl.forgetting import files
from newscrawl.forgetting.flow import forget as whole
from newscrawl.record import line
from newscrawl.state import forgotten
from tests.durability.crashes import Crash, Death

from .folder import GONE, SITE, Folder, about, left, number, run

OTHERS = [line(about(place)) for place in (1, 2, 3, 4)]


@contextmanager
def dying(death: Death, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Steps: before each force onto the disk, before and after a file takes its place, before each commit."""

    def counted(name: str) -> None:
        real = getattr(files, name)

        def stepped(*arguments: Path) -> None:
            death.pass_by(f"before {name} {arguments[-1].name}")
            real(*arguments)
            if name == "take_place":
                death.pass_by(f"after {name} {arguments[-1].name}")

        patch.setattr(files, name, stepped)

    with monkeypatch.context() as patch:
        for name in ("force", "take_place"):
            counted(name)
        yield


def forget(folder: Folder, death: Death) -> None:
    database = folder.database

    @event.listens_for(database.engine, "commit")
    def commit(_: object) -> None:
        death.pass_by("before COMMIT")

    try:
        whole(folder.path, database, SITE, [number(GONE)], 1_800_000_000, "2026-11-23")
    finally:
        database.close()


def small(folder: Folder) -> Folder:
    """What takes the time is left out: other tests have it."""
    database = folder.database
    with database.transaction() as connection:
        connection.exec_driver_sql("DELETE FROM exports WHERE form = 'parquet'")
    database.close()
    shutil.rmtree(folder.exports / "e.parquet")
    return folder


def test_it_can_be_killed_at_any_step(full: Folder, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    start = small(full.copy(tmp_path / "start"))
    deaths = 0
    for step in itertools.count(1):
        folder = start.copy(tmp_path / str(step))
        death = Death(step)
        with dying(death, monkeypatch):
            try:
                forget(folder, death)
            except Crash:
                deaths += 1
            else:
                break
        where = death.where[0]
        assert [one for one in folder.lines() if one in OTHERS] == OTHERS, where
        begun = marker(folder)
        folder.forget()
        if begun is None:  # before its first commit nothing has begun
            assert marker(folder) is None, where
            continue
        assert left(folder, about(GONE), about(GONE, 2)) == [], where
        assert folder.lines() == OTHERS, where
        assert done(folder), where
    assert deaths > 30


def marker(folder: Folder) -> forgotten.Marker | None:
    database = folder.database
    with database.reading() as connection:
        found = forgotten.markers(connection, 1, [number(GONE)])
    database.close()
    return found.get(number(GONE))


def done(folder: Folder) -> bool:
    found = marker(folder)
    return found is not None and found.done_at is not None


def test_a_run_between_the_kill_and_the_end_writes_nothing_to_wrong_places(
    full: Folder, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for step in (5, 12, 20, 28, 36):
        folder = full.copy(tmp_path / str(step))
        death = Death(step)
        with dying(death, monkeypatch), pytest.raises(Crash):
            forget(folder, death)
        run(folder.path, "d.jsonl", about(8))
        folder.forget()
        assert folder.lines() == [*OTHERS, line(about(8))]
        assert left(folder, about(GONE), about(GONE, 2)) == []
