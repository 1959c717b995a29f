"""What a person sees on a terminal, from the bytes that a program writes to it."""

from __future__ import annotations

import re

from rich.cells import cell_len

_TOKEN = re.compile(r"\x1b\[([\d;]*)([A-Za-z])|([\r\n])|([^\x00-\x1f])")


class Screen:
    """A terminal of so many columns, with all that scrolled away. It knows the sequences that the rows of a run need, and no others.

    Written by hand and small, so that a sequence that a terminal may lack is not used unawares.
    """

    def __init__(self, columns: int) -> None:
        self.columns = columns
        self._rows: list[list[str]] = [[]]  # a cell is a character; that after a wide one is empty
        self._wrapped: set[int] = set()  # rows that go on with the one before
        self._y = self._x = 0

    def feed(self, text: str) -> Screen:
        """Raises ValueError for what it does not know."""
        end = 0
        for token in _TOKEN.finditer(text):
            if token.start() != end:
                break
            end = token.end()
            count, command, move, character = token.groups()
            if command:
                self._obey(command, count)
            elif move == "\r":
                self._x = 0
            elif move == "\n":
                self._go_down(wrapped=False)
            else:
                self._put(character)
        if end != len(text):
            raise ValueError(f"not known: {text[end : end + 20]!r}")
        return self

    @property
    def rows(self) -> list[str]:
        """As they stand on the screen."""
        return ["".join(row).rstrip() for row in self._rows]

    @property
    def lines(self) -> list[str]:
        """As they were written: rows that were broken at the edge put together."""
        lines: list[str] = []
        for number, row in enumerate("".join(row) for row in self._rows):
            if number in self._wrapped:
                lines[-1] += row
            else:
                lines.append(row)
        return lines

    def _obey(self, command: str, count: str) -> None:
        if command == "J" and not count:
            del self._rows[self._y + 1 :], self._rows[self._y][self._x :]
            self._wrapped = {number for number in self._wrapped if number <= self._y}
        elif command == "A":
            self._y = max(0, self._y - int(count or 1))
        elif command != "m":  # which colours
            raise ValueError(f"not known: {command}")

    def _put(self, character: str) -> None:
        width = cell_len(character)
        if self._x + width > self.columns:
            self._go_down(wrapped=True)
            self._x = 0
        row = self._rows[self._y]
        row.extend(" " * (self._x - len(row)))
        row[self._x : self._x + width] = [character, *[""] * (width - 1)]
        self._x += width

    def _go_down(self, *, wrapped: bool) -> None:
        self._y += 1
        if self._y == len(self._rows):
            self._rows.append([])
        if wrapped:
            self._wrapped.add(self._y)
