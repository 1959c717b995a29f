"""Starts a Scrapyd in this project for trying (`make scrapyd`): with deploy/scrapyd.conf, its folders below the data folder.

Needs scrapyd beside this Python. Ctrl-C ends it; jobs that run then go on, and end by themselves.
"""

from __future__ import annotations

import os
import shlex
import socket
import sys
from configparser import ConfigParser
from pathlib import Path

DEPLOY = Path(__file__).resolve().parent
INSTALLED = "/var/lib/newscrawl"  # the folder in scrapyd.conf


def main() -> None:
    """Make its folder, become Scrapyd. Exit code 1, and one line, when another program has the port."""
    port = listening_port()
    if not is_free(port):
        sys.exit(f"scrapyd: port {port} is taken, by a Scrapyd that runs already? SCRAPYD_HTTP_PORT names another")
    data = Path(os.environ.get("NEWSCRAWL_DATA_DIR") or DEPLOY.parent / "data").absolute()
    folder = data / "scrapyd"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "scrapyd.conf").write_text((DEPLOY / "scrapyd.conf").read_text().replace(INSTALLED, str(folder)))
    # The search for a scrapy.cfg goes upwards: without one here Scrapyd would take the working copy for a project, "default".
    (folder / "scrapy.cfg").write_text("# Ends the search of Scrapyd for a project.\n")
    os.chdir(folder)
    # No file with the process's number: after a crash the number may be another's, and Scrapyd would not start.
    os.execve(sys.executable, [sys.executable, "-m", "scrapyd", "--pidfile="], environment(data))


def listening_port() -> int:
    """Where Scrapyd will listen."""
    conf = ConfigParser()
    conf.read(DEPLOY / "scrapyd.conf")
    return int(os.environ.get("SCRAPYD_HTTP_PORT") or conf["scrapyd"]["http_port"])


def is_free(port: int) -> bool:
    """Whether nobody listens there: Scrapyd itself would say so in twenty lines."""
    with socket.socket() as asked:
        return asked.connect_ex(("127.0.0.1", port)) != 0


def environment(data: Path) -> dict[str, str]:
    """The daemon's, which its jobs inherit: this one, the data folder, and what deploy/environment.example sets for all."""
    lines = shlex.split((DEPLOY / "environment.example").read_text(), comments=True)
    python = {name: value for name, _, value in (line.partition("=") for line in lines) if name.startswith("PYTHON")}
    kept = {name: value for name, value in os.environ.items() if name not in ("PYTHONPATH", "SCRAPY_SETTINGS_MODULE")}
    return kept | python | {"NEWSCRAWL_DATA_DIR": str(data)}


if __name__ == "__main__":
    main()
