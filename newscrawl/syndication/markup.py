"""The bytes of a feed or sitemap -> XML in pieces that libxml2 reads as it was meant, and in which nothing can do harm."""

from __future__ import annotations

import codecs
import re
import zlib
from collections.abc import Iterable, Iterator
from io import BytesIO

from w3lib.encoding import read_bom

MOST_BYTES = 52_428_800  # of a sitemap, unzipped: sitemaps.org
_MOST_MEMBERS = 1_000  # of a gzip file; one is usual
_PIECE = 65_536
PREFACE = 65_536  # characters before the root: a PHP warning, comments, a DOCTYPE

# The root, whatever its prefix, or the sign that this is a web page: `<rdf:RDF xmlns…`, `<urlset>`, `<html lang="ko">`
_ROOT = re.compile(
    r"<(?:[\w.-]{1,40}:)?(?:(?P<feed>rss|rdf|feed)|(?P<sitemap>urlset|sitemapindex)|html|head|body)(?=[\s/>])",
    re.IGNORECASE | re.ASCII,
)
# Where CDATA and comments begin and end
_MARK = re.compile(r"(<!\[CDATA\[|\]\]>|<!--|-->)")
# What XML 1.0, 2.2 does not allow: control characters, halves of pairs, U+FFFE
_NOT_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
# `&b=2`, `&nbsp;`, `&j;` of an entity bomb, `&#11;`: all but the references that XML itself knows. Nor may half a pair,
# `&#xD800;`, stay: libxml2 lets it pass, and lxml raises UnicodeDecodeError. Emoji go with it, which no address needs.
_BARE_AMPERSAND = re.compile(
    r"&(?!(?:amp|lt|gt|quot|apos|#(?:9|10|13|3[2-9]|[4-9]\d|(?!5(?:5[2-9]|6\d|7[0-3])\d\d)\d{3,5})"
    r"|#x(?:[9AaDd]|[2-9A-Fa-f][0-9A-Fa-f]|(?![Dd][89A-Fa-f])[0-9A-Fa-f]{3,4}));)"
)


def _others(names: str) -> re.Pattern[str]:
    """Each `<` that begins no tag of one of these names: `<br>`, `1 < 2`. Attributes are quoted, and 4,096 characters at most
    stand outside quotes: three million of them in one tag take 700 MB.
    """
    return re.compile(
        rf"<(?!/?(?:[\w.-]{{1,40}}:)?(?:{names})(?:\s(?:[^<>\"']|\"[^<\"]*\"|'[^<']*'){{0,4096}}|/)?>)",
        re.IGNORECASE | re.ASCII,
    )


# The elements that are read, and those that hold links and times of something else.
_OTHERS_IN_FEED = _others(
    "rss|rdf|feed|item|entry|link|guid|pubDate|published|issued|date|updated|modified|source|content"
)
_OTHERS_IN_SITEMAP = _others("urlset|sitemapindex|url|sitemap|loc|lastmod|publication_date|image|video")


def unzipped(body: bytes) -> tuple[bytes, bool]:
    """The content, at most MOST_BYTES of it, and whether that is the whole. gzip is known by its magic bytes.

    A file that was cut, is damaged, or too large gives what could be read.
    """
    if body[:3] != b"\x1f\x8b\x08":
        return body[:MOST_BYTES], len(body) <= MOST_BYTES
    content = BytesIO()
    members = 1
    member = zlib.decompressobj(wbits=31)
    for start in range(0, len(body), _PIECE):
        rest = body[start : start + _PIECE]
        while rest:
            if member.eof:
                if not rest.strip(b"\x00"):  # padding
                    break
                members += 1
                member = zlib.decompressobj(wbits=31)
            try:
                content.write(member.decompress(rest, _PIECE))
            except zlib.error:
                return content.getvalue(), False
            if content.tell() > MOST_BYTES or members > _MOST_MEMBERS:
                content.truncate(MOST_BYTES)
                return content.getvalue(), False
            rest = member.unconsumed_tail or member.unused_data
    content.write(member.flush())  # at most one match of 258 bytes waits here
    return content.getvalue(), member.eof


def texts(content: bytes) -> Iterator[str]:
    """The text in pieces, none of which ends within a tag, a reference, a CDATA mark or an address."""
    decoder = codecs.getincrementaldecoder(_encoding(content))("replace")
    held = ""
    for start in range(0, len(content), _PIECE):
        text = held + decoder.decode(content[start : start + _PIECE])
        cut = text.rfind(">") + 1 or max(text.rfind("<"), text.rfind(" ") + 1, text.rfind("\n") + 1, 0) or len(text)
        held = text[cut:]
        yield text[:cut].removeprefix("\ufeff") if start == 0 else text[:cut]
    yield held + decoder.decode(b"", final=True)


def _encoding(content: bytes) -> str:
    """What the bytes are: by mark, else UTF-8 or CP949 if they fit. What is declared is often wrong, and not needed:
    addresses and times are ASCII, and so is the markup in each encoding that is in use.
    """
    encoding, _ = read_bom(content)
    if encoding:
        return encoding
    if content[:1] == b"\x00" or content[1:2] == b"\x00":
        return "utf-16-be" if content[:1] == b"\x00" else "utf-16-le"
    return next((name for name in ("utf-8", "cp949") if _fits(content, name)), "utf-8")


def _fits(content: bytes, name: str) -> bool:
    """Whether all bytes mean something; the last character may be cut."""
    decoder = codecs.getincrementaldecoder(name)()
    try:
        for start in range(0, len(content), _PIECE):
            decoder.decode(content[start : start + _PIECE])
    except UnicodeDecodeError:
        return False
    return True


def root(text: str) -> re.Match[str] | None:
    """Where the document begins; the group that matched, `feed` or `sitemap`, is its kind, and none of them a web page."""
    return _ROOT.search(text, 0, PREFACE)


def mended(pieces: Iterable[str], kind: str) -> Iterator[str]:
    """The pieces from the root on, with nothing left in them but the tags that are read, CDATA and text.

    What stands before the root goes: byte order mark, PHP warning, XML declaration, and DOCTYPE with all that it declares, so
    there are no entities. Tags of others become text: `<b>` in a title, a `<br>` that is never closed, cannot shift the nesting
    (libxml2 closes the innermost element, whatever an end tag says), and a `<` or `&` on its own ends or changes nothing.
    """
    others = _OTHERS_IN_FEED if kind == "feed" else _OTHERS_IN_SITEMAP
    end = ""  # of the CDATA or comment that is open
    for piece in pieces:
        mended = []
        for part in _MARK.split(_NOT_XML.sub("", piece)):
            if end == "-->":
                end = "" if part == end else end
            elif end:
                end = "" if part == end else end
                mended.append(part)
            elif part == "<!--":
                end = "-->"
            elif part == "<![CDATA[":
                end = "]]>"
                mended.append(part)
            else:
                mended.append(others.sub("&lt;", _BARE_AMPERSAND.sub("&amp;", part)))
        yield "".join(mended)
