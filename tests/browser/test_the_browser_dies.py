"""The browser, or the crawl, is killed while a page is seen: nothing is lost, nothing is left behind."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from newscrawl.newsroom import Newsroom, Site
from tests.crawl.conftest import PACE, ROOT, wait_until
from tests.durability.kills import read as written
from tests.environment import clean

from .conftest import Reader, faults

PROC = Path("/proc")
pytestmark = pytest.mark.skipif(not PROC.is_dir(), reason="finds the browser's processes by /proc")


def below(pid: int) -> dict[int, str]:
    """The processes that a process has begun, and those that they have: their command lines."""
    parents: dict[int, int] = {}
    for folder in PROC.glob("[0-9]*"):
        try:
            parents[int(folder.name)] = int((folder / "stat").read_text().rpartition(")")[2].split()[1])
        except (OSError, ValueError):
            continue  # it has ended meanwhile
    found, before = {pid}, set[int]()
    while found != before:
        before = set(found)
        found |= {one for one, parent in parents.items() if parent in found}
    return {one: command for one in found - {pid} if (command := _command(one))}


def _command(pid: int) -> str:
    try:
        return (PROC / str(pid) / "cmdline").read_bytes().replace(b"\\0", b" ").decode(errors="replace")
    except OSError:
        return ""


def browsers(pid: int) -> list[int]:
    """The browsers of a crawl that have a page open, and of each only the first process."""
    commands = below(pid)
    if not any("--type=renderer" in command for command in commands.values()):
        return []
    return [one for one, command in commands.items() if "--headless" in command and "--type=" not in command]


@contextmanager
def crawling(room: Newsroom, data: Path, chromium: str) -> Iterator[subprocess.Popen[str]]:
    """A crawl of the articles that a script fills; ended with the block, if it runs still."""
    urls = ",".join(f"https://www.newspim.com/news/view/{number}" for number in room.faults)
    given = [
        *PACE,
        f"NEWSCRAWL_NEWSROOM={room.url}",
        f"NEWSCRAWL_DATA_DIR={data}",
        "NEWSCRAWL_BROWSER=auto",
        f"NEWSCRAWL_BROWSER_PATH={chromium}",
    ]
    command = [sys.executable, "-m", "scrapy", "crawl", "newspim", "-a", f"urls={urls}", "-a", "follow=none"]
    command += [part for setting in given for part in ("-s", setting)]
    with subprocess.Popen(command, cwd=ROOT, env=clean(), stderr=subprocess.PIPE, text=True) as run:
        try:
            yield run
        finally:
            if run.poll() is None:
                run.kill()


def test_a_browser_that_is_killed_costs_a_try_and_no_article(small: Site, tmp_path: Path, chromium: str) -> None:
    with (
        Newsroom(small, faults=faults(small, filled_late=2)) as room,
        crawling(room, tmp_path, chromium) as run,
    ):
        wait_until(lambda: bool(browsers(run.pid)), "a page in the browser")
        for process in browsers(run.pid):
            os.kill(process, signal.SIGKILL)
        log = run.communicate(timeout=60)[1]
    records, _ = written(tmp_path)
    assert len(records) == 2, log
    assert log.count("The browser crashed on https://www.newspim.com/") == 1
    assert run.returncode == 0


def test_after_a_killed_crawl_no_browser_is_left_and_the_next_run_has_all(
    small: Site, tmp_path: Path, chromium: str, read: Reader
) -> None:
    with Newsroom(small, faults=faults(small, filled_late=2)) as room:
        with crawling(room, tmp_path / "data", chromium) as run:
            wait_until(lambda: bool(browsers(run.pid)), "a page in the browser")
            processes = below(run.pid)
            run.kill()
        wait_until(
            lambda: not any(_command(one) == was for one, was in processes.items()), "the end of the browser", 10
        )
        read(room, room.faults)
        numbers = sorted(record["id"].rpartition(":")[2] for record in written(tmp_path / "data")[0])
        assert numbers == sorted(room.faults)
