"""Reads what people add as documents: files and folders, or the bytes of an attachment. It keeps nothing."""

from __future__ import annotations

import json
import logging
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from bot.errors import DocumentUnreadable, WrongUsage
from bot.knowledge.documents import Document, folder_of

#: What is read as it is, by the end of its name.
KINDS = frozenset({".md", ".markdown", ".txt", ".text"})
#: What is made into Markdown, when it is attached.
FOREIGN = frozenset({".html", ".htm", ".xhtml", ".pdf"})
#: About 1.3 million words, which take ten minutes to embed.
LARGEST = 8 * 1024 * 1024
#: As long as a name may be on every surface.
LONGEST_NAME = 100
#: So many places of a document that could not be read are named.
_MOST_UNREAD = 3


@dataclass(frozen=True)
class Attached:
    """An attachment as a document, and sentences on what could not be read of it."""

    document: Document
    unread: tuple[str, ...] = ()


def read_files(paths: Iterable[Path], left_aside: list[str]) -> Iterator[Document]:
    """The documents at these paths, folders with all that is in them; what cannot be read is said in `left_aside`.

    WrongUsage for a path that is neither a folder nor a text that can be had.
    """
    for path in paths:
        if not path.exists():
            raise WrongUsage(f"There is no file or folder {path}.")
        if not path.is_dir() and path.suffix.lower() not in KINDS:
            raise WrongUsage(f"{path} is neither .txt nor .md, and nothing else is read yet. Save it as text first.")
        for file, name in _inside(path, left_aside) if path.is_dir() else [(path, path.name)]:
            text = _text(file, name, left_aside)
            if text:
                yield Document(str(file.resolve()), name, text)


def _inside(folder: Path, left_aside: list[str]) -> Iterator[tuple[Path, str]]:
    """The documents in a folder and below, hidden ones aside, each with its name."""
    others = 0
    for file in sorted(folder.rglob("*")):
        name = file.relative_to(folder.parent)
        if not file.is_file() or any(part.startswith(".") for part in file.relative_to(folder).parts):
            continue
        if file.suffix.lower() in KINDS:
            yield file, name.as_posix()
        else:
            others += 1
    if others:
        left_aside.append(f"Files in {folder} that are neither .txt nor .md were left aside: {others}.")


def _text(file: Path, name: str, left_aside: list[str]) -> str:
    """The text of a document; nothing, and the reason, where it has none that can be read."""
    try:
        if file.stat().st_size > LARGEST:
            left_aside.append(f"{name} is larger than {LARGEST >> 20} MiB and was left aside; split it.")
            return ""
        text = _decoded(file.read_bytes())
    except UnicodeDecodeError:
        left_aside.append(f"{name} is not UTF-8 text and was left aside; save it as UTF-8.")
        return ""
    except OSError as error:
        left_aside.append(f"{name} cannot be read ({error.strerror}) and was left aside.")
        return ""
    if not text:
        left_aside.append(f"{name} holds no text and was left aside.")
    return text


def _decoded(data: bytes) -> str:
    """UTF-8 as text with plain line ends; nothing where there is but space."""
    text = data.decode("utf-8-sig").replace("\0", "").replace("\r\n", "\n").replace("\r", "\n")
    return text if text.strip() else ""


def read_attachment(name: str, data: bytes) -> Attached:
    """What is attached as a document: text and Markdown as they are, a page or a PDF as Markdown.

    WrongUsage with a sentence for whoever attached it, where nothing can be had of it.
    """
    name = _named(name)
    suffix = PurePosixPath(name).suffix.lower()
    if suffix not in KINDS | FOREIGN:
        known = ", ".join(sorted(KINDS | FOREIGN))
        raise WrongUsage(f"{name} is of no kind that can be read here. Save it as one of these first: {known}.")
    if len(data) > LARGEST:
        raise WrongUsage(f"{name} is larger than {LARGEST >> 20} MiB. Split it, and add its parts one by one.")
    if not data.strip():
        raise WrongUsage(f"{name} is empty: write something into it, then add it again.")
    if suffix in FOREIGN:
        return _foreign(name, data)
    if data.startswith(b"%PDF-"):
        raise WrongUsage(f"{name} is a PDF by its content. Rename it to end with .pdf, and add that.")
    try:
        text = _decoded(data)
    except UnicodeDecodeError:
        raise WrongUsage(f"{name} is not UTF-8 text. Save it as UTF-8 in your editor, then add it again.") from None
    if not text:
        raise WrongUsage(f"{name} holds no text: write something into it, then add it again.")
    return Attached(Document(name, name, text))


def _named(name: str) -> str:
    """A file's name alone, without what is no letter, and not too long; its end stays."""
    plain = "".join(letter for letter in unicodedata.normalize("NFC", name) if unicodedata.category(letter)[0] != "C")
    path = PurePosixPath(plain.replace("\\", "/").strip())
    stem, suffix = path.stem.strip(), path.suffix[:LONGEST_NAME]
    return f"{stem[: LONGEST_NAME - len(suffix)]}{suffix}" or "document"


def _foreign(name: str, data: bytes) -> Attached:
    from bot.knowledge.importing.as_markdown import as_markdown
    from bot.knowledge.importing.taking import read_bytes

    try:
        read = read_bytes(name, data)
    except DocumentUnreadable as error:
        raise WrongUsage(str(error)) from None
    text = as_markdown(read)
    if not text.strip():
        raise WrongUsage(f"{name} holds no text that can be read. Save its text as .txt or .md, and add that.")
    unread = [f"Not read: {one}." for one in read.trouble[:_MOST_UNREAD]]
    if len(read.trouble) > _MOST_UNREAD:
        unread.append(f"And {len(read.trouble) - _MOST_UNREAD} more places.")
    return Attached(Document(name, name, text), tuple(unread))


def older_files(home: Path, owner: str) -> Sequence[tuple[Path, Document]]:
    """The documents that an earlier release kept of an owner as files. One that is damaged stays where it is."""
    found = ((path, _older(path)) for path in sorted((folder_of(home, owner) / "texts").glob("*.json")))
    return [(path, document) for path, document in found if document is not None]


def _older(path: Path) -> Document | None:
    try:
        return Document(**json.loads(path.read_text(encoding="utf-8")))
    except (OSError, ValueError, TypeError) as error:
        logging.getLogger(__name__).warning("a document of an earlier release cannot be read: %s: %s", path, error)
        return None


def drop_older_files(home: Path, owner: str, taken: Iterable[Path]) -> None:
    """Removes the files that were taken over, and with the last of them their folder."""
    folder = folder_of(home, owner) / "texts"
    for path in [*taken, *folder.glob("*.part")]:
        path.unlink(missing_ok=True)
    if folder.is_dir() and not any(folder.iterdir()):
        folder.rmdir()
