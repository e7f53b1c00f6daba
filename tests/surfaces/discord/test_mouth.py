"""What is shown while a program runs ends with the turn, also where the turn breaks."""

from __future__ import annotations

import asyncio
from typing import Any

from bot.core.training import Progress
from bot.ports.groups import Place
from bot.surfaces.discord.mouth import ChannelMouth
from bot.surfaces.discord.posting import NotSaid

PLACE = Place("s1", "discord:1", "10", "20", "30")
MOVED = Place("s1", "discord:1", "11")


class Posts:
    """Takes one message, and none after that; the sitting was moved meanwhile."""

    def __init__(self) -> None:
        self.sent: list[Place] = []

    async def now(self, place: Place) -> Place:
        return MOVED

    async def send(self, place: Place, page: object) -> tuple[Place, object]:
        self.sent.append(place)
        raise NotSaid("Discord takes none.")


def others() -> set[Any]:
    return asyncio.all_tasks() - {asyncio.current_task()}


def mouth(posts: Posts) -> ChannelMouth:
    return ChannelMouth(posts, None, None, PLACE, None)  # type: ignore[arg-type]


async def test_nothing_is_left_waiting_when_a_turn_breaks_before_anything_was_shown():
    speaking = mouth(Posts())
    speaking.progress("q", Progress("queued"))
    assert len(others()) == 1
    await speaking.close()
    await asyncio.sleep(0.05)
    assert not others()


async def test_what_cannot_be_shown_breaks_no_turn_and_is_tried_where_the_sitting_goes_on(caplog):
    posts = Posts()
    speaking = mouth(posts)
    speaking.progress("q", Progress("running"))
    await asyncio.sleep(0.05)
    await speaking.close()
    assert posts.sent == [MOVED] and not others()
    assert [one.getMessage() for one in caplog.records] == ["showing how a run stands broke off: Discord takes none."]
