"""WARC files -> captures of articles, in the order in which they were made: of this project's archives and of any others."""

from __future__ import annotations

import logging
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from http import HTTPStatus
from pathlib import Path, PurePosixPath
from typing import Any

import orjson
from fastwarc.warc import ArchiveIterator, WarcRecord, WarcRecordType

from newscrawl.archive.answer import RESTATED
from newscrawl.items import Archived
from newscrawl.korean import KST

logger = logging.getLogger(__name__)

ENDINGS = (".warc.gz", ".warc", ".warc.gz.open", ".warc.zst")
_BLOCK = 1 << 16  # bytes
_GZIP_BEGINS = b"\x1f\x8b"
_CHUNK_HEAD = 256  # bytes: the size of a chunk and what may stand behind it
_GZIP = 31  # zlib's word for a whole gzip member
_SCOPES = "newscrawl-scopes"
_IDENTICAL = "/identical-payload-digest"  # ends the profile of a revisit, whichever version of WARC it is of
_WANTED = (
    WarcRecordType.response
    | WarcRecordType.revisit
    | WarcRecordType.conversion
    | WarcRecordType.warcinfo
    | WarcRecordType.metadata
)
_BESIDE = (WarcRecordType.warcinfo, WarcRecordType.metadata)


@dataclass(frozen=True, slots=True)
class Capture:
    """One answer of the site. `headers` and `body` as they came, the body without chunks; `callback` and `arguments`: what read it, "" if
    that is not known, as in archives of others, or the name of an event; `scopes`: what the run was asked for then, as JSON; `run`: by which
    runs differ. A page that a browser made is `of` the answer with that `id`, which `waits` for it if every page of the run was tried so."""

    url: str
    status: int
    headers: tuple[tuple[str, str], ...]
    body: bytes
    at: datetime
    place: Archived
    callback: str = ""
    arguments: dict[str, Any] = field(default_factory=dict)
    scopes: tuple[str, ...] = ()
    run: str = ""
    id: str = ""
    of: str = ""
    waits: bool = False


@dataclass(slots=True)
class _Info:
    """What the last warcinfo says."""

    scopes: tuple[str, ...] = ()
    run: str = ""


def captures(path: Path, wanted: Callable[[str], bool], trouble: Callable[[str], object]) -> Iterator[Capture]:
    """Those of a file whose address is wanted. Of what cannot be read `trouble` is told. Raises OSError for a file that is not there."""
    info, held = _Info(), None
    for record, content in _records(path, wanted, trouble):
        if record.record_type == WarcRecordType.warcinfo:
            info = _info(content)
        elif record.record_type == WarcRecordType.metadata:
            if held and held[0] == record.headers.get("WARC-Concurrent-To"):
                held = held[0], _with_context(held[1], _context(content))
            elif info.run and _context(content).get("event") == RESTATED and (at := _time(record)):
                if held:
                    yield held[1]
                held = None
                yield Capture("", 0, (), b"", at, _place(record, path), RESTATED, run=info.run)
        else:
            if held:
                yield held[1]
            held = None
            if capture := _capture(record, content, path, info, trouble):
                held = record.headers.get("WARC-Record-ID") or "", capture
    if held:
        yield held[1]


def first_time(path: Path) -> datetime | None:
    """When the first record of a file was made; None for a file without any. Raises OSError."""
    try:
        with path.open("rb") as file:
            for record in ArchiveIterator(file, parse_http=False):
                if at := _time(record):
                    return at
    except (OSError, ValueError):
        path.stat()  # raises for one that is not there; what is wrong with it is told when it is read
    return None


def _records(
    path: Path, wanted: Callable[[str], bool], trouble: Callable[[str], object]
) -> Iterator[tuple[WarcRecord, bytes]]:
    """Answers whose address is wanted, and all that is said beside answers, with their content."""
    last = 0
    try:
        if not path.stat().st_size:
            trouble(f"{path} is empty")
            return
        with path.open("rb") as file:  # by a name FastWARC would know how a file is packed by its ending only
            for record in ArchiveIterator(file, record_types=_WANTED, parse_http=True, auto_decode="none"):
                last = record.stream_pos
                if record.record_type in _BESIDE or wanted(_url(record)):
                    yield record, record.reader.read()
        _check_end(path, last)
    except (OSError, ValueError, EOFError, zlib.error) as error:
        path.stat()
        trouble(f"{path} is cut off or damaged ({error}): what comes behind that place is left out")


def _url(record: WarcRecord) -> str:
    return (record.headers.get("WARC-Target-URI") or "").strip("<>")  # some write it in brackets


def _check_end(path: Path, start: int) -> None:
    """FastWARC takes a file that is cut off for one that ends. Raises EOFError, zlib.error. `start`: of the last record that it gave."""
    with path.open("rb") as file:
        if file.read(len(_GZIP_BEGINS)) != _GZIP_BEGINS:
            return
        file.seek(start)
        if file.read(len(_GZIP_BEGINS)) != _GZIP_BEGINS:
            start = 0  # one member for the whole file: places are those of what is in it
        file.seek(start)
        reader = zlib.decompressobj(_GZIP)
        while block := reader.unused_data or file.read(_BLOCK):
            reader = zlib.decompressobj(_GZIP) if reader.eof else reader
            reader.decompress(block)
        if not reader.eof:
            raise EOFError("its end is missing")


def _capture(
    record: WarcRecord, content: bytes, path: Path, info: _Info, trouble: Callable[[str], object]
) -> Capture | None:
    url, http, at = _url(record), record.http_headers, _time(record)
    is_revisit = record.record_type == WarcRecordType.revisit
    if at is None:
        trouble(f"{path}: {url} has no time ({record.headers.get('WARC-Date')}), and is left out")
        return None
    if record.headers.get("WARC-Truncated") and not is_revisit:  # of a revisit it may say that the body is not there
        trouble(f"{path} has only a part of {url} ({record.headers['WARC-Truncated']}), which is left out")
        return None
    body = _body(record, content)
    if body is None:
        trouble(f"{path} ends in the middle of {url}, which is left out")
        return None
    if record.record_type == WarcRecordType.conversion:
        headers: tuple[tuple[str, str], ...] = (("Content-Type", record.headers.get("Content-Type") or ""),)
        status = 200
    elif http is None or http.status_code is None:
        return None  # of another protocol, or no answer at all
    else:
        status, headers = http.status_code, http.astuples()
    if is_revisit and (record.headers.get("WARC-Profile") or "").endswith(_IDENTICAL):
        earlier = _earlier(record, path)
        if earlier is None:
            trouble(f"{path}: what {url} at {record.headers.get('WARC-Date')} is the same as cannot be found")
            return None
        body = earlier
    return Capture(
        url,
        status,
        headers,
        body,
        at,
        _place(record, path),
        scopes=info.scopes,
        run=info.run,
        id=record.headers.get("WARC-Record-ID") or "",
        of=_of(record),
    )


def _of(record: WarcRecord) -> str:
    """The answer of which a browser made this page; "" for any other record."""
    of = record.headers.get("WARC-Refers-To") if record.record_type == WarcRecordType.conversion else None
    return of or ""


def _body(record: WarcRecord, content: bytes) -> bytes | None:
    """What the record holds, without chunks; None when it ends before it should."""
    if len(content) != record.content_length:
        return None
    http = record.http_headers
    is_chunked = http is not None and "chunked" in (http.get("Transfer-Encoding") or "").lower()
    return _joined(content) if is_chunked else content


def _joined(content: bytes) -> bytes | None:
    """Without chunks (RFC 9112, 7.1); None when the last is missing. Some join them and leave the header as it was."""
    parts: list[bytes] = []
    place = 0
    while True:
        end = content.find(b"\r\n", place, place + _CHUNK_HEAD)
        try:
            size = int(content[place : max(end, place)].partition(b";")[0], 16)
        except ValueError:
            size = -1
        if size < 0:
            return None if parts else content
        if size == 0:
            return b"".join(parts)
        place = end + 2
        parts.append(content[place : place + size])
        place += size + 2


def _earlier(record: WarcRecord, path: Path) -> bytes | None:
    """The payload to which a revisit points, if it says where that lies."""
    said = [record.headers.get(f"WARC-Refers-To-{what}") or "" for what in ("Filename", "File-Offset")]
    name, offset = PurePosixPath(said[0]).name, said[1]
    if not name or not offset.isdecimal():
        return None
    file = next((file for file in (path.with_name(name), path.with_name(f"{name}.open")) if file.is_file()), None)
    try:
        return payload(file, int(offset)) if file else None
    except (OSError, ValueError):  # no record begins there
        return None


def payload(path: Path, offset: int) -> bytes | None:
    """The body of the answer that begins at this byte of a file; None when none does, as where one was removed. Raises OSError."""
    with path.open("rb") as file:
        file.seek(offset)
        record = next(iter(ArchiveIterator(file, parse_http=True, auto_decode="none")), None)
        if record is None or record.record_type != WarcRecordType.response:
            return None
        return _body(record, record.reader.read())


def _with_context(capture: Capture, context: dict[str, Any]) -> Capture:
    callback, arguments = context.get("callback"), context.get("arguments")
    if not isinstance(callback, str) or not isinstance(arguments, dict):
        return capture
    always = context.get("browser") == "always" and capture.status == HTTPStatus.OK
    return replace(capture, callback=callback, arguments=arguments, waits=always and not capture.of)


def _context(content: bytes) -> dict[str, Any]:
    """What a record of metadata says in this project's form; {} for somebody else's."""
    try:
        context = orjson.loads(content)
    except orjson.JSONDecodeError:
        return {}
    return context if isinstance(context, dict) else {}


def _place(record: WarcRecord, path: Path) -> Archived:
    return Archived(f"{path.parent.name}/{path.name.removesuffix('.open')}", record.stream_pos)


def _info(content: bytes) -> _Info:
    fields = {}
    for line in content.decode("utf-8", "replace").splitlines():
        name, _, value = line.partition(":")
        fields[name.strip()] = value.strip()
    scopes = tuple(orjson.loads(fields[_SCOPES])) if _SCOPES in fields else ()
    return _Info(scopes, fields.get("isPartOf", ""))


def _time(record: WarcRecord) -> datetime | None:
    """When a record was made, which WARC says in UTC; None for a record that does not say it in a form that can be read."""
    try:
        at = datetime.fromisoformat(record.headers.get("WARC-Date") or "")
    except ValueError:
        return None
    return (at if at.tzinfo else at.replace(tzinfo=UTC)).astimezone(KST)
