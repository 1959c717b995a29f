"""Files in which every line is whole and with the operating system soon after its item; compressed by the file's ending."""

from __future__ import annotations

import io
import os
import zlib
from pathlib import Path
from typing import IO, Any, Protocol, cast

import zstandard
from scrapy import Spider
from scrapy.extensions.feedexport import FileFeedStorage

# A compressed file is a row of members that each stand alone: a kill costs at most the end of the last one, not the file.
MEMBER_LINES = 256


class LineStorage(FileFeedStorage):
    """Scrapy's local files, unbuffered; `.gz` and `.zst` at the end of the name compress."""

    def open(self, spider: Spider) -> IO[bytes]:
        """Make the folder, open the file; raises OSError with the reason when that cannot be."""
        path = Path(self.path)
        path.parent.mkdir(parents=True, exist_ok=True)
        file = LineFile(path, overwrite=self.write_mode == "wb")
        member = _MEMBERS.get(path.suffix)
        return cast("IO[bytes]", CompressedFile(file, member) if member else file)


class LineFile(io.RawIOBase):
    """A file without a buffer: what `write` was given is with the operating system, whole, when it returns."""

    def __init__(self, path: Path, *, overwrite: bool) -> None:
        super().__init__()
        self.name = str(path)
        self._file = path.open("wb" if overwrite else "ab", buffering=0)

    def writable(self) -> bool:
        """True."""
        return True

    def write(self, data: Any) -> int:
        """Raises OSError if not all can be written; the part of a line that could is taken back."""
        start = self._file.seek(0, os.SEEK_END)
        rest = memoryview(data)
        try:
            while rest:
                rest = rest[self._file.write(rest) or 0 :]
        except OSError:
            self._file.truncate(start)
            raise
        return len(data)

    def close(self) -> None:
        """Close the file; more than once does no harm."""
        self._file.close()
        super().close()


class Member(Protocol):
    """One part of a compressed file that can be read alone."""

    def line(self, data: bytes) -> bytes:
        """The bytes after which the line can be read."""

    def end(self) -> bytes:
        """The bytes that close the part."""


class GzipMember:
    """A gzip member (RFC 1952), flushed after each line."""

    def __init__(self) -> None:
        self._deflate = zlib.compressobj(6, zlib.DEFLATED, 31)

    def line(self, data: bytes) -> bytes:
        """The bytes after which the line can be read."""
        return self._deflate.compress(data) + self._deflate.flush(zlib.Z_SYNC_FLUSH)

    def end(self) -> bytes:
        """The bytes that close the part."""
        return self._deflate.flush(zlib.Z_FINISH)


class ZstandardMember:
    """A Zstandard frame (RFC 8878), flushed after each line."""

    def __init__(self) -> None:
        self._frame = zstandard.ZstdCompressor(level=6).compressobj()

    def line(self, data: bytes) -> bytes:
        """The bytes after which the line can be read."""
        return self._frame.compress(data) + self._frame.flush(zstandard.COMPRESSOBJ_FLUSH_BLOCK)

    def end(self) -> bytes:
        """The bytes that close the part."""
        return self._frame.flush(zstandard.COMPRESSOBJ_FLUSH_FINISH)


_MEMBERS: dict[str, type[GzipMember | ZstandardMember]] = {".gz": GzipMember, ".zst": ZstandardMember}


class CompressedFile(io.RawIOBase):
    """Lines compressed as they come."""

    def __init__(self, file: LineFile, member: type[GzipMember | ZstandardMember]) -> None:
        super().__init__()
        self.name = file.name
        self._file, self._new_member = file, member
        self._member: Member | None = None
        self._lines = 0
        self._broken: OSError | None = None

    def writable(self) -> bool:
        """True."""
        return True

    def write(self, data: Any) -> int:
        """Raises OSError if the line cannot be written, then for every line after it: the member has a hole."""
        if self._broken:
            raise self._broken
        self._member = self._member or self._new_member()
        try:
            self._file.write(self._member.line(bytes(data)))
        except OSError as error:
            self._broken = error
            raise
        self._lines += 1
        if self._lines >= MEMBER_LINES:
            self._end_member()
        return len(data)

    def _end_member(self) -> None:
        if self._member and not self._broken:
            self._file.write(self._member.end())
        self._member, self._lines = None, 0

    def close(self) -> None:
        """End the member, close the file."""
        if not self.closed:
            try:
                self._end_member()
            finally:
                self._file.close()
        super().close()
