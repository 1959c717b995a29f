"""The WARC files of one run: they grow by whole records, and each has at most so many bytes.

Records wait in memory until the state's next commit, which first has them forced onto the disk and then notes how far the file goes. What a
kill leaves behind that size is cut off by the next run, so a file never ends in the middle of a record.
"""

from __future__ import annotations

import os
from pathlib import Path

from newscrawl.state import GROWING, Grown, force, force_name


class ArchiveFiles:
    """Files `<name>-001.warc.gz`, `-002` …; one that grows has `.open` behind its name."""

    def __init__(self, folder: Path, name: str, most: int) -> None:
        """`most`: bytes of a file; what is appended together may have more."""
        self.folder = folder
        self._name = name
        self._most = most
        self._count = 0
        self._files: list[_File] = []  # the last one grows; those before it are full, and not yet noted as such

    @property
    def name(self) -> str:
        """The name of the file that grows."""
        return self._files[-1].path.name

    def make_room(self, size: int) -> bool:
        """Begin a file if there is none, or the one that grows has no room for so many bytes; whether one begins."""
        current = self._files[-1] if self._files else None
        if current is not None and (current.size + size <= self._most or not current.size):
            return False
        self._next()
        return True

    def append(self, data: bytes) -> int:
        """Whole records, for the file that grows; where in it they stand. Nothing is written before `sync`."""
        return self._files[-1].add(data)

    def unknown(self) -> list[Path]:
        """Files that are to be made, which must be noted before: no file lies there that nobody knows of."""
        return [file.path for file in self._files if not file.exists]

    def sync(self) -> list[Grown]:
        """Force all records onto the disk; how far the files go, since `settled`. Raises OSError; then nothing is lost, and the next call
        writes it."""
        for file in self._files:
            file.write(full=file is not self._files[-1])
        return [file.state() for file in self._files]

    def settled(self) -> None:
        """What `sync` said is noted."""
        del self._files[:-1]

    def finish(self) -> list[Grown]:
        """Like `sync`, of the last file too: nothing more comes. Raises OSError."""
        for file in self._files:
            file.write(full=True)
        return [file.state() for file in self._files]

    def close(self) -> None:
        """Let go of the files, as they are."""
        for file in self._files:
            file.close()

    def _next(self) -> None:
        while True:
            self._count += 1
            path = self.folder / f"{self._name}-{self._count:03d}.warc.gz"
            if not path.exists() and not growing(path).exists():
                break
        self._files.append(_File(path))


def growing(path: Path) -> Path:
    """The name of a file while it grows."""
    return path.with_name(path.name + GROWING)


class _File:
    def __init__(self, path: Path) -> None:
        self.path = path
        self.size = 0  # with what waits
        self.exists = False
        self._waiting: list[bytes] = []
        self._written = 0
        self._file: int | None = None
        self._full = False

    def add(self, data: bytes) -> int:
        offset = self.size
        self._waiting.append(data)
        self.size += len(data)
        return offset

    def state(self) -> Grown:
        return Grown(self.path, self._written, finished=self._full)

    def write(self, *, full: bool) -> None:
        if self._full:
            return
        if self._file is None:
            # Not before: an error here ends the run as one of the disk, while an answer on its way in would be lost by it.
            self.path.parent.mkdir(parents=True, exist_ok=True)
            self._file = os.open(growing(self.path), os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o644)
            self.exists = True
            force_name(self.path)
        if self._waiting:
            data = b"".join(self._waiting)
            place = self._written
            rest = memoryview(data)
            while rest:
                count = os.pwrite(self._file, rest, place)
                rest, place = rest[count:], place + count
            force(self._file)
            self._waiting, self._written = [], place
        if full:
            growing(self.path).rename(self.path)
            force_name(self.path)
            self.close()
            self._full = True

    def close(self) -> None:
        if self._file is not None:
            os.close(self._file)
            self._file = None
