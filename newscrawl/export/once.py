"""Which lines are taken, so that each revision is there once, or only the latest of each article. Pure."""

from __future__ import annotations

from array import array
from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

UNREADABLE = -1
_REVISIONS = 15  # bits: the state, too, counts them in a small integer


def key(record: Mapping[str, Any]) -> int:
    """Article and revision as one number, which grows with the revision. Raises ValueError for what is no record of an article."""
    id, revision = record.get("id"), record.get("revision", 1)  # schema 1 had none
    number = id.rpartition(":")[2] if isinstance(id, str) else ""
    if len(number) != 14 or not number.isascii() or not number.isdecimal():
        raise ValueError("has no article's id")
    if type(revision) is not int or not 0 < revision < 1 << _REVISIONS:
        raise ValueError(f"has no revision's number, but {revision!r}")
    return int(number) << _REVISIONS | revision


def taken(keys: array[int], *, latest: bool) -> NDArray[np.bool_]:
    """For each line (by its `key`, or UNREADABLE) whether it is taken: the first of those that are the same revision, and with `latest` only
    the highest revision of each article. 40 bytes a line, while it is found out."""
    lines = np.frombuffer(keys, dtype=np.int64)
    revisions, firsts = np.unique(lines, return_index=True)
    wanted = revisions != UNREADABLE
    if latest and len(revisions):
        articles = revisions >> _REVISIONS
        wanted &= np.append(articles[1:] != articles[:-1], True)
    found = np.zeros(len(lines), dtype=np.bool_)
    found[firsts[wanted]] = True
    return found


def repeated(keys: array[int]) -> int:
    """How many lines say again what one before them says."""
    lines = np.frombuffer(keys, dtype=np.int64)
    readable = lines[lines != UNREADABLE]
    return len(readable) - len(np.unique(readable))
