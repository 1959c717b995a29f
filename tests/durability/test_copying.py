"""A state that is copied from one database to another, and gone on with there."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest

from newscrawl.state import Database, StateError
from newscrawl.state.copying import copy
from newscrawl.state.schema import metadata
from tests import states
from tests.crawl.conftest import scrapy
from tests.postgres import Server

from .crashes import ARTICLES, COPY, Crash, Death, dying, line_of, lines, run

EXPECTED = sorted(line_of(number) for number in ARTICLES if number != COPY)
NEVER = 10**9


class Steps(Death):
    """What each step of a run was."""

    def pass_by(self, what: str) -> None:
        self.where.append(what)


def half_done(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A run that died in the middle, between the promise of a line and the line."""
    steps = Steps(NEVER)
    with dying(steps, monkeypatch):
        run(folder / "counted", "run", steps)
    writes = [at for at, what in enumerate(steps.where, start=1) if what == "before a write"]
    death = Death(writes[-1])
    with dying(death, monkeypatch), pytest.raises(Crash):
        run(folder / "data", "first", death)
    assert death.where == ["before a write"]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name in ("counted", "data"):
        (tmp_path / name).mkdir()
    return tmp_path


@pytest.mark.parametrize("from_server", [False, True], ids=["sqlite to postgresql", "postgresql to sqlite"])
def test_a_run_that_died_is_gone_on_with_in_the_copy(
    folder: Path, postgres: Server, monkeypatch: pytest.MonkeyPatch, from_server: bool
) -> None:
    data = folder / "data"
    first, second = (postgres, None) if from_server else (None, postgres)
    states.use(first)
    half_done(folder, monkeypatch)
    states.use(second)
    assert sorted(lines(data)) != EXPECTED
    source, target = Database(states.url_in(first, data), data), states.database(data)
    done = {one.table: one.rows for one in copy(source, target)}
    assert done["articles"] > 0 < done["outbox"]
    with pytest.raises(StateError, match=r"is not empty \(\w+\): a state is copied into an empty one only"):
        copy(source, target)
    source.close()
    run(data, "second", Death(NEVER))
    states.use(None)
    assert sorted(lines(data)) == EXPECTED


def test_there_and_back_by_the_command_is_the_same(
    folder: Path, postgres: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    half_done(folder, monkeypatch)
    site = folder / "data"
    start, there, back = states.url_in(None, site), states.url_in(postgres, site), states.url_in(None, site, "back")
    options = ("-s", f"NEWSCRAWL_DATA_DIR={folder / 'of-site'}")
    for one, other in ((start, there), (there, back)):
        made = scrapy("state", "copy", one, other, *options)
        assert (made.returncode, made.stderr) == (0, "")
        assert "rows, each looked at on both sides; from now on: NEWSCRAWL_STATE=" in made.stdout
    tables = [table.name for table in metadata.sorted_tables if table.name not in ("feeds", "archives")]
    before, after = (sqlite3.connect(site / f"{name}.sqlite") for name in ("state", "back"))
    for table in tables:
        query = f"SELECT * FROM {table} ORDER BY 1, 2"
        assert before.execute(query).fetchall() == after.execute(query).fetchall()
    # The files are where they were, and are named from the new place.
    (path,) = {Path(path) for (path,) in after.execute("SELECT path FROM feeds WHERE path LIKE '%first%' LIMIT 1")}
    assert (site / path).is_file()
    for state in (before, after):
        state.close()


def test_it_is_said_what_cannot_be_copied(folder: Path) -> None:
    missing, same = f"sqlite:///{folder}/none.sqlite", f"sqlite:///{folder}/one.sqlite"
    for given, why in (
        (("copy", missing, same), f"there is no {folder}/none.sqlite"),
        (("copy", same, same), "FROM and TO are the same database"),
        (("copy", same), "scrapy state copy FROM TO"),
        (("copy", "mysql://host/db", same), "takes the URL of a database"),
    ):
        made = scrapy("state", *given)
        assert made.returncode == 2
        assert why in made.stdout + made.stderr
    assert not (folder / "none.sqlite").exists()


def test_the_state_of_a_run_that_goes_on_is_not_copied(folder: Path) -> None:
    from newscrawl.state import Journal

    source, target = states.database(folder / "data"), states.database(folder / "counted")
    journal = Journal(source, folder / "data" / "feed.jsonl")
    journal.begin("example", "{}", None)
    with pytest.raises(StateError, match="run 1 of example goes on"):
        copy(source, target)
    journal.end("finished", {})
    states.use(None)
