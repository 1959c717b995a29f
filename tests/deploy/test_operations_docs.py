"""The commands of docs/operations.md do what it says, on a Scrapyd that `make scrapyd` started and a newsroom in place of the site."""

from __future__ import annotations

import contextlib
import os
import re
import shutil
import signal
import socket
import subprocess
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from newscrawl.newsroom import Newsroom, generate
from tests.crawl.conftest import wait_until

from .scrapyd import BIN, PACE, ROOT, USER, clean, project

DOCS = (ROOT / "docs/operations.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"```sh\n(.*?)```", DOCS, re.DOTALL)
COMMANDS = list(dict.fromkeys(line for block in BLOCKS for line in block.splitlines()))
TARGET = re.findall(r"```ini\n(.*?)```", DOCS, re.DOTALL)


class Shell:
    """A copy of the project, in which commands run as in a terminal there, with the daemon on another port."""

    def __init__(self, folder: Path, room: Newsroom) -> None:
        self.folder = project(folder / "project")
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = str(free.getsockname()[1])
        for name in ("deploy", "Makefile"):
            source = ROOT / name
            (shutil.copytree if source.is_dir() else shutil.copy)(source, self.folder / name)
        self._add("newscrawl/settings.py", "".join(f"{name} = {value}\n" for name, value in PACE.items()))
        conf = (
            self.folder / "deploy/scrapyd.conf"
        )  # one job at a time: the test waits for one, and the machine has other things to do
        conf.write_text(conf.read_text().replace("max_proc = 4", "max_proc = 1\npoll_interval = 0.1"))
        cfg = self.folder / "scrapy.cfg"
        cfg.write_text(self._here(cfg.read_text()))
        (folder / "scrapy.cfg").write_text(self._here(TARGET[0]))
        self.environment = (
            clean()
            | USER
            | {
                "XDG_CONFIG_HOME": str(folder),
                "NEWSCRAWL_NEWSROOM": room.url,
                "SCRAPYD_HTTP_PORT": self.port,
                "SCRAPYD_URL": f"http://127.0.0.1:{self.port}",
                "PATH": f"{BIN}{os.pathsep}{os.environ['PATH']}",
            }
        )

    def _add(self, name: str, text: str) -> None:
        path = self.folder / name
        path.write_text(path.read_text() + text)

    def _here(self, text: str) -> str:
        return text.replace("6800", self.port).replace(".venv/bin", str(BIN))

    def start(self, command: str) -> subprocess.Popen[str]:
        """A command, in a session of its own. The environment of a `make` target stands already."""
        line = re.sub(r"^make \S+", lambda target: f"exec {target[0]} BIN={BIN} SETUP=@true", self._here(command))
        return subprocess.Popen(
            ["bash", "-c", line],
            cwd=self.folder,
            env=self.environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            start_new_session=True,
        )

    def run(self, command: str) -> tuple[int, str]:
        """A command that ends: its exit code, what it printed."""
        run = self.start(command)
        try:
            out, err = run.communicate(timeout=60)
        finally:
            run.kill()
        return run.returncode, out + err


@pytest.fixture(scope="module")
def room() -> Iterator[Newsroom]:
    """Small, and of the last two days: the commands ask for ages."""
    with Newsroom(generate(articles=12, days=2, seed=3)) as room:
        yield room


@pytest.fixture(scope="module")
def shell(tmp_path_factory: pytest.TempPathFactory, room: Newsroom) -> Iterator[Shell]:
    """With the daemon that the document's first command starts; it and its jobs are ended."""
    shell = Shell(tmp_path_factory.mktemp("operations"), room)
    daemon = subprocess.Popen(
        ["make", "scrapyd", f"BIN={BIN}", "SETUP=@true"],
        cwd=shell.folder,
        env=shell.environment,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    try:
        wait_until(lambda: answers(shell) or daemon.poll() is not None, "make scrapyd answers")
        assert daemon.poll() is None
        yield shell
    finally:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(daemon.pid, signal.SIGKILL)
        daemon.wait()


def answers(shell: Shell) -> bool:
    with socket.socket() as there:
        return there.connect_ex(("127.0.0.1", int(shell.port))) == 0


def test_the_commands_end_well_one_after_the_other(shell: Shell) -> None:
    assert COMMANDS[0] == "make scrapyd"
    before = {path.name for path in shell.folder.iterdir()}
    for command in COMMANDS[1:]:
        if command.startswith("curl") and not shutil.which("curl"):
            continue  # the same requests are made by the other tests, from Python
        code, printed = shell.run(command)
        assert code == 0, f"{command}: {printed}"
        assert '"status": "error"' not in printed, f"{command}: {printed}"
        if command.startswith("make deploy"):
            assert '"spiders": 1' in printed
    data = shell.folder / "data"
    wait_until(lambda: any(data.glob("newspim/*.jsonl")), "a job writes below data/")
    assert {path.name for path in data.iterdir()} == {"newspim", "scrapyd"}
    assert {path.name for path in shell.folder.iterdir()} - before == {"build", "newscrawl.egg-info"}


def test_the_working_copy_is_no_project_of_its_own(shell: Shell) -> None:
    code, projects = shell.run(".venv/bin/scrapyd-client projects")
    assert code == 0
    assert "default" not in projects


def test_an_egg_that_scrapyd_cannot_load_is_taken_back(shell: Shell, egg: Path, tmp_path: Path) -> None:
    whole_one = re.search(r'"version": "(\d+)"', shell.run("make deploy")[1])
    assert whole_one
    with zipfile.ZipFile(egg) as whole, zipfile.ZipFile(tmp_path / "broken.egg", "w") as broken:
        for name in whole.namelist():
            broken.writestr(name, b"import not_here" if name == "newscrawl/settings.py" else whole.read(name))
    code, printed = shell.run(f"make deploy ARGS='here --egg {tmp_path / 'broken.egg'}'")
    assert code == 2
    assert "No module named 'not_here'" in printed
    assert "deploy: Scrapyd did not take it" in printed
    versions = sorted(path.stem for path in shell.folder.glob("data/scrapyd/eggs/newscrawl/*.egg"))
    assert versions[-1] == whole_one[1]


def test_what_is_no_egg_is_not_taken(shell: Shell) -> None:
    code, printed = shell.run("make deploy ARGS='--egg Makefile'")
    assert code == 2
    assert "egg is not a ZIP file" in printed
    assert "Traceback" not in printed


def test_there_are_commands_to_try() -> None:
    assert len(COMMANDS) == 11
    assert len(TARGET) == 1
