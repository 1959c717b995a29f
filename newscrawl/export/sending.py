"""An export to a store: written on this machine, uploaded when it is whole."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from scrapy.settings import Settings

from newscrawl.export.formats import PARQUET, ExportError
from newscrawl.storage import UploadError, remote_storage


@contextmanager
def sent(address: str, form: str, settings: Settings, *, overwrite: bool) -> Iterator[Path]:
    """A path to write to. What is written is uploaded when this is left without an error; a kill before that leaves nothing there.

    Raises ExportError for an address that cannot be written, before anything is, and when the upload fails; ValueError for one that is no use.
    """
    if form == PARQUET:
        raise ExportError(f"-o {address}: parquet is a folder of files; export it to a folder, and copy that there")
    storage = remote_storage(address, {"overwrite": True}, settings)
    if not overwrite:
        raise ExportError(f"-o {address}: what has this name there is replaced, without a look at it: say --overwrite")
    try:
        storage.check()
        with tempfile.TemporaryDirectory(prefix="newscrawl-", dir=settings["FEED_TEMPDIR"]) as folder:
            path = Path(folder) / "export"
            yield path
            storage.send(path.open("rb"))
    except UploadError as error:
        raise ExportError(f"-o {address}: nothing was written: {error}") from error
