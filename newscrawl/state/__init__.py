"""The state: the frontier, what the output has, the runs, and the feeds that they write. Nothing lost, nothing twice."""

from newscrawl.state.database import Database, StateError, database_address
from newscrawl.state.frontier import Task
from newscrawl.state.journal import Committed, Journal, Latest
from newscrawl.state.revisions import Due, Looked
from newscrawl.state.runs import Recovered
from newscrawl.state.seen import Entry, Watch

__all__ = [
    "Committed",
    "Database",
    "Due",
    "Entry",
    "Journal",
    "Latest",
    "Looked",
    "Recovered",
    "StateError",
    "Task",
    "Watch",
    "database_address",
]
