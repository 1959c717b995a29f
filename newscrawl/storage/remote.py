"""What the storages of other machines have in common: whole lines wait in a file of this machine, and are uploaded at the end."""

from __future__ import annotations

import logging
import os
from abc import abstractmethod
from importlib import import_module
from pathlib import Path
from typing import IO, Any, ClassVar, Protocol, cast
from urllib.parse import urlsplit

from scrapy import Spider
from scrapy.extensions.feedexport import BlockingFeedStorage

from newscrawl.storage.address import check_address
from newscrawl.storage.compressed import CompressedFile
from newscrawl.storage.line_file import LineFile, UnopenedFile
from newscrawl.storage.members import MEMBERS

PATIENCE = 10  # seconds that the look before the start waits for a store, each time

logger = logging.getLogger(__name__)


class UploadError(Exception):
    """It could not be uploaded, or will not be; the message says where to, why, and what to do."""


class Uploaded(BlockingFeedStorage):
    """Stands before one of Scrapy's storages that upload at the end, and adds: lines that are whole and compressed by the name's ending, a look
    before the start, a clear line about what failed.

    Nothing is there before the end, and then all of it: Scrapy keeps the lines in a file of `FEED_TEMPDIR` until then.
    """

    package: ClassVar[str] = ""
    """What must be installed, if anything."""
    install: ClassVar[str] = ""

    def __init__(self, uri: str, *rest: Any, **options: Any) -> None:
        """Raises ValueError for an address that is no use, and when the package is missing."""
        check_address(uri)
        self._import(uri)
        try:
            super().__init__(uri, *rest, **options)  # type: ignore[call-arg]  # to Scrapy's storage, which stands behind
        except self._expected() as error:  # a profile or an endpoint that is none
            raise ValueError(f"{uri}: {self._explained(error)}") from error
        self.name = uri
        self._ending = Path(urlsplit(uri).path).suffix
        self._in_batches = bool((options.get("feed_options") or {}).get("batch_item_count"))
        self._waiting: IO[bytes] | None = None
        self._run: int | None = None

    def _import(self, uri: str) -> None:
        try:
            if self.package:
                import_module(self.package)
        except ImportError as error:
            raise ValueError(f"{uri}: needs a package ({error}): {self.install}") from error

    def check(self) -> None:
        """A look whether it can be written, which leaves nothing there. Raises UploadError."""
        try:
            self._look()
        except self._expected() as error:
            raise self._told(error) from error

    def open(self, spider: Spider) -> IO[bytes]:
        """A file of this machine. One that cannot be made raises its OSError when something is written to it."""
        self._run = _run_of(spider)
        try:
            self._waiting = super().open(spider)
            file = LineFile(os.dup(self._waiting.fileno()), name=f"{self._waiting.name} for {self.name}")
        except OSError as error:
            return cast("IO[bytes]", UnopenedFile(self.name, error))
        member = MEMBERS.get(self._ending)
        return cast("IO[bytes]", CompressedFile(file, member) if member else file)

    def send(self, file: IO[bytes]) -> None:
        """Upload a file that has all that it will have, from its beginning, and close it. Raises UploadError."""
        try:
            self._put(file)
        except self._expected() as error:
            raise self._told(error) from None

    def _store_in_thread(self, file: IO[bytes]) -> None:
        """Raises UploadError, which Scrapy counts, OSError when the last line did not fit on the disk."""
        file.close()
        if isinstance(file, UnopenedFile):
            if not file.told:
                raise file.error
            return
        assert self._waiting is not None
        try:
            self.send(self._waiting)
        except UploadError as error:
            self._tell(error)
            raise

    def _told(self, error: Exception) -> UploadError:
        why = " ".join(self._explained(error).split())  # some stores answer in several lines
        return UploadError(f"cannot write to {self.name}: {why}")

    def _tell(self, error: UploadError) -> None:
        """Scrapy tells of it too, with where in the code it was."""
        command = f"scrapy export {f'--run {self._run} ' if self._run else ''}--overwrite -o {self.name}"
        what = "all lines of the run, those of its other batches too," if self._in_batches else "them"
        logger.error(
            "%s. Its lines are in the feed of the data folder, and `%s` writes %s there later.", error, command, what
        )

    @abstractmethod
    def _look(self) -> None:
        """Ask the store. Raises one of what is expected."""

    @abstractmethod
    def _put(self, file: IO[bytes]) -> None:
        """As Scrapy's own storage uploads it."""

    @abstractmethod
    def _expected(self) -> tuple[type[Exception], ...]:
        """What a store, and the way to it, may raise."""

    def _explained(self, error: Exception) -> str:
        """What it means, and what to do."""
        return str(error)


class _Numbered(Protocol):
    id: int


class _Noted(Protocol):
    run: _Numbered


class _Keeps(Protocol):
    has_state: bool
    journal: _Noted


def _run_of(spider: Spider) -> int | None:
    """The number of the run, by which `scrapy export` knows its feed; None outside of a crawl of the project."""
    engine = getattr(spider.crawler, "engine", None)
    scheduler = getattr(engine, "scheduler", None)
    if not getattr(scheduler, "has_state", False):
        return None
    return cast("_Keeps", scheduler).journal.run.id
