"""Archives without the exchanges of an article: what is left is read by others' readers, at the same places."""

from __future__ import annotations

import subprocess
import sys
import zlib
from pathlib import Path

import brotli
import pytest
import zstandard
from fastwarc.warc import ArchiveIterator, WarcRecordType

from newscrawl.extraction import Page, extract
from newscrawl.forgetting import archives
from newscrawl.forgetting.members import filled
from newscrawl.forgetting.sought import Sought
from newscrawl.items import Article
from newscrawl.newsroom import generate
from newscrawl.record import line, record

from . import warc
from .folder import GONE, NOW, SITE, Folder, about, number, sentences

OTHER = about(1)
DAY = "2026-11-23"


def sought(*articles: Article) -> Sought:
    """These, with their words."""
    wanted = Sought.of(SITE, [int(one.id[-14:]) for one in articles])
    for one in articles:
        wanted.learn(line(one))
    return wanted


def rewritten(path: Path, wanted: Sought | None = None, size: int | None = None) -> list[str]:
    """Survey and rewrite; the pages that went whole."""
    wanted = wanted or sought(about(GONE))
    found = archives.survey(path, wanted, size)
    return archives.rewrite(path, found, wanted, DAY)


def members(path: Path) -> list[bytes]:
    """The gzip members as they stand."""
    data, found = path.read_bytes(), []
    while data:
        reader = zlib.decompressobj(31)
        reader.decompress(data)
        found.append(data[: len(data) - len(reader.unused_data)])
        data = reader.unused_data
    return found


def test_all_of_it_goes_and_two_readers_read_the_rest(tmp_path: Path) -> None:
    path = tmp_path / "one.warc.gz"
    warc.archive(path, about(GONE), OTHER)
    rewritten(path)
    text = b"".join(warc.everything(path)).decode()
    assert [piece for piece in sentences(about(GONE)) if piece in text] == []
    addresses = [address for _, address, _ in warc.read_by_warcio(path)]
    assert not any(address and (str(number(GONE)) in address or "lists" in address) for address in addresses)
    assert addresses.count("https://www.newspim.com/robots.txt") == 3


def test_kept_records_stay_byte_for_byte_at_their_places(tmp_path: Path) -> None:
    path = tmp_path / "one.warc.gz"
    written = warc.archive(path, about(GONE), OTHER)
    before, size = path.read_bytes(), path.stat().st_size
    found = archives.survey(path, sought(about(GONE)))
    rewritten(path)
    after = path.read_bytes()
    assert len(after) == size
    ends = [*(place for _, _, place in written.offsets[1:]), size]
    kept = [
        (place, end)
        for (_, _, place), end in zip(written.offsets, ends, strict=True)
        if place not in found.gone | found.redacted
    ]
    assert len(kept) > 8
    assert all(after[place:end] == before[place:end] for place, end in kept)


@pytest.mark.parametrize("command", ["warcio", "fastwarc"])
def test_validators_find_nothing_wrong(tmp_path: Path, command: str) -> None:
    path = tmp_path / "one.warc.gz"
    warc.archive(path, about(GONE), OTHER)
    rewritten(path)
    done = subprocess.run(
        [Path(sys.executable).with_name(command), "check", path], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0
    assert "fail" not in done.stdout.lower().replace("(0 failed)", "").replace("0 records failed", "")


def test_a_record_behind_what_was_removed_is_read_from_its_place(tmp_path: Path) -> None:
    path = tmp_path / "one.warc.gz"
    written = warc.archive(path, about(GONE), OTHER)
    rewritten(path)
    place = next(place for kind, address, place in written.offsets if address.endswith("robots.txt"))
    with path.open("rb") as file:
        file.seek(place)
        record = next(iter(ArchiveIterator(file)))
        assert record.headers["WARC-Target-URI"] == "https://www.newspim.com/robots.txt"


@pytest.mark.parametrize("coding", ["", "gzip", "zstd", "br", "deflate"])
def test_a_page_of_another_article_loses_the_words_and_gives_the_same_record(tmp_path: Path, coding: str) -> None:
    best = f"<div>[뉴스핌 베스트 기사]<p>{(about(GONE).body or '').split(chr(10))[0]}</p></div>"
    page = warc.page(OTHER, about(GONE)).replace("</aside>", f"{best}</aside>")
    packed = {
        "": lambda data: data,
        "gzip": warc.gzipped,
        "zstd": zstandard.ZstdCompressor().compress,
        "br": brotli.compress,
        "deflate": zlib.compress,
    }[coding](page.encode())
    path = tmp_path / "one.warc.gz"
    warc.Writer(path).exchange(warc.url(OTHER), packed, **({"Content_Encoding": coding} if coding else {}))
    rewritten(path)
    with path.open("rb") as file:
        answer = next(iter(ArchiveIterator(file, WarcRecordType.response, verify_digests=True, auto_decode="all")))
        after = answer.reader.read()
    assert answer.headers["Newscrawl-Redacted"] == DAY
    assert about(GONE).title not in after.decode()
    assert _record(page.encode()) == _record(after)


def test_an_article_that_no_feed_has_keeps_its_page_though_it_shares_a_sentence(tmp_path: Path) -> None:
    """Read and not asked for: its page stands in the archive alone."""
    other, common = about(1), (about(GONE).body or "").split("\n\n")[0]
    other.body = f"{other.body}\n\n{common}"
    path = tmp_path / "one.warc.gz"
    warc.Writer(path).exchange(warc.url(other), warc.page(other).encode())
    wanted = sought(about(GONE))
    before, found = path.read_bytes(), archives.survey(path, wanted)
    archives.rewrite(path, found, wanted, DAY)
    assert path.read_bytes() == before
    assert set(wanted.words.shared.values()) == {other.id}


def test_the_page_of_a_copy_that_was_dropped_goes(tmp_path: Path) -> None:
    copy = about(1)
    copy.title, copy.body, copy.deck = about(GONE).title, about(GONE).body, []
    path = tmp_path / "one.warc.gz"
    warc.Writer(path).exchange(warc.url(copy), warc.page(copy).encode())
    rewritten(path)
    assert [address for _, address, _ in warc.read_by_warcio(path)] == [None]


def _record(page: bytes) -> dict[str, object]:
    return record(extract(Page.from_bytes(page, warc.url(OTHER), "text/html; charset=utf-8"), str(number(1)), SITE))


def test_pages_of_the_newsroom_give_the_same_records_without_an_article_that_they_name(tmp_path: Path) -> None:
    site = generate(articles=24, days=1, seed=3, end=NOW)
    known: dict[str, Article] = {}
    new = warc.Writer(tmp_path / "one.warc.gz")
    for story in site.articles:
        page, address = site.page(story.id), f"https://www.newspim.com/news/view/{story.id}"
        new.exchange(address, warc.gzipped(page), Content_Encoding="gzip")
        known[story.id] = extract(Page.from_bytes(page, address, "text/html; charset=utf-8"), story.id, SITE)
    gone = site.articles[3].id
    wanted = sought(known[gone])
    for one, article in known.items():
        if one != gone:
            wanted.words.share(line(article), one)
    found = archives.survey(new.path, wanted)
    assert len(found.redacted) > 3
    assert archives.rewrite(new.path, found, wanted, DAY) == []
    with new.path.open("rb") as file:
        for answer in ArchiveIterator(file, WarcRecordType.response, auto_decode="all"):
            address, page = answer.headers["WARC-Target-URI"], answer.reader.read()
            found_again = extract(Page.from_bytes(page, address, "text/html; charset=utf-8"), address[-14:], SITE)
            assert record(found_again) == record(known[address[-14:]])


def test_a_page_that_would_not_fit_without_the_words_goes_whole_and_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of no page is that known: every one that was tried fits. The redacted form is made too long here."""
    path = tmp_path / "one.warc.gz"
    new = warc.Writer(path)
    new.exchange(warc.url(OTHER), warc.page(OTHER, about(GONE)).encode())
    new.exchange("https://www.newspim.com/robots.txt", b"User-agent: *\n")
    monkeypatch.setattr(archives, "_fitting", lambda *_: None)
    assert rewritten(path) == [warc.url(OTHER)]
    assert len(warc.read_by_warcio(path)) == 6
    assert list(warc.everything(path))


def test_a_list_whose_encoding_nobody_reads_goes_if_its_lines_name_the_article(tmp_path: Path) -> None:
    path = tmp_path / "one.warc.gz"
    warc.Writer(path).exchange(warc.LIST, f"see {warc.url(about(GONE))}".encode(), Content_Encoding="x-own")
    rewritten(path)
    assert not any(address == warc.LIST for _, address, _ in warc.read_by_warcio(path))


def test_what_a_killed_run_left_behind_the_last_whole_record_is_cut_off(tmp_path: Path) -> None:
    path = tmp_path / "one.warc.gz.open"
    warc.archive(path, about(GONE), OTHER)
    size = path.stat().st_size
    with path.open("ab") as file:
        file.write(warc.gzipped(b"WARC/1.1\r\n" + (about(GONE).body or "").encode() * 50)[:-30])
    rewritten(path)
    assert path.stat().st_size == size


def test_bytes_that_the_state_does_not_count_are_cut_off(tmp_path: Path) -> None:
    path = tmp_path / "one.warc.gz.open"
    written = warc.archive(path, about(GONE), OTHER)
    last = written.offsets[-3][2]
    rewritten(path, size=last)
    assert path.stat().st_size == last


def test_of_a_file_that_is_damaged_what_can_be_read_is_rewritten_and_the_rest_stays(folder: Folder) -> None:
    path = folder.path / "warc" / "one.warc.gz"
    rest = b"\x1f\x8b\x08\x00" + b"damaged" * 20
    with path.open("ab") as file:
        file.write(rest)
    troubles = folder.forget(GONE).troubles
    assert any("one.warc.gz is damaged" in line for line in troubles)
    assert path.read_bytes().endswith(rest)
    assert not any("still has words" in line for line in troubles)


def test_of_a_file_that_a_killed_run_began_and_committed_nothing_of_nothing_stays(tmp_path: Path) -> None:
    path = tmp_path / "one.warc.gz.open"
    warc.archive(path, about(GONE), OTHER)
    rewritten(path, size=0)
    assert path.stat().st_size == 0


def test_a_page_as_a_browser_showed_it_loses_the_words_too(tmp_path: Path) -> None:
    path, best = tmp_path / "one.warc.gz", f"<p>{(about(GONE).body or '').split(chr(10))[0]}</p>"
    new = warc.Writer(path)
    page = warc.page(OTHER, about(GONE)).replace("</aside>", f"{best}</aside>").encode()
    new.add(
        WarcRecordType.conversion,
        warc.url(OTHER),
        page,
        WARC_Refers_To="<urn:uuid:00000000-0000-0000-0000-000000000001>",
    )
    rewritten(path)
    (headers, after) = list(warc.everything(path))
    assert b"Newscrawl-Redacted" in headers
    assert _record(page) == _record(after)


def test_a_page_of_a_copy_that_is_in_no_feed_goes_whole(tmp_path: Path) -> None:
    """Copies are dropped, and the archive has their pages."""
    copy = about(GONE)
    copy.id = about(8).id
    path = tmp_path / "one.warc.gz"
    new = warc.Writer(path)
    new.exchange(warc.url(copy), warc.page(copy).encode())
    new.exchange(warc.url(OTHER), warc.page(OTHER).encode())
    rewritten(path)
    addresses = {address for _, address, _ in warc.read_by_warcio(path)}
    assert addresses == {None, warc.url(OTHER)}


def test_a_page_that_says_the_same_as_an_article_of_the_feeds_stays(tmp_path: Path) -> None:
    copy = about(GONE)
    copy.id = about(8).id
    path = tmp_path / "one.warc.gz"
    warc.Writer(path).exchange(warc.url(copy), warc.page(copy).encode())
    wanted, before = sought(about(GONE)), path.read_bytes()
    wanted.words.share(line(copy), copy.id)
    found = archives.survey(path, wanted)
    assert not found.is_touched
    assert path.read_bytes() == before


def test_an_archive_without_the_article_is_not_written_anew(tmp_path: Path) -> None:
    path = tmp_path / "one.warc.gz"
    warc.archive(path, about(2), OTHER)
    assert not archives.survey(path, sought(about(GONE))).is_touched


@pytest.mark.parametrize("more", [0, 1, 40, 100_000])
def test_a_member_is_filled_to_the_byte(more: int) -> None:
    data = b"some words" * 20
    least = next(size for size in range(200) if filled(data, size))
    packed = filled(data, least + more)
    assert packed is not None
    assert len(packed) == least + more
    assert zlib.decompress(packed, 31) == data
    assert filled(data, least - 1) is None
