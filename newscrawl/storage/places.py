"""An address -> the storage that `FEED_STORAGES` has for it."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import PureWindowsPath
from typing import Any, cast
from urllib.parse import urlsplit

from scrapy import Spider
from scrapy.crawler import Crawler
from scrapy.settings import Settings
from scrapy.utils.misc import build_from_crawler, load_object

from newscrawl.storage.remote import Uploaded

_LOCAL = ("", "file", "stdout")


def is_remote(address: str) -> bool:
    """Whether it leads to another machine, or to nowhere: `s3://…`, but no file and no drive of Windows."""
    try:
        return urlsplit(address).scheme not in _LOCAL and not PureWindowsPath(address).drive
    except ValueError:
        return True


def remote_storage(address: str, options: Mapping[str, Any], settings: Settings) -> Uploaded:
    """What uploads to it. `options`: those of Scrapy's `FEEDS`. Raises ValueError for an address that is no use or of a kind that is not known,
    and when a package is missing."""
    scheme = address.partition(":")[0].lower()
    known = {name: one for name, one in settings.getwithbase("FEED_STORAGES").items() if one and name not in _LOCAL}
    if scheme not in known:
        raise ValueError(
            f"{scheme}:// is not known as an output; takes a file, or {', '.join(f'{name}://' for name in sorted(known))}"
        )
    crawler = Crawler(Spider, settings)  # Scrapy's way to tell a storage of the settings
    return cast(
        "Uploaded", build_from_crawler(load_object(known[scheme]), crawler, address, feed_options=dict(options))
    )
