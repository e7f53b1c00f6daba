"""With the Message Content intent people answer in several messages: each is written down as it comes, and the turn
begins when they have stopped typing."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass

from bot.ports.groups import Place
from bot.surfaces.discord.minding import beside
from bot.surfaces.discord.turns import Given, Turns

#: Seconds of silence that end an answer, and the longest that one is waited for.
SILENCE = 8.0
LONGEST = 90.0


@dataclass
class _Answer:
    account: int
    until: float
    end: float


class Gathering:
    """Waits, for each place, until its candidate has stopped."""

    def __init__(self, turns: Turns, silence: float = SILENCE, longest: float = LONGEST) -> None:
        self._turns = turns
        self._silence = silence
        self._longest = longest
        self._answers: dict[str, _Answer] = {}
        self._waits: set[asyncio.Task[None]] = set()

    async def take(self, place: Place, given: Given, account: int) -> None:
        """Writes the words down; the turn begins later."""
        async with self._turns.at(place) as interview, self._turns.apart(interview):
            if not await interview.keep(given.cause, given.text, given.code, given.meant(interview), given.probes):
                return
        if self._turns.ending:
            return
        now = asyncio.get_running_loop().time()
        known = self._answers.get(place.channel)
        if known is None:
            answer = self._answers[place.channel] = _Answer(account, now + self._silence, now + self._longest)
            self._waits.add(task := beside(self._wait(place, answer), "a turn", place.session))
            task.add_done_callback(self._waits.discard)
        else:
            known.until = min(now + self._silence, known.end)

    def typing(self, channel: str, account: int) -> None:
        """Somebody is typing in a channel."""
        known = self._answers.get(channel)
        if known is not None and known.account == account:
            known.until = min(asyncio.get_running_loop().time() + self._silence, known.end)

    async def _wait(self, place: Place, answer: _Answer) -> None:
        """What comes after the silence is another answer: it is waited for by a task of its own."""
        try:
            async with self._turns.at(place) as interview:
                await self._silent(answer)
                self._over(place, answer)
                async with self._turns.speaking(interview, place) as mouth:
                    await interview.go_on(mouth)
        finally:
            self._over(place, answer)

    async def _silent(self, answer: _Answer) -> None:
        loop = asyncio.get_running_loop()
        while (left := answer.until - loop.time()) > 0:  # noqa: ASYNC110 - the end is known, and put off at most
            await asyncio.sleep(left)

    def _over(self, place: Place, answer: _Answer) -> None:
        if self._answers.get(place.channel) is answer:
            del self._answers[place.channel]
