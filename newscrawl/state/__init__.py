"""The state: the frontier, what the output has, the runs, and the feeds that they write. Nothing lost, nothing twice."""

from newscrawl.state.archives import GROWING, Archive, Grown
from newscrawl.state.database import Database, StateError, database_address
from newscrawl.state.feed import force, force_name
from newscrawl.state.frontier import AGAIN, Task, look_key, looked_at
from newscrawl.state.journal import Committed, Journal
from newscrawl.state.known import Latest
from newscrawl.state.ledger import DAY_ENDS, LedgerDay, Listing
from newscrawl.state.payloads import Payload
from newscrawl.state.revisions import Due, Looked
from newscrawl.state.runs import Recovered
from newscrawl.state.seen import NO_HASH, Entry, Watch
from newscrawl.state.stories import chains, titles
from newscrawl.state.uncommitted import Considered

__all__ = [
    "AGAIN",
    "DAY_ENDS",
    "GROWING",
    "NO_HASH",
    "Archive",
    "Committed",
    "Considered",
    "Database",
    "Due",
    "Entry",
    "Grown",
    "Journal",
    "Latest",
    "LedgerDay",
    "Listing",
    "Looked",
    "Payload",
    "Recovered",
    "StateError",
    "Task",
    "Watch",
    "chains",
    "database_address",
    "force",
    "force_name",
    "look_key",
    "looked_at",
    "titles",
]
