"""A bot that is killed at a random request, and a candidate who goes on with their interview all the same."""

from __future__ import annotations

import asyncio
import contextlib
import json
import sqlite3
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from random import Random
from typing import Any

from tests.surfaces.discord.candidate import Candidate
from tests.surfaces.discord.serving import Served

#: What a candidate does: a way, and the words for it.
Deed = tuple[str, str]
#: Seconds in which a bot that was started again has gone on with a turn that broke off.
PATIENCE = 6.0


@dataclass
class Killer:
    """Kills a bot while it makes a request: before Discord has done what was asked, or just after."""

    bot: Served
    random: Random
    most: int = 4
    times: int = 100
    kills: int = 0
    _left: int = 0
    _struck: bool = False

    def arm(self) -> None:
        """From now on: the bot is killed at one of its next requests ; `times` is enough."""
        if not self._left and not self._struck and self.kills < self.times:
            self._left = self.random.randint(1, self.most)
            self.bot.discord.faults.add(self.random.choice(("cut", "acts, then cut")), self._strikes)

    def _strikes(self, request: str) -> bool:
        self._left -= 1
        if self._left or self.bot.process is None:
            return False
        self.bot.process.kill()
        self._struck = True
        self.kills += 1
        return True

    def rests(self) -> None:
        """Kills nobody any more."""
        self._left = 0
        self.bot.discord.faults.end("cut", "acts, then cut")

    async def struck(self) -> None:
        while not self._struck:  # noqa: ASYNC110 - a request of another process ends this
            await asyncio.sleep(0.01)

    async def starts_again(self) -> bool:
        """Starts the bot where it was killed; False where it was not."""
        if not self._struck or self.bot.process is None:
            return False
        self._struck = False
        await self.bot.process.wait()
        discord = self.bot.discord
        await discord.world.until(lambda: not discord.events.connected(discord.app), 5, lambda: "it is connected still")
        await self.bot.start()
        return True


@dataclass
class Stubborn:
    """A candidate whom a dying bot does not impress. `turns` is what they were told, `again` what they did twice."""

    me: Candidate
    bot: Served
    turns: list[str] = field(default_factory=list)
    again: list[Deed] = field(default_factory=list)

    async def sits(self, deeds: Sequence[Deed], killer: Killer | None = None) -> None:
        """Does one thing a turn, the last of them until the interview is over."""
        self.turns.append(self.me.turn.text)
        at = 0
        while not self.me.over:
            deed = deeds[min(at, len(deeds) - 1)]
            await self._does(deed, killer)
            at += 1
            self.turns.append(self.me.turn.text)

    async def _does(self, deed: Deed, killer: Killer | None) -> None:
        if killer is None:
            assert await self._acts(deed)
            await self.me.next()
            return
        killer.arm()
        while True:
            done = await self._acts(deed)
            if await self._turned(killer, PATIENCE if done else 1.0):
                return
            assert deed[0] != "says", f"what was said is lost: {deed[1]}"
            assert not done or deed[1] not in words_kept(self.bot), f"it was kept, and nothing came of it: {deed}"
            self.again.append(deed)

    async def _turned(self, killer: Killer, patience: float) -> bool:
        """Waits for the next turn, over deaths of the bot."""
        turn = asyncio.create_task(self.me.next(patience))
        struck = asyncio.create_task(killer.struck())
        await asyncio.wait({turn, struck}, return_when=asyncio.FIRST_COMPLETED)
        died = struck.done() and not turn.done()
        struck.cancel()
        if died:
            await killer.starts_again()
        await asyncio.wait({turn})
        if died and turn.exception() is not None:
            turn = asyncio.create_task(self.me.next(PATIENCE))
            await asyncio.wait({turn})
        if turn.exception() is None and killer.random.random() < 0.5:  # else it is found dead at the next deed
            await killer.starts_again()
        return turn.exception() is None

    async def _acts(self, deed: Deed) -> bool:
        """One thing that a person does; False where the client showed that nothing came of it."""
        how, words = deed
        person = self.me.person
        if how == "says":
            await person.says(self.me.channel, words)
            return True
        if how == "presses":
            shown = await person.click(self.me.turn, words, seconds=0)
            return not shown.failed
        if how == "commands":
            shown = await person.slash(self.me.channel, words, seconds=0)
            return not shown.failed
        opened = await person.click(self.me.turn, "Answer", seconds=0)
        if opened.modal is None:
            return False
        return not (await person.submit(opened, words, seconds=0)).failed


def events_of(bot: Served) -> list[tuple[str, dict[str, Any]]]:
    """What was written down of all sittings: kinds and bodies, in order."""
    with contextlib.closing(sqlite3.connect(f"file:{bot.home / 'viva.db'}?mode=ro", uri=True)) as database:
        rows = database.execute("select kind, body from events order by session, seq").fetchall()
    return [(kind, json.loads(body)) for kind, body in rows]


def words_kept(bot: Served) -> Counter[str]:
    """What the candidates said, and how often it was written down."""
    return Counter(str(body["text"]) for kind, body in events_of(bot) if kind == "Heard")
