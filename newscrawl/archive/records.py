"""An exchange with the site -> WARC records, each a gzip member of its own. Pure.

WARC 1.1 (ISO 28500:2017); `WARC-Refers-To-Filename` and `-File-Offset` are those that Heritrix writes.
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from uuid import uuid4

import orjson

from newscrawl.archive.answer import Answer
from newscrawl.state import Payload

try:
    from isal.isal_zlib import compress

    _LEVEL = 2
except ImportError:  # there is none for every machine
    from zlib import compress

    _LEVEL = 3  # as small as the other's 2, in 1 ms a page and not 0.1; at 6 it is a few per cent smaller

_GZIP = 31  # zlib's word for a whole gzip member

IDENTICAL = "http://netpreserve.org/warc/1.1/revisit/identical-payload-digest"
NOT_MODIFIED = "http://netpreserve.org/warc/1.1/revisit/server-not-modified"
_EXCHANGE = "application/http; msgtype="


@dataclass(frozen=True, slots=True)
class Written:
    """The record of an answer, and those that go with it: bytes, of which the answer's come first."""

    data: bytes
    id: str
    digest: str
    at: str


def warcinfo(fields: Mapping[str, str], file: str, at: datetime) -> Written:
    """What a file, or a part of it, was written by."""
    content = "".join(f"{name}: {value}\r\n" for name, value in fields.items()).encode()
    headers = {"WARC-Filename": file, "Content-Type": "application/warc-fields"}
    return _written([_record("warcinfo", headers, at, content)], "", at)


def exchange(answer: Answer, info: str, same: Payload | None = None) -> Written:
    """An answer, its request, and what of the crawl goes with it. `info`: the id of the warcinfo; `same`: an earlier answer with the same
    payload, to which this one points instead of having it again."""
    digest = same.digest if same else digest_of(answer.body)
    about = {"WARC-Target-URI": answer.url, "WARC-Warcinfo-ID": info}
    if answer.address:
        about["WARC-IP-Address"] = answer.address
    headers = about | {"WARC-Payload-Digest": digest, "Content-Type": f"{_EXCHANGE}response"}
    if same:
        headers |= _refers_to(same, answer) | {"WARC-Profile": IDENTICAL if answer.body else NOT_MODIFIED}
        first = _record("revisit", headers, answer.at, answer.head)
    else:
        first = _record("response", headers, answer.at, answer.head, answer.body)
    beside = about | {"WARC-Concurrent-To": first.id}
    asked = _record("request", beside | {"Content-Type": f"{_EXCHANGE}request"}, answer.at, answer.request)
    return _written([first, asked, _context(beside, answer)], digest, answer.at)


def rendered(answer: Answer, info: str, of: Payload | None) -> Written:
    """A page as a browser made it of an answer: a conversion. `of`: that answer."""
    digest = digest_of(answer.body)
    about = {"WARC-Target-URI": answer.url, "WARC-Warcinfo-ID": info}
    headers = about | {"Content-Type": "text/html; charset=utf-8", "WARC-Payload-Digest": digest}
    if of:
        headers |= {"WARC-Refers-To": of.record}
    first = _record("conversion", headers, answer.at, answer.body)
    return _written([first, _context(about | {"WARC-Concurrent-To": first.id}, answer)], digest, answer.at)


def event_record(event: Mapping[str, str], info: str, at: datetime) -> Written:
    """What happened in a run: metadata of its own."""
    headers = {"WARC-Warcinfo-ID": info, "Content-Type": "application/json"}
    return _written([_record("metadata", headers, at, orjson.dumps(event))], "", at)


def digest_of(*payload: bytes) -> str:
    """As WARC files name it: SHA-1 in base 32."""
    sha = hashlib.sha1(usedforsecurity=False)
    for part in payload:
        sha.update(part)
    return "sha1:" + base64.b32encode(sha.digest()).decode()


def time_of(at: datetime) -> str:
    """As WARC 1.1 writes it: UTC with microseconds."""
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def _refers_to(same: Payload, answer: Answer) -> dict[str, str]:
    return {
        "WARC-Refers-To": same.record,
        "WARC-Refers-To-Target-URI": answer.url,
        "WARC-Refers-To-Date": same.said_at,
        "WARC-Refers-To-Filename": same.file,
        "WARC-Refers-To-File-Offset": str(same.offset),
    }


def _context(headers: dict[str, str], answer: Answer) -> _Record:
    return _record("metadata", headers | {"Content-Type": "application/json"}, answer.at, orjson.dumps(answer.context))


@dataclass(frozen=True, slots=True)
class _Record:
    id: str
    member: bytes


def _record(kind: str, headers: Mapping[str, str], at: datetime, *content: bytes) -> _Record:
    """By hand: a record is a few lines, and a library takes as long for them as for the page."""
    identity = f"<urn:uuid:{uuid4()}>"
    lines = [f"{name}: {value}" for name, value in headers.items()]
    first = [f"WARC-Type: {kind}", f"WARC-Record-ID: {identity}", f"WARC-Date: {time_of(at)}"]
    last = [f"WARC-Block-Digest: {digest_of(*content)}", f"Content-Length: {sum(map(len, content))}", "", ""]
    head = "\r\n".join(["WARC/1.1", *first, *lines, *last]).encode()
    return _Record(identity, compress(b"".join((head, *content, b"\r\n\r\n")), _LEVEL, _GZIP))


def _written(records: list[_Record], digest: str, at: datetime) -> Written:
    return Written(b"".join(record.member for record in records), records[0].id, digest, time_of(at))
