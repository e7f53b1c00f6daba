"""The documents of who sits at this terminal, for commands that open no house: `viva index` and `viva search`."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from bot.app.bank import Owned, open_documents
from bot.app.documents import as_kept, texts
from bot.app.home import owner
from bot.app.records import open_records
from bot.errors import StoreError, WrongUsage
from bot.settings import Settings

if TYPE_CHECKING:
    from bot.knowledge.documents import Document
    from bot.knowledge.generation import Progress
    from bot.ports import Embedder


@dataclass(frozen=True)
class Added:
    """What came of adding files: their names, what was left aside and why, and what the owner has now."""

    added: tuple[str, ...]
    left_aside: tuple[str, ...]
    documents: int
    passages: int
    embedded: int


async def add_files(
    settings: Settings, home: Path, embedder: Embedder, paths: Sequence[Path], progress: Progress
) -> Added:
    """Keeps files and folders, and makes the index anew at once."""
    from bot.knowledge.document_files import read_files
    from bot.knowledge.steps import finished

    left_aside: list[str] = []
    read = list(read_files(paths, left_aside))
    if not read:
        raise WrongUsage(" ".join(left_aside) or "There is no .txt or .md file to add.")
    every = await _texts(settings, home, read)
    made = finished(open_documents(settings, home, embedder, owner(), every).making(progress))
    names = tuple(document.name for document in read)
    return Added(names, tuple(left_aside), len(every), made.passages, made.embedded)


async def refresh(settings: Settings, home: Path, embedder: Embedder, progress: Progress) -> None:
    """Makes the index anew, if it is behind what the store holds."""
    from bot.knowledge.steps import finished

    if not _nothing_kept(settings, home):
        every = await _texts(settings, home)
        finished(open_documents(settings, home, embedder, owner(), every).making(progress))


async def to_search(settings: Settings, home: Path, say: Callable[[str], None]) -> Owned | None:
    """What `viva search` looks into beside the bank; where it cannot be had, that is said, and the bank is searched."""
    if _nothing_kept(settings, home):
        return None
    try:
        return Owned(owner(), await _texts(settings, home))
    except StoreError as error:
        say(f"Your own documents were not searched. {error}")
        return None


async def _texts(settings: Settings, home: Path, new: Sequence[Document] = ()) -> list[Document]:
    """All that is kept, once what is new was added."""
    store = await open_records(settings)
    try:
        await store.groups.keep_documents(owner(), [as_kept(document) for document in new])
        return await texts(home, store.groups, owner())
    finally:
        await store.close()


def _nothing_kept(settings: Settings, home: Path) -> bool:
    """True where nobody has kept anything yet: then no database is made to find that out."""
    from bot.knowledge.documents import folder_of
    from bot.store.place import locate

    file = locate(settings.database_url, home).file
    return file is not None and not file.exists() and not folder_of(home, owner()).is_dir()
