"""Crawls whose outputs go to an S3: whole lines there, or a run that does not look successful and says how to get them there."""

from __future__ import annotations

import gzip
import io
import json
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import pytest
import zstandard

from newscrawl.korean import KST
from newscrawl.newsroom import Faults, Newsroom, generate
from tests.crawl.conftest import ALL, PACE, ROOT, scrapy, wait_until
from tests.environment import clean

from .conftest import SECRET, Store

BATCH = 10


@pytest.fixture(scope="module")
def room() -> Iterator[Newsroom]:
    site = generate(articles=36, days=2, seed=3, end=datetime(2026, 11, 20, 18, 0, tzinfo=KST))
    with Newsroom(site, faults=Faults.none()) as room:
        yield room


def crawl(room: Newsroom, folder: Path) -> list[str]:
    settings = [*PACE, f"NEWSCRAWL_NEWSROOM={room.url}", f"NEWSCRAWL_DATA_DIR={folder / 'data'}"]
    return ["crawl", "newspim", "-a", f"since={ALL}", *(part for one in settings for part in ("-s", one))]


def feed_of(folder: Path) -> bytes:
    (feed,) = (folder / "data" / "newspim").glob("*.jsonl")
    return feed.read_bytes()


def unpacked(data: bytes) -> bytes:
    with zstandard.ZstdDecompressor().stream_reader(io.BytesIO(data), read_across_frames=True) as reader:
        return reader.read()


@pytest.fixture(scope="module")
def room_for_waiting() -> Iterator[Path]:
    with tempfile.TemporaryDirectory() as folder:
        yield Path(folder)


def test_what_a_run_wrote_is_there_plain_compressed_and_in_batches(
    room: Newsroom, store: Store, tmp_path: Path, room_for_waiting: Path
) -> None:
    names = ("plain.jsonl", "뉴스/a.jsonl.gz", "b.jsonl.zst")
    feeds = {store.address(name): {"format": "jsonl", "overwrite": True} for name in names}
    batches = {"format": "jsonl", "overwrite": True, "batch_item_count": BATCH}
    feeds[store.address("batch-%(batch_id)03d.jsonl.gz")] = batches
    feeds[str(tmp_path / "batch-%(batch_id)03d.jsonl.zst")] = batches
    arguments = ("-s", f"FEEDS={json.dumps(feeds)}", "-s", f"FEED_TEMPDIR={room_for_waiting}", "-s", "LOG_LEVEL=DEBUG")
    done = scrapy(*crawl(room, tmp_path), *arguments, **store.environment, AWS_SESSION_TOKEN="opensesame")
    assert done.returncode == 0, done.stderr[-3000:]
    feed = feed_of(tmp_path)
    assert len(feed.splitlines()) > 2 * BATCH
    assert store.read("plain.jsonl") == feed
    assert gzip.decompress(store.read("뉴스/a.jsonl.gz")) == feed
    assert unpacked(store.read("b.jsonl.zst")) == feed
    check_batches([gzip.decompress(store.read(name)) for name in store.names() if name.startswith("batch-")], feed)
    check_batches([unpacked(path.read_bytes()) for path in sorted(tmp_path.glob("batch-*"))], feed)
    assert list(room_for_waiting.iterdir()) == []
    assert SECRET not in done.stderr
    assert "opensesame" not in done.stderr


def check_batches(batches: list[bytes], feed: bytes) -> None:
    """Each of whole lines, so many; all together are the feed."""
    assert {len(batch.splitlines()) for batch in batches[:-1]} == {BATCH}
    assert 0 < len(batches[-1].splitlines()) <= BATCH
    assert b"".join(batches) == feed
    assert all(batch.endswith(b"\n") for batch in batches)


def test_an_upload_that_fails_at_the_end_is_no_success_and_the_command_that_is_named_writes_it(
    room: Newsroom, store: Store, tmp_path: Path
) -> None:
    address, before = store.address("a.jsonl.gz"), len(room.requests)
    command = [sys.executable, "-m", "scrapy", *crawl(room, tmp_path), "-O", address]
    with subprocess.Popen(command, cwd=ROOT, env=clean() | store.environment, stderr=subprocess.PIPE, text=True) as run:
        wait_until(lambda: len(room.requests) > before, "the look at the store was before the first request")
        run.send_signal(signal.SIGSTOP)  # it must not come to its end before the bucket is gone
        store.remove()
        run.send_signal(signal.SIGCONT)
        _, log = run.communicate(timeout=120)
    assert run.returncode == 1
    (line,) = [line for line in log.splitlines() if "in the feed of the data folder" in line]
    assert f"ERROR: cannot write to {address}: there is no such bucket" in line
    assert "1 feeds could not be stored" in log
    remedy = line.split("`")[1].split()
    assert remedy == ["scrapy", "export", "--run", "1", "--overwrite", "-o", address]
    store.client.create_bucket(Bucket=store.bucket)
    again = scrapy(*remedy[1:], "-s", f"NEWSCRAWL_DATA_DIR={tmp_path / 'data'}", **store.environment)
    assert again.returncode == 0, again.stderr
    assert gzip.decompress(store.read("a.jsonl.gz")) == feed_of(tmp_path)


def test_a_store_that_cannot_be_written_is_told_before_the_first_request(
    room: Newsroom, store: Store, tmp_path: Path
) -> None:
    before = len(room.requests)
    local = tmp_path / "a.jsonl"
    arguments = ("-O", str(local), "-O", "s3://no-such-bucket/a.jsonl")
    done = scrapy(*crawl(room, tmp_path), *arguments, **store.environment)
    assert done.returncode == 2
    assert done.stderr.splitlines()[-1].startswith("scrapy crawl: cannot write to s3://no-such-bucket/a.jsonl: ")
    assert len(room.requests) == before
    assert not local.exists()


@pytest.mark.parametrize(
    "arguments",
    [
        ("-O", f"s3://AKIATESTS:{SECRET}@bucket/a.jsonl"),
        ("-s", f'FEEDS={{"s3://AKIATESTS:{SECRET}@bucket/a.jsonl": 1}}'),
        ("-s", f'FEEDS={{"s3://AKIATESTS:{SECRET}@bucket/a.jsonl": {{"fields": ["titel"]}}}}'),
    ],
)
def test_a_password_in_an_address_is_nowhere_in_what_a_crawl_says(
    room: Newsroom, tmp_path: Path, arguments: tuple[str, ...]
) -> None:
    log = tmp_path / "log"
    done = scrapy(*crawl(room, tmp_path), *arguments, "-s", "LOG_LEVEL=DEBUG", "-s", f"LOG_FILE={log}")
    assert done.returncode == 2
    said = done.stdout + done.stderr + log.read_text(encoding="utf-8")
    assert not [part for part in SECRET.split("/") if part in said]
    assert [path.name for path in tmp_path.iterdir()] == ["log"]
