"""Feeds, sitemaps and robots.txt -> the articles and sitemaps that they name."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, tzinfo
from itertools import chain
from urllib.parse import urljoin, urlsplit

from lxml import etree

from newscrawl.korean import KST
from newscrawl.syndication.markup import PREFACE, mended, root, texts, unzipped
from newscrawl.syndication.moments import moment

MOST_ENTRIES = 100_000  # a sitemap may have 50,000: sitemaps.org
_MOST_EVENTS = 5_000_000  # starts of elements and pieces of text: fifty for each entry, or 2 s
_DEEPEST = 64  # elements in each other; five are usual
_MOST_WORDS = 2_000_000  # of a sitemap in plain text
_LONGEST_ADDRESS = 2_048  # characters: sitemaps.org
_LONGEST_FIELD = 8_192  # characters; white space around an address is thrown away later
_MOST_ROBOTS = 524_288  # bytes: RFC 9309, 2.5 demands 500 KiB at least

_ENTRIES = frozenset({"item", "entry", "url", "sitemap"})
_OTHERS = frozenset({"source", "content", "image", "video"})  # their links and times are not the entry's
_PUBLISHED = ("pubdate", "published", "publication_date", "issued", "date")  # RSS 2.0, Atom, Google News, Atom 0.3, dc:
_MODIFIED = ("updated", "modified", "lastmod")  # Atom, dcterms: and Atom 0.3, sitemaps
_BASE = "{http://www.w3.org/XML/1998/namespace}base"
_DAY_ENDS = "T23:59:59-12:00"  # no zone has a day that ends later
_NO_BREAKS = dict.fromkeys(map(ord, "\t\r\n"))  # the URL Standard takes them out of an address
_DAMAGE = frozenset({"ERR_TAG_NAME_MISMATCH", "ERR_GT_REQUIRED"})  # after these an entry may be missing


class NotAFeed(Exception):
    """What came is no RSS and no Atom: a web page, JSON, nothing."""


class NotASitemap(Exception):
    """What came is neither a sitemap nor a list of addresses."""


@dataclass(frozen=True, slots=True)
class Entry:
    """An article that a feed or sitemap names. The times are aware, None when not given or when they make no sense."""

    url: str
    published_at: datetime | None = None
    modified_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Feed:
    """`truncated`: something could not be read, so an entry may be missing."""

    entries: list[Entry]
    truncated: bool


@dataclass(frozen=True, slots=True)
class Part:
    """A sitemap that an index names. `lastmod`: the latest time at which that file can have been modified last, by what the index says;
    aware, None when not given or when it makes no sense."""

    url: str
    lastmod: datetime | None = None


@dataclass(frozen=True, slots=True)
class Sitemap:
    """`entries` of a urlset, `sitemaps` of an index; `truncated` as in Feed."""

    entries: list[Entry]
    sitemaps: list[Part]
    truncated: bool


def read_feed(body: bytes, base: str, zone: tzinfo = KST) -> Feed:
    """The entries of an RSS (0.9 to 2.0) or Atom feed, each address once, in order. `zone`: of times that name none.

    Raises NotAFeed, and nothing else whatever the bytes. `base` is the feed's address.
    """
    found = _read(body, base, zone)
    if found is None or found.kind != "feed":
        raise NotAFeed(base)
    return Feed(list(found.entries.values()), found.truncated)


def read_sitemap(body: bytes, base: str, zone: tzinfo = KST) -> Sitemap:
    """What a sitemap or a sitemap index names, XML, gzip or plain text; sitemaps.org lets a feed be a sitemap too.

    Raises NotASitemap, and nothing else whatever the bytes. `base` is the sitemap's address.
    """
    found = _read(body, base, zone)
    if found is None:
        raise NotASitemap(base)
    return Sitemap(list(found.entries.values()), list(found.sitemaps.values()), found.truncated)


def sitemaps_of_robots(body: bytes, base: str) -> list[str]:
    """The sitemaps that a robots.txt names (sitemaps.org, `Sitemap:` lines; they belong to no group), each once, in order."""
    lines = (line.partition(":") for line in body[:_MOST_ROBOTS].decode("utf-8-sig", "replace").splitlines())
    named = (_address(value.partition(" #")[0], base) for key, _, value in lines if key.strip().lower() == "sitemap")
    return list(dict.fromkeys(url for url in named if url))


class _Found:
    """The target of the parser: what was found so far, and the entry and the field that are open.

    Names count without their namespace: sites leave the declaration out, or misspell it.
    """

    def __init__(self, kind: str, base: str, zone: tzinfo) -> None:
        self.kind = kind
        self.entries: dict[str, Entry] = {}
        self.sitemaps: dict[str, Part] = {}
        self.truncated = False
        self.full = False  # there is more than one would read
        self.began = False  # the root
        self.closed = False
        self._zone = zone
        self._base = base
        self._events = 0
        self._depth = 0
        self._entry: dict[str, str] | None = None
        self._entry_name = ""
        self._entry_depth = 0
        self._others_depth = 0
        self._field = ""
        self._text: list[str] = []
        self._length = 0

    @property
    def is_enough(self) -> bool:
        return self.full or self._events > _MOST_EVENTS

    def start(self, tag: str, attributes: Mapping[str, str]) -> None:
        self._events += 1
        self._depth += 1
        self.full |= self._depth > _DEEPEST
        self._field = ""  # an element in a field: its end tag is missing, and its text is not to be trusted
        name = tag.rpartition("}")[2].rpartition(":")[2].lower()
        if self._depth == 1:
            self.began = True
            self._base = (
                _address(attributes.get(_BASE, ""), self._base) or self._base
            )  # RFC 4287, 2; elsewhere very rare
        if name in _ENTRIES:
            self._flush()
            self._entry, self._entry_name, self._entry_depth, self._others_depth = {}, name, self._depth, 0
        elif self._entry is None or self._others_depth:
            return
        elif name in _OTHERS:
            self._others_depth = self._depth
        elif name == "link" and (attributes.get("href") or attributes.get("rel")):
            if attributes.get("rel", "alternate") == "alternate":  # RFC 4287, 4.2.7.2: alternate when not given
                self._keep("link", attributes.get("href", ""))
        elif name not in self._entry and not (name == "guid" and attributes.get("isPermaLink") == "false"):
            self._field, self._text, self._length = name, [], 0

    def data(self, text: str) -> None:
        self._events += 1
        if self._field and self._length <= _LONGEST_FIELD:
            self._length += len(text)
            self._text.append(text)

    def end(self, tag: str) -> None:
        if self._field:
            self._keep(self._field, "".join(self._text) if self._length <= _LONGEST_FIELD else "")
            self._field = ""
        elif self._depth == self._others_depth:
            self._others_depth = 0
        elif self._entry is not None and self._depth == self._entry_depth:
            self._flush()
        self._depth -= 1
        self.closed = self._depth == 0

    def close(self) -> None:
        """An entry that is still open was cut off."""

    def _keep(self, name: str, text: str) -> None:
        assert self._entry is not None
        if name in ("link", "loc"):
            text = _address(text, self._base)
        elif name == "guid":  # RSS 2.0: a permalink is a whole address; a number or a path is none
            text = _address(text, "")
        if text:
            self._entry.setdefault(name, text)

    def _flush(self) -> None:
        entry, self._entry = self._entry, None
        url = entry and (entry.get("link") or entry.get("loc") or entry.get("guid"))
        if not entry or not url:
            return
        named: dict[str, Part] | dict[str, Entry] = self.sitemaps if self._entry_name == "sitemap" else self.entries
        if url in named:
            return
        if len(named) >= MOST_ENTRIES:
            self.full = True
        elif self._entry_name == "sitemap":
            self.sitemaps[url] = Part(url, _latest(entry.get("lastmod", "").strip(), self._zone))
        else:
            self.entries[url] = Entry(url, self._time(entry, _PUBLISHED), self._time(entry, _MODIFIED))

    def _time(self, entry: dict[str, str], names: Iterable[str]) -> datetime | None:
        times = (moment(entry[name].strip(), self._zone) for name in names if name in entry)
        return next((time for time in times if time), None)


def _latest(lastmod: str, zone: tzinfo) -> datetime | None:
    """The latest time that is meant: W3C's form lets it be a day alone, which is then any time of that day, in any zone."""
    return moment(lastmod, zone) or moment(lastmod + _DAY_ENDS, zone)


def _read(body: bytes, base: str, zone: tzinfo) -> _Found | None:
    """What the bytes name, or None if they are something else."""
    content, whole = unzipped(body)
    pieces = texts(content)
    opening = ""
    while len(opening) < PREFACE and (piece := next(pieces, "")):
        opening += piece
    begins = root(opening)
    found = _Found((begins.lastgroup or "page") if begins else "text", base, zone)
    if found.kind == "page":
        return None
    if begins is None:
        _read_words(chain([opening], pieces), found)
    else:
        _read_xml(mended(chain([opening[begins.start() :]], pieces), found.kind), found)
    found.truncated |= not whole
    return found if found.began or found.entries else None


def _read_xml(pieces: Iterable[str], found: _Found) -> None:
    parser = etree.XMLParser(target=found, recover=True, resolve_entities=False, no_network=True, huge_tree=False)
    try:
        for piece in pieces:
            parser.feed(piece.encode())
            if found.is_enough:
                found.truncated = True
                return
        parser.close()
    except (etree.XMLSyntaxError, UnicodeDecodeError):  # the latter for half a pair that `mended` did not see
        found.truncated = True
    damaged = any(error.type_name in _DAMAGE for error in parser.feed_error_log)
    found.truncated |= damaged or not found.closed


def _read_words(pieces: Iterable[str], found: _Found) -> None:
    """A sitemap in plain text: one address a line, and nothing else (sitemaps.org); what begins otherwise is none."""
    for count, word in enumerate(word for piece in pieces for word in piece.split()):
        url = _address(word, "")
        found.truncated |= not url
        if not (url or found.entries):
            return
        if count >= _MOST_WORDS or len(found.entries) >= MOST_ENTRIES:
            found.truncated = True
            return
        if url:
            found.entries.setdefault(url, Entry(url))


def _address(text: str, base: str) -> str:
    """The absolute http(s) address that is meant, or "". Which hosts are good is the caller's to say."""
    text = text.strip().translate(_NO_BREAKS).replace("&amp;", "&")  # escaped once more, or in CDATA
    if not text or len(text) > _LONGEST_ADDRESS:
        return ""
    try:
        url = text if text.startswith(("https://", "http://")) else urljoin(base, text)
        parts = urlsplit(url)
        good = parts.scheme in ("http", "https") and parts.hostname and parts.port != 0 and " " not in parts.netloc
    except ValueError:  # http://[ and http://a:99999
        return ""
    return url if good and "<" not in url and len(url) <= _LONGEST_ADDRESS else ""
