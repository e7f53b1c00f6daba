"""The documents of people and servers: kept in the store, which is the truth, and indexed for their owner alone.

It reads no format and cuts no text; that is the work of `bot.knowledge`.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from bot.errors import WrongUsage
from bot.ports.groups import Groups, Kept

if TYPE_CHECKING:
    from bot.app.house import House
    from bot.app.indexing import Begin, Work
    from bot.knowledge import vectors
    from bot.knowledge.document_files import Attached
    from bot.knowledge.documents import Document

#: What begins the name of an owner that is a server.
SERVER = "server:"
#: The most that an owner may have, in characters: to embed as much takes twenty minutes, and an index of it 60 MB.
MOST = 16 * 1024 * 1024


async def kept(house: House, owner: str) -> Sequence[Kept]:
    """The documents of a person or a server (`server:123`), by name."""
    groups = house.store.groups
    await take_over(house.home, groups, [owner])
    return await groups.documents(owner)


async def take_over(home: Path, groups: Groups, owners: Iterable[str]) -> None:
    """Takes what earlier releases kept as files into the store, and removes the files.

    What is in the store already stays as it is there, so that to be killed in the middle loses and doubles nothing.
    """
    from bot.knowledge.document_files import drop_older_files, older_files

    for owner in owners:
        if found := older_files(home, owner):
            known = {one.key for one in await groups.documents(owner)}
            missing = [document for _, document in found if document.key not in known]
            await groups.keep_documents(owner, [as_kept(document) for document in missing])
            drop_older_files(home, owner, [path for path, _ in found])


async def texts(home: Path, groups: Groups, owner: str) -> list[Document]:
    """An owner's documents, as what is indexed and asked about."""
    from bot.knowledge.documents import Document

    await take_over(home, groups, [owner])
    return [Document(one.path, one.name, one.text) for one in await groups.documents(owner)]


async def add(house: House, owner: str, name: str, data: bytes) -> str:
    """Keeps a document and has it indexed; a sentence on what came of it, WrongUsage where it cannot be read."""
    from bot.knowledge.document_files import read_attachment

    attached = await asyncio.to_thread(read_attachment, name, data)
    document = attached.document
    before = await texts(house.home, house.store.groups, owner)
    others = [one for one in before if one.key != document.key]
    if sum(len(one.text) for one in others) + len(document.text) > MOST:
        raise WrongUsage(
            f"There is no room for {document.name}: all documents together may have {MOST >> 20} million letters. "
            "Remove one that is not needed any more, then add it again."
        )
    passages = len(await asyncio.to_thread(document.units))
    drawn = await _drawn(house, owner, document)
    await house.store.groups.keep_documents(owner, [as_kept(document)])
    house.shelves.indexing.ask(owner, _index(house, owner))
    return _told(attached, passages, drawn, replaced=len(others) < len(before))


async def remove(house: House, owner: str, name: str) -> bool:
    """Removes a document down to the bytes; False where there is none of that name.

    The index goes first: who is killed in between finds the document still there, and removes it again.
    """
    found = [one for one in await kept(house, owner) if one.name == name]
    if not found:
        return False
    await house.shelves.indexing.leave(owner)
    house.shelves.drawn.forget(owner)
    vectors = await house.shelves.library.beside(house.shelves.documents(owner).drop)
    try:
        for one in found:
            await house.store.groups.remove_document(owner, one.key)
    finally:
        house.shelves.indexing.ask(owner, _index(house, owner, vectors))
    return True


async def forget(house: House, owner: str) -> None:
    """Removes what is made of the documents of a person, with the accounts joined to it, or of a server.

    The rows of the store are not touched: `store.forget` and `store.expire` delete them, and `refresh` follows.
    """
    for name in (await house.store.held(owner)).names:
        await house.shelves.indexing.leave(name)
        house.shelves.drawn.forget(name)
        await house.shelves.library.beside(house.shelves.documents(name).forget)


async def refresh(house: House, owners: Iterable[str] | None = None) -> None:
    """Has the indexes made that are behind what the store holds, and those removed whose documents are gone from it.

    Of these owners, or else of all that have an index and of all servers that the bot is on: after a restore, a kill,
    a document that came to its time.
    """
    if owners is None:
        from bot.knowledge.documents import owners as indexed

        servers = [f"{SERVER}{server}" for server in await house.store.groups.present()]
        owners = sorted({*servers, *indexed(house.home)})
    for owner in owners:
        house.shelves.indexing.ask(owner, _index(house, owner))


def _index(house: House, owner: str, known: Sequence[vectors.Kept] = ()) -> Begin:
    async def begin() -> Work:
        from bot.knowledge.generation import silent
        from bot.knowledge.steps import GENTLE

        documents = house.shelves.documents(owner, await texts(house.home, house.store.groups, owner))
        await asyncio.to_thread(lambda: documents.units)
        return documents.making(silent, GENTLE, known)

    return begin


async def _drawn(house: House, owner: str, document: Document) -> int:
    """How many questions can be drawn from a document; none is no fault of it."""
    from bot.knowledge.own_notes import FLOW, OWN, SHARED

    corpus, beside = house.shelves.corpus, house.shelves.library.beside
    voice = SHARED if owner.startswith(SERVER) else OWN
    try:
        bank = await house.shelves.drawn.bank(corpus, owner, [document], document.name, voice, beside)
    except WrongUsage:
        return 0
    return sum(len(stage.questions) for stage in bank.flow(FLOW).stages)


def _told(attached: Attached, passages: int, drawn: int, replaced: bool) -> str:
    name = attached.document.name
    did = f"{name} was {'added in the place of the earlier one' if replaced else 'added'}"
    size = f"{passages} passage{'s' * (passages != 1)}"
    if not drawn:
        can = (
            "No question can be drawn from it, so that no interview can be about it: it asks none, and has no heading "
            "with text below it and no longer paragraph."
        )
    else:
        can = f"{drawn} question{'s' * (drawn != 1)} can be drawn from it, so that interviews can be about it."
    return " ".join([f"{did}: {size}.", can, *attached.unread])


def as_kept(document: Document) -> Kept:
    """A document as the store keeps it."""
    return Kept(document.key, document.name, document.path, document.text)
