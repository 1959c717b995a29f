"""A newsroom, and a Scrapyd that has the project as an egg."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path

import pytest

from newscrawl.korean import KST
from newscrawl.newsroom import Faults, Newsroom, Site, generate

from .scrapyd import PACE, USER, Scrapyd, command, project

ALL = "2026-11-01"  # before the newsroom's first article
Settings = Callable[..., dict[str, str]]


@pytest.fixture(scope="session")
def site() -> Site:
    return generate(articles=60, days=2, seed=3, end=datetime(2026, 11, 20, 18, 0, tzinfo=KST))


@pytest.fixture(scope="session")
def room(site: Site) -> Iterator[Newsroom]:
    with Newsroom(site, faults=Faults.none()) as room:
        yield room


@pytest.fixture(scope="session")
def copy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The project, to be built."""
    return project(tmp_path_factory.mktemp("copy") / "project")


@pytest.fixture(scope="session")
def egg(copy: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The project as scrapyd-deploy packs it."""
    folder = tmp_path_factory.mktemp("egg")
    path = folder / "project.egg"
    done = command("scrapyd-deploy", "--build-egg", str(path), scrapyd=Scrapyd(folder), cwd=copy)
    assert done.returncode == 0, done.stderr
    return path


@pytest.fixture(scope="session")
def scrapyd(egg: Path, copy: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Scrapyd]:
    """A daemon that the project was deployed to. It asks for a password."""
    scrapyd = Scrapyd(tmp_path_factory.mktemp("scrapyd"), **USER)
    try:
        scrapyd.start()
        done = command("scrapyd-deploy", "here", "--egg", str(egg), scrapyd=scrapyd, cwd=copy)
        assert '"spiders": 1' in done.stdout, done.stdout + done.stderr
        yield scrapyd
    finally:
        scrapyd.end()


def usual(room: Newsroom, data: Path) -> dict[str, str]:
    """The settings of a job. It drops no copy: of two with the same words it depends on the order which is dropped."""
    return PACE | {"NEWSCRAWL_NEWSROOM": room.url, "NEWSCRAWL_DATA_DIR": str(data), "NEWSCRAWL_DUPLICATES": "keep"}


@pytest.fixture
def settings(room: Newsroom, tmp_path: Path) -> Settings:
    """The settings of a job that crawls the newsroom into this test's folder."""
    return lambda **more: usual(room, tmp_path) | more
