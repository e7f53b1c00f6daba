"""Reads the text of a PDF into blocks. Pictures are not read, forms are not filled, nothing is run or fetched."""

from __future__ import annotations

import re
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from io import BytesIO
from typing import Any

from pypdf import PdfReader, apply_configuration
from pypdf.errors import DependencyError, FileNotDecryptedError, WrongPasswordError

from bot.knowledge.importing.blocks import Block
from bot.knowledge.importing.plain import Line, read_lines

MOST_PAGES = 500
#: Seconds after which the pages that are left are not read, and said not to be.
LONGEST = 40.0
#: Most characters of text that are taken from a document, and from a page.
MOST_TEXT = 8_000_000
#: Most bytes that a stream may have when it is unpacked, and most words of drawing on a page: a full one has 20,000.
MOST_UNPACKED = 32_000_000
MOST_DRAWN = 200_000
#: Pages with fewer words hold no text to speak of.
_FEW_WORDS = 3
_RUNNING = 3
_EDGE = 2
_LIGATURES = str.maketrans({"ﬁ": "fi", "ﬂ": "fl", "ﬀ": "ff", "ﬃ": "ffi", "ﬄ": "ffl", "\u00ad": "", "\u00a0": " "})

PROTECTED = "it is protected by a password. Save a copy without one, and import that."
PICTURES = (
    "it holds pictures of pages and no text, and no text is recognised in pictures. Run it through a text recognition "
    "(OCR) program first, and import what that writes."
)
BROKEN = "it is broken, or no PDF. Open it in a viewer and save or print it as PDF anew."
_PICTURE = "this page is a picture; no text is recognised in pictures"
EMPTY = "it has no pages with text."


class Refused(Exception):
    """A document that cannot be read; the words end a sentence that begins with its name."""


@dataclass(frozen=True)
class Pages:
    """What was read of a PDF, and which pages were not, with the reason."""

    blocks: tuple[Block, ...]
    trouble: tuple[tuple[int, str], ...]


def read_pdf(data: bytes, clock: Callable[[], float] = time.monotonic) -> Pages:
    """The blocks of a PDF; Refused when it has none that can be read."""
    with apply_configuration(zlib_maximum_output_length=MOST_UNPACKED, stream_parsing_work_maximum_count=MOST_DRAWN):
        return _read(data, clock)


def _read(data: bytes, clock: Callable[[], float]) -> Pages:
    reader = _opened(data)
    count = _counted(reader)
    until = clock() + LONGEST
    texts: list[list[str]] = []
    trouble: list[tuple[int, str]] = []
    size = 0
    for n in range(min(count, MOST_PAGES)):
        if clock() > until or size > MOST_TEXT:
            trouble.append((n + 1, f"the pages from here on were not read: they take too long ({count} pages in all)"))
            break
        text = _text(reader, n, trouble)
        size += len(text)
        texts.append(text.translate(_LIGATURES).splitlines())
    if count > MOST_PAGES:
        trouble.append((MOST_PAGES + 1, f"the pages from here on were not read: at most {MOST_PAGES} of a PDF are"))
    blocks = read_lines(_lines(texts))
    if not blocks:
        raise Refused(PICTURES if any(why == _PICTURE for _, why in trouble) else BROKEN if trouble else EMPTY)
    return Pages(tuple(blocks), tuple(trouble))


@contextmanager
def _refusing() -> Iterator[None]:
    """Refuses the file for what the parser fails with."""
    try:
        yield
    except (DependencyError, WrongPasswordError, FileNotDecryptedError):
        raise Refused(PROTECTED) from None
    except Refused:
        raise
    except Exception:  # whatever a parser fails with, it is the file's fault here
        raise Refused(BROKEN) from None


def _opened(data: bytes) -> PdfReader:
    with _refusing():
        reader = PdfReader(BytesIO(data))
        if reader.is_encrypted and not reader.decrypt(""):
            raise Refused(PROTECTED)
    return reader


def _counted(reader: PdfReader) -> int:
    with _refusing():
        return len(reader.pages)


def _text(reader: PdfReader, n: int, trouble: list[tuple[int, str]]) -> str:
    """The text of a page; a page without any, and why, is added to the trouble."""
    try:
        page = reader.pages[n]
        text = page.extract_text()[:MOST_TEXT]
        if len(text.split()) < _FEW_WORDS and _has_picture(page):
            trouble.append((n + 1, _PICTURE))
        return text
    except MemoryError:
        raise
    except Exception:  # whatever a parser fails with, it is the page's fault here
        trouble.append((n + 1, "this page is broken and was not read"))
        return ""


def _has_picture(page: Any) -> bool:
    """True when a page draws an image; the image is not decoded."""
    resources = page.get("/Resources")
    drawn = resources.get_object().get("/XObject") if resources is not None else None
    objects = drawn.get_object() if drawn is not None else {}
    return any(objects[name].get_object().get("/Subtype") in ("/Image", "/Form") for name in objects)


def _lines(pages: Sequence[Sequence[str]]) -> list[Line]:
    """The lines of all pages, without what runs along at their edges, a page's last sentence going on on the next."""
    running = _running(pages)
    lines: list[Line] = []
    for number, page in enumerate(pages, 1):
        own = [text for n, text in enumerate(page) if not (_at_edge(n, len(page)) and _shape(text) in running)]
        for text in own:
            lines.append(Line(text.rstrip(), len(lines) + 1, number))
        if own and re.search(r"[.!?:]\s*$", own[-1]):
            lines.append(Line("", len(lines) + 1, number))
    return lines


def _at_edge(n: int, count: int) -> bool:
    return n < _EDGE or n >= count - _EDGE


def _running(pages: Sequence[Sequence[str]]) -> set[str]:
    """Heads and feet: lines at the edge of pages that come back on others, their numbers aside."""
    counts: Counter[str] = Counter()
    for page in pages:
        counts.update({_shape(text) for n, text in enumerate(page) if _at_edge(n, len(page)) and text.strip()})
    enough = max(_RUNNING, len(pages) // 3)
    return {shape for shape, count in counts.items() if count >= enough or shape == "#"}


def _shape(text: str) -> str:
    return re.sub(r"\d+", "#", text.strip())
