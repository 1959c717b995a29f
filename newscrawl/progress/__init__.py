"""The progress of a run while it goes on: rows at the bottom of a terminal, or a log line a minute."""

from newscrawl.progress.extension import Progress
from newscrawl.progress.figures import Doing

__all__ = ["Doing", "Progress"]
