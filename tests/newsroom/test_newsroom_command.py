"""`scrapy newsroom`, as a person starts it."""

from __future__ import annotations

import signal
import socket
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

PROJECT = Path(__file__).parents[2]


@contextmanager
def newsroom(*options: str) -> Iterator[subprocess.Popen[str]]:
    command = [sys.executable, "-m", "scrapy", "newsroom", "--articles", "40", "--end", "2026-11-20T18:00", *options]
    with subprocess.Popen(command, cwd=PROJECT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        try:
            yield process
        finally:
            process.kill()  # a test that fails half-way must not wait for a server that nobody ends


def test_it_says_where_it_is_serves_and_ends_on_interrupt() -> None:
    with newsroom("--port", "0", "--faults", "slow,gzip") as process:
        assert process.stdout is not None
        first, second = process.stdout.readline(), process.stdout.readline()
        address = first.split(" at ")[1].split()[0]
        assert f"-s NEWSCRAWL_NEWSROOM={address}" in second
        with urllib.request.urlopen(f"{address}/") as response:
            assert response.status == 200
        process.send_signal(signal.SIGINT)
        out, errors = process.communicate(timeout=20)
    assert process.returncode == 0, errors
    assert "1 requests served" in out


def test_a_taken_port_is_said_plainly() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        with newsroom("--port", port) as process:
            _, errors = process.communicate(timeout=20)
    assert process.returncode == 2
    assert f"cannot serve on port {port}" in errors
    assert "Traceback" not in errors


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (["--faults", "gremlins"], "unknown fault"),
        (["--end", "soon"], "--end 'soon': takes a time, like 2026-11-20T18:00"),
        (["--end", "0001-01-01"], "no such days: 3 up to"),
        (["--days", "99999999"], "no such days: 99999999 up to"),
        (["--port", "99999"], "--port 99999: takes 0 to 65535"),
        (["--port", "-1"], "--port -1: takes 0 to 65535"),
        (["--share", "5"], "--share 5.0: takes a share, 0 to 1"),
        (["--share", "-0.1"], "--share -0.1: takes"),
        (["--share", "nan"], "--share nan: takes"),
        (["--log", "/proc/x/requests.jsonl"], "cannot write to /proc/x/requests.jsonl"),
    ],
)
def test_bad_options_are_said_plainly(options: list[str], message: str) -> None:
    with newsroom(*options) as process:
        _, errors = process.communicate(timeout=20)
    assert process.returncode == 2
    assert message in errors
    assert "Traceback" not in errors
