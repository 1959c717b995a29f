"""Pages without a body container, kept for a look."""

from __future__ import annotations

import logging
from pathlib import Path

logger = logging.getLogger(__name__)

# A redesign of the site makes every page unreadable: a hundred are enough to see why, and cannot fill a disk (10 MB).
MOST = 100


class UnreadablePages:
    """The folder `<data folder>/<source>/unreadable`: one file for each page, as it came."""

    def __init__(self, data_dir: str, source: str, most: int = MOST) -> None:
        self.folder = Path(data_dir) / source / "unreadable"
        self._left = most

    def keep(self, number: str, body: bytes) -> Path | None:
        """Write the page; None when enough are kept in this run, or when it cannot be written (said in the log)."""
        if self._left <= 0:
            return None
        path = self.folder / f"{number}.html"
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            path.write_bytes(body)
        except OSError as error:
            logger.warning("Cannot keep the page of %s as %s: %s", number, path, error)
            return None
        self._left -= 1
        return path
