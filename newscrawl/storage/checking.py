"""A look at all outputs before the start: a copy that nobody gets is told before hours of crawling, not after."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from scrapy.settings import Settings

from newscrawl.storage.address import check_address, check_batches, check_replaces
from newscrawl.storage.local import LineStorage
from newscrawl.storage.places import is_remote, remote_storage
from newscrawl.storage.remote import Uploaded, UploadError


def check_addresses(feeds: Iterable[str | Path]) -> None:
    """Raises ValueError for the first of the outputs on other machines whose address is no use, or holds a password."""
    for name in filter(is_remote, map(str, feeds)):
        check_address(name)


def check_outputs(feeds: Mapping[str | Path, Mapping[str, Any]], settings: Settings) -> None:
    """Raises ValueError for the first of Scrapy's `FEEDS` that cannot be written. Stores are asked first: that leaves nothing there.

    No file is looked at whose name the run decides, as `%(time)s.jsonl`.
    """
    named = {str(name): options for name, options in feeds.items()}
    for name, options in named.items():
        check_batches(name, options.get("batch_item_count", settings.getint("FEED_EXPORT_BATCH_ITEM_COUNT")))
    for name in filter(is_remote, named):
        _check_remote(name, named[name], settings)
    for name, options in named.items():
        if not is_remote(name) and "%(" not in name:
            _check_local(name, options)


def _check_remote(name: str, options: Mapping[str, Any], settings: Settings) -> None:
    storage = remote_storage(name, options, settings)
    check_replaces(name, options)
    folder = settings["FEED_TEMPDIR"]
    if folder and not Path(folder).is_dir():
        raise ValueError(f"FEED_TEMPDIR={folder!r}: is no folder; the lines for {name} would wait there")
    try:
        if isinstance(storage, Uploaded):  # FEED_STORAGES may name others
            storage.check()
    except UploadError as error:
        raise ValueError(str(error)) from error


def _check_local(name: str, options: Mapping[str, Any]) -> None:
    storage = LineStorage(name, feed_options=dict(options))
    try:
        storage.check()
    except (OSError, ValueError) as error:  # ValueError: a name that no file can have
        raise ValueError(f"cannot write to {storage.name}: {getattr(error, 'strerror', error)}") from error
