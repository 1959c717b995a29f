"""Which articles are left out of the output for being like others. Pure."""

from __future__ import annotations

from collections.abc import Iterable

from newscrawl.items import DUPLICATE


def dropped(given: Iterable[str]) -> frozenset[str]:
    """The kinds that `NEWSCRAWL_DUPLICATES` drops: `keep`, or `drop:` and kinds with commas between them. Raises ValueError."""
    parts = [part.strip() for part in given]
    if parts == ["keep"]:
        return frozenset()
    if parts and parts[0].startswith("drop:"):
        kinds = [parts[0].removeprefix("drop:").strip(), *parts[1:]]
        if set(kinds) <= set(DUPLICATE):
            return frozenset(kinds)
    raise ValueError(
        f"NEWSCRAWL_DUPLICATES={','.join(parts)!r}: takes keep, or drop: and kinds of {', '.join(DUPLICATE)}, like drop:exact,rewrite"
    )
