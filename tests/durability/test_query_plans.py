"""What is asked for every article goes straight to its rows, however large the state: SQLite's plan, not the clock, says so."""

from __future__ import annotations

import re
import sqlite3
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import make_url
from sqlalchemy.dialects import sqlite

from newscrawl.duplicates import BANDS
from newscrawl.state import Database, Entry, Journal, Watch, revisions, seen, shorts, stories
from newscrawl.state.schema import bands
from newscrawl.state.sqlite import SQLite
from tests import states
from tests.postgres import Server


@pytest.fixture
def state(tmp_path: Path) -> Path:
    """A state with some articles, all watched: SQLite plans by what a table holds."""
    path = tmp_path / "state.sqlite"
    journal = Journal(Database(f"sqlite:///{path}"), tmp_path / "feed.jsonl")
    journal.begin("newspim", "{}", None)
    for number in range(2000):
        journal.write(Entry(number, number.to_bytes(16), b"{}\n", watch=Watch(1, 1000 + number)))
    journal.commit()
    journal.end("finished", {})
    return path


def plan(path: Path, statement: Any, values: dict[str, Any]) -> list[str]:
    """The steps of SQLite's plan for a statement."""
    compiled = statement.compile(dialect=sqlite.dialect(), compile_kwargs={"render_postcompile": True})
    connection = sqlite3.connect(path)
    found = compiled.construct_params(values)
    steps = connection.execute(f"EXPLAIN QUERY PLAN {compiled}", [found[name] for name in compiled.positiontup or ()])
    lines = [step[-1] for step in steps]
    connection.close()
    return lines


def test_a_copy_is_looked_for_by_number_and_by_hash(state: Path) -> None:
    steps = plan(state, seen.SAME_AS, {"site": 1, "number": 5, "hash": b"x" * 16})
    searches = [step for step in steps if step.startswith(("SEARCH", "SCAN"))]
    assert len(searches) == 3
    assert "site=? AND number=?" in searches[0]
    assert "articles_hash (site=? AND hash=?" in searches[1]
    assert "revisions_hash (site=? AND hash=?" in searches[2]


def test_the_last_revision_is_looked_for_by_its_number(state: Path) -> None:
    steps = plan(state, revisions.LATEST, {"site": 1, "number": 5})
    assert all("site=? AND number=?" in step for step in steps if step.startswith(("SEARCH", "SCAN")))
    assert not [step for step in steps if "TEMP B-TREE" in step]


def test_looking_a_copy_up_takes_as_many_steps_in_a_large_state_as_in_a_small_one(state: Path) -> None:
    """The plan's words may change with SQLite's version; its work may not."""

    def steps(articles: int) -> int:
        connection = sqlite3.connect(state)
        connection.execute("DELETE FROM revisions WHERE number >= ?", (articles,))
        compiled = seen.SAME_AS.compile(dialect=sqlite.dialect())
        values = {"site": 1, "number": 1, "hash": b"x" * 16}
        count = 0

        def counted() -> int:
            nonlocal count
            count += 1
            return 0

        connection.set_progress_handler(counted, 1)
        connection.execute(str(compiled), [values[name] for name in compiled.positiontup or ()]).fetchall()
        connection.close()
        return count

    assert steps(2000) < 2 * steps(10)


@pytest.mark.usefixtures("engine")
def test_the_index_of_what_is_still_to_be_said_has_nothing_else(tmp_path: Path) -> None:
    """It would grow with all articles."""
    query = "SELECT sql FROM sqlite_master WHERE name = 'stories_unsaid'"
    if states.is_shared():
        query = "SELECT indexdef FROM pg_indexes WHERE schemaname = current_schema() AND indexname = 'stories_unsaid'"
    with states.database(tmp_path).reading() as connection:
        assert "WHERE" in connection.exec_driver_sql(query).scalar_one()


BY_BANDS, bands_given = SQLite(make_url("sqlite://"), 1).of_any(stories._BY_BANDS, bands.c.band, BANDS)
WEEK = {**bands_given(range(BANDS)), "site": 1, "week": 2934}
DAY = {"site": 1, "first": 1, "last": 86_400}


@pytest.mark.parametrize(
    ("statement", "values", "by"),
    [
        (BY_BANDS, WEEK, "(site=? AND week=? AND band=?"),
        (stories._BY_HASH, {"site": 1, "hash": b"x" * 16}, "(site=? AND hash=?"),
        (stories._ONE, {"site": 1, "number": 5}, "(site=? AND number=?"),
        (stories._OF_STORY, {"site": 1, "story": 5}, "(site=? AND story=?"),
        (stories._RECORD, {"site": 1, "number": 5}, "(site=? AND number=? AND revision=?"),
        (shorts._PROBES, DAY, "(site=? AND short=? AND at>? AND at<?"),
        (shorts._SKETCHES, DAY, "(site=? AND short=? AND at>? AND at<?"),
    ],
    ids=["bands", "hash", "one", "story", "record", "probes", "sketches"],
)
def test_what_may_resemble_an_article_is_looked_for_near_its_time(
    state: Path, statement: Any, values: dict[str, Any], by: str
) -> None:
    steps = [step for step in plan(state, statement, values) if step.startswith(("SEARCH", "SCAN"))]
    assert steps
    assert all(by in step for step in steps), steps


def test_a_server_that_knows_nothing_of_a_table_yet_looks_for_each_band_by_itself(
    tmp_path: Path, postgres: Server
) -> None:
    """Its statistics never know the week that has just begun."""
    database = Database(postgres.url(), tmp_path)
    statement, given = database._kind.of_any(stories._BY_BANDS, bands.c.band, BANDS)
    compiled = statement.compile(dialect=database.engine.dialect)
    with database.reading() as connection:
        cursor = connection.connection.cursor()
        values = {**compiled.params, **given(range(BANDS)), "site": 1, "week": 2934}
        cursor.execute(f"EXPLAIN {compiled}", values)
        said = " ".join(line for (line,) in cursor.fetchall())
    database.close()
    assert re.search(r"Index Cond: \(\(site = 1\) AND \(week = 2934\) AND \(band = \w+\.number\)\)", said), said
