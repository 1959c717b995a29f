"""Captures of many files -> one stream in the order of their times, as the runs that overlapped made them."""

from __future__ import annotations

import heapq
from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, datetime
from pathlib import Path

from newscrawl.archive.reading import Capture, captures, first_time

_NEVER = datetime.max.replace(tzinfo=UTC)


def in_order(
    paths: Iterable[Path],
    read: Callable[[Path], Iterator[Capture]],
    begins: Callable[[Path], datetime | None] = first_time,
) -> Iterator[Capture]:
    """Each file is opened when the others have come to its time, so that a few are open at once, however many there are. Raises OSError."""
    ahead = sorted(((begins(path) or _NEVER, path) for path in paths), reverse=True)
    under_way: list[tuple[datetime, int, Capture, Iterator[Capture]]] = []
    count = 0
    while ahead or under_way:
        while ahead and (not under_way or ahead[-1][0] <= under_way[0][0]):
            stream = read(ahead.pop()[1])
            count += 1
            if first := next(stream, None):
                heapq.heappush(under_way, (first.at, count, first, stream))
        if not under_way:
            continue
        _, place, capture, stream = under_way[0]
        yield capture
        if following := next(stream, None):
            heapq.heapreplace(under_way, (max(following.at, capture.at), place, following, stream))
        else:
            heapq.heappop(under_way)


def reader(wanted: Callable[[str], bool], trouble: Callable[[str], object]) -> Callable[[Path], Iterator[Capture]]:
    """What reads a file."""
    return lambda path: captures(path, wanted, trouble)
