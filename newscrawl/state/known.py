"""What a run may ask the state: what is committed, and with it what the run itself is about to commit."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import partial, wraps
from typing import Concatenate, ParamSpec, TypeVar

from newscrawl.duplicates import Placed, Text
from newscrawl.state import forgotten, frontier, ledger, payloads, reports, revisions, runs, seen, stories
from newscrawl.state.database import Database
from newscrawl.state.payloads import Payload
from newscrawl.state.pending import Pending
from newscrawl.state.revisions import Due
from newscrawl.state.runs import Run
from newscrawl.state.stories import Stories
from newscrawl.state.uncommitted import Considered

K = TypeVar("K", bound="Known")
P = ParamSpec("P")
T = TypeVar("T")


def patient(method: Callable[Concatenate[K, P], T]) -> Callable[Concatenate[K, P], T]:
    """A method that is called anew when the database was away meanwhile."""

    @wraps(method)
    def tried(self: K, /, *arguments: P.args, **named: P.kwargs) -> T:
        return self.database.patiently(partial(method, self, *arguments, **named))

    return tried


@dataclass(frozen=True, slots=True)
class Latest:
    """What the output has of an article: which revision, its line, and since when (seconds since 1970) looks found the article gone."""

    revision: int
    record: bytes
    absent_since: int | None


class Known:
    """The asking part of a journal."""

    def __init__(self, database: Database, window: int) -> None:
        """`window`: articles that were published more than so many seconds apart are not compared."""
        self.database = database
        self._run: Run | None = None
        self._pending = Pending()
        self._stories = Stories(database, window)
        self._same_as = database.prepared(seen.SAME_AS)
        self._latest = database.prepared(revisions.LATEST)

    @property
    def run(self) -> Run:
        """The run that `begin` began."""
        assert self._run is not None
        return self._run

    @patient
    def payload(self, address: str) -> Payload | None:
        """What the archive has of an address, from earlier runs. Raises StateError."""
        with self.database.reading() as connection:
            return payloads.payload(connection, self.run.site, address)

    @patient
    def validators(self, number: int) -> tuple[str | None, str | None]:
        """What a look at an article may tell the site that we have: its ETag and Last-Modified. Raises StateError."""
        with self.database.reading() as connection:
            return revisions.validators(connection, self.run.site, number)

    @patient
    def consider(self, text: Text, hash_: bytes) -> Considered:
        """What a new article has to do with those of the output, written or about to be. Raises StateError."""
        return self._stories.consider(text, hash_)

    @patient
    def placed(self, number: int) -> Placed | None:
        """Where an article of the output stands among others; None for one that was never compared. Raises StateError."""
        return self._stories.placed(number)

    @patient
    def unsaid(self, limit: int) -> list[int]:
        """Articles of which the output says something else than is known now, of their stories and marks. Raises StateError."""
        waiting = self._pending.entries.keys() | self._pending.said.keys()
        found = stories.unsaid(self.database, self.run.site, limit + len(waiting))
        return [number for number in found if number not in waiting][:limit]

    @patient
    def is_withdrawn(self, number: int) -> bool:
        """Whether an article of the output was taken back, or is about to be. Raises StateError."""
        if number in self._pending.entries:
            return self._pending.withdraws(number)
        with self.database.reading() as connection:
            return seen.is_withdrawn(connection, self.run.site, number)

    @patient
    def latest(self, number: int) -> Latest | None:
        """The last committed revision of an article whose text is kept; None for any other."""
        for revision, record, absent_since in self._latest({"site": self.run.site, "number": number}):
            return Latest(revision, revisions.unpacked(record), absent_since)
        return None

    @patient
    def due(self, now: int, limit: int) -> list[Due]:
        """Articles that are to be looked at again by now (seconds since 1970). Raises StateError."""
        with self.database.reading() as connection:
            return revisions.due(connection, self.run.site, now, limit)

    @patient
    def settled(self, section: str, first: int, last: int) -> set[int]:
        """The days (20261120), from one to another, that need not be walked again: the list's walk through all of the day was noted, and none
        of its articles failed. Raises StateError."""
        with self.database.reading() as connection:
            found = ledger.days(connection, self.run.site, first, last, section)
        return {one.day for one in found if one.whole and not one.failed}

    @patient
    def waiting(self, prefix: str) -> list[tuple[str, int]]:
        """This run's requests that wait or are under way and whose keys begin so: key and reach. Raises StateError."""
        with self.database.reading() as connection:
            return frontier.waiting_like(connection, self.run.site, self.run.id, prefix)

    @patient
    def forgotten(self, numbers: Iterable[int]) -> dict[int, int]:
        """Of these articles, those that `scrapy forget` removed, and when (seconds since 1970). Raises StateError."""
        with self.database.reading() as connection:
            found = forgotten.markers(connection, self.run.site, numbers)
        return {number: one.asked_at for number, one in found.items()}

    @patient
    def others_are_busy(self) -> bool:
        """Whether runs of the same schedule on other machines have something left: this run can help, or take over when one of them dies. Raises
        StateError."""
        if not self.database.shared:
            return False
        with self.database.reading() as connection:
            others = [run for run, _ in runs.siblings(connection, self.run)]
            return frontier.are_busy(connection, self.run.site, others)

    @patient
    def unfinished(self) -> int:
        """Articles whose removal was begun and not finished. Raises StateError."""
        with self.database.reading() as connection:
            return len(forgotten.unfinished(connection, self.run.site))

    @patient
    def scopes(self) -> list[str]:
        """What all runs that are not worked off were asked for, those that live among them, as JSON. Raises StateError."""
        with self.database.reading() as connection:
            return runs.scopes(connection, self.run.site)

    @patient
    def last_start(self, kind: str) -> int | None:
        """When the last run of a kind began that came to its end (seconds since 1970); None when there is none. Raises StateError."""
        return reports.last_start(self.database, self.run.site, kind)

    @patient
    def has(self, number: int) -> bool:
        """Whether the output has an article, written or about to be. Raises StateError."""
        if number in self._pending.entries:
            return True
        with self.database.reading() as connection:
            return bool(seen.numbers(connection, self.run.site, [number]))

    @patient
    def same_as(self, number: int, hash_: bytes) -> int | None:
        """The article of the output, written or about to be, with this number, else with this hash; None when there is none."""
        if number in self._pending.entries:
            return number
        if hash_ in self._pending.hashes:
            return self._pending.hashes[hash_]
        rows = self._same_as({"site": self.run.site, "number": number, "hash": hash_})
        found = {other for (other,) in rows if other is not None and not self._pending.withdraws(other)}
        return number if number in found else min(found, default=None)
