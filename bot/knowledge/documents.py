"""The index over the documents of one owner, whose texts are passed in: a search beside the question bank.

The texts are kept elsewhere, and are the truth. An owner's index is made beside the old one and takes its place.
"""

from __future__ import annotations

import hashlib
import json
import shutil
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from functools import cached_property
from pathlib import Path, PurePosixPath

from bot.errors import IndexUnavailable
from bot.knowledge import chroma, generation
from bot.knowledge.generation import Generation
from bot.knowledge.passages import Cut, cut
from bot.knowledge.shelf import Shelf
from bot.knowledge.steps import QUICK, Pace, Steps
from bot.knowledge.units import Unit
from bot.knowledge.vectors import Kept, Recalling
from bot.ports import Embedder

#: What ends the name of a document whose text is kept in Markdown: it was, or was made so of a page or a PDF.
MARKDOWN = frozenset({".md", ".markdown", ".html", ".htm", ".xhtml", ".pdf"})
#: The file that says whose a folder is: its name is a hash.
OWNER = "owner"
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

    @property
    def markdown(self) -> bool:
        """True where the text is Markdown."""
        return PurePosixPath(self.name).suffix.lower() in MARKDOWN

    def units(self) -> list[Unit]:
        """Its passages."""
        return [self._unit(n, part) for n, part in enumerate(cut(self.text, self.markdown))]

    def _unit(self, n: int, part: Cut) -> Unit:
        place = f"{self.name}:{part.line}"
        return Unit(f"document:{self.key}:{n}", "document", part.heading or self.name, part.text, sources=(place,))


@dataclass(frozen=True)
class Made:
    """What an index holds, and how many of its passages were embedded for it."""

    passages: int
    embedded: int


def folder_of(home: Path, owner: str) -> Path:
    """Where what is made of an owner's documents lies in VIVA_HOME."""
    return home / "documents" / _hashed(owner)


def owners(home: Path) -> list[str]:
    """Of whose documents there is an index, or what was left of one; those of earlier releases do not say."""
    files = (folder / OWNER for folder in (home / "documents").glob("*"))
    return sorted(file.read_text(encoding="utf-8", errors="surrogateescape") for file in files if file.is_file())


class Documents:
    """The documents of one owner as they are now. `home` is VIVA_HOME."""

    def __init__(
        self,
        home: Path,
        owner: str,
        embedder: Embedder,
        texts: Sequence[Document] = (),
        chroma_url: str | None = None,
    ) -> None:
        self._owner = owner
        self._folder = folder_of(home, owner)
        self._kind = f"documents-{_hashed(owner)}"
        self._embedder = embedder
        self._texts = texts
        self._url = chroma_url

    @cached_property
    def units(self) -> Sequence[Unit]:
        """All their passages. To cut them needs no package, and may be done on any thread."""
        return [unit for document in self._texts for unit in document.units()]

    def making(
        self, progress: generation.Progress = generation.silent, pace: Pace = QUICK, known: Sequence[Kept] = ()
    ) -> Steps[Made]:
        """Makes the index anew in steps, if it is not that of these texts; what is older goes.

        Vectors of older passages are taken over, also those that are `known`.
        """
        try:
            if not self._texts:
                self._clear()
                return Made(0, 0)
            return (yield from self._making(progress, pace, known))
        except OSError as error:
            raise IndexUnavailable(
                f"The index of the documents could not be kept in {self._folder} ({error.strerror or error}). "
                "Make room or mend its permissions, then run `viva index`."
            ) from error

    def _making(self, progress: generation.Progress, pace: Pace, known: Sequence[Kept]) -> Steps[Made]:
        made, embedded = self._current(), 0
        self._folder.mkdir(parents=True, exist_ok=True)
        (self._folder / OWNER).write_text(self._owner, encoding="utf-8", errors="surrogateescape")
        if made is None:
            older = [one.vectors() for one in generation.of_embedder(self._folder, self._kind, self._embedder)]
            recalling = Recalling(self._embedder, [*older, *known], generation.counted(progress))
            target = self._folder / self._name()
            made = yield from generation.writing(target, self._source(), self.units, recalling, pace)
            embedded = recalling.embedded
        for folder in self._generations():
            if folder != made.folder:
                shutil.rmtree(folder, ignore_errors=True)
        if self._url is not None:
            yield from made.serving(self._url, pace)
            chroma.drop_from_server(self._url, self._on_server(), keep=f"viva-{made.name}")
        return Made(made.held.units, embedded)

    def drop(self) -> list[Kept]:
        """Removes the index; the vectors, which hold no words, are given back for the next one."""
        older = [one.vectors() for one in generation.of_embedder(self._folder, self._kind, self._embedder)]
        for kept in older:
            kept.hold()
        for folder in [*self._generations(), *self._folder.glob(f".{self._kind}-*")]:
            shutil.rmtree(folder, ignore_errors=True)
        self._drop_from_server()
        return older

    def _clear(self) -> None:
        """Removes the index of one who has no documents any more; what else lies in the folder stays."""
        self.drop()
        (self._folder / OWNER).unlink(missing_ok=True)
        if self._folder.is_dir() and not any(self._folder.iterdir()):
            self._folder.rmdir()

    def forget(self) -> None:
        """Removes everything of the owner in VIVA_HOME, and on a server every collection of theirs."""
        shutil.rmtree(self._folder, ignore_errors=True)
        self._drop_from_server()

    def shelf(self) -> tuple[Shelf | None, str | None]:
        """The documents to be searched, and what is wrong with their index, if anything. No documents, no shelf."""
        if not self._texts:
            return None, None
        current = self._current()
        if current is None:
            return Shelf(self.units), NOT_INDEXED
        try:
            return Shelf((), current.open(None, self._url)), None
        except IndexUnavailable as error:
            return Shelf(self.units), str(error)

    def _current(self) -> Generation | None:
        return generation.find(self._folder / self._name())

    def _name(self) -> str:
        return generation.generation_name(self._kind, self._source(), self._embedder)

    def _source(self) -> str:
        """A hash of the texts; it is the one of earlier releases, which kept each as such a file."""
        files = {f"{one.key}.json": json.dumps(asdict(one), ensure_ascii=False) for one in self._texts}
        return generation.content_hash({name: text.encode("utf-8", "replace") for name, text in files.items()})

    def _generations(self) -> Iterator[Path]:
        return self._folder.glob(f"{self._kind}-*")

    def _on_server(self) -> str:
        return f"viva-{self._kind}-"

    def _drop_from_server(self) -> None:
        if self._url is not None:
            chroma.drop_from_server(self._url, self._on_server())


def _hashed(owner: str) -> str:
    return hashlib.sha256(owner.encode("utf-8", "replace")).hexdigest()[:16]
