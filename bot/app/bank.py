"""Opens the question bank: the shipped corpus and one's own, the index of both, and the documents that people added.

Reading, checking and indexing them is the work of `bot.knowledge`.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from bot.app.drawn import Drawn
from bot.app.indexing import Indexing
from bot.errors import BadCorpus
from bot.settings import Settings

if TYPE_CHECKING:
    from bot.knowledge.corpus import Corpus
    from bot.knowledge.documents import Document, Documents
    from bot.knowledge.embedding import MiniLM
    from bot.knowledge.generation import Generation
    from bot.knowledge.own_corpus import Own
    from bot.knowledge.reader import TransformerReader
    from bot.knowledge.search import Library
    from bot.knowledge.vectors import Recalling
    from bot.ports import Embedder


def open_bank(home: Path) -> Corpus:
    """The shipped corpus, from its compiled form where set-up made one, and one's own beside it."""
    shipped = _shelved(home)[0]
    own = _own(home, shipped)
    return own.beside(shipped) if own else shipped


def shipped_bank(home: Path) -> Corpus:
    """The shipped corpus alone."""
    return _shelved(home)[0]


def lenient_bank(home: Path) -> Corpus:
    """The shipped corpus, as far as it can be read: who mends one of its files must not be kept from checking it."""
    from bot.knowledge.corpus import corpus_folder
    from bot.knowledge.corpus_files import read_folder

    try:
        return shipped_bank(home)
    except BadCorpus:
        return read_folder(corpus_folder())[0]


def open_embedder(home: Path, threads: int = 1, batch: int = 1) -> MiniLM:
    """The embedding model; its files are looked for and loaded at the first use."""
    from bot.knowledge.embedding import MiniLM
    from bot.knowledge.folders import index_folders
    from bot.knowledge.model import minilm_files

    return MiniLM(lambda: minilm_files(index_folders(home)), threads, batch)


def open_reader(home: Path) -> TransformerReader | None:
    """The reader of whole answers, or None where this release has none; its files are loaded at the first use."""
    from bot.knowledge.folders import index_folders
    from bot.knowledge.reader import TransformerReader
    from bot.knowledge.reader_card import shipped_reader
    from bot.knowledge.reader_files import reader_files

    if (shipped := shipped_reader()) is None:
        return None
    return TransformerReader(shipped.name, lambda: reader_files(shipped, index_folders(home)), shipped.learnt)


def open_recalling(home: Path) -> Recalling:
    """The embedding model, with the vectors of the shipped bank and of one's own; no index is opened for them."""
    from bot.knowledge.bank import known_vectors
    from bot.knowledge.folders import index_folders
    from bot.knowledge.own_index import own_vectors
    from bot.knowledge.vectors import Recalling

    folders, model = index_folders(home), open_embedder(home)
    return Recalling(model, [*known_vectors(folders, model), *own_vectors(folders.home, model)])


def open_documents(
    settings: Settings, home: Path, embedder: Embedder, whose: str, texts: Sequence[Document] = ()
) -> Documents:
    """The index over the documents of a person or a server, whose texts these are."""
    from bot.knowledge.documents import Documents

    return Documents(home, whose, embedder, texts, settings.chroma_url)


@dataclass(frozen=True)
class Owned:
    """Somebody's documents, as they are kept."""

    owner: str
    texts: Sequence[Document]


@dataclass(frozen=True)
class Shelves:
    """The corpus, its index, and the embedder that knows the vectors of the corpus by heart.

    `own` is one's own part of the corpus, where there is one. `indexing` makes the indexes of documents, `drawn` holds
    what is asked about them.
    """

    corpus: Corpus
    library: Library
    embedder: Recalling
    own: Own | None
    settings: Settings
    home: Path
    indexing: Indexing
    drawn: Drawn = field(default_factory=Drawn)

    def documents(self, whose: str, texts: Sequence[Document] = ()) -> Documents:
        """The index over the documents of a person or a server, whose texts these are."""
        return open_documents(self.settings, self.home, self.embedder, whose, texts)

    async def close(self) -> None:
        """Leaves undone what is being indexed, and lets go of the index."""
        await self.indexing.stop()
        self.library.close()

    def keeping(self) -> Sequence[Callable[[], Awaitable[object]]]:
        """What keeps the vectors of one's own questions, where there are any."""
        if self.own is None or not self.own.corpus.bank:
            return ()
        from bot.knowledge.folders import index_folders
        from bot.knowledge.own_index import Keeping

        return (Keeping(index_folders(self.home).home, self.own.corpus, self.embedder).keep,)


def open_shelves(settings: Settings, home: Path, owned: Owned | None = None) -> Shelves:
    """Opens the bank with its index. A search also looks into the documents that are `owned`, and nothing else does."""
    from bot.knowledge.bank import recalling
    from bot.knowledge.folders import index_folders
    from bot.knowledge.search import Library
    from bot.knowledge.units import units_of

    corpus, bank = _shelved(home)
    folders, model = index_folders(home), open_embedder(home)
    if (own := _own(home, corpus)) is not None:
        from bot.knowledge.own_index import own_vectors, with_own

        corpus = own.beside(corpus)
        embedder = recalling(bank, folders, model, own_vectors(folders.home, model))
        bank = with_own(bank, own.corpus, embedder)
    else:
        embedder = recalling(bank, folders, model)
    documents = open_documents(settings, home, embedder, owned.owner, owned.texts) if owned else None
    notices = own.notices if own else ()
    copies = home / "index" / "open"
    library = Library(bank, lambda: units_of(corpus), embedder, copies, settings.chroma_url, documents, notices)
    return Shelves(corpus, library, embedder, own, settings, home, Indexing(library.beside))


def _shelved(home: Path) -> tuple[Corpus, Generation | None]:
    from bot.knowledge.bank import find_bank, load_corpus
    from bot.knowledge.corpus import corpus_folder
    from bot.knowledge.folders import index_folders

    found = find_bank(corpus_folder(), index_folders(home), open_embedder(home))
    return load_corpus(corpus_folder(), found), found


def _own(home: Path, shipped: Corpus) -> Own | None:
    """One's own corpus. Who has none pays for a look into the data folder alone, and for no import."""
    if not (home / "corpus").is_dir():
        return None
    from bot.knowledge.own_corpus import read_own

    return read_own(home, shipped)
