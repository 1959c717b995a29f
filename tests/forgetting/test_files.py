"""Where files lie, and whose they are."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from .folder import GONE, Folder, about, left

REVISIONS = (about(GONE), about(GONE, 2))


def test_files_behind_links_are_the_sites_too(folder: Folder, tmp_path: Path) -> None:
    """The archive on another disk; a feed that stands elsewhere, of which nothing is left."""
    elsewhere = tmp_path / "disk"
    elsewhere.mkdir()
    for name in ("warc", "c.jsonl"):
        (folder.path / name).rename(elsewhere / name)
        (folder.path / name).symlink_to(elsewhere / name)
    (folder.path / "warc" / "circle").symlink_to(folder.path)
    assert {one.place: one.files for one in folder.forget(GONE, 4).touched}["archive"] == 1
    assert left(folder, *REVISIONS, about(4)) == []
    assert (folder.path / "warc").is_symlink()


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() != 0, reason="only root gives files away")
def test_a_file_stays_whose_it_was(folder: Folder) -> None:
    path = folder.path / "a.jsonl"
    os.chown(path, 12345, 12346)
    folder.forget(GONE)
    assert (path.stat().st_uid, path.stat().st_gid) == (12345, 12346)
