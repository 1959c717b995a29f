"""The files of a run's archive: whole records, no larger than asked for, nothing half after a kill."""

from __future__ import annotations

import os
import random
from datetime import datetime
from pathlib import Path

import pytest

from newscrawl.archive.answer import Answer
from newscrawl.archive.files import ArchiveFiles
from newscrawl.archive.reading import captures, payload
from newscrawl.archive.writing import Writing
from newscrawl.korean import KST
from newscrawl.state import Journal
from tests import states

from .valid import faults, records_of

pytestmark = pytest.mark.usefixtures("engine")


NOW = datetime(2026, 11, 20, 18, 0, 0, 123456, tzinfo=KST)
ADDRESS = "https://www.newspim.com/news/view/20261120000001"


def answer(body: bytes = b"<p>a page</p>", url: str = ADDRESS, status: str = "200 OK") -> Answer:
    head = f"HTTP/1.1 {status}\r\nContent-Type: text/html\r\n\r\n".encode()
    request = b"GET / HTTP/1.1\r\nHost: www.newspim.com\r\n\r\n"
    return Answer(
        url, request, head, body, NOW, "127.0.0.1", {"callback": "parse_article", "arguments": {"via": "list"}}
    )


def writing(folder: Path, most: int = 10**9) -> Writing:
    made = Writing(ArchiveFiles(folder / "warc", "example", most), lambda: NOW)
    made.describe({"software": "a test"})
    return made


def journal(folder: Path, writing: Writing | None = None) -> Journal:
    made = Journal(states.database(folder), folder / "run.jsonl")
    made.begin("example", "{}", None)
    if writing:
        made.archive_in(writing)
    return made


def test_a_file_begins_with_what_wrote_it_and_has_each_answer_with_its_request(tmp_path: Path) -> None:
    archive = writing(tmp_path)
    place = archive.keep(answer(), 200)
    archive.files.finish()
    path = tmp_path / place.file
    assert [record["warc-type"] for record in records_of(path)] == ["warcinfo", "response", "request", "metadata"]
    info, response, request, _ = records_of(path)
    assert info["content"] == b"software: a test\r\n"
    assert response["content"].endswith(b"\r\n\r\n<p>a page</p>")
    assert response["warc-date"] == "2026-11-20T09:00:00.123456Z"
    assert request["warc-concurrent-to"] == response["warc-record-id"]
    assert {record["warc-warcinfo-id"] for record in (response, request)} == {info["warc-record-id"]}
    assert payload(path, place.offset) == b"<p>a page</p>"
    assert faults(path) == []


def test_what_comes_again_unchanged_points_to_what_was_there(tmp_path: Path) -> None:
    archive = writing(tmp_path)
    first = archive.keep(answer(), 200)
    same, other = archive.keep(answer(), 200), archive.keep(answer(b"<p>another</p>"), 200)
    unchanged = archive.keep(answer(b"", status="304 Not Modified"), 304)
    archive.files.finish()
    path = tmp_path / first.file
    kinds = {record["warc-type"]: record for record in records_of(path)}
    assert faults(path) == []
    assert kinds["revisit"]["warc-profile"].endswith("server-not-modified")
    found = list(captures(path, lambda _: True, pytest.fail))
    assert [(one.place, one.status, one.body) for one in found] == [
        (first, 200, b"<p>a page</p>"),
        (same, 200, b"<p>a page</p>"),
        (other, 200, b"<p>another</p>"),
        (unchanged, 304, b""),
    ]
    sizes = [one.place.offset for one in found]
    assert sizes == sorted(sizes)


def test_what_a_later_run_finds_unchanged_points_to_the_file_of_the_earlier(tmp_path: Path) -> None:
    places = []
    for name in ("first", "second"):
        run = journal(tmp_path)
        archive = Writing(ArchiveFiles(tmp_path / "warc", name, 10**9), lambda: NOW, run.payload)
        run.archive_in(archive)
        places.append(archive.keep(answer(), 200))
        run.commit()
        run.end("finished", {})
    second = tmp_path / places[1].file
    assert [one["warc-type"] for one in records_of(second)][1] == "revisit"
    assert faults(second) == []
    assert [one.body for one in captures(second, lambda _: True, pytest.fail)] == [b"<p>a page</p>"]


def test_nothing_points_to_a_file_that_is_gone(tmp_path: Path) -> None:
    for _ in range(2):
        run = journal(tmp_path)
        archive = Writing(ArchiveFiles(tmp_path / "warc", "example", 10**9), lambda: NOW, run.payload)
        run.archive_in(archive)
        place = archive.keep(answer(), 200)
        run.commit()
        run.end("finished", {})
        path = tmp_path / place.file
        assert [one["warc-type"] for one in records_of(path)][1] == "response"
        path.unlink()


def test_no_error_page_is_pointed_to(tmp_path: Path) -> None:
    archive = writing(tmp_path)
    for _ in range(2):
        place = archive.keep(answer(b"busy", status="503 Service Unavailable"), 503)
    archive.files.finish()
    assert [one["warc-type"] for one in records_of(tmp_path / place.file)].count("response") == 2


def test_a_full_file_is_followed_by_another_that_says_again_what_wrote_it(tmp_path: Path) -> None:
    archive = writing(tmp_path, most=20_000)
    places = [
        archive.keep(answer(random.Random(count).randbytes(9_000), f"{ADDRESS}?{count}"), 200) for count in range(5)
    ]
    archive.files.finish()
    files = sorted((tmp_path / "warc").iterdir())
    assert {place.file for place in places} == {f"warc/{path.name}" for path in files}
    assert len(files) > 1
    for path in files:
        assert faults(path) == []
        assert path.stat().st_size <= 20_000
        assert next(iter(records_of(path)))["warc-type"] == "warcinfo"


def test_an_answer_larger_than_a_file_may_be_has_a_file_of_its_own(tmp_path: Path) -> None:
    archive = writing(tmp_path, most=1_000)
    places = [
        archive.keep(answer(random.Random(count).randbytes(9_000), f"{ADDRESS}?{count}"), 200) for count in range(3)
    ]
    archive.files.finish()
    assert len({place.file for place in places}) == 3


def test_a_file_that_grows_is_called_open_and_gets_its_name_at_the_end(tmp_path: Path) -> None:
    archive = writing(tmp_path)
    run = journal(tmp_path, archive)
    place = archive.keep(answer(), 200)
    run.commit()
    assert [path.name for path in (tmp_path / "warc").iterdir()] == [f"{Path(place.file).name}.open"]
    run.end("finished", {})
    assert [path.name for path in (tmp_path / "warc").iterdir()] == [Path(place.file).name]
    assert faults(tmp_path / place.file) == []


def test_what_was_not_committed_before_a_kill_is_cut_off(tmp_path: Path) -> None:
    archive = writing(tmp_path)
    run = journal(tmp_path, archive)
    kept = archive.keep(answer(), 200)
    run.commit()
    archive.keep(answer(bytes(5_000), f"{ADDRESS}?2"), 200)
    archive.files.sync()  # and now the process dies
    with (tmp_path / f"{kept.file}.open").open("ab") as file:
        file.write(b"half a record")
    _bury(run)
    following = journal(tmp_path)
    following.end("finished", {})
    path = tmp_path / kept.file
    assert faults(path) == []
    assert [one.place for one in captures(path, lambda _: True, pytest.fail)] == [kept]
    assert list((tmp_path / "warc").iterdir()) == [path]


@pytest.mark.parametrize("committed", [False, True], ids=["before the first commit", "after the name was given"])
def test_a_kill_at_the_begin_or_the_end_leaves_no_file_that_nobody_knows(tmp_path: Path, *, committed: bool) -> None:
    archive = writing(tmp_path)
    run = journal(tmp_path, archive)
    place = archive.keep(answer(), 200)
    if committed:
        run.commit()
        archive.files.finish()  # renamed; the commit that says so never comes
    else:
        assert run._archiving is not None
        run._archiving.sync()  # on the disk; so the commit that says so
    _bury(run)
    journal(tmp_path).end("finished", {})
    left = [path.name for path in (tmp_path / "warc").iterdir()]
    assert left == ([Path(place.file).name] if committed else [])


def test_a_disk_that_takes_nothing_loses_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    archive = writing(tmp_path)
    run = journal(tmp_path, archive)
    place = archive.keep(answer(), 200)
    with monkeypatch.context() as patch:
        patch.setattr("newscrawl.archive.files.os.pwrite", _full)
        with pytest.raises(OSError, match="No space"):
            run.commit()
    archive.keep(answer(b"<p>later</p>", f"{ADDRESS}?2"), 200)
    run.commit()
    run.end("finished", {})
    assert faults(tmp_path / place.file) == []
    assert [one.body for one in captures(tmp_path / place.file, lambda _: True, pytest.fail)] == [
        b"<p>a page</p>",
        b"<p>later</p>",
    ]


def test_a_folder_that_cannot_be_made_loses_no_answer_and_is_an_error_of_the_commit(tmp_path: Path) -> None:
    (tmp_path / "warc").touch()
    archive = writing(tmp_path)
    run = journal(tmp_path, archive)
    place = archive.keep(answer(), 200)
    with pytest.raises(OSError, match="File exists"):
        run.commit()
    (tmp_path / "warc").unlink()
    run.commit()
    run.end("finished", {})
    assert faults(tmp_path / place.file) == []


def test_two_runs_at_the_same_moment_have_files_of_their_own(tmp_path: Path) -> None:
    first, second = writing(tmp_path), writing(tmp_path)
    places = []
    for archive in (first, second):
        run = journal(tmp_path, archive)
        places.append(archive.keep(answer(), 200).file)
        run.commit()
        run.end("finished", {})
    assert len(set(places)) == 2


def _full(*_: object) -> int:
    raise OSError(28, "No space left on device")


def _bury(run: Journal) -> None:
    """As the system does when a process dies."""

    if run._run is not None and run._run.lock is not None:
        os.close(run._run.lock._file)
    run.database.close()


@pytest.mark.parametrize("cut", [0.2, 0.5, 0.7, 0.9, 0.999])
def test_a_file_that_is_cut_off_is_told_wherever_it_is_cut(tmp_path: Path, cut: float) -> None:
    archive = writing(tmp_path)
    for count in range(4):
        place = archive.keep(answer(random.Random(count).randbytes(3_000), f"{ADDRESS}?{count}"), 200)
    archive.files.finish()
    path = tmp_path / place.file
    whole = path.read_bytes()
    told: list[str] = []
    assert len(list(captures(path, lambda _: False, told.append))) == 0
    assert told == []
    path.write_bytes(whole[: int(len(whole) * cut)])
    list(captures(path, lambda _: False, told.append))  # of no page that is wanted
    assert [str(path) in line for line in told] == [True]


def test_what_came_while_nothing_was_archived_is_not_passed_over(tmp_path: Path) -> None:
    """A 304 then means the later text, which no archive has."""
    for archiving in (True, False, True):
        run = journal(tmp_path)
        archive = Writing(ArchiveFiles(tmp_path / "warc", "example", 10**9), lambda: NOW, run.payload)
        if archiving:
            run.archive_in(archive)
            came = answer(b"<p>a page</p>"), answer(b"", status="304 Not Modified")
            place = archive.keep(came[bool(run.run.id > 1)], 304 if run.run.id > 1 else 200)
        else:
            run.archive_nothing()
        run.commit()
        run.end("finished", {})
    assert [one["warc-type"] for one in records_of(tmp_path / place.file)] == [
        "warcinfo",
        "response",
        "request",
        "metadata",
    ]
