"""A state of an older version is brought to today's schema by itself, with all that it holds."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest
from sqlalchemy import create_engine, inspect, select, text

from newscrawl.state import Database, StateError, migrations
from newscrawl.state.schema import VERSION, articles, facts, frontier

from .crashes import ARTICLES, COPY, Death, Follower, lines, run

OLD = Path(__file__).with_name("state-v1.sql")


@pytest.fixture
def old(tmp_path: Path) -> Path:
    """A state of the first version."""
    path = tmp_path / "state.sqlite"
    with sqlite3.connect(path) as connection:
        connection.executescript(OLD.read_text(encoding="utf-8"))
    connection.close()
    return path


def shape(database: Database) -> dict[str, object]:
    """Every table with its columns, keys and indexes. The length of a text means nothing to SQLite."""
    found = inspect(database.engine)
    return {
        name: (
            [(one["name"], str(one["type"]).partition("(")[0], one["nullable"]) for one in found.get_columns(name)],
            found.get_pk_constraint(name)["constrained_columns"],
            sorted((one["referred_table"], tuple(one["constrained_columns"])) for one in found.get_foreign_keys(name)),
            sorted((one["name"], tuple(one["column_names"]), one["unique"]) for one in found.get_indexes(name)),
        )
        for name in found.get_table_names()
    }


def without_row_numbers(path: Path) -> set[str]:
    """The tables that keep their rows under the key itself."""
    connection = sqlite3.connect(path)
    tables = connection.execute("SELECT name FROM sqlite_master WHERE type = 'table' AND sql LIKE '%WITHOUT ROWID%'")
    found = {name for (name,) in tables}
    connection.close()
    return found


def test_an_old_state_gets_the_schema_of_a_new_one(old: Path, tmp_path: Path) -> None:
    migrated, fresh = Database(f"sqlite:///{old}"), Database(f"sqlite:///{tmp_path / 'fresh.sqlite'}")
    assert shape(migrated) == shape(fresh)
    assert without_row_numbers(old) == without_row_numbers(tmp_path / "fresh.sqlite")


def test_an_old_state_keeps_all_that_it_holds(old: Path) -> None:
    database = Database(f"sqlite:///{old}")
    with database.reading() as connection:
        assert connection.execute(select(facts.c.value).where(facts.c.name == "schema")).scalar() == str(VERSION)
        seen = connection.execute(select(articles.c.number).order_by(articles.c.number)).scalars().all()
        assert [str(number) for number in seen] == [number for number in ARTICLES if number != COPY]
        assert connection.execute(select(frontier.c.key)).scalars().all() == ["20260101000009"]


def test_what_is_known_of_runs_and_their_troubles_outlives_the_step_to_parts(old: Path) -> None:
    engine = create_engine(f"sqlite:///{old}")
    with engine.begin() as connection:
        for step in migrations._STEPS[:4]:
            step(connection)
        connection.execute(text("UPDATE facts SET value = '5' WHERE name = 'schema'"))
        (number, began) = connection.execute(text("SELECT id, started_at FROM runs")).first() or (0, 0)
        connection.execute(text(f"INSERT INTO reports VALUES ({number}, 'latest', x'00', x'01')"))
        for monitor, run in (("disk", number), ("disk", number + 1), ("errors", number)):
            row = f"1, '{monitor}', {run}, 'text', 5, 6, 1, 0, NULL, 1, ''"
            connection.execute(text(f"INSERT INTO troubles VALUES ({row})"))
    engine.dispose()
    with Database(f"sqlite:///{old}").reading() as connection:
        kept = connection.execute(text("SELECT run, part, kind, started_at, figures FROM reports")).all()
        known = connection.execute(text("SELECT monitor, began_at, began_run FROM troubles ORDER BY monitor")).all()
    assert [tuple(row) for row in kept] == [(number, 1, "latest", began, b"\x01")]
    assert [tuple(row) for row in known] == [("disk", 5, number), ("errors", 5, number)]


def test_a_run_goes_on_with_an_old_state(old: Path) -> None:
    follower = Follower(old.parent)
    run(old.parent, "second", Death(10**9), look=follower.look)
    assert [line[:24] for line in lines(old.parent)] == [b'{"id":"20260101000009","']


def test_a_migration_that_fails_leaves_the_old_state_as_it_was(old: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    before = "\n".join(sqlite3.connect(old).iterdump())

    def broken(connection: object) -> None:
        migrations._revisions(connection)  # type: ignore[arg-type]  # the real one, and then the disk fails
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(migrations, "_STEPS", (broken,))
    with pytest.raises(StateError, match="No space left"):
        Database(f"sqlite:///{old}")
    assert "\n".join(sqlite3.connect(old).iterdump()) == before


def test_there_is_a_step_from_every_version_to_the_next() -> None:
    assert len(migrations._STEPS) == VERSION - 1
