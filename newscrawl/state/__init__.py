"""The state: the frontier, what the output has, the runs, and the feeds that they write. Nothing lost, nothing twice."""

from newscrawl.state.database import Database, StateError, database_address
from newscrawl.state.frontier import AGAIN, Task, look_key, looked_at
from newscrawl.state.journal import Committed, Journal, Latest
from newscrawl.state.ledger import DAY_ENDS, LedgerDay, Listing
from newscrawl.state.revisions import Due, Looked
from newscrawl.state.runs import Recovered
from newscrawl.state.seen import NO_HASH, Entry, Watch
from newscrawl.state.stories import Considered, chains, titles

__all__ = [
    "AGAIN",
    "DAY_ENDS",
    "NO_HASH",
    "Committed",
    "Considered",
    "Database",
    "Due",
    "Entry",
    "Journal",
    "Latest",
    "LedgerDay",
    "Listing",
    "Looked",
    "Recovered",
    "StateError",
    "Task",
    "Watch",
    "chains",
    "database_address",
    "look_key",
    "looked_at",
    "titles",
]
