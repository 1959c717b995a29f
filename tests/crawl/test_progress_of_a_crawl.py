"""What a person sees while a crawl goes on: rows on a terminal, lines in a log."""

from __future__ import annotations

import os
import re
import select
import subprocess
import sys
import termios
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from rich.cells import cell_len

from newscrawl.newsroom import Newsroom
from tests import environment
from tests.screen import Screen

from .conftest import ALL, PACE, ROOT, Crawler

# Records of the log that can be told from all else.
MARKED = ("-s", "LOG_FORMAT=<<%(message)s>>")
RECORDS = re.compile(r"(?:<<(?:(?!\n<<|>>\n).)*>>\n)*", re.DOTALL)
SLOW = ("DOWNLOAD_DELAY=0.03", "AUTOTHROTTLE_ENABLED=0")
STALLED = ("DOWNLOAD_DELAY=30", "AUTOTHROTTLE_ENABLED=0", "CONCURRENT_REQUESTS=4", "CONCURRENT_REQUESTS_PER_DOMAIN=4")
# Makes the terminal that of the program, as a login does: keys reach it as signals.
OWN = "import fcntl, os, signal, subprocess, sys, termios; fcntl.ioctl(2, termios.TIOCSCTTY, 0); "
ATTACH = f"{OWN} os.execv(sys.executable, sys.argv[1:])"
ATTACH_UNHEEDING = f"{OWN} signal.signal(signal.SIGHUP, signal.SIG_IGN); os.execv(sys.executable, sys.argv[1:])"
ATTACH_AND_LEAVE = f"{OWN} sys.exit(subprocess.run(sys.argv[1:], process_group=0).returncode)"  # as a shell does for &
ERASE = b"\r\x1b[J"  # begins each write
PATIENCE = 120  # seconds; of a busy machine


class TerminalCrawl:
    """A crawl on a terminal of its own."""

    def __init__(self, arguments: list[str], columns: int, term: str, attach: str) -> None:
        self.screen = Screen(columns)  # what stands there now
        self.written = b""
        self._looked = 0
        self.terminal, end = os.openpty()
        termios.tcsetwinsize(end, (24, columns))
        clean = environment.clean()
        self.process = subprocess.Popen(
            [sys.executable, "-c", attach, sys.executable, "-m", "scrapy", *arguments],
            cwd=ROOT,
            env=clean | {"TERM": term},
            stdin=end,
            stdout=end,
            stderr=end,
            start_new_session=True,
        )
        os.close(end)

    def until(self, seen: Callable[[Screen], bool]) -> Screen:
        """Watch the screen until something can be seen."""
        for _ in self._read():
            self._look(self.written.rfind(ERASE))  # to the end of a write: what comes after it may be a part
            if seen(self.screen):
                return self.screen
        raise AssertionError(f"never seen; the last: {self.screen.rows[-20:]}")

    def press(self, keys: bytes) -> None:
        """As a person does."""
        os.write(self.terminal, keys)

    def end(self) -> Screen:
        """Wait for the end; what is left on the screen."""
        for _ in self._read():
            pass
        self.process.wait(PATIENCE)
        self._look(len(self.written))
        return self.screen

    def _look(self, end: int) -> None:
        if end > self._looked:
            self.screen.feed(self.written[self._looked : end].decode())
            self._looked = end

    def _read(self) -> Iterator[None]:
        """What the crawl writes, as it comes; ends with the crawl."""
        deadline = time.monotonic() + PATIENCE
        while time.monotonic() < deadline:
            if not select.select([self.terminal], [], [], 1)[0]:
                continue
            try:
                read = os.read(self.terminal, 65536)
            except OSError:  # Linux says so of a terminal on which nobody is
                return
            if not read:
                return
            self.written += read
            yield
        raise AssertionError(f"has not ended; the last: {self.screen.rows[-20:]}")


Starter = Callable[..., TerminalCrawl]


@pytest.fixture
def start(room: Newsroom, tmp_path: Path) -> Iterator[Starter]:
    """Starts a crawl of the newsroom on a terminal."""
    started: list[TerminalCrawl] = []

    def run(
        *arguments: str,
        pace: tuple[str, ...] = SLOW,
        columns: int = 100,
        term: str = "xterm-256color",
        attach: str = ATTACH,
    ) -> TerminalCrawl:
        settings = [*PACE, *pace, f"NEWSCRAWL_NEWSROOM={room.url}", f"NEWSCRAWL_DATA_DIR={tmp_path / 'data'}"]
        options = [part for setting in settings for part in ("-s", setting)]
        started.append(
            TerminalCrawl(["crawl", "newspim", "-a", f"since={ALL}", *options, *arguments], columns, term, attach)
        )
        return started[-1]

    yield run
    for crawl in started:
        if crawl.process.poll() is None:
            crawl.process.kill()
            crawl.process.wait()
        if crawl.terminal >= 0:
            os.close(crawl.terminal)


def has_rows(screen: Screen) -> bool:
    """Whether the last row is one of the progress of a run that has exported something."""
    return bool(re.search(r"exported [1-9]", screen.rows[-1]))


@pytest.mark.parametrize("columns", [30, 100, 200])
def test_rows_fit_the_terminal_and_stand_below_whole_lines_of_the_log(start: Starter, columns: int) -> None:
    crawl = start(*MARKED, "-s", "LOG_LEVEL=DEBUG", "-s", "LOGSTATS_INTERVAL=0.5", columns=columns)
    crawl.until(has_rows)
    assert all(cell_len(row) < columns for row in crawl.screen.lines[-2:] if not row.endswith(">>"))
    text = "\n".join(crawl.end().lines)
    assert crawl.process.returncode == 0
    assert crawl.written.count(ERASE) > 100
    assert RECORDS.fullmatch(text)
    assert "Progress:" not in text


@pytest.mark.parametrize("presses", [1, 2])
def test_rows_vanish_when_somebody_ends_the_run(start: Starter, presses: int) -> None:
    crawl = start(*MARKED, pace=SLOW if presses == 1 else STALLED)
    crawl.until(has_rows if presses == 1 else lambda _: crawl.written.count(ERASE) > 3)
    crawl.press(b"\x03")
    if presses == 2:
        crawl.until(lambda screen: any("Closing spider" in row for row in screen.rows))
        crawl.press(b"\x03")
    lines = crawl.end().lines
    assert crawl.process.returncode == 3
    assert RECORDS.fullmatch("\n".join(lines))
    assert f"ended early ({'shutdown' if presses == 1 else 'never began'})" in lines[-2]


@pytest.mark.parametrize(
    ("arguments", "term"),
    [
        pytest.param(("-s", "LOGSTATS_INTERVAL=0"), "xterm", id="turned off"),
        pytest.param((), "dumb", id="a terminal that cannot move its cursor"),
        pytest.param(("-s", "LOG_FILE=/dev/null"), "xterm", id="log in a file"),
        pytest.param(("-s", "LOG_ENABLED=0"), "xterm", id="no log"),
        pytest.param(("-O", "-:jsonl"), "xterm", id="records on the terminal"),
    ],
)
def test_rows_can_be_done_without(start: Starter, arguments: tuple[str, ...], term: str) -> None:
    crawl = start(*arguments, "-a", "follow=none", "-a", "since=2026-11-20T17:00", pace=(), term=term)
    crawl.end()
    assert crawl.process.returncode == 0
    assert b"\x1b" not in crawl.written


def test_in_the_background_a_log_line_stands_for_the_rows(start: Starter) -> None:
    crawl = start(*MARKED, "-s", "LOGSTATS_INTERVAL=0.5", attach=ATTACH_AND_LEAVE)
    assert sum(line.startswith("<<Progress: found") for line in crawl.end().lines) > 2
    assert b"\x1b" not in crawl.written
    assert crawl.process.returncode == 0


def test_a_terminal_that_goes_away_ends_no_crawl(start: Starter, tmp_path: Path) -> None:
    crawl = start(attach=ATTACH_UNHEEDING)
    crawl.until(has_rows)
    os.close(crawl.terminal)
    crawl.terminal = -1
    assert crawl.process.wait(PATIENCE) == 0
    (feed,) = (tmp_path / "data").glob("newspim/*.jsonl")
    assert len(feed.read_bytes().splitlines()) > 50


def test_without_a_terminal_a_log_line_now_and_then_says_the_same(crawl: Crawler, room: Newsroom) -> None:
    run = crawl(room, "-s", "LOGSTATS_INTERVAL=0.5", pace=(*PACE, *SLOW))
    lines = re.findall(r"\[newscrawl\.progress\] INFO: Progress: (.*)", run.log)
    assert len(lines) > 2
    assert all(re.search(r"found [\d,]+, exported [\d,]+, skipped [\d,]+, failed 0", line) for line in lines)
    assert "\x1b" not in run.log


def test_a_run_of_less_than_a_minute_logs_no_progress(crawl: Crawler, room: Newsroom) -> None:
    run = crawl(room)
    assert run.records
    assert "Progress:" not in run.log
    assert "pages/min" not in run.log  # nor in the words of Scrapy's own extension
