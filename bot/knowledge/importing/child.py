"""The process in which foreign documents are parsed: bytes in, blocks out as JSON. It reads no file and no network."""

from __future__ import annotations

import json
import sys
from dataclasses import asdict
from typing import Any

from bot.knowledge.importing.blocks import Block

#: More blocks than this are not taken: no article has them, and somebody has to read the questions.
MOST_BLOCKS = 200_000
#: How much of a text may be characters that no text has.
_CONTROL = 0.002
NOT_TEXT = "it is not text. Name a text, Markdown, HTML or PDF file."
EMPTY = "it is empty."
_OLD = "read as Windows-1252, for it is not UTF-8; letters beyond English may be wrong"


def main() -> None:
    """Reads the document on standard input, of the format that the second argument names."""
    answer = json.dumps(answered(sys.argv[2], sys.stdin.buffer.read()), ensure_ascii=True)
    sys.stdout.write(answer)


def answered(kind: str, data: bytes) -> dict[str, Any]:
    """The blocks of a document, with what could not be read; or the reason why there are none."""
    try:
        blocks, trouble = _read(kind, data)
    except _Refusal as refusal:
        return {"problem": str(refusal)}
    if not blocks:
        return {"problem": EMPTY}
    return {"blocks": [asdict(block) for block in blocks[:MOST_BLOCKS]], "trouble": trouble}


class _Refusal(Exception):
    """Why a document cannot be read."""


def _read(kind: str, data: bytes) -> tuple[list[Block], list[tuple[int, str]]]:
    if kind == "pdf":
        from bot.knowledge.importing.pages import Refused, read_pdf

        try:
            pages = read_pdf(data)
        except Refused as refused:
            raise _Refusal(str(refused)) from None
        return list(pages.blocks), list(pages.trouble)
    text, trouble = _decoded(data)
    if kind == "html":
        from bot.knowledge.importing.webpage import read_html

        return read_html(data if trouble else text), []
    if kind == "md" or any(line.startswith("## ") for line in text.split("\n")):
        from bot.knowledge.importing.markdown import read_markdown

        return read_markdown(text), trouble
    from bot.knowledge.importing.plain import read_plain

    return read_plain(text), trouble


def _decoded(data: bytes) -> tuple[str, list[tuple[int, str]]]:
    """Bytes as text: UTF-8, UTF-16 where a mark says so, else what Windows wrote before."""
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        try:
            return _checked(data.decode("utf-16")), []
        except UnicodeDecodeError:
            raise _Refusal(NOT_TEXT) from None
    try:
        return _checked(data.decode("utf-8-sig")), []
    except UnicodeDecodeError:
        return _checked(data.decode("cp1252", "replace")), [(0, _OLD)]


def _checked(text: str) -> str:
    control = sum(character < " " and character not in "\t\n\r\f" for character in text) + text.count("\ufffd")
    if control > max(2, len(text) * _CONTROL):
        raise _Refusal(NOT_TEXT)
    return text.replace("\r\n", "\n").replace("\r", "\n").replace("\0", "")
