"""Members of compressed files: gzip or zstd, each can be read alone, and each line as soon as it is written."""

from __future__ import annotations

import zlib
from typing import Protocol

import zstandard


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


Compression = type[GzipMember | ZstandardMember]
MEMBERS: dict[str, Compression] = {".gz": GzipMember, ".zst": ZstandardMember}
"""By the ending of a name."""
