"""The index of one's own corpus: its units beside those of the shipped bank, and its vectors kept in VIVA_HOME.

It reads no corpus file, and makes no database: there are hundreds of such units, which are compared one by one.
"""

from __future__ import annotations

import asyncio
import hashlib
import threading
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from bot.errors import IndexUnavailable
from bot.knowledge.bank import statements
from bot.knowledge.chroma import Collection
from bot.knowledge.corpus import Corpus
from bot.knowledge.folders import filled, remove
from bot.knowledge.generation import Generation
from bot.knowledge.units import Unit, units_of
from bot.knowledge.vectors import Kept, Recalling, Report, text_key, write_vectors
from bot.ports import Embedder

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    Rows = npt.NDArray[np.float32]

KIND = "own"


class Beside(Collection):
    """A collection, and units beside it whose vectors are at hand."""

    def __init__(self, shipped: Collection, units: Sequence[Unit], vectors: Rows) -> None:
        self._shipped = shipped
        self._units = {unit.id: unit for unit in units}
        self._ids = list(self._units)
        self._vectors = vectors

    def get(self, ids: Sequence[str]) -> list[Unit]:
        """The units of these ids, in the order of the ids."""
        found = {unit.id: unit for unit in self._shipped.get([id_ for id_ in ids if id_ not in self._units])}
        found |= self._units
        return [found[id_] for id_ in ids if id_ in found]

    def all(self) -> list[Unit]:
        """Every unit of both."""
        return [*self._shipped.all(), *self._units.values()]

    def nearest(self, vector: Rows, n: int) -> dict[str, float]:
        """The n nearest units of both, each with its cosine."""
        own = zip(self._ids, (float(cosine) for cosine in self._vectors @ vector), strict=True)
        near = {**self._shipped.nearest(vector, n), **dict(own)}
        return {id_: near[id_] for id_ in sorted(near, key=lambda id_: -near[id_])[:n]}

    def check(self) -> None:
        """Reads and searches what lies on disk."""
        self._shipped.check()

    def close(self) -> None:
        """Lets go of the shipped one."""
        self._shipped.close()


@dataclass(frozen=True)
class WithOwn(Generation):
    """The shipped bank's index, which opens with one's own units beside it."""

    own: tuple[Unit, ...]
    embedder: Embedder

    def open(self, copies: Path | None = None, url: str | None = None) -> Collection:
        """Both in one collection."""
        vectors = self.embedder.embed([unit.embedded for unit in self.own])
        return Beside(super().open(copies, url), self.own, vectors)


def with_own(bank: Generation | None, own: Corpus, embedder: Embedder) -> Generation | None:
    """The bank's index with one's own units; None where there is none yet."""
    units = tuple(units_of(own))
    return WithOwn(bank.folder, bank.held, units, embedder) if bank is not None and units else bank


def own_vectors(root: Path, embedder: Embedder) -> list[Kept]:
    """The vectors that are kept of one's own texts; `root` is the index's folder in VIVA_HOME."""
    return [Kept(folder) for folder in sorted(root.glob(f"{KIND}-{_made_by(embedder)}-*")) if folder.is_dir()]


def texts_of(own: Corpus) -> list[str]:
    """Every text of one's own corpus that is embedded."""
    return [*(text for unit in units_of(own) for text in unit.texts), *statements(own)]


def keep(root: Path, texts: Iterable[str], embedder: Embedder, report: Report | None = None) -> int:
    """Keeps the vectors of these texts and no others; how many of them were new."""
    every = list(texts)
    keys = sorted({text_key(text) for text in every})
    name = hashlib.sha256(repr(keys).encode()).hexdigest()[:12]
    target = root / f"{KIND}-{_made_by(embedder)}-{name}"
    if not keys or target.is_dir():
        return 0
    knowing = Recalling(embedder, own_vectors(root, embedder), report)
    try:
        with filled(target) as folder:
            write_vectors(folder, every, knowing)
    except OSError as error:
        raise IndexUnavailable(
            f"The vectors of your own questions cannot be kept in {root} ({error.strerror}). Make room there: until "
            "then they are made anew each time."
        ) from None
    for other in root.glob(f"{KIND}-*-*"):
        if other != target:
            remove(other)
    return knowing.embedded


def _made_by(embedder: Embedder) -> str:
    return hashlib.sha256(embedder.name.encode()).hexdigest()[:8]


class _Stopped(Exception):
    pass


class Keeping:
    """Keeps the vectors of one's own corpus in the background; left undone when the sitting is over before."""

    def __init__(self, root: Path, own: Corpus, embedder: Embedder) -> None:
        self._work: Callable[[], int] = lambda: keep(root, texts_of(own), embedder, self._report)
        self._stop = threading.Event()

    async def keep(self) -> None:
        """Does the work in a thread, which stops soon after this is cancelled."""
        try:
            await asyncio.to_thread(self._run)
        finally:
            self._stop.set()

    def _run(self) -> None:
        try:
            self._work()
        except _Stopped:
            return

    def _report(self, done: int, of: int) -> None:
        if self._stop.is_set():
            raise _Stopped
