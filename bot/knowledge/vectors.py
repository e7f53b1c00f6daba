"""Vectors kept in a file by the text that they belong to, and an embedder that looks there first.

It makes no vectors itself, and of what a candidate says it keeps nothing.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Protocol, runtime_checkable

from bot.knowledge.steps import QUICK, Steps, finished
from bot.ports import Embedder

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    Rows = npt.NDArray[np.float32]
    Keys = npt.NDArray[np.uint64]

KEYS_FILE = "keys.npy"
ROWS_FILE = "vectors.npy"
#: How many texts are looked up in one step.
LOOKED_UP = 1000
#: How many vectors of texts that no file holds are remembered (1.5 kB each).
MOST_REMEMBERED = 8192

Report = Callable[[int, int], None]


class Kept:
    """The vectors of a folder, by the hash of their text. Looked into at the first use; the file is mapped, not read.

    Files that are missing or damaged hold nothing.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._files: tuple[Keys, Rows] | None = None

    def __len__(self) -> int:
        return len(self._opened()[0])

    def get(self, text: str) -> Rows | None:
        """The vector of a text, or None."""
        import numpy as np

        keys, rows = self._opened()
        key = np.uint64(text_key(text))
        at = int(np.searchsorted(keys, key))
        return np.asarray(rows[at]) if at < len(keys) and keys[at] == key else None

    def all(self, texts: Sequence[str]) -> Rows:
        """The vectors of texts that are all kept here; KeyError for one that is not."""
        import numpy as np

        found = [self.get(text) for text in texts]
        if any(vector is None for vector in found):
            raise KeyError("a text without its vector")
        return np.array(found, np.float32)

    def hold(self) -> None:
        """Reads all of them, so that the folder may go."""
        import numpy as np

        keys, rows = self._opened()
        self._files = keys, np.array(rows)

    def _opened(self) -> tuple[Keys, Rows]:
        import numpy as np

        if self._files is None:
            try:
                keys, rows = np.load(self._folder / KEYS_FILE), np.load(self._folder / ROWS_FILE, mmap_mode="r")
            except (OSError, ValueError, EOFError):
                keys, rows = np.zeros(0, np.uint64), np.zeros((0, 1), np.float32)
            self._files = (keys, rows) if len(keys) == len(rows) else (keys[:0], rows[:0])
        return self._files


def write_vectors(folder: Path, texts: Iterable[str], embedder: Embedder) -> None:
    """Embeds the texts, each once, and keeps their vectors in the folder."""
    by_key = _by_key(texts)
    _save(folder, by_key, embedder.embed(list(by_key.values())))


def writing_vectors(folder: Path, texts: Iterable[str], embedder: Recalling, at_a_time: int) -> Steps[None]:
    """The same, so many texts in a step."""
    by_key = _by_key(texts)
    _save(folder, by_key, (yield from embedder.embedding(list(by_key.values()), at_a_time)))


def _by_key(texts: Iterable[str]) -> dict[int, str]:
    return dict(sorted({text_key(text): text for text in texts}.items()))


def _save(folder: Path, keys: Iterable[int], rows: Rows) -> None:
    import numpy as np

    np.save(folder / KEYS_FILE, np.array(list(keys), np.uint64))
    np.save(folder / ROWS_FILE, rows)


def text_key(text: str) -> int:
    """The number by which the vector of a text is found."""
    return int.from_bytes(hashlib.blake2b(text.encode("utf-8", "replace"), digest_size=8).digest(), "big")


@runtime_checkable
class Knowing(Protocol):
    """An embedder that can tell everyday words from others."""

    def knows(self, word: str) -> bool: ...


class Recalling:
    """An Embedder that looks texts up before it embeds them."""

    def __init__(self, embedder: Embedder, kept: Sequence[Kept] = (), report: Report | None = None) -> None:
        self.name = embedder.name
        self.dimensions = embedder.dimensions
        self.embedded = 0
        self._embedder = embedder
        self._kept = kept
        self._report = report or (lambda done, of: None)
        self._remembered: dict[str, Rows] = {}

    def embed(self, texts: Sequence[str]) -> Rows:
        """Unit vectors of shape (n, dimensions); the model is asked for those alone that no file holds."""
        return finished(self.embedding(texts))

    def embedding(self, texts: Sequence[str], at_a_time: int = QUICK.texts) -> Steps[Rows]:
        """The same in steps, each of which asks the model for so many at most."""
        import numpy as np

        vectors = np.zeros((len(texts), self.dimensions), np.float32)
        missing = []
        for row, text in enumerate(texts):
            if row % LOOKED_UP == LOOKED_UP - 1:
                yield
            found = self._found(text)
            if found is None:
                missing.append(row)
            else:
                vectors[row] = found
        # The longest first: texts of one length cost less together, and the end comes no later than it seemed.
        missing.sort(key=lambda row: -len(texts[row]))
        for start in range(0, len(missing), at_a_time):
            rows = missing[start : start + at_a_time]
            self._report(start, len(missing))
            vectors[rows] = self._embedder.embed([texts[row] for row in rows])
            yield
        self.embedded += len(missing)
        self._report(len(missing), len(missing))
        return vectors

    def knows(self, word: str) -> bool:
        """Whether the model reads the word whole; False for a model that cannot tell."""
        return isinstance(self._embedder, Knowing) and self._embedder.knows(word)

    def vectors_for(self, texts: Sequence[str]) -> Rows:
        """The same for statements of a rubric, which come again: those that no file holds are remembered."""
        vectors = self.embed(texts)
        if len(self._remembered) + len(texts) <= MOST_REMEMBERED:
            new = (row for row, text in enumerate(texts) if self._found(text) is None)
            self._remembered.update({texts[row]: vectors[row] for row in new})
        return vectors

    def _found(self, text: str) -> Rows | None:
        if text in self._remembered:
            return self._remembered[text]
        return next((vector for kept in self._kept if (vector := kept.get(text)) is not None), None)
