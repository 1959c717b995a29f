"""Phrases -> lines that fit a terminal."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from rich.cells import cell_len


def wrapped(head: str, phrases: Sequence[str], columns: int, most: int | None = None) -> list[str]:
    """The phrases behind the head, on as many lines of `columns` cells as they need; a Korean syllable takes two. Of those that have no room
    on `most` lines, only the number."""
    indent = cell_len(head)
    lines = _filled(phrases, columns - indent)
    if most and len(lines) > most:
        lines = _cut(lines, most, columns - indent)
    return [(" " * indent if number else head) + _text(line) for number, line in enumerate(lines)]


def _text(phrases: Iterable[str]) -> str:
    return " ".join(phrases).rstrip()


def _filled(phrases: Sequence[str], room: int) -> list[list[str]]:
    lines: list[list[str]] = []
    for phrase in phrases:
        if lines and cell_len(_text([*lines[-1], phrase])) <= room:
            lines[-1].append(phrase)
        else:
            lines.append([phrase])
    return lines


def _cut(lines: list[list[str]], most: int, room: int) -> list[list[str]]:
    """So many lines, and on the last of them, or if it has no room below it, how many phrases are missing."""
    *kept, last = lines[:most]
    missing = sum(map(len, lines[most:]))
    while len(last) > 1 and cell_len(_text([*last, _rest(missing)])) > room:
        last, missing = last[:-1], missing + 1
    with_rest = [*last, _rest(missing)]
    return [*kept, with_rest] if cell_len(_text(with_rest)) <= room else [*kept, last, [_rest(missing)]]


def _rest(missing: int) -> str:
    return f"and {missing:,} more"
