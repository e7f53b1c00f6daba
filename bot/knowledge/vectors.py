"""Vectors kept in a file by the text that they belong to, and an embedder that looks there first.

It makes no vectors itself, and of what a candidate says it keeps nothing.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Protocol, runtime_checkable

from bot.ports import Embedder

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    Rows = npt.NDArray[np.float32]
    Keys = npt.NDArray[np.uint64]

KEYS_FILE = "keys.npy"
ROWS_FILE = "vectors.npy"
#: How many texts are embedded between two reports of progress.
AT_A_TIME = 64
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
    import numpy as np

    by_key = {text_key(text): text for text in texts}
    keys = sorted(by_key)
    rows = embedder.embed([by_key[key] for key in keys])
    np.save(folder / KEYS_FILE, np.array(keys, np.uint64))
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
        import numpy as np

        vectors = np.zeros((len(texts), self.dimensions), np.float32)
        missing = []
        for row, text in enumerate(texts):
            found = self._found(text)
            if found is None:
                missing.append(row)
            else:
                vectors[row] = found
        # The longest first: texts of one length cost less together, and the end comes no later than it seemed.
        missing.sort(key=lambda row: -len(texts[row]))
        for start in range(0, len(missing), AT_A_TIME):
            rows = missing[start : start + AT_A_TIME]
            self._report(start, len(missing))
            vectors[rows] = self._embedder.embed([texts[row] for row in rows])
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
