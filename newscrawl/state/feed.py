"""The run's own output: a file of lines that are written only after they are promised, each byte at the place that was promised.

A reader that follows the file never sees a line that a crash could take back, nor one twice.
"""

from __future__ import annotations

import itertools
import logging
import os
import shutil
from pathlib import Path

logger = logging.getLogger(__name__)


class FeedFile:
    """A feed that grows. It is made with its first line: a run without news leaves no file."""

    def __init__(self, wanted: Path) -> None:
        """Make the file, under the wanted name or, if that is taken, with `-2`, `-3` … before its ending. Raises OSError."""
        wanted.parent.mkdir(parents=True, exist_ok=True)
        self.path, self._file = _create(wanted)
        force_name(self.path)
        self.size = 0

    def append(self, data: bytes) -> None:
        """Write promised lines. Raises OSError when not all could be written; then what is missing is written at recovery."""
        _write(self._file, data, self.size)
        self.size += len(data)

    def sync(self) -> None:
        """Force what was written onto the disk."""
        force(self._file)

    def is_in_place(self) -> bool:
        """Whether the file still stands under its name, as long as it was left."""
        try:
            found, ours = self.path.stat(), os.fstat(self._file)
        except FileNotFoundError:
            return False
        return (found.st_dev, found.st_ino, found.st_size) == (ours.st_dev, ours.st_ino, self.size)

    def continued(self) -> FeedFile:
        """A new file for what comes next, because this one was deleted, moved or changed under our hands.

        A deleted one is copied into it, for its lines are nowhere else. Raises OSError.
        """
        deleted = os.fstat(self._file).st_nlink == 0
        following = FeedFile(self.path)
        if deleted:
            with os.fdopen(os.dup(self._file), "rb") as old, os.fdopen(os.dup(following._file), "wb") as new:
                old.seek(0)
                shutil.copyfileobj(old, new)
            following.size = os.fstat(following._file).st_size
            following.sync()
        logger.warning(
            "%s was %s while it grew; the run goes on in %s%s",
            self.path,
            "deleted" if deleted else "moved or changed",
            following.path,
            ", with all its lines" if deleted else "",
        )
        self.close()
        return following

    def close(self) -> None:
        """Let go of the file."""
        os.close(self._file)


def _create(wanted: Path) -> tuple[Path, int]:
    for count in itertools.count(1):
        path = wanted if count == 1 else wanted.with_name(f"{wanted.stem}-{count}{wanted.suffix}")
        try:
            return path, os.open(path, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o644)
        except FileExistsError:
            continue
    raise AssertionError  # there is always a number


def restore(path: Path, parts: list[tuple[int, bytes]]) -> int:
    """Bring promised bytes to their places in a feed; how many were missing. Raises OSError.

    Bytes that are there already are left; zeros there (a power failure) are overwritten. A file that holds anything else was changed
    by someone: then the lines go to its end.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    file = os.open(path, os.O_RDWR | os.O_CREAT, 0o644)
    try:
        missing = sum(_restore(file, path, start, data) for start, data in parts)
        force(file)
        force_name(path)
    finally:
        os.close(file)
    return missing


def _restore(file: int, path: Path, start: int, data: bytes) -> int:
    there = os.pread(file, len(data), start)
    same = next((at for at, (one, other) in enumerate(zip(there, data, strict=False)) if one != other), len(there))
    size = os.fstat(file).st_size
    if size >= start and not there[same:].strip(b"\0"):
        _write(file, data[same:], start + same)
        return len(data) - same
    if os.pread(file, len(data), max(0, size - len(data))) == data:  # brought there by a recovery that was cut off
        return 0
    logger.warning("%s was changed by someone else: promised lines go to its end", path)
    whole = b"" if not size or os.pread(file, 1, size - 1) == b"\n" else b"\n"
    _write(file, whole + data, size)
    return len(data)


def force(file: int) -> None:
    """A file's bytes onto the disk, with its size; macOS has only the stronger call. Raises OSError."""
    (os.fdatasync if hasattr(os, "fdatasync") else os.fsync)(file)


def force_name(path: Path) -> None:
    """The name of a new file, too, is on the disk only when its folder is. Raises OSError."""
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


def _write(file: int, data: bytes, place: int) -> None:
    rest = memoryview(data)
    while rest:
        count = os.pwrite(file, rest, place)
        rest, place = rest[count:], place + count
