"""Files without a buffer: a line is with the operating system, whole, when it is written."""

from __future__ import annotations

import contextlib
import io
import os
from pathlib import Path
from typing import Any


class UnopenedFile(io.RawIOBase):
    """Stands for a file that could not be opened, until the exporter finds out."""

    def __init__(self, name: str, error: OSError) -> None:
        super().__init__()
        self.name, self.error, self.told = name, error, False

    def write(self, data: Any) -> int:
        """Raises the error with which the file could not be opened."""
        self.told = True
        raise self.error


class LineFile(io.RawIOBase):
    """A file without a buffer: what `write` was given is with the operating system, whole, when it returns."""

    def __init__(self, file: Path | int, *, overwrite: bool = False, name: str | None = None) -> None:
        """A path, or a descriptor, which is closed in the end."""
        super().__init__()
        self.name = name or str(file)
        self._file = io.FileIO(file, "wb" if overwrite else "ab")

    def writable(self) -> bool:
        """True."""
        return True

    def write(self, data: Any) -> int:
        """Raises OSError if not all can be written; the part of a line that could is taken back."""
        start = self._file.seek(0, os.SEEK_END) if self._file.seekable() else None
        rest = memoryview(data)
        try:
            while rest:
                rest = rest[self._file.write(rest) or 0 :]
        except OSError:
            if start is not None:
                with contextlib.suppress(OSError):  # a device cannot be cut; the error that matters is the first
                    self._file.truncate(start)
            raise
        return len(data)

    def close(self) -> None:
        """Close the file; more than once does no harm."""
        self._file.close()
        super().close()
