"""The ledger of a site -> a calendar of coverage that a person reads at a glance, and what to do about its gaps. Pure."""

from newscrawl.ledger_view.days import as_date, as_number
from newscrawl.ledger_view.look import Look
from newscrawl.ledger_view.sheet import Asked, sheet

__all__ = ["Asked", "Look", "as_date", "as_number", "sheet"]
