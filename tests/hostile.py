"""Sitemaps that are meant to cost time and memory; `python -m tests.hostile NAME` reads one and says what it cost. It imports little: each
is read in a process of its own."""

from __future__ import annotations

import gzip
import json
import sys
import time
import zlib
from collections.abc import Callable
from pathlib import Path

from newscrawl.syndication import NotASitemap, read_sitemap

SIZE = 20_000_000


def packed(pieces: list[bytes]) -> bytes:
    packer = zlib.compressobj(wbits=31)
    return b"".join(map(packer.compress, pieces)) + packer.flush()


HOSTILE: dict[str, Callable[[], bytes]] = {
    "zeros, a gigabyte in one": lambda: packed([bytes(1 << 20)] * 1_024),
    "zeros in a urlset": lambda: packed([b"<urlset>", *[bytes(1 << 20)] * 128]),
    "many entries": lambda: packed([b"<urlset>", *[b"<url><loc>http://a.kr/</loc></url>" * 1_000] * (SIZE // 34_000)]),
    "deep": lambda: b"<urlset>" + b"<url>" * (SIZE // 5),
    "a hundred thousand levels": lambda: b"<urlset>" + b"<url>" * 100_000 + b"</url>" * 100_000 + b"</urlset>",
    "deep and unknown": lambda: b"<urlset>" + b"<a>" * (SIZE // 3),
    "wide": lambda: b"<urlset>" + b"<url/>" * (SIZE // 6),
    "wide and unknown": lambda: b"<urlset>" + b"<a/>" * (SIZE // 4),
    "<": lambda: b"<urlset>" + b"<" * SIZE,
    "&": lambda: b"<urlset>" + b"&" * SIZE,
    "comments": lambda: b"<urlset>" + b"<!--" * (SIZE // 4),
    "CDATA": lambda: b"<urlset>" + b"<![CDATA[" * (SIZE // 9),
    "empty CDATA": lambda: b"<urlset>" + b"<![CDATA[]]>" * (SIZE // 12),
    "one long address": lambda: b"<urlset><url><loc>" + b"a" * SIZE,
    "attributes": lambda: b"<urlset><url " + b" ".join(b'a%d=""' % number for number in range(3_000_000)) + b">",
    "attributes of the root": lambda: b"<urlset " + b'a="" ' * (SIZE // 5),
    "tags not closed": lambda: b"<urlset>" + b"<url " * (SIZE // 5),
    "prefixes": lambda: b"<" + b"a:" * (SIZE // 2),
    "words": lambda: b"http://a.kr/ " + b"a " * (SIZE // 2),
    "members": lambda: gzip.compress(b"") * 1_000_000,
    "a long name in gzip": lambda: b"\x1f\x8b\x08\x08" + bytes(6) + b"a" * SIZE,
    "spaces": lambda: b" " * SIZE,
}


def peak() -> int:
    """The highest use of memory, in KB."""
    status = Path("/proc/self/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in status if line.startswith("VmHWM"))


def measured(body: bytes) -> tuple[float, int, int | None, bool | None]:
    """Seconds of CPU, MB, entries, and whether it was truncated; no entries and nothing for what is no sitemap."""
    Path("/proc/self/clear_refs").write_text("5")  # the highest use of memory counts from here
    before, began = peak(), time.process_time()
    entries = truncated = None
    try:
        found = read_sitemap(body, "https://a.kr/sitemap.xml")
        entries, truncated = len(found.entries), found.truncated
    except NotASitemap:
        pass
    return time.process_time() - began, (peak() - before) // 1024, entries, truncated


if __name__ == "__main__":
    sys.stdout.write(json.dumps(measured(HOSTILE[sys.argv[1]]())))
