"""Tables in a body: pictures with captions, real data, or a frame around the article's own words."""

from __future__ import annotations

from dataclasses import dataclass

from selectolax.lexbor import LexborNode

from newscrawl.extraction.pieces import CaptionText, Grid, Line, Piece, Picture, Reader, Rules, Table

# A caption is a sentence or two; a table cell with more than this beside a picture holds the article itself (old layouts).
_LONGEST_CAPTION = 700  # characters; the longest caption in the evidence has 110


@dataclass(slots=True)
class _Cell:
    pieces: list[Piece]
    across: int
    down: int

    @property
    def text(self) -> str | None:
        words = " ".join(piece.text for piece in self.pieces if isinstance(piece, Line | CaptionText))
        return words or None

    @property
    def pictures(self) -> list[Picture]:
        return [piece for piece in self.pieces if isinstance(piece, Picture)]


def read_table(table: LexborNode, rules: Rules) -> Table | None:
    """A picture table or a data table; None when the table only lays out text: then its cells are read as blocks."""
    if len(table.css("table")) > 1:  # the table itself is among its matches
        return None
    inner: list[str] = []
    rows = [_row(row, rules, inner) for row in table.css("tr")]
    rows = [row for row in rows if row]
    cells = [cell for row in rows for cell in row]
    pictures = sum(len(cell.pictures) for cell in cells)
    worded = [cell for cell in cells if cell.text]
    columns = max((sum(cell.across for cell in row) for row in rows), default=0)
    if pictures and not _is_data_with_icons(len(worded), pictures, rows):
        if any(len(cell.text or "") > _LONGEST_CAPTION for cell in worded):
            return None
        return Table(_with_captions(rows), inner)
    if columns < 2 or not worded or any(len(cell.text or "") > _LONGEST_CAPTION for cell in worded):
        return None
    return Table([Grid(_grid(rows))], inner)


def _row(row: LexborNode, rules: Rules, links: list[str]) -> list[_Cell]:
    cells: list[_Cell] = []
    node = row.child
    while node is not None:
        if node.tag in ("td", "th") and node.mem_id not in rules.skip:
            reader = Reader(rules)
            cells.append(_Cell(reader.read(node), _span(node, "colspan"), _span(node, "rowspan")))
            links += reader.links
        node = node.next
    return cells


def _span(cell: LexborNode, name: str) -> int:
    value = cell.attributes.get(name) or "1"
    return min(int(value), 100) if value.isascii() and value.isdigit() and int(value) else 1


def _is_data_with_icons(worded: int, pictures: int, rows: list[list[_Cell]]) -> bool:
    """Arrows and flags in a data table: at least two rows of two worded cells, and three worded cells for each picture."""
    full_rows = sum(1 for row in rows if sum(1 for cell in row if cell.text) >= 2)
    return full_rows >= 2 and worded >= 3 * pictures


def _with_captions(rows: list[list[_Cell]]) -> list[Piece]:
    """Each picture with its caption: in its own cell, in the next row under it, or the next words that follow it."""
    found: list[Picture] = []
    above: list[tuple[int, Picture]] = []  # the last row's pictures without a caption, by column
    spare: list[Piece] = []
    for row in rows:
        column, here = 0, []
        worded = [cell for cell in row if cell.text and not cell.pictures]
        for cell in row:
            for picture in cell.pictures:
                found.append(picture)
                here.append((column, picture))
            if cell.text and cell.pictures:
                _caption(cell.pictures[-1], cell.text)
                here = [(at, picture) for at, picture in here if picture is not cell.pictures[-1]]
            elif cell.text:
                under = next((picture for at, picture in above if at == column), None) if len(worded) == len(above) else None
                without = [picture for picture in found if picture.caption is None]
                target = under or (without[-1] if without else None)
                if target:
                    _caption(target, cell.text)
                elif found:
                    _caption(found[-1], cell.text)
                else:
                    spare.append(CaptionText(cell.text))  # words above the first picture
            column += cell.across
        if here:
            above = here
    return [*found, *spare]


def _caption(picture: Picture, words: str) -> None:
    picture.caption = f"{picture.caption} {words}" if picture.caption else words


def _grid(rows: list[list[_Cell]]) -> list[list[str | None]]:
    """Rows of cells on a grid: a cell that spans columns or rows stands where it begins, None where it reaches."""
    grid: list[list[str | None]] = []
    covered: dict[tuple[int, int], bool] = {}
    for y, row in enumerate(rows):
        line: list[str | None] = []
        for cell in row:
            while (y, len(line)) in covered:
                line.append(None)
            x = len(line)
            line += [cell.text, *[None] * (cell.across - 1)]
            covered.update({(y + dy, x + dx): True for dy in range(1, cell.down) for dx in range(cell.across)})
        while (y, len(line)) in covered:
            line.append(None)
        grid.append(line)
    return grid
