"""Pages that were kept because they could not be read: those of the sought articles go, those that name them are redacted."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from newscrawl.forgetting.files import remove, replaced
from newscrawl.forgetting.redacting import redacted
from newscrawl.forgetting.sought import Sought
from newscrawl.identity import canonical_url


@dataclass(slots=True)
class Found:
    """Files that go, and what others become."""

    gone: list[Path] = field(default_factory=list)
    redacted: dict[Path, bytes] = field(default_factory=dict)


def survey(folder: Path, sought: Sought) -> Found:
    """Look through the folder of kept pages. Raises OSError."""
    found = Found()
    for path in sorted(folder.glob("*.html")):
        if path.stem.isdigit() and int(path.stem) in sought.numbers:
            found.gone.append(path)
        elif (new := _redacted(path, sought)) is not None and not sought.words.are_in(new):
            found.redacted[path] = new
        elif new is not None or sought.words.are_in(path.read_bytes()):
            found.gone.append(path)
    return found


def _redacted(path: Path, sought: Sought) -> bytes | None:
    """None for one that stays as it is."""
    data = path.read_bytes()
    if not sought.are_named(data) and not sought.words.are_in(data):
        return None
    address = canonical_url(path.stem, sought.site)
    new = redacted(data.decode("utf-8", "surrogateescape"), address, sought).encode("utf-8", "surrogateescape")
    return new if new != data else None


def rewrite(found: Found) -> None:
    """Do it. Raises OSError."""
    for path in found.gone:
        remove(path)
    for path, data in found.redacted.items():
        with replaced(path) as beside:
            beside.write_bytes(data)
