"""Whether a run's process lives: by a locked file, which the system lets go when the process ends, however it ends.

No clock decides, so a machine that slept or whose clock was set back ends no one's leases. Runs on one machine share a folder.
"""

from __future__ import annotations

import contextlib
import os
import sys
from pathlib import Path

if sys.platform == "win32":
    import msvcrt
else:
    import fcntl


class RunLock:
    """Held from the start of a run to its end."""

    def __init__(self, path: Path) -> None:
        """Raises OSError when the file cannot be made, BlockingIOError when another process has it."""
        self.path = path
        self._file = os.open(path, os.O_RDWR | os.O_CREAT, 0o644)
        try:
            _lock(self._file)
            if not self._is_there():  # who had it removed it as we came: another may have made the next
                raise BlockingIOError(f"{path} was let go at this moment")
        except OSError:
            os.close(self._file)
            raise

    def _is_there(self) -> bool:
        try:
            return os.path.samestat(os.fstat(self._file), self.path.stat())
        except FileNotFoundError:
            return False

    def release(self) -> None:
        """The run has ended."""
        with contextlib.suppress(FileNotFoundError):
            self.path.unlink()
        os.close(self._file)


def is_held(path: Path) -> bool:
    """Whether a living process holds the lock; the file of a dead one is removed."""
    try:
        lock = RunLock(path) if path.exists() else None
    except BlockingIOError:
        return True
    if lock is not None:
        lock.release()
    return False


def _lock(file: int) -> None:
    if sys.platform == "win32":
        try:
            msvcrt.locking(file, msvcrt.LK_NBLCK, 1)
        except OSError as error:
            raise BlockingIOError(error.errno, error.strerror) from error
    else:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
