"""How a line tells what was removed from what was added."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Style:
    """What a terminal is told before what was removed, before what was added, and after either. The marks stand in every style:
    not every eye tells red from green."""

    removed: str = ""
    added: str = ""
    end: str = ""

    def minus(self, text: str) -> str:
        """A text as one that was removed."""
        return f"{self.removed}{text}{self.end}"

    def plus(self, text: str) -> str:
        """A text as one that was added."""
        return f"{self.added}{text}{self.end}"

    def within(self, old: str, new: str) -> str:
        """What became what inside a line, in the marks of `git diff --word-diff`."""
        return (self.minus(f"[-{old}-]") if old else "") + (self.plus(f"{{+{new}+}}") if new else "")

    def replaced(self, old: str, new: str) -> list[str]:
        """What became what, a line for each of the two that is there."""
        return [*([self.minus(f"- {old}")] if old else []), *([self.plus(f"+ {new}")] if new else [])]


PLAIN = Style()
COLOURED = Style("\x1b[31m", "\x1b[32m", "\x1b[0m")
