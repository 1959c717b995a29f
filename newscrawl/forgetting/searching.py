"""The search at the end: whether any file still has words of the articles that were removed, unpacked as far as they are packed."""

from __future__ import annotations

import mmap
import zlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import zstandard

from newscrawl.export.reading import unpacked
from newscrawl.forgetting import archives
from newscrawl.forgetting.exchange import NotReadable, Record
from newscrawl.forgetting.lines import READERS, form_of
from newscrawl.forgetting.members import members
from newscrawl.forgetting.sought import Sought

_BLOCK = 1 << 20  # bytes looked at together
_OVERLAP = 4096  # of two blocks: the longest piece, a sentence, has some hundred bytes


@dataclass(slots=True)
class Searched:
    """`files` and `bytes` (unpacked) that were looked through; the files that still have words; those that could not be read, and why."""

    files: int = 0
    bytes: int = 0
    left: list[Path] = field(default_factory=list)
    unread: list[str] = field(default_factory=list)


def search(paths: Iterable[Path], sought: Sought) -> Searched:
    """Look through files. Words that other articles have too are theirs, and not looked for."""
    found = Searched()
    for path in paths:
        found.files += 1
        try:
            if _has(path, sought, found):
                found.left.append(path)
        except (OSError, EOFError, ValueError, zlib.error, zstandard.ZstdError) as error:
            found.unread.append(f"{path} ({error})")
    return found


def _has(path: Path, sought: Sought, found: Searched) -> bool:
    before = b""
    for block in _blocks(path):
        found.bytes += len(block)
        data = before + block
        if sought.words.are_in(data):
            return True
        before = data[-_OVERLAP:]
    return False


def _blocks(path: Path) -> Iterator[bytes]:
    if path.name.endswith(archives.ENDINGS):
        yield from _of_archive(path)
        return
    with path.open("rb", buffering=0) as file:
        blocks = iter(lambda: file.read(_BLOCK), b"")
        if reader := READERS.get(form_of(path)):
            yield from unpacked(blocks, reader)
        elif path.suffix == ".parquet":
            yield from _of_parquet(path)
        else:
            yield from blocks


def _of_archive(path: Path) -> Iterator[bytes]:
    """Each record as it stands, and its page without its encoding."""
    size = path.stat().st_size
    if not size:
        return
    with path.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as data:
        for member in members(data, size):
            yield member.data
            try:
                yield Record.parse(member.data).payload()
            except NotReadable:  # of an encoding that nobody reads nothing can be said
                continue


def _of_parquet(path: Path) -> Iterator[bytes]:
    """Its rows as text. Raises ValueError without pyarrow."""
    try:
        from pyarrow.parquet import ParquetFile
    except ImportError as error:
        raise ValueError("needs pyarrow") from error
    with ParquetFile(path) as file:
        for batch in file.iter_batches(batch_size=500):
            yield repr(batch.to_pylist()).encode("utf-8", "surrogateescape")
