"""An article that several machines have, on one state: each removes it from its own files, and the last one from the state."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import select

from newscrawl.forgetting.flow import Report, forget
from newscrawl.record import line
from newscrawl.state import Database, Journal
from newscrawl.state.forgotten import markers
from newscrawl.state.schema import revisions
from tests import states
from tests.postgres import Server

from .folder import GONE, NOW, SITE, about, entry, number


class Machine:
    """One, with its feed."""

    def __init__(self, url: str, folder: Path) -> None:
        self.folder, self.database = folder, Database(url, folder)

    def crawl(self, *articles: tuple[int, int]) -> None:
        """A run that writes these revisions of articles."""
        journal = Journal(self.database, self.folder / "feed.jsonl")
        journal.begin("newspim", "{}", None)
        for place, revision in articles:
            journal.write(entry(about(place, revision)))
            journal.commit()
        journal.end("finished", {})

    def forget(self) -> Report:
        """As the command does."""
        return forget(self.folder, self.database, SITE, [number(GONE)], int(NOW.timestamp()), "2026-11-23")

    @property
    def lines(self) -> list[bytes]:
        return (self.folder / "feed.jsonl").read_bytes().splitlines(keepends=True)

    def texts(self) -> int:
        """Revisions of the article that the state has."""
        with self.database.reading() as connection:
            return len(connection.execute(select(revisions).where(revisions.c.number == number(GONE))).all())

    def keeps_away(self) -> bool:
        """Whether the article is not fetched again."""
        with self.database.reading() as connection:
            return number(GONE) in markers(connection, 1, [number(GONE)])


@pytest.fixture
def machines(postgres: Server, tmp_path: Path) -> Iterator[tuple[Machine, Machine]]:
    url = states.url_in(postgres, tmp_path)
    one, two = (Machine(url, tmp_path / name / "newspim") for name in ("one", "two"))
    one.crawl((1, 1), (GONE, 1))
    two.crawl((2, 1), (GONE, 2))
    yield one, two
    for machine in (one, two):
        machine.database.close()


def test_each_clears_its_own_files_and_the_last_the_state(machines: tuple[Machine, Machine]) -> None:
    one, two = machines
    report = one.forget()
    assert len(report.elsewhere) == 1
    assert report.waits
    assert one.lines == [line(about(1))]
    assert two.lines == [line(about(2)), line(about(GONE, 2))]
    assert one.texts() > 0  # by which the other machine knows its words
    assert two.keeps_away()
    report = two.forget()
    assert not report.elsewhere
    assert not report.waits
    assert two.lines == [line(about(2))]
    assert two.texts() == 0
    assert one.keeps_away()


def test_who_asks_twice_has_not_asked_for_the_other(machines: tuple[Machine, Machine]) -> None:
    one, two = machines
    one.forget()
    assert one.forget().elsewhere
    assert one.texts() > 0
    assert not two.forget().elsewhere
    assert one.texts() == 0


def test_what_was_begun_on_one_machine_the_other_goes_on_with(machines: tuple[Machine, Machine]) -> None:
    """Without being told which article: its mark stands in the state."""
    one, two = machines
    one.forget()
    report = forget(two.folder, two.database, SITE, [], int(NOW.timestamp()), "2026-11-23")
    assert report.numbers == [number(GONE)]
    assert two.lines == [line(about(2))]
    assert two.texts() == 0
