"""The outputs that were noted: which have the sought articles, each written anew in its form."""

from __future__ import annotations

from pathlib import Path

from newscrawl.forgetting import lines, parquet, tables
from newscrawl.forgetting.sought import Sought
from newscrawl.state.alive import RunLock

LINES = ("jsonl", "jsonl.gz", "jsonl.zst")


def survey(path: Path, form: str, sought: Sought) -> int:
    """How many records are theirs. Raises OSError; ValueError for one that cannot be read, and a form that is not known."""
    if form in LINES:
        if known := lines.names(path):
            sought.check_columns(known)
        found = lines.survey(path, sought)
        if found.damaged and not found.lines:
            raise ValueError(f"is damaged ({found.damaged}): what is behind that place is not known")
        return found.lines
    if form == "csv":
        return tables.survey_csv(path, sought)
    if form == "sqlite":
        return tables.survey_sqlite(path, sought)
    if form == "parquet":
        return parquet.survey(path, sought)
    raise ValueError(f"is {form}, which cannot be written anew: export it again")


def rewrite(path: Path, form: str, sought: Sought) -> int:
    """Write it without them; how many went. Raises as `survey` does, and BlockingIOError while an export writes there."""
    lock = RunLock(lock_of(path))
    try:
        if form in LINES:
            return lines.rewrite(path, sought)
        if form == "csv":
            return tables.rewrite_csv(path, sought)
        if form == "sqlite":
            return tables.rewrite_sqlite(path, sought)
        return parquet.rewrite(path, sought)
    finally:
        lock.release()


def lock_of(path: Path) -> Path:
    """What an export holds while it writes there (`export.place`)."""
    real = path.resolve()
    return real.with_name(f".{real.name}.lock")


def files(path: Path) -> list[Path]:
    """Those that an output is made of."""
    return parquet.files(path) if path.is_dir() else [path]
