"""Embedders that need no model: one that hashes words, one that is slow, one that has none."""

from __future__ import annotations

import re
import time
import zlib
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from bot.errors import IndexUnavailable


class WordEmbedder:
    """Texts that share words are near to each other. `asked` keeps what it was asked to embed."""

    name = "words"
    dimensions = 64

    def __init__(self, name: str = "words") -> None:
        self.name = name
        self.asked: list[str] = []

    def embed(self, texts: Sequence[str]) -> npt.NDArray[np.float32]:
        self.asked += texts
        return np.array([self._vector(text) for text in texts], np.float32).reshape(len(texts), self.dimensions)

    def _vector(self, text: str) -> npt.NDArray[np.float32]:
        vector = np.full(self.dimensions, 1e-3, np.float32)
        for word in re.findall(r"\w+", text.lower()):
            vector[zlib.crc32(word.encode()) % self.dimensions] += 1.0
        unit: npt.NDArray[np.float32] = vector / np.linalg.norm(vector)
        return unit


class SlowEmbedder(WordEmbedder):
    """Takes its time over every batch."""

    def embed(self, texts: Sequence[str]) -> npt.NDArray[np.float32]:
        time.sleep(30.0)
        return super().embed(texts)


class NoEmbedder(WordEmbedder):
    """What stands there when no model is installed."""

    def embed(self, texts: Sequence[str]) -> npt.NDArray[np.float32]:
        raise IndexUnavailable("The embedding model is not installed.")
