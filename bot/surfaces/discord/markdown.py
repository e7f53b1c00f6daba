"""The interviewer's Markdown as chunks of Discord's: a walk over the tokens that the terminal walks as well.

Formatting comes from tokens alone: whatever is text is shown as it is, so that quoted words cannot act.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from bot.surfaces.discord.bits import LONGEST_WHOLE, Atom, Chunk, Fenced, Lead, Rank, Words, parted
from bot.surfaces.discord.escaping import breakable, clusters, guarded, in_code, inline_code, seen, units
from bot.surfaces.discord.limits import length
from bot.surfaces.discord.tables import Cell, table_chunks
from bot.surfaces.text.markdown import tokens

if TYPE_CHECKING:
    from markdown_it.token import Token

#: Discord's largest heading fills a phone: ours begin with its second.
HEADINGS = {"h1": "## ", "h2": "### "}
#: Deeper lists and quotations look no different.
DEEPEST = 6
_MARKS = {"strong": "**", "em": "*", "s": "~~"}
_BLANKS = re.compile("([ \t\n]+)")
_LANGUAGE = re.compile(r"[a-z0-9_+\-.#]{1,20}")
_SENTENCE_END = re.compile(r"[.!?…。！？][\"'”’)\]»」]*$")
_SHORT = re.compile(r"(?:^|\W)(?:e\.g|i\.e|cf|vs|etc|approx|no|fig|eq|[A-Za-z])\.$", re.IGNORECASE)
_ADDRESS = re.compile(r"https?://[^\s<>()]+")


def chunks(markdown: str) -> list[Chunk]:
    """The blocks of a text, in order."""
    return list(_Walk(tokens(markdown)).all())


def plain(markdown: str) -> str:
    """The words of a text without any Markdown."""
    return " ".join(
        token.content if token.children is None else _plain(token.children)
        for token in tokens(markdown)
        if token.content
    )


def code_chunk(source: str, language: str = "", lead: Lead | None = None) -> Fenced:
    """Source in a fence that it cannot close."""
    name = language.lower()
    known = name if _LANGUAGE.fullmatch(name) else ""
    return Fenced(lead or Lead(tight=True), in_code(source).replace("\t", "    ").split("\n"), known)


def plain_atoms(text: str, marks: tuple[str, ...] = ()) -> list[Atom]:
    """Words that are shown as they are, in the pieces between which a line may end."""
    atoms: list[Atom] = []
    before = ""
    for piece in _BLANKS.split(seen(text)):
        if not piece.strip(" \t\n"):
            before = before or (" " if piece else "")
            continue
        atoms += _word(piece, marks, before)
        before = ""
    return atoms


def _word(word: str, marks: tuple[str, ...], before: str) -> Iterator[Atom]:
    for at, part in enumerate(breakable(word)):
        for later, piece in enumerate(parted(units(part))):
            rank = Rank.FORCED if later else Rank.WORD
            yield Atom(piece, marks, "" if at or later else before, rank)


def joined(parts: Sequence[Sequence[Atom]]) -> list[Atom]:
    """Runs of pieces as one line: a piece that follows another without a blank clings to it."""
    atoms: list[Atom] = []
    for part in parts:
        for at, atom in enumerate(part):
            if not at and atoms and not atom.before:
                atom = replace(atom, rank=Rank.FORCED)
            elif atom.before == "\n" or (atoms and atom.rank == Rank.WORD and _ends(atoms[-1].text)):
                atom = replace(atom, rank=Rank.SENTENCE)
            atoms.append(atom)
    return atoms


def _ends(text: str) -> bool:
    """Whether a sentence ends with this word."""
    return bool(_SENTENCE_END.search(text)) and not _SHORT.search(text)


class _Inline:
    """The line of one block, with what is open in it."""

    def __init__(self) -> None:
        self.parts: list[list[Atom]] = []
        self.opened: list[str] = []
        self.blank = ""

    def read(self, children: Sequence[Token]) -> list[Atom]:
        at = 0
        while at < len(children):
            token = children[at]
            if token.type == "link_open":
                end = _closing(children, at)
                self.link(str(token.attrs.get("href", "")), children[at + 1 : end])
                at = end
            else:
                self.token(token)
            at += 1
        return joined(self.parts)

    def token(self, token: Token) -> None:
        if token.type in ("text", "image", "html_inline"):
            self.words(token.content)
        elif token.type == "code_inline":
            self.add(
                [
                    Atom(code, self.marks, "", Rank.FORCED if at else Rank.WORD, words=False)
                    for at, code in enumerate(map(inline_code, parted(clusters(token.content), LONGEST_WHOLE)))
                ]
            )
        elif token.type in ("softbreak", "hardbreak"):
            self.blank = "\n" if token.type == "hardbreak" else self.blank or " "
        elif token.type.endswith("_open"):
            self.opened.append(_MARKS.get(token.tag, ""))
        elif token.type.endswith("_close"):
            self.opened.pop()

    @property
    def marks(self) -> tuple[str, ...]:
        """What is open, once each: Discord knows no bold within bold."""
        return tuple(dict.fromkeys(mark for mark in self.opened if mark))

    def words(self, text: str) -> None:
        self.add(plain_atoms(text, self.marks))
        if text[-1:] in (" ", "\t", "\n"):
            self.blank = self.blank or " "

    def add(self, atoms: Sequence[Atom]) -> None:
        if atoms:
            self.parts.append([replace(atoms[0], before=atoms[0].before or self.blank), *atoms[1:]])
            self.blank = ""

    def link(self, address: str, inside: Sequence[Token]) -> None:
        """An address behind its words, not unfurled; in full where Discord would not hide it, or nobody could go."""
        text = " ".join(seen(_plain(inside)).split())
        address = address.replace("(", "%28").replace(")", "%29")
        follows = _ADDRESS.fullmatch(address) is not None and guarded(address) == address
        hidden = f"[{''.join(units(text))}](<{address}>)"
        if text and text != address and follows and not set("[]") & set(text) and "://" not in text:
            shown = hidden
        else:
            shown = f"<{address}>" if text in ("", address) and follows else ""
        if shown and length(shown) <= LONGEST_WHOLE:
            self.add([Atom(shown, self.marks, words=False)])
        else:
            self.words(text if text == address else f"{text} ({address})")


def _closing(children: Sequence[Token], start: int) -> int:
    return next(at for at in range(start, len(children)) if children[at].type == "link_close")


@dataclass(frozen=True)
class _Within:
    """What a block stands in: a quotation, a list that is so deep, an item whose marker is still to be written."""

    quote: str = ""
    indent: str = ""
    marker: str = ""
    hanging: str = ""
    depth: int = 0

    @property
    def deeper(self) -> str:
        """What the lines of an item below its first begin with."""
        return self.indent + self.hanging


class _Walk:
    """Goes through the tokens of a text, a block at a time."""

    def __init__(self, found: Sequence[Token]) -> None:
        self.found = found
        self.at = 0
        self.before = ""  # the kind of block that was last
        self.colon = False  # whether it announced what comes

    def all(self) -> Iterator[Chunk]:
        return self.until(None, _Within())

    def until(self, closing: str | None, within: _Within) -> Iterator[Chunk]:
        """The blocks up to the closing token, which is taken."""
        while self.at < len(self.found):
            token = self.found[self.at]
            self.at += 1
            if token.type == closing:
                return
            for chunk in self.block(token, within):
                yield chunk
                within = replace(within, marker="")

    def block(self, token: Token, within: _Within) -> Iterator[Chunk]:
        if token.type == "inline":
            yield from self.line(token, "", within)
        elif token.type == "heading_open":
            self.at += 1
            yield from self.line(self.found[self.at - 1], token.tag, within)
        elif token.type in ("fence", "code_block"):
            yield code_chunk(token.content, token.info.split(" ")[0], self.lead("code", within))
        elif token.type in ("bullet_list_open", "ordered_list_open"):
            yield from self.items(token, within)
        elif token.type == "table_open":
            yield from self.table(within)
        elif token.nesting == 1:
            quoted = token.type == "blockquote_open"
            inside = replace(within, quote="> ") if quoted else within
            yield from self.until(token.type.replace("_open", "_close"), inside)

    def line(self, token: Token, heading: str, within: _Within) -> Iterator[Chunk]:
        atoms = _Inline().read(token.children or ())
        if not atoms:
            return
        kind = "heading" if heading else "item" if within.depth else "text"
        mark = "" if within.depth else HEADINGS.get(heading, "")
        if heading and not mark:
            atoms = [replace(atom, marks=("**", *(m for m in atom.marks if m != "**"))) for atom in atoms]
        first = within.indent + within.marker if within.marker else within.deeper
        yield Words(replace(self.lead(kind, within), first=first + mark, rest=within.deeper), atoms)
        self.colon = atoms[-1].text.endswith(":")

    def lead(self, kind: str, within: _Within) -> Lead:
        """How a block of a kind begins after the one that was last."""
        tight = self.before in ("heading", "code") or kind in ("item", "code")
        rank = Rank.ITEM if kind == "item" else Rank.PARAGRAPH
        if self.before == "heading" or (self.colon and kind != "heading"):
            rank = Rank.WORD if self.before == "heading" else Rank.SENTENCE
        self.before, self.colon = kind, False
        return Lead(quote=within.quote, tight=tight, rank=rank)

    def items(self, token: Token, within: _Within) -> Iterator[Chunk]:
        ordered = token.type == "ordered_list_open"
        number = int(token.attrs.get("start", 1))
        closing = token.type.replace("_open", "_close")
        indent = within.deeper if within.depth < DEEPEST else within.indent
        while self.at < len(self.found) and self.found[self.at].type != closing:
            self.at += 1
            marker = f"{number}. " if ordered else "- "
            number += 1
            inside = _Within(within.quote, indent, marker, " " * len(marker), within.depth + 1)
            yield from self.until("list_item_close", inside)
        self.at += 1

    def table(self, within: _Within) -> Iterator[Chunk]:
        rows: list[list[Cell]] = []
        while (token := self.found[self.at]).type != "table_close":
            self.at += 1
            if token.type == "tr_open":
                rows.append([])
            elif token.type == "inline":
                rows[-1].append(_cell(token))
        self.at += 1
        found = table_chunks(rows[0], rows[1:], self.lead("text", within))
        self.before = "code" if isinstance(found[-1], Fenced) else "text"
        yield from found


def _cell(token: Token) -> Cell:
    children = token.children or ()
    return Cell(_plain(children), _Inline().read(children))


def _plain(children: Sequence[Token]) -> str:
    """The words of a line without any marks."""
    return "".join(token.content or (" " if token.type.endswith("break") else "") for token in children)
