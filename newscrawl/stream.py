"""A pipe, a terminal or a socket that lines are written to without waiting: a slow reader holds up the crawl, never its event loop.

Were the loop held up, answers that have come would count as timed out, nothing would be committed, and Ctrl-C would do nothing.
"""

from __future__ import annotations

import asyncio
import contextlib
import errno
import io
import logging
import os
import select
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

# Seconds between two tries while the reader is slow. An event loop that watches a descriptor makes it non-blocking (libuv does) for
# all who share it, the shell and the log among them; and a pipe that holds 64 KB takes 6 MB a second this way.
_SOON = 0.01

logger = logging.getLogger(__name__)


class Stream(io.RawIOBase):
    """Lines on their way to a reader. What it does not take at once waits here: `drain` says when it is gone.

    `opened` gives the descriptor to write to, and raises BlockingIOError while there is nobody to read.
    """

    def __init__(self, name: str, opened: Callable[[], int]) -> None:
        """Raises OSError when there is nothing to write to."""
        super().__init__()
        self.name = name
        self._opened = opened
        self._end: int | None = None
        self._rest = bytearray()
        self._broken: OSError | None = None
        try:
            self._open()
        except BlockingIOError:
            logger.info("%s waits for somebody to read it", name)

    def writable(self) -> bool:
        """True."""
        return True

    def write(self, data: Any) -> int:
        """Write a line, in one write when the reader keeps up.

        Raises OSError, then for every line after it; ConnectionError when the reader has left.
        """
        if self.closed:
            raise ValueError("write to a closed stream")
        if self._broken:
            raise self._broken
        self._rest += data
        self._push()
        return len(data)

    async def drain(self) -> None:
        """Wait until all lines are written. Raises OSError, but only to the first of those who wait."""
        while True:
            if self._push():
                return
            await asyncio.sleep(_SOON)

    def hung_up(self) -> bool:
        """Whether its reader has left. A pipe that nobody has read yet is not."""
        if self._end is None:
            return False
        look = select.poll()
        look.register(self._end, 0)  # that the other end is gone is told unasked
        return bool(look.poll(0))

    def close(self) -> None:
        """Take no more lines; more than once does no harm. Those that wait are written by `wait_closed`."""
        super().close()
        if not self._rest:
            self._let_go()

    async def wait_closed(self) -> None:
        """After `close`: wait until the last line is written. Raises OSError."""
        try:
            await self.drain()
        finally:
            self._let_go()

    def _push(self) -> bool:
        """Write what can be written without waiting; whether that is all."""
        try:
            while self._rest:
                del self._rest[: _write_now(self._open(), self._rest)]
        except BlockingIOError:
            return False
        except OSError as error:
            self._broken = error
            self._rest.clear()
            self._let_go()
            raise
        return True

    def _open(self) -> int:
        if self._end is None:
            self._end = self._opened()
        return self._end

    def _let_go(self) -> None:
        if self._end is not None:
            os.close(self._end)
            self._end = None


def _write_now(end: int, data: bytearray) -> int:
    """Write what goes without waiting; how many bytes that were. Raises BlockingIOError for none.

    Whether a descriptor blocks is asked each time: others who share it may change that.
    """
    if not os.get_blocking(end):
        return os.write(end, data)
    look = select.poll()
    look.register(end, select.POLLOUT)
    if not look.poll(0):
        raise BlockingIOError(errno.EAGAIN, os.strerror(errno.EAGAIN))
    return os.write(end, data[: select.PIPE_BUF])  # so many do not block when a poll has found room


def standard_output() -> int:
    """Its descriptor. Raises OSError when the process was started without one: the number is then some other file's."""
    if sys.__stdout__ is None:
        raise OSError(errno.EBADF, "it is closed")
    return sys.__stdout__.fileno()


def own_end(descriptor: int) -> int:
    """The same pipe or terminal by a non-blocking descriptor of our own; where it cannot be opened anew, a copy of the one that others share.

    A socket cannot, nor can a pipe that another user made.
    """
    with contextlib.suppress(OSError):
        return os.open(f"/dev/fd/{descriptor}", os.O_WRONLY | os.O_NONBLOCK | os.O_NOCTTY)
    return os.dup(descriptor)


def named_pipe(path: Path) -> int:
    """The end of a named pipe that is written to. Raises BlockingIOError while nobody reads it, OSError when it cannot be opened."""
    try:
        return os.open(path, os.O_WRONLY | os.O_NONBLOCK)
    except OSError as error:
        if error.errno == errno.ENXIO:
            raise BlockingIOError(errno.EAGAIN, "nobody reads it") from error
        raise
