"""Troubles outlive the run that found them."""

from __future__ import annotations

from pathlib import Path

import pytest

from newscrawl.monitors.finding import bad, good
from newscrawl.monitors.notices import PASSES, news
from newscrawl.state import Database
from newscrawl.state.schema import sites
from newscrawl.state.troubles import change, open_troubles
from tests import states

pytestmark = pytest.mark.usefixtures("engine")


@pytest.fixture
def database(tmp_path: Path) -> Database:
    found = states.database(tmp_path)
    with found.transaction() as connection:
        connection.execute(sites.insert(), [{"name": "newspim"}, {"name": "other"}])
    return found


def after(database: Database, run: int, text: str = "", site: int = 1) -> None:
    """A run that found this wrong; nothing when empty."""
    finding = {"sections": bad(text) if text else good("well")}
    with database.transaction() as connection:
        change(
            connection, site, lambda found: news(found, finding, run=run, now=run * 600, receivers=["slack", "email"])
        )


def test_a_trouble_comes_back_as_it_was(database: Database) -> None:
    after(database, 1, "경제 0, usual 40")
    after(database, 2, "경제 0, usual 44")
    with database.reading() as connection:
        (found,) = open_troubles(connection, 1)
    assert (found.monitor, found.text, found.began_run, found.failures) == ("sections", "경제 0, usual 44", 1, 2)
    assert found.owed == {"slack", "email"}
    assert found.lasting


def test_another_site_has_troubles_of_its_own(database: Database) -> None:
    after(database, 1, "경제 0", site=2)
    with database.reading() as connection:
        assert open_troubles(connection, 1) == []


def test_what_is_over_and_told_is_not_asked_for_again(database: Database) -> None:
    after(database, 1, "경제 0")
    for run in range(2, 2 + PASSES):
        after(database, run)
    with database.reading() as connection:
        assert open_troubles(connection, 1)[0].over_at is not None
    with database.transaction() as connection:
        change(connection, 1, lambda found: news(found, {}, run=9, now=9, receivers=[]))
    with database.reading() as connection:
        assert open_troubles(connection, 1) == []
