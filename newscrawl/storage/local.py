"""The storage of local files and of standard output."""

from __future__ import annotations

import contextlib
import os
import stat
import sys
from functools import partial
from pathlib import Path
from typing import IO, Any, cast

from scrapy import Spider
from scrapy.extensions.feedexport import FileFeedStorage
from scrapy.utils.defer import deferred_from_coro
from twisted.internet.defer import Deferred

from newscrawl.storage.compressed import CompressedFile, stream_of
from newscrawl.storage.line_file import LineFile, UnopenedFile
from newscrawl.storage.members import MEMBERS, Compression
from newscrawl.storage.mending import mend
from newscrawl.stream import Stream, named_pipe, own_end, standard_output

# `-o -:jsonl` as Scrapy spells it, and other names for it. Opened by these, a file behind it would be emptied, a socket refused.
STANDARD_OUTPUT = frozenset({"stdout:", "/dev/stdout", "/dev/fd/1", "/proc/self/fd/1"})
"""What `-o` and `-O` may call it."""


class LineStorage(FileFeedStorage):
    """Scrapy's local files and standard output, unbuffered.

    `.gz` and `.zst` at the end of the name compress, `gz` and `zst` for the form of standard output. Scrapy's own storage for that leaves
    the lines in Python's buffer, so they come in blocks of 8 KB.
    """

    def __init__(self, uri: str, *, feed_options: dict[str, Any] | None = None) -> None:
        super().__init__(uri, feed_options=feed_options)
        self._standard = self.path in STANDARD_OUTPUT
        self._ending = f".{(feed_options or {}).get('format')}" if self._standard else Path(self.path).suffix
        self.name = "the standard output" if self._standard else self.path

    def open(self, spider: Spider) -> IO[bytes]:
        """Make the folder, open the file. One that cannot be opened raises its OSError when something is written to it.

        Scrapy opens a file with its first item, in a signal handler, where an error stops nothing and comes again with each item.
        """
        try:
            return cast("IO[bytes]", self._opened(overwrite=self.write_mode == "wb"))
        except OSError as error:
            return cast("IO[bytes]", UnopenedFile(self.name, error))

    def store(self, file: IO[bytes]) -> Deferred[None] | None:
        """Close the file; a slow reader is waited for. Raises OSError when it could not be opened and nothing has told of that."""
        if stream := stream_of(file):
            return deferred_from_coro(_closed(file, stream))
        file.close()
        if isinstance(file, UnopenedFile) and not file.told:
            raise file.error
        return None

    def check(self) -> None:
        """Raises OSError when the file could not be opened. It may be made; no line of it is touched. A pipe or a device is left alone."""
        path = Path(self.path)
        if self._standard:
            standard_output()
        elif path.is_file() or path.is_dir() or not path.exists():
            self._opened(overwrite=False).close()

    def _opened(self, *, overwrite: bool) -> LineFile | Stream | CompressedFile:
        member = MEMBERS.get(self._ending)
        file = self._standard_output() if self._standard else self._file(member, overwrite=overwrite)
        return CompressedFile(file, member) if member else file

    def _file(self, member: Compression | None, *, overwrite: bool) -> LineFile | Stream:
        path = Path(self.path)
        if path.is_fifo():
            return Stream(self.name, partial(named_pipe, path))
        path.parent.mkdir(parents=True, exist_ok=True)
        if self.write_mode == "ab" and path.is_file():
            mend(path, member)
        return LineFile(path, overwrite=overwrite)

    def _standard_output(self) -> LineFile | Stream:
        """A file that standard output is sent to is written to where the shell has opened it: `>` and `>>` decide, not `-O` and `-o`."""
        descriptor = standard_output()
        if sys.platform == "win32" or stat.S_ISREG(os.fstat(descriptor).st_mode):
            return LineFile(os.dup(descriptor), name=self.name)
        return Stream(self.name, partial(own_end, descriptor))


async def _closed(file: IO[bytes], stream: Stream) -> None:
    """The file, closed. That its reader has left is no error: the exporter has ended the run for it, or it ends now anyway."""
    with contextlib.suppress(ConnectionError):
        file.close()
        await stream.wait_closed()
