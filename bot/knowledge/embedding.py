"""MiniLM behind the Embedder door, by onnxruntime and tokenizers. It finds no files and keeps no vectors."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

from bot.knowledge.loaded import load, readable
from bot.knowledge.model import ModelFiles

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    Vectors = npt.NDArray[np.float32]

#: What the published model was trained to read; the rest of a longer text is not seen.
MOST_TOKENS = 256
#: No text of 256 tokens is longer, as a word of more than 100 characters is one token. It bounds the tokenizer's work.
MOST_CHARACTERS = 32_768


class MiniLM:
    """sentence-transformers/all-MiniLM-L6-v2. Files are looked for and loaded at the first use.

    Each text is run by itself: its vector is then the same, to the last bit, whatever else is embedded with it. Set-up,
    which embeds thousands, takes a `batch` at a time: that saves a quarter of the time, more on several threads, and
    moves a vector by 1e-7 at most. Texts that follow one another should be of about one length then.
    """

    name = "all-MiniLM-L6-v2"
    dimensions = 384

    def __init__(self, files: Callable[[], ModelFiles], threads: int = 1, batch: int = 1) -> None:
        self._files = files
        self._threads = threads
        self._batch = batch
        self._lock = threading.Lock()
        self._runner: _Runner | None = None

    def embed(self, texts: Sequence[str]) -> Vectors:
        """Unit vectors of shape (n, 384); IndexUnavailable when there is no model."""
        import numpy as np

        vectors = np.zeros((len(texts), self.dimensions), np.float32)
        groups = [texts[start : start + self._batch] for start in range(0, len(texts), self._batch)]
        for number, some in enumerate(self._each(groups)):
            vectors[number * self._batch : number * self._batch + len(some)] = some
        return vectors

    def knows(self, word: str) -> bool:
        """True for an everyday word, one that the model reads whole; IndexUnavailable when there is no model."""
        return self._loaded().knows(word)

    def _each(self, groups: Sequence[Sequence[str]]) -> Iterator[Vectors]:
        runner = self._loaded()
        if self._threads == 1 or len(groups) < 2:
            yield from map(runner.vectors, groups)
            return
        with ThreadPoolExecutor(self._threads) as pool:
            yield from pool.map(runner.vectors, groups)

    def _loaded(self) -> _Runner:
        with self._lock:
            if self._runner is None:
                self._runner = _Runner(self._files())
            return self._runner


class _Runner:
    """A loaded graph. Safe to use from several threads."""

    def __init__(self, files: ModelFiles) -> None:
        loaded = load(files, "embedding model")
        self._tokenizer, self._session = loaded.tokenizer, loaded.session
        self._tokenizer.enable_truncation(MOST_TOKENS)
        self._inputs = {node.name for node in self._session.get_inputs()}

    def knows(self, word: str) -> bool:
        return self._tokenizer.token_to_id(word) is not None

    def vectors(self, texts: Sequence[str]) -> Vectors:
        """The vectors of texts that are run together, the shorter ones padded."""
        import numpy as np

        tokens = [self._tokenizer.encode(readable(text, MOST_CHARACTERS)).ids for text in texts]
        ids = np.zeros((len(tokens), max(map(len, tokens))), np.int64)
        mask = np.zeros_like(ids)
        for row, own in enumerate(tokens):
            ids[row, : len(own)], mask[row, : len(own)] = own, 1
        given = {"input_ids": ids, "attention_mask": mask, "token_type_ids": np.zeros_like(ids)}
        output: Vectors = self._session.run(None, {n: v for n, v in given.items() if n in self._inputs})[0]
        return output if output.ndim == 2 else _pooled(output, mask)


def _pooled(output: Vectors, mask: npt.NDArray[np.int64]) -> Vectors:
    """The mean over each text's own tokens, of unit length."""
    import numpy as np

    means = [row[: int(used.sum())].mean(axis=0) for row, used in zip(output, mask, strict=True)]
    return np.array([mean / max(float(np.linalg.norm(mean)), 1e-12) for mean in means], np.float32)
