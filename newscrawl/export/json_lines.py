"""JSON Lines: the lines of the feeds as they are, or with some of their fields; compressed or not."""

from __future__ import annotations

import gzip
from collections.abc import Mapping
from pathlib import Path
from typing import Any, BinaryIO, cast

import orjson
import zstandard

_LEVEL = 6  # that of the crawler's own compressed outputs


class JsonLinesWriter:
    """One file. `ending`: `.gz`, `.zst` or nothing. `names`: the fields of each record; empty for its line byte for byte."""

    def __init__(self, path: Path, ending: str, names: tuple[str, ...] = ()) -> None:
        self.refused: list[str] = []
        self.notes: list[str] = []
        self._names = names
        self._under = path.open("wb")
        self._file = _compressed(self._under, ending)

    def add(self, line: bytes, record: Mapping[str, Any], month: str) -> None:
        """One line more; a field that the record has not is null."""
        if self._names:
            line = orjson.dumps({name: record.get(name) for name in self._names}, option=orjson.OPT_APPEND_NEWLINE)
        self._file.write(line)

    def finish(self) -> None:
        """The last bytes."""
        if self._file is not self._under:
            self._file.close()
        self._under.close()

    def close(self) -> None:
        """Close the file; after `finish` nothing is left to do."""
        self._under.close()


def _compressed(file: BinaryIO, ending: str) -> BinaryIO:
    if ending == ".gz":
        return cast(
            "BinaryIO", gzip.GzipFile("", "wb", _LEVEL, file, mtime=0)
        )  # no name, no time: equal records, equal file
    if ending == ".zst":
        return cast("BinaryIO", zstandard.ZstdCompressor(level=_LEVEL).stream_writer(file, closefd=False))
    return file
