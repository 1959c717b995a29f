"""The way of an older state to the schema of today, one version after another, in the transaction that opens it.

A step names its tables and columns as they were in its time, in SQL that both databases take: the schema of today moves on.
"""

from __future__ import annotations

from collections.abc import Callable

from sqlalchemy import Connection, text


def migrate(connection: Connection, version: int) -> None:
    """Bring a state of this version to the newest."""
    for step in _STEPS[version - 1 :]:
        step(connection)


def _revisions(connection: Connection) -> None:
    """1 to 2: articles are looked at again. Those of before are not: their texts are in their feeds only."""
    postgresql = connection.dialect.name == "postgresql"
    binary, without_rowid = ("BYTEA", "") if postgresql else ("BLOB", " WITHOUT ROWID")
    site_and_number = "site INTEGER NOT NULL REFERENCES sites (id), number BIGINT NOT NULL"
    times = "since BIGINT NOT NULL, next_at BIGINT, absent_since BIGINT"
    text_of = (
        f"hash {binary} NOT NULL, seen_at BIGINT NOT NULL, changed VARCHAR(200) NOT NULL, record {binary} NOT NULL"
    )
    watched = f"{site_and_number}, {times}, etag TEXT, last_modified TEXT, PRIMARY KEY (site, number)"
    revisions = f"{site_and_number}, revision SMALLINT NOT NULL, {text_of}, PRIMARY KEY (site, number, revision)"
    connection.execute(text(f"CREATE TABLE watched ({watched}){without_rowid}"))
    connection.execute(text("CREATE INDEX watched_next ON watched (site, next_at)"))
    connection.execute(text(f"CREATE TABLE revisions ({revisions})"))
    connection.execute(text("CREATE INDEX revisions_hash ON revisions (site, hash, number)"))


def _ledger(connection: Connection) -> None:
    """2 to 3: what lists named, by day and section. Of before nothing is known: those days are walked again."""
    without_rowid = "" if connection.dialect.name == "postgresql" else " WITHOUT ROWID"
    day = "site INTEGER NOT NULL REFERENCES sites (id), day INTEGER NOT NULL, section VARCHAR(20) NOT NULL"
    listed = f"{day}, number BIGINT NOT NULL, PRIMARY KEY (site, day, section, number)"
    walked = (
        f"{day}, first INTEGER NOT NULL, last INTEGER NOT NULL, at BIGINT NOT NULL, PRIMARY KEY (site, day, section)"
    )
    connection.execute(text(f"CREATE TABLE listed ({listed}){without_rowid}"))
    connection.execute(text(f"CREATE TABLE walked ({walked}){without_rowid}"))


def _stories(connection: Connection) -> None:
    """3 to 4: articles are compared with each other, those that come from now on: of earlier ones the texts are in their feeds only."""
    postgresql = connection.dialect.name == "postgresql"
    binary, double, without_rowid = (
        ("BYTEA", "DOUBLE PRECISION", "") if postgresql else ("BLOB", "DOUBLE", " WITHOUT ROWID")
    )
    site = "site INTEGER NOT NULL REFERENCES sites (id)"
    place = f"at BIGINT NOT NULL, short SMALLINT NOT NULL, sketch {binary} NOT NULL, story BIGINT NOT NULL"
    mark = f'"of" BIGINT, of_at BIGINT, kind VARCHAR(10), similarity {double}, containment {double}'
    stories = f"{site}, number BIGINT NOT NULL, {place}, {mark}, said SMALLINT NOT NULL, PRIMARY KEY (site, number)"
    bands = f"{site}, week INTEGER NOT NULL, band BIGINT NOT NULL, number BIGINT NOT NULL, PRIMARY KEY (site, week, band, number)"
    connection.execute(text(f"CREATE TABLE stories ({stories})"))
    connection.execute(text("CREATE INDEX stories_time ON stories (site, short, at)"))
    connection.execute(text("CREATE INDEX stories_story ON stories (site, story)"))
    connection.execute(text("CREATE INDEX stories_unsaid ON stories (site, number) WHERE said = 0"))
    connection.execute(text(f"CREATE TABLE bands ({bands}){without_rowid}"))


def _reports(connection: Connection) -> None:
    """4 to 5: the figures of runs are kept, of those that end from now on, and what monitors find wrong."""
    binary = "BYTEA" if connection.dialect.name == "postgresql" else "BLOB"
    kept = f"kind VARCHAR(20) NOT NULL, brief {binary} NOT NULL, figures {binary} NOT NULL"
    connection.execute(
        text(f"CREATE TABLE reports (run INTEGER NOT NULL REFERENCES runs (id), {kept}, PRIMARY KEY (run))")
    )
    connection.execute(text("CREATE INDEX runs_started ON runs (site, started_at)"))
    key = "site INTEGER NOT NULL REFERENCES sites (id), monitor VARCHAR(80) NOT NULL, began_run INTEGER NOT NULL"
    times = "began_at BIGINT NOT NULL, failed_at BIGINT NOT NULL"
    counts = "failures INTEGER NOT NULL, passes INTEGER NOT NULL, over_at BIGINT"
    more = f"text TEXT NOT NULL, {times}, {counts}, lasting SMALLINT NOT NULL, owed VARCHAR(200) NOT NULL"
    connection.execute(text(f"CREATE TABLE troubles ({key}, {more}, PRIMARY KEY (site, monitor, began_run))"))
    connection.execute(text("CREATE INDEX troubles_unsettled ON troubles (site, over_at, owed)"))


def _parts(connection: Connection) -> None:
    """5 to 6: a watch has figures for each of its parts, and a trouble is known by the time when it began: one run may have the same twice."""
    binary = "BYTEA" if connection.dialect.name == "postgresql" else "BLOB"
    key = "run INTEGER NOT NULL REFERENCES runs (id), part INTEGER NOT NULL"
    kept = f"kind VARCHAR(20) NOT NULL, started_at BIGINT NOT NULL, brief {binary} NOT NULL, figures {binary} NOT NULL"
    connection.execute(text("ALTER TABLE reports RENAME TO reports_5"))
    connection.execute(text(f"CREATE TABLE reports ({key}, {kept}, PRIMARY KEY (run, part))"))
    connection.execute(
        text(
            "INSERT INTO reports SELECT run, 1, kind, started_at, brief, figures FROM reports_5 JOIN runs ON runs.id = reports_5.run"
        )
    )
    connection.execute(text("DROP TABLE reports_5"))
    connection.execute(text("CREATE INDEX reports_started ON reports (kind, started_at)"))
    key = "site INTEGER NOT NULL REFERENCES sites (id), monitor VARCHAR(80) NOT NULL, began_at BIGINT NOT NULL"
    times = "began_run INTEGER NOT NULL, text TEXT NOT NULL, failed_at BIGINT NOT NULL"
    counts = "failures INTEGER NOT NULL, passes INTEGER NOT NULL, over_at BIGINT"
    more = f"{times}, {counts}, lasting SMALLINT NOT NULL, owed VARCHAR(200) NOT NULL"
    names = "site, monitor, began_at, began_run, text, failed_at, failures, passes, over_at, lasting, owed"
    connection.execute(text("ALTER TABLE troubles RENAME TO troubles_5"))
    connection.execute(text("DROP INDEX troubles_unsettled"))
    connection.execute(text(f"CREATE TABLE troubles ({key}, {more}, PRIMARY KEY (site, monitor, began_at))"))
    same = "other.site = t.site AND other.monitor = t.monitor AND other.began_at = t.began_at"
    first = f"NOT EXISTS (SELECT 1 FROM troubles_5 AS other WHERE {same} AND other.began_run < t.began_run)"
    connection.execute(text(f"INSERT INTO troubles ({names}) SELECT {names} FROM troubles_5 AS t WHERE {first}"))
    connection.execute(text("DROP TABLE troubles_5"))
    connection.execute(text("CREATE INDEX troubles_unsettled ON troubles (site, over_at, owed)"))


def _archives(connection: Connection) -> None:
    """6 to 7: archives of the site's answers; articles that were removed; exports, of those that are made from now on."""
    without_rowid = "" if connection.dialect.name == "postgresql" else " WITHOUT ROWID"
    number = "SERIAL" if connection.dialect.name == "postgresql" else "INTEGER"
    file = "run INTEGER NOT NULL REFERENCES runs (id), path TEXT NOT NULL, size BIGINT NOT NULL, finished SMALLINT NOT NULL"
    connection.execute(text(f"CREATE TABLE archives (id {number} NOT NULL, {file}, PRIMARY KEY (id))"))
    connection.execute(text("CREATE INDEX archives_run ON archives (run)"))
    binary = "BYTEA" if connection.dialect.name == "postgresql" else "BLOB"
    record = "record VARCHAR(80) NOT NULL, digest VARCHAR(80) NOT NULL, said_at VARCHAR(40) NOT NULL"
    place = 'file VARCHAR(200) NOT NULL, "offset" BIGINT NOT NULL, seen_at BIGINT NOT NULL'
    address = f"site INTEGER NOT NULL REFERENCES sites (id), address {binary} NOT NULL"
    connection.execute(
        text(f"CREATE TABLE payloads ({address}, {record}, {place}, PRIMARY KEY (site, address)){without_rowid}")
    )
    connection.execute(text("CREATE INDEX payloads_seen ON payloads (site, seen_at)"))
    article = "site INTEGER NOT NULL REFERENCES sites (id), number BIGINT NOT NULL"
    times = "asked_at BIGINT NOT NULL, why VARCHAR(20) NOT NULL, done_at BIGINT"
    connection.execute(text(f"CREATE TABLE forgotten ({article}, {times}, PRIMARY KEY (site, number)){without_rowid}"))
    connection.execute(text("CREATE INDEX forgotten_left ON forgotten (site, done_at)"))
    made = "path TEXT NOT NULL, form VARCHAR(20) NOT NULL, made_at BIGINT NOT NULL, PRIMARY KEY (path)"
    connection.execute(text(f"CREATE TABLE exports ({made})"))


def _nodes(connection: Connection) -> None:
    """7 to 8: several machines may have one state: runs and exports are some machine's."""
    connection.execute(text("ALTER TABLE runs ADD COLUMN asked TEXT"))
    connection.execute(text("ALTER TABLE runs ADD COLUMN node VARCHAR DEFAULT '' NOT NULL"))
    double = "DOUBLE PRECISION" if connection.dialect.name == "postgresql" else "DOUBLE"
    connection.execute(text(f"ALTER TABLE runs ADD COLUMN beat_at {double}"))
    made = "node VARCHAR NOT NULL, path TEXT NOT NULL, form VARCHAR NOT NULL, made_at BIGINT NOT NULL"
    connection.execute(text("ALTER TABLE exports RENAME TO exports_7"))
    connection.execute(text(f"CREATE TABLE exports ({made}, PRIMARY KEY (node, path))"))
    connection.execute(text("INSERT INTO exports SELECT '', path, form, made_at FROM exports_7"))
    connection.execute(text("DROP TABLE exports_7"))
    without_rowid = "" if connection.dialect.name == "postgresql" else " WITHOUT ROWID"
    article = "site INTEGER NOT NULL REFERENCES sites (id), number BIGINT NOT NULL, node VARCHAR NOT NULL"
    connection.execute(text(f"CREATE TABLE cleared ({article}, PRIMARY KEY (site, number, node)){without_rowid}"))


_STEPS: tuple[Callable[[Connection], None], ...] = (_revisions, _ledger, _stories, _reports, _parts, _archives, _nodes)
