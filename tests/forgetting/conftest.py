"""One data folder for all tests that change a copy of it."""

from __future__ import annotations

from pathlib import Path

import pytest

from .folder import Folder


@pytest.fixture(scope="session")
def full(tmp_path_factory: pytest.TempPathFactory) -> Folder:
    """Not to be changed."""
    return Folder(tmp_path_factory.mktemp("full")).fill()


@pytest.fixture
def folder(full: Folder, tmp_path: Path, engine: str) -> Folder:
    """A copy of it, its state in a file and in a server."""
    return full.copy(tmp_path)
