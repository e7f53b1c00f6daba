"""Takes a document from a file: looks at its name and size first, and has it parsed in a process with a time limit.

Parsing is an attack, too: only the child parses, and all that comes back is JSON of bounded size.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from bot.errors import DocumentUnreadable
from bot.knowledge.importing.blocks import Block, Place, Text, Unread

KINDS: Mapping[str, str] = {
    ".txt": "txt",
    ".text": "txt",
    ".md": "md",
    ".markdown": "md",
    ".html": "html",
    ".htm": "html",
    ".xhtml": "html",
    ".pdf": "pdf",
}
MIB = 1024 * 1024
#: The largest file of each kind: a text of eight MiB is a shelf of books, and a PDF holds pictures besides.
LARGEST: Mapping[str, int] = {"txt": 8 * MIB, "md": 8 * MIB, "html": 8 * MIB, "pdf": 64 * MIB}
LARGEST_ANSWER = 128 * MIB
#: Seconds by the clock; the child gives up on a PDF's pages earlier, and says which are left.
PATIENCE = 60.0
ROOT = str(Path(__file__).resolve().parents[3])
CHILD = (
    "import json, sys; sys.path[:] = json.loads(sys.argv[1]); from bot.knowledge.importing.child import main; main()"
)


def read_document(path: Path, patience: float = PATIENCE) -> Text:
    """The document as blocks; DocumentUnreadable with a sentence that says why it cannot be had."""
    kind = _kind(path)
    return _as_text(path, kind, _bytes(path, LARGEST[kind]), patience)


def read_bytes(name: str, data: bytes, patience: float = PATIENCE) -> Text:
    """The same of a document that was sent: the end of its name, one of KINDS, says of what kind it is."""
    path = Path(name)
    _look_at(path, data)
    return _as_text(path, KINDS[path.suffix.lower()], data, patience)


def _as_text(path: Path, kind: str, data: bytes, patience: float) -> Text:
    answer = _parsed(path, kind, data, patience)
    if "problem" in answer:
        raise DocumentUnreadable(f"{path} cannot be read: {answer['problem']}")
    blocks = tuple(Block(**block) for block in answer["blocks"])
    trouble = tuple(Unread(Place(path.name, page=page), why) for page, why in answer["trouble"])
    return Text(path.name, blocks, trouble)


def _kind(path: Path) -> str:
    if path.is_dir():
        raise DocumentUnreadable(f"{path} is a folder. Name the files in it: viva import {path}/*.md")
    if not path.exists():
        raise DocumentUnreadable(f"There is no file {path}. Look at its name, and at the folder you are in.")
    if not path.is_file():
        raise DocumentUnreadable(f"{path} is no file that can be read.")
    kind = KINDS.get(path.suffix.lower())
    if kind is None:
        raise DocumentUnreadable(
            f"{path} is none of the formats that are read: {', '.join(KINDS)}. Save it as one of these first."
        )
    return kind


def _bytes(path: Path, largest: int) -> bytes:
    """The bytes of a file, if there are not too many: its size is looked at before any is read."""
    try:
        size = path.stat().st_size
        if size <= largest:
            with path.open("rb") as file:
                data = file.read(largest + 1)
            size = max(size, len(data))
    except OSError as error:
        raise DocumentUnreadable(f"{path} cannot be opened: {error.strerror}. Mend its permissions.") from None
    if size > largest:
        raise DocumentUnreadable(
            f"{path} is too large: {-(-size // MIB)} MiB, and at most {largest // MIB} MiB are read. Split it."
        )
    _look_at(path, data)
    return data


def _look_at(path: Path, data: bytes) -> None:
    """Refuses what a first look shows to be of another format than its name says."""
    named = path.suffix.lower()
    if not data.strip():
        raise DocumentUnreadable(f"{path} is empty: there is nothing to import.")
    if data.startswith(b"%PDF-") and named != ".pdf":
        raise DocumentUnreadable(f"{path} is a PDF by its content. Rename it to end with .pdf, and import that.")


def _parsed(path: Path, kind: str, data: bytes, patience: float) -> dict[str, Any]:
    """What the child makes of a document. It is taken for a claim: what is not of the right form is no answer."""
    command = [sys.executable, "-I", "-c", CHILD, json.dumps([*sys.path, ROOT]), kind]
    try:
        done = subprocess.run(
            command, input=data, capture_output=True, timeout=patience, env=_environment(), check=False
        )
    except subprocess.TimeoutExpired:
        raise DocumentUnreadable(
            f"{path} takes longer than {patience:.0f} seconds to read, and was left. Split it, or save it as text."
        ) from None
    except OSError as error:
        raise DocumentUnreadable(
            f"{path} could not be read, and it is not your fault: the reader did not start ({error.strerror})."
        ) from error
    answer = _answer(done.stdout)
    if answer is None:
        raise DocumentUnreadable(f"{path} cannot be read: it is too large or too deeply nested. Save it as text.")
    return answer


def _answer(said: bytes) -> dict[str, Any] | None:
    try:
        answer = json.loads(said) if len(said) <= LARGEST_ANSWER else None
    except (ValueError, RecursionError):
        return None
    return answer if isinstance(answer, dict) and ("problem" in answer or "blocks" in answer) else None


def _environment() -> dict[str, str]:
    """Nothing, but for what Windows cannot start a process without."""
    return {name: os.environ[name] for name in ("SYSTEMROOT",) if name in os.environ}
