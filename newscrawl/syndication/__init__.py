"""What a site says of itself to machines: feeds, sitemaps, the sitemaps of its robots.txt -> addresses and times. Pure.

All is read by libxml2 (lxml's push parser), in pieces and without a tree, after `markup.mended` took out what is not of
interest. The ready-made readers were tried first, with feeds and sitemaps as sites send them and with hostile ones:

- Scrapy's `Sitemap` loses `news:publication_date`, turns `?a=1&b=2` with a bare `&` into another address, reads nothing
  of a sitemap that says euc-kr and is UTF-8, and keeps a tree of what it does not know: 280 MB for 12 MB of `<a/>`. Its
  `gunzip` gives nothing of what is too large; `sitemap_urls_from_robots` raises ValueError for `Sitemap: http://[`.
- feedparser raises ValueError, KeyError and UnicodeError for one damaged feed in fifty, takes 1 to 3 s for a hostile
  megabyte, 100 MB for 2.4 MB of attributes, and reads a time without a zone as UTC.
"""

from newscrawl.syndication.documents import (
    Entry,
    Feed,
    NotAFeed,
    NotASitemap,
    Part,
    Sitemap,
    read_feed,
    read_sitemap,
    sitemaps_of_robots,
)

__all__ = [
    "Entry",
    "Feed",
    "NotAFeed",
    "NotASitemap",
    "Part",
    "Sitemap",
    "read_feed",
    "read_sitemap",
    "sitemaps_of_robots",
]
