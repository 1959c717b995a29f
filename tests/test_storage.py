"""The output: every line whole and readable at once, compressed or not, on a full disk and after a kill."""

from __future__ import annotations

import gzip
import io
import json
import os
import resource
import sys
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import fields
from datetime import UTC, datetime
from pathlib import Path
from typing import IO, Any

import orjson
import pytest
import zstandard
from hypothesis import given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator
from scrapy import Spider
from scrapy.settings import Settings

from newscrawl.exporters import JsonLinesExporter
from newscrawl.items import Article, Author, Duplicate, Found, Image
from newscrawl.korean import KST
from newscrawl.record import article as article_of
from newscrawl.record import line as line_of
from newscrawl.record import record
from newscrawl.schema import RECORD
from newscrawl.storage import (
    MEMBER_LINES,
    CompressedFile,
    GzipMember,
    LineFile,
    LineStorage,
    ZstandardMember,
    check_outputs,
)

STANDARD_OUTPUT = ["stdout:", "/dev/stdout", "/dev/fd/1", "file:///dev/stdout"]
ENDINGS = ["", ".gz", ".zst"]
MEMBERS = {".gz": GzipMember, ".zst": ZstandardMember}


def line(number: int) -> bytes:
    return b'{"n":%d,"body":"%s"}\n' % (number, "정부는 새 대책을 내놓았다. ".encode() * (1 + number % 3))


def opened(path: Path, *, overwrite: bool = False) -> IO[bytes]:
    return LineStorage(str(path), feed_options={"overwrite": overwrite}).open(Spider("any"))


def so_far(path: Path) -> bytes:
    """What a reader of another process gets of a file that is still being written."""
    data = path.read_bytes()
    if path.suffix == ".gz":
        found = b""
        while data:
            member = zlib.decompressobj(31)
            found += member.decompress(data)
            data = member.unused_data
        return found
    if path.suffix == ".zst":
        return zstandard.ZstdDecompressor().stream_reader(io.BytesIO(data), read_across_frames=True).read()
    return data


def whole(path: Path) -> bytes:
    """What the usual tools get of a file that is finished."""
    if path.suffix == ".gz":
        with gzip.open(path) as file:
            return file.read()
    return so_far(path)


@pytest.fixture(params=ENDINGS, ids=lambda ending: ending or "plain")
def path(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    return tmp_path / f"articles.jsonl{request.param}"


def test_each_line_can_be_read_as_soon_as_it_is_written(path: Path) -> None:
    file = opened(path)
    written = b""
    for number in range(20):
        assert file.write(line(number)) == len(line(number))
        written += line(number)
        assert so_far(path) == written
    file.close()
    assert whole(path) == written


def test_more_lines_than_a_member_holds_are_one_file(path: Path) -> None:
    file = opened(path)
    lines = [line(number) for number in range(2 * MEMBER_LINES + 3)]
    for each in lines:
        file.write(each)
    assert so_far(path) == b"".join(lines)
    file.close()
    assert whole(path) == b"".join(lines)


def test_exactly_one_member_of_lines_is_a_whole_file(path: Path) -> None:
    file = opened(path)
    for number in range(MEMBER_LINES):
        file.write(line(number))
    file.close()
    assert whole(path).count(b"\n") == MEMBER_LINES


def test_appending_to_a_finished_file_makes_a_valid_file(path: Path) -> None:
    for number in range(3):
        file = opened(path)
        file.write(line(number))
        file.close()
    assert whole(path) == line(0) + line(1) + line(2)


def test_lines_after_a_kill_can_be_read_with_those_before_it(path: Path) -> None:
    killed = opened(path.with_name(f"killed{path.suffix}"))
    for number in range(3):
        killed.write(line(number))
    path.write_bytes(Path(killed.name).read_bytes())  # as the kill leaves it: the last member has no end
    killed.close()
    file = opened(path)
    file.write(line(3))
    file.close()
    assert whole(path) == b"".join(map(line, range(4)))


def test_a_line_that_a_kill_cut_spoils_no_other(tmp_path: Path) -> None:
    path = tmp_path / "articles.jsonl"
    path.write_bytes(line(0) + line(1)[:10])
    file = opened(path)
    file.write(line(2))
    file.close()
    readable = []
    for each in path.read_bytes().splitlines():
        try:
            readable.append(json.loads(each)["n"])
        except ValueError:
            continue
    assert readable == [0, 2]


def test_overwriting_begins_anew(path: Path) -> None:
    for number in range(2):
        file = opened(path, overwrite=True)
        file.write(line(number))
        file.close()
    assert whole(path) == line(1)


def test_a_file_without_lines_is_empty_and_valid(path: Path) -> None:
    opened(path).close()
    assert whole(path) == b""


def test_closing_twice_does_no_harm(path: Path) -> None:
    file = opened(path)
    file.write(line(0))
    file.close()
    size = path.stat().st_size
    file.close()
    assert file.closed
    assert path.stat().st_size == size


def test_writing_to_a_closed_file_is_an_error_and_writes_nothing(path: Path) -> None:
    file = opened(path)
    file.close()
    with pytest.raises(ValueError, match="closed"):
        file.write(line(0))
    assert path.stat().st_size == 0


def test_scrapys_store_closes_the_file(path: Path) -> None:
    storage = LineStorage(str(path))
    file = storage.open(Spider("any"))
    file.write(line(0))
    storage.store(file)
    assert file.closed
    assert whole(path) == line(0)


def test_missing_folders_are_made(tmp_path: Path) -> None:
    opened(tmp_path / "a/b/c.jsonl").close()
    assert (tmp_path / "a/b/c.jsonl").exists()


def test_a_file_that_cannot_be_opened_says_so_when_it_is_written_to(tmp_path: Path) -> None:
    """Scrapy opens it in a signal handler, where an error would only be logged, again with every item."""
    (tmp_path / "taken.jsonl").mkdir()
    file = opened(tmp_path / "taken.jsonl")
    for _ in range(2):
        with pytest.raises(IsADirectoryError):
            file.write(line(0))
    LineStorage(str(tmp_path / "taken.jsonl")).store(file)  # what was told once is not told again
    assert file.closed


def test_a_file_that_could_not_be_opened_and_was_not_written_to_is_not_stored(tmp_path: Path) -> None:
    (tmp_path / "taken.jsonl").mkdir()
    storage = LineStorage(str(tmp_path / "taken.jsonl"))
    file = storage.open(Spider("any"))
    with pytest.raises(IsADirectoryError):
        storage.store(file)
    assert file.closed


def checked(*paths: Path, **options: Any) -> None:
    check_outputs({str(path): {"format": "jsonl", **options} for path in paths}, Settings())


def test_a_look_at_an_output_touches_no_line_of_it(path: Path) -> None:
    file = opened(path)
    file.write(line(0))
    file.close()
    before = path.read_bytes()
    checked(path)
    checked(path, overwrite=True)
    assert path.read_bytes() == before


def test_a_look_at_an_output_waits_for_no_reader_of_a_pipe_and_leaves_devices_alone(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "articles.jsonl")
    checked(tmp_path / "articles.jsonl", Path("/dev/full"), Path("/dev/null"))


def test_a_look_at_an_output_through_a_link_makes_its_file(tmp_path: Path) -> None:
    (tmp_path / "link.jsonl").symlink_to(tmp_path / "file.jsonl")
    checked(tmp_path / "link.jsonl")
    assert (tmp_path / "link.jsonl").is_symlink()


def test_what_gets_its_name_from_the_run_is_not_looked_at(tmp_path: Path) -> None:
    checked(tmp_path / "%(time)s.jsonl")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("name", STANDARD_OUTPUT)
def test_a_standard_output_that_is_closed_is_refused(monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    check_outputs({name: {"format": "jsonl"}}, Settings())
    monkeypatch.setattr(sys, "__stdout__", None)
    with pytest.raises(ValueError, match="cannot write to the standard output: it is closed"):
        check_outputs({name: {"format": "jsonl"}}, Settings())


@pytest.mark.parametrize("name", ["a\0b.jsonl", "a" * 300 + ".jsonl", "\udfff.jsonl"])
def test_a_name_that_no_file_can_have_is_refused(tmp_path: Path, name: str) -> None:
    with suppress(UnicodeEncodeError), pytest.raises(ValueError, match="cannot write to"):
        checked(tmp_path / name)


def test_two_runs_that_append_to_one_file_break_no_line(tmp_path: Path) -> None:
    path = tmp_path / "articles.jsonl"
    first, second = opened(path), opened(path)
    for number in range(10):
        (first if number % 2 else second).write(line(number))
    first.close()
    second.close()
    assert path.read_bytes() == b"".join(map(line, range(10)))


# A full disk


@contextmanager
def room_for(size: int) -> Iterator[None]:
    """No file may grow over `size` bytes: the write that would is cut, the next one fails, as on a full disk."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


def incompressible(number: int) -> bytes:
    return b'{"n":%d,"body":"%s"}\n' % (number, os.urandom(300).hex().encode())


def test_a_full_disk_raises_and_leaves_whole_lines(path: Path) -> None:
    file = opened(path)
    written = 0

    def fill() -> None:
        nonlocal written
        for number in range(1000):
            file.write(incompressible(number))
            written += 1

    with room_for(4000), pytest.raises(OSError, match="File too large"):
        fill()
    lines = so_far(path).split(b"\n")
    assert lines.pop() == b""
    assert [json.loads(each)["n"] for each in lines] == list(range(written))
    file.close()


def test_a_line_that_did_not_fit_can_be_followed_by_one_that_does(tmp_path: Path) -> None:
    path = tmp_path / "articles.jsonl"
    file = opened(path)
    file.write(line(0))
    with room_for(path.stat().st_size + 10), pytest.raises(OSError, match="File too large"):
        file.write(line(1))
    file.write(line(2))
    file.close()
    assert path.read_bytes() == line(0) + line(2)


def test_what_the_system_says_of_a_full_device_is_what_is_raised() -> None:
    file = opened(Path("/dev/full"))
    with pytest.raises(OSError, match="No space left on device"):
        file.write(line(0))
    file.close()


@pytest.mark.parametrize("ending", MEMBERS)
def test_a_broken_compressed_file_takes_no_more_lines(tmp_path: Path, ending: str) -> None:
    path = tmp_path / f"articles.jsonl{ending}"
    file = opened(path)
    file.write(line(0))
    with room_for(path.stat().st_size + 10), pytest.raises(OSError, match="File too large"):
        file.write(incompressible(1))
    with pytest.raises(OSError, match="File too large"):
        file.write(line(2))
    file.close()
    assert so_far(path) == line(0)


class FullAt(LineFile):
    """A file whose n-th write, and each one after it, finds the disk full."""

    def __init__(self, path: Path, nth: int) -> None:
        super().__init__(path, overwrite=True)
        self.left = nth - 1

    def write(self, data: Any) -> int:
        if self.left == 0:
            raise OSError(28, "No space left on device")
        self.left -= 1
        return super().write(data)


@pytest.mark.parametrize("ending", MEMBERS)
def test_a_disk_that_is_full_when_a_member_ends_raises_nothing_but_oserror(tmp_path: Path, ending: str) -> None:
    path = tmp_path / f"articles.jsonl{ending}"
    file = CompressedFile(FullAt(path, MEMBER_LINES + 1), MEMBERS[ending])
    for number in range(MEMBER_LINES + 3):
        with suppress(OSError):
            file.write(line(number))
    with suppress(OSError):
        file.close()
    assert file.closed
    assert so_far(path) == b"".join(map(line, range(MEMBER_LINES)))


@pytest.mark.parametrize("ending", MEMBERS)
def test_a_disk_that_is_full_at_the_end_closes_the_file_all_the_same(tmp_path: Path, ending: str) -> None:
    path = tmp_path / f"articles.jsonl{ending}"
    inner = FullAt(path, 2)
    file = CompressedFile(inner, MEMBERS[ending])
    file.write(line(0))
    with pytest.raises(OSError, match="No space left"):
        file.close()
    assert inner.closed
    assert so_far(path) == line(0)


# A pipe, and standard output


def to_standard_output(descriptor: int, monkeypatch: pytest.MonkeyPatch, name: str, **options: Any) -> IO[bytes]:
    """As if the process had been started with that standard output."""
    monkeypatch.setattr("newscrawl.storage.local.standard_output", lambda: descriptor)
    return LineStorage(name, feed_options=options).open(Spider("any"))


def test_a_named_pipe_can_be_written_to(path: Path) -> None:
    """`mkfifo articles.jsonl`, and a program that reads it."""
    os.mkfifo(path)
    reader = os.open(path, os.O_RDONLY | os.O_NONBLOCK)
    file = opened(path)
    file.write(line(0))
    file.close()
    data = path.with_name(f"read{path.suffix}")
    data.write_bytes(os.read(reader, 1 << 16))
    assert os.read(reader, 1) == b""
    os.close(reader)
    assert whole(data) == line(0)


@pytest.mark.parametrize("name", STANDARD_OUTPUT)
def test_a_line_is_on_standard_output_as_soon_as_it_is_written(monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    read, written = os.pipe()
    file = to_standard_output(written, monkeypatch, name)
    for number in range(3):
        file.write(line(number))
        assert os.read(read, 1 << 16) == line(number)
    file.close()
    for end in (read, written):
        os.close(end)


@pytest.mark.parametrize("name", STANDARD_OUTPUT)
@pytest.mark.parametrize("overwrite", [True, False])
def test_what_a_file_behind_standard_output_holds_is_the_shells_affair(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, overwrite: bool
) -> None:
    """`-O -:jsonl >> articles.jsonl`"""
    with (tmp_path / "articles.jsonl").open("ab", buffering=0) as shell:
        shell.write(line(0))
        file = to_standard_output(shell.fileno(), monkeypatch, name, overwrite=overwrite)
        file.write(line(1))
        file.close()
        shell.write(line(2))
    assert (tmp_path / "articles.jsonl").read_bytes() == line(0) + line(1) + line(2)


@pytest.mark.parametrize("ending", MEMBERS)
def test_the_form_compresses_standard_output(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, ending: str) -> None:
    """`-O -:gz > articles.jsonl.gz`"""
    path = tmp_path / f"articles.jsonl{ending}"
    with path.open("wb") as shell:
        file = to_standard_output(shell.fileno(), monkeypatch, "stdout:", format=ending.removeprefix("."))
        file.write(line(0))
        file.close()
    assert whole(path) == line(0)


@settings(deadline=None, database=None, derandomize=True, max_examples=50)
@given(
    st.lists(st.binary(max_size=200).map(lambda data: data.replace(b"\n", b"") + b"\n"), max_size=20),
    st.sampled_from(list(MEMBERS)),
)
def test_whatever_the_lines_are_they_come_out_as_they_went_in(lines: list[bytes], ending: str) -> None:
    class Memory(LineFile):
        def __init__(self) -> None:
            io.RawIOBase.__init__(self)
            self.name, self.data = "memory", b""

        def write(self, data: Any) -> int:
            self.data += bytes(data)
            return len(data)

        def close(self) -> None:
            io.RawIOBase.close(self)

    inner = Memory()
    file = CompressedFile(inner, MEMBERS[ending])
    for each in lines:
        file.write(each)
    file.close()
    read: Callable[[bytes], bytes] = (
        gzip.decompress
        if ending == ".gz"
        else lambda data: zstandard.ZstdDecompressor().stream_reader(io.BytesIO(data), read_across_frames=True).read()
    )
    assert read(inner.data) == b"".join(lines)


# The record and its line


def article(**more: Any) -> Article:
    return Article("newspim:20260911000123", "newspim", "https://www.newspim.com/news/view/20260911000123", **more)


def full_article() -> Article:
    return article(
        title="[단독] 가나전자, 새 공장",
        marks=["단독"],
        language="ko",
        published_at=datetime(2026, 9, 11, 10, 23, 7, 999, tzinfo=KST),
        authors=[Author("홍길동", "기자", "gildong@newspim.com"), Author(None, None, "b@newspim.com")],
        body="정부는 새 대책을 내놓았다.\n\n“3.5%↑” 👩\u200d💻",
        tables=[[["종목", "등락률"], ["가나전자", None]]],
        images=[Image("https://img.newspim.com/a.jpg", "새 공장 [사진=가나전자]", "가나전자"), Image(None)],
        tickers=["005930"],
        related=["newspim:20260911000124"],
        story="newspim:20260911000001",
        duplicate=Duplicate("newspim:20260911000099", "update", 0.141, 0.9),
        found=Found("argument", None, datetime(2026, 9, 11, 2, 0, tzinfo=UTC)),
        first_seen_at=datetime(2026, 9, 11, 10, 30, 0, 5, tzinfo=KST),
        fetched_at=datetime(2026, 9, 11, 11, 0, 0, 5, tzinfo=KST),
        revision=2,
        changed=["body", "status"],
        previous_hash="1" * 64,
        fields_from={"title": "og:title"},
        extractor="newspim-2026",
        hash="0" * 64,
    )


def exported(item: Any, **options: Any) -> bytes:
    file = io.BytesIO()
    exporter = JsonLinesExporter(file, **options)
    exporter.start_exporting()
    exporter.export_item(item)
    exporter.finish_exporting()
    return file.getvalue()


def test_the_record_has_every_field_in_the_order_of_the_schema() -> None:
    assert list(record(article())) == list(RECORD["properties"])


def test_the_record_has_every_field_of_the_item() -> None:
    not_written = {"recheck", "validators", "considered", "placed", "removed"}
    assert set(record(article())) == {field.name for field in fields(Article)} - not_written | {"schema"}


def test_a_full_record_keeps_the_schema() -> None:
    Draft202012Validator(RECORD).validate(json.loads(exported(full_article())))


def test_times_have_seconds_and_an_offset() -> None:
    found = record(full_article())
    assert (found["published_at"], found["fetched_at"]) == ("2026-09-11T10:23:07+09:00", "2026-09-11T11:00:00+09:00")
    assert found["found"] == {"via": "argument", "from": None, "at": "2026-09-11T02:00:00+00:00"}


def test_a_line_gives_the_article_back_but_for_parts_of_seconds() -> None:
    written = line_of(full_article())
    again = article_of(written)
    assert line_of(again) == written
    assert again.authors == full_article().authors
    assert again.images == full_article().images
    assert again.found == full_article().found
    assert again.published_at == datetime(2026, 9, 11, 10, 23, 7, tzinfo=KST)


def test_a_line_without_what_is_missing_gives_the_article_back() -> None:
    assert article_of(line_of(article())) == article()


def test_what_is_missing_is_null_or_an_empty_list() -> None:
    empty = {name: value for name, value in record(article()).items() if value in (None, "", [])}
    assert "" not in empty.values()
    assert empty["title"] is empty["body"] is empty["found"] is None
    assert empty["tables"] == []


def test_a_line_is_one_line_of_utf8() -> None:
    data = exported(full_article())
    assert data.endswith(b"}\n")
    assert data.count(b"\n") == 1
    assert "정부는 새 대책을 내놓았다.\\n\\n“3.5%↑” 👩\u200d💻" in data.decode()


def test_each_line_is_one_write() -> None:
    class Counting(io.BytesIO):
        writes = 0

        def write(self, data: Any) -> int:
            self.writes += 1
            return super().write(data)

    file = Counting()
    exporter = JsonLinesExporter(file)
    for _ in range(3):
        exporter.export_item(full_article())
    assert file.writes == 3


def test_only_the_fields_that_are_asked_for_are_written_under_their_names() -> None:
    assert exported(full_article(), fields_to_export=["title", "id"]).startswith(b'{"title":')
    assert orjson.loads(exported(full_article(), fields_to_export={"id": "number"})) == {
        "number": "newspim:20260911000123"
    }


def test_another_item_is_written_as_it_is() -> None:
    assert exported({"가": [1, None]}) == '{"가":[1,null]}\n'.encode()


def test_a_line_that_cannot_be_written_raises(tmp_path: Path) -> None:
    exporter = JsonLinesExporter(FullAt(tmp_path / "articles.jsonl", 1))  # type: ignore[arg-type]
    with pytest.raises(OSError, match="No space left"):
        exporter.export_item(full_article())
