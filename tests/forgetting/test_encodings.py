"""Pages and files in archives that are packed: what is in them is found, and what stays is packed as before."""

from __future__ import annotations

import zlib
from collections.abc import Callable
from pathlib import Path

import brotli
import pytest
import zstandard
from fastwarc.warc import ArchiveIterator, WarcRecordType

from newscrawl.forgetting import archives, exchange

from . import warc
from .folder import GONE, about
from .test_archives import OTHER, rewritten, sought


@pytest.mark.parametrize("coding", ["gzip", "zstd", "br", "deflate"])
def test_a_redacted_page_keeps_its_encoding_for_revisits_that_point_to_it_say_so(tmp_path: Path, coding: str) -> None:
    pack = {"gzip": warc.gzipped, "zstd": zstandard.compress, "br": brotli.compress, "deflate": zlib.compress}[coding]
    path = tmp_path / "one.warc.gz"
    page = warc.page(OTHER, about(GONE)).encode()
    warc.Writer(path).exchange(warc.url(OTHER), pack(page), Content_Encoding=coding)
    rewritten(path)
    with path.open("rb") as file:
        answer = next(iter(ArchiveIterator(file, WarcRecordType.response, auto_decode="transfer")))
        assert answer.http_headers["Content-Encoding"] == coding
    with path.open("rb") as file:
        answer = next(iter(ArchiveIterator(file, WarcRecordType.response, auto_decode="all")))
        assert (about(GONE).title or "") not in answer.reader.read().decode()


@pytest.mark.parametrize("harm", [lambda data: data[:-9], lambda data: data + b"<!-- cached -->"])
def test_a_page_whose_gzip_is_not_as_it_should_be_loses_the_words_too(
    tmp_path: Path, harm: Callable[[bytes], bytes]
) -> None:
    path = tmp_path / "one.warc.gz"
    page = harm(warc.gzipped(warc.page(OTHER, about(GONE)).encode()))
    warc.Writer(path).exchange(warc.url(OTHER), page, Content_Encoding="gzip")
    rewritten(path)
    assert (about(GONE).title or "") not in b"".join(warc.everything(path)).decode()


def test_a_sitemap_that_is_a_packed_file_goes_when_it_names_the_article(tmp_path: Path) -> None:
    path, address = tmp_path / "one.warc.gz", "https://www.newspim.com/sitemap.xml.gz"
    warc.Writer(path).exchange(address, warc.gzipped(f"<loc>{warc.url(about(GONE))}</loc>".encode()))
    rewritten(path)
    assert not any(found == address for _, found, _ in warc.read_by_warcio(path))


def test_what_unpacks_to_more_than_the_memory_holds_is_left_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "one.warc.gz"
    warc.Writer(path).exchange(warc.LIST, warc.gzipped(bytes(10_000)), Content_Encoding="gzip")
    monkeypatch.setattr(exchange, "_MOST", 5_000)
    assert not archives.survey(path, sought(about(GONE))).is_touched
