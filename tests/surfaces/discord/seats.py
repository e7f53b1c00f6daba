"""People who sit interviews with the served bot, and what the log then says of them. It knows no fault."""

from __future__ import annotations

import asyncio
import json
import sqlite3
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import count
from typing import Any

from tests.loopback.faults import Fault
from tests.loopback.group import Group
from tests.loopback.person import Person
from tests.loopback.shown import Shown
from tests.loopback.world import Channel, Message
from tests.surfaces.discord.serving import Served

#: A short fixed interview: what is asked and marked in it depends on nothing but the answers.
COURSE: dict[str, Any] = {"flow": "opengenus", "track": "optimisation"}
FIRST = (
    "Batch gradient descent takes the whole training set for each step, which is exact and slow. Stochastic gradient "
    "descent takes a single example, which is noisy."
)
UNKNOWN = "I don't know"
SECOND = "Hardware works on many examples at once, so that mini-batches are fast, and they need less memory than all."
#: What an undisturbed person says in the course, from the first question to the end: each is followed up once.
ANSWERS = (FIRST, UNKNOWN, SECOND, UNKNOWN)

_TOLD = {
    "Asked": ("question", "number"),
    "Heard": ("text", "code", "to"),
    "Answered": ("question", "text", "role", "point"),
    "Graded": ("question", "marks", "misconceptions", "why_not"),
    "FollowedUp": ("question", "point", "when"),
    "GaveUp": ("question",),
    "Skipped": ("question",),
    "Hinted": ("question", "rung"),
    "Settled": ("question", "reference"),
    "Submitted": ("question", "code"),
    "Remarked": ("meaning", "detail"),
    "Disputed": ("question", "text"),
    "Returned": ("question",),
    "Reopened": ("question",),
    "Ended": ("reason",),
}
_numbers = count(1)


def newcomer(group: Group, permissions: str = "") -> Person:
    """Somebody who has never been here."""
    return group.member(f"member {next(_numbers)}", permissions)


def a_group(bot: Served, channels: Sequence[str] = ("general",)) -> Group:
    """A server of one's own, on which the bot is a member."""
    return bot.discord.server(f"Group {next(_numbers)}", channels=list(channels))


def story(bot: Served, session: str) -> list[str]:
    """What the log says happened in a sitting; not what was said how, when, or from where."""
    with sqlite3.connect(f"file:{bot.home / 'viva.db'}?mode=ro", uri=True, timeout=10) as database:
        rows = database.execute("SELECT kind, body FROM events WHERE session = ? ORDER BY seq", (session,)).fetchall()
    told = []
    for kind, body in rows:
        if kind in _TOLD:
            held = json.loads(body)
            told.append(f"{kind} {json.dumps({name: held[name] for name in _TOLD[kind] if held.get(name)})}")
    return told


def kinds(told: Sequence[str], *of: str) -> list[str]:
    """The kinds of what happened, in order; `of`: these alone."""
    found = [one.partition(" ")[0] for one in told]
    return [kind for kind in found if not of or kind in of]


def sessions(bot: Served, who: Person) -> list[str]:
    """The ids of somebody's sittings in the log, the first one first."""
    with sqlite3.connect(f"file:{bot.home / 'viva.db'}?mode=ro", uri=True, timeout=10) as database:
        wanted = "SELECT id FROM sessions WHERE owner = ? ORDER BY begun, id"
        return [row[0] for row in database.execute(wanted, (f"discord:{who.id}",))]


def can_answer(message: Message) -> bool:
    """Whether a message puts something that can be answered."""
    return "Answer" in message.buttons


@dataclass
class Seat:
    """Somebody in an interview: where it goes on, and the message whose buttons are theirs to press now."""

    bot: Served
    who: Person
    where: Channel
    on: Message

    @property
    def session(self) -> str:
        return self.on.buttons["Answer"].custom_id.split(":")[2]

    @property
    def story(self) -> list[str]:
        return story(self.bot, self.session)

    @property
    def said(self) -> list[Message]:
        """What the bot said here for all, in order; that it brought somebody in is left out."""
        return [one for one in self.where.said if one.author is self.bot.discord.bot and one.kind != 1]

    async def asked(self, what: Callable[[Message], Any] = can_answer, seconds: float = 20.0) -> Message:
        """The next message of which that is so; its buttons are pressed from now on."""
        self.on = await self.where.waits_for(what, seconds=seconds, after=self.on)
        return self.on

    async def opens(self) -> Shown:
        """The modal of an answer."""
        return await self.who.click(self.on, "Answer")

    async def answers(self, text: str, **how: Any) -> Message:
        """Answers by button and modal; what comes next."""
        shown = await self.who.submit(await self.opens(), text)
        assert not shown.failed, shown
        return await self.asked(**how)

    async def goes_on(self, answers: Sequence[str] = ANSWERS[1:]) -> list[str]:
        """Says the rest to the end; the whole story."""
        session = self.session
        for answer in answers[:-1]:
            await self.answers(answer)
        shown = await self.who.submit(await self.opens(), answers[-1])
        assert not shown.failed, shown
        await self.asked(lambda message: "My report" in message.buttons)
        return story(self.bot, session)


async def happened(fault: Fault, times: int = 1) -> None:
    """Waits until something went wrong so often."""
    async with asyncio.timeout(15):
        while fault.happened < times:  # noqa: ASYNC110 - a fault wakes nobody
            await asyncio.sleep(0.02)


async def told_alone(shown: Shown, *words: str) -> str:
    """What was said to this person alone, with these words in it."""
    await shown.discord.world.until(lambda: shown.failed or shown.text, 10.0, lambda: f"nothing was said: {shown}")
    assert shown.ephemeral and not shown.failed, shown
    missing = [word for word in words if word.casefold() not in shown.text.casefold()]
    assert not missing, f"{shown.did}: {missing} is not in: {shown.text}"
    return shown.text


async def seated(bot: Served, channel: Channel, who: Person, **options: Any) -> Seat:
    """Somebody begins the course (or what the options say) in a channel, and is asked its first question."""
    shown = await who.slash(channel, "interview", **(COURSE | options))
    assert not shown.failed and shown.ephemeral, shown
    where = await who.sees_thread(channel)
    return Seat(bot, who, where, await where.waits_for(can_answer))


async def seated_directly(bot: Served, who: Person, channel: Channel | None = None, **options: Any) -> Seat:
    """The same in direct messages."""
    shown = await who.slash(channel or who.direct, "interview", **(COURSE | options))
    assert not shown.failed, shown
    return Seat(bot, who, who.direct, await who.direct.waits_for(can_answer))


async def undisturbed(bot: Served) -> list[str]:
    """The story of the course when nothing goes wrong in it."""
    group = a_group(bot)
    seat = await seated(bot, group["general"], newcomer(group))
    return await seat.goes_on(ANSWERS)


def clean(bot: Served) -> list[str]:
    """What Discord would not have taken, limits hit by our own doing, and failures in the log: to be empty."""
    wrong = [f"{one.request}: {one.wrong}" for one in bot.discord.complaints]
    wrong += [f"{one.request} was limited" for one in bot.discord.own_limited]
    lines = (bot.said() + bot.log()).splitlines()
    return wrong + [line for line in lines if "ERROR" in line or "failed" in line or "Ignoring" in line]
