"""Extraction takes no more instructions than it did: counted by callgrind, since the time of a busy machine tells nothing."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests import environment
from tests.speed import counted

ROOT = Path(__file__).parents[2]

MEASURED = 0.2035
"""Instructions of extraction for each of Python's own parser on the same pages, 2026-11-23, CPython 3.11.7, selectolax 1.0.2. When extraction has
become faster, write the new figure here; when it has become slower on purpose, say in docs/benchmarks.md for what."""
MOST = 1.15  # times as many

pytestmark = pytest.mark.skipif(shutil.which("valgrind") is None, reason="no valgrind: apt-get install valgrind")


def control(process: subprocess.Popen[str], *options: str) -> None:
    subprocess.run(["callgrind_control", *options, str(process.pid)], check=True, capture_output=True, timeout=60)


def line_of(process: subprocess.Popen[str]) -> str:
    assert process.stdout is not None
    return process.stdout.readline().strip()


def say(process: subprocess.Popen[str]) -> None:
    assert process.stdin is not None
    process.stdin.write("\n")
    process.stdin.flush()


def instructions(folder: Path) -> list[int]:
    """Of each piece of work of `counted.py`."""
    command = ["valgrind", "--tool=callgrind", "--instr-atstart=no", f"--callgrind-out-file={folder}/counts"]
    with subprocess.Popen(
        [*command, sys.executable, "-m", "tests.speed.counted"],
        cwd=ROOT,
        env=environment.clean() | {"PYTHONHASHSEED": "0"},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    ) as process:
        for number in range(2):
            assert line_of(process) == "ready"
            control(process, "--instr=on")
            say(process)
            assert line_of(process) == "done"
            control(process, "--instr=off")
            control(process, f"--dump={number}")
            control(process, "--zero")
            say(process)
    counts = [(folder / f"counts.{number}").read_text(errors="replace") for number in (1, 2)]
    return [int(re.findall(r"^totals: (\d+)", one, re.MULTILINE)[0]) for one in counts]


def test_extraction_takes_no_more_instructions_than_it_did(tmp_path: Path) -> None:
    extracted, parsed = instructions(tmp_path)
    ratio = extracted / parsed
    said = f"{ratio:.4f}, {extracted / len(counted.pages()):,.0f} instructions a page"
    assert ratio < MEASURED * MOST, said
    assert ratio > MEASURED / MOST, f"{said}: faster; write the figure into this file, so that it stays so"
