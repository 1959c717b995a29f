"""CSV (RFC 4180) as spreadsheets read it: UTF-8 with a byte order mark, CRLF, what is nested as JSON in its cell."""

from __future__ import annotations

import csv
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import orjson

from newscrawl.export.columns import Kind

LONGEST_CELL = 32_767  # characters; Excel: "Excel specifications and limits"
MOST_ROWS = 1_048_576  # as above, the heading among them
_FORMULA = (
    "=",
    "+",
    "-",
    "@",
    "\t",
    "\r",
    "\n",
    "＝",
    "＋",
    "－",
    "＠",
)  # run as a formula, or skipped before one: OWASP, "CSV injection"; and the same signs in full width, which Korean keyboards write


class CsvWriter:
    """One file. `for_excel`: `'` stands before what a spreadsheet would take for a formula."""

    def __init__(self, path: Path, columns: Mapping[str, Kind], *, for_excel: bool = False) -> None:
        self.refused: list[str] = []
        self._names, self._for_excel = tuple(columns), for_excel
        self._formulas = self._long = self._rows = 0
        self._file = path.open("w", encoding="utf-8-sig", newline="")
        self._writer = csv.writer(self._file)
        self._writer.writerow(self._names)

    def add(self, line: bytes, record: Mapping[str, Any], month: str) -> None:
        """One row more."""
        try:
            cells = [self._cell(record.get(name)) for name in self._names]
        except TypeError as error:  # nested too deep
            self.refused.append(f"{record['id']} ({error})")
            return
        self._rows += 1
        self._writer.writerow(cells)

    def _cell(self, value: object) -> object:
        """None is an empty cell, which no text of a record is."""
        if value is None or isinstance(value, int | float):
            return value
        text = value if isinstance(value, str) else orjson.dumps(value).decode()
        self._long += len(text) > LONGEST_CELL
        if not text.startswith(_FORMULA):
            return text
        self._formulas += 1
        return f"'{text}" if self._for_excel else text

    def finish(self) -> None:
        """The last bytes."""
        self._file.close()

    def close(self) -> None:
        """Close the file."""
        self._file.close()

    @property
    def notes(self) -> list[str]:
        """What Excel would cut, and what it would take for a formula."""
        found = []
        if self._formulas and self._for_excel:
            found.append(f"{self._formulas:,} cells begin with = + - or @: ' was put before them")
        elif self._formulas:
            found.append(
                f"{self._formulas:,} cells begin with = + - or @, which Excel takes for formulas: --for-excel puts ' before them"
            )
        if self._long:
            found.append(
                f"{self._long:,} cells have more than {LONGEST_CELL:,} characters: Excel cuts them, others do not"
            )
        if self._rows >= MOST_ROWS:
            found.append(f"Excel shows the first {MOST_ROWS - 1:,} records only: ask for less with --since and --until")
        return found
