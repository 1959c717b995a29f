"""Rows that stay at the bottom of a terminal, with the lines of the log scrolling above them.

rich measures and colours the rows. They are put into place here and not by its `Live`, which hides the cursor (a killed run leaves it hidden)
and counts on a width that stays (rows are torn when a window becomes narrower). The cursor rests at the start of the rows: all from there on
is theirs. So they can be erased however the terminal has broken them, and what others print there, as the ^C of a key, is erased with them.
"""

from __future__ import annotations

import io
import logging
import os
import sys
from collections.abc import Callable
from typing import Any

from rich.console import Console
from rich.text import Text

_ERASE = "\r\x1b[J"  # to the end of the screen
_UP = "\x1b[{}A"
# Cells that stay free at the right: some terminals break a row that is full, and give characters like · two cells.
_MARGIN = 2


class LiveRows:
    """The rows; the stream of the log's handler while they are shown, so that each line of the log is written above them.

    The handler's lock guards both: lines come from other threads too.
    """

    def __init__(self, handler: logging.StreamHandler[Any]) -> None:
        """`handler` writes to a terminal."""
        self._handler = handler
        self._terminal = handler.stream
        self._painter = Console(file=io.StringIO(), force_terminal=True, highlight=False)
        self._rows = ""  # as they are written

    def show(self, worded: Callable[[int], list[str]]) -> bool:
        """Show rows in place of those before; whether they can be seen. `worded`: columns -> rows, each of so many cells at most.

        In the background the terminal is the shell's and nothing is shown, nor when the terminal has gone away.
        """
        self._handler.acquire()
        try:
            if not _in_foreground(self._terminal.fileno()):
                self._give_back()
                return False
            columns = os.get_terminal_size(self._terminal.fileno()).columns or 80  # some say 0
            self._rows = self._painted(worded(max(1, columns - _MARGIN)))
            self._handler.setStream(self)
            self.write("")
        except OSError:
            self._give_back()
        finally:
            self._handler.release()
        return self._handler.stream is self

    def vanish(self) -> None:
        """Erase the rows, and give the terminal back to the log."""
        self._handler.acquire()
        try:
            if self._handler.stream is self:
                self._rows = ""
                self.write("")
                self._give_back()
        finally:
            self._handler.release()

    # What the log's handler asks of a stream

    def write(self, text: str) -> None:
        """Whole lines, above the rows; in one piece, so that the rows do not flicker."""
        try:
            self._terminal.write(f"{_ERASE}{text}{self._rows}")
            self._terminal.flush()
        except OSError:
            self._give_back()

    def flush(self) -> None:
        """Nothing waits."""

    def _painted(self, rows: list[str]) -> str:
        """The rows as they are written, the cursor brought back to their start."""
        encoding = self._terminal.encoding or "ascii"
        # What it cannot write becomes ?, one cell: Python would write \uc815, six.
        text = Text("\n".join(rows).encode(encoding, "replace").decode(encoding), end="")
        text.highlight_regex(r"failed [1-9][0-9]*(,[0-9]{3})*", "bold red")
        with self._painter.capture() as painted:
            self._painter.print(text, end="", soft_wrap=True)
        return painted.get() + "\r" + (_UP.format(len(rows) - 1) if len(rows) > 1 else "")

    def _give_back(self) -> None:
        """Leave the terminal to the log alone."""
        if self._handler.stream is self:
            self._handler.setStream(self._terminal)


def _in_foreground(terminal: int) -> bool:
    if sys.platform == "win32":
        return True
    try:
        return os.tcgetpgrp(terminal) == os.getpgrp()
    except OSError:  # not the terminal from which we were started: no shell waits there
        return True
