"""Gzip members of an archive: where each lies, what it holds; and one that is exactly as long as what it takes the place of. Pure but for reading."""

from __future__ import annotations

import mmap
import struct
import zlib
from collections.abc import Iterator
from dataclasses import dataclass

_HEADER = b"\x1f\x8b\x08\x10\x00\x00\x00\x00\x02\xff"  # RFC 1952: deflate, a comment follows, no time, the best compression, no system
_AROUND = len(_HEADER) + 1 + 8  # with the zero that ends the comment, the sum and the size
_BLOCK = 1 << 16  # bytes read at a time


@dataclass(frozen=True, slots=True)
class Member:
    """From one byte of the file to another, and what is in it."""

    start: int
    end: int
    data: bytes


def members(file: mmap.mmap, end: int) -> Iterator[Member]:
    """The whole members up to a byte of the file; what is not whole is left out. Raises zlib.error for what is no gzip."""
    start = 0
    while start < end:
        reader, place, parts = zlib.decompressobj(31), start, list[bytes]()
        while not reader.eof and place < end:
            block = file[place : min(place + _BLOCK, end)]
            parts.append(reader.decompress(block))
            place += len(block)
        if not reader.eof:
            return
        place -= len(reader.unused_data)
        yield Member(start, place, b"".join(parts))
        start = place


def filled(data: bytes, size: int) -> bytes | None:
    """The data as one member of exactly so many bytes, None when it needs more: a comment in the header, which no reader of gzip looks at, fills
    it. An empty member would do for gzip too, but FastWARC takes one for the end of the file."""
    packer = zlib.compressobj(9, zlib.DEFLATED, -15, 9)
    packed = packer.compress(data) + packer.flush()
    room = size - _AROUND - len(packed)
    if room < 0:
        return None
    return _HEADER + b" " * room + b"\0" + packed + struct.pack("<II", zlib.crc32(data), len(data) & 0xFFFFFFFF)
