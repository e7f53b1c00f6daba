"""The door to what study groups need beside the log: who an account is, where a sitting goes on, what a server chose.

Ids of servers, channels and people are the platform's, as text. Nothing here holds a candidate's words.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol


@dataclass(frozen=True)
class Who:
    """A candidate at the door: their account, the person that it belongs to, and the server they come from, if any."""

    account: str
    person: str
    server: str = ""


@dataclass(frozen=True)
class Place:
    """Where a sitting goes on: the channel (a thread, a DM), below `parent` on `server`; both are empty in a DM.

    `account` is the candidate as the platform knows them (`discord:123`); `watched` says that the group reads along,
    `shared` that somebody was let into a private thread, `told` that the candidate knows of it.
    """

    session: str
    account: str
    channel: str
    server: str = ""
    parent: str = ""
    watched: bool = False
    shared: bool = False
    told: bool = False

    @property
    def read_along(self) -> bool:
        """True where others read along, so that what is personal is for the candidate alone."""
        return self.watched or self.shared


@dataclass(frozen=True)
class ServerSettings:
    """What those who manage a server chose; the defaults are what holds before anybody chose.

    `flows` limits which interviews are offered (empty: all), `mode` is the one unless asked otherwise, `direct` makes
    direct messages the place. `a_day` is how many interviews a person may begin in 24 hours, `runs_a_day` how many
    programs they may hand in (0: as many as they like).
    """

    flows: tuple[str, ...] = ()
    mode: str = "practice"
    direct: bool = False
    lab: bool = True
    a_day: int = 0
    runs_a_day: int = 0
    board: bool = False


@dataclass(frozen=True)
class Counts:
    """What the owner of a server sees of its sittings: counts, and nothing that anybody said."""

    people: int = 0
    running: int = 0
    finished: int = 0
    answers: int = 0
    programs: int = 0


@dataclass(frozen=True)
class Kept:
    """A document that is kept for an owner (a person, or `server:123`): its name, where it came from, its text."""

    key: str
    name: str
    path: str
    text: str
    at: str = ""


def server_owner(server: int | str | None) -> str:
    """The owner of a server's documents."""
    return f"server:{server}"


class Groups(Protocol):
    """Accounts, places, servers, boards and documents. Times are passed by the store's own clock."""

    async def person(self, account: str) -> str:
        """Who the account is to the log: the person that it was joined to, else the account itself."""
        ...

    async def accounts(self, person: str) -> Sequence[str]:
        """The accounts that were joined to a person; the person's own name is not among them."""
        ...

    async def new_code(self, person: str) -> str:
        """A code that joins an account to this person: once, within ten minutes. It takes the place of older ones."""
        ...

    async def link(self, account: str, code: str) -> int:
        """Joins the account to the person of the code and moves its sittings; says how many were moved.

        WrongUsage where the code is unknown, used or too old, or where this account guessed wrong too often.
        """
        ...

    async def put(self, place: Place) -> None:
        """Says where a sitting goes on from now; who was let into a place stays in it."""
        ...

    async def let_in(self, place: Place) -> None:
        """Somebody was let into a place; nothing where the sitting goes on elsewhere by now."""
        ...

    async def told(self, place: Place) -> None:
        """The candidate knows that somebody was let in."""
        ...

    async def untold(self) -> Sequence[Place]:
        """The places that somebody was let into and whose candidates do not know yet."""
        ...

    async def placed(self, session: str) -> Place | None:
        """Where a sitting goes on; None when it was never on this platform."""
        ...

    async def counting(self, session: str) -> str:
        """The server that a sitting counts for, wherever it goes on: the first that it was put on; else nothing."""
        ...

    async def in_channel(self, channel: str) -> Place | None:
        """The sitting that was put into a channel last."""
        ...

    async def settings(self, server: str) -> ServerSettings:
        """What a server chose; the defaults where nobody chose."""
        ...

    async def choose(self, server: str, settings: ServerSettings) -> None:
        """Keeps what a server chose."""
        ...

    async def joined(self, server: str) -> None:
        """The bot is on the server (again)."""
        ...

    async def left(self, server: str) -> None:
        """The bot was removed from the server; what is kept for it goes after thirty days."""
        ...

    async def present(self) -> Sequence[str]:
        """The servers that the bot is on, as far as it knows."""
        ...

    async def begun_since(self, account: str, server: str, since: datetime) -> int:
        """How many sittings of an account were put on a server since then."""
        ...

    async def counts(self, server: str, since: datetime) -> Counts:
        """What happened on a server since then."""
        ...

    async def show_on_board(self, server: str, account: str, wanted: bool) -> None:
        """An account is on a server's board, or is so no longer."""
        ...

    async def on_board(self, server: str) -> Sequence[str]:
        """The accounts that wish to be on a server's board."""
        ...

    async def sessions_of(self, account: str, server: str, since: datetime) -> Sequence[str]:
        """The sittings of an account that were put on a server and were worked on since then."""
        ...

    async def documents(self, owner: str) -> Sequence[Kept]:
        """An owner's documents, by name."""
        ...

    async def document_names(self, owner: str) -> Sequence[str]:
        """The names of an owner's documents, in order; no text is read for them."""
        ...

    async def document_sizes(self, owner: str) -> Sequence[tuple[str, int]]:
        """The same with the length of each text, in characters."""
        ...

    async def keep_documents(self, owner: str, documents: Sequence[Kept]) -> None:
        """Keeps documents; one of the same key takes the place of the old one."""
        ...

    async def remove_document(self, owner: str, key: str) -> bool:
        """Removes a document, down to the bytes; False when there is none of that key."""
        ...
