"""Messages where the records fail: who wrote to us is told, and what goes wrong at one place is that one's alone."""

from __future__ import annotations

from types import SimpleNamespace

import discord
import pytest

from bot.errors import StoreError
from bot.ports.groups import Place
from bot.surfaces.discord import words
from bot.surfaces.discord.cogs.listening import Listening
from bot.surfaces.discord.gathering import Gathering


class Groups:
    """Records that answer nothing of a channel, or that are broken by one."""

    def __init__(self, error: Exception, broken: str = "") -> None:
        self.error, self.broken = error, broken
        self.asked: list[str] = []

    async def in_channel(self, channel: str) -> Place | None:
        self.asked.append(channel)
        if self.broken in ("", channel):
            raise self.error
        return None


class Channel:
    id = 10

    def __init__(self) -> None:
        self.said: list[str] = []

    async def send(self, text: str, allowed_mentions: object) -> None:
        self.said.append(text)


def room(groups: Groups) -> Listening:
    us = SimpleNamespace(mentioned_in=lambda message: message.mentions)
    turns = SimpleNamespace(desk=SimpleNamespace(groups=groups))
    return Listening(SimpleNamespace(user=us), turns, None, Gathering(turns))  # type: ignore[arg-type]


@pytest.mark.parametrize(("guild", "mentions", "told"), [(None, False, 1), ("a server", True, 1), ("a server", 0, 0)])
async def test_words_of_which_the_records_do_not_say_whose_they_are_are_said_not_to_be_kept(guild, mentions, told):
    channel = Channel()
    message = SimpleNamespace(
        author=SimpleNamespace(bot=False, id=1),
        type=discord.MessageType.default,
        channel=channel,
        guild=guild,
        mentions=mentions,
        mention_everyone=False,
    )
    await room(Groups(StoreError("The disk is full."))).on_message(message)  # type: ignore[arg-type]
    assert channel.said == [words.NOT_KEPT.format(why=words.RECORDS)] * told


async def test_what_goes_wrong_at_one_place_keeps_no_other_from_being_caught_up_with(caplog):
    groups = Groups(KeyError("a word"), broken="10")
    await room(groups).catch_up([Place("s1", "discord:1", "10"), Place("s2", "discord:2", "11")])
    assert groups.asked == ["10", "11"]
    [record] = caplog.records
    assert record.levelname == "ERROR" and vars(record)["session"] == "s1"
