"""Outputs in which every line is whole and with the operating system soon after its item; compressed by the file's ending."""

from __future__ import annotations

import contextlib
import io
import logging
import os
import stat
import sys
import zlib
from collections.abc import Mapping
from functools import partial
from pathlib import Path
from typing import IO, Any, BinaryIO, Protocol, cast
from urllib.parse import urlsplit

import zstandard
from scrapy import Spider
from scrapy.extensions.feedexport import FileFeedStorage
from scrapy.utils.defer import deferred_from_coro
from twisted.internet.defer import Deferred

from newscrawl.stream import Stream, named_pipe, own_end, standard_output

# A compressed file is a row of members that each stand alone: a kill costs at most the end of the last one, not the file.
MEMBER_LINES = 256
_BLOCK = 1 << 20  # bytes read at a time
# `-o -:jsonl` as Scrapy spells it, and other names for it. Opened by these, a file behind it would be emptied, a socket refused.
STANDARD_OUTPUT = frozenset({"stdout:", "/dev/stdout", "/dev/fd/1", "/proc/self/fd/1"})
"""What `-o` and `-O` may call it."""

logger = logging.getLogger(__name__)


class LineStorage(FileFeedStorage):
    """Scrapy's local files and standard output, unbuffered.

    `.gz` and `.zst` at the end of the name compress, `gz` and `zst` for the form of standard output. Scrapy's own storage for that leaves
    the lines in Python's buffer, so they come in blocks of 8 KB.
    """

    def __init__(self, uri: str, *, feed_options: dict[str, Any] | None = None) -> None:
        super().__init__(uri, feed_options=feed_options)
        self._standard = self.path in STANDARD_OUTPUT
        self._ending = f".{(feed_options or {}).get('format')}" if self._standard else Path(self.path).suffix
        self.name = "the standard output" if self._standard else self.path

    def open(self, spider: Spider) -> IO[bytes]:
        """Make the folder, open the file. One that cannot be opened raises its OSError when something is written to it.

        Scrapy opens a file with its first item, in a signal handler, where an error stops nothing and comes again with each item.
        """
        try:
            return cast("IO[bytes]", self._opened(overwrite=self.write_mode == "wb"))
        except OSError as error:
            return cast("IO[bytes]", UnopenedFile(self.name, error))

    def store(self, file: IO[bytes]) -> Deferred[None] | None:
        """Close the file; a slow reader is waited for. Raises OSError when it could not be opened and nothing has told of that."""
        if stream := stream_of(file):
            return deferred_from_coro(_closed(file, stream))
        file.close()
        if isinstance(file, UnopenedFile) and not file.told:
            raise file.error
        return None

    def check(self) -> None:
        """Raises OSError when the file could not be opened. It may be made; no line of it is touched. A pipe or a device is left alone."""
        path = Path(self.path)
        if self._standard:
            standard_output()
        elif path.is_file() or path.is_dir() or not path.exists():
            self._opened(overwrite=False).close()

    def _opened(self, *, overwrite: bool) -> LineFile | Stream | CompressedFile:
        member = _MEMBERS.get(self._ending)
        file = self._standard_output() if self._standard else self._file(member, overwrite=overwrite)
        return CompressedFile(file, member) if member else file

    def _file(self, member: type[GzipMember | ZstandardMember] | None, *, overwrite: bool) -> LineFile | Stream:
        path = Path(self.path)
        if path.is_fifo():
            return Stream(self.name, partial(named_pipe, path))
        path.parent.mkdir(parents=True, exist_ok=True)
        if self.write_mode == "ab" and path.is_file():
            mend(path, member)
        return LineFile(path, overwrite=overwrite)

    def _standard_output(self) -> LineFile | Stream:
        """A file that standard output is sent to is written to where the shell has opened it: `>` and `>>` decide, not `-O` and `-o`."""
        descriptor = standard_output()
        if sys.platform == "win32" or stat.S_ISREG(os.fstat(descriptor).st_mode):
            return LineFile(os.dup(descriptor), name=self.name)
        return Stream(self.name, partial(own_end, descriptor))


async def _closed(file: IO[bytes], stream: Stream) -> None:
    """The file, closed. That its reader has left is no error: the exporter has ended the run for it, or it ends now anyway."""
    with contextlib.suppress(ConnectionError):
        file.close()
        await stream.wait_closed()


def check_outputs(feeds: Mapping[str | Path, Mapping[str, Any]]) -> None:
    """Raises ValueError for the first of Scrapy's `FEEDS` that cannot be written: a copy that nobody gets is told before the start.

    Only files and standard output are looked at, and no file whose name the run decides, as `%(time)s.jsonl`.
    """
    for uri, options in feeds.items():
        name = str(uri)
        if urlsplit(name).scheme not in ("", "file", "stdout") or "%(" in name:
            continue
        storage = LineStorage(name, feed_options=dict(options))
        try:
            storage.check()
        except (OSError, ValueError) as error:  # ValueError: a name that no file can have
            raise ValueError(f"cannot write to {storage.name}: {getattr(error, 'strerror', error)}") from error


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


class Decompressor(Protocol):
    """Reads one member: `zlib` and `zstandard` have the same three."""

    @property
    def eof(self) -> bool:
        """Whether the member is whole."""

    @property
    def unused_data(self) -> bytes:
        """What came after it."""

    def decompress(self, data: bytes, /) -> bytes:
        """The bytes that can be read so far."""


class Member(Protocol):
    """One part of a compressed file that can be read alone."""

    @staticmethod
    def reader() -> Decompressor:
        """What reads such a part."""

    def line(self, data: bytes) -> bytes:
        """The bytes after which the line can be read."""

    def end(self) -> bytes:
        """The bytes that close the part."""


class GzipMember:
    """A gzip member (RFC 1952), flushed after each line."""

    def __init__(self) -> None:
        self._deflate = zlib.compressobj(6, zlib.DEFLATED, 31)

    @staticmethod
    def reader() -> Decompressor:
        """Reads one gzip member."""
        return zlib.decompressobj(31)

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

    @staticmethod
    def reader() -> Decompressor:
        """Reads one frame."""
        return zstandard.ZstdDecompressor().decompressobj()

    def line(self, data: bytes) -> bytes:
        """The bytes after which the line can be read."""
        return self._frame.compress(data) + self._frame.flush(zstandard.COMPRESSOBJ_FLUSH_BLOCK)

    def end(self) -> bytes:
        """The bytes that close the part."""
        return self._frame.flush(zstandard.COMPRESSOBJ_FLUSH_FINISH)


_MEMBERS: dict[str, type[GzipMember | ZstandardMember]] = {".gz": GzipMember, ".zst": ZstandardMember}


class CompressedFile(io.RawIOBase):
    """Lines compressed as they come."""

    def __init__(self, file: LineFile | Stream, member: type[GzipMember | ZstandardMember]) -> None:
        super().__init__()
        self.name = file.name
        self.file, self._new_member = file, member
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
        self._put(self._member.line(bytes(data)))
        self._lines += 1
        if self._lines >= MEMBER_LINES:
            self._end_member()
        return len(data)

    def _end_member(self) -> None:
        member, self._member, self._lines = self._member, None, 0
        if member and not self._broken:
            self._put(member.end())

    def _put(self, data: bytes) -> None:
        try:
            self.file.write(data)
        except OSError as error:
            self._broken = error
            raise

    def close(self) -> None:
        """End the member, close the file."""
        if not self.closed:
            try:
                self._end_member()
            finally:
                self.file.close()
        super().close()


def stream_of(file: object) -> Stream | None:
    """The pipe, terminal or socket that an output leads to, compressed or not; None for a file."""
    end = file.file if isinstance(file, CompressedFile) else file
    return end if isinstance(end, Stream) else None


def mend(path: Path, member: type[GzipMember | ZstandardMember] | None) -> None:
    """Make a file that a kill or a power failure left with a broken end fit to be appended to: every whole line stays.

    Raises OSError when the file cannot be read or written, or holds something else than its name says.
    """
    with path.open("r+b") as file:
        if member is None:
            whole = _whole_lines(file)
            rest = b""
        else:
            whole, rest = _whole_members(file, member, path)
        size = file.seek(0, os.SEEK_END)
        if whole == size:
            return
        logger.warning("%s ends in the middle of a line: the broken end is cut off, its whole lines stay", path)
        file.truncate(whole)
        file.seek(whole)
        if member and rest:
            mended = member()
            file.write(mended.line(rest) + mended.end())


def _whole_lines(file: BinaryIO) -> int:
    """Where the last whole line ends."""
    end = file.seek(0, os.SEEK_END)
    while end:
        start = max(0, end - _BLOCK)
        file.seek(start)
        last = file.read(end - start).rfind(b"\n")
        if last >= 0:
            return start + last + 1
        end = start
    return 0


def _whole_members(file: BinaryIO, member: type[GzipMember | ZstandardMember], path: Path) -> tuple[int, bytes]:
    """Where the last whole member ends, and the whole lines of the broken one behind it."""
    file.seek(0)
    whole, read, lines = 0, 0, b""
    reader = member.reader()
    try:
        while block := file.read(_BLOCK):
            read += len(block)
            while block:
                lines += reader.decompress(block)
                block = b""
                if reader.eof:
                    block, lines = reader.unused_data, b""
                    whole = read - len(block)
                    reader = member.reader()
    except (zlib.error, zstandard.ZstdError) as error:
        raise OSError(0, f"not what its name says, or damaged at byte {whole} ({error})", str(path)) from error
    return whole, lines[: lines.rfind(b"\n") + 1]
