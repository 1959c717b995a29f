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
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import Connection

from newscrawl.duplicates import Placed
from newscrawl.state import frontier, ledger, outbox, pace, payloads, revisions, runs, seen
from newscrawl.state.archives import Archive, Archiving
from newscrawl.state.database import Database, StateError, UnknownCommit
from newscrawl.state.delivery import Delivery
from newscrawl.state.frontier import Task
from newscrawl.state.known import Known, patient
from newscrawl.state.ledger import Listing
from newscrawl.state.pending import Pending
from newscrawl.state.revisions import Due, Looked
from newscrawl.state.runs import Recovered
from newscrawl.state.seen import Entry


@dataclass(frozen=True, slots=True)
class Committed:
    """What a commit gave: the next requests; how many of the added were new (by their `stat`), and how many were articles that the
    output has; how many lines of new articles and of revisions went out, and how many did not because another run was faster.
    `undelivered`: why they are not in the feed yet; the next run writes them. `written`: those that went out. `scopes`: of the runs
    whose requests were leased, when this one has no more of its own."""

    leased: list[Task]
    new: Counter[str]
    seen: int
    exported: int
    revised: int
    beaten: int
    undelivered: OSError | None = None
    written: tuple[Entry, ...] = ()
    scopes: list[str] | None = None


class Journal(Known):
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
        super().__init__(database, window)
        self._clock = clock
        self._origin = origin
        self._delivery = Delivery(feed, database.folder)
        self._archiving: Archiving | None = None
        self._looks = True
        self._copies = copies
        self._skew = 0  # whole seconds by which the database's clock is ahead of this machine's
        self._unknown: UnknownCommit | None = None

    @property
    def feed(self) -> Path | None:
        """Where this run's lines are; None while there are none."""
        return self._delivery.path

    @property
    def size(self) -> int:
        """How many things wait for the next commit."""
        return self._pending.size

    @patient
    def begin(
        self, site: str, scope: str, job: str | None, *, looks: bool = True, asked: str | None = None
    ) -> tuple[Recovered, list[str]]:
        """Begin a run: what dead and ended runs left (`looks`: also looks at articles of the output) is its own, and their feeds are
        completed. Also the scopes that still matter. `asked`: what it was asked for, in the words in which that was given; runs of other machines
        with the same words are helped.

        Raises StateError, also for a state with articles of another origin; OSError when a feed cannot be completed.
        """
        self._looks = looks
        try:
            with self.database.transaction() as connection:
                self.database.claim(connection, self._origin)
                self._skew = round(self.database.now(connection) - time.time()) if self.database.shared else 0
                runs.check_begin(self.database)
                self._run = runs.begin(self.database, connection, site, scope, job, self.now(), asked)
                self._stories.begin(connection, self._run.site)
                return self._take_over(connection)
        except (OSError, StateError):
            self.abandon()
            raise

    def archive_in(self, archive: Archive) -> None:
        """From now on each commit has what is archived forced onto the disk before anything that names it."""
        self._archiving = Archiving(self.database, self.run.id, self.run.site, archive)

    @patient
    def archive_nothing(self) -> None:
        """What comes in this run is not archived: no later answer may point to what was there before it. Raises StateError."""
        with self._writing() as connection:
            payloads.forget_all(connection, self.run.site)

    @patient
    def take_over(self) -> tuple[Recovered, list[str]]:
        """What runs left that died or ended meanwhile; the scopes that still matter. Raises as `begin` does."""
        with self._writing() as connection:
            return self._take_over(connection)

    def _take_over(self, connection: Connection) -> tuple[Recovered, list[str]]:
        site, run = self.run.site, self.run.id
        recovered = runs.recover(self.database, connection, site, run, self.now(), looks=self._looks)
        return recovered, runs.scopes(connection, site, run)

    def now(self) -> int:
        """Seconds since 1970, as all machines have it that share the state."""
        return int(self._clock() + self._skew)

    @contextmanager
    def _writing(self) -> Iterator[Connection]:
        """A transaction of this run, as long as nobody took it for dead. Raises StateError."""
        with self.database.transaction() as connection:
            self.database.alone(connection, self.run.site)
            runs.beat(self.database, connection, self.run)
            yield connection

    @patient
    def beat(self) -> None:
        """Say that this run lives, when it commits nothing for a while. Raises StateError."""
        with self.database.transaction() as connection:
            runs.beat(self.database, connection, self.run)

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

    def write(self, entry: Entry) -> None:
        """An article's line."""
        self._pending.write(entry)
        if entry.considered:
            self._stories.add(entry.considered)

    def say(self, placed: Placed) -> None:
        """What the output says of an article's story and mark is this."""
        self._pending.said[placed.number] = placed

    def take(self, due: Due, following: int | None) -> None:
        """A look that is a request from now on; `following`: when the next one will be due, None after the last."""
        self._pending.taken[due.number] = (due.at, following)

    def looked(self, look: Looked) -> None:
        """A look that gave no revision."""
        self._pending.looked[look.number] = look

    def note(self, listing: Listing) -> None:
        """What a page of a list names."""
        self._pending.listings.append(listing)

    @patient
    def reserve(self, host: str, delay: float) -> float:
        """Take a host's next turn: seconds to wait for it. Raises StateError."""
        with self.database.transaction() as connection:
            return pace.reserve(self.database, connection, host, delay)

    @patient
    def commit(self, lease: int = 0) -> Committed:
        """Make everything so far durable, and lease so many requests.

        Raises StateError, or OSError of the feed, when nothing became durable: all of it is kept for the next try.
        """
        if self._unknown:
            raise self._unknown
        settled = self._delivery.sync()
        archived = self._archiving.sync() if self._archiving else []
        if self._pending.entries:
            self._delivery.place()
        site, run, now = self.run.site, self.run.id, self.now()
        with self._noted(), self._writing() as connection:
            fresh = self._write(connection, now)
            data = b"".join(entry.line for entry in fresh)
            promised = self._delivery.promise(connection, run, data) if data else None
            added = frontier.add(self.database, connection, site, run, self._pending.added.values(), now)
            frontier.finish(connection, self._pending.done, self._pending.failed, now, self._pending.copied)
            if any("status" in entry.changed for entry in fresh):
                frontier.forget_copies(connection, site)  # one may be all that there is now of its article
            frontier.drop(connection, self._pending.forgotten)
            tries = {number: frontier.failures(connection, row) for row, number in self._pending.looks_failed.items()}
            revisions.failed(connection, site, tries, now)
            ledger.note(self.database, connection, site, self._pending.listings)
            outbox.settle(connection, settled)
            if self._archiving:
                self._archiving.note(connection, archived, self.now())
            leased = frontier.lease(connection, site, run, lease) if lease else []
            scopes = None
            if lease and not leased and self.database.shared:
                leased, scopes = self._help(connection, lease)
        beaten = len(self._pending.entries) - len(fresh)
        self._delivery.settled(settled)
        if self._archiving:
            self._archiving.settled()
        self._pending = Pending()
        self._stories.written()
        undelivered = self._delivery.deliver(promised, data) if promised else None
        revised = sum(1 for entry in fresh if entry.revision > 1)
        return Committed(
            leased, added.new, added.seen, len(fresh) - revised, revised, beaten, undelivered, tuple(fresh), scopes
        )

    def _help(self, connection: Connection, count: int) -> tuple[list[Task], list[str] | None]:
        """Articles that wait for runs of the same schedule on other machines, and what those were asked for."""
        others = dict(runs.siblings(connection, self.run))
        leased = frontier.help_out(connection, self.run.site, self.run.id, others, count)
        return leased, list(others.values()) if leased else None

    @contextmanager
    def _noted(self) -> Iterator[None]:
        """A commit of which nobody knows whether it was made is not tried again: the next run finds out."""
        try:
            yield
        except UnknownCommit as error:
            self._unknown = error
            raise

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

    @patient
    def end(self, reason: str, counts: dict[str, int]) -> int:
        """The run has ended, and what it leased and did not finish waits again; how much is left. Raises as `commit` does, which goes
        before."""
        settled = self._delivery.sync()
        archived = self._archiving.sync(end=True) if self._archiving else []
        with self._writing() as connection:
            outbox.settle(connection, settled)
            if self._archiving:
                self._archiving.note(connection, archived, self.now())
            left = runs.end(connection, self.run, reason, counts, self.now())
        self.abandon()
        return left

    @patient
    def retry(self, kind: str, most: int) -> int:
        """Requests of this run that failed fewer than `most` times, for a reason that begins so, wait again, for this run; how many. Raises
        StateError."""
        site, run = self.run.site, self.run.id
        with self._writing() as connection:
            count = frontier.retry(connection, site, since=run, kind=kind, most=most)
            frontier.adopt(connection, site, run, looks=self._looks)
        return count

    def abandon(self) -> None:
        """Let go of the files. A run that did not end is one that died: the next one takes over what it had."""
        self._delivery.close()
        if self._archiving:
            self._archiving.close()
        if self._run and self._run.lock:
            self._run.lock.release()
        self.database.close()
