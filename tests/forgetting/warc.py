"""Archives as a crawl makes them, with FastWARC; read with FastWARC and with warcio."""

from __future__ import annotations

import gzip
import io
import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import zstandard
from fastwarc.stream_io import GzipWriter
from fastwarc.warc import ArchiveIterator, WarcRecord, WarcRecordType
from warcio.archiveiterator import ArchiveIterator as WarcioIterator

from newscrawl.items import Article

LIST = "https://www.newspim.com/news/lists?category_cd=1&page=0"


def gzipped(data: bytes) -> bytes:
    return gzip.compress(data, mtime=0)


def gunzipped(data: bytes) -> bytes:
    return gzip.decompress(data)


def zstandarded(data: bytes) -> bytes:
    return zstandard.ZstdCompressor().compress(data)


def unzstandarded(data: bytes) -> bytes:
    return zstandard.ZstdDecompressor().stream_reader(io.BytesIO(data), read_across_frames=True).read()


def url(article: Article) -> str:
    return f"https://www.newspim.com/news/view/{article.id[-14:]}"


def page(article: Article, *beside: Article) -> str:
    """A page in the site's form, with links to others at its side."""
    paragraphs = "".join(f"<p>{part}</p>" for part in (article.body or "").split("\n\n"))
    links = "".join(
        f'<li><a href="{url(one)}" title="{_quoted(one)}"><img alt="{_quoted(one)}" src="/1.jpg">{one.title}</a></li>'
        for one in beside
    )
    return (
        f'<html><head><meta property="og:title" content="{_quoted(article)}"><meta charset="utf-8"></head><body>'
        f'<article class="bodynews"><div class="header"><h1>{article.title}</h1></div><section class="contents">'
        f'<span id="send-time">2026년11월20일 09:00</span><div id="news-contents">{paragraphs}</div></section></article>'
        f"<aside><ul>{links}</ul></aside></body></html>"
    )


def _quoted(article: Article) -> str:
    return (article.title or "").replace('"', "&quot;")


def message(body: bytes, **headers: str) -> bytes:
    lines = ["HTTP/1.1 200 OK", "Content-Type: text/html; charset=utf-8", f"Content-Length: {len(body)}"]
    lines += [f"{name.replace('_', '-')}: {value}" for name, value in headers.items()]
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + body


class Writer:
    """One file, a gzip member for each record; where each record begins is in `offsets`."""

    def __init__(self, path: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        self.path, self.offsets = path, list[tuple[str, str, int]]()
        self.path.write_bytes(b"")

    def add(self, kind: WarcRecordType, address: str, block: bytes, **headers: str) -> str:
        """A record; its id."""
        record, id = WarcRecord(), f"urn:uuid:{uuid.uuid4()}"
        record.init_headers(kind, id.encode(), content_length=len(block))
        if address:
            record.headers["WARC-Target-URI"] = address
        for name, value in headers.items():
            record.headers[name.replace("_", "-")] = value
        is_http = kind in (WarcRecordType.response, WarcRecordType.request, WarcRecordType.revisit)
        record.headers["Content-Type"] = "application/http; msgtype=response" if is_http else "text/html"
        record.set_bytes_content(block)
        if is_http:
            record.is_http = True
        with self.path.open("ab") as file:
            self.offsets.append((str(kind), address, file.tell()))
            writer = GzipWriter(file)
            record.write(writer, checksum_data=True)
            writer.close()
        return record.headers["WARC-Record-ID"]

    def exchange(self, address: str, body: bytes, **headers: str) -> str:
        """A response with its request and what else is known of it."""
        response = self.add(WarcRecordType.response, address, message(body, **headers))
        asked = f"GET {address} HTTP/1.1\r\nHost: www.newspim.com\r\n\r\n".encode()
        self.add(WarcRecordType.request, address, asked, WARC_Concurrent_To=response)
        self.add(WarcRecordType.metadata, address, b"fetchTimeMs: 12\r\n", WARC_Concurrent_To=response)
        return response


def archive(path: Path, gone: Article, other: Article) -> Writer:
    """Both articles' pages, each naming the other; a list; a page that quotes the first in full; one that is packed; a page as a browser showed it; a
    second answer without its text."""
    new = Writer(path)
    new.add(WarcRecordType.warcinfo, "", b"software: newscrawl\r\n")
    first = new.exchange(url(gone), page(gone, other).encode())
    new.add(WarcRecordType.conversion, url(gone), page(gone, other).encode(), WARC_Refers_To=first)
    new.exchange(url(other), page(other, gone).encode())
    new.exchange(LIST, f'<ul><li><a href="{url(gone)}">{gone.title}</a></li></ul>'.encode())
    new.exchange(url(other) + "?m", gzipped(page(other, gone).encode()), Content_Encoding="gzip")
    best = page(other).replace(
        "</aside>", f"<div>[뉴스핌 베스트 기사] {gone.title}<p>{(gone.body or '').split(chr(10))[0]}</p></div></aside>"
    )
    new.exchange(url(other) + "?best", best.encode())
    revisit = {
        "WARC_Refers_To": first,
        "WARC_Refers_To_Target_URI": url(gone),
        "WARC_Profile": "http://netpreserve.org/warc/1.1/revisit/server-not-modified",
    }
    new.add(WarcRecordType.revisit, url(gone), b"HTTP/1.1 304 Not Modified\r\n\r\n", **revisit)
    new.exchange("https://www.newspim.com/robots.txt", b"User-agent: *\nAllow: /\n")
    return new


def everything(path: Path) -> Iterator[bytes]:
    """Each record's header lines and page, without its encoding, as FastWARC reads them; it must read all that warcio reads."""
    count = 0
    with path.open("rb") as file:
        for record in ArchiveIterator(file, auto_decode="all"):
            count += 1
            yield repr(record.headers.to_dict()).encode()
            yield record.reader.read()
    assert count == len(read_by_warcio(path))


def read_by_warcio(path: Path) -> list[tuple[str, str | None, int]]:
    """Type, address and place of each record."""
    found: list[tuple[str, str | None, int]] = []
    with path.open("rb") as file:
        records: Any = WarcioIterator(file, check_digests="raise")
        for record in records:
            record.content_stream().read()
            found.append(
                (record.rec_type, record.rec_headers.get_header("WARC-Target-URI"), records.get_record_offset())
            )
    return found
