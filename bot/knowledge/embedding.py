"""MiniLM behind the Embedder door, by onnxruntime and tokenizers. It finds no files and keeps no vectors."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any

from bot.errors import IndexUnavailable
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

    Each text is run by itself: its vector is then the same, to the last bit, whatever else is embedded with it. On one
    thread a batch would save a fifth of the time.
    """

    name = "all-MiniLM-L6-v2"
    dimensions = 384

    def __init__(self, files: Callable[[], ModelFiles], threads: int = 1) -> None:
        self._files = files
        self._threads = threads
        self._lock = threading.Lock()
        self._runner: _Runner | None = None

    def embed(self, texts: Sequence[str]) -> Vectors:
        """Unit vectors of shape (n, 384); IndexUnavailable when there is no model."""
        import numpy as np

        vectors = np.zeros((len(texts), self.dimensions), np.float32)
        for row, vector in enumerate(self._each(texts)):
            vectors[row] = vector
        return vectors

    def _each(self, texts: Sequence[str]) -> Iterator[Vectors]:
        runner = self._loaded()
        if self._threads == 1 or len(texts) < 2:
            yield from map(runner.vector, texts)
            return
        with ThreadPoolExecutor(self._threads) as pool:
            yield from pool.map(runner.vector, texts)

    def _loaded(self) -> _Runner:
        with self._lock:
            if self._runner is None:
                self._runner = _Runner(self._files())
            return self._runner


class _Runner:
    """A loaded graph. Safe to use from several threads."""

    def __init__(self, files: ModelFiles) -> None:
        try:
            self._tokenizer = _tokenizer(files)
            self._session = _session(files)
        except Exception as error:  # onnxruntime and tokenizers raise classes of their own for broken files
            raise IndexUnavailable(
                f"The embedding model at {files.graph.parent} cannot be loaded ({_first_line(error)}). "
                "Delete that folder and run: viva index"
            ) from error
        self._inputs = {node.name for node in self._session.get_inputs()}

    def vector(self, text: str) -> Vectors:
        import numpy as np

        readable = text[:MOST_CHARACTERS].encode("utf-8", "replace").decode()
        ids = np.array([self._tokenizer.encode(readable).ids], np.int64)
        given = {"input_ids": ids, "attention_mask": np.ones_like(ids), "token_type_ids": np.zeros_like(ids)}
        output: Vectors = self._session.run(None, {n: v for n, v in given.items() if n in self._inputs})[0][0]
        if output.ndim == 1:
            return output
        mean = output.mean(axis=0)
        return np.asarray(mean / max(float(np.linalg.norm(mean)), 1e-12), np.float32)


def _tokenizer(files: ModelFiles) -> Any:
    from tokenizers import Tokenizer

    tokenizer = Tokenizer.from_file(str(files.tokenizer))
    tokenizer.enable_truncation(MOST_TOKENS)
    tokenizer.no_padding()
    return tokenizer


def _session(files: ModelFiles) -> Any:
    # Before the import, for that alone sends an event and leaves an identifier in the home folder.
    os.environ["ORT_DISABLE_TELEMETRY"] = "1"
    import onnxruntime

    onnxruntime.disable_telemetry_events()
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    # The arena would keep the largest text's memory for ever, and short texts gain nothing from it.
    options.enable_cpu_mem_arena = options.enable_mem_pattern = False
    options.log_severity_level = 3
    return onnxruntime.InferenceSession(str(files.graph), options, providers=["CPUExecutionProvider"])


def _first_line(error: Exception) -> str:
    return (str(error).splitlines() or [type(error).__name__])[0][:200]
