"""The set-up: the locks name all that is needed, the script makes an environment once and says what fails."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import tomllib
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from packaging.requirements import Requirement

ROOT = Path(__file__).resolve().parent.parent
PRODUCTION = ROOT / "requirements/production.txt"
DEVELOPMENT = ROOT / "requirements/development.txt"
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())
ENTRY = re.compile(r"^([a-z0-9-]+)==([^ ;]+)(.*(?:\n    --hash=sha256:[0-9a-f]{64}(?: \\)?)+)", re.MULTILINE)
# A scheme, a host, or an option that would name a place to download from.
ADDRESS = re.compile(r"://|[a-z0-9-]+\.(?:org|com|net|io)\b|--(?:extra-)?index|--find-links|(?<![\w-])-[if] ")
# What another run of make hands on to its commands would reach the one that is tested.
CLEAN = {name: value for name, value in os.environ.items() if name not in {"ARGS", "MAKEFLAGS", "MFLAGS", "PYTHON"}}

# A Python that says it is 3.13, makes environments that hold nothing but itself, and whose pip does as the file
# `pip` beside it says. Each call is a line in `calls`.
STAND_IN = """#!/bin/sh
PATH=/usr/bin:/bin
beside={beside}
echo "$*" >> $beside/calls
case "$*" in
    *version_info*) printf '3\\n13\\n%s\\n' "$0" ;;
    *python_version*) echo 3.13.1 ;;
    *"-m venv"*) for venv; do :; done; mkdir -p "$venv/bin"; ln -sf "$0" "$venv/bin/python" ;;
    *"pip"*install*) . $beside/pip ;;
esac
"""
Start = Callable[..., "subprocess.Popen[str]"]


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Start]:
    """Starts the set-up of `tmp_path/venv` on a Python that is too old, with the stand-in alone on PATH."""
    (tmp_path / "bin").mkdir()
    (tmp_path / "bin/python3.14").write_text("#!/bin/sh\nexit 127\n")  # as pyenv leaves names that do not run
    (tmp_path / "bin/python3.13").write_text(STAND_IN.format(beside=tmp_path))
    for python in (tmp_path / "bin").iterdir():
        python.chmod(0o755)
    (tmp_path / "pip").write_text("")
    (tmp_path / "lock.txt").write_text("one==1 --hash=sha256:0\n")
    (tmp_path / "sitecustomize.py").write_text("import sys; sys.version_info = (3, 9, 2)")
    running = []

    def start(*options: str, path: str = "bin") -> subprocess.Popen[str]:
        environment = {**CLEAN, "PATH": str(tmp_path / path), "PYTHONPATH": str(tmp_path)}
        command = [sys.executable, f"{ROOT}/scripts/setup.py", *options, f"{tmp_path}/lock.txt", f"{tmp_path}/venv"]
        process = subprocess.Popen(command, env=environment, text=True, stderr=subprocess.PIPE)
        running.append(process)
        return process

    yield start
    for process in running:
        process.communicate()


def end(process: subprocess.Popen[str]) -> tuple[int, list[str]]:
    return process.wait(), (process.stderr.read() if process.stderr else "").splitlines()


def installs(tmp_path: Path) -> int:
    return (tmp_path / "calls").read_text().count("pip --disable-pip-version-check --no-input install")


@pytest.mark.parametrize("lock", [PRODUCTION, DEVELOPMENT], ids=lambda lock: lock.stem)
def test_each_entry_of_a_lock_has_a_version_and_hashes(lock: Path) -> None:
    text = lock.read_text()
    assert len(ENTRY.findall(text)) == len(re.findall(r"^[^\s#]", text, re.MULTILINE)) > 40


@pytest.mark.parametrize(
    "name",
    ["requirements/production.txt", "requirements/development.txt", "requirements/scrapyd.txt", "pyproject.toml"],
)
def test_no_file_of_the_set_up_says_where_to_download(name: str) -> None:
    assert not ADDRESS.findall((ROOT / name).read_text())


def test_the_locks_hold_what_pyproject_asks_for() -> None:
    production = PROJECT["project"]["dependencies"]
    groups = PROJECT["dependency-groups"]
    for lock, asked in ((PRODUCTION, production), (DEVELOPMENT, production + groups["dev"] + groups["bench"])):
        pinned = {name: version for name, version, _ in ENTRY.findall(lock.read_text())}
        for requirement in map(Requirement, asked):
            assert pinned.get(requirement.name, "0") in requirement.specifier, f"{requirement}: run make lock"


def test_development_adds_to_production_and_changes_nothing() -> None:
    assert _files(PRODUCTION) < _files(DEVELOPMENT)


def _files(lock: Path) -> set[tuple[str, str, frozenset[str]]]:
    """What is installed of each package. Not on which Python: a package that another asks for too is wanted on more of them."""
    return {
        (name, version, frozenset(re.findall("[0-9a-f]{64}", rest)))
        for name, version, rest in ENTRY.findall(lock.read_text())
    }


def test_make_alone_lists_every_target() -> None:
    targets = re.search(r"^\.PHONY: (.*)$", (ROOT / "Makefile").read_text(), re.MULTILINE)
    shown = subprocess.run(["make", "-C", str(ROOT)], env=CLEAN, capture_output=True, text=True, check=True).stdout
    assert targets
    assert re.findall(r"^  make ([\w-]+) +\S", shown, re.MULTILINE) == targets[1].split()


def test_what_stands_after_args_reaches_the_spider() -> None:
    command = ["make", "-C", str(ROOT), "-n", "crawl", "ARGS=-a since=7d -O out.jsonl"]
    said = subprocess.run(command, env=CLEAN, capture_output=True, text=True, check=True).stdout
    assert ".venv/bin/scrapy crawl newspim -a since=7d -O out.jsonl" in said


def test_an_old_python_is_named_in_one_line(start: Start) -> None:
    code, lines = end(start(path="nothing"))
    assert (code, len(lines)) == (1, 1)
    assert "needs Python 3.11 or later and this is 3.9" in lines[0]


def test_an_old_python_that_was_asked_for_is_not_replaced(start: Start) -> None:
    code, lines = end(start("--exact"))
    assert (code, len(lines)) == (1, 1)


def test_an_old_python_finds_a_newer_one_and_the_second_run_has_nothing_to_do(start: Start, tmp_path: Path) -> None:
    code, lines = end(start())
    assert (code, len(lines)) == (0, 2)
    assert "with Python 3.13.1" in lines[0]
    calls = (tmp_path / "calls").read_text()
    assert "install --require-hashes --no-deps" in calls
    assert end(start()) == (0, [])
    assert (tmp_path / "calls").read_text() == calls


@pytest.mark.parametrize("change", ["lock", "python", "place"])
def test_a_change_of_what_it_was_made_of_makes_it_anew(start: Start, tmp_path: Path, change: str) -> None:
    end(start())
    if change == "lock":
        (tmp_path / "lock.txt").write_text("one==2 --hash=sha256:0\n")
    elif change == "python":
        (tmp_path / "bin/python3.13").rename(tmp_path / "bin/python3.12")
    else:
        (tmp_path / "venv/stamp").write_text((tmp_path / "venv/stamp").read_text().replace("/venv", "/moved"))
    assert end(start())[0] == 0
    assert installs(tmp_path) == 2


def test_what_a_killed_set_up_left_is_made_anew(start: Start, tmp_path: Path) -> None:
    (tmp_path / "pip").write_text("kill -9 $PPID")
    assert end(start())[0] == -9
    (tmp_path / "pip").write_text("")
    assert end(start())[0] == 0
    assert end(start()) == (0, [])


def test_of_two_at_once_one_waits_and_finds_it_done(start: Start, tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "go")
    (tmp_path / "pip").write_text(f"cat {tmp_path / 'go'}")
    first = start()
    with (tmp_path / "go").open("w"):  # opens when the first one's pip does
        second = start()
        assert second.stderr
        assert second.stderr.readline() == "setup: waiting for another set-up of venv\n"
    assert end(first)[0] == 0
    assert end(second) == (0, [])
    assert installs(tmp_path) == 1


def test_no_network_is_said_in_one_line(start: Start, tmp_path: Path) -> None:
    (tmp_path / "pip").write_text("echo 'Retrying after NewConnectionError'; echo 'No matching distribution'; exit 1")
    code, lines = end(start())
    assert code == 1
    assert "no network" in lines[-1]
    assert not any("matching" in line for line in lines)


def test_any_other_failure_shows_what_pip_said(start: Start, tmp_path: Path) -> None:
    (tmp_path / "pip").write_text("echo THESE PACKAGES DO NOT MATCH THE HASHES; exit 1")
    code, lines = end(start())
    assert code == 1
    assert "THESE PACKAGES DO NOT MATCH THE HASHES" in lines
    assert not (tmp_path / "venv/stamp").exists()


def test_a_python_without_ensurepip_says_what_to_install(start: Start, tmp_path: Path) -> None:
    stand_in = (tmp_path / "bin/python3.13").read_text()
    (tmp_path / "bin/python3.13").write_text(
        stand_in.replace("*python_version*", "*ensurepip*) exit 1 ;;\n *python_v*")
    )
    code, lines = end(start())
    assert (code, len(lines)) == (1, 1)
    assert "apt install python3.13-venv" in lines[0]
