"""The archive: what the site said, as it came, in WARC files (ISO 28500, WARC 1.1)."""

from newscrawl.archive.extra import SETTING, check, is_on

__all__ = ["SETTING", "check", "is_on"]
