"""`-O -:jsonl`: a crawl whose lines go to a reader as they come, whatever the reader does."""

from __future__ import annotations

import fcntl
import gzip
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Any

import pytest

from newscrawl.newsroom import Faults, Newsroom, Site
from tests import environment

from .conftest import ALL, PACE, ROOT, scrapy, wait_until
from .truth import differences

LEFT = "Nobody reads {} any more: the run ends here. What is left waits for the next run."


def arguments(room: Newsroom, folder: Path, *more: str) -> list[str]:
    settings = (*PACE, f"NEWSCRAWL_NEWSROOM={room.url}", f"NEWSCRAWL_DATA_DIR={folder / 'data'}")
    return ["crawl", "newspim", *(part for setting in settings for part in ("-s", setting)), *more]


class Run:
    """A crawl under way; its log is in a file, so that nobody has to read it."""

    def __init__(self, room: Newsroom, folder: Path, *more: str, stdout: int | None = None) -> None:
        self.folder = folder
        clean = environment.clean()
        with self._log.open("ab") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "scrapy", *arguments(room, folder, *more)],
                cwd=ROOT,
                env=clean,
                stdout=subprocess.PIPE if stdout is None else stdout,
                stderr=log,
            )

    @property
    def _log(self) -> Path:
        return self.folder / "log"

    @property
    def stdout(self) -> IO[bytes]:
        assert self.process.stdout is not None
        return self.process.stdout

    def some(self) -> bytes:
        """What there is to read, at least a byte; nothing at the end."""
        return os.read(self.stdout.fileno(), 1 << 20)

    def says(self, words: str) -> None:
        """Wait until its log does."""
        said = False

        def is_over() -> bool:
            nonlocal said
            ended = self.process.poll() is not None
            said = words in self._log.read_text(encoding="utf-8")
            return said or ended

        wait_until(is_over, f"it says {words}")
        assert said, f"it ended and did not say {words}"

    def end(self) -> tuple[int, str]:
        """The exit code and the log."""
        code = self.process.wait(timeout=100)
        return code, self._log.read_text(encoding="utf-8")


@pytest.fixture
def runs() -> Iterator[list[Run]]:
    """Those that a failed test leaves are ended."""
    runs: list[Run] = []
    yield runs
    for run in runs:
        run.process.kill()
        run.process.wait()
        if run.process.stdout:
            run.process.stdout.close()


def records(data: bytes) -> list[dict[str, Any]]:
    """Whole lines, and nothing else."""
    assert data == b"" or data.endswith(b"\n")
    return [json.loads(line) for line in data.splitlines()]


def feeds(folder: Path) -> list[dict[str, Any]]:
    return [
        record for path in sorted((folder / "data/newspim").glob("*.jsonl")) for record in records(path.read_bytes())
    ]


def address(number: str) -> str:
    return f"https://www.newspim.com/news/view/{number}"


def two_of(site: Site) -> tuple[str, str]:
    """The first is fetched first."""
    newest, *_, oldest = sorted(
        (story.id for story in site.articles if story.listed and story.way != "hidden"), reverse=True
    )
    return newest, oldest


def ended_well(code: int, log: str) -> None:
    assert code == 0
    for word in ("Traceback", "Exception ignored", "BrokenPipe", "Not all went well", "ERROR", "CRITICAL"):
        assert word not in log


@pytest.mark.parametrize("output", ["-:jsonlines", "/dev/stdout:jsonl"])
def test_a_line_is_there_before_the_next_page_is(small: Site, tmp_path: Path, runs: list[Run], output: str) -> None:
    quick, slow = two_of(small)
    with Newsroom(small, faults=Faults({"slow": [slow]}, delay=5)) as room:
        runs.append(run := Run(room, tmp_path, "-a", f"urls={address(quick)},{address(slow)}", "-O", output))
        first, second, nothing = run.some(), run.some(), run.some()
        ended_well(*run.end())
    assert [record["id"][-14:] for record in records(first)] == [quick]
    assert [record["id"][-14:] for record in records(second)] == [slow]
    assert nothing == b""


def test_a_reader_that_has_had_enough_ends_the_run_and_the_next_one_goes_on(
    room: Newsroom, tmp_path: Path, runs: list[Run]
) -> None:
    """`scrapy crawl newspim -O -:jsonl | head -1`"""
    runs.append(run := Run(room, tmp_path, "-a", f"since={ALL}", "-O", "-:jsonl"))
    run.stdout.readline()
    run.stdout.close()
    code, log = run.end()
    ended_well(code, log)
    assert log.count(LEFT.format("the standard output")) == 1
    assert "Spider closed (reader_left)" in log
    assert differences(feeds(tmp_path), room.expected()) != []
    assert scrapy(*arguments(room, tmp_path, "-a", f"since={ALL}")).returncode == 0
    assert differences(feeds(tmp_path), room.expected()) == []


@pytest.mark.parametrize("form", ["jsonl", "gz"])
def test_a_reader_that_leaves_while_the_crawl_waits_is_noticed(
    small: Site, tmp_path: Path, runs: list[Run], form: str
) -> None:
    quick, busy = two_of(small)
    with Newsroom(small, faults=Faults({"busy": [busy]}, retry_after=4)) as room:
        runs.append(run := Run(room, tmp_path, "-a", f"urls={address(quick)},{address(busy)}", "-O", f"-:{form}"))
        run.some()
        run.stdout.close()
        code, log = run.end()
    ended_well(code, log)
    assert [record["id"][-14:] for record in feeds(tmp_path)] == [quick]  # the other's turn would have come


def test_a_log_in_the_same_pipe_ends_the_run_as_quietly(room: Newsroom, tmp_path: Path) -> None:
    """`scrapy crawl newspim -O -:jsonl 2>&1 | head -1`"""
    command = [sys.executable, "-m", "scrapy", *arguments(room, tmp_path, "-a", f"since={ALL}", "-O", "-:jsonl")]
    process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    assert process.stdout is not None
    process.stdout.readline()
    process.stdout.close()
    assert process.wait(timeout=100) == 0


def narrow_pipe() -> tuple[int, int]:
    """One that is full after a line or two."""
    read, written = os.pipe()
    fcntl.fcntl(written, fcntl.F_SETPIPE_SZ, 4096)
    return read, written


@pytest.mark.parametrize("blocking", [True, False])
def test_a_slow_reader_gets_every_line(room: Newsroom, tmp_path: Path, runs: list[Run], blocking: bool) -> None:
    read, written = narrow_pipe()
    os.set_blocking(written, blocking)
    runs.append(run := Run(room, tmp_path, "-a", f"since={ALL}", "-O", "-:jsonl", stdout=written))
    os.close(written)
    data = b""
    while more := os.read(read, 1000):
        data += more
    os.close(read)
    ended_well(*run.end())
    assert differences(records(data), room.expected()) == []


def test_a_reader_that_does_not_read_keeps_the_crawl_from_fetching_on_and_nobody_from_ending_it(
    room: Newsroom, tmp_path: Path, runs: list[Run]
) -> None:
    read, written = narrow_pipe()
    runs.append(run := Run(room, tmp_path, "-a", f"since={ALL}", "-O", "-:jsonl", stdout=written))
    os.close(written)
    first = os.read(read, 1)
    requests, before = len(room.requests), -1
    while requests != before:  # until it asks for nothing more
        # Nothing happens then, so nothing can be waited for: many times what it takes to ask for a page.
        time.sleep(0.5)
        requests, before = len(room.requests), requests
    assert run.process.poll() is None
    run.process.send_signal(signal.SIGINT)
    run.says("Closing spider (shutdown)")
    data = first
    while more := os.read(read, 1 << 16):
        data += more
    os.close(read)
    code, _ = run.end()
    assert code == 3
    assert {record["id"] for record in records(data)} == {record["id"] for record in feeds(tmp_path)}
    assert len(feeds(tmp_path)) < len(room.expected()) / 2


@pytest.mark.parametrize("reader", ["of standard output", "of a named pipe"])
def test_whichever_reader_leaves_the_run_ends_with_every_output_whole(
    room: Newsroom, tmp_path: Path, runs: list[Run], reader: str
) -> None:
    pipe, copy = tmp_path / "pipe", tmp_path / "copy.jsonl.gz"
    os.mkfifo(pipe)
    output = "-:jsonl" if reader == "of standard output" else f"{pipe}:jsonl"
    runs.append(run := Run(room, tmp_path, "-a", f"since={ALL}", "-o", output, "-o", str(copy)))
    with run.stdout if output == "-:jsonl" else pipe.open("rb") as lines:
        lines.readline()
    code, log = run.end()
    ended_well(code, log)
    assert LEFT.format("the standard output" if output == "-:jsonl" else pipe) in log
    assert records(gzip.decompress(copy.read_bytes())) == feeds(tmp_path)
    assert differences(feeds(tmp_path), room.expected()) != []


def test_a_named_pipe_waits_for_its_reader(room: Newsroom, small: Site, tmp_path: Path, runs: list[Run]) -> None:
    """Also when all is fetched: its only line is worth the wait."""
    pipe, (number, _) = tmp_path / "pipe", two_of(small)
    os.mkfifo(pipe)
    runs.append(run := Run(room, tmp_path, "-a", f"urls={address(number)}", "-O", f"{pipe}:jsonl"))
    run.says(f"{pipe} waits for somebody to read it")
    read = os.open(pipe, os.O_RDONLY | os.O_NONBLOCK)
    ended_well(*run.end())
    assert [record["id"][-14:] for record in records(os.read(read, 1 << 16))] == [number]
    os.close(read)


def test_a_full_disk_behind_standard_output_is_no_reader_that_left(
    room: Newsroom, tmp_path: Path, runs: list[Run]
) -> None:
    with Path("/dev/full").open("wb") as full:
        runs.append(run := Run(room, tmp_path, "-a", f"since={ALL}", "-O", "-:jsonl", stdout=full.fileno()))
    code, log = run.end()
    assert code == 3
    assert "Cannot write to the standard output (No space left on device)" in log
    assert "ended early (cannot_write)" in log


def test_a_closed_standard_output_is_told_before_anything_is_asked(room: Newsroom, tmp_path: Path) -> None:
    command = [sys.executable, "-m", "scrapy", *arguments(room, tmp_path, "-O", "-:jsonl")]
    shell = ["sh", "-c", 'exec "$@" >&-', "sh", *command]
    done = subprocess.run(shell, cwd=ROOT, stderr=subprocess.PIPE, text=True, timeout=100, check=False)
    assert done.returncode == 2
    assert done.stderr.splitlines()[-1] == "scrapy crawl: cannot write to the standard output: it is closed"
    assert room.requests == []


def test_standard_output_without_a_form_is_refused_with_those_that_there_are(room: Newsroom, tmp_path: Path) -> None:
    done = scrapy(*arguments(room, tmp_path, "-O", "-"))
    assert done.returncode == 2
    assert "'jsonl'" in done.stderr.splitlines()[-1]
    assert "after a colon" in done.stderr.splitlines()[-1]
    assert room.requests == []
