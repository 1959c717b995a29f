"""Archives (WARC, a gzip member for each record) without the exchanges of the sought articles. Every other record stays at its place.

What is removed leaves a small record that is just as long, so the places that records of the feeds name (`archived.offset`) stay true.
"""

from __future__ import annotations

import mmap
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO

from newscrawl.forgetting.exchange import NotReadable, Record, is_sought, placeholder
from newscrawl.forgetting.files import below, replaced
from newscrawl.forgetting.members import Member, filled, members
from newscrawl.forgetting.redacting import own_record, own_words, redacted
from newscrawl.forgetting.sought import Sought
from newscrawl.forgetting.words import texts
from newscrawl.identity import article_number

ENDINGS = (".warc.gz", ".warc.gz.open")  # the second: of a run that goes on, or was killed
_COPY = 0.5  # of the letters of an article's texts: a sentence that many articles have is less, a copy with other links is more
_PAGES = ("response", "conversion", "resource", "revisit")


@dataclass(slots=True)
class Found:
    """What is to be done to a file: members (by where they begin) that go, and pages of other articles that are redacted.

    `end`: of the last whole member; `cut`: bytes behind it, of which nobody knows anything. `copies`: pages of other articles among what goes, whose
    own text has the words. `damaged`: why it could not be read to its end.
    """

    gone: set[int] = field(default_factory=set)
    redacted: set[int] = field(default_factory=set)
    end: int = 0
    cut: int = 0
    copies: int = 0
    damaged: str | None = None

    @property
    def is_touched(self) -> bool:
        """Whether the file is to be written anew."""
        return bool(self.gone or self.redacted)


def find(folder: Path) -> list[Path]:
    """The archives of a site, in order."""
    named = sorted(path for path in below(folder) if path.name.endswith(ENDINGS) and path.is_file())
    return list({path.resolve(): path for path in named}.values())


def survey(path: Path, sought: Sought, size: int | None = None) -> Found:
    """Look through an archive. `size`: bytes of it that count, as the state has it; None for all. Raises OSError."""
    found = Found()
    there = path.stat().st_size
    if not there:
        return found
    end = there if size is None else min(there, size)
    with _mapped(path) as data:
        ids: set[bytes] = set()  # of what goes: what belongs to it goes too
        try:
            for member in members(data, end):
                _decide(member, sought, found, ids)
                found.end = member.end
        except zlib.error as error:
            found.damaged = str(error)
    found.cut = 0 if found.damaged else there - found.end
    return found


def _decide(member: Member, sought: Sought, found: Found, ids: set[bytes]) -> None:
    try:
        record = Record.parse(member.data)
    except NotReadable:
        if sought.are_named(member.data) or sought.words.are_in(member.data):
            found.gone.add(member.start)
        return
    if is_sought(record, sought) or record.refers_to & ids:
        what: set[int] | None = found.gone
    else:
        what = _of_page(record, sought, found) if record.kind in _PAGES else None
    if what is found.gone:
        ids.add(record.id)
    if what is not None:
        what.add(member.start)


def _of_page(record: Record, sought: Sought, found: Found) -> set[int] | None:
    """A page that names a sought article or has its words: one of another article is redacted; any other is nobody's source and goes."""
    try:
        page = record.payload()
    except NotReadable:
        return found.gone if sought.are_named(record.block) else None
    if not sought.are_named(page) and not sought.words.are_in(page):
        return None
    if article_number(record.address, sought.site) is None:
        return found.gone
    new = _redacted(page, record.address, sought)
    if sought.words.are_in(new) and not _lends(page, new, record.address, sought):
        found.copies += 1
        return found.gone
    return found.redacted if new != page else None


def _lends(page: bytes, new: bytes, address: str, sought: Sought) -> bool:
    """Whether the words that a redacted page still has are a small part of its article's own text, which no feed has: it was read and not asked for.
    Where they are most of it, it was a copy that was dropped."""
    own = own_record(page, address, sought.site)
    if own is None or sought.words.share_of(own) >= _COPY:
        return False
    sought.words.share("\n".join(texts(own)).encode(), str(own["id"]))
    return not sought.words.are_in(new)


def _redacted(page: bytes, address: str, sought: Sought) -> bytes:
    for charset, errors in (("utf-8", "strict"), ("cp949", "strict"), ("utf-8", "surrogateescape")):
        try:
            text = page.decode(charset, errors)
        except UnicodeDecodeError:
            continue
        if text.encode(charset, errors) == page:
            return redacted(text, address, sought, own_words(page, address, sought.site)).encode(charset, errors)
    return page


def rewrite(path: Path, found: Found, sought: Sought, day: str) -> list[str]:
    """Write it anew, as `survey` found it. The addresses of pages that went whole because redacted they would not fit. `day`: 2026-11-23. Raises
    OSError."""
    too_long: list[str] = []
    with _mapped(path) as data, replaced(path) as beside, beside.open("wb") as new:
        for start, end in _runs(data, found):
            if start in found.redacted:
                _write_redacted(new, data[start:end], sought, day, too_long)
            elif start in found.gone:
                new.write(_place_of(end - start, day))
            else:
                new.write(data[start:end])
        if found.damaged:  # nobody can tell what is there
            new.write(data[found.end :])
    return too_long


@contextmanager
def _mapped(path: Path) -> Iterator[mmap.mmap]:
    with path.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as data:
        yield data


def _runs(data: mmap.mmap, found: Found) -> Iterator[tuple[int, int]]:
    """From where to where: each member, but what goes together as one."""
    begin: int | None = None
    for member in members(data, found.end):
        if member.start in found.gone:
            begin = member.start if begin is None else begin
            continue
        if begin is not None:
            yield begin, member.start
            begin = None
        yield member.start, member.end
    if begin is not None:
        yield begin, found.end


def _write_redacted(new: BinaryIO, member: bytes, sought: Sought, day: str, too_long: list[str]) -> None:
    record = Record.parse(zlib.decompress(member, 31))
    payload = _redacted(record.payload(), record.address, sought)
    packed = _fitting(record, payload, day, len(member))
    if packed is None:
        too_long.append(record.address)
        packed = _place_of(len(member), day)
    new.write(packed)


def _fitting(record: Record, payload: bytes, day: str, size: int) -> bytes | None:
    """The record with another payload as a member of this size: encoded as it was, for a `revisit` that points to it says so of the payload too; else
    without an encoding; with the day, else without."""
    for codings in (record.codings, []):
        for told in (day, ""):
            if packed := filled(record.with_payload(payload, told, codings).written(), size):
                return packed
    return None


def _place_of(size: int, day: str) -> bytes:
    """Something of this size that says nothing. A record that is removed has more header lines than the small one; what is none may be shorter."""
    packed = filled(placeholder(day), size) or filled(b"\r\n", size)
    return packed if packed is not None else b"\0" * size
