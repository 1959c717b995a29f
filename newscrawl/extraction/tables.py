"""Tables in a body: pictures with captions, real data, or a frame around the article's own words."""

from __future__ import annotations

from dataclasses import dataclass

from selectolax.lexbor import LexborNode

from newscrawl.extraction.pieces import LONGEST_CAPTION, CaptionText, Grid, Line, Picture, Piece, Reader, Rules, Table

_MOST_COLUMNS = 400  # more is a broken page
_PROSE = 40  # characters; cells of data have fewer
_WIDEST = 60  # columns that one cell may span; the widest tables of quotations have about twenty


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
    if table.mem_id in rules.outer_tables:
        return None
    inner: list[str] = []
    rows = [row for row in (_row(row, rules, inner) for row in table.css("tr") if not _is_hidden(row, rules)) if row]
    worded = [cell for row in rows for cell in row if cell.text]
    if any(len(cell.text or "") > LONGEST_CAPTION or rules.is_story(cell.text or "") for cell in worded):
        return None
    pictures = sum(len(cell.pictures) for row in rows for cell in row)
    if pictures and not _is_data_with_icons(len(worded), pictures, rows):
        return Table([*_title(table, rules, CaptionText), *_with_captions(rows)], inner)
    if max((len(row) for row in rows), default=0) < 2 or _is_one_column(rows):
        return None
    return Table([*_title(table, rules, Line), Grid(_grid(rows))], inner)


def _is_hidden(row: LexborNode, rules: Rules) -> bool:
    """Whether a row, or the group of rows that it stands in, is passed over."""
    if not rules.skip:
        return False
    group = row.parent
    return row.mem_id in rules.skip or (group is not None and group.mem_id in rules.skip)


def _is_one_column(rows: list[list[_Cell]]) -> bool:
    """Whether prose stands in one cell a row, beside spacers: layout."""
    worded = [[cell for cell in row if cell.text] for row in rows]
    return all(len(row) <= 1 for row in worded) and any(len(cell.text or "") > _PROSE for row in worded for cell in row)


def _title(table: LexborNode, rules: Rules, kind: type[CaptionText | Line]) -> list[Piece]:
    """The words of a table's <caption>."""
    node = table.css_first("caption")
    if node is not None and node.mem_id in rules.skip:
        return []
    words = (
        " ".join(piece.text for piece in Reader(rules).read(node) if isinstance(piece, Line | CaptionText))
        if node
        else ""
    )
    return [kind(words)] if words else []


def _row(row: LexborNode, rules: Rules, links: list[str]) -> list[_Cell]:
    cells: list[_Cell] = []
    node = row.child
    while node is not None:
        if node.tag in ("td", "th") and node.mem_id not in rules.skip:
            reader = Reader(rules)
            cells.append(_Cell(reader.read(node), min(_span(node, "colspan"), _WIDEST), _span(node, "rowspan")))
            links += reader.links
        node = node.next
    return cells


def _span(cell: LexborNode, name: str) -> int:
    value = cell.attributes.get(name) or "1"
    if not (value.isascii() and value.isdigit() and len(value) < 10):
        return 1
    return max(1, min(int(value), 100))


def _is_data_with_icons(worded: int, pictures: int, rows: list[list[_Cell]]) -> bool:
    """Arrows and flags in a data table: at least two rows of two worded cells, and either three worded cells for each picture or
    none that stands in a cell without words, as photographs do."""
    full_rows = sum(1 for row in rows if sum(1 for cell in row if cell.text) >= 2)
    alone = any(cell.pictures and not cell.text for row in rows for cell in row)
    return full_rows >= 2 and (worded >= 3 * pictures or not alone)


def _with_captions(rows: list[list[_Cell]]) -> list[Piece]:
    """Each picture with its caption: in its own cell, in the next row under it, or the next words that follow it."""
    found: list[Picture] = []
    bare: list[Picture] = []  # those without a caption yet
    above: dict[int, Picture] = {}  # the last row's pictures without a caption, by column
    spare: list[Piece] = []
    for row in rows:
        column, here = 0, dict[int, Picture]()
        worded = [cell for cell in row if cell.text and not cell.pictures]
        for cell in row:
            for picture in cell.pictures:
                found.append(picture)
                bare.append(picture)
                here[column] = picture
            if cell.text and cell.pictures:
                _caption(cell.pictures[-1], cell.text)
                here.pop(column, None)
            elif cell.text:
                pairs = len(worded) == len(above) or cell.across == 1
                while bare and bare[-1].caption is not None:
                    bare.pop()
                under = above.get(column) if pairs else None
                if under or found:
                    _caption(under or (bare or found)[-1], cell.text)
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
    reaches: dict[int, int] = {}  # column -> the first row that a cell above does not reach
    for y, row in enumerate(rows):
        line: list[str | None] = []
        for cell in row:
            while reaches.get(len(line), 0) > y:
                line.append(None)
            if len(line) >= _MOST_COLUMNS:
                break
            if cell.down > 1:
                reaches.update(dict.fromkeys(range(len(line), len(line) + cell.across), y + cell.down))
            line += [cell.text, *[None] * (cell.across - 1)]
        while reaches.get(len(line), 0) > y:
            line.append(None)
        grid.append(line)
    return grid
