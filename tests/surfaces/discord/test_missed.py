"""What was said while we were away: since when it is looked for, and that all of it is found."""

from __future__ import annotations

import logging
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace

from bot.ports.groups import Place
from bot.surfaces.discord.missed import MOST_LOOKED_AT, Missed

NOON = datetime(2026, 5, 1, 12, tzinfo=UTC)
PLACE = Place("s1", "discord:1", "10")


class Channel:
    """A channel with its messages: seconds after noon, and who said them."""

    def __init__(self) -> None:
        self.said: list[tuple[float, int]] = []

    async def history(self, after: datetime, limit: int, oldest_first: bool):
        found = [(at, who) for at, who in self.said if NOON + timedelta(seconds=at) > after]
        for at, who in found[:limit]:
            yield SimpleNamespace(at=at, author=SimpleNamespace(id=who))


class Desk:
    """A house with one sitting, that was worked on last a minute after noon; `now` is set by the test."""

    def __init__(self) -> None:
        self.groups = self
        self.seconds = 0.0

    def now(self) -> datetime:
        return NOON + timedelta(seconds=self.seconds)

    async def open_places(self, since: datetime):
        return [(PLACE, NOON + timedelta(seconds=60))]

    async def person(self, account: str) -> str:
        return account

    async def sitting(self, person: str, session: str):
        return SimpleNamespace(begun=NOON.isoformat())


class Away:
    """A bot that was connected from ten minutes after noon."""

    def __init__(self) -> None:
        self.channel, self.desk = Channel(), Desk()
        client = SimpleNamespace(get_partial_messageable=lambda channel: self.channel, get_guild=lambda server: None)
        self.missed = Missed(client, self.desk)  # type: ignore[arg-type]

    async def back(self, seconds: float) -> list[float]:
        """Connected again; when what is found was said."""
        self.desk.seconds = seconds
        await self.missed.back(0)
        return [message.at for message in await self.missed.at(PLACE)]  # type: ignore[attr-defined]


async def test_what_was_said_while_the_connection_was_only_silent_is_found() -> None:
    away = Away()
    assert await away.back(600.0) == []
    away.channel.said = [(1000.0 + seconds, 1) for seconds in range(0, 90, 10)]
    away.desk.seconds = 1060.0
    away.missed.gone(0)
    assert await away.back(1100.0) == [at for at, _ in away.channel.said]


async def test_all_that_somebody_said_is_found_and_what_is_beyond_that_is_logged(caplog) -> None:
    away = Away()
    away.channel.said = [(100.0 + number, 1 + number % 2) for number in range(200)]
    assert len(await away.back(600.0)) == 100 and not caplog.records
    away = Away()
    away.channel.said = [(100.0 + number / 100, 1) for number in range(MOST_LOOKED_AT + 1)]
    with caplog.at_level(logging.WARNING):
        assert len(await away.back(600.0)) == MOST_LOOKED_AT
    [told] = caplog.records
    assert "some of it may not be found" in told.getMessage() and vars(told)["session"] == "s1"
