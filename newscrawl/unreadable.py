"""Pages without a body container, kept for a look."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from pathlib import Path

logger = logging.getLogger(__name__)

# A redesign of the site makes every page unreadable: a hundred are enough to see why, and cannot fill a disk (10 MB).
MOST = 100


@dataclass(frozen=True, slots=True)
class Unreadable:
    """A page that is kept, and where."""

    url: str
    path: Path


class UnreadablePages:
    """The folder `<data folder>/<source>/unreadable`: one file for each page, as it came."""

    def __init__(self, data_dir: str, source: str, most: int = MOST) -> None:
        self.folder = Path(data_dir) / source / "unreadable"
        self._most = most
        self.kept: list[Unreadable] = []  # in this run

    def begin_again(self) -> None:
        """Forget what was kept: as many again may come, and are kept."""
        self.kept = []

    def keep(self, number: str, body: bytes, url: str) -> Path | None:
        """Write the page; None when enough are kept in this run, or when it cannot be written (said in the log)."""
        if len(self.kept) >= self._most:
            return None
        path = self.folder / f"{number}.html"
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            path.write_bytes(body)
        except OSError as error:
            logger.warning("Cannot keep the page of %s as %s: %s", number, path, error)
            return None
        self.kept.append(Unreadable(url, path))
        return path
