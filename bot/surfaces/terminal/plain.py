"""Replies as plain text that reads well aloud: no styles, no drawing, nothing to trip over. It prints nothing."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from bot.core.reply import Code, Curves, Reply, ReplyPart, Table, Text, worded
from bot.surfaces.text.harmless import harmless
from bot.surfaces.text.markdown import tokens

if TYPE_CHECKING:
    from markdown_it.token import Token


def plain_reply(reply: Reply) -> str:
    """The whole reply."""
    return "\n\n".join(text for text in map(_part, reply.parts) if text)


def plain_markdown(markdown: str) -> str:
    """Markdown without its marks: list items keep their dash or number, links their address, tables a line a row."""
    return harmless("\n\n".join(_Blocks(tokens(markdown)).all()))


def plain_table(head: Sequence[str], rows: Sequence[Sequence[str]], caption: str = "") -> str:
    """A line a row, each cell with the name of its column; empty cells are left out."""
    lines = [caption] if caption else []
    for row in rows:
        named = [_named(name, cell) for name, cell in zip(head, row, strict=False) if cell]
        lines.append("- " + "; ".join(named))
    return harmless("\n".join(lines))


def _named(name: str, cell: str) -> str:
    """A cell with the name of its column, if it has one; an abbreviated name needs no colon."""
    if not name:
        return cell
    return f"{name} {cell}" if name.endswith(".") else f"{name}: {cell}"


def plain_code(source: str, language: str = "") -> str:
    """Source between two lines that say where it begins and ends."""
    return harmless(f"Code{f' ({language})' if language else ''}:\n{source.strip(chr(10))}\nEnd of the code.")


def _part(part: ReplyPart) -> str:
    if isinstance(part, Code):
        return plain_code(part.source, part.language)
    if isinstance(part, Table):
        return plain_table(part.head, part.rows, part.caption)
    if isinstance(part, Curves):
        return harmless(part.words)
    return plain_markdown(part.markdown if isinstance(part, Text) else worded(part))


class _Blocks:
    """Walks the tokens of a text, a block at a time."""

    def __init__(self, found: Sequence[Token]) -> None:
        self.found = found
        self.at = 0

    def all(self) -> list[str]:
        return list(self.until(None))

    def until(self, closing: str | None) -> Iterator[str]:
        """The blocks up to the closing token, which is taken."""
        while self.at < len(self.found):
            token = self.found[self.at]
            self.at += 1
            if token.type == closing:
                return
            text = self.block(token)
            if text:
                yield text

    def block(self, token: Token) -> str:
        if token.type == "inline":
            return inline(token.children or ())
        if token.type in ("fence", "code_block"):
            return plain_code(token.content, token.info.split(" ")[0])
        if token.type in ("bullet_list_open", "ordered_list_open"):
            return self.items(token)
        if token.type == "table_open":
            return self.table()
        if token.nesting == 1:
            inside = list(self.until(token.type.replace("_open", "_close")))
            return "\n\n".join(inside)
        return ""

    def items(self, token: Token) -> str:
        ordered = token.type == "ordered_list_open"
        number = int(token.attrs.get("start", 1)) if ordered else 0
        closing = token.type.replace("_open", "_close")
        lines: list[str] = []
        while self.at < len(self.found) and self.found[self.at].type != closing:
            self.at += 1
            mark = f"{number + len(lines)}. " if ordered else "- "
            inside = "\n".join(self.until("list_item_close"))
            lines.append(mark + inside.replace("\n", "\n" + " " * len(mark)))
        self.at += 1
        return "\n".join(lines)

    def table(self) -> str:
        rows: list[list[str]] = []
        while (token := self.found[self.at]).type != "table_close":
            self.at += 1
            if token.type == "tr_open":
                rows.append([])
            elif token.type == "inline":
                rows[-1].append(inline(token.children or ()))
        self.at += 1
        return plain_table(rows[0], rows[1:])


def inline(children: Sequence[Token]) -> str:
    """The words of one block; a link is followed by its address."""
    out, links = "", list[tuple[str, int]]()
    for child in children:
        if child.type in ("text", "code_inline"):
            out += child.content
        elif child.type == "softbreak":
            out += " "
        elif child.type == "hardbreak":
            out += "\n"
        elif child.type == "image":
            out += child.content
        elif child.type == "link_open":
            links.append((str(child.attrs.get("href", "")), len(out)))
        elif child.type == "link_close" and links:
            address, start = links.pop()
            out += f" ({address})" if out[start:] != address else ""
    return out
