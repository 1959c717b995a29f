"""`scrapy history` as users run it, on states that the state itself made."""

from __future__ import annotations

import hashlib
import json
import os
import pty
import re
import sqlite3
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest
from scrapy.exceptions import UsageError

from newscrawl.commands.history import find
from newscrawl.schema import RECORD
from newscrawl.spiders.newspim import NEWSPIM
from newscrawl.state import Database, Entry, Journal
from newscrawl.state.seen import Watch
from tests.crawl.conftest import ROOT, scrapy

Record = dict[str, Any]

CORRECTED, ONCE, LOST = "20260101000001", "20260101000002", "20260101000003"
ADDRESS = "https://www.newspim.com/news/view/"
FIRST = "2026-01-01T10:00:00+09:00"
TOMORROW = int(time.time()) + 86_400

BODY = [
    "삼성전자가 올해 2분기 영업이익 14조1000억원을 기록했다고 7일 공시했다. 이는 전년 동기 대비 10% 증가한 수치다.",
    "매출은 77조원으로 지난해 같은 기간보다 20.9% 늘었다.",
    "◆ 반도체가 실적 견인",
    "업계에서는 반도체 부문이 실적을 이끌었다고 보고 있다.",
]


def record(number: str, **fields: Any) -> Record:
    """A record with every field, those that are given and what any article has."""
    empty: Record = dict.fromkeys(RECORD["properties"]) | {"deck": [], "tables": [], "images": [], "changed": []}
    usual = {
        "id": f"newspim:{number}",
        "url": f"{ADDRESS}{number}",
        "title": "삼성전자, 2분기 영업익 14조원",
        "body": "\n\n".join(BODY),
        "first_seen_at": FIRST,
        "revision": 1,
        "status": "published",
    }
    return empty | usual | fields


class Output:
    """A state in the folder of a site, as runs of the crawler leave it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def write(self, *records: Record, watched: bool = True) -> None:
        """A run for each record: of one commit all lines are of different articles."""
        for one in records:
            database = Database(f"sqlite:///{self.folder / 'newspim' / 'state.sqlite'}")
            journal = Journal(database, self.folder / "newspim" / "feed.jsonl")
            journal.begin("newspim", "{}", None)
            line = json.dumps(one, ensure_ascii=False).encode() + b"\n"
            watch = Watch(0, TOMORROW) if watched and one["revision"] == 1 else None
            number = int(one["id"].removeprefix("newspim:"))
            digest = hashlib.sha256(line).digest()[:16]
            journal.write(Entry(number, digest, line, one["revision"], tuple(one["changed"]), watch))
            journal.commit()
            journal.end("finished", {})

    def forget(self, number: str) -> None:
        """As before schema 4, when an article's text went with its last look."""
        state = sqlite3.connect(self.folder / "newspim" / "state.sqlite")
        with state:
            assert state.execute("DELETE FROM revisions WHERE number = ?", (int(number),)).rowcount == 1
        state.close()

    def ask(self, *arguments: str, encoding: str = "utf-8") -> subprocess.CompletedProcess[str]:
        options = ("-s", f"NEWSCRAWL_DATA_DIR={self.folder}")
        return scrapy("history", *arguments, *options, PYTHONIOENCODING=encoding)


@pytest.fixture
def output(tmp_path: Path) -> Output:
    return Output(tmp_path)


@pytest.fixture
def corrected(output: Output) -> Output:
    """An article that was corrected, withdrawn and put back; one that never changed and is looked at no more."""
    better = [BODY[0].replace("10%", "12%"), *BODY[1:], "한편 회사는 이달 말 확정 실적을 발표할 예정이다."]
    changes: list[Record] = [
        {"body": "\n\n".join(better), "title": "삼성전자, 2분기 영업익 14.1조원", "changed": ["title", "body"]},
        {"status": "withdrawn", "changed": ["status"]},
        {"status": "published", "changed": ["status"]},
    ]
    revisions = [record(CORRECTED)]
    for number, change in enumerate(changes, start=2):
        revisions.append(revisions[-1] | change | {"revision": number})
    output.write(*revisions)
    output.write(record(ONCE), watched=False)
    return output


def test_an_article_is_shown_with_each_revision_and_its_difference(corrected: Output) -> None:
    done = corrected.ask(CORRECTED)
    assert (done.returncode, done.stderr) == (0, "")
    shown = re.sub(r"\d{4}-\d\d-\d\d \d\d:\d\d", "TIME", done.stdout.replace("2026-01-01 10:00", "FIRST"))
    assert shown.splitlines() == [
        f"newspim:{CORRECTED}",
        "  삼성전자, 2분기 영업익 14.1조원",
        f"  {ADDRESS}{CORRECTED}",
        "  first seen FIRST   4 revisions   next look TIME",
        "",
        "  1  TIME  published",
        "     삼성전자, 2분기 영업익 14조원",
        "",
        "  2  TIME  published   changed: title, body",
        "     title",
        "       - 삼성전자, 2분기 영업익 14조원",
        "       + 삼성전자, 2분기 영업익 14.1조원",
        "     body",
        "         삼성전자가 올해 2분기 영업이익 14조1000억원을 기록했다고 7일 공시했다. 이는 전년 동기 대비 [-10%-]{+12%+} 증가한 수치다.",
        "         … 3 paragraphs …",
        "       + 한편 회사는 이달 말 확정 실적을 발표할 예정이다.",
        "",
        "  3  TIME  withdrawn   changed: status",
        "     status: published → withdrawn",
        "",
        "  4  TIME  published   changed: status",
        "     status: withdrawn → published",
    ]


def test_an_article_is_named_by_id_digits_or_any_address_and_shown_once(corrected: Output) -> None:
    addresses = (f"{ADDRESS}{CORRECTED}", f"m.newspim.com/news/view/{CORRECTED}?a=b")
    done = corrected.ask(f"newspim:{CORRECTED}", CORRECTED, *addresses)
    assert done.returncode == 0
    assert done.stdout.count(f"newspim:{CORRECTED}") == 1


def test_of_an_article_that_an_older_newscrawl_forgot_the_text_is_in_the_feed(corrected: Output) -> None:
    corrected.forget(ONCE)
    done = corrected.ask(ONCE)
    assert done.returncode == 0
    assert done.stdout.splitlines() == [
        f"newspim:{ONCE}",
        f"  {ADDRESS}{ONCE}",
        "  one revision; its text is in the feed",
    ]


def test_an_article_that_is_not_in_the_output_does_not_hide_the_others(corrected: Output) -> None:
    done = corrected.ask(LOST, ONCE)
    assert done.returncode == 1
    assert done.stderr == f"newspim:{LOST}: not in the output\n"
    assert f"newspim:{ONCE}" in done.stdout
    assert LOST not in done.stdout


def test_an_article_that_is_looked_at_no_more_has_its_one_revision(corrected: Output) -> None:
    done = corrected.ask(ONCE)
    assert "   1 revision   no further look" in done.stdout


def test_an_article_that_is_still_watched_has_one_revision_and_a_next_look(output: Output) -> None:
    output.write(record(ONCE))
    done = output.ask(ONCE)
    assert "   1 revision   next look 20" in done.stdout
    assert done.stdout.splitlines()[-1] == "     삼성전자, 2분기 영업익 14조원"


def test_without_a_state_nothing_is_in_the_output(output: Output) -> None:
    done = output.ask(ONCE)
    assert done.returncode == 1
    assert done.stdout == ""
    assert done.stderr.startswith(f"newspim:{ONCE}: not in the output: no crawl has made a state yet")


@pytest.mark.parametrize("wrong", ["20261301000001", "nosuch:20260101000001", "https://example.org/", "삼성전자"])
def test_what_names_no_article_is_told_what_does(output: Output, wrong: str) -> None:
    with pytest.raises(UsageError, match="an id like newspim:20220530000873, its fourteen digits, or an address"):
        find(wrong, {"newspim": NEWSPIM})


def test_a_wrong_id_ends_before_the_state_is_opened(output: Output) -> None:
    done = output.ask("newspim:1")
    assert done.returncode == 2
    assert "newspim:20220530000873" in done.stdout + done.stderr
    assert not list(output.folder.iterdir())


def test_without_an_id_the_latest_revisions_are_listed(corrected: Output) -> None:
    done = corrected.ask()
    assert done.returncode == 0
    assert done.stdout.count("newspim:") == len(done.stdout.splitlines()) > 0
    assert "title" in done.stdout


def test_without_an_id_and_a_revision_it_says_so(output: Output) -> None:
    assert output.ask().stdout == "no article has been revised yet\n"


def test_a_state_that_cannot_be_read_is_said_in_one_line(output: Output) -> None:
    path = output.folder / "newspim" / "state.sqlite"
    path.parent.mkdir()
    path.write_bytes(b"no database at all" * 100)
    done = output.ask(ONCE)
    assert done.returncode == 2
    assert "restore it from a backup" in done.stdout + done.stderr
    assert "Traceback" not in done.stderr


def test_json_gives_each_article_a_line_with_the_records_of_its_revisions(corrected: Output) -> None:
    corrected.forget(ONCE)
    done = corrected.ask(CORRECTED, LOST, ONCE, "--json")
    assert done.returncode == 1
    first, second = map(json.loads, done.stdout.splitlines())
    assert (first["id"], first["url"], first["next_look_at"]) == (
        f"newspim:{CORRECTED}",
        f"{ADDRESS}{CORRECTED}",
        TOMORROW,
    )
    assert [one["revision"] for one in first["revisions"]] == [1, 2, 3, 4]
    assert [one["changed"] for one in first["revisions"]] == [[], ["title", "body"], ["status"], ["status"]]
    assert first["revisions"][0]["record"] == record(CORRECTED)
    assert second == {"id": f"newspim:{ONCE}", "url": f"{ADDRESS}{ONCE}", "next_look_at": None, "revisions": []}


def test_a_page_cannot_send_control_sequences_to_the_terminal(output: Output) -> None:
    evil = record(ONCE, title="\x1b]0;gotcha\x07제목\u202e", body="가\x1b[2J")
    output.write(
        evil, evil | {"revision": 2, "body": "나\x9b2J", "title": "제목\x08\x08", "changed": ["title", "body"]}
    )
    shown = output.ask(ONCE).stdout
    assert "제목" in shown
    assert shown.replace("\n", "").isprintable()


def test_a_reader_that_has_enough_is_no_error(corrected: Output) -> None:
    reading, writing = os.pipe()
    os.close(reading)
    command = [sys.executable, "-m", "scrapy", "history", CORRECTED, "-s", f"NEWSCRAWL_DATA_DIR={corrected.folder}"]
    done = subprocess.run(command, cwd=ROOT, stdout=writing, stderr=subprocess.PIPE, timeout=60, check=False)
    os.close(writing)
    assert (done.returncode, done.stderr) == (0, b"")


@pytest.mark.parametrize(
    ("environment", "coloured"),
    [({}, True), ({"NO_COLOR": ""}, True), ({"NO_COLOR": "1"}, False), ({"TERM": "dumb"}, False)],
)
def test_a_terminal_gets_colours_unless_it_wants_none(
    corrected: Output, environment: dict[str, str], coloured: bool
) -> None:
    usual = {name: value for name, value in os.environ.items() if name not in ("NO_COLOR", "TERM")}
    ours, theirs = pty.openpty()
    command = [sys.executable, "-m", "scrapy", "history", CORRECTED, "-s", f"NEWSCRAWL_DATA_DIR={corrected.folder}"]
    done = subprocess.run(
        command, cwd=ROOT, env=usual | {"TERM": "xterm"} | environment, stdout=theirs, timeout=60, check=False
    )
    os.close(theirs)
    shown = os.read(ours, 100_000).decode()
    os.close(ours)
    assert done.returncode == 0
    assert ("\x1b[32m{+12%+}\x1b[0m" in shown) == coloured
    assert "{+12%+}" in shown


def test_a_terminal_that_knows_no_hangul_gets_what_it_can_show(corrected: Output) -> None:
    done = corrected.ask(CORRECTED, encoding="ascii")
    assert done.returncode == 0
    assert "{+12%+}" in done.stdout


def test_the_list_of_commands_has_it() -> None:
    assert "history" in scrapy("--help").stdout
