"""An error in a pipeline: told by the exit code, and no article is lost by it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from newscrawl import settings
from newscrawl.newsroom import Faults, Newsroom, generate

from .conftest import ALL, END, PACE, scrapy


def crawl(room: Newsroom, folder: Path, pipeline: str | None = None) -> tuple[int, str]:
    given = [*PACE, f"NEWSCRAWL_NEWSROOM={room.url}", f"NEWSCRAWL_DATA_DIR={folder}"]
    if pipeline:
        pipelines = {**settings.ITEM_PIPELINES, f"tests.crawl.broken.{pipeline}": 150}
        given.append(f"ITEM_PIPELINES={json.dumps(pipelines)}")
    done = scrapy("crawl", "newspim", *(part for one in given for part in ("-s", one)), "-a", f"since={ALL}")
    return done.returncode, done.stderr


@pytest.mark.parametrize(
    ("pipeline", "code", "said"),
    [
        ("Broken", 1, "raised an error in a pipeline or the exporter"),
        ("WithoutState", 3, "the state is gone. The run ends here; nothing is lost"),
    ],
)
def test_it_is_told_and_a_later_run_has_what_is_missing(tmp_path: Path, pipeline: str, code: int, said: str) -> None:
    with Newsroom(generate(articles=100, days=1, seed=44, end=END), faults=Faults.none()) as room:
        ended = crawl(room, tmp_path, pipeline)
        assert ended[0] == code
        assert said in ended[1]
        scrapy("retry", "-s", f"NEWSCRAWL_DATA_DIR={tmp_path}")
        again = crawl(room, tmp_path)
        assert again[0] == 0, again[1][-1500:]
        lines = [line for feed in (tmp_path / "newspim").glob("*.jsonl") for line in feed.read_bytes().splitlines()]
        expected = room.expected()
        numbers = [json.loads(line)["id"][-14:] for line in lines]
        assert not expected.missing(numbers)
    assert len(numbers) == len(set(numbers))
