"""A lock that tells of a living process is one file, also while others come and go."""

from __future__ import annotations

from pathlib import Path

import pytest

from newscrawl.state import alive
from newscrawl.state.alive import RunLock, is_held


def test_a_lock_is_held_until_it_is_let_go(tmp_path: Path) -> None:
    path = tmp_path / "lock"
    lock = RunLock(path)
    assert is_held(path)
    lock.release()
    assert not is_held(path)
    assert not path.exists()


def test_who_comes_as_the_file_is_removed_does_not_hold_what_nobody_sees(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path, lock = tmp_path / "lock", alive._lock

    def late(file: int) -> None:
        path.unlink()
        lock(file)

    monkeypatch.setattr(alive, "_lock", late)
    with pytest.raises(BlockingIOError):
        RunLock(path)
