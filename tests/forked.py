"""`scrapy …` many times over, each in a process of its own, forked from one that has imported what a crawl needs: for a short run that is half
of its time. What a process must import by itself, and what signals do to it, is tested with `python -m scrapy`."""

from __future__ import annotations

import multiprocessing
import os
import pkgutil
import resource
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from importlib import import_module
from pathlib import Path

import scrapy.commands
import scrapy.downloadermiddlewares
import scrapy.extensions
import scrapy.spidermiddlewares

import newscrawl

_CONTEXT = multiprocessing.get_context("forkserver")
_NEEDED = (
    "scrapy.cmdline",
    "scrapy.crawler",
    "scrapy.utils.project",
    "holidays.countries",
    "sqlalchemy.dialects.sqlite",
    "uvloop",
)
# What reads the environment as it is imported, and what only some commands need.
_BY_ITSELF = (
    *("newscrawl.settings", "newscrawl.newsroom", "newscrawl.export"),
    *("newscrawl.browser.rendering", "newscrawl.browser.chromium"),
    "scrapy.extensions.statsmailer",  # deprecated
)


# Of these Scrapy imports each module at each start, whatever is used of them.
_ALL_OF = (scrapy.commands, scrapy.downloadermiddlewares, scrapy.extensions, scrapy.spidermiddlewares, newscrawl)


def _modules() -> list[str]:
    found = (one.name for all_of in _ALL_OF for one in pkgutil.walk_packages(all_of.__path__, f"{all_of.__name__}."))
    return [name for name in found if not name.startswith(_BY_ITSELF)]


_CONTEXT.set_forkserver_preload([*_NEEDED, *_modules()])


def run(
    arguments: Sequence[str],
    folder: Path,
    environment: Mapping[str, str],
    seconds: float,
    room_on_disk: int | None = None,
) -> subprocess.CompletedProcess[str]:
    """As `python -m scrapy` in a folder, with this environment and no other. `room_on_disk`: bytes at which each file ends, as on a disk that
    is full. Raises subprocess.TimeoutExpired."""
    with tempfile.TemporaryDirectory() as said:
        out, err = Path(said, "out"), Path(said, "err")
        process = _CONTEXT.Process(target=_run, args=(arguments, folder, dict(environment), out, err, room_on_disk))
        process.start()
        process.join(seconds)
        if process.exitcode is None:
            process.kill()
            process.join()
            raise subprocess.TimeoutExpired(list(arguments), seconds, stderr=err.read_text(errors="replace"))
        return subprocess.CompletedProcess(list(arguments), process.exitcode, out.read_text(), err.read_text())


def _run(
    arguments: Sequence[str], folder: Path, environment: dict[str, str], out: Path, err: Path, room_on_disk: int | None
) -> None:
    os.chdir(folder)
    os.environ.clear()
    os.environ.update(environment)
    for stream, path in ((1, out), (2, err)):
        os.dup2(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_APPEND, 0o600), stream)
    if room_on_disk is not None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (room_on_disk, room_on_disk))
    sys.path.insert(0, str(folder))
    sys.argv = ["scrapy", *arguments]
    import_module("scrapy.cmdline").execute(sys.argv)
