"""WARC files as others write them: what can be read is read, and what cannot is told and costs nothing else."""

from __future__ import annotations

import gzip
from pathlib import Path

import pytest

from newscrawl.archive.reading import Capture, captures, first_time

BASE = "https://www.newspim.com/news/view/2026112000000"
PAGE = b"<p>a page</p>"
REVISIT = "http://netpreserve.org/warc/{}/revisit/identical-payload-digest"
TEN = "2026-11-20T10:00:00Z"


def record(count: int, body: bytes = PAGE, head: str = "", kind: str = "response", **fields: str) -> bytes:
    """The record of an answer. `fields`: of the record, with _ for -; one that is "" is left out."""
    block = f"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n{head}\r\n".encode() + body
    said = {
        "WARC_Type": kind,
        "WARC_Record_ID": f"<urn:uuid:{count}>",
        "WARC_Target_URI": f"{BASE}{count}",
        "WARC_Date": TEN,
        "Content_Type": "application/http; msgtype=response",
        "Content_Length": str(len(block)),
    }
    lines = "".join(f"{name.replace('_', '-')}: {value}\r\n" for name, value in (said | fields).items() if value)
    return f"WARC/1.0\r\n{lines}\r\n".encode() + block + b"\r\n\r\n"


def written(folder: Path, *records: bytes) -> Path:
    path = folder / "a.warc.gz"
    path.write_bytes(b"".join(map(gzip.compress, records)))
    return path


def read(path: Path) -> tuple[list[Capture], list[str]]:
    told: list[str] = []
    return list(captures(path, lambda url: url.startswith(BASE), told.append)), told


@pytest.mark.parametrize("date", ["", "gestern", "20261120100000"])
def test_a_record_without_a_time_is_told_and_the_others_are_read(tmp_path: Path, date: str) -> None:
    path = written(tmp_path, record(1, WARC_Date=date), record(2))
    found, told = read(path)
    assert [one.url[-1] for one in found] == ["2"]
    assert [f"{BASE}1 has no time" in line for line in told] == [True]
    assert first_time(path) == found[0].at


def test_a_time_without_a_zone_is_utc(tmp_path: Path) -> None:
    found, _ = read(written(tmp_path, record(1, WARC_Date=TEN[:-1]), record(2)))
    assert found[0].at == found[1].at


CHUNKED = "Transfer-Encoding: chunked\r\n"


@pytest.mark.parametrize(
    ("body", "is_read"),
    [
        (b"5;x=y\r\n<p>a \r\n8\r\npage</p>\r\n0\r\n\r\n", True),
        (PAGE, True),  # joined by who wrote it, who left the header
        (b"5\r\n<p>a \r\n8\r\npa", False),
        (b"5\r\n<p>a \r\n-5\r\n<p>a ", False),
    ],
)
def test_the_chunks_of_an_answer_are_joined(tmp_path: Path, body: bytes, *, is_read: bool) -> None:
    found, told = read(written(tmp_path, record(1, body, CHUNKED), record(2)))
    assert [one.body for one in found] == [PAGE] * (1 + is_read)
    assert ["ends in the middle" in line for line in told] == [True] * (not is_read)


def test_an_answer_that_was_truncated_is_told_and_left_out(tmp_path: Path) -> None:
    found, told = read(written(tmp_path, record(1, PAGE[:5], WARC_Truncated="length"), record(2)))
    assert [one.url[-1] for one in found] == ["2"]
    assert ["has only a part of" in line for line in told] == [True]


@pytest.mark.parametrize("version", ["1.0", "1.1"])
@pytest.mark.parametrize(
    ("name", "offset", "is_found"),
    [
        ("a.warc.gz", "0", True),
        ("elsewhere/a.warc.gz", "0", True),
        ("a.warc.gz", "7", False),
        ("a.warc.gz", "x", False),
    ],
)
def test_a_revisit_has_the_body_that_it_points_to(
    tmp_path: Path, version: str, name: str, offset: str, *, is_found: bool
) -> None:
    points = {"WARC_Refers_To_Filename": name, "WARC_Refers_To_File_Offset": offset, "WARC_Truncated": "length"}
    again = record(2, b"", kind="revisit", WARC_Profile=REVISIT.format(version), **points)
    found, told = read(written(tmp_path, record(1), again, record(3)))
    assert [one.body for one in found] == [PAGE] * (2 + is_found)
    assert ["cannot be found" in line for line in told] == [True] * (not is_found)


def test_metadata_of_others_means_nothing(tmp_path: Path) -> None:
    beside = record(1, kind="metadata", WARC_Concurrent_To="<urn:uuid:1>", Content_Type="application/json")
    head, _, _ = beside.partition(b"HTTP/1.1")
    content = b'{"callback": "parse_article"}'.ljust(len(beside) - len(head) - 4)
    assert read(written(tmp_path, record(1), head + content + b"\r\n\r\n"))[0][0].callback == ""


def test_a_file_packed_as_a_whole_is_no_file_that_is_cut_off(tmp_path: Path) -> None:
    path = tmp_path / "whole.warc.gz"
    path.write_bytes(gzip.compress(record(1) + record(2)))
    found, told = read(path)
    assert (len(found), told) == (2, [])
    path.write_bytes(path.read_bytes()[:-9])
    assert len(read(path)[1]) == 1


def test_damage_in_the_middle_of_an_answer_costs_no_other_before_it(tmp_path: Path) -> None:
    path = written(tmp_path, record(1), record(2, bytes(range(256)) * 4000))
    whole = bytearray(path.read_bytes())
    whole[-3000:-2000] = bytes(1000)
    path.write_bytes(whole)
    found, told = read(path)
    assert [one.url[-1] for one in found] == ["1"]
    assert [str(path) in line for line in told] == [True]


@pytest.mark.parametrize("name", ["a.warc", "a.warc.gz"])
def test_an_empty_file_is_told(tmp_path: Path, name: str) -> None:
    (tmp_path / name).touch()
    assert read(tmp_path / name) == ([], [f"{tmp_path / name} is empty"])


@pytest.mark.parametrize("name", ["a.warc.gz.open", "a.copy"])
def test_how_a_file_is_packed_is_seen_whatever_its_name_is(tmp_path: Path, name: str) -> None:
    path = written(tmp_path, record(1), record(2)).rename(tmp_path / name)
    found, told = read(path)
    assert ([one.url[-1] for one in found], told) == (["1", "2"], [])
    assert first_time(path) == found[0].at
