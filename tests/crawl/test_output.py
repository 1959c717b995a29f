"""Where a crawl writes, and in which form."""

from __future__ import annotations

import gzip
import io
import json
from pathlib import Path

import zstandard

from newscrawl.newsroom import Newsroom

from .conftest import ALL, PACE, Crawler, scrapy


def options(room: Newsroom, folder: Path) -> list[str]:
    settings = [*PACE, f"NEWSCRAWL_NEWSROOM={room.url}", f"NEWSCRAWL_DATA_DIR={folder}"]
    return ["crawl", "newspim", "-a", f"since={ALL}", *(part for setting in settings for part in ("-s", setting))]


def test_the_default_feed_is_named_by_the_job(room: Newsroom, tmp_path: Path) -> None:
    done = scrapy(*options(room, tmp_path), "-a", "_job=7f00")
    assert done.returncode == 0
    lines = (tmp_path / "newspim" / "7f00.jsonl").read_text(encoding="utf-8").splitlines()
    assert len(lines) > 30
    assert all(json.loads(line)["schema"] == 4 for line in lines)


def test_the_default_feed_is_named_by_the_time_without_a_job(room: Newsroom, tmp_path: Path) -> None:
    scrapy(*options(room, tmp_path))
    (feed,) = (tmp_path / "newspim").glob("*.jsonl")
    assert feed.name.startswith("20")
    assert feed.stat().st_size


def test_settings_come_from_the_environment(room: Newsroom, tmp_path: Path) -> None:
    pace = [part for setting in PACE for part in ("-s", setting)]
    done = scrapy(
        "crawl", "newspim", *pace, "-a", f"since={ALL}", NEWSCRAWL_NEWSROOM=room.url, NEWSCRAWL_DATA_DIR=str(tmp_path)
    )
    assert done.returncode == 0
    assert list((tmp_path / "newspim").glob("*.jsonl"))


def test_an_output_of_ones_own_stands_beside_the_feed(crawl: Crawler, room: Newsroom) -> None:
    run = crawl(room)
    assert run.records
    (feed,) = (run.folder / "data" / "newspim").glob("*.jsonl")
    assert [json.loads(line) for line in feed.read_bytes().splitlines()] == run.records


def test_small_o_appends_whole_lines_and_capital_o_overwrites(room: Newsroom, tmp_path: Path) -> None:
    out = tmp_path / "all.jl"
    sizes = []
    for flag in ("-O", "-o", "-o", "-O"):
        scrapy(
            *options(room, tmp_path), "-s", "NEWSCRAWL_STATE=sqlite://", flag, str(out)
        )  # each run as if it were the first
        lines = out.read_text(encoding="utf-8").splitlines()
        assert all(json.loads(line) for line in lines)
        sizes.append(len(lines))
    once = sizes[0]
    assert sizes == [once, 2 * once, 3 * once, once]


def test_the_ending_of_the_file_compresses(room: Newsroom, tmp_path: Path) -> None:
    plain, gzipped, zst = (tmp_path / name for name in ("a.jsonl", "a.jsonl.gz", "a.jsonl.zst"))
    done = scrapy(*options(room, tmp_path), *(part for path in (plain, gzipped, zst) for part in ("-O", str(path))))
    assert done.returncode == 0
    text = plain.read_bytes()
    assert gzip.decompress(gzipped.read_bytes()) == text
    with zstandard.ZstdDecompressor().stream_reader(io.BytesIO(zst.read_bytes()), read_across_frames=True) as reader:
        assert reader.read() == text


def test_an_output_that_cannot_be_written_ends_the_run_with_its_reason(room: Newsroom, tmp_path: Path) -> None:
    done = scrapy(*options(room, tmp_path), "-o", "/dev/full:jsonl")
    assert done.returncode == 3
    assert "Cannot write to /dev/full" in done.stderr


def test_without_an_archive_nothing_is_archived_and_records_say_so(
    crawl: Crawler, room: Newsroom, tmp_path: Path
) -> None:
    done = crawl(room)
    assert {record["archived"] for record in done.records} == {None}
    assert not (tmp_path / "data" / "newspim" / "warc").exists()
