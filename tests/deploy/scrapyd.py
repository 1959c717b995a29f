"""A real Scrapyd for the tests: on a free port of this machine, in a folder of its own, ended with all its jobs."""

from __future__ import annotations

import base64
import contextlib
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from tests.crawl.conftest import wait_until

ROOT = Path(__file__).resolve().parents[2]
BIN = Path(sys.executable).parent  # not resolved: an environment's Python is a link to another folder
PACE = {
    "DOWNLOAD_DELAY": "0",
    "AUTOTHROTTLE_ENABLED": "0",
    "CONCURRENT_REQUESTS": "8",
    "CONCURRENT_REQUESTS_PER_DOMAIN": "8",
}
USER = {"SCRAPYD_USERNAME": "newscrawl", "SCRAPYD_PASSWORD": "a word"}
# deploy/environment.example sets these for every daemon.
PYTHON = {"PYTHONSAFEPATH": "1", "PYTHONWARNINGS": "ignore:pkg_resources is deprecated:UserWarning"}
# A test does not wait for a queue that is looked at every five seconds, and needs no port that is taken.
FASTER = "poll_interval = 0.1\nhttp_port = {port}\n"


def clean() -> dict[str, str]:
    """This environment without what would reach a daemon or a crawl."""
    ours = ("NEWSCRAWL_", "SCRAPY", "PYTHON", "MAKE", "MFLAGS")
    return {name: value for name, value in os.environ.items() if not name.startswith(ours)}


def project(folder: Path) -> Path:
    """A copy of the project, to be built there: building writes beside the code."""
    folder.mkdir()
    shutil.copytree(ROOT / "newscrawl", folder / "newscrawl", ignore=shutil.ignore_patterns("__pycache__"))
    for name in ("pyproject.toml", "setup.py", "scrapy.cfg", "LICENSE"):
        shutil.copy(ROOT / name, folder)
    return folder


class Scrapyd:
    """One daemon after the other in the same folder, with deploy/scrapyd.conf; all its processes are one group."""

    def __init__(self, folder: Path, **environment: str) -> None:
        self.folder = folder
        self.environment = clean() | PYTHON | {"HOME": str(folder)} | environment
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        self.url = f"http://127.0.0.1:{self.port}"
        self._groups: list[int] = []
        folder.mkdir(exist_ok=True)
        conf = (ROOT / "deploy/scrapyd.conf").read_text().replace("/var/lib/newscrawl", str(folder))
        (folder / "scrapyd.conf").write_text(conf.replace("http_port = 6800\n", FASTER.format(port=self.port)))

    def start(self) -> None:
        """Start it, wait until it answers."""
        with (self.folder / "daemon.log").open("ab") as log:
            self.daemon = subprocess.Popen(
                [sys.executable, "-m", "scrapyd", "--pidfile="],
                cwd=self.folder,
                env=self.environment,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        self._groups.append(self.daemon.pid)
        wait_until(self._answers, "Scrapyd answers")

    def _answers(self) -> bool:
        assert self.daemon.poll() is None, self.log()
        try:
            self.get("daemonstatus")
        except OSError:
            return False
        return True

    def kill(self) -> None:
        """End the daemon at once; its jobs become orphans."""
        self.daemon.kill()
        self.daemon.wait()

    def end(self) -> None:
        """End the daemons and every job of them, orphans too."""
        for group in self._groups:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(group, signal.SIGKILL)
        self.daemon.wait()

    def log(self) -> str:
        """What the daemon printed."""
        return (self.folder / "daemon.log").read_text()

    def get(self, name: str, **fields: str) -> dict[str, Any]:
        """A GET of the JSON API."""
        return self._ask(f"{name}.json?{urllib.parse.urlencode(fields)}", None)

    def post(self, name: str, *pairs: tuple[str, str], **fields: str) -> dict[str, Any]:
        """A POST of the JSON API."""
        sent = urllib.parse.urlencode([*pairs, *fields.items()])
        return self._ask(f"{name}.json", sent.encode())

    def _ask(self, path: str, body: bytes | None) -> dict[str, Any]:
        request = urllib.request.Request(f"{self.url}/{path}", body)
        if user := self.environment.get("SCRAPYD_USERNAME"):
            login = f"{user}:{self.environment['SCRAPYD_PASSWORD']}".encode()
            request.add_header("Authorization", f"Basic {base64.b64encode(login).decode()}")
        with urllib.request.urlopen(request, timeout=60) as answer:
            found: dict[str, Any] = json.load(answer)
        return found

    def schedule(self, settings: Mapping[str, str], **arguments: str) -> str:
        """A job, by schedule.json; its id."""
        pairs = [("setting", f"{name}={value}") for name, value in settings.items()]
        answer = self.post("schedule", *pairs, project="newscrawl", spider="newspim", **arguments)
        assert answer["status"] == "ok", answer
        return str(answer["jobid"])

    def state_of(self, job: str) -> str | None:
        """pending, running, finished, or None for one that it does not know."""
        state = self.get("status", job=job, project="newscrawl")["currstate"]
        return None if state is None else str(state)

    def wait_for(self, *jobs: str) -> None:
        """Until they are finished."""
        wait_until(lambda: all(self.state_of(job) == "finished" for job in jobs), f"finished: {jobs}")

    def job_log(self, job: str) -> str:
        """A job's log."""
        path = self.folder / "logs/newscrawl/newspim" / f"{job}.log"
        return path.read_text() if path.exists() else ""


def command(*arguments: str, scrapyd: Scrapyd, cwd: Path) -> subprocess.CompletedProcess[str]:
    """A tool beside this Python, in an environment that names the daemon as target `here`."""
    config = scrapyd.folder / "config"
    config.mkdir(exist_ok=True)
    (config / "scrapy.cfg").write_text(f"[deploy:here]\nurl = {scrapyd.url}\n")
    environment = scrapyd.environment | {"XDG_CONFIG_HOME": str(config)}
    name, *rest = arguments
    return subprocess.run(
        [str(BIN / name), *rest], cwd=cwd, env=environment, capture_output=True, text=True, timeout=60, check=False
    )


def lines(data: Path) -> list[dict[str, Any]]:
    """The records of all feeds of a data folder."""
    feeds = sorted((data / "newspim").glob("*.jsonl"))
    return [json.loads(line) for feed in feeds for line in feed.read_bytes().splitlines()]


def ids(data: Path) -> list[str]:
    """The articles of all feeds, first revisions only."""
    return [record["id"] for record in lines(data) if record["revision"] == 1]
