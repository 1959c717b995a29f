"""newscrawl: Korean news wires as clean, typed, deduplicated JSON Lines."""

__version__ = "0.1.0"
