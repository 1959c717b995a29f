"""A machine below a folder, on which the commands of docs/operations.md are run: its /opt, /etc, /var, /root, and stand-ins for what wants root."""

from __future__ import annotations

import base64
import contextlib
import os
import re
import runpy
import shlex
import shutil
import signal
import socket
import subprocess
import sys
import sysconfig
import urllib.request
from collections.abc import Mapping
from pathlib import Path

from newscrawl.newsroom import Newsroom

from . import standins, systemctl
from .scrapyd import BIN, PACE, ROOT, USER, clean, project

# A path of the machine; not one that only has such a part.
OURS = re.compile(r"(?<![\w.}/-])/(opt/newscrawl|etc|var|root)(?![\w.-])")
CONTACT = "who@example.com"
# One job at a time: a test waits for one and takes back others, and the machine has other things to do.
FEWER = ("max_proc = 4", "max_proc = 1\npoll_interval = 0.1")


class Machine:
    """The project in /opt/newscrawl; Scrapyd's port is another, a newsroom stands in place of the site."""

    def __init__(self, folder: Path, room: Newsroom) -> None:
        self.root = folder.resolve()
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = str(free.getsockname()[1])
        for name in ("bin", "opt", "root", "etc/systemd/system", "var/lib"):
            (self.root / name).mkdir(parents=True)
        (self.root / "etc/passwd").write_text("root:x:0:0::/root:/bin/sh\n")
        self.code = project(self.root / "opt/newscrawl")
        self._copy_project(room)
        self._put_standins()
        self._said = ""  # what a line of a shell leaves to the next
        self.environment = clean() | {
            "HOME": str(self.root / "root"),
            "MACHINE": str(self.root),
            "PATH": f"{self.root / 'bin'}{os.pathsep}{BIN}{os.pathsep}{os.environ['PATH']}",
        }

    def _copy_project(self, room: Newsroom) -> None:
        for name in ("deploy", "scripts", "requirements"):
            shutil.copytree(ROOT / name, self.code / name, ignore=shutil.ignore_patterns("__pycache__"))
        shutil.copy(ROOT / "Makefile", self.code)
        for path in (self.code / "scrapy.cfg", *(path for path in (self.code / "deploy").rglob("*") if path.is_file())):
            path.write_text(self.below(path.read_text()).replace(*FEWER))
        settings = {**PACE, "NEWSCRAWL_NEWSROOM": repr(room.url)}
        with (self.code / "newscrawl/settings.py").open("a") as file:
            file.writelines(f"{name} = {value}\n" for name, value in settings.items())

    def _put_standins(self) -> None:
        programs = {name: f"{standins.__file__} {name}" for name in standins.PROGRAMS}
        for name, script in (programs | {"systemctl": str(systemctl.__file__)}).items():
            self._put(self.root / "bin" / name, f"{sys.executable} {script}")

    @staticmethod
    def _put(path: Path, command: str) -> None:
        path.write_text(f'#!/bin/sh\nexec {command} "$@"\n')
        path.chmod(0o755)

    def below(self, text: str) -> str:
        """A text in which the machine's paths, and Scrapyd's port, are those of the test."""
        return OURS.sub(lambda path: f"{self.root}{path[0]}", text).replace("6800", self.port)

    def make_environment(self) -> None:
        """`.venv.scrapyd` as scripts/setup.py leaves it, but with what this Python has, which comes from the same lock: nothing is downloaded."""
        venv = self.code / ".venv.scrapyd"
        subprocess.run([sys.executable, "-m", "venv", "--without-pip", str(venv)], env=clean(), check=True)
        site = sysconfig.get_path("purelib", "venv", {"base": str(venv), "platbase": str(venv)})
        (Path(site) / "tests.pth").write_text(sysconfig.get_path("purelib") + "\n")
        for name, module in (("pip", "pip --no-cache-dir"), ("scrapyd-deploy", "scrapyd_client.deploy")):
            self._put(venv / "bin" / name, f"{venv}/bin/python -m {module}")
        stamp = runpy.run_path(str(self.code / "scripts/setup.py"))["stamp"]
        lock = self.code / "requirements/scrapyd.txt"
        (venv / "stamp").write_text(stamp(venv, lock, venv / "bin/python"))

    def fill_in(self) -> None:
        """What the page leaves to who installs it."""
        path = self.root / "etc/newscrawl/environment"
        given = USER | {"NEWSCRAWL_CONTACT": CONTACT}
        text = path.read_text()
        for name, value in given.items():
            text = re.sub(rf"^{name}=.*$", f"{name}={shlex.quote(value)}", text, flags=re.MULTILINE)
        path.write_text(text)

    def start(self, command: str) -> subprocess.Popen[str]:
        """A line of the page, in a session of its own. The environment of a `make` target stands already."""
        line = self.below(command).replace(".venv/bin/", f"{BIN}/")
        line = re.sub(r"^make \S+", lambda target: f"exec {target[0]} BIN={BIN} SETUP=@true", line)
        return subprocess.Popen(
            ["bash", "-c", self._said + line],
            cwd=self.code,
            env=self.environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            start_new_session=True,
        )

    def run(self, command: str) -> tuple[int, str]:
        """A line that ends: its exit code, what it printed. What it sets, the lines after it have."""
        if command.startswith(("set -a", "export ")):
            self._said += self.below(command) + "\n"
            command = "true"
        run = self.start(command)
        try:
            out, err = run.communicate(timeout=60)
        finally:
            run.kill()
        return run.returncode, out + err

    def as_user(self, command: str) -> tuple[int, str]:
        """A line of the crontab, as cron runs it."""
        bare: Mapping[str, str] = {name: self.environment[name] for name in ("PATH", "MACHINE")}
        done = subprocess.run(
            ["/bin/sh", "-c", command], env=bare, cwd=self.root, capture_output=True, text=True, timeout=60, check=False
        )
        return done.returncode, done.stdout + done.stderr

    def ask(self, path: str, body: str | None = None) -> str:
        """What Scrapyd answers."""
        request = urllib.request.Request(f"http://127.0.0.1:{self.port}/{path}", body.encode() if body else None)
        login = base64.b64encode(":".join(USER.values()).encode()).decode()
        request.add_header("Authorization", f"Basic {login}")
        with urllib.request.urlopen(request, timeout=60) as answer:
            return str(answer.read().decode())

    def cancel(self, job: str) -> None:
        """Take a job out of the queue, or tell it to end."""
        self.ask("cancel.json", f"project=newscrawl&job={job}")

    def end(self) -> None:
        """End what still runs."""
        for path in (self.root / "run/active").glob("*.service"):
            with contextlib.suppress(ProcessLookupError):
                os.killpg(int(path.read_text()), signal.SIGKILL)
