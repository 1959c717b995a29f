"""A crawl that is killed, stopped or joined by another: from the command line, as a user sees it."""

from __future__ import annotations

import json
import random
import signal
import time
from pathlib import Path

import pytest

from newscrawl.newsroom import Faults, Newsroom, generate
from tests.archive import valid
from tests.crawl.conftest import scrapy
from tests.crawl.truth import differences

from .kills import END, KEEP, PASSING, Follower, KilledCrawl, read, start, with_corrections, with_families


def test_a_crawl_killed_ten_times_gives_every_article_once_and_true(tmp_path: Path) -> None:
    site = generate(articles=300, days=2, seed=31, end=END)
    faults = Faults(dict.fromkeys(PASSING, 0.02), lists=0.05, seed=31)
    with Newsroom(site, faults=faults) as room:
        crawl = KilledCrawl(room, tmp_path, random.Random(31), 2.2, "-s", "NEWSCRAWL_WARC=on")
        crawl.kill(10)
        outcome = crawl.end()
        assert differences(outcome.records, room.expected()) == []
    assert (outcome.kills, outcome.code, outcome.broken) == (10, 0, 0)
    assert sorted(record["id"] for record in outcome.followed) == sorted(record["id"] for record in outcome.records)
    # What the killed runs archived is whole, and has the page of each record.
    archives = sorted((tmp_path / "newspim" / "warc").iterdir())
    assert archives
    assert [fault for path in archives for fault in valid.faults(path)] == []
    for record in outcome.records:
        place = record["archived"]
        assert valid.at(tmp_path / "newspim" / place["file"], place["offset"])["warc-target-uri"].startswith("http")
    done = scrapy("reextract", "-s", f"NEWSCRAWL_DATA_DIR={tmp_path}", "-o", str(tmp_path / "again.jsonl"))
    assert done.returncode == 0
    again = map(json.loads, (tmp_path / "again.jsonl").read_bytes().splitlines())
    assert {one["id"]: one["hash"] for one in again} == {one["id"]: one["hash"] for one in outcome.records}


def test_a_crawl_killed_while_articles_are_corrected_gives_every_revision_once_and_true(tmp_path: Path) -> None:
    site = generate(articles=140, days=2, seed=36, end=END)
    faults = Faults(dict.fromkeys(PASSING, 0.02), lists=0.05, seed=36)
    with Newsroom(site, faults=faults, validators="both") as room:
        outcome, wrong = with_corrections(KilledCrawl(room, tmp_path, random.Random(36), longest=2.2), 6)
    assert wrong == []
    assert (outcome.code, outcome.broken, outcome.doubled) == (0, 0, 0)
    assert outcome.kills == 7
    assert len(outcome.records) > len(outcome.numbers) + 20
    revisions = [(record["id"], record["revision"]) for record in outcome.records]
    assert sorted((record["id"], record["revision"]) for record in outcome.followed) == sorted(revisions)


def test_a_killed_crawl_says_of_stories_what_an_undisturbed_one_says(tmp_path: Path) -> None:
    folders = [tmp_path / name for name in ("killed", "undisturbed")]
    for folder in folders:
        folder.mkdir()
    site = generate(articles=100, days=2, seed=37, end=END, families=0.5)
    with Newsroom(site, faults=Faults.none()) as room:
        outcome, wrong = with_families(KilledCrawl(room, folders[0], random.Random(37), 2.2, *KEEP), 3, folders[1])
    assert wrong == []
    assert (outcome.code, outcome.flaws) == (0, {"doubled": 0, "broken": 0})
    assert outcome.kills == 3
    assert len(outcome.records) > len(outcome.numbers) + 5  # what turned out later was said


@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGTERM], ids=["Ctrl-C", "SIGTERM"])
def test_a_crawl_that_is_stopped_ends_soon_and_fetches_nothing_again(tmp_path: Path, how: signal.Signals) -> None:
    site = generate(articles=300, days=2, seed=32, end=END)
    with Newsroom(site, faults=Faults.none()) as room:
        process = start(room, tmp_path)
        _wait_for_lines(tmp_path, 40)
        process.send_signal(how)
        begun = time.monotonic()
        assert process.wait(timeout=30) == 3
        assert time.monotonic() - begun < 10
        assert start(room, tmp_path).wait(timeout=100) == 0
        records, broken = read(tmp_path)
        assert differences(records, room.expected()) == []
        fetched = [path for _, _, path, _ in room.requests if path.startswith("/news/view/")]
    assert broken == 0
    assert len(fetched) == len(set(fetched))


def test_a_crawl_that_is_stopped_twice_ends_as_if_it_were_killed(tmp_path: Path) -> None:
    site = generate(articles=300, days=2, seed=35, end=END)
    with Newsroom(
        site, faults=Faults({"slow": 0.2}, delay=4.0, seed=35)
    ) as room:  # a request that the first Ctrl-C waits for
        process = start(room, tmp_path)
        _wait_for_lines(tmp_path, 10)
        for _ in range(2):
            process.send_signal(signal.SIGINT)
            time.sleep(0.3)  # two signals at once may reach a process as one
        begun = time.monotonic()
        assert process.wait(timeout=30) != 0
        assert time.monotonic() - begun < 3
    with Newsroom(site, port=room.port, faults=Faults.none()) as room:
        assert start(room, tmp_path).wait(timeout=100) == 0
        records, broken = read(tmp_path)
        assert differences(records, room.expected()) == []
    assert broken == 0


def _wait_for_lines(folder: Path, count: int) -> None:
    follower = Follower(folder)
    for _ in range(1000):
        follower.look()
        if len(follower.lines) >= count:
            return
        time.sleep(0.02)  # no event tells that a file of another process grew
    raise AssertionError("the crawl wrote nothing")


def test_two_runs_at_once_share_the_work(tmp_path: Path) -> None:
    site = generate(articles=300, days=2, seed=33, end=END)
    with Newsroom(site, faults=Faults.none()) as room:
        processes = [start(room, tmp_path, "-a", f"_job=run-{number}") for number in range(2)]
        codes = [process.wait(timeout=100) for process in processes]
        records, broken = read(tmp_path)
        assert differences(records, room.expected()) == []
        # A list that the first had read before the second began is read again: there may be news.
        fetched = [path for _, _, path, _ in room.requests if path.startswith("/news/view/")]
    assert (codes, broken) == ([0, 0], 0)
    assert len(fetched) == len(set(fetched))
    assert {path.name for path in (tmp_path / "newspim").glob("*.jsonl")} <= {"run-0.jsonl", "run-1.jsonl"}


def test_a_short_run_does_not_take_over_the_work_of_a_long_one_that_lives(tmp_path: Path) -> None:
    """Else a run every ten minutes beside a backfill of weeks would never end, and the next would join it."""
    site = generate(articles=200, days=3, seed=34, end=END)
    with Newsroom(site, faults=Faults.none()) as room:
        slow = start(room, tmp_path, "-a", "_job=long", "-s", "DOWNLOAD_DELAY=0.2", "-s", "CONCURRENT_REQUESTS=1")
        _wait_for_lines(tmp_path, 5)
        short = start(room, tmp_path, "-a", "_job=short", "-a", "since=2026-11-20T17:30")
        assert short.wait(timeout=60) == 0
        assert slow.poll() is None
        slow.kill()
        slow.wait()
        assert start(room, tmp_path, "-a", "_job=last", "-a", "since=2026-11-20T17:30").wait(timeout=100) == 0
        records, broken = read(tmp_path)
        assert differences(records, room.expected()) == []
    assert broken == 0
