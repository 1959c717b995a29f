"""The feeds of a site -> a file or a folder that other programs read: Parquet, CSV, SQLite, JSON Lines; docs/export.md.

The columns of every format follow from the record's one description, `newscrawl.schema.RECORD`.
"""

from newscrawl.export.asked import Asked, asked
from newscrawl.export.feeds import Feed, Feeds, find_feeds
from newscrawl.export.flow import Told, export
from newscrawl.export.formats import FORMATS, PARQUET, ExportError, Writer, format_of, writer
from newscrawl.export.place import beside, check_place
from newscrawl.export.sending import sent

__all__ = [
    "FORMATS",
    "PARQUET",
    "Asked",
    "ExportError",
    "Feed",
    "Feeds",
    "Told",
    "Writer",
    "asked",
    "beside",
    "check_place",
    "export",
    "find_feeds",
    "format_of",
    "sent",
    "writer",
]
