"""The commands of docs/discovery.md do what it says, on a newsroom of the days that it names."""

from __future__ import annotations

import re
import shlex
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from newscrawl.newsroom import Newsroom, generate
from tests import environment

from .conftest import END, PACE, ROOT, wait_until

DOCS = (ROOT / "docs" / "discovery.md").read_text(encoding="utf-8")
COMMANDS = [line for block in re.findall(r"```sh\n(.*?)```", DOCS, re.DOTALL) for line in block.splitlines()]
PATIENCE = 120  # seconds


@pytest.fixture(scope="module")
def room() -> Iterator[Newsroom]:
    with Newsroom(generate(articles=400, days=25, seed=2, end=END)) as room:
        yield room


def started(command: str, room: Newsroom, data: Path) -> subprocess.Popen[str]:
    """A command as a shell runs it, with a newsroom in place of the site."""
    usual = environment.clean()
    ours = {"NEWSCRAWL_NEWSROOM": room.url, "NEWSCRAWL_DATA_DIR": str(data)}
    pace = " ".join(f"-s {one}" for one in PACE)
    scrapy = f"{shlex.quote(sys.executable)} -m scrapy"
    line = re.sub(r"^scrapy (crawl \w+|\w+)", lambda found: f"exec {scrapy} {found[1]} {pace}", command)
    if "|" in line:
        line = line.replace("exec ", "", 1)
    return subprocess.Popen(
        ["bash", "-c", line],
        cwd=ROOT,
        env=usual | ours,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def output(run: subprocess.Popen[str]) -> tuple[str, str]:
    """What a command printed; one that does not end is killed."""
    try:
        return run.communicate(timeout=PATIENCE)
    finally:
        run.kill()


def test_the_commands_end_well_one_after_the_other(room: Newsroom, tmp_path: Path) -> None:
    for command in COMMANDS:
        if "watch=yes" in command:
            continue
        run = started(command, room, tmp_path)
        printed, log = output(run)
        assert run.returncode == 0, log
        assert "2026-11" in printed if "ledger" in command else "INFO: exported" in log, command


def test_a_watch_goes_on_until_it_is_told_to_stop(room: Newsroom, tmp_path: Path) -> None:
    (command,) = (line for line in COMMANDS if line.endswith("watch=yes"))
    asked = len(room.requests)
    run = started(f"{command} -a since=30d", room, tmp_path)
    wait_until(
        lambda: any(host.startswith("rss.") for _, host, _, _ in room.requests[asked:]), "a feed is polled", PATIENCE
    )
    assert run.poll() is None
    run.send_signal(signal.SIGINT)
    _, log = output(run)
    assert run.returncode == 0, log
    assert "INFO: polls" in log


def test_a_reader_who_has_enough_ends_a_watch(room: Newsroom, tmp_path: Path) -> None:
    (command,) = (line for line in COMMANDS if "| head" in line)
    run = started(command.replace("watch=yes", "watch=yes -a since=30d"), room, tmp_path)
    printed, log = output(run)
    assert len(printed.splitlines()) == 3
    assert "reader_left" in log


def test_there_are_commands_to_try() -> None:
    assert len(COMMANDS) == 9
