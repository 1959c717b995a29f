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
        try:
            yield waiting
        finally:
            waiting.told_to_end.forget()
        if waiting.since is not None:
            self.back_at = time.monotonic()
            waiting.tell_end()


class Waiting:
    """One wait. `since`: when it began (`time.monotonic`), None as long as nothing failed; `told_to_end`: also while it is tried again, which takes
    longer than the pauses when a server does not answer."""

    def __init__(self, name: str, seconds: float) -> None:
        self.since: float | None = None
        self.told_to_end = _Told()
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
        end = time.monotonic() + pause
        while not self.told_to_end and (left := end - time.monotonic()) > 0:
            # A server that is away tells nobody when it is back; Python goes on sleeping after a handler (PEP 475), so it looks in between.
            time.sleep(min(left, _SLICE))
        if self.told_to_end:
            raise StateError(f"{error}, and this process was told to end") from error

    def tell_end(self) -> None:
        """It is there again."""
        if self._told and self.since is not None:
            logger.info("%s is there again, after %.0f s", self._name, time.monotonic() - self.since)


class _Told:
    """Whether this process is told to end, from the first question on; such a signal has its usual effect too, when the process goes on. Signals
    reach the main thread only: any other is never told."""

    def __init__(self) -> None:
        self._told = False
        self._before: dict[signal.Signals, Any] | None = None

    def __bool__(self) -> bool:
        if self._before is None:
            self._before = {}
            if threading.current_thread() is threading.main_thread():
                found = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)}
                self._before = {
                    number: handler for number, handler in found.items() if handler is not None
                }  # None: not Python's
                for number in self._before:
                    signal.signal(number, self._note)
        return self._told

    def _note(self, number: int, frame: FrameType | None) -> Any:
        self._told = True
        before = (self._before or {})[signal.Signals(number)]
        return before(number, frame) if callable(before) else None

    def forget(self) -> None:
        """Leave signals to whom they were for."""
        for number, handler in (self._before or {}).items():
            signal.signal(number, handler)
