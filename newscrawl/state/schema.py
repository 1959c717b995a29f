"""The tables of the state. One schema for SQLite and PostgreSQL: only types and clauses that both have. No text has a
length: PostgreSQL would refuse what is longer, SQLite not.

Times are seconds since 1970 (UTC). A site is a small number of `sites`; an article is the digits of its id.
"""

from __future__ import annotations

from enum import IntEnum

from sqlalchemy import (
    BigInteger,
    Column,
    Double,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    SmallInteger,
    String,
    Table,
    Text,
    UniqueConstraint,
)

VERSION = 8  # of this schema; an older state is migrated, one of a newer is refused

metadata = MetaData()
# BIGINT would not be SQLite's own row number.
_ROW = BigInteger().with_variant(Integer, "sqlite")


class Standing(IntEnum):
    """Where a request of the frontier stands; from DONE on, nothing is left to do for it."""

    PENDING = 0
    LEASED = 1  # a run has it
    DONE = 2  # kept until no run is left that could name it again
    FAILED = 3  # for good, with the reason; a later run that finds it again tries again
    COPY = 4  # its article was dropped as a copy; later runs leave it alone for an hour


facts = Table("facts", metadata, Column("name", String, primary_key=True), Column("value", Text, nullable=False))

sites = Table(
    "sites", metadata, Column("id", Integer, primary_key=True), Column("name", String, nullable=False, unique=True)
)

runs = Table(
    "runs",
    metadata,
    Column("id", Integer, primary_key=True),  # also a clock: a run that began later has the higher number
    Column("site", ForeignKey("sites.id"), nullable=False),
    Column("job", String),
    Column("host", String, nullable=False),
    Column("process", Integer, nullable=False),
    Column("scope", Text, nullable=False),  # what was asked for, as JSON
    Column("settled", SmallInteger, nullable=False, default=0),  # 1: nothing that it found is left to do
    Column("started_at", BigInteger, nullable=False),
    Column("ended_at", BigInteger),
    Column("reason", String),  # Scrapy's close reason; `died` when another run found it dead
    Column("counts", Text),  # JSON: the summary's figures
    Column("asked", Text),  # its arguments as they were given, as JSON: runs with the same ones help each other
    Column("node", String, nullable=False, default=""),  # on which machine; empty where the state has only one
    Column("beat_at", Double),  # when it last said that it lives, by the database's clock; NULL where a lock says so
    sqlite_autoincrement=True,  # a number is never given twice
)
Index("runs_started", runs.c.site, runs.c.started_at)

# The figures of runs that ended, and of the parts of watches, compressed JSON (zstd).
reports = Table(
    "reports",
    metadata,
    Column("run", ForeignKey("runs.id"), primary_key=True),
    Column("part", Integer, primary_key=True, autoincrement=False),  # from 1; of any other run the only one
    Column("kind", String, nullable=False),  # of the run: latest, backfill, watch, urls, probe
    Column("started_at", BigInteger, nullable=False),
    Column("brief", LargeBinary, nullable=False),  # without lists of names: the history of later runs
    Column("figures", LargeBinary, nullable=False),
)
Index("reports_started", reports.c.kind, reports.c.started_at)

frontier = Table(
    "frontier",
    metadata,
    Column("id", _ROW, primary_key=True),
    Column("site", ForeignKey("sites.id"), nullable=False),
    Column("key", String, nullable=False),  # an article's digits, else the request's fingerprint
    Column("standing", SmallInteger, nullable=False, default=Standing.PENDING),
    Column("priority", Integer, nullable=False),
    Column("rank", BigInteger, nullable=False),  # within a priority, the highest first: the newest article
    Column("reach", BigInteger, nullable=False, default=0),  # a list is walked back to this time; 0: to its end
    Column("again", SmallInteger, nullable=False, default=0),  # LEASED, and meanwhile asked for with a longer reach
    Column("url", Text, nullable=False),
    Column("request", Text, nullable=False),  # JSON: callback, its arguments, what is not a default
    Column("stat", String),  # counted when the request is new
    # PENDING: who asked for it last, and will fetch it, NULL for nobody; LEASED: who has it; DONE, FAILED: the latest run begun by then
    Column("run", Integer),
    Column("failures", Integer, nullable=False, default=0),
    Column("reason", String),
    Column("changed_at", BigInteger, nullable=False),
    UniqueConstraint("site", "key"),
)
_order = (frontier.c.priority.desc(), frontier.c.rank.desc())
Index("frontier_order", frontier.c.site, frontier.c.standing, frontier.c.run, *_order)

articles = Table(
    "articles",
    metadata,
    Column("site", ForeignKey("sites.id"), primary_key=True),
    Column("number", BigInteger, primary_key=True, autoincrement=False),
    # Sixteen bytes of the first revision's hash (of few words with their day); zeros while the article is withdrawn.
    Column("hash", LargeBinary(16), nullable=False),
    Column("seen_at", BigInteger, nullable=False),
    sqlite_with_rowid=False,
)
Index("articles_hash", articles.c.site, articles.c.hash)

# The articles that are looked at again.
watched = Table(
    "watched",
    metadata,
    Column("site", ForeignKey("sites.id"), primary_key=True),
    Column("number", BigInteger, primary_key=True, autoincrement=False),
    Column("since", BigInteger, nullable=False),  # from which its age is counted
    Column("next_at", BigInteger),  # NULL: the last look is with the frontier
    Column("absent_since", BigInteger),  # when it was first found gone, while a second look has not said so too
    Column("etag", Text),  # as the site gave them with the text that we have
    Column("last_modified", Text),
    sqlite_with_rowid=False,
)
Index("watched_next", watched.c.site, watched.c.next_at)

# What the output has. Of articles that were not watched any more when schema 4 came: only if they have several revisions.
revisions = Table(
    "revisions",
    metadata,
    Column("site", ForeignKey("sites.id"), primary_key=True),
    Column("number", BigInteger, primary_key=True, autoincrement=False),
    Column("revision", SmallInteger, primary_key=True, autoincrement=False),  # from 1
    Column("hash", LargeBinary(16), nullable=False),
    Column("seen_at", BigInteger, nullable=False),
    Column("changed", String, nullable=False),  # names of fields, comma separated
    Column("record", LargeBinary, nullable=False),  # the line of the output, compressed (zstd)
)
# With the number: SQLite would look for the smallest number of a hash in the order of numbers, through all of them.
Index("revisions_hash", revisions.c.site, revisions.c.hash, revisions.c.number)

# The ledger: what lists named, by the day that they say. Whether it was exported is known by `articles`, what is left by `frontier`.
listed = Table(
    "listed",
    metadata,
    Column("site", ForeignKey("sites.id"), primary_key=True),
    Column("day", Integer, primary_key=True, autoincrement=False),  # 20261120
    Column("section", String, primary_key=True),  # the list's code
    Column("number", BigInteger, primary_key=True, autoincrement=False),
    sqlite_with_rowid=False,
)

# How much of a day a list was walked through: from one second of the day to another, 86400 when the day was over.
walked = Table(
    "walked",
    metadata,
    Column("site", ForeignKey("sites.id"), primary_key=True),
    Column("day", Integer, primary_key=True, autoincrement=False),
    Column("section", String, primary_key=True),
    Column("first", Integer, nullable=False),
    Column("last", Integer, nullable=False),
    Column("at", BigInteger, nullable=False),
    sqlite_with_rowid=False,
)

# What articles have to do with each other. An article is here from its first revision on, which is what others are compared with.
stories = Table(
    "stories",
    metadata,
    Column("site", ForeignKey("sites.id"), primary_key=True),
    Column("number", BigInteger, primary_key=True, autoincrement=False),
    Column("at", BigInteger, nullable=False),  # when it was published
    Column("short", SmallInteger, nullable=False),
    Column(
        "sketch", LargeBinary, nullable=False
    ),  # a sample of its shingles: unsigned 32-bit numbers, sorted, little-endian
    Column("story", BigInteger, nullable=False),  # the number of the first article of its story
    Column(
        "of", BigInteger
    ),  # the article that it is marked with, NULL for none; when that was published, and the mark
    Column("of_at", BigInteger),
    Column("kind", String),
    Column("similarity", Double),
    Column("containment", Double),
    Column("said", SmallInteger, nullable=False),  # 0: the output says something else of its story or its mark
)
Index("stories_time", stories.c.site, stories.c.short, stories.c.at)
Index("stories_story", stories.c.site, stories.c.story)
UNSAID = stories.c.said == 0
# `postgres.py` says the same for PostgreSQL: to name it here would import its dialect, at each start of whatever uses SQLite.
stories_unsaid = Index("stories_unsaid", stories.c.site, stories.c.number, sqlite_where=UNSAID)

# By what similar articles are found: those of one week together, so that years of others do not slow a look-up.
bands = Table(
    "bands",
    metadata,
    Column("site", ForeignKey("sites.id"), primary_key=True),
    Column("week", Integer, primary_key=True, autoincrement=False),  # since 1970
    Column("band", BigInteger, primary_key=True, autoincrement=False),
    Column("number", BigInteger, primary_key=True, autoincrement=False),
    sqlite_with_rowid=False,
)

# What monitors found wrong, from the run that found it first, kept when it is over: that is the site's history of troubles.
troubles = Table(
    "troubles",
    metadata,
    Column("site", ForeignKey("sites.id"), primary_key=True),
    Column("monitor", String, primary_key=True),
    Column("began_at", BigInteger, primary_key=True, autoincrement=False),
    Column("began_run", Integer, nullable=False),
    Column("text", Text, nullable=False),  # of the last run that found it
    Column("failed_at", BigInteger, nullable=False),
    Column("failures", Integer, nullable=False),
    Column("passes", Integer, nullable=False),  # runs in a row that were well
    Column("over_at", BigInteger),
    Column("lasting", SmallInteger, nullable=False),
    Column("owed", String, nullable=False),  # who is still to be told, comma separated
)
Index("troubles_unsettled", troubles.c.site, troubles.c.over_at, troubles.c.owed)

pace = Table(
    "pace",
    metadata,
    Column("host", String, primary_key=True),
    Column("next_at", Double, nullable=False),  # when the next request may go out
)

feeds = Table(
    "feeds",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("run", ForeignKey("runs.id"), nullable=False),
    Column("path", Text, nullable=False),  # from the state's folder, if it lies there
    Column("size", BigInteger, nullable=False, default=0),  # bytes that are promised
)

# The archive: WARC files with what the site answered.
archives = Table(
    "archives",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("run", ForeignKey("runs.id"), nullable=False),
    Column("path", Text, nullable=False),  # from the state's folder, if it lies there
    Column(
        "size", BigInteger, nullable=False
    ),  # bytes of whole records that are on the disk; what is behind them counts for nothing
    Column("finished", SmallInteger, nullable=False, default=0),  # 1: nothing more is written to it
)
Index("archives_run", archives.c.run)

# The last answer of an address that is in the archive, for as long as articles are looked at again: one with the same payload points to it.
payloads = Table(
    "payloads",
    metadata,
    Column("site", ForeignKey("sites.id"), primary_key=True),
    Column("address", LargeBinary(16), primary_key=True),  # sixteen bytes of its SHA-256
    Column("record", String, nullable=False),  # the WARC-Record-ID
    Column("digest", String, nullable=False),
    Column("said_at", String, nullable=False),  # the WARC-Date
    Column("file", String, nullable=False),  # its name
    Column("offset", BigInteger, nullable=False),
    Column("seen_at", BigInteger, nullable=False),
    sqlite_with_rowid=False,
)
Index("payloads_seen", payloads.c.site, payloads.c.seen_at)

# Articles that were removed, and are not fetched again.
forgotten = Table(
    "forgotten",
    metadata,
    Column("site", ForeignKey("sites.id"), primary_key=True),
    Column("number", BigInteger, primary_key=True, autoincrement=False),
    Column("asked_at", BigInteger, nullable=False),
    Column("why", String, nullable=False),  # asked, retention
    Column("done_at", BigInteger),  # NULL: files may still have it, and whoever comes next goes on
    sqlite_with_rowid=False,
)
Index("forgotten_left", forgotten.c.site, forgotten.c.done_at)

# Where the state is shared: the machines whose files do not have a removed article any more, until that is so everywhere.
cleared = Table(
    "cleared",
    metadata,
    Column("site", ForeignKey("sites.id"), primary_key=True),
    Column("number", BigInteger, primary_key=True, autoincrement=False),
    Column("node", String, primary_key=True),
    sqlite_with_rowid=False,
)

# What `scrapy export` made of the feeds: articles that are removed are removed from there too.
exports = Table(
    "exports",
    metadata,
    Column("node", String, primary_key=True, default=""),
    Column("path", Text, primary_key=True),  # absolute
    Column("form", String, nullable=False),  # parquet, csv, sqlite, jsonl
    Column("made_at", BigInteger, nullable=False),
)

# Lines that are promised and perhaps not yet on the disk: what is here is written to its feed again after a crash.
outbox = Table(
    "outbox",
    metadata,
    Column("feed", ForeignKey("feeds.id"), primary_key=True),
    Column("start", BigInteger, primary_key=True, autoincrement=False),  # where in the feed, in bytes
    Column("data", LargeBinary, nullable=False),  # whole lines
)
