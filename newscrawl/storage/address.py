"""Addresses of outputs on other machines: what is refused before anything is asked. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import SplitResult, urlsplit

# What Scrapy puts in their place is another in each run; `%(batch_id)d` begins with 1 in each.
_NEW_IN_EACH_RUN = ("%(time)s", "%(batch_time)s")
_NEW_IN_EACH_BATCH = ("%(batch_time)s", "%(batch_id)")
_OBJECT_STORES = ("s3", "gs")
_SECRETS_PLACE = {
    "s3": "AWS_PROFILE, or AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, in the environment",
    "gs": "GOOGLE_APPLICATION_CREDENTIALS in the environment",
    "ftp": "FTP_USER and FTP_PASSWORD in the environment",
    "ftps": "FTP_USER and FTP_PASSWORD in the environment",
}


def check_address(address: str) -> None:
    """Raises ValueError for what names no object or file, would be cut by Scrapy, or holds a password: command lines and logs are no place
    for one, and none is in the message."""
    parts = _split(address)
    if _has_secret(parts):
        place = _SECRETS_PLACE.get(parts.scheme, "it in the environment")
        raise ValueError(f"{_without_secret(address)}: an address takes no password, others would see it: set {place}")
    if not parts.hostname or parts.path in ("", "/") or parts.path.endswith("/"):
        raise ValueError(f"{address}: names no file; takes an address like {parts.scheme}://bucket/articles.jsonl.gz")
    if "?" in address or "#" in address:
        raise ValueError(f"{address}: its name would end before the first ? or #; name it without them")


def check_replaces(address: str, options: Mapping[str, Any]) -> None:
    """Raises ValueError when a run would replace what an earlier one wrote and nobody has said so. `options`: those of Scrapy's `FEEDS`."""
    if not options.get("overwrite") and not any(part in address for part in _NEW_IN_EACH_RUN):
        raise ValueError(
            f"{address}: nothing can be appended there; -O (in FEEDS: overwrite) replaces what is there, "
            "and %(time)s in the name makes it another for each run"
        )


def check_batches(address: str, count: int) -> None:
    """Raises ValueError when all batches would have one name: Scrapy would then write none, and go on. `count`: items of a batch, 0 for none."""
    if count and not any(part in address for part in _NEW_IN_EACH_BATCH):
        raise ValueError(
            f"{address}: with FEED_EXPORT_BATCH_ITEM_COUNT each file needs a name of its own: put %(batch_id)d or %(batch_time)s into it"
        )


def _split(address: str) -> SplitResult:
    try:
        return urlsplit(address)
    except ValueError:  # its message has the whole address in it
        raise ValueError(f"{_without_secret(address)}: is no address") from None


def _has_secret(parts: SplitResult) -> bool:
    """A secret may have a slash in it: then what stands before that looks like a host and its port."""
    if not parts.netloc:  # a slash is missing
        return "@" in parts.path
    if parts.scheme in _OBJECT_STORES:
        return "@" in parts.netloc or ":" in parts.netloc
    host, _, port = parts.netloc.rpartition(":")
    return parts.password is not None or (bool(host) and not port.isdigit())


def _without_secret(address: str) -> str:
    scheme, _, rest = address.partition(":")
    return f"{scheme}://…" + (f"@{rest.rpartition('@')[2]}" if "@" in rest else "")
