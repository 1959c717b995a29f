"""What a run has done since its last commit, and the commit that makes all of it durable at once.

The order, on which everything depends (`docs/durability.md`):

1. The lines that were written after the last commit are forced onto the disk.
2. One transaction: new requests, finished requests, articles seen, and the new lines themselves (the outbox); the lines of step 1
   leave the outbox; the next requests are leased.
3. The new lines are written to the feed.

A crash before the end of 2 leaves nothing of it: the pages are fetched again. A crash after it leaves the lines in the outbox, from
which the next run completes the feed.
"""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import Connection

from newscrawl.duplicates import Placed, Text
from newscrawl.state import frontier, ledger, outbox, pace, reports, revisions, runs, seen, stories
from newscrawl.state.database import Database, StateError
from newscrawl.state.feed import FeedFile
from newscrawl.state.frontier import Task
from newscrawl.state.ledger import Listing
from newscrawl.state.outbox import Place
from newscrawl.state.pending import Pending
from newscrawl.state.revisions import Due, Looked
from newscrawl.state.runs import Recovered, Run
from newscrawl.state.seen import Entry
from newscrawl.state.stories import Considered, Stories


@dataclass(frozen=True, slots=True)
class Committed:
    """What a commit gave: the next requests; how many of the added were new (by their `stat`), and how many were articles that the
    output has; how many lines of new articles and of revisions went out, and how many did not because another run was faster.
    `undelivered`: why they are not in the feed yet; the next run writes them. `written`: those that went out."""

    leased: list[Task]
    new: Counter[str]
    seen: int
    exported: int
    revised: int
    beaten: int
    undelivered: OSError | None = None
    written: tuple[Entry, ...] = ()


@dataclass(frozen=True, slots=True)
class Latest:
    """What the output has of an article: which revision, its line, and since when (seconds since 1970) looks found the article gone."""

    revision: int
    record: bytes
    absent_since: int | None


class Journal:
    """One run's dealings with the state. Not for several threads."""

    def __init__(
        self,
        database: Database,
        feed: Path,
        origin: str = "the site",
        clock: Callable[[], float] = time.time,
        *,
        window: int = 604_800,
        copies: bool = False,
    ) -> None:
        """`feed`: the name that the run's output gets, if no file has it and the run finds anything. `origin`: where articles come
        from; a state has one. `clock`: gives the time in seconds since 1970. `window`: articles that were published more than so many seconds
        apart are not compared; `copies`: whether the output has articles with the same words."""
        self.database = database
        self._clock = clock
        self._origin = origin
        self._wanted = feed
        self._feed: FeedFile | None = None
        self._feed_row: int | None = None
        self._promised = 0  # bytes of the feed that are promised
        self._owed: list[Place] = []  # rows of the outbox (feed, start) that are written, but not forced to the disk
        self._cut_off = False  # a line could not be written: none behind it is, recovery writes them all
        self._run: Run | None = None
        self._pending = Pending()
        self._looks = True
        self._copies = copies
        self._stories = Stories(database, window)
        self._same_as = database.prepared(seen.SAME_AS)
        self._latest = database.prepared(revisions.LATEST)

    @property
    def run(self) -> Run:
        """The run that `begin` began."""
        assert self._run is not None
        return self._run

    @property
    def feed(self) -> Path | None:
        """Where this run's lines are; None while there are none."""
        return self._feed.path if self._feed else None

    @property
    def size(self) -> int:
        """How many things wait for the next commit."""
        return self._pending.size

    def begin(self, site: str, scope: str, job: str | None, *, looks: bool = True) -> tuple[Recovered, list[str]]:
        """Begin a run: what dead and ended runs left (`looks`: also looks at articles of the output) is its own, and their feeds are
        completed. Also the scopes that still matter.

        Raises StateError, also for a state with articles of another origin; OSError when a feed cannot be completed.
        """
        self._looks = looks
        try:
            with self.database.transaction() as connection:
                self.database.claim(connection, self._origin)
                self._run = runs.begin(self.database, connection, site, scope, job, self._now())
                self._stories.begin(connection, self._run.site)
                return self._take_over(connection)
        except (OSError, StateError):
            self.abandon()
            raise

    def take_over(self) -> tuple[Recovered, list[str]]:
        """What runs left that died or ended meanwhile; the scopes that still matter. Raises as `begin` does."""
        with self.database.transaction() as connection:
            return self._take_over(connection)

    def _take_over(self, connection: Connection) -> tuple[Recovered, list[str]]:
        site, run = self.run.site, self.run.id
        recovered = runs.recover(self.database, connection, site, run, self._now(), looks=self._looks)
        return recovered, runs.scopes(connection, site, run)

    def _now(self) -> int:
        return int(self._clock())

    def add(self, task: Task) -> None:
        """A request that a page gave."""
        self._pending.add(task)

    def finish(self, row: int, *, comes_again: bool = False, copied: bool = False) -> None:
        """A leased request of which nothing more will come. `comes_again`: it may be asked for again in this run; `copied`: its article was
        dropped as a copy."""
        pending = self._pending
        (pending.forgotten if comes_again else pending.copied if copied else pending.done).append(row)

    def fail(self, row: int, reason: str, look: int | None = None) -> None:
        """A leased request that is lost."""
        self._pending.failed[row] = reason
        if look is not None:
            self._pending.looks_failed[row] = look

    def validators(self, number: int) -> tuple[str | None, str | None]:
        """What a look at an article may tell the site that we have: its ETag and Last-Modified. Raises StateError."""
        with self.database.reading() as connection:
            return revisions.validators(connection, self.run.site, number)

    def write(self, entry: Entry) -> None:
        """An article's line."""
        self._pending.write(entry)
        if entry.considered:
            self._stories.add(entry.considered)

    def consider(self, text: Text, hash_: bytes) -> Considered:
        """What a new article has to do with those of the output, written or about to be. Raises StateError."""
        return self._stories.consider(text, hash_)

    def placed(self, number: int) -> Placed | None:
        """Where an article of the output stands among others; None for one that was never compared. Raises StateError."""
        return self._stories.placed(number)

    def unsaid(self, limit: int) -> list[int]:
        """Articles of which the output says something else than is known now, of their stories and marks. Raises StateError."""
        waiting = self._pending.entries.keys() | self._pending.said.keys()
        found = stories.unsaid(self.database, self.run.site, limit + len(waiting))
        return [number for number in found if number not in waiting][:limit]

    def say(self, placed: Placed) -> None:
        """What the output says of an article's story and mark is this."""
        self._pending.said[placed.number] = placed

    def is_withdrawn(self, number: int) -> bool:
        """Whether an article of the output was taken back, or is about to be. Raises StateError."""
        if number in self._pending.entries:
            return self._pending.withdraws(number)
        with self.database.reading() as connection:
            return seen.is_withdrawn(connection, self.run.site, number)

    def latest(self, number: int) -> Latest | None:
        """The last committed revision of an article whose text is kept; None for any other."""
        for revision, record, absent_since in self._latest({"site": self.run.site, "number": number}):
            return Latest(revision, revisions.unpacked(record), absent_since)
        return None

    def due(self, now: int, limit: int) -> list[Due]:
        """Articles that are to be looked at again by now (seconds since 1970). Raises StateError."""
        with self.database.reading() as connection:
            return revisions.due(connection, self.run.site, now, limit)

    def take(self, due: Due, following: int | None) -> None:
        """A look that is a request from now on; `following`: when the next one will be due, None after the last."""
        self._pending.taken[due.number] = (due.at, following)

    def looked(self, look: Looked) -> None:
        """A look that gave no revision."""
        self._pending.looked[look.number] = look

    def note(self, listing: Listing) -> None:
        """What a page of a list names."""
        self._pending.listings.append(listing)

    def settled(self, section: str, first: int, last: int) -> set[int]:
        """The days (20261120), from one to another, that need not be walked again: the list's walk through all of the day was noted, and none
        of its articles failed. Raises StateError."""
        with self.database.reading() as connection:
            found = ledger.days(connection, self.run.site, first, last, section)
        return {one.day for one in found if one.whole and not one.failed}

    def waiting(self, prefix: str) -> list[tuple[str, int]]:
        """This run's requests that wait or are under way and whose keys begin so: key and reach. Raises StateError."""
        with self.database.reading() as connection:
            return frontier.waiting_like(connection, self.run.site, self.run.id, prefix)

    def scopes(self) -> list[str]:
        """What all runs that are not worked off were asked for, those that live among them, as JSON. Raises StateError."""
        with self.database.reading() as connection:
            return runs.scopes(connection, self.run.site)

    def last_start(self, kind: str) -> int | None:
        """When the last run of a kind began that came to its end (seconds since 1970); None when there is none. Raises StateError."""
        return reports.last_start(self.database, self.run.site, kind)

    def has(self, number: int) -> bool:
        """Whether the output has an article, written or about to be. Raises StateError."""
        if number in self._pending.entries:
            return True
        with self.database.reading() as connection:
            return bool(seen.numbers(connection, self.run.site, [number]))

    def same_as(self, number: int, hash_: bytes) -> int | None:
        """The article of the output, written or about to be, with this number, else with this hash; None when there is none."""
        if number in self._pending.entries:
            return number
        if hash_ in self._pending.hashes:
            return self._pending.hashes[hash_]
        rows = self._same_as({"site": self.run.site, "number": number, "hash": hash_})
        found = {other for (other,) in rows if other is not None and not self._pending.withdraws(other)}
        return number if number in found else min(found, default=None)

    def reserve(self, host: str, delay: float) -> float:
        """Take a host's next turn: seconds to wait for it. Raises StateError."""
        with self.database.transaction() as connection:
            return pace.reserve(self.database, connection, host, delay)

    def commit(self, lease: int = 0) -> Committed:
        """Make everything so far durable, and lease so many requests.

        Raises StateError, or OSError of the feed, when nothing became durable: all of it is kept for the next try.
        """
        settled = self._sync()
        if self._pending.entries:
            self._place_feed()
        site, run, now = self.run.site, self.run.id, self._now()
        with self.database.transaction() as connection:
            fresh = self._write(connection, now)
            data = b"".join(entry.line for entry in fresh)
            row = self._promise(connection, data) if data else self._feed_row
            added = frontier.add(self.database, connection, site, run, self._pending.added.values(), now)
            frontier.finish(connection, self._pending.done, self._pending.failed, now, self._pending.copied)
            if any("status" in entry.changed for entry in fresh):
                frontier.forget_copies(connection, site)  # one may be all that there is now of its article
            frontier.drop(connection, self._pending.forgotten)
            tries = {number: frontier.failures(connection, row) for row, number in self._pending.looks_failed.items()}
            revisions.failed(connection, site, tries, now)
            ledger.note(self.database, connection, site, self._pending.listings)
            outbox.settle(connection, settled)
            leased = frontier.lease(connection, site, run, lease) if lease else []
        beaten = len(self._pending.entries) - len(fresh)
        start, self._feed_row, self._promised = self._promised, row, self._promised + len(data)
        del self._owed[: len(settled)]
        self._pending = Pending()
        self._stories.written()
        undelivered = self._deliver(start, data) if data else None
        revised = sum(1 for entry in fresh if entry.revision > 1)
        return Committed(
            leased, added.new, added.seen, len(fresh) - revised, revised, beaten, undelivered, tuple(fresh)
        )

    def _write(self, connection: Connection, now: int) -> list[Entry]:
        """Articles that are seen thereby, their revisions, and looks. The entries whose lines are to be written."""
        site, entries = self.run.site, self._pending.entries.values()
        new = [entry for entry in entries if entry.revision == 1]
        later = revisions.fresh(connection, site, [entry for entry in entries if entry.revision > 1])
        # First what was taken back or came back: by that a new one with its words is a copy or none.
        seen.rehash(connection, site, [entry for entry in later if "status" in entry.changed])
        first = seen.add(connection, site, new, now, copies=self._copies)
        revisions.watch(connection, site, first)
        revisions.keep(connection, site, [*first, *later], now)
        self._stories.write(
            connection,
            {entry.number for entry in first},
            [*(entry.said for entry in later if entry.said), *self._pending.said.values()],
        )
        revisions.take(connection, site, self._pending.taken)
        of_later = [Looked(entry.number, entry.validators) for entry in later if not entry.restates]
        revisions.looked(connection, site, [*of_later, *self._pending.looked.values()])
        return first + later

    def end(self, reason: str, counts: dict[str, int]) -> int:
        """The run has ended, and what it leased and did not finish waits again; how much is left. Raises as `commit` does, which goes
        before."""
        settled = self._sync()
        with self.database.transaction() as connection:
            outbox.settle(connection, settled)
            left = runs.end(connection, self.run, reason, counts, self._now())
        self.abandon()
        return left

    def retry(self, kind: str, most: int) -> int:
        """Requests of this run that failed fewer than `most` times, for a reason that begins so, wait again, for this run; how many. Raises
        StateError."""
        site, run = self.run.site, self.run.id
        with self.database.transaction() as connection:
            count = frontier.retry(connection, site, since=run, kind=kind, most=most)
            frontier.adopt(connection, site, run, looks=self._looks)
        return count

    def abandon(self) -> None:
        """Let go of the files. A run that did not end is one that died: the next one takes over what it had."""
        if self._feed:
            self._feed.close()
        if self._run and self._run.lock:
            self._run.lock.release()
        self.database.close()

    def _sync(self) -> list[Place]:
        """Force what was written onto the disk: the places that are settled thereby."""
        if self._feed and self._owed:
            self._feed.sync()
        return list(self._owed)

    def _place_feed(self) -> None:
        """See to it that there is a feed under its name, as we left it."""
        if self._cut_off:
            return
        if self._feed is None:
            self._feed = FeedFile(self._wanted)
        elif not self._feed.is_in_place():
            self._feed, self._feed_row = self._feed.continued(), None
            self._promised = self._feed.size

    def _promise(self, connection: Connection, data: bytes) -> int:
        assert self._feed is not None
        row = self._feed_row
        if row is None:
            row = outbox.new_feed(connection, self.run.id, self._feed.path, self._promised, self.database.folder)
        outbox.promise(connection, (row, self._promised), data)
        return row

    def _deliver(self, start: int, data: bytes) -> OSError | None:
        """Write promised lines, unless some before them are missing: then all of them wait for recovery."""
        assert self._feed is not None
        assert self._feed_row is not None
        if self._cut_off:
            return None
        try:
            self._feed.append(data)
        except OSError as error:
            self._cut_off = True
            return OSError(error.errno, error.strerror, str(self._feed.path))
        self._owed.append((self._feed_row, start))
        return None
