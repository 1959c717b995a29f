"""Lines by the month of their articles, in whatever order they come: in memory while they are few, then in a compressed file a month."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from pathlib import Path

import zstandard

from newscrawl.export.reading import split, unpacked

_MOST = 32 << 20  # bytes in memory, of all months together
_LEVEL = 1  # for a file that is read once: the fastest
_BLOCK = 1 << 18  # bytes read at a time; unpacked they are some five times as many


class Months:
    """`folder`: where the files are made, and removed again as they are read."""

    def __init__(self, folder: Path, most: int = _MOST) -> None:
        self._folder, self._most, self._size = folder, most, 0
        self._lines: dict[str, list[bytes]] = {}

    def add(self, month: str, line: bytes) -> None:
        """One line more. `month` names a file. Raises OSError."""
        self._lines.setdefault(month, []).append(line)
        self._size += len(line)
        if self._size > self._most:
            self._spill()

    def names(self) -> list[str]:
        """The months that there are, in order."""
        return sorted(self._lines)

    def chunks(self, month: str, size: int) -> Iterator[list[bytes]]:
        """The lines of a month in the order in which they came, about so many bytes at a time. Once only; raises OSError."""
        chunk, length = list[bytes](), 0
        for line in self._of(month):
            chunk.append(line)
            length += len(line)
            if length >= size:
                yield chunk
                chunk, length = [], 0
        if chunk:
            yield chunk

    def _of(self, month: str) -> Iterator[bytes]:
        path = self._path(month)
        if path.exists():
            with path.open("rb") as file:
                blocks = iter(partial(file.read, _BLOCK), b"")
                yield from split(unpacked(blocks, zstandard.ZstdDecompressor().decompressobj))
            path.unlink()
        yield from self._lines.pop(month)

    def _spill(self) -> None:
        """The lines of each month as one more frame at the end of its file."""
        for month, lines in self._lines.items():
            if lines:
                with self._path(month).open("ab") as file:
                    file.write(zstandard.ZstdCompressor(level=_LEVEL).compress(b"".join(lines)))
                lines.clear()
        self._size = 0

    def _path(self, month: str) -> Path:
        return self._folder / f"{month}.jsonl.zst"
