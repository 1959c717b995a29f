"""Files of lines, plain or compressed: which have records of the sought articles, and the same files without them, other lines byte for byte."""

from __future__ import annotations

import contextlib
import gzip
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any, BinaryIO, cast

import orjson
import zstandard

from newscrawl.export.reading import split, unpacked
from newscrawl.forgetting.files import replaced
from newscrawl.forgetting.sought import Sought

_BLOCK = 1 << 18  # bytes read at a time
_LEVEL = 6  # that of the crawler's own compressed outputs
GZIP, ZSTANDARD = b"\x1f\x8b", b"\x28\xb5\x2f\xfd"
"""How such files begin (RFC 1952, RFC 8878): their names need not say it."""
READERS: dict[bytes, Callable[[], Any]] = {
    GZIP: partial(zlib.decompressobj, 31),
    ZSTANDARD: lambda: zstandard.ZstdDecompressor().decompressobj(),
}


@dataclass(slots=True)
class Found:
    """What is in a file: lines of the sought articles, and how many there are of all; `damaged`: why what comes behind a place cannot be read."""

    lines: int = 0
    of: int = 0
    damaged: str | None = None


def survey(path: Path, sought: Sought) -> Found:
    """Look through a file; what the words of the articles are, and which of them others have, is added to `sought`. Raises OSError."""
    found = Found()
    for line in _lines(path, found):
        found.of += 1
        if sought.is_in_line(line):
            found.lines += 1
            sought.learn(line)
        elif sought.words.are_in(line):
            _share(line, sought)
    return found


def names(path: Path) -> list[str]:
    """The fields of the first record. Raises OSError."""
    for line in _lines(path, Found()):
        with contextlib.suppress(orjson.JSONDecodeError):
            record = orjson.loads(line)
            return list(record) if isinstance(record, dict) else []
    return []


def _share(line: bytes, sought: Sought) -> None:
    """Some of the words stand in another article's line: they are its own."""
    with contextlib.suppress(orjson.JSONDecodeError):
        record = orjson.loads(line)
        sought.words.share(
            line, str(record.get("id") or "another record") if isinstance(record, dict) else "another line"
        )


def rewrite(path: Path, sought: Sought, before: Callable[[int], object] = lambda size: None) -> int:
    """Write it without the lines of the articles; how many went. `before`: is told the new size in bytes, when all is written beside and nothing
    is in its place yet. Raises OSError."""
    count = 0
    with replaced(path) as beside:
        with beside.open("wb") as under:
            file = _compressed(under, form_of(path))
            for line in _lines(path, Found()):
                if sought.is_in_line(line):
                    count += 1
                else:
                    file.write(line)
            if file is not under:
                file.close()
        before(beside.stat().st_size)
    return count


def _lines(path: Path, found: Found) -> Iterator[bytes]:
    """Each line with its end; the last one has none if it is not whole."""
    with path.open("rb", buffering=0) as file:
        yield from split(_blocks(path, iter(lambda: file.read(_BLOCK), b""), found))


def _blocks(path: Path, blocks: Iterator[bytes], found: Found) -> Iterator[bytes]:
    """Unpacked, up to where the file is cut off or damaged."""
    reader = READERS.get(form_of(path))
    try:
        yield from unpacked(blocks, reader) if reader else blocks
    except EOFError:  # a kill cut it off: all that can be read was read
        return
    except (zlib.error, zstandard.ZstdError) as error:
        found.damaged = str(error)


def form_of(path: Path) -> bytes:
    """GZIP, ZSTANDARD or nothing, by the file's first bytes."""
    with path.open("rb") as file:
        first = file.read(4)
    return next((form for form in READERS if first.startswith(form)), b"")


def _compressed(file: BinaryIO, form: bytes) -> BinaryIO:
    if form == GZIP:
        return cast("BinaryIO", gzip.GzipFile("", "wb", _LEVEL, file, mtime=0))
    if form == ZSTANDARD:
        return cast("BinaryIO", zstandard.ZstdCompressor(level=_LEVEL).stream_writer(file, closefd=False))
    return file
