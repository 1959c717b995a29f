"""`scrapy …` many times over, each in a process of its own, forked from one that has imported what a crawl needs: two thirds of a short run
are imports."""

from __future__ import annotations

import multiprocessing
import os
import pkgutil
import resource
import sys
from importlib import import_module
from pathlib import Path
from typing import NamedTuple

import newscrawl

ROOT = Path(__file__).parents[2]
_CONTEXT = multiprocessing.get_context("forkserver")
_LONGEST = 1_800  # seconds
_NEEDED = ("scrapy.cmdline", "scrapy.crawler", "scrapy.utils.project", "holidays", "sqlalchemy.dialects.sqlite")


class Done(NamedTuple):
    """What a process ended with, and what it printed."""

    code: int
    out: str
    log: str


def prepare() -> None:
    """Say what is imported before the first of the processes; none of it starts a thread, or Twisted's reactor."""
    os.environ["SCRAPY_SETTINGS_MODULE"] = "newscrawl.settings"
    _CONTEXT.set_forkserver_preload([*_NEEDED, *_modules()])


def _modules() -> list[str]:
    """All of newscrawl but the newsroom, in which a crawl has no part."""
    found = (one.name for one in pkgutil.walk_packages(newscrawl.__path__, "newscrawl."))
    return [name for name in found if not name.startswith("newscrawl.newsroom.")]


def scrapy(*arguments: str, folder: Path, room_on_disk: int | None = None) -> Done:
    """`scrapy …` in the project's folder. `folder`: where what it prints stays until the next; `room_on_disk`: bytes at which each file ends, as
    on a disk that is full."""
    out, log = folder / "out.txt", folder / "log.txt"
    process = _CONTEXT.Process(target=_run, args=(arguments, out, log, room_on_disk))
    process.start()
    process.join(_LONGEST)
    if process.exitcode is None:
        process.kill()
        raise AssertionError(f"scrapy {' '.join(arguments)} does not end; see {log}")
    return Done(process.exitcode, out.read_text(), log.read_text())


def _run(arguments: tuple[str, ...], out: Path, log: Path, room_on_disk: int | None) -> None:
    os.chdir(ROOT)
    for name in [name for name in os.environ if name.startswith("NEWSCRAWL_")]:
        del os.environ[name]
    for stream, path in ((1, out), (2, log)):
        os.dup2(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), stream)
    if room_on_disk is not None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (room_on_disk, room_on_disk))
    sys.argv = ["scrapy", *arguments]
    import_module("scrapy.cmdline").execute(sys.argv)
