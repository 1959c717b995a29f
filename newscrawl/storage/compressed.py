"""Files that are compressed as their lines come: a row of members."""

from __future__ import annotations

import io
from typing import Any

from newscrawl.storage.line_file import LineFile
from newscrawl.storage.members import Compression, Member
from newscrawl.stream import Stream

# A compressed file is a row of members that each stand alone: a kill costs at most the end of the last one, not the file.
MEMBER_LINES = 256


class CompressedFile(io.RawIOBase):
    """Lines compressed as they come."""

    def __init__(self, file: LineFile | Stream, member: Compression) -> None:
        super().__init__()
        self.name = file.name
        self.file, self._new_member = file, member
        self._member: Member | None = None
        self._lines = 0
        self._broken: OSError | None = None

    def writable(self) -> bool:
        """True."""
        return True

    def write(self, data: Any) -> int:
        """Raises OSError if the line cannot be written, then for every line after it: the member has a hole."""
        if self._broken:
            raise self._broken
        self._member = self._member or self._new_member()
        self._put(self._member.line(bytes(data)))
        self._lines += 1
        if self._lines >= MEMBER_LINES:
            self._end_member()
        return len(data)

    def _end_member(self) -> None:
        member, self._member, self._lines = self._member, None, 0
        if member and not self._broken:
            self._put(member.end())

    def _put(self, data: bytes) -> None:
        try:
            self.file.write(data)
        except OSError as error:
            self._broken = error
            raise

    def close(self) -> None:
        """End the member, close the file."""
        if not self.closed:
            try:
                self._end_member()
            finally:
                self.file.close()
        super().close()


def stream_of(file: object) -> Stream | None:
    """The pipe, terminal or socket that an output leads to, compressed or not; None for a file."""
    end = file.file if isinstance(file, CompressedFile) else file
    return end if isinstance(end, Stream) else None
