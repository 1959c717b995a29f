"""An export as Parquet: the files of the months that have the sought articles, without them."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from newscrawl.forgetting.files import NotNow, remove, replaced
from newscrawl.forgetting.sought import Sought

if TYPE_CHECKING:
    import pyarrow

_NAMES = ("id", "url", "title", "body")
MISSING = "needs pyarrow: pip install pyarrow"


def survey(folder: Path, sought: Sought) -> int:
    """How many rows are theirs. Raises OSError; ValueError without pyarrow, and for files that are no Parquet."""
    return sum(len(_positions(path, sought)) for path in files(folder))


def rewrite(folder: Path, sought: Sought) -> int:
    """Write the files that have them anew; how many rows went. Raises as `survey` does."""
    count = 0
    for path in files(folder):
        if gone := _positions(path, sought):
            count += len(gone)
            _rewrite(path, gone, is_last=len(files(folder)) == 1)
    return count


def files(folder: Path) -> list[Path]:
    """Those of an export, in order."""
    return sorted(folder.rglob("*.parquet"))


def _positions(path: Path, sought: Sought) -> set[int]:
    """The rows that are theirs."""
    with _explained():
        import pyarrow.parquet

        with pyarrow.parquet.ParquetFile(path) as file:
            known = file.schema_arrow.names
            named = [name for name in _NAMES if name in known]
            sought.check_columns(named)
            by = named[:1] if named[:1] in (["id"], ["url"]) else named
            rows = file.read(columns=by).to_pylist() if by else []
    return {at for at, row in enumerate(rows) if sought.is_of(row)}


def _rewrite(path: Path, gone: set[int], *, is_last: bool) -> None:
    """A file of which nothing is left goes with its folder, but for the last: by it readers find the columns."""
    import pyarrow.parquet

    with _explained(), pyarrow.parquet.ParquetFile(path) as file:
        if len(gone) < file.metadata.num_rows or is_last:
            with replaced(path) as beside, _writer(beside, file) as writer:
                for one in _groups(file, gone):
                    writer.write_table(one, row_group_size=one.num_rows)
            return
    remove(path)
    if not any(path.parent.iterdir()):
        path.parent.rmdir()


def _writer(path: Path, file: pyarrow.parquet.ParquetFile) -> pyarrow.parquet.ParquetWriter:
    from pyarrow.parquet import ParquetWriter

    groups = file.metadata.num_row_groups
    form = file.metadata.row_group(0).column(0).compression if groups else "ZSTD"
    return ParquetWriter(path, file.schema_arrow, compression=form)


def _groups(file: pyarrow.parquet.ParquetFile, gone: set[int]) -> Iterator[pyarrow.Table]:
    first = 0
    for group in range(file.metadata.num_row_groups):
        table = file.read_row_group(group)
        kept = [at for at in range(table.num_rows) if first + at not in gone]
        first += table.num_rows
        if kept:
            yield table.take(kept)


@contextmanager
def _explained() -> Iterator[None]:
    """That pyarrow is missing as NotNow, and what it says of a file that is no Parquet as ValueError."""
    try:
        import pyarrow
    except ImportError as error:
        raise NotNow(MISSING) from error
    try:
        yield
    except pyarrow.ArrowInvalid as error:
        raise ValueError(f"cannot be read as Parquet: {error}") from error
