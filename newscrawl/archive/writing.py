"""What one run archives: each answer once, under a warcinfo that says what the run was asked for then."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Mapping
from datetime import datetime
from http import HTTPStatus
from pathlib import Path

from newscrawl.archive.answer import Answer
from newscrawl.archive.files import ArchiveFiles, growing
from newscrawl.archive.records import Written, digest_of, event_record, exchange, rendered, warcinfo
from newscrawl.items import Archived
from newscrawl.state import Grown, Payload

_REMEMBERED = 10_000  # answers, 4 MB: a watch asks its lists and feeds again and again
_HEADERS = 4096  # bytes of the records beside the answer, compressed; for the size of a file only


class Writing:
    """Answers -> records in the run's files."""

    def __init__(
        self, files: ArchiveFiles, now: Callable[[], datetime], known: Callable[[str], Payload | None] = lambda _: None
    ) -> None:
        """`known`: what earlier runs archived of an address."""
        self.files = files
        self._now = now
        self._known = known
        self._fresh: list[tuple[str, Payload]] = []  # since the last commit
        self._fields: Mapping[str, str] = {}
        self._info = ""  # the id of the warcinfo that holds for what is written now
        self._earlier: OrderedDict[str, Payload] = OrderedDict()  # by address, the latest at the end

    def describe(self, fields: Mapping[str, str]) -> None:
        """What the warcinfo says from now on: a new one, if it is another than before."""
        if fields != self._fields:
            self._fields, self._info = fields, ""

    def keep(self, answer: Answer, status: int, *, is_first: bool = False) -> Archived:
        """An answer and its request; where it is. One with the payload of an earlier one points to that. `is_first`: no
        earlier run can have asked for it."""
        earlier = self._earlier.get(answer.url)
        if earlier is None and not is_first:
            earlier = self._still_there(self._known(answer.url))
        same = earlier if earlier and _is_same(answer, status, earlier) else None
        archived, written = self._append(answer, lambda info: exchange(answer, info, same))
        if same:
            self._remember(answer.url, same)
        elif status == HTTPStatus.OK and answer.body:
            place = self.files.name, archived.offset
            self._remember(answer.url, Payload(written.id, written.digest, written.at, *place))
        return archived

    def keep_rendered(self, answer: Answer) -> Archived:
        """A page as a browser made it of the answer before it; where it is."""
        of = self._earlier.get(answer.url)
        return self._append(answer, lambda info: rendered(answer, info, of))[0]

    def note(self, event: Mapping[str, str]) -> None:
        """What happened in the run at this point."""
        self._make_room(0)
        self.files.append(event_record(event, self._info, self._now()).data)

    # What the state asks of an archive

    def unknown(self) -> list[Path]:
        """Files that are to be made."""
        return self.files.unknown()

    def sync(self) -> list[Grown]:
        """Force all records onto the disk. Raises OSError."""
        return self.files.sync()

    def finish(self) -> list[Grown]:
        """The same, and nothing more comes. Raises OSError."""
        return self.files.finish()

    def answers(self) -> list[tuple[str, Payload]]:
        """What is new since `settled`, by address."""
        return self._fresh

    def settled(self) -> None:
        """What these gave is noted."""
        self._fresh = []
        self.files.settled()

    def close(self) -> None:
        """Let go of the files."""
        self.files.close()

    def _still_there(self, known: Payload | None) -> Payload | None:
        """Files may be moved, or deleted."""
        if known is None:
            return None
        path = self.files.folder / known.file
        return known if path.is_file() or growing(path).is_file() else None

    def _append(self, answer: Answer, make: Callable[[str], Written]) -> tuple[Archived, Written]:
        self._make_room(len(answer.head) + len(answer.body))
        written = make(self._info)
        offset = self.files.append(written.data)
        return Archived(f"{self.files.folder.name}/{self.files.name}", offset), written

    def _make_room(self, size: int) -> None:
        if self.files.make_room(size + _HEADERS) or not self._info:
            self._begin()

    def _begin(self) -> None:
        info = warcinfo(self._fields, self.files.name, self._now())
        self._info = info.id
        self.files.append(info.data)

    def _remember(self, url: str, answer: Payload) -> None:
        self._fresh.append((url, answer))
        self._earlier[url] = answer
        self._earlier.move_to_end(url)
        if len(self._earlier) > _REMEMBERED:
            self._earlier.popitem(last=False)


def _is_same(answer: Answer, status: int, earlier: Payload) -> bool:
    if status == HTTPStatus.NOT_MODIFIED:
        return True
    return status == HTTPStatus.OK and digest_of(answer.body) == earlier.digest
