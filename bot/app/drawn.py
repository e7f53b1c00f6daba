"""The banks of sittings on notes: the corpus with the questions that are drawn from a document, made once for all.

Whose documents may be looked into, it is told.
"""

from __future__ import annotations

import asyncio
import hashlib
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from bot.knowledge.corpus import Corpus
    from bot.knowledge.documents import Document
    from bot.knowledge.own_notes import Voice

#: So many banks are remembered; a sitting opens its own at every turn.
MOST_REMEMBERED = 16

Beside = Callable[[Callable[[], object]], Awaitable[object]]


class Drawn:
    """Remembers what was drawn from which texts, under their owner."""

    def __init__(self) -> None:
        self._banks: OrderedDict[tuple[str, str, str], Corpus] = OrderedDict()
        self._one = asyncio.Lock()

    async def bank(
        self, corpus: Corpus, owner: str, documents: Sequence[Document], name: str, voice: Voice, beside: Beside
    ) -> Corpus:
        """The corpus with questions from what a name means; WrongUsage where there is nothing to ask about.

        It is a second of work for a long document, done on a thread of its own; packages are imported `beside`.
        """
        from bot.knowledge.own_notes import with_notes

        key = (owner, name.strip().lower(), _hash(documents))
        async with self._one:
            if key not in self._banks:
                await beside(_imported)
                self._banks[key] = await asyncio.to_thread(with_notes, corpus, documents, name, voice)
            self._banks.move_to_end(key)
            while len(self._banks) > MOST_REMEMBERED:
                self._banks.popitem(last=False)
            return self._banks[key]

    def forget(self, owner: str) -> None:
        """Remembers nothing any more of an owner's documents."""
        for key in [key for key in self._banks if key[0] == owner]:
            del self._banks[key]


def _imported() -> None:
    """Brings in the packages that reading needs."""
    import bot.knowledge.importing.markdown  # noqa: F401


def _hash(documents: Sequence[Document]) -> str:
    digest = hashlib.sha256()
    for one in documents:
        for part in (one.path, one.name, one.text):
            data = part.encode("utf-8", "replace")
            digest.update(f"{len(data)} ".encode() + data)
    return digest.hexdigest()
