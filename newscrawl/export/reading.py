"""A feed -> its whole lines, plain or compressed, as much of them as was there when the reading began."""

from __future__ import annotations

import zlib
from collections.abc import Callable, Iterable, Iterator
from typing import Any

import zstandard

from newscrawl.export.feeds import Feed

_BLOCK = 1 << 18  # bytes read at a time; packed ones become ten times as many
_READERS: dict[str, Callable[[], Any]] = {
    ".gz": lambda: zlib.decompressobj(31),  # 31: with the header and the sums of gzip
    ".zst": lambda: zstandard.ZstdDecompressor().decompressobj(),
}

Tell = Callable[[int], object]
"""Is told how many more bytes were read."""


def whole_lines(feed: Feed, tell: Tell, trouble: Callable[[str], object]) -> Iterator[bytes]:
    """Each line with its end. Of what is not whole or damaged `trouble` is told. Raises OSError."""
    reader = _READERS.get(feed.path.suffix)
    blocks = _blocks(feed, tell)
    try:
        for line in split(unpacked(blocks, reader) if reader else blocks):
            if line.endswith(b"\n"):
                yield line
            elif not feed.grows:
                trouble(f"{feed.path} ends in the middle of a line, which is left out")
    except (EOFError, zlib.error, zstandard.ZstdError) as error:
        trouble(f"{feed.path} is cut off or damaged ({error}): what comes behind that place is left out")


def _blocks(feed: Feed, tell: Tell) -> Iterator[bytes]:
    left = feed.size
    with feed.path.open("rb", buffering=0) as file:
        while left and (block := file.read(min(left, _BLOCK))):
            left -= len(block)
            tell(len(block))
            yield block


def unpacked(blocks: Iterable[bytes], new_reader: Callable[[], Any]) -> Iterator[bytes]:
    """What gzip members or Zstandard frames one behind the other hold. Raises EOFError when the last is cut off, which the readers of files
    do not tell of Zstandard."""
    reader, is_whole = new_reader(), True
    for block in blocks:
        packed = block
        while packed:
            yield reader.decompress(packed)
            is_whole, packed = reader.eof, reader.unused_data
            if is_whole:
                reader = new_reader()
    if not is_whole:
        raise EOFError("its end is missing")


def split(blocks: Iterable[bytes]) -> Iterator[bytes]:
    """The lines of blocks, each with its end; the last one has none if it is not whole."""
    rest: list[bytes] = []  # of a line that is not whole yet
    for block in blocks:
        *lines, last = block.split(b"\n")
        if lines:
            yield b"".join([*rest, lines[0], b"\n"])
            yield from (line + b"\n" for line in lines[1:])
            rest = []
        rest.append(last)
    if whole := b"".join(rest):
        yield whole
