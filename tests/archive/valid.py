"""WARC files as others see them: two libraries that know nothing of this project."""

from __future__ import annotations

import contextlib
import io
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from fastwarc.warc import ArchiveIterator as FastIterator
from warcio.archiveiterator import ArchiveIterator
from warcio.checker import Checker


def faults(path: Path) -> list[str]:
    """What warcio and FastWARC have against a file."""
    found = []
    said = io.StringIO()
    with contextlib.redirect_stdout(said):
        if Checker(SimpleNamespace(inputs=[str(path)], verbose=False)).process_all():
            found.append(f"warcio: {said.getvalue()}")
    with path.open("rb") as file:
        records = list(records_of(path))
        fast = [record.verify_block_digest() for record in FastIterator(file, parse_http=False)]
    if len(fast) != len(records) or not all(fast):
        found.append(f"FastWARC: {len(fast)} records, of which {fast.count(True)} are sound; warcio: {len(records)}")
    return found


def records_of(path: Path) -> Iterator[dict[str, Any]]:
    """The headers of each record, as warcio reads them, with its `content`."""
    with path.open("rb") as file:
        for record in ArchiveIterator(file, no_record_parse=True, verify_http=False):
            content = record.content_stream().read()
            yield {name.lower(): value for name, value in record.rec_headers.headers} | {"content": content}


def at(path: Path, offset: int) -> dict[str, Any]:
    """The record that begins at this byte."""
    with path.open("rb") as file:
        file.seek(offset)
        record = next(iter(ArchiveIterator(file, no_record_parse=True)))
        content = record.content_stream().read()
        return {name.lower(): value for name, value in record.rec_headers.headers} | {"content": content}
