"""What a run has done since its last commit, in memory: the next commit takes all of it."""

from __future__ import annotations

from dataclasses import dataclass, field

from newscrawl.duplicates import Placed
from newscrawl.state.frontier import Task
from newscrawl.state.ledger import Listing
from newscrawl.state.revisions import Looked
from newscrawl.state.seen import NO_HASH, Entry


@dataclass(slots=True)
class Pending:
    """Requests, by their keys (`added`) or rows of the frontier (`done`, `copied`: their articles were dropped as copies, `forgotten`: those
    that may be asked for again, `failed`: with the reason, `looks_failed`: with the article); lines of articles by number (`entries`;
    `hashes`: whose words they are); looks without a revision (`looked`) and looks that became requests (`taken`: when due, and when next), by
    article; rows of lists (`listings`); what the output says of stories (`said`)."""

    added: dict[str, Task] = field(default_factory=dict)
    done: list[int] = field(default_factory=list)
    copied: list[int] = field(default_factory=list)
    forgotten: list[int] = field(default_factory=list)
    failed: dict[int, str] = field(default_factory=dict)
    looks_failed: dict[int, int] = field(default_factory=dict)
    entries: dict[int, Entry] = field(default_factory=dict)
    hashes: dict[bytes, int] = field(default_factory=dict)
    looked: dict[int, Looked] = field(default_factory=dict)
    taken: dict[int, tuple[int, int | None]] = field(default_factory=dict)
    listings: list[Listing] = field(default_factory=list)
    said: dict[int, Placed] = field(default_factory=dict)

    @property
    def size(self) -> int:
        """How many things wait for the commit."""
        requests = len(self.added) + len(self.done) + len(self.copied) + len(self.forgotten) + len(self.failed)
        return requests + len(self.entries) + len(self.looked) + len(self.listings) + len(self.said)

    def add(self, task: Task) -> None:
        """A request; of one that is asked for twice, the more urgent form or the one that reaches further."""
        known = self.added.get(task.key)
        if known is None or task.reach < known.reach or task.priority > known.priority:
            self.added[task.key] = task

    def write(self, entry: Entry) -> None:
        """An article's line."""
        self.entries[entry.number] = entry
        self.hashes.setdefault(entry.hash, entry.number)

    def withdraws(self, number: int) -> bool:
        """Whether an article of the output is about to be taken back."""
        return number in self.entries and self.entries[number].hash == NO_HASH
