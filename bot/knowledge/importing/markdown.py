"""Reads Markdown into blocks. It looks for no questions, and renders nothing."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from markdown_it import MarkdownIt
from markdown_it.token import Token

from bot.knowledge.importing.apart import apart
from bot.knowledge.importing.blocks import Block
from bot.knowledge.importing.plain import unadorned
from bot.knowledge.importing.webpage import read_html

_FRONT_MATTER = re.compile(r"\A---[ \t]*\n.*?\n(?:---|\.\.\.)[ \t]*(?:\n|\Z)", re.DOTALL)
_BOLD = re.compile(r"(\*\*|__)[^*_]+\1:?")
_LINK = re.compile(r"!?\[([^\]\n]{0,300})\]\([^)\n]{0,500}\)")


@dataclass
class _Where:
    """How deep in lists the reading is, and the marker that the next paragraph carries."""

    markers: list[str] = field(default_factory=list)
    waiting: bool = False


def read_markdown(text: str) -> list[Block]:
    """The blocks of a Markdown text."""
    front = _FRONT_MATTER.match(text)
    if front:
        text = "\n" * front.group().count("\n") + text[front.end() :]
    lines = text.split("\n")
    where = _Where()
    tokens = MarkdownIt("commonmark").enable("table").parse(text)
    return [block for i, token in enumerate(tokens) for block in _blocks(tokens, i, token, where, lines)]


def _blocks(tokens: list[Token], i: int, token: Token, where: _Where, lines: list[str]) -> Iterator[Block]:
    line = token.map[0] + 1 if token.map else 0
    match token.type:
        case "list_item_open":
            where.markers.append(f"{token.info}." if token.info else "-")
            where.waiting = True
        case "list_item_close":
            where.markers.pop()
            where.waiting = False
        case "heading_open":
            said = tokens[i + 1].content
            yield Block("heading", said, shown(said), line, level=int(token.tag[1]))
        case "paragraph_open":
            yield from _paragraph(tokens[i + 1].content, line, where)
        case "fence" | "code_block":
            yield Block("code", token.content.rstrip("\n"), token.content, line)
        case "table_open":
            raw = "\n".join(lines[slice(*token.map)]) if token.map else ""
            yield Block("table", raw.strip(), unadorned(raw), line)
        case "html_block":
            yield from (replace(block, line=line + block.line - 1) for block in read_html(token.content))


def _paragraph(content: str, line: int, where: _Where) -> Iterator[Block]:
    for n, (offset, text) in enumerate(apart(content)):
        strong = bool(_BOLD.fullmatch(text))
        if where.waiting:
            where.waiting = False
            depth = len(where.markers) - 1
            yield Block("item", text, shown(text), line + offset, level=depth, marker=where.markers[-1], strong=strong)
        else:
            yield Block("paragraph", text, shown(text), line + offset, strong=strong, tight=n > 0)


def shown(text: str) -> str:
    """A text as a reader sees it: links by their words, no marks of emphasis, no backslashes before punctuation."""
    return re.sub(r"\\([!-/:-@\[-`{-~])", r"\1", unadorned(_LINK.sub(r"\1", text)))
