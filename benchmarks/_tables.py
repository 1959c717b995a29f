"""Tables, and whether what was to be reached is: as Markdown."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Aim:
    """What was to be reached, and what was. `reached`: whether it is."""

    what: str
    figure: str
    reached: bool


def table(head: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """A table; whole numbers get commas, None is a dash. The first column is of words, the others of figures."""
    lines = [head, ["---", *["---:"] * (len(head) - 1)], *rows]
    return "\n".join(f"| {' | '.join(_cell(one) for one in line)} |" for line in lines)


def turned(names: Sequence[str], columns: Sequence[Sequence[object]]) -> list[list[object]]:
    """The rows of a table whose first column has the names of figures, and each of the `columns` the figures of one thing."""
    return [[name, *figures] for name, figures in zip(names, zip(*columns, strict=True), strict=True)]


def aims_table(aims: Iterable[Aim]) -> str:
    """One line for each aim."""
    return table(("to reach", "figure", "reached"), [(aim.what, aim.figure, _said(aim)) for aim in aims])


def share(part: int, whole: int) -> str:
    """In per cent, with a digit that tells 99.95 from 100."""
    return f"{100 * part / whole:.2f} %" if whole else "-"


def _said(aim: Aim) -> str:
    return "yes" if aim.reached else "**no**"


def _cell(one: object) -> str:
    if one is None:
        return "-"
    return f"{one:,}" if isinstance(one, int) else str(one)
