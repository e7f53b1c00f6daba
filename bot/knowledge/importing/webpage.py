"""Reads HTML into blocks. Scripts, styles, menus and forms are dropped; nothing is fetched or run."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from bs4 import BeautifulSoup
from bs4.element import NavigableString, PageElement, Tag

from bot.knowledge.importing.apart import apart
from bot.knowledge.importing.blocks import Block
from bot.knowledge.importing.plain import unadorned

#: What is no part of an article's text.
_DROPPED = frozenset(
    "script style noscript template svg nav footer aside iframe object embed canvas audio video input select "
    "textarea dialog head".split()
)
#: What begins and ends a block; the rest stands inside a line.
_BLOCKS = frozenset(
    "address article blockquote body button center dd details div dl dt fieldset figcaption figure form h1 h2 h3 h4 h5 "
    "h6 header hr html li main ol p section summary table td th tr ul".split()
)
#: A table that holds such a thing lays out a page, and is read as what is inside it.
_LAID_OUT = ["table", "h1", "h2", "h3", "p", "pre", "ul", "ol"]
_TITLES = {"h1": 1, "h2": 2, "h3": 3, "h4": 4, "h5": 5, "h6": 6, "dt": 6, "summary": 6}
_AROUND = {"strong": "**", "b": "**", "em": "*", "i": "*", "code": "`", "kbd": "`", "tt": "`"}
_BOLD = re.compile(r"(\*\*|__)[^*_]+\1:?")


@dataclass
class _Page:
    """What was gathered so far: finished blocks, and the words of the one that is open."""

    blocks: list[Block] = field(default_factory=list)
    words: list[str] = field(default_factory=list)
    line: int = 0
    lists: list[int | None] = field(default_factory=list)
    title: int = 0
    marker: str = ""

    def say(self, text: str, line: int) -> None:
        if text.strip() and not self.line:
            self.line = line
        self.words.append(text)

    def finish(self) -> None:
        """Closes the open block."""
        text = re.sub(r"[ \t\r\f\v\xa0]+", " ", "".join(self.words)).strip()
        line, self.words, self.line = self.line or 1, [], 0
        if not re.sub(r"[*`\s]", "", text):
            return
        for offset, part in apart(text):
            part = _tidy(part)
            self.blocks.append(self._block(part, line + offset, tight=offset > 0))
            self.marker = ""

    def _block(self, text: str, line: int, tight: bool) -> Block:
        strong = bool(_BOLD.fullmatch(text))
        if self.title:
            return Block("heading", unadorned(text), unadorned(text), line, level=self.title)
        if self.marker:
            depth = max(0, len(self.lists) - 1)
            return Block("item", text, unadorned(text), line, level=depth, marker=self.marker, strong=strong)
        return Block("paragraph", text, unadorned(text), line, strong=strong, tight=tight)


def read_html(source: str | bytes) -> list[Block]:
    """The blocks of a page, or of a piece of one."""
    soup = BeautifulSoup(source, "html.parser")
    page = _Page()
    stack: list[tuple[PageElement, bool]] = [(_article(soup), False)]
    while stack:  # no recursion: pages are nested as deeply as they please
        node, leaving = stack.pop()
        if isinstance(node, NavigableString):
            if type(node) is NavigableString:  # comments and declarations are strings of other types
                page.say(str(node).replace("\n", " "), _line(node.parent))
        elif isinstance(node, Tag) and leaving:
            _leave(node, page)
        elif isinstance(node, Tag) and node.name not in _DROPPED and _enter(node, page):
            stack.append((node, True))
            stack.extend((child, False) for child in reversed(node.contents))
    page.finish()
    return page.blocks


def _article(soup: BeautifulSoup) -> Tag:
    """The part of a page that holds the article: `main` or the only `article`, else all of it."""
    for name in ("main", "article"):
        found = soup.find_all(name, limit=2)
        if len(found) == 1 and isinstance(found[0], Tag):
            return found[0]
    return soup


def _line(tag: Tag | None) -> int:
    return (tag.sourceline or 0) if tag is not None else 0


def _enter(tag: Tag, page: _Page) -> bool:
    """What a tag begins; False when what it holds was read already."""
    name = tag.name
    if name == "br":
        page.words.append("\n")
    elif name == "pre" or (name == "table" and tag.find(_LAID_OUT) is None):
        page.finish()
        page.blocks.extend(_program(tag) if name == "pre" else _table(tag))
        return False
    elif name in _AROUND:
        page.words.append(_AROUND[name])
    if name in _BLOCKS:
        page.finish()
        page.title = _TITLES.get(name, page.title)
    if name in ("ol", "ul"):
        page.lists.append(_first_number(tag) if name == "ol" else None)
    elif name == "li":
        page.marker = _marker(tag, page)
    return True


def _leave(tag: Tag, page: _Page) -> None:
    if tag.name in _AROUND:
        page.words.append(_AROUND[tag.name])
    if tag.name in _BLOCKS:
        page.finish()
        page.title = 0 if tag.name in _TITLES else page.title
    if tag.name in ("ol", "ul") and page.lists:
        page.lists.pop()
    elif tag.name == "li":
        page.marker = ""


def _first_number(tag: Tag) -> int:
    start = str(tag.get("start", "1"))
    return int(start) if re.fullmatch(r"\d{1,6}", start) else 1


def _marker(tag: Tag, page: _Page) -> str:
    number = page.lists[-1] if page.lists else None
    if number is None:
        return "-"
    value = str(tag.get("value", ""))
    number = int(value) if re.fullmatch(r"\d{1,6}", value) else number
    page.lists[-1] = number + 1
    return f"{number}."


def _program(tag: Tag) -> Iterator[Block]:
    text = tag.get_text().strip("\n")
    if text.strip():
        yield Block("code", text, text, _line(tag) or 1)


def _table(tag: Tag) -> Iterator[Block]:
    """A table in Markdown."""
    rows = [[_cell(cell) for cell in row.find_all(["td", "th"])] for row in tag.find_all("tr")]
    rows = [row for row in rows if any(row)]
    if rows:
        width = max(len(row) for row in rows)
        lines = [f"| {' | '.join(row + [''] * (width - len(row)))} |" for row in rows]
        lines.insert(1, "|" + " --- |" * width)
        yield Block("table", "\n".join(lines), " ".join(" ".join(row) for row in rows), _line(tag) or 1)


def _cell(cell: Tag) -> str:
    return " ".join(cell.get_text(" ").split()).replace("|", "\\|")


def _tidy(text: str) -> str:
    """Marks of emphasis set right: none that hold nothing, no spaces inside them."""
    text = re.sub(r"\*\*(\s*)\*\*", r"\1", text)
    text = re.sub(r"\*\*\s*([^*]+?)\s*\*\*", r" **\1** ", text)
    return re.sub(r"\s+([.,;:!?)])", r"\1", re.sub(r" {2,}", " ", text)).strip()
