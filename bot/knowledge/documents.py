"""Documents of an owner's own: kept as text under VIVA_HOME, which is the truth, and indexed from there.

Text and Markdown alone are read here. An owner's index is made beside the old one and takes its place.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from bot.errors import IndexUnavailable, WrongUsage
from bot.knowledge import chroma, generation
from bot.knowledge.folders import remove
from bot.knowledge.generation import Generation
from bot.knowledge.passages import Cut, cut
from bot.knowledge.shelf import Shelf
from bot.knowledge.units import Unit
from bot.knowledge.vectors import Recalling
from bot.ports import Embedder

KINDS = {".md": True, ".markdown": True, ".txt": False, ".text": False}
#: About 1.3 million words, which take ten minutes to embed.
LARGEST = 8 * 1024 * 1024
TEXTS = "texts"
NOT_INDEXED = (
    "Your documents are not indexed as they stand, so they are searched by keywords alone. Mend it with `viva index`."
)


@dataclass(frozen=True)
class Document:
    """A document as it is kept: where it came from, what it is called, and its text."""

    path: str
    name: str
    text: str

    @property
    def key(self) -> str:
        """The same file again has the same key, and takes the place of what was kept of it."""
        return hashlib.sha256(self.path.encode("utf-8", "replace")).hexdigest()[:16]

    def units(self) -> list[Unit]:
        markdown = KINDS.get(Path(self.name).suffix.lower(), False)
        return [self._unit(n, part) for n, part in enumerate(cut(self.text, markdown))]

    def _unit(self, n: int, part: Cut) -> Unit:
        place = f"{self.name}:{part.line}"
        return Unit(f"document:{self.key}:{n}", "document", part.heading or self.name, part.text, sources=(place,))


@dataclass(frozen=True)
class DocumentsInfo:
    """What came of adding documents: their names, what was left aside and why, and what the owner has now."""

    added: tuple[str, ...]
    left_aside: tuple[str, ...]
    documents: int
    passages: int
    embedded: int


class Documents:
    """The documents of one owner. `home` is VIVA_HOME."""

    def __init__(self, home: Path, owner: str, embedder: Embedder, chroma_url: str | None = None) -> None:
        self._key = hashlib.sha256(owner.encode("utf-8", "replace")).hexdigest()[:16]
        self._folder = home / "documents" / self._key
        self._kind = f"documents-{self._key}"
        self._embedder = embedder
        self._url = chroma_url

    def add(self, paths: Sequence[Path], progress: generation.Progress = generation.silent) -> DocumentsInfo:
        """Keeps the documents, folders with all that is in them, and makes the index anew."""
        left_aside: list[str] = []
        read = list(_read(paths, left_aside))
        if not read:
            raise WrongUsage(" ".join(left_aside) or "There is no .txt or .md file to add.")
        try:
            for document in read:
                self._keep(document)
            made, embedded = self._build(progress)
        except OSError as error:
            raise IndexUnavailable(
                f"The documents could not be kept in {self._folder} ({error.strerror or error}). "
                "Make room or mend its permissions, then add them again."
            ) from error
        names = tuple(document.name for document in read)
        return DocumentsInfo(names, tuple(left_aside), len(self._keys()), made.held.units, embedded)

    def refresh(self, progress: generation.Progress = generation.silent) -> int:
        """Makes the index anew if it is not that of the documents as they are kept; the number of passages."""
        if not self._keys():
            return 0
        current = self._current()
        return (current or self._build(progress)[0]).held.units

    def all(self) -> list[Document]:
        """The documents as they are kept, by name."""
        return sorted(self._load(), key=lambda document: document.name)

    def forget(self) -> None:
        """Removes the documents, their index, and on a server every collection of this owner."""
        shutil.rmtree(self._folder, ignore_errors=True)
        if self._url is not None:
            chroma.drop_from_server(self._url, f"viva-{self._kind}-")

    def shelf(self) -> tuple[Shelf | None, str | None]:
        """The documents to be searched, and what is wrong with their index, if anything. No documents, no shelf."""
        if not self._keys():
            return None, None
        current = self._current()
        if current is None:
            return self._by_words(), NOT_INDEXED
        try:
            return Shelf((), current.open(None, self._url)), None
        except IndexUnavailable as error:
            return self._by_words(), str(error)

    def _by_words(self) -> Shelf:
        return Shelf([unit for document in self._load() for unit in document.units()])

    def _current(self) -> Generation | None:
        return generation.find(self._folder / self._name())

    def _name(self) -> str:
        return generation.generation_name(self._kind, self._source(), self._embedder)

    def _source(self) -> str:
        return generation.file_hash({path.name: path for path in self._keys()})

    def _build(self, progress: generation.Progress) -> tuple[Generation, int]:
        source, name = self._source(), self._name()
        older = generation.of_embedder(self._folder, self._kind, self._embedder)
        recalling = Recalling(self._embedder, [one.vectors() for one in older], generation.counted(progress))
        units = [unit for document in self._load() for unit in document.units()]
        made = generation.write(self._folder / name, source, units, recalling)
        for folder in self._folder.glob(f"{self._kind}-*"):
            if folder != made.folder:
                remove(folder)
        if self._url is not None:
            made.open(None, self._url).close()
            chroma.drop_from_server(self._url, f"viva-{self._kind}-", keep=f"viva-{made.name}")
        return made, recalling.embedded

    def _keys(self) -> list[Path]:
        return sorted((self._folder / TEXTS).glob("*.json"))

    def _load(self) -> Iterator[Document]:
        for path in self._keys():
            yield Document(**json.loads(path.read_text(encoding="utf-8")))

    def _keep(self, document: Document) -> None:
        folder = self._folder / TEXTS
        folder.mkdir(parents=True, exist_ok=True)
        handle, part = tempfile.mkstemp(dir=folder, suffix=".part")
        try:
            with os.fdopen(handle, "w", encoding="utf-8") as file:
                json.dump(asdict(document), file, ensure_ascii=False)
                file.flush()
                os.fsync(file.fileno())
            Path(part).replace(folder / f"{document.key}.json")
        except OSError:
            Path(part).unlink(missing_ok=True)
            raise


def _read(paths: Iterable[Path], left_aside: list[str]) -> Iterator[Document]:
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
        text = file.read_text(encoding="utf-8-sig").replace("\0", "")
    except UnicodeDecodeError:
        left_aside.append(f"{name} is not UTF-8 text and was left aside; save it as UTF-8.")
        return ""
    except OSError as error:
        left_aside.append(f"{name} cannot be read ({error.strerror}) and was left aside.")
        return ""
    if not text.strip():
        left_aside.append(f"{name} holds no text and was left aside.")
    return text if text.strip() else ""
