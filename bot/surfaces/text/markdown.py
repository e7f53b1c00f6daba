"""Markdown with formulas, as tokens: the one parser behind both renderings. It renders nothing itself."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING

from bot.surfaces.text.formulas import readable
from bot.surfaces.text.harmless import harmless

if TYPE_CHECKING:
    from markdown_it.rules_block import StateBlock
    from markdown_it.rules_inline import StateInline
    from markdown_it.token import Token

#: A single dollar opens a formula before a sign and closes it after one, and before no digit: prices are no formulas.
_INLINE = re.compile(r"\$\$(?P<display>.+?)\$\$|\$(?P<inline>(?![\s$])(?:[^$\\\n]|\\.)*?(?<!\s))\$(?!\d)", re.DOTALL)


def tokens(markdown: str) -> Sequence[Token]:
    """The Markdown as tokens of markdown-it; formulas are text already, HTML stays what was typed."""
    from markdown_it import MarkdownIt

    parser = MarkdownIt("commonmark", {"html": False}).enable(["table", "strikethrough"])
    # An entity such as &#13; would bring a control character in behind `harmless`; <addresses> stay as they are.
    parser.disable(["entity", "autolink"])
    parser.inline.ruler.before("escape", "formula", _formula_inline)
    parser.block.ruler.before("list", "formula", _formula_block, {"alt": ["paragraph", "list"]})
    return parser.parse(harmless(markdown))


def _formula_inline(state: StateInline, silent: bool) -> bool:
    """A formula within a line."""
    if state.src[state.pos] != "$":
        return False
    found = _INLINE.match(state.src, state.pos, state.posMax)
    if found is None:
        return False
    if not silent:
        token = state.push("text", "", 0)
        token.content = readable(found["display"] or found["inline"]) or found.group()
    state.pos = found.end()
    return True


def _formula_block(state: StateBlock, start: int, end: int, silent: bool) -> bool:
    """A formula on lines of its own, from `$$` to `$$`: a paragraph, whatever its lines begin with."""
    first = state.src[state.bMarks[start] + state.tShift[start] : state.eMarks[start]]
    if not first.startswith("$$") or state.is_code_block(start):
        return False
    lines = [first]
    last = start
    while not ("$$" in first[2:] if last == start else lines[-1].rstrip().endswith("$$")):
        last += 1
        if last >= end or state.isEmpty(last):
            return False
        lines.append(state.src[state.bMarks[last] + state.tShift[last] : state.eMarks[last]])
    if not lines[-1].rstrip().endswith("$$"):
        return False
    if not silent:
        _push_paragraph(state, " ".join(line.strip() for line in lines), start, last + 1)
    return True


def _push_paragraph(state: StateBlock, content: str, start: int, end: int) -> None:
    state.push("paragraph_open", "p", 1).map = [start, end]
    inline = state.push("inline", "", 0)
    inline.content, inline.map, inline.children = content, [start, end], []
    state.push("paragraph_close", "p", -1)
    state.line = end
