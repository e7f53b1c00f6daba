"""Replies as they look in a terminal, by rich: styled text, code in colours, tables that fit. It prints nothing."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import ClassVar

from rich import box, markdown
from rich.cells import cell_len
from rich.console import Console, ConsoleOptions, RenderableType, RenderResult
from rich.padding import Padding
from rich.style import Style
from rich.syntax import ANSISyntaxTheme, Syntax
from rich.table import Table as Grid
from rich.text import Text
from rich.theme import Theme

from bot.core.reply import Code, Curves, Reply, ReplyPart, Table, worded
from bot.core.reply import Text as Words
from bot.surfaces.terminal.curves import drawn
from bot.surfaces.text.harmless import harmless
from bot.surfaces.text.markdown import tokens

#: Narrower windows show tables as lists of "name: value"; wider ones leave the rest of a line blank.
NARROW = 50
WIDEST = 96

#: Only the sixteen colours that a terminal's own palette keeps readable on its background.
THEME = Theme(
    {
        "markdown.paragraph": "none",
        "markdown.code": "cyan",
        "markdown.code_block": "none",
        "markdown.item.bullet": "cyan",
        "markdown.item.number": "cyan",
        "markdown.link": "none",
        "markdown.link_url": "underline",
        "markdown.block_quote": "italic",
        **{f"markdown.h{level}": "bold" for level in range(1, 7)},
    }
)
_CODE = ANSISyntaxTheme(
    {
        ("Keyword",): Style(color="blue", bold=True),
        ("Operator", "Word"): Style(color="blue", bold=True),
        ("Name", "Function"): Style(bold=True),
        ("Name", "Class"): Style(bold=True),
        ("Name", "Builtin"): Style(color="cyan"),
        ("Name", "Decorator"): Style(color="cyan"),
        ("Literal", "String"): Style(color="green"),
        ("Literal", "Number"): Style(color="magenta"),
        ("Comment",): Style(italic=True, dim=True),
    }
)
#: How each kind of reply stands out, and how far it is set in.
KINDS: Mapping[str, tuple[str, int]] = {
    "question": ("cyan", 0),
    "follow_up": ("cyan", 0),
    "repeat": ("cyan", 0),
    "hint": ("yellow", 2),
    "feedback": ("green", 2),
    "grade": ("green", 2),
    "code": ("green", 2),
    "progress": ("dim", 2),
    "report": ("green", 0),
}


def rendered(reply: Reply) -> Iterator[RenderableType]:
    """The parts of a reply, each ready to be printed, with a blank line between them."""
    _, indent = KINDS.get(reply.kind, ("", 0))
    for part in reply.parts:
        yield Padding(_part(part), (0, 0, 1, indent))


def _part(part: ReplyPart) -> RenderableType:
    if isinstance(part, Code):
        return code(part.source, part.language)
    if isinstance(part, Table):
        return Fitting(part.head, part.rows)
    if isinstance(part, Curves):
        return Drawing(part)
    return Chat(part.markdown if isinstance(part, Words) else worded(part))


class Drawing:
    """Curves as a picture where there is room, and always in words."""

    def __init__(self, curves: Curves) -> None:
        self.curves = curves

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        picture = drawn(self.curves.series, options.max_width)
        if picture:
            yield Text(picture + "\n", no_wrap=True)
        yield Text(harmless(self.curves.words), style="dim" if picture else "")


def code(source: str, language: str) -> RenderableType:
    """Source text in colours, set in a little, on the terminal's own background."""
    text = harmless(source).strip("\n")
    return Padding(Syntax(text, language or "text", theme=_CODE, word_wrap=True), (0, 0, 0, 2))


class Fitting:
    """A table that becomes a list of names and values where it does not fit."""

    def __init__(self, head: Sequence[str | Text], rows: Sequence[Sequence[str | Text]]) -> None:
        self.head = [_cell(cell) for cell in head]
        self.rows = [[_cell(cell) for cell in row] for row in rows]

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        yield self._grid() if options.max_width >= max(NARROW, self._least()) else self._listed()

    def _least(self) -> int:
        """The width at which no word is broken."""
        columns = zip(self.head, *self.rows, strict=False)
        return sum(
            max(cell_len(word) for cell in column for word in cell.plain.split() or [""]) + 3 for column in columns
        )

    def _grid(self) -> Grid:
        grid = Grid(box=box.SIMPLE_HEAD, pad_edge=False, show_edge=False, header_style="bold", border_style="dim")
        for name in self.head:
            grid.add_column(name)
        for row in self.rows:
            grid.add_row(*row)
        return grid

    def _listed(self) -> Text:
        lines: list[Text] = []
        for row in self.rows:
            named = [(name, cell) for name, cell in zip(self.head, row, strict=False) if cell.plain]
            for at, (name, cell) in enumerate(named):
                lines.append(Text.assemble("  " if at else "", (f"{name.plain}: ", "bold"), cell))
        return Text("\n").join(lines)


def _cell(cell: str | Text) -> Text:
    return cell if isinstance(cell, Text) else Text(harmless(cell))


class _Heading(markdown.Heading):
    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        yield self.text


class _CodeBlock(markdown.CodeBlock):
    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        yield code(str(self.text), self.lexer_name)


class _Table(markdown.TableElement):
    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        head = self.header.row.cells if self.header and self.header.row else []
        rows = self.body.rows if self.body else []
        yield Fitting([cell.content for cell in head], [[cell.content for cell in row.cells] for row in rows])


class Chat(markdown.Markdown):
    """Markdown as a chat shows it: headings stay left, formulas are Unicode, no address becomes a hidden link."""

    elements: ClassVar = {
        **markdown.Markdown.elements,
        "heading_open": _Heading,
        "fence": _CodeBlock,
        "code_block": _CodeBlock,
        "table_open": _Table,
    }

    def __init__(self, text: str) -> None:
        super().__init__("", hyperlinks=False)
        self.parsed = list(tokens(text))
