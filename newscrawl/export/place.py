"""Where an export is written: beside its place, which it takes when it is whole. A kill leaves nothing half under the final name."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

from newscrawl.export.formats import PARQUET, ExportError
from newscrawl.export.parquet import PARTITION
from newscrawl.state.alive import RunLock


def check_place(path: Path, form: str, *, overwrite: bool, own: Iterable[Path]) -> None:
    """Raises ExportError for a place where something is that would be lost. `own`: the crawler's own folders and files."""
    if any(_resolved(path).is_relative_to(one.resolve()) for one in own):
        raise ExportError(f"-o {path}: the crawler's own feeds and state lie there; name a path outside of {min(own)}")
    if path.is_dir() and (form != PARQUET or not _is_export(path)):
        what = "has something else in it than an export" if form == PARQUET else f"is a folder; {form} is a file"
        raise ExportError(f"-o {path} {what}; name another path")
    if path.is_file() and form == PARQUET:
        raise ExportError(f"-o {path} is a file; parquet is a folder of files; name another path")
    if path.name == "-" or (path.exists() and not path.is_file() and not path.is_dir()):
        raise ExportError(
            f"-o {path}: takes the path of a file or folder, which gets its name when it is whole; no stream"
        )
    if path.exists() and not overwrite and not _is_empty(path):
        raise ExportError(f"-o {path} exists; name another path, or say --overwrite")
    if form == "sqlite" and any(path.with_name(path.name + ending).exists() for ending in ("-wal", "-journal")):
        raise ExportError(
            f"-o {path} is open in another program, or was not closed (its -wal or -journal is there): close it, or name another path"
        )


def _resolved(path: Path) -> Path:
    """Raises ExportError for links that lead in a circle."""
    try:
        return path.resolve()
    except (RuntimeError, OSError) as error:
        raise ExportError(f"-o {path}: {error}; name another path") from error


def _is_export(folder: Path) -> bool:
    """Whether nothing is in it but what a Parquet export has; also when it is empty."""
    return all(
        month.is_dir()
        and month.name.startswith(f"{PARTITION}=")
        and all(part.suffix == ".parquet" for part in month.iterdir())
        for month in folder.iterdir()
    )


def _is_empty(path: Path) -> bool:
    return path.is_dir() and not any(path.iterdir())


@contextmanager
def beside(path: Path) -> Iterator[Path]:
    """A path to write to, in a hidden folder beside the place. What is written takes the place when this is left without an error, and what
    stood there is removed. What a killed export left there is removed first.

    Raises ExportError when another export is writing to the place, OSError when it cannot be written.
    """
    path = path.resolve()  # a link stays, and what it leads to is replaced
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        lock = RunLock(path.with_name(f".{path.name}.lock"))
    except BlockingIOError:
        raise ExportError(f"another export is writing {path}: wait for its end, or name another path") from None
    folder = path.with_name(f".{path.name}.unfinished")
    try:
        if (folder / "old").exists() and not path.exists():
            (folder / "old").rename(path)  # a kill came between the old one and the new
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir()
        yield folder / "new"
        _force(folder / "new")
        _move(folder / "new", path, folder / "old")
    finally:
        shutil.rmtree(folder, ignore_errors=True)
        lock.release()


def _force(new: Path) -> None:
    """Onto the disk before it gets its name."""
    for path in (new, *new.rglob("*")) if new.is_dir() else (new,):
        if path.is_file():
            with path.open("rb") as file:
                os.fsync(file.fileno())


def _move(new: Path, path: Path, old: Path) -> None:
    """A file takes the place of a file at once; between two folders is a moment in which there is none."""
    if not path.is_dir():
        new.replace(path)
        return
    path.rename(old)
    try:
        new.replace(path)
    except OSError:
        if not path.exists():
            old.rename(path)
        raise
