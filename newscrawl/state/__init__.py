"""The state: the frontier, what the output has, the runs, and the feeds that they write. Nothing lost, nothing twice."""

from newscrawl.state.database import Database, StateError, database_address
from newscrawl.state.frontier import Task
from newscrawl.state.journal import Committed, Journal
from newscrawl.state.runs import Recovered
from newscrawl.state.seen import Entry

__all__ = ["Committed", "Database", "Entry", "Journal", "Recovered", "StateError", "Task", "database_address"]
