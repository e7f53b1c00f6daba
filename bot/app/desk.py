"""What a surface with many candidates asks of the house: sittings, records, documents. It speaks to nobody."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import TypeVar

from bot.app import documents, pictures, sitting
from bot.app.expiring import let_go
from bot.app.home import now
from bot.app.house import House
from bot.app.lab import lab_in_words
from bot.app.sitting import Seat
from bot.beginning import Wanted
from bot.core import events as e
from bot.core.flow import Flow
from bot.core.folding import fold
from bot.core.progress import BY_ITSELF, Past, TopicProgress, by_topic, recovered
from bot.core.question import Question
from bot.core.tailoring import TRACKS
from bot.errors import WrongUsage
from bot.interview import Interview
from bot.ports import Sitting
from bot.ports.groups import Groups, Kept, Place, Who

Result = TypeVar("Result")
#: An interview as the store gives it, before it is folded.
Logged = tuple[Sequence[e.Record], Mapping[str, Question]]
#: The name of the surface in the log.
SURFACE = "discord"
#: For so long after the last word what waits is tried to be judged unasked.
JUDGED_FOR = timedelta(days=7)
#: As many of a person's interviews are read for their progress.
MOST_PAST = 100
#: So many people's interviews are read at a time.
MOST_READ = 4
#: Of so many sittings it is looked up where they go on, when the bot comes back.
MOST_OPEN = 1000


class HouseDesk:
    """The desk of one house."""

    def __init__(self, house: House) -> None:
        self._house = house
        self.groups: Groups = house.store.groups

    def flows(self) -> Sequence[Flow]:
        return self._house.doors.bank.flows()

    def tracks(self) -> Sequence[str]:
        topics = {topic for question in self._house.doors.bank.questions() for topic in question.topics}
        return sorted({*topics, *TRACKS})

    def now(self) -> datetime:
        return now()

    async def begin(self, wanted: Wanted, who: Who) -> Interview:
        """A new sitting that has said nothing yet; WrongUsage says which wish does not fit."""
        return await sitting.begun(await self._offered(who), wanted, _seat(who))

    async def take_up(self, session: str, who: Who) -> Interview:
        """A sitting where its log stands; it says nothing of that by itself."""
        found = await self._house.store.find(session)
        # What the server of a sitting allows holds wherever the sitting goes on, in direct messages too.
        who = replace(who, server=await self.groups.counting(session) or who.server)
        interview = await sitting.resumed(await self._offered(who), found, _seat(who))
        await interview.take_up()
        return interview

    async def _offered(self, who: Who) -> House:
        """The house as a server offers it: without the lab where the server wants none.

        Nor where it cannot run anything: why, and how that is mended, is for the owner, who has it from `viva doctor`.
        """
        lab = self._house.doors.lab
        wanted = not who.server or (await self.groups.settings(who.server)).lab
        if lab is None or (wanted and await asyncio.to_thread(lab.unavailable) is None):
            return self._house
        return replace(self._house, doors=replace(self._house.doors, lab=None))

    async def running(self, person: str) -> Sequence[Sitting]:
        """A person's unfinished sittings, the one worked on last first."""
        return [one for one in await self._house.store.sittings(person) if one.status == "running"]

    async def sitting(self, person: str, name: str) -> Sitting:
        """A sitting of that person by the beginning of its id, or the `last`; WrongUsage where there is none."""
        try:
            return await self._house.store.find(name, owner=person)
        except WrongUsage:
            raise WrongUsage(f"You have no interview {name[:40]!r}. `/interview` begins one.") from None

    async def open_places(self, since: datetime) -> Sequence[tuple[Place, datetime]]:
        """Where unfinished sittings go on that were worked on since then, each with when it was last."""
        found: list[tuple[Place, datetime]] = []
        for one in await self._house.store.sittings(limit=MOST_OPEN):
            at = datetime.fromisoformat(one.at)
            if one.status == "running" and at >= since and (place := await self.groups.placed(one.id)) is not None:
                found.append((place, at))
        return found

    async def broken_off(self) -> Sequence[str]:
        """Sittings whose turn broke off when the process that worked on it ended."""
        return await self._house.store.broken_off()

    async def unjudged(self) -> Sequence[str]:
        """Sittings of this surface in which an outage kept something from being judged, which a model could do now.

        Also those where that was done, and not said yet.
        """
        if not self._house.doors.grader_is_remote:
            return ()
        store, found = self._house.store, []
        for session in await store.perhaps_unjudged(now() - JUDGED_FOR):
            if await self.groups.placed(session) is not None:
                stands = await asyncio.to_thread(fold, await store.load(session))
                may = stands.told == self._house.doors.notice  # else they do not know who would judge
                untold = any(isinstance(event, e.JudgedLate | e.Reconsidered) for _, event in stands.unsaid)
                hopeful = stands.hopeful(self._house.doors.grader.name) or stands.put_off
                if untold or (may and hopeful):
                    found.append(session)
        return found

    async def beside(self, work: Callable[[], Result]) -> Result:
        """Does slow work in the thread that loads heavy packages: two that import at once may break each other."""
        return await self._house.shelves.library.beside(work)

    async def program(self, name: str, data: bytes) -> tuple[str, Sequence[str]]:
        """The source in an attached file, and sentences on what was left out; WrongUsage where it holds none."""
        from bot.lab.notebook import python_of

        try:
            text = data.decode("utf-8-sig")
        except UnicodeDecodeError:
            raise WrongUsage(f"{name[:80]} is no text: save the program as UTF-8.") from None
        return await asyncio.to_thread(python_of, text, name)

    async def keep_picture(self, session: str, key: str, name: str, data: bytes) -> bool:
        """Keeps a picture that came as an answer; False where it was kept before, WrongUsage where there is no room."""
        return await pictures.keep(self._house.home, session, key, name, data)

    async def past(self, session: str) -> Past:
        """An interview as the log has it."""
        records, book = await self._logged(session)
        return await asyncio.to_thread(fold, records), book

    async def _logged(self, session: str) -> Logged:
        store = self._house.store
        return await store.load(session), await store.rubrics(session)

    async def runs(self, session: str, since: datetime) -> int:
        """How many programs were handed in at a sitting since then."""
        records = await self._house.store.load(session)
        return sum(isinstance(r.event, e.Submitted) and datetime.fromisoformat(r.at) >= since for r in records)

    async def progress(self, person: str) -> tuple[Sequence[TopicProgress], int]:
        """How a person does by topic, the weakest first, and over how many interviews."""
        sittings = sorted(await self._house.store.sittings(person, MOST_PAST), key=lambda one: one.begun)
        logged = [await self._logged(one.id) for one in sittings]
        return await asyncio.to_thread(lambda: by_topic(_folded(logged))), len(sittings)

    async def board(self, server: str, since: datetime) -> Sequence[tuple[str, int, int]]:
        """Of those who wish to be on a server's board: account, interviews finished since then, points recovered."""
        few = asyncio.Semaphore(MOST_READ)

        async def one(account: str) -> tuple[str, int, int]:
            async with few:
                sessions = await self.groups.sessions_of(account, server, since)
                logged = [await self._logged(session) for session in sessions]
                return account, *await asyncio.to_thread(_done, logged)

        return await asyncio.gather(*(one(account) for account in await self.groups.on_board(server)))

    async def forget(self, person: str) -> int:
        """Deletes everything of a person; says how many sittings that were."""
        await documents.forget(self._house, person)
        forgotten = await self._house.store.forget(person)
        await pictures.sweep(self._house.home, await self._house.store.ids())
        return forgotten.sessions

    async def documents(self, owner: str) -> Sequence[Kept]:
        """The documents of a server (`server:123`) or a person, by name."""
        return await documents.kept(self._house, owner)

    async def add_document(self, owner: str, name: str, data: bytes) -> str:
        """Adds a document and indexes it; a sentence on what came of it, WrongUsage where it cannot be read."""
        return await documents.add(self._house, owner, name, data)

    async def remove_document(self, owner: str, name: str) -> bool:
        """Removes a document from everywhere; False where there is none of that name."""
        return await documents.remove(self._house, owner, name)

    async def expire(self) -> None:
        """Deletes what is older than the settings allow."""
        await let_go(self._house, serving=True)

    def lab(self) -> str:
        """How programs are run here, in a sentence."""
        return self.no_lab() or lab_in_words(self._house.shelves.settings, None)

    def no_lab(self) -> str | None:
        """Why programs are not run here, whatever a server chooses; None where they are."""
        lab = self._house.doors.lab
        return lab.unavailable() if lab is not None else lab_in_words(self._house.shelves.settings, None)


def _folded(logged: Iterable[Logged]) -> list[Past]:
    return [(fold(records), book) for records, book in logged]


def _done(logged: Sequence[Logged]) -> tuple[int, int]:
    """How many of the interviews were finished, and how many points were recovered in them."""
    pasts = _folded(logged)
    finished = sum(session.ended is not None and session.ended.reason in BY_ITSELF for session, _ in pasts)
    return finished, sum(recovered(session, book) for session, book in pasts)


def _seat(who: Who) -> Seat:
    return Seat(who.person, SURFACE, who.server or SURFACE)
