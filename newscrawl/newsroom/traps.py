"""Sitemaps that do harm to who reads them without care."""

from __future__ import annotations

import struct
import zlib
from functools import cache
from typing import TYPE_CHECKING

from . import lists
from .answer import XML, Answer, missing
from .sitemaps import SPACE, recent

if TYPE_CHECKING:
    from .standing import Standing

INDEX = "/sitemap/index.xml"
"""The path of the index, which the loop names too."""
ZEROS = 200 * 1024 * 1024
"""Bytes in the .gz of zeros."""
CHUNK = 1024 * 1024
FOREIGN = (
    "https://www.example.com/news/view/20261120900123",
    "https://www.newspim.com.example.net/news/view/20261120900124",
    "https://www.example.com/?next=https://www.newspim.com/news/view/20261120900125",
    "https://www.newspim.com@example.com/news/view/20261120900126",
    "file:///etc/passwd",
    "http://127.0.0.1:22/",
    "http://169.254.169.254/latest/meta-data/",
    "http://[::1]/news/view/20261120900127",
    "ftp://www.newspim.com/news/view/20261120900128",
    "javascript:alert(1)",
    "data:text/html,20261120900129",
    "not an address",
    "",
)
"""None of them may be asked for."""
HEAD = '<?xml version="1.0" encoding="UTF-8"?>\n'


def trap(standing: Standing, name: str) -> Answer:
    """The answer of one harmful sitemap, by its name in `ways.BAD_SITEMAPS`."""
    match name:
        case "cut" | "torn":
            body = recent(standing, 1)
            half = len(body) // 2
            return Answer(200, body, XML, cut=half) if name == "cut" else Answer(200, body[:half], XML)
        case "html":
            return Answer(200, lists.plain(standing.site, "sitemap"))
        case "bomb":
            return Answer(200, bomb(), XML)
        case "zeros":
            return Answer(200, zeros(), "application/gzip")
        case "foreign":
            return Answer(200, _urlset(FOREIGN), XML)
        case "loop":
            return Answer(200, _loop(), XML)
    return missing()


def address(name: str) -> str:
    """The path of a harmful sitemap."""
    return f"/sitemap/part-{name}.xml{'.gz' if name == 'zeros' else ''}"


def bomb() -> bytes:
    """Ten entities, each ten times the one before: ten billion letters in one address, and a file of the machine in another."""
    entities = ['<!ENTITY a0 "newspim">', '<!ENTITY file SYSTEM "file:///etc/passwd">']
    entities += [f'<!ENTITY a{one} "{f"&a{one - 1};" * 10}">' for one in range(1, 10)]
    inside = f"{HEAD}<!DOCTYPE urlset [{''.join(entities)}]>\n" + f'<urlset xmlns="{SPACE}">'
    urls = "".join(f"<url><loc>https://www.newspim.com/{entity}</loc></url>" for entity in ("&a9;", "&file;"))
    return f"{inside}{urls}</urlset>\n".encode()


@cache
def zeros() -> bytes:
    """A .gz of `ZEROS` zeros in 200 KB, made without ever holding them: after a full flush the same zeros give the same bytes."""
    packer, chunk = zlib.compressobj(9, zlib.DEFLATED, -zlib.MAX_WBITS), bytes(CHUNK)
    first = packer.compress(chunk) + packer.flush(zlib.Z_FULL_FLUSH)
    again = packer.compress(chunk) + packer.flush(zlib.Z_FULL_FLUSH)
    check = 0
    for _ in range(ZEROS // CHUNK):
        check = zlib.crc32(chunk, check)
    head = b"\x1f\x8b\x08\x00\x00\x00\x00\x00\x02\xff"  # RFC 1952, 2.3: deflate, no name, no time, best, unknown system
    tail = struct.pack("<II", check, ZEROS)
    return b"".join([head, first, again * (ZEROS // CHUNK - 1), packer.flush(), tail])


def _urlset(locations: tuple[str, ...]) -> bytes:
    urls = "".join(f"<url><loc>{one}</loc></url>\n" for one in locations)
    return f'{HEAD}<urlset xmlns="{SPACE}">\n{urls}</urlset>\n'.encode()


def _loop() -> bytes:
    parts = "".join(f"<sitemap><loc>https://www.newspim.com{one}</loc></sitemap>" for one in (address("loop"), INDEX))
    return f'{HEAD}<sitemapindex xmlns="{SPACE}">{parts}</sitemapindex>\n'.encode()
