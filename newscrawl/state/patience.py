"""Waiting for a database that is away: restarted, cut off, or out of connections for a while."""

from __future__ import annotations

import logging
import signal
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType
from typing import Any

logger = logging.getLogger(__name__)

_PAUSES = (0.1, 0.2, 0.5, 1.0)  # seconds between two tries; the last again and again
_SLICE = 0.1  # seconds after which a signal is noticed


class StateError(Exception):
    """The state cannot be used; the message says why, and what to do."""


class StateAway(StateError):
    """The state cannot be used at this moment; what failed may be tried again as it was."""

    def __init__(self, text: str, ends_within: float = 0) -> None:
        """`ends_within`: seconds after which it is over for sure: so long also those wait who would rather be told at once."""
        super().__init__(text)
        self.ends_within = ends_within


class UnknownCommit(StateError):
    """Whether a transaction was committed is not known: the connection was lost when it was, and the server did not come back."""


class Patience:
    """How long what a database does not answer is tried again."""

    def __init__(self, name: str, seconds: float) -> None:
        """`name`: of the database, for messages; `seconds`: 0 is for who would rather be told at once."""
        self._name = name
        self._seconds = seconds
        self.back_at: float | None = None
        """When it was there again after it was away last (`time.monotonic`)."""

    @contextmanager
    def waiting(self) -> Iterator[Waiting]:
        """For one thing that is tried until it is done."""
        waiting = Waiting(self._name, self._seconds)
        yield waiting
        if waiting.since is not None:
            self.back_at = time.monotonic()
            waiting.tell_end()


class Waiting:
    """One wait. `since`: when it began (`time.monotonic`), None as long as nothing failed."""

    def __init__(self, name: str, seconds: float) -> None:
        self.since: float | None = None
        self._name = name
        self._seconds = seconds
        self._tries = 0
        self._told = False

    def pause(self, error: StateAway) -> None:
        """Wait until the next try. Raises StateError when it took too long, or when the process is told to end meanwhile."""
        now = time.monotonic()
        self.since = now if self.since is None else self.since
        seconds = max(self._seconds, error.ends_within)
        left = self.since + seconds - now
        if left <= 0:
            raise StateError(str(error)) from error
        if self._tries == 1:  # the turn of another is over by now
            self._told = True
            logger.warning("%s; waiting for it, %.0f seconds at most", error, seconds)
        pause = min(left, _PAUSES[min(self._tries, len(_PAUSES) - 1)])
        self._tries += 1
        if not _slept(pause):
            raise StateError(f"{error}, and this process was told to end") from error

    def tell_end(self) -> None:
        """It is there again."""
        if self._told and self.since is not None:
            logger.info("%s is there again, after %.0f s", self._name, time.monotonic() - self.since)


def _slept(seconds: float) -> bool:
    """Whether the time passed without a signal to end; such a signal has its usual effect too, when this process goes on."""
    if threading.current_thread() is not threading.main_thread():
        time.sleep(seconds)  # a server that is away tells nobody when it is back; signals reach the main thread only
        return True
    told: list[int] = []

    def noted(number: int, frame: FrameType | None) -> Any:
        told.append(number)
        before = handlers[signal.Signals(number)]
        return before(number, frame) if callable(before) else None

    found = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)}
    handlers = {number: handler for number, handler in found.items() if handler is not None}  # None: not Python's
    for number in handlers:
        signal.signal(number, noted)
    try:
        end = time.monotonic() + seconds
        while not told and (left := end - time.monotonic()) > 0:
            time.sleep(min(left, _SLICE))  # Python goes on sleeping after a handler (PEP 475), so it looks in between
    finally:
        for number, handler in handlers.items():
            signal.signal(number, handler)
    return not told
