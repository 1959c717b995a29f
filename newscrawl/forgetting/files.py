"""A file that is written anew: beside its place, which it takes when all of it is on the disk. A kill leaves the old one or the new one."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

ENDING = ".forgetting"
"""Of a file that is being written; it holds nothing that is to go."""


class NotNow(ValueError):
    """It can be done later; the message says what must be done for it."""


@contextmanager
def replaced(path: Path) -> Iterator[Path]:
    """A path to write to. What stands there takes the place when this is left without an error, with the rights of the old one. Raises OSError."""
    path = path.resolve()  # a link stays, and what it leads to is replaced
    beside = path.with_name(f".{path.name}{ENDING}")
    try:
        yield beside
        shutil.copymode(path, beside)
        _keep_owner(path, beside)
        force(beside)
        take_place(beside, path)
    finally:
        beside.unlink(missing_ok=True)


def _keep_owner(path: Path, beside: Path) -> None:
    """Only root can, and must: the crawler's own user could not append to the file, or cut it off, any more."""
    was, now = path.stat(), beside.stat()
    if (was.st_uid, was.st_gid) != (now.st_uid, now.st_gid) and hasattr(os, "geteuid") and os.geteuid() == 0:
        os.chown(beside, was.st_uid, was.st_gid)


def take_place(beside: Path, path: Path) -> None:
    """Rename, onto the disk."""
    beside.replace(path)
    force_folder(path.parent)


def force(path: Path) -> None:
    """Onto the disk."""
    file = os.open(path, os.O_RDONLY)
    try:
        os.fsync(file)
    finally:
        os.close(file)


def remove(path: Path) -> None:
    """Delete, onto the disk: a link, and what it leads to."""
    for one in dict.fromkeys((path.resolve(), path)):
        one.unlink()
        force_folder(one.parent)


def below(folder: Path) -> Iterator[Path]:
    """The files below a folder, also where a link leads to another disk. Each folder once: links may lead in a circle."""
    seen: set[Path] = set()
    for at, folders, names in os.walk(folder, followlinks=True):
        if (real := Path(at).resolve()) in seen:
            folders.clear()
            continue
        seen.add(real)
        yield from (Path(at, name) for name in names)


def force_folder(folder: Path) -> None:
    """The names in it are on the disk only when it is."""
    force(folder)


def sweep(folders: Iterable[Path]) -> None:
    """Remove what a kill left half written."""
    for folder in folders:
        for path in folder.glob(f".*{ENDING}") if folder.is_dir() else ():
            path.unlink(missing_ok=True)
