"""For all tests: hypothesis without a clock, since a machine that runs other things too is slow at times; the engines of states."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import settings

from tests import states
from tests.postgres import NoServer, Server

settings.register_profile("project", deadline=None)
settings.load_profile("project")


@pytest.fixture
def quick_path(tmp_path: Path) -> Iterator[Path]:
    """A folder like `tmp_path` on which forcing a file onto the disk costs nothing, where the machine has such: for tests that end a run at each
    of its steps, and do not care how long a disk takes."""
    memory = Path("/dev/shm")
    if not os.access(memory, os.W_OK):
        yield tmp_path
        return
    with tempfile.TemporaryDirectory(dir=memory, prefix="newscrawl-") as name:
        yield Path(name)


@pytest.fixture(scope="session", autouse=True)
def compiled() -> Iterator[None]:
    """Statements are compiled once a process."""
    with pytest.MonkeyPatch.context() as patch:
        states.keep_compiled(patch)
        yield


@pytest.fixture(scope="session")
def postgres() -> Iterator[Server]:
    """One server for all tests of a process. Without one they are skipped, and say what is missing."""
    try:
        server = Server()
    except NoServer as error:
        pytest.skip(str(error))
    yield server
    server.close()


@pytest.fixture(params=["sqlite", "postgresql"])
def engine(request: pytest.FixtureRequest) -> Iterator[str]:
    """Where `tests.states` makes states: each test that asks for this runs on both."""
    states.use(request.getfixturevalue("postgres") if request.param == "postgresql" else None)
    yield request.param
    states.use(None)
