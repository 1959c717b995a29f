"""How a day is drawn: its mark, and its colour where there are any."""

from __future__ import annotations

from dataclasses import dataclass

from newscrawl.ledger_view.days import Sight

# One cell wide in every terminal: blocks like ■ take two where the language is Korean.
_UNICODE = {Sight.COMPLETE: "▮", Sight.PART: "▯"}
_ASCII = {
    Sight.COMPLETE: "#",
    Sight.PART: "-",
    Sight.WAITS: "~",
    Sight.FAILED: "x",
    Sight.UNKNOWN: ".",
}
# Green, yellow, cyan, bold red; faint, which shows on every background, as grey does not.
_COLOURS = {
    Sight.COMPLETE: "\x1b[32m",
    Sight.PART: "\x1b[33m",
    Sight.WAITS: "\x1b[36m",
    Sight.FAILED: "\x1b[1;31m",
    Sight.UNKNOWN: "\x1b[2m",
}
_END = "\x1b[0m"


@dataclass(frozen=True, slots=True)
class Look:
    """What a terminal can show. The marks tell the days apart without the colours: not every eye tells red from green."""

    columns: int = 80
    unicode: bool = True
    coloured: bool = False

    def mark(self, sight: Sight) -> str:
        """One character."""
        return (_UNICODE if self.unicode else {}).get(sight) or _ASCII[sight]

    def paint(self, sight: Sight, text: str) -> str:
        """A text in the colour of a sight."""
        return f"{_COLOURS[sight]}{text}{_END}" if self.coloured and text.strip() else text

    def drawn(self, sight: Sight, times: int = 1) -> str:
        """The mark, in its colour."""
        return self.paint(sight, self.mark(sight) * times)

    def legend(self) -> str:
        """What the marks mean, in a line."""
        return "  ".join(f"{self.drawn(sight)} {sight.value}" for sight in Sight)
