"""Reads plain text into blocks: paragraphs, items, programs, underlined headings. It looks for no questions."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from bot.knowledge.importing.apart import LABELLED
from bot.knowledge.importing.blocks import Block, BlockKind
from bot.knowledge.importing.programs import maybe_code, surely_code

_BULLET = re.compile(r"^(\s*)([•●▪◦‣·○*+–—-])\s+(?=\S)")
_NUMBER = re.compile(r"^(\s*)\(?(\d{1,4})\s*[.):\]]\s+(?=\S)")
_UNDERLINE = re.compile(r"^\s*(={3,}|-{3,}|~{3,})\s*$")
_EMPHASIS = re.compile(
    r"(\*\*|__)(?=\S)(.{1,500}?)(?<=\S)\1|(?<![\w*])([*_])(?=[^\s*_])([^*_\n]{1,200}?)(?<=[^\s])\3(?!\w)"
)
_SENTENCE_END = re.compile(r"""[.!?:;]["'”’)\]*]*$""")
_ASKED = re.compile(r"""\?["'”’)\]*]*$""")
#: A row of a table, or a cell that stands alone on its line.
_BARRED = re.compile(r"^\s*\|.*\|\s*$|\s\|\s*$|\S\s\|\s\S")
_HEAD_WORDS = 6
#: A text whose lines are no longer than this, and mostly nearly so long, was broken into lines by width.
_WIDEST = 120
_FULL = 0.7
_TITLE = 100


@dataclass(frozen=True)
class Line:
    """A line of a text, its number (from 1), and the page it is on, if there are pages."""

    text: str
    number: int
    page: int = 0

    @property
    def empty(self) -> bool:
        return not self.text.strip()


def read_plain(text: str) -> list[Block]:
    """The blocks of a plain text."""
    return read_lines([Line(line, n) for n, line in enumerate(text.replace("\f", "\n\n").split("\n"), 1)])


def read_lines(lines: Sequence[Line]) -> list[Block]:
    """The blocks of lines, which may be those of several pages."""
    width = _wrapped_at(lines)
    code = _code(lines)
    blocks: list[Block] = []
    i = 0
    while i < len(lines):
        if lines[i].empty:
            i += 1
        elif (end := _table_end(lines, i)) > i + 1:
            blocks.append(_table(lines[i:end]))
            i = end
        elif i in code:
            end = code[i]
            blocks.append(_program(lines[i:end]))
            i = end
        elif i + 1 < len(lines) and _is_title(lines, i):
            blocks.append(_block("heading", lines[i], lines[i].text.strip(), level=_depth(lines[i + 1])))
            i += 2
        else:
            end = _end(lines, i, width, code)
            blocks.append(_prose(lines[i:end], tight=i > 0 and not lines[i - 1].empty))
            i = end
    return blocks


def _table_end(lines: Sequence[Line], start: int) -> int:
    """The line after the last of a table whose cells are parted by bars; `start` where none begins there."""
    end = start
    while end < len(lines) and _BARRED.search(lines[end].text):
        end += 1
    return end


def _table(lines: Sequence[Line]) -> Block:
    """A table in Markdown. Cells that stand one to a line are put into rows: the short ones first are the heads."""
    rows = [line.text.strip() for line in lines]
    if all(row.count("|") == 1 and row.endswith("|") for row in rows):
        cells = [row[:-1].strip() for row in rows]
        columns = next((n for n, cell in enumerate(cells) if len(cell.split()) > _HEAD_WORDS), 0)
        if columns < 2 or len(cells) % columns:
            return _block("paragraph", lines[0], "\n".join(cells))
        rows = [f"| {' | '.join(cells[n : n + columns])} |" for n in range(0, len(cells), columns)]
    if len(rows) > 1 and not re.fullmatch(r"[|:\s-]+", rows[1]):
        rows.insert(1, "|" + " --- |" * (rows[0].strip("|").count("|") + 1))
    return _block("table", lines[0], "\n".join(rows))


def _is_title(lines: Sequence[Line], i: int) -> bool:
    alone = i == 0 or lines[i - 1].empty
    return alone and len(lines[i].text) <= _TITLE and bool(_UNDERLINE.match(lines[i + 1].text))


def _depth(underline: Line) -> int:
    return 1 if underline.text.strip().startswith("=") else 2


def _wrapped_at(lines: Sequence[Line]) -> int:
    """The width at which the text was broken into lines, or 0 when its lines are paragraphs."""
    lengths = [len(line.text.rstrip()) for line in lines if not line.empty]
    if len(lengths) < 3 or max(lengths) > _WIDEST:
        return 0
    widest = sorted(lengths)[int(len(lengths) * 0.95) - 1]
    full = [
        one for one, following in pairwise(lines) if len(one.text.rstrip()) >= widest * _FULL and not following.empty
    ]
    open_ended = [line for line in full if not _SENTENCE_END.search(line.text.rstrip())]
    return widest if len(full) >= 3 and len(open_ended) * 2 >= len(full) else 0


def _end(lines: Sequence[Line], start: int, width: int, code: dict[int, int]) -> int:
    """Where the paragraph or item that begins here ends."""
    end = start + 1
    while end < len(lines) and not lines[end].empty and end not in code and not _begins(lines[end].text):
        before = lines[end - 1].text.rstrip()
        indented = _indent(lines[end].text) > _indent(lines[start].text) and _begins(lines[start].text)
        if not width and not indented:
            break
        done = _ASKED.search(before) or (_SENTENCE_END.search(before) and len(before) < width * _FULL)
        title = not _SENTENCE_END.search(before) and len(before) < width * _FULL and not indented
        if (done or title) and lines[end].text.strip()[:1].isupper():
            break
        end += 1
    return end


def _begins(line: str) -> bool:
    """True when a line begins something of its own."""
    return bool(_marked(line) or LABELLED.match(line))


def _marked(line: str) -> re.Match[str] | None:
    return _BULLET.match(line) or _NUMBER.match(line)


def _indent(line: str) -> int:
    return len(line) - len(line.lstrip())


def _prose(lines: Sequence[Line], tight: bool) -> Block:
    text = _flowing(line.text for line in lines)
    marker, level = "", 0
    while found := _marked(text):  # `- 1. What is …`: a bullet, and a number behind it
        level = level or _indent(text) // 4
        marker = f"{found[2]}." if found[2].isdigit() else marker or "-"
        text = text[found.end() :]
        if found[2].isdigit():
            break
    kind: BlockKind = "item" if marker else "paragraph"
    return _block(kind, lines[0], text.strip(), level=level, marker=marker, tight=tight)


def _flowing(texts: Iterator[str] | Sequence[str]) -> str:
    """Lines as one, words that a line end has parted put together."""
    flowing = ""
    for text in texts:
        parted = re.search(r"[a-z]-$", flowing) and text.strip()[:1].islower()
        flowing = flowing[:-1] + text.strip() if parted else f"{flowing} {text.strip()}" if flowing else text.rstrip()
    return flowing


def _program(lines: Sequence[Line]) -> Block:
    return _block("code", lines[0], "\n".join(line.text.rstrip() for line in lines))


def _block(kind: BlockKind, line: Line, text: str, level: int = 0, marker: str = "", tight: bool = False) -> Block:
    plain = text if kind == "code" else unadorned(text)
    strong = kind != "code" and bool(re.fullmatch(r"(\*\*|__)[^*_]+\1:?", text.strip()))
    return Block(kind, text, plain, line.number, line.page, level, marker, strong, tight)


def unadorned(text: str) -> str:
    """A text without marks of emphasis, in one line."""
    bare = _EMPHASIS.sub(lambda found: found[2] or found[4], text)
    return " ".join(bare.replace("**", "").split())


def _code(lines: Sequence[Line]) -> dict[int, int]:
    """Where programs begin, each with the line after its last."""
    found: dict[int, int] = {}
    i = 0
    while i < len(lines):
        if not maybe_code(lines[i].text):
            i += 1
            continue
        end = _code_end(lines, i)
        sure = sum(surely_code(line.text) for line in lines[i:end])
        if sure and (end - i > 1 or sure == end - i):
            found[i] = end
        i = end
    return found


def _code_end(lines: Sequence[Line], start: int) -> int:
    end, i = start + 1, start + 1
    while i < len(lines) and i - end <= 1:
        text = lines[i].text
        if maybe_code(text) or (not lines[i].empty and i == end and _indent(text) >= 4 and not _marked(text)):
            end = i + 1
        elif not lines[i].empty:
            break
        i += 1
    return end
