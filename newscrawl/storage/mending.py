"""An output that a kill left with a broken end -> one that can be appended to."""

from __future__ import annotations

import logging
import os
import zlib
from pathlib import Path
from typing import BinaryIO

import zstandard

from newscrawl.storage.members import Compression

_BLOCK = 1 << 20  # bytes read at a time

logger = logging.getLogger(__name__)


def mend(path: Path, member: Compression | None) -> None:
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


def _whole_members(file: BinaryIO, member: Compression, path: Path) -> tuple[int, bytes]:
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
