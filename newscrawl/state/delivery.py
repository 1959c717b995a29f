"""From promised lines to lines of the feed: which are written, which are forced onto the disk, and which a later run must write."""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import Connection

from newscrawl.state import outbox
from newscrawl.state.feed import FeedFile
from newscrawl.state.outbox import Place


class Delivery:
    """The feed of one run, made with its first line."""

    def __init__(self, wanted: Path, folder: Path) -> None:
        """`wanted`: the name that the feed gets, if no file has it; `folder`: the state's."""
        self._wanted = wanted
        self._folder = folder
        self._feed: FeedFile | None = None
        self._row: int | None = None
        self._promised = 0  # bytes of the feed that are promised
        self._owed: list[Place] = []  # rows of the outbox that are written, but not forced to the disk
        self._cut_off = False  # a line could not be written: none behind it is, recovery writes them all

    @property
    def path(self) -> Path | None:
        """Where the run's lines are; None while there are none."""
        return self._feed.path if self._feed else None

    def sync(self) -> list[Place]:
        """Force what was written onto the disk: the places that are settled thereby. Raises OSError."""
        if self._feed and self._owed:
            self._feed.sync()
        return list(self._owed)

    def settled(self, places: list[Place]) -> None:
        """These places, which `sync` gave, are out of the outbox."""
        del self._owed[: len(places)]

    def place(self) -> None:
        """See to it that there is a feed under its name, as we left it. Raises OSError."""
        if self._cut_off:
            return
        if self._feed is None:
            self._feed = FeedFile(self._wanted)
        elif not self._feed.is_in_place():
            self._feed, self._row = self._feed.continued(), None
            self._promised = self._feed.size

    def promise(self, connection: Connection, run: int, data: bytes) -> Place:
        """Lines that will stand in the feed, once this transaction is committed; where."""
        assert self._feed is not None
        row = self._row
        if row is None:
            row = outbox.new_feed(connection, run, self._feed.path, self._promised, self._folder)
        outbox.promise(connection, (row, self._promised), data)
        return row, self._promised

    def deliver(self, place: Place, data: bytes) -> OSError | None:
        """Write the lines that were promised to this place and committed, unless some before them are missing: then all of them wait for
        recovery."""
        assert self._feed is not None
        self._row, start = place
        self._promised = start + len(data)
        if self._cut_off:
            return None
        try:
            self._feed.append(data)
        except OSError as error:
            self._cut_off = True
            return OSError(error.errno, error.strerror, str(self._feed.path))
        self._owed.append(place)
        return None

    def close(self) -> None:
        """Let go of the file."""
        if self._feed:
            self._feed.close()
