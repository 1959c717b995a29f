"""`scrapy reextract` as users run it: what a crawl wrote, from its archive alone."""

from __future__ import annotations

import gzip
import json
import shutil
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest

from newscrawl.korean import KST
from newscrawl.newsroom import Clock, Faults, Newsroom, generate
from tests.archive.valid import at, faults, records_of
from tests.crawl.conftest import PACE, scrapy
from tests.test_golden_pages import read

Record = dict[str, Any]

END = datetime(2026, 11, 20, 18, 0, tzinfo=KST)
AGES = "NEWSCRAWL_RECHECK_AFTER=" + ",".join(f"{hours}h" for hours in range(1, 40))
# How far each run is from the one before: looks come due, and what was found gone is found gone again.
RUNS = (timedelta(0), timedelta(hours=1), timedelta(hours=1), timedelta(hours=20))


@dataclass(frozen=True)
class Month:
    """A month of news, crawled, looked at again, and what was written of it."""

    data: Path
    lines: list[bytes]
    archives: list[Path]

    @property
    def records(self) -> list[Record]:
        return [json.loads(line) for line in self.lines]


@pytest.fixture(scope="module")
def month(tmp_path_factory: pytest.TempPathFactory) -> Month:
    data = tmp_path_factory.mktemp("month")
    site = generate(articles=260, days=31, seed=7, end=END, families=0.3)
    clock = Clock(END)
    with Newsroom(site, faults=Faults.mixed(0.1, seed=7), validators="both", edits=0.4, clock=clock) as room:
        for count, wait in enumerate(RUNS):
            clock.advance(wait)
            if count == 1:
                for number in _exported(data)[:40:5]:
                    site.withdraw(number, "404")
            given = [
                *PACE,
                AGES,
                f"NEWSCRAWL_NEWSROOM={room.url}",
                f"NEWSCRAWL_CLOCK={clock.setting}",
                "NEWSCRAWL_WARC=on",
            ]
            settings = [part for one in (*given, f"NEWSCRAWL_DATA_DIR={data}") for part in ("-s", one)]
            done = scrapy("crawl", "newspim", "-a", "since=40d", *settings)
            assert "Traceback" not in done.stderr
    return Month(data, *_left(data / "newspim"))


def _exported(data: Path) -> list[str]:
    """The numbers of articles, the newest first."""
    return sorted((json.loads(line)["id"][-14:] for line in _left(data / "newspim")[0]), reverse=True)


def _left(folder: Path) -> tuple[list[bytes], list[Path]]:
    lines = [line for path in sorted(folder.glob("*.jsonl")) for line in path.read_bytes().splitlines(keepends=True)]
    return lines, sorted((folder / "warc").iterdir())


def reextract(data: Path, *arguments: str) -> tuple[int, str, str]:
    done = scrapy("reextract", "-s", f"NEWSCRAWL_DATA_DIR={data}", *arguments)
    return done.returncode, done.stdout, done.stderr


def test_a_month_is_what_the_crawl_wrote_byte_for_byte(month: Month, tmp_path: Path) -> None:
    code, said, errors = reextract(month.data, "-o", str(tmp_path / "out.jsonl"))
    assert (code, errors) == (0, "")
    assert sorted((tmp_path / "out.jsonl").read_bytes().splitlines(keepends=True)) == sorted(month.lines)
    records = month.records
    # That it means something: corrections, withdrawals and stories of which more turned out are among them.
    assert sum(record["revision"] > 1 for record in records) > 20
    assert any(record["status"] == "withdrawn" for record in records)
    assert any("story" in record["changed"] for record in records)
    assert any(record["duplicate"] for record in records)
    assert f"{len(records):,} records" in said


def test_each_record_says_where_its_page_lies(month: Month) -> None:
    assert all(faults(path) == [] for path in month.archives)
    for record in month.records:
        place = record["archived"]
        found = at(month.data / "newspim" / place["file"], place["offset"])
        assert found["warc-target-uri"].rpartition("/")[2].startswith(record["id"][-14:])
        when = datetime.fromisoformat(found["warc-date"])
        if not {"story", "duplicate"} & set(record["changed"]):
            assert when.replace(microsecond=0) == datetime.fromisoformat(record["fetched_at"])


def test_lists_feeds_and_robots_are_there_too(month: Month) -> None:
    asked = {one.get("warc-target-uri", "") for one in records_of(month.archives[0])}
    for part in ("/robots.txt", "/news/lists", "rss", "sitemap", "/news/view/"):
        assert any(part in address for address in asked), part


def test_on_one_core_it_is_the_same(month: Month, tmp_path: Path) -> None:
    for count in ("1", "2"):
        assert reextract(month.data, "-o", str(tmp_path / f"{count}.jsonl"), "--processes", count)[0] == 0
    assert (tmp_path / "1.jsonl").read_bytes() == (tmp_path / "2.jsonl").read_bytes()


def test_only_what_was_published_in_a_span(month: Month, tmp_path: Path) -> None:
    code, _, _ = reextract(
        month.data, "-o", str(tmp_path / "out.jsonl.gz"), "--since", "2026-11-10", "--until", "2026-11-15"
    )
    with gzip.open(tmp_path / "out.jsonl.gz") as file:
        found = list(file)
    inside = [one for one in month.lines if "2026-11-10" <= (json.loads(one)["published_at"] or "") < "2026-11-16"]
    assert (code, sorted(found)) == (0, sorted(inside))


def test_what_is_other_than_before_is_told_field_by_field(month: Month, tmp_path: Path) -> None:
    old = tmp_path / "old.jsonl"
    records = sorted(month.records, key=lambda record: record["body"] is None)
    records[0]["title"] = "제목이 달랐다"
    records[1]["body"] = None
    records[2]["id"] = "newspim:20260101000001"
    old.write_text("".join(json.dumps(record, ensure_ascii=False) + "\n" for record in records[:-1]))
    code, said, _ = reextract(month.data, "--compare", str(old))
    assert code == 0
    lines = said.splitlines()
    assert f"{len(records) - 4:,} records say the same, 2 say something else" in lines
    assert "1 is not there any more: newspim:20260101000001" in lines
    assert any(line.startswith("2 were not there before: ") for line in lines)
    assert {"title  1", "body  1"} <= set(lines)
    assert any("제목이 달랐다" in line for line in lines)
    assert list(tmp_path.iterdir()) == [old]


def test_an_archive_that_is_cut_off_is_told_and_gives_what_it_has(month: Month, tmp_path: Path) -> None:
    whole = month.archives[0].read_bytes()
    cut = tmp_path / "cut.warc.gz"
    cut.write_bytes(whole[: len(whole) // 2])
    code, _, errors = reextract(month.data, str(cut), "-o", str(tmp_path / "out.jsonl"))
    assert code == 1
    assert str(cut) in errors
    assert 20 < len((tmp_path / "out.jsonl").read_bytes().splitlines()) < len(month.lines)


def test_an_archive_of_others_gives_records_too(month: Month, tmp_path: Path) -> None:
    """As Common Crawl writes them: packed and in chunks, one article twice, other sites between, nothing of this project."""
    record = next(one for one in month.records if one["revision"] == 1 and one["title"].replace(" ", "").isalnum())
    page = _page(month, record)
    path = tmp_path / "CC-NEWS-20261121.warc.gz"
    corrected = page.replace(record["title"].encode(), "새 제목".encode())
    path.write_bytes(
        _foreign("https://example.com/news/view/20261120000001", page, "2026-11-20T10:00:00Z")
        + _foreign(record["url"].replace("www.", "m."), page, "2026-11-20T11:00:00Z", packed=True)
        + _foreign(record["url"], corrected, "2026-11-21T11:00:00Z")
        + _foreign(f"{record['url'][:-14]}20261120999999", b"", "2026-11-21T12:00:00Z", status="404 Not Found")
    )
    assert not any(
        fault.startswith("warcio") for fault in faults(path)
    )  # FastWARC asks for digests, which others need not write
    code, said, errors = reextract(tmp_path / "none", str(path), "-o", str(tmp_path / "out.jsonl"))
    first, second = map(json.loads, (tmp_path / "out.jsonl").read_bytes().splitlines())
    assert (code, errors) == (0, "")
    made_by_the_crawl = {"found", "first_seen_at", "fetched_at", "archived", "story", "duplicate"}
    assert {name for name in first if first[name] != record[name]} <= made_by_the_crawl
    assert first["found"] == {"via": "archive", "from": None, "at": "2026-11-20T20:00:00+09:00"}
    assert first["archived"]["file"] == f"{tmp_path.name}/{path.name}"
    assert (second["revision"], second["changed"]) == (2, ["title"])
    assert "1 gone" in said


def test_a_page_of_the_archive_can_be_looked_at_and_made_a_case_for_the_tests(month: Month, tmp_path: Path) -> None:
    record = next(one for one in month.records if one["revision"] == 1 and not one["duplicate"])
    place = f"{record['archived']['file']}:{record['archived']['offset']}"
    data = ("-s", f"NEWSCRAWL_DATA_DIR={month.data}")
    seen = scrapy("parse-page", place, "--json", *data)
    assert (seen.returncode, json.loads(seen.stdout)["record"]["body"]) == (0, record["body"])
    whole = (str(month.archives[0]), "--id", record["id"][-14:])
    done = scrapy("fixture", *whole, "--name", "a-case", "--why", "It is here.", "--folder", str(tmp_path), *data)
    assert (done.returncode, done.stderr) == (0, "")
    case = json.loads((tmp_path / "a-case.json").read_text())
    expected, page = read(tmp_path / "a-case.json")
    assert case["record"] == {name: record[name] for name in case["record"]}
    assert {"title", "body", "published_at", "extractor"} <= set(case["record"])
    assert (case["why"], expected["id"]) == ("It is here.", record["id"][-14:])
    assert page.source == _page(month, record).decode()
    again = scrapy("fixture", *whole, "--name", "a-case", "--folder", str(tmp_path), *data)
    assert (again.returncode, "--name gives another" in again.stderr) == (2, True)


def test_a_forgotten_article_is_in_no_archive_and_no_copy_brings_it_back(month: Month, tmp_path: Path) -> None:
    data, whole = tmp_path / "data", tmp_path / "whole"
    shutil.copytree(month.data, data)
    shutil.copytree(month.data / "newspim" / "warc", whole)
    # Corrected, and looked at again and again; and nothing says of another that it belongs to it, which would be other without it.
    kin = {one["story"] for one in month.records if one["story"] != one["id"]}
    kin |= {id for one in month.records if one["duplicate"] for id in (one["id"], one["duplicate"]["of"])}
    alone = [one for one in month.records if one["id"] not in kin and one["story"] == one["id"]]
    chosen = max(alone, key=lambda record: record["revision"])
    done = scrapy("forget", chosen["id"], "-s", f"NEWSCRAWL_DATA_DIR={data}")
    assert (done.returncode, "no word is left" in done.stdout) == (0, True), done.stderr
    lines, archives = _left(data / "newspim")
    assert [fault for path in archives for fault in faults(path)] == []
    assert {json.loads(line)["id"] for line in lines} == {record["id"] for record in month.records} - {chosen["id"]}
    for path in archives:
        for record in records_of(path):
            assert chosen["title"].encode() not in _unpacked(record["content"])
    assert reextract(data, "-o", str(tmp_path / "again.jsonl"))[0] == 0
    again = (tmp_path / "again.jsonl").read_bytes().splitlines(keepends=True)
    assert sorted(again) == sorted(lines)
    # A backup of the archive has it still.
    code, said, _ = reextract(data, *map(str, sorted(whole.iterdir())), "-o", str(tmp_path / "backup.jsonl"))
    assert (code, "forgotten" in said) == (0, True)
    assert chosen["id"].encode() not in b"".join(_ids((tmp_path / "backup.jsonl").read_bytes()))
    # And what was made again is removed with the rest the next time.
    other = next(record["id"] for record in map(json.loads, lines) if record["status"] == "published")
    assert scrapy("forget", other, "-s", f"NEWSCRAWL_DATA_DIR={data}").returncode == 0
    assert other.encode() not in b"".join(_ids((tmp_path / "again.jsonl").read_bytes()))


def _ids(lines: bytes) -> list[bytes]:
    return [json.loads(line)["id"].encode() for line in lines.splitlines()]


def _unpacked(content: bytes) -> bytes:
    head, _, body = content.partition(b"\r\n\r\n")
    return gzip.decompress(body) if b"Content-Encoding: gzip" in head else content


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("{warc}",), "--id says which article of it"),
        (("{warc}:5",), "no article begins at byte 5"),
        (("{warc}", "--id", "20200101000001"), "no page of 20200101000001"),
        (("{warc}-2.warc.gz:5",), "there is no such file"),
    ],
)
def test_a_place_in_an_archive_that_is_none_is_said_in_a_line(
    month: Month, arguments: tuple[str, ...], says: str
) -> None:
    done = scrapy("parse-page", *(one.format(warc=month.archives[0]) for one in arguments))
    assert (done.returncode, says in done.stderr) == (2, True)


def test_what_is_wrong_is_said_in_one_line(month: Month, tmp_path: Path) -> None:
    empty = tmp_path / "empty"
    for arguments, words in (
        ((), "say where to"),
        (("-o", str(tmp_path / "out.jsonl")), "NEWSCRAWL_WARC=on"),
        (("missing.warc.gz", "-o", str(tmp_path / "out.jsonl")), "missing.warc.gz"),
        (("-o", str(tmp_path / "out.parquet")), "scrapy export makes others of it"),
        (("-o", str(tmp_path / "out.jsonl"), "--since", "gestern"), "gestern"),
    ):
        data = month.data if "parquet" in str(arguments) or "gestern" in arguments else empty
        code, _, errors = reextract(data, *arguments)
        assert (code, words in errors, "Traceback" in errors) == (2, True, False), errors
    assert list(tmp_path.iterdir()) == []


def _page(month: Month, record: Record) -> bytes:
    place = record["archived"]
    content = at(month.data / "newspim" / place["file"], place["offset"])["content"]
    return bytes(content.partition(b"\r\n\r\n")[2])


def _foreign(url: str, page: bytes, when: str, *, status: str = "200 OK", packed: bool = False) -> bytes:
    """A record as others write it."""
    head = f"HTTP/1.1 {status}\r\nContent-Type: text/html; charset=utf-8\r\n"
    if packed:
        head += "Content-Encoding: gzip\r\nTransfer-Encoding: chunked\r\n"
        body = gzip.compress(page)
        page = f"{len(body):x}\r\n".encode() + body + b"\r\n0\r\n\r\n"
    block = f"{head}\r\n".encode() + page
    headers = {
        "WARC-Type": "response",
        "WARC-Record-ID": f"<urn:uuid:{uuid4()}>",
        "WARC-Target-URI": url,
        "WARC-Date": when,
        "Content-Type": "application/http; msgtype=response",
        "Content-Length": str(len(block)),
    }
    lines = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
    return gzip.compress(f"WARC/1.0\r\n{lines}\r\n".encode() + block + b"\r\n\r\n")
