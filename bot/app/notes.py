"""Finds the document that a sitting is about, among a person's own and those of the server that it was begun on.

Nobody else's are looked into. Which questions it gives is for `bot.knowledge` to say.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.app.documents import SERVER, texts
from bot.errors import WrongUsage

if TYPE_CHECKING:
    from bot.app.house import House
    from bot.knowledge.corpus import Corpus
    from bot.knowledge.documents import Document

#: A person's own are written so in the log where their name would read as a server's.
OWN = "own:"


@dataclass(frozen=True)
class OnNotes:
    """The bank of a sitting on a document; `written` is how the log names the document."""

    bank: Corpus
    written: str


async def on_notes(house: House, person: str, server: str, name: str) -> OnNotes:
    """The bank for a new sitting: the document is the person's own or, where `server` is one, that server's.

    WrongUsage where neither has a document of that name, or nothing in it can be asked about.
    """
    from bot.knowledge.importing.drafting import called, listing, named

    owners = [person, f"{SERVER}{server}"] if server else [person]
    every = {owner: await texts(house.home, house.store.groups, owner) for owner in owners}
    for owner, documents in every.items():
        if called(documents, name):
            return await _bank(house, person, owner, documents, name)
    if not server:
        named(every[person], name)  # says what there is
    have = listing([one for documents in every.values() for one in documents])
    raise WrongUsage(
        f"There is no document {name[:60]!r}, neither of yours nor of this server's. "
        + (f"There are: {have}. " if have else "")
        + "Who manages the server can add some: /viva documents add"
    )


async def on_written_notes(house: House, person: str, written: str) -> OnNotes:
    """The bank for a sitting that goes on, wherever it does: of the document that its log names."""
    owner, name = person, written.removeprefix(OWN)
    if written.startswith(SERVER):
        owner, _, name = written.partition("/")
    return await _bank(house, person, owner, await texts(house.home, house.store.groups, owner), name)


async def _bank(house: House, person: str, owner: str, documents: Sequence[Document], name: str) -> OnNotes:
    from bot.knowledge import own_notes
    from bot.knowledge.importing.drafting import named

    voice = own_notes.OWN if owner == person else own_notes.SHARED
    chosen = named(documents, name)
    beside = house.shelves.library.beside
    bank = await house.shelves.drawn.bank(house.shelves.corpus, owner, chosen, name, voice, beside)
    return OnNotes(bank, _written(person, owner, name))


def _written(person: str, owner: str, name: str) -> str:
    """A document as the log names it: after its server, or by its name alone where it is the person's own."""
    if owner != person:
        return f"{owner}/{name}"
    return f"{OWN}{name}" if name.startswith((OWN, SERVER)) else name
