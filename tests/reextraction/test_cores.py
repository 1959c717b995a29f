"""Pages on which the code fails: each is told by itself, and costs no other. Processes that are killed: the others end, and it is said."""

from __future__ import annotations

import multiprocessing
import os
from concurrent.futures import BrokenExecutor, Executor
from datetime import datetime
from types import SimpleNamespace
from typing import Any

import pytest
from scrapy.settings import Settings

from newscrawl.archive.reading import Capture
from newscrawl.items import Archived
from newscrawl.korean import KST
from newscrawl.reextraction import cores, worker
from newscrawl.reextraction.cores import Killed, outcomes
from newscrawl.spiders.newspim import NewspimSpider

BASE = "https://www.newspim.com/news/view/"


def capture(count: int) -> Capture:
    at = datetime(2026, 11, 20, tzinfo=KST)
    return Capture(f"{BASE}{20261120000000 + count}", 404, (), b"", at, Archived("warc/a.warc.gz", count))


def test_a_page_on_which_the_code_fails_is_told_and_the_others_are_read(monkeypatch: pytest.MonkeyPatch) -> None:
    read = worker.Reader.read

    def fails(self: worker.Reader, one: Capture) -> worker.Outcome:
        if one.place.offset in (3, 30):
            raise RecursionError("too deep")
        return read(self, one)

    monkeypatch.setattr(worker.Reader, "read", fails)
    told: list[str] = []
    settings = Settings({"NEWSCRAWL_DATA_DIR": "data"})
    found = outcomes(map(capture, range(60)), NewspimSpider, settings, told.append, everything=True, processes=1)
    assert sum(len(some) for some in found) == 58
    assert told == [
        f"{BASE}{20261120000000 + count} (warc/a.warc.gz:{count}) cannot be read: RecursionError: too deep"
        for count in (3, 30)
    ]


def test_a_reader_that_is_killed_while_pages_are_handed_out_is_said_in_a_line(monkeypatch: pytest.MonkeyPatch) -> None:
    class Broken(Executor):
        def submit(self, *_: Any, **__: Any) -> Any:
            raise BrokenExecutor("a child process terminated")

    monkeypatch.setattr(cores, "_alone", lambda _: Broken())
    settings = Settings({"NEWSCRAWL_DATA_DIR": "data"})
    with pytest.raises(Killed, match=r"was killed .*--processes 1"):
        list(outcomes(iter([capture(1)]), NewspimSpider, settings, pytest.fail, everything=True, processes=1))


def test_a_reader_ends_when_who_asked_is_killed(monkeypatch: pytest.MonkeyPatch) -> None:
    ours, theirs = os.pipe()
    os.close(theirs)  # as when that process ends
    ended: list[int] = []
    monkeypatch.setattr(multiprocessing, "parent_process", lambda: SimpleNamespace(sentinel=ours))
    monkeypatch.setattr(cores.os, "_exit", ended.append)
    cores._end_with_parent()
    os.close(ours)
    assert ended == [1]
