"""What this surface needs of the house, as a Protocol: sittings, documents and the like. It opens nothing itself."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Protocol, TypeVar

from bot.beginning import Wanted
from bot.core.flow import Flow
from bot.core.progress import Past, TopicProgress
from bot.interview import Interview
from bot.ports import Sitting
from bot.ports.groups import Groups, Kept, Place, Who

#: How an account of this platform is called in the log.
ACCOUNT = "discord:{id}"


Result = TypeVar("Result")


class Desk(Protocol):
    """Where this surface asks for everything that is not Discord's."""

    groups: Groups

    def flows(self) -> Sequence[Flow]: ...

    def tracks(self) -> Sequence[str]: ...

    def now(self) -> datetime: ...

    async def begin(self, wanted: Wanted, who: Who) -> Interview:
        """A new sitting that has said nothing yet; WrongUsage says which wish does not fit."""
        ...

    async def take_up(self, session: str, who: Who) -> Interview:
        """A sitting where its log stands; it says nothing of that by itself."""
        ...

    async def running(self, person: str) -> Sequence[Sitting]:
        """A person's unfinished sittings, the one worked on last first."""
        ...

    async def sitting(self, person: str, name: str) -> Sitting:
        """A sitting of that person by the beginning of its id, or the `last`; WrongUsage where there is none."""
        ...

    async def open_places(self, since: datetime) -> Sequence[tuple[Place, datetime]]:
        """Where unfinished sittings go on that were worked on since then, each with when it was last."""
        ...

    async def broken_off(self) -> Sequence[str]:
        """Sittings whose turn broke off when the process that worked on it ended."""
        ...

    async def unjudged(self) -> Sequence[str]:
        """Sittings of this surface in which an outage kept something from being judged, which a model could do now."""
        ...

    async def beside(self, work: Callable[[], Result]) -> Result:
        """Does slow work, the picture of a curve, say, in a thread where it disturbs nothing."""
        ...

    async def program(self, name: str, data: bytes) -> tuple[str, Sequence[str]]:
        """The source in an attached file, and sentences on what was left out; WrongUsage where it holds none."""
        ...

    async def keep_picture(self, session: str, key: str, name: str, data: bytes) -> bool:
        """Keeps a picture that came as an answer; False where it was kept before, WrongUsage where there is no room."""
        ...

    async def past(self, session: str) -> Past:
        """An interview as the log has it."""
        ...

    async def runs(self, session: str, since: datetime) -> int:
        """How many programs were handed in at a sitting since then."""
        ...

    async def progress(self, person: str) -> tuple[Sequence[TopicProgress], int]:
        """How a person does by topic, the weakest first, and over how many interviews."""
        ...

    async def board(self, server: str, since: datetime) -> Sequence[tuple[str, int, int]]:
        """Of those who wish to be on a server's board: account, interviews finished since then, points recovered."""
        ...

    async def forget(self, person: str) -> int:
        """Deletes everything of a person; says how many sittings that were."""
        ...

    async def documents(self, owner: str) -> Sequence[Kept]:
        """The documents of a server (`server:123`) or a person, by name."""
        ...

    async def add_document(self, owner: str, name: str, data: bytes) -> str:
        """Adds a document and indexes it; a sentence on what came of it, WrongUsage where it cannot be read."""
        ...

    async def remove_document(self, owner: str, name: str) -> bool:
        """Removes a document from everywhere; False where there is none of that name."""
        ...

    async def expire(self) -> None:
        """Deletes what is older than the settings allow."""
        ...

    def lab(self) -> str:
        """How programs are run here, in a sentence."""
        ...

    def no_lab(self) -> str | None:
        """Why programs are not run here, whatever a server chooses; None where they are."""
        ...
