"""What is left of a run when it is over: its figures in the state, its report on the disk, numbers for Prometheus."""

from newscrawl.reporting.extension import Reporting
from newscrawl.reporting.writing import Writing

__all__ = ["Reporting", "Writing"]
