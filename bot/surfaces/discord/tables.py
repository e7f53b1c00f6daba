"""Tables as a phone can show them: in columns where those fit its width, else a line or an entry for each row."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from bot.surfaces.discord.bits import Atom, Chunk, Fenced, Lead, Rank, Words
from bot.surfaces.discord.escaping import clusters, in_code

#: What a phone shows of a line of code before it breaks it.
COLUMNS = 36
#: Short cells of an entry share a line up to this width.
LINE = 46
_BETWEEN = " · "
#: First cells that count the rows, and do not say what they are about.
_COUNT = re.compile(r"\d+[a-z]?\.?")
_GAP = "  "
_FIGURE = re.compile(r"[-+−–]?[\d.,]*\s?%?(?: \(.*\))?")


@dataclass(frozen=True)
class Cell:
    """A cell as it reads, and as pieces of Markdown."""

    text: str
    atoms: Sequence[Atom] = ()


def table_chunks(head: Sequence[Cell], rows: Sequence[Sequence[Cell]], lead: Lead) -> list[Chunk]:
    """The table, begun as `lead` says."""
    if not head and not rows:
        return []
    grid = _grid(head, rows)
    return [replace(grid, lead=replace(lead, tight=True))] if grid else list(_entries(head, rows, lead))


def _grid(head: Sequence[Cell], rows: Sequence[Sequence[Cell]]) -> Fenced | None:
    """The table in columns; None where it is too wide, or has signs that are as wide as two."""
    lines = [[in_code(cell.text) for cell in row] for row in (head, *rows)]
    columns = max(map(len, lines))
    lines = [[*line, *[""] * (columns - len(line))] for line in lines]
    widths = [max(len(clusters(line[at])) for line in lines) for at in range(columns)]
    if sum(widths) + len(_GAP) * (columns - 1) > COLUMNS or not all(_narrow(cell) for line in lines for cell in line):
        return None
    right = [all(_FIGURE.fullmatch(line[at]) for line in lines[1:]) for at in range(columns)]
    shown = [_line(line, widths, right) for line in lines]
    if not any(lines[0]):
        return Fenced(Lead(), shown[1:])
    return Fenced(Lead(), [shown[0], _GAP.join("─" * width for width in widths), *shown[1:]], head=2 if rows else 0)


def _line(cells: Sequence[str], widths: Sequence[int], right: Sequence[bool]) -> str:
    padded = []
    for cell, width, figure in zip(cells, widths, right, strict=True):
        blanks = " " * (width - len(clusters(cell)))
        padded.append(blanks + cell if figure else cell + blanks)
    return _GAP.join(padded).rstrip()


def _narrow(text: str) -> bool:
    from rich.cells import cell_len

    return "\n" not in text and cell_len(text) == len(clusters(text))


def _entries(head: Sequence[Cell], rows: Sequence[Sequence[Cell]], lead: Lead) -> Iterator[Chunk]:
    """What a row is about in bold, and behind it or below it the other cells by the names of their columns."""
    rows = [[*row, *[Cell("")] * (len(head) - len(row))] for row in rows or [head]]
    names = [*(head if rows != [head] else ()), *[Cell("")] * (max(map(len, rows)) - len(head))]
    titles = _titles(rows)
    lines = list(_lines(names, rows, titles))
    tight, rank = lead.tight, lead.rank
    if len(lines) == 1 and len(names) > titles:
        for row in rows:
            cells = _beside([(names[at], row[at]) for at in lines[0]])
            title = _title(names, row[:titles])
            atoms = _spaced([title, [Atom("·")] if title and cells else [], cells])
            if not atoms:
                continue
            yield Words(replace(lead, first="- ", rest="  ", tight=tight, rank=rank), atoms)
            tight, rank = True, Rank.ITEM
        return
    for row in rows:
        shown = [_title(names, row[:titles]), *(_beside([(names[at], row[at]) for at in line]) for line in lines)]
        for atoms in filter(None, shown):
            yield Words(replace(lead, first="", rest="", tight=tight, rank=rank), atoms)
            tight, rank = True, Rank.SENTENCE
        tight, rank = False, Rank.ITEM


def _titles(rows: Sequence[Sequence[Cell]]) -> int:
    """How many columns name a row: the first, and the second where the first merely counts."""
    counts = all(_COUNT.fullmatch(row[0].text) for row in rows)
    return 2 if counts and all(len(row) > 2 for row in rows) else 1


def _lines(names: Sequence[Cell], rows: Sequence[Sequence[Cell]], start: int) -> Iterator[list[int]]:
    """The columns that share a line, the same in each entry."""
    line: list[int] = []
    width = 0
    for at in range(start, len(names)):
        wide = len(names[at].text) + 2 + max(len(row[at].text) if at < len(row) else 0 for row in rows)
        if line and width + wide > LINE:
            yield line
            line, width = [], 0
        line.append(at)
        width += wide + len(_BETWEEN)
    yield line


def _title(names: Sequence[Cell], cells: Sequence[Cell]) -> list[Atom]:
    """What a row is about: its name, or its number and its name: "No. 1: The Adam optimiser"."""
    first, *others = cells
    counted = _COUNT.fullmatch(first.text) is not None
    parts = [list(names[0].atoms) if counted else [], list(first.atoms)]
    if others and counted and others[0].atoms:
        parts[-1].append(Atom(":", (), "", Rank.FORCED))
    atoms = _spaced([*parts, *(list(cell.atoms) for cell in others)])
    return [replace(atom, marks=("**", *(mark for mark in atom.marks if mark != "**"))) for atom in atoms]


def _beside(cells: Sequence[tuple[Cell, Cell]]) -> list[Atom]:
    """Cells of one line, each behind the name of its column; empty ones are left out."""
    atoms: list[Atom] = []
    for name, cell in cells:
        if cell.atoms:
            colon = [Atom(":", name.atoms[-1].marks, "", Rank.FORCED)] if name.atoms else []
            named = _spaced([[*name.atoms, *colon], list(cell.atoms)])
            atoms = _spaced([atoms, [Atom("·")] if atoms else [], named])
    return atoms


def _spaced(parts: Sequence[list[Atom]]) -> list[Atom]:
    """Runs of pieces with a blank between them."""
    atoms: list[Atom] = []
    for part in filter(None, parts):
        atoms += [replace(part[0], before=" "), *part[1:]] if atoms else part
    return atoms
