"""The archive's files, as the state knows them: how far each goes, so that a kill leaves no half record."""

from __future__ import annotations

import logging
import os
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from sqlalchemy import Connection, delete, insert, select, update

from newscrawl.state import payloads
from newscrawl.state.database import Database
from newscrawl.state.feed import force, force_name
from newscrawl.state.outbox import from_folder
from newscrawl.state.payloads import Payload
from newscrawl.state.schema import archives, runs

logger = logging.getLogger(__name__)

GROWING = ".open"
"""What stands behind the name of a file that grows."""


@dataclass(frozen=True, slots=True)
class Grown:
    """A file of the archive, by its name when it is finished, and how many bytes of it are on the disk."""

    path: Path
    size: int
    finished: bool


class Archive(Protocol):
    """The files that a run writes beside its feed."""

    def unknown(self) -> list[Path]:
        """Files that are to be made."""

    def sync(self) -> list[Grown]:
        """Force what there is onto the disk. Raises OSError."""

    def finish(self) -> list[Grown]:
        """The same, and nothing more comes. Raises OSError."""

    def answers(self) -> list[tuple[str, Payload]]:
        """Addresses whose answers are new in the files since `settled`."""

    def settled(self) -> None:
        """What `sync` or `finish` gave is noted."""

    def close(self) -> None:
        """Let go of the files."""


class Archiving:
    """The archive of one run, and its rows in the state."""

    def __init__(self, database: Database, run: int, site: int, archive: Archive) -> None:
        self._database = database
        self._run = run
        self._site = site
        self._archive = archive
        self._rows: dict[Path, int] = {}
        self._tidy = False  # what is old was forgotten

    def sync(self, *, end: bool = False) -> list[Grown]:
        """Before a commit: all that was archived is on the disk, in files that are known. Raises StateError, OSError."""
        if unknown := [path for path in self._archive.unknown() if path not in self._rows]:
            with self._database.transaction() as connection:
                found = {path: self._new(connection, path) for path in unknown}
            self._rows |= found
        return self._archive.finish() if end else self._archive.sync()

    def note(self, connection: Connection, files: list[Grown], now: int) -> None:
        """In the commit: how far the files go, and what they have. `now`: seconds since 1970."""
        if not self._tidy:
            payloads.forget_old(connection, self._site, now)
            self._tidy = True
        payloads.keep(self._database, connection, self._site, self._archive.answers(), now)
        for file in files:
            values = {"size": file.size, "finished": int(file.finished)}
            connection.execute(update(archives).where(archives.c.id == self._rows[file.path]).values(values))

    def settled(self) -> None:
        """The commit was made."""
        self._archive.settled()

    def close(self) -> None:
        """Let go of the files."""
        self._archive.close()

    def _new(self, connection: Connection, path: Path) -> int:
        values = {"run": self._run, "path": from_folder(path, self._database.folder), "size": 0, "finished": 0}
        return int(connection.execute(insert(archives).values(values).returning(archives.c.id)).scalar_one())


def complete(connection: Connection, site: int, folder: Path, node: str) -> None:
    """Finish the files of ended runs: what is behind the size that was noted is cut off. Raises OSError. `folder`: the state's; `node`: this
    machine, whose files they are."""
    left = (
        select(archives.c.id, archives.c.path, archives.c.size)
        .join(runs, runs.c.id == archives.c.run)
        .where(runs.c.site == site, runs.c.node == node, runs.c.ended_at.is_not(None), archives.c.finished == 0)
    )
    for row, path, size in connection.execute(left).all():
        if _finish(folder / path, size):
            connection.execute(update(archives).where(archives.c.id == row).values(finished=1))
        else:
            connection.execute(delete(archives).where(archives.c.id == row))


def _finish(path: Path, size: int) -> bool:
    """Cut a file to its size, under its own name; whether there is one."""
    grown = path.with_name(path.name + GROWING)
    there = next((one for one in (grown, path) if one.exists()), None)
    if there is None or size == 0:
        if there is not None:
            there.unlink()
        elif size:
            logger.warning("The archive %s is gone: %d bytes of it were noted", path, size)
        return False
    if there.stat().st_size < size:
        logger.warning("The archive %s is shorter than was noted: %d of %d bytes", path, there.stat().st_size, size)
    _cut(there, size)
    there.rename(path)
    force_name(path)
    return True


def _cut(path: Path, size: int) -> None:
    if path.stat().st_size <= size:
        return
    file = os.open(path, os.O_RDWR)
    try:
        os.ftruncate(file, size)
        force(file)
    finally:
        os.close(file)
