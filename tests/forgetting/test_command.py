"""`scrapy forget` as users run it: after crawls of the newsroom, one of which found a correction."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from newscrawl.items import Article
from newscrawl.korean import KST
from newscrawl.newsroom import Faults, Newsroom, generate
from newscrawl.record import article
from newscrawl.state import forgotten
from tests.crawl.conftest import ALL, PACE, scrapy
from tests.crawl.revisions import AGES, pass_time

from .folder import Folder, left, places, run

END = datetime(2026, 11, 20, 18, 0, tzinfo=KST)
Done = subprocess.CompletedProcess[str]


@dataclass
class Desk:
    """A newsroom, and the crawler's folder for it."""

    room: Newsroom
    folder: Path

    def scrapy(self, command: str, *arguments: str) -> Done:
        options = [part for setting in (*PACE, AGES, f"NEWSCRAWL_NEWSROOM={self.room.url}") for part in ("-s", setting)]
        return scrapy(command, *options, *places(self.folder / "data" / "newspim"), *arguments)

    def crawl(self, *arguments: str) -> Done:
        return self.scrapy("crawl", "newspim", *(arguments or ("-a", f"since={ALL}")))

    @property
    def data(self) -> Folder:
        return Folder(self.folder)

    def asked(self, number: str) -> int:
        """How often the site was asked for an article."""
        return sum(number in str(request) for request in self.room.requests)


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    """Crawled twice, exported, and one article is gone: of two revisions."""
    site = generate(articles=60, days=2, seed=3, end=END)
    with Newsroom(site, faults=Faults.none()) as room:
        yield Desk(room, tmp_path_factory.mktemp("desk"))


@pytest.fixture(scope="module")
def gone(desk: Desk) -> tuple[list[Article], list[bytes], Done]:
    """The revisions of the article, the lines of all others, and what the command said."""
    out = desk.folder / "out.jsonl.gz"
    assert desk.crawl("-a", f"since={ALL}", "-O", str(out)).returncode == 0
    first = next(one for one in desk.data.lines() if len(json.loads(one)["body"] or "") > 300)
    desk.room.site.edit(json.loads(first)["id"][-14:], "body")
    pass_time(desk.folder / "data")
    assert desk.crawl().returncode == 0
    assert desk.scrapy("export", "-o", str(desk.folder / "e.parquet")).returncode == 0
    lines = desk.data.lines()
    id = json.loads(first)["id"]
    revisions = [article(one) for one in lines if json.loads(one)["id"] == id]
    assert len(revisions) == 2
    others = [one for one in lines if json.loads(one)["id"] != id]
    assert {name.split(":")[0] for name in left(desk.data, *revisions)} >= {"out.jsonl.gz", "part-0.parquet"}
    return revisions, others, desk.scrapy("forget", revisions[0].url)


def test_no_byte_of_it_is_left_in_any_file(desk: Desk, gone: tuple[list[Article], list[bytes], Done]) -> None:
    revisions, others, done = gone
    assert done.returncode == 0, done.stdout + done.stderr
    lent = [json.loads(one) for one in others]
    found = [one for one in left(desk.data, *revisions) if not any(_has(record, one) for record in lent)]
    assert found == []
    assert desk.data.lines() == others


def _has(record: dict[str, Any], found: str) -> bool:
    """Whether a sentence that was found is also another article's."""
    return found.partition(": ")[2] in json.dumps(record, ensure_ascii=False)


def test_it_says_what_it_touched_and_that_nothing_is_left(gone: tuple[list[Article], list[bytes], Done]) -> None:
    revisions, _, done = gone
    said = done.stdout.splitlines()
    assert said[0] == f"removed {revisions[0].id}"
    assert "  feeds     2 in 2 of 2 files" in said
    assert "  exports   3 in 2 of 2 files" in said
    assert said[-1].endswith("no word is left")


def test_the_next_crawl_does_not_fetch_it_again(desk: Desk, gone: tuple[list[Article], list[bytes], Done]) -> None:
    number = gone[0][0].id[-14:]
    before = desk.asked(number)
    pass_time(desk.folder / "data")
    assert desk.crawl().returncode == 0
    assert desk.asked(number) == before


def test_who_asks_for_it_by_its_address_is_told(desk: Desk, gone: tuple[list[Article], list[bytes], Done]) -> None:
    one = gone[0][0]
    before = desk.asked(one.id[-14:])
    done = desk.crawl("-a", f"urls={one.url}")
    assert desk.asked(one.id[-14:]) == before
    assert f"{one.id} was forgotten on 20" in done.stderr
    assert f"scrapy forget --allow {one.id}" in done.stderr


def test_status_and_history_say_that_it_was_forgotten(
    desk: Desk, gone: tuple[list[Article], list[bytes], Done]
) -> None:
    assert "  forgotten         1" in desk.scrapy("status").stdout
    done = desk.scrapy("history", gone[0][0].id)
    assert done.returncode == 1
    assert "was forgotten on" in done.stderr


def test_it_can_be_allowed_again(desk: Desk, gone: tuple[list[Article], list[bytes], Done]) -> None:
    """The last of these tests: it changes what the others look at."""
    one = gone[0][0]
    assert desk.scrapy("forget", "--allow", one.id).returncode == 0
    assert desk.crawl("-a", f"urls={one.url}").returncode == 0
    assert any(json.loads(line)["id"] == one.id for line in desk.data.lines())


# Without a crawl


def at(folder: Folder, *arguments: str) -> Done:
    return scrapy("forget", *places(folder.path), *arguments)


def test_a_removal_that_was_cut_off_is_finished_by_the_next_command_and_told_until_then(folder: Folder) -> None:
    database = folder.database
    with database.transaction() as connection:
        forgotten.mark(database, connection, 1, [20261120000007], 1, forgotten.ASKED)
    database.close()
    status = scrapy("status", *places(folder.path))
    assert "not everywhere yet 1: scrapy forget goes on" in status.stdout
    done = at(folder)
    assert done.stdout.startswith("removed newspim:20261120000007\n")
    assert done.returncode == 0
    again = at(folder)
    assert (again.returncode, again.stdout) == (0, "newspim: nothing is left to be removed\n")


def test_a_run_that_goes_on_is_named_in_one_line(folder: Folder) -> None:
    journal = run(folder.path, "now.jsonl", ends=False)
    done = at(folder, "20261120000007")
    journal.end("finished", {})
    assert done.returncode == 2
    assert f"run {journal.run.id} of newspim goes on" in done.stdout + done.stderr


def test_what_is_left_is_exit_code_1_and_named(folder: Folder) -> None:
    (folder.path / "notes.txt").write_bytes(folder.lines()[1])
    done = at(folder, "20261120000007")
    assert done.returncode == 1
    assert f"{folder.path}/notes.txt still has words of it" in done.stderr


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("nothing",), "names no article"),
        (("--allow", "20261120000001"), "was not removed"),
        (("--expired",), "NEWSCRAWL_RETENTION is not set"),
    ],
)
def test_what_is_wrong_is_one_line(full: Folder, arguments: tuple[str, ...], said: str) -> None:
    done = at(full, *arguments)
    assert done.returncode == 2
    assert said in done.stdout + done.stderr


def test_a_folder_without_anything_is_no_place_for_a_marker(tmp_path: Path) -> None:
    done = scrapy("forget", "-s", f"NEWSCRAWL_DATA_DIR={tmp_path / 'data'}", "20261120000007")
    assert done.returncode == 2
    assert not (tmp_path / "data").exists()
