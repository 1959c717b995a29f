"""The fields that changed between two records -> the lines about them."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from newscrawl.differences.alignment import aligned, bare, in_place, namesakes, partners, rejoined, same, steps
from newscrawl.differences.style import PLAIN, Style
from newscrawl.differences.words import shortened, words
from newscrawl.text import fold

_GIST = 40  # characters of a paragraph that only moved, and of a caption that says which image is meant
_TIME = re.compile(r"\d{4}-\d\d-\d\dT")  # how a time of a record begins


def differences(
    old: Mapping[str, Any], new: Mapping[str, Any], changed: Iterable[str], style: Style = PLAIN
) -> list[str]:
    """The lines about the fields that changed between two records, in their order. None about a field where there is nothing to see."""
    lines = []
    for name in changed:
        if show := _FIELDS.get(name):
            found = show(old.get(name) or "", new.get(name) or "", style)  # "" has no lines, no tables, no images
            lines += [name, *(f"  {line}" for line in found)] if found else []
        else:
            lines += _value(name, old.get(name), new.get(name), style)
    return lines


def _value(name: str, old: object, new: object, style: Style) -> list[str]:
    """`status: published → withdrawn`."""
    before, after = _word(old), _word(new)
    return [f"{fold(name)}: {style.minus(before)} → {style.plus(after)}"] if before != after else []


def _word(value: object) -> str:
    text = "(none)" if value is None else fold(str(value))
    # Pages give their times in KST, which goes without saying here.
    return text.removesuffix("+09:00").replace("T", " ") if _TIME.match(text) else text


# ---- Lines -------------------------------------------------------------------------------------------------------------


def _lines(old: str | Sequence[str], new: str | Sequence[str], style: Style) -> list[str]:
    """Title and deck: the old line, below it the new one."""
    before, after = (_folded([texts] if isinstance(texts, str) else texts) for texts in (old, new))
    found = []
    for step in steps(partners(before, after), before, after):
        was, now = step.old or "", step.new or ""
        if bare(was) != bare(now):
            found += style.replaced(was, now)
        elif step.moved:
            found.append(f"> ({step.moved}) {now}")
    return found


def _body(old: str, new: str, style: Style) -> list[str]:
    """The paragraphs that changed, and how many lie between them."""
    before, after = _folded(old.split("\n\n")), _folded(new.split("\n\n"))
    if bare("".join(before)) == bare("".join(after)):
        return []
    before, after = rejoined(before, after), rejoined(after, before)
    found: list[str] = []
    alike = 0
    for step in steps(partners(before, after), before, after):
        if shown := _paragraph(step.old or "", step.new or "", step.moved, style):
            found += [*_count(alike), *shown]
            alike = 0
        else:
            alike += 1
    return [*found, *_count(alike)] if found else []


def _paragraph(was: str, now: str, moved: str, style: Style) -> list[str]:
    """One line, two for a paragraph that was replaced, none for one that is as it was."""
    if bare(was) == bare(now):
        return [f"> ({moved}) {shortened(now, _GIST)}"] if moved else []
    if was and now and (line := words(was, now, style)):
        return [f"{f'> ({moved})' if moved else ' '} {line}"]
    return style.replaced(was, now)


def _count(paragraphs: int) -> list[str]:
    return [f"  … {paragraphs} paragraph{'s' if paragraphs > 1 else ''} …"] if paragraphs else []


def _folded(texts: Iterable[str]) -> list[str]:
    return [text for text in map(fold, texts) if text]


# ---- Tables ------------------------------------------------------------------------------------------------------------

_Cells = list[list[str]]


def _tables(old: Sequence[Any], new: Sequence[Any], style: Style) -> list[str]:
    """The cells that differ, a line a row."""
    before, after = ([_cells(table) for table in tables] for tables in (old, new))
    texts = [[bare("".join(map("".join, table))) for table in tables] for tables in (before, after)]
    pairs = in_place(partners(*texts), len(before), len(after))
    several = max(len(before), len(after)) > 1
    found = []
    for step in steps(pairs, before, after):
        name = f"table {step.place + 1}"
        found += [f"> {name} ({step.moved})"] if step.moved else []
        found += _table(step.old or [], step.new or [], f"{name}, " if several else "", style)
    return found


def _cells(table: Sequence[Sequence[str | None]]) -> _Cells:
    """Folded texts, as many in each row, at least one."""
    width = max(map(len, table), default=0) or 1
    return [[fold(cell or "") for cell in [*row, *[""] * (width - len(row))]] for row in table]


def _table(old: _Cells, new: _Cells, name: str, style: Style) -> list[str]:
    if not old or not new:
        return _rows(old, new, [], name, style)
    columns = _columns(old[0], new[0])
    ones, others = [one for one, _ in columns], [other for _, other in columns]
    before, after = [[row[at] for at in ones] for row in old], [[row[at] for at in others] for row in new]
    heads = [_head(*cells) for cells in zip(before[0], after[0], strict=True)]
    names = [head or f"column {other + 1}" for head, other in zip(heads, others, strict=True)]
    return [
        *(style.minus(f"- {name}{column}") for column in _left_out(old, set(ones))),
        *(style.plus(f"+ {name}{column}") for column in _left_out(new, set(others))),
        *_rows(before, after, names, name, style),
    ]


def _columns(old: Sequence[str], new: Sequence[str]) -> list[tuple[int, int]]:
    """The columns of two first rows that both tables have: all, or if one has more, those of the same head."""
    heads = [] if len(old) == len(new) else aligned([*map(bare, old)], [*map(bare, new)])
    return heads or [(at, at) for at in range(min(len(old), len(new)))]


def _head(old: str, new: str) -> str:
    """The name of a column: its first cell, when that stayed and is no figure."""
    return new if bare(old) == bare(new) and any(map(str.isalpha, new)) else ""


def _left_out(table: _Cells, kept: set[int]) -> list[str]:
    """`column 3: 0 | 1 | 2`, for each that was not kept."""
    return [f"column {at + 1}: {_joined(cells)}" for at, cells in enumerate(zip(*table, strict=True)) if at not in kept]


def _rows(old: _Cells, new: _Cells, names: Sequence[str], name: str, style: Style) -> list[str]:
    """`names`: those of the columns."""
    found = []
    for step in steps(_row_partners(old, new), old, new):
        row = f"{name}row {step.place + 1}"
        if step.old and step.new:
            found += _row(step.old, step.new, names, row, step.moved, style)
        else:
            found += style.replaced(*(f"{row}: {_joined(cells)}" if cells else "" for cells in (step.old, step.new)))
    return found


def _row_partners(old: _Cells, new: _Cells) -> dict[int, int]:
    """Which row became which: the same, the one of the same name, the one at the same place."""
    pairs = same([bare("\0".join(row)) for row in old], [bare("\0".join(row)) for row in new])
    pairs |= namesakes([row[0] for row in old], [row[0] for row in new], pairs)
    return in_place(pairs, len(old), len(new))


def _row(
    was: Sequence[str], now: Sequence[str], names: Sequence[str], name: str, moved: str, style: Style
) -> list[str]:
    """`row 2 (삼성전자): 종가 [-57,100-]{+57,200+}`; none for one that is as it was."""
    differing = [at for at, (one, other) in enumerate(zip(was, now, strict=True)) if bare(one) != bare(other)]
    sign, name = (">", f"{name} ({moved})") if moved else (" ", name)
    if not differing:
        return [f"{sign} {name}: {_joined(now)}"] if moved else []
    label = f" ({now[0]})" if now[0] and 0 not in differing else ""
    cells = "; ".join(f"{names[at]} {style.within(was[at], now[at])}" for at in differing)
    return [f"{sign} {name}{label}: {cells}"]


def _joined(cells: Iterable[str]) -> str:
    return " | ".join(cell or "–" for cell in cells)


# ---- Images ------------------------------------------------------------------------------------------------------------

_IMAGE = {"url": "address", "caption": "caption", "credit": "credit"}


def _images(old: Sequence[Any], new: Sequence[Any], style: Style) -> list[str]:
    """What was added and removed, and what changed of the others."""
    before, after = (
        [{name: fold(image.get(name) or "") for name in _IMAGE} for image in images] for images in (old, new)
    )
    pairs = same(*([bare("\0".join(image.values())) for image in images] for images in (before, after)))
    for name in ("url", "caption"):
        pairs |= namesakes([image[name] for image in before], [image[name] for image in after], pairs)
    found = []
    for step in steps(pairs, before, after):
        if step.old and step.new:
            found += _image(step.old, step.new, step.moved, style)
        else:
            found += style.replaced(*(_named(image) if image else "" for image in (step.old, step.new)))
    return found


def _image(was: Mapping[str, str], now: Mapping[str, str], moved: str, style: Style) -> list[str]:
    """Its address, and a line for each of its texts that changed; none for one that is as it was."""
    differing = [name for name in _IMAGE if bare(was[name]) != bare(now[name])]
    if not differing and not moved:
        return []
    sign = f"> ({moved})" if moved else " "
    found = [f"{sign} {now['url'] if 'caption' in differing and not moved else _named(now)}"]
    for name in differing:
        marked = words(was[name], now[name], style) if name == "caption" else ""
        found.append(f"    {_IMAGE[name]}: {marked or style.within(was[name], now[name])}")
    return found


def _named(image: Mapping[str, str]) -> str:
    caption = f"  “{shortened(image['caption'], _GIST)}”" if image["caption"] else ""
    return f"{image['url'] or '(no address)'}{caption}"


_FIELDS: dict[str, Callable[[Any, Any, Style], list[str]]] = {
    "title": _lines,
    "deck": _lines,
    "body": _body,
    "tables": _tables,
    "images": _images,
}
