"""A WARC record as its header lines and its block; what it says it is about; the same with other words in it. Pure."""

from __future__ import annotations

import base64
import gzip
import hashlib
import uuid
import zlib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import reduce
from importlib import import_module

import zstandard

from newscrawl.forgetting.sought import Sought

REDACTED = b"Newscrawl-Redacted"
_LINE, _END = b"\r\n", b"\r\n\r\n"
_TAIL = b"\r\n\r\n"
_GZIP, _PACKED = 31, b"\x1f\x8b"  # zlib's word for a whole member of gzip; how one begins
_MOST = 256 << 20  # bytes that a page may unpack to
_OWN_HEADERS = (b"content-encoding", b"transfer-encoding", b"content-length")


class NotReadable(ValueError):
    """Something that no rule here reads."""


@dataclass(frozen=True, slots=True)
class Record:
    """One record. `fields`: its header lines in their order, without the first."""

    version: bytes
    fields: tuple[tuple[bytes, bytes], ...]
    block: bytes

    @classmethod
    def parse(cls, data: bytes) -> Record:
        """Raises NotReadable."""
        head, found, rest = data.partition(_END)
        version, *lines = head.split(_LINE)
        fields = tuple((name.strip(), value.strip()) for name, _, value in (line.partition(b":") for line in lines))
        one = cls(version, fields, rest)
        length = one.get(b"Content-Length")
        if not found or not version.startswith(b"WARC/") or not length.isdigit() or int(length) > len(rest):
            raise NotReadable("is no WARC record")
        return replace(one, block=rest[: int(length)])

    def get(self, name: bytes) -> bytes:
        """The value of a header line; empty when there is none."""
        return next((value for other, value in self.fields if other.lower() == name.lower()), b"")

    @property
    def kind(self) -> str:
        """`response`, `request` …"""
        return self.get(b"WARC-Type").decode("latin-1").lower()

    @property
    def id(self) -> bytes:
        """As others refer to it."""
        return self.get(b"WARC-Record-ID")

    @property
    def refers_to(self) -> set[bytes]:
        """The ids of records that it belongs to."""
        named = {self.get(name) for name in (b"WARC-Concurrent-To", b"WARC-Refers-To")}
        return named - {b""}

    @property
    def address(self) -> str:
        """What it is about; a few writers put it in angle brackets."""
        return self.get(b"WARC-Target-URI").decode("utf-8", "replace").strip("<>")

    @property
    def is_http(self) -> bool:
        """Whether its block is a message of HTTP, and not the page itself."""
        return self.get(b"Content-Type").lower().startswith(b"application/http")

    @property
    def codings(self) -> list[str]:
        """How the message is encoded, in the order in which that was done."""
        lines = (line.partition(b":") for line in self.block.partition(_END)[0].split(_LINE) if self.is_http)
        named = [value for name, _, value in lines if name.strip().lower() == b"content-encoding"]
        return [one.strip() for value in named for one in value.decode("latin-1").lower().split(",") if one.strip()]

    def payload(self) -> bytes:
        """What the message carries, without its encoding; unpacked, if it is a file that is packed, like `sitemap.xml.gz`. Raises NotReadable."""
        if not self.is_http:
            return self.block
        body = self.block.partition(_END)[2]
        for coding in reversed(self.codings):
            body = _decoded(body, coding)
        return _decoded(body, "gzip") if body.startswith(_PACKED) else body

    def with_payload(self, payload: bytes, day: str, codings: Sequence[str] = ()) -> Record:
        """The same with another payload, and with what follows from it; `day`: when it was changed (2026-11-23), empty for nothing that says so,
        where there is no room for it; `codings`: how it is encoded, in their order."""
        body = block = reduce(_encoded, codings, payload)
        if self.is_http:
            status, *lines = self.block.partition(_END)[0].split(_LINE)
            kept = [line for line in lines if line.partition(b":")[0].strip().lower() not in _OWN_HEADERS]
            kept += [b"Content-Encoding: " + ", ".join(codings).encode()] if codings else []
            block = _LINE.join([status, *kept, b"Content-Length: %d" % len(body)]) + _END + body
        parts = {b"warc-payload-digest": body, b"warc-block-digest": block}
        fields = [
            (name, _digest(value, parts[name.lower()]) if name.lower() in parts else value)
            for name, value in self.fields
            if name.lower() not in (b"content-length", REDACTED.lower())
        ]
        fields += [*([(REDACTED, day.encode())] if day else []), (b"Content-Length", b"%d" % len(block))]
        return Record(self.version, tuple(fields), block)

    def written(self) -> bytes:
        """As it stands in a file."""
        lines = [self.version, *(name + b": " + value for name, value in self.fields)]
        return _LINE.join(lines) + _END + self.block + _TAIL


def _decoded(body: bytes, coding: str) -> bytes:
    try:
        if coding in ("gzip", "x-gzip", "deflate"):
            return _inflated(body, coding)
        if coding == "zstd":
            return zstandard.ZstdDecompressor().decompressobj().decompress(body)
        if coding == "br":
            # Scrapy asks for it where it is installed; it has no types.
            return bytes(import_module("brotli").decompress(body))
    except (OSError, EOFError, zlib.error, zstandard.ZstdError, ImportError) as error:
        raise NotReadable(f"its {coding} cannot be read: {error}") from error
    if coding == "identity":
        return body
    raise NotReadable(f"its encoding is {coding}")


def _encoded(payload: bytes, coding: str) -> bytes:
    """As dense as can be: it is to fit into the place of what was there. Of an encoding that `_decoded` reads."""
    if coding in ("gzip", "x-gzip"):
        return gzip.compress(payload, 9, mtime=0)
    if coding == "deflate":
        return zlib.compress(payload, 9)
    if coding == "br":
        return bytes(import_module("brotli").compress(payload))
    return zstandard.ZstdCompressor(level=19).compress(payload) if coding == "zstd" else payload


def _inflated(body: bytes, coding: str) -> bytes:
    if coding != "deflate":
        return _unpacked(body, _GZIP)
    try:
        return _unpacked(body, zlib.MAX_WBITS)
    except zlib.error:  # without zlib's header, as some servers send it
        return _unpacked(body, -zlib.MAX_WBITS)


def _unpacked(body: bytes, form: int) -> bytes:
    """As Scrapy reads it: also of one that is cut off, or has something else behind it, all that can be read. Raises zlib.error, and NotReadable for
    one that is made to fill the memory."""
    parts, room = list[bytes](), _MOST
    while body:
        reader = zlib.decompressobj(form)
        try:
            parts.append(reader.decompress(body, room))
        except zlib.error:
            if not parts:
                raise
            break
        room -= len(parts[-1])
        if reader.unconsumed_tail or room <= 0:
            raise NotReadable(f"unpacks to more than {_MOST:,} bytes")
        body = reader.unused_data
    return b"".join(parts)


def _digest(before: bytes, data: bytes) -> bytes:
    """As the one before was made: `sha1:` in base32, or another, or in hexadecimal digits."""
    name, _, value = before.partition(b":")
    try:
        made = hashlib.new(name.decode("ascii").replace("-", "").lower(), data)
    except (ValueError, UnicodeDecodeError):
        made, name, value = hashlib.sha1(data, usedforsecurity=False), b"sha1", b""
    if len(value) == made.digest_size * 2 and made.digest_size * 2 != len(base64.b32encode(made.digest())):
        return name + b":" + made.hexdigest().encode()
    return name + b":" + base64.b32encode(made.digest())


def placeholder(day: str) -> bytes:
    """A small record in the place of what was removed; it tells nothing of it."""
    block = b"removed: " + day.encode() + _LINE
    fields = (
        (b"WARC-Type", b"metadata"),
        (b"WARC-Record-ID", f"<urn:uuid:{uuid.uuid4()}>".encode()),
        (b"WARC-Date", f"{day}T00:00:00Z".encode()),
        (b"Content-Type", b"application/warc-fields"),
        (b"WARC-Block-Digest", _digest(b"sha1:", block)),
        (b"Content-Length", b"%d" % len(block)),
    )
    return Record(b"WARC/1.1", fields, block).written()


def is_sought(record: Record, sought: Sought) -> bool:
    """Whether a record is of a sought article by its address, or by the one that it refers to."""
    to = record.get(b"WARC-Refers-To-Target-URI").decode("utf-8", "replace").strip("<>")
    return any(address and sought.is_address(address) for address in (record.address, to))
