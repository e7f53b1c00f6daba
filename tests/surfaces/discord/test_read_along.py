"""Somebody is let into a private thread: it is said there, and marks are shown to the candidate alone from then on."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import pytest
import pytest_asyncio

from bot.core.reply import Reply, Text
from bot.core.session import Session
from bot.ports import Stands
from bot.ports.groups import Place
from bot.surfaces.discord import words
from bot.surfaces.discord.layout import Label
from bot.surfaces.discord.mouth import ChannelMouth
from bot.surfaces.discord.pages import Page
from bot.surfaces.discord.posting import NotSaid
from bot.surfaces.discord.reading_along import ReadingAlong
from tests.loopback.group import Group
from tests.loopback.person import Person
from tests.loopback.world import Channel, Message
from tests.surfaces.discord.seats import (
    FIRST,
    SECOND,
    UNKNOWN,
    Seat,
    a_group,
    can_answer,
    clean,
    happened,
    newcomer,
    seated,
    told_alone,
)
from tests.surfaces.discord.serving import Served, served

pytestmark = pytest.mark.asyncio(loop_scope="module")
#: What marks have and nothing else: a score, or a quotation of the first answer.
MARKS = re.compile(r"\b0?\.\d\d\b|takes the whole training set")
#: A refusal that says nothing of the place, and is not of our doing.
NOT_NOW = 50005
ALWAYS = 10**6


@pytest_asyncio.fixture(loop_scope="module")
async def seat(bot: Served) -> Seat:
    """Somebody who was asked the first question, in a private thread on a server of their own."""
    group = a_group(bot)
    return await seated(bot, group["general"], newcomer(group))


def stranger(seat: Seat, permissions: str = "") -> Person:
    """Somebody else on the same server."""
    assert seat.where.server is not None
    return newcomer(Group(seat.bot.discord, seat.where.server), permissions)


def marked(message: Message) -> bool:
    """Whether a turn shows marks to all who read it."""
    assert can_answer(message) or "My report" in message.buttons, message
    return bool(MARKS.search(message.text))


def notices(where: Channel) -> list[Message]:
    """What was said about somebody else reading along."""
    return [message for message in where.said if message.text == words.LET_IN]


async def is_told(where: Channel) -> Message:
    """The notice, once it is there; a connection that begins anew takes its time."""
    return await where.waits_for(lambda message: message.text == words.LET_IN, seconds=40)


async def comes_in(how: str, seat: Seat) -> Person:
    """Somebody else comes into the thread."""
    moderator, other = stranger(seat, "manage_threads"), stranger(seat)
    match how:
        case "is added":
            await moderator.brings(seat.where, other)
        case "is mentioned":
            await moderator.says(seat.where, "look", mentions=[other])
        case "joins":
            await moderator.joins_thread(seat.where)
            return moderator
        case "says something":
            await moderator.says(seat.where, "hello")
            return moderator
    return other


async def test_marks_are_hidden_from_who_is_let_in_and_shown_to_the_candidate_alone(bot, seat):
    assert marked(await seat.answers(FIRST)), "nobody else is there"
    other, third = await comes_in("is added", seat), stranger(seat)
    notice = await is_told(seat.where)
    assert not notice.pings and "Move to DM" in notice.buttons
    turn = await seat.answers(UNKNOWN)
    assert not marked(turn) and "My marks" in turn.buttons
    await told_alone(await seat.who.click(turn, "My marks"), "met")
    for label in ("My marks", "Answer", "Hint"):
        await told_alone(await other.click(turn, label), "somebody else's")
    await told_alone(await other.click(notice, "Move to DM"), "somebody else's")
    await stranger(seat, "manage_threads").brings(seat.where, third)
    for who in (other, third):
        await who.leaves_thread(seat.where)
    assert not marked(await seat.answers(SECOND)), "who was there may come again"
    await seat.who.submit(await seat.opens(), UNKNOWN)
    end = await seat.asked(lambda message: "My report" in message.buttons)
    assert not marked(end) and "went worst" not in end.text and len(notices(seat.where)) == 1, "it is said once"
    for label in (words.MY_REPORT, words.ANOTHER):
        await told_alone(await stranger(seat, "manage_threads").click(end, label), "somebody else's")
    await told_alone(await seat.who.click(notice, "Move to DM"), "is over")
    assert clean(bot) == []


@pytest.mark.parametrize("how", ["is mentioned", "joins", "says something"])
async def test_however_somebody_comes_in_no_mark_is_said_openly_after_it(seat, how):
    await comes_in(how, seat)
    turn = await seat.answers(FIRST)
    assert not marked(turn) and "My marks" in turn.buttons
    assert [message.id < turn.id for message in notices(seat.where)] == [True]


async def test_the_candidate_and_the_bot_are_nobody_else(bot, seat):
    await seat.who.leaves_thread(seat.where)
    await told_alone(await seat.who.slash(seat.where.parent, "hint"), "for a hint")  # brings them back
    await seat.asked()
    await seat.who.says(seat.where, "look", mentions=[bot.discord.bot, seat.who])
    await seat.asked()
    assert marked(await seat.answers(FIRST)) and not notices(seat.where)


async def test_one_who_takes_the_candidates_place_is_somebody_else(seat):
    form, moderator = await seat.opens(), stranger(seat, "manage_threads")
    await seat.who.leaves_thread(seat.where)
    await moderator.joins_thread(seat.where)
    await seat.who.submit(form, FIRST)
    assert not marked(await seat.asked()) and notices(seat.where)


async def test_let_in_while_a_turn_is_worked_on(bot, seat):
    form = await seat.opens()
    bot.discord.faults.add("slow", "/callback", seconds=0.4)  # the turn goes on once the answer is acknowledged
    submitted = asyncio.create_task(seat.who.submit(form, FIRST))
    await comes_in("is added", seat)
    await is_told(seat.where)
    await submitted
    assert not marked(await seat.asked())


@pytest.mark.parametrize(
    ("fault", "how"),
    [
        ("refused", {"code": 50001}),
        pytest.param("slow", {"seconds": 4.0}, marks=pytest.mark.slow),
        ("503", {}),
    ],
)
async def test_where_discord_does_not_say_who_is_there_marks_are_hidden_that_time(bot, seat, fault, how):
    asked = f"GET /channels/{seat.where.id}"
    bot.discord.faults.add(fault, lambda request: request == asked, times=ALWAYS, **how)
    turn = await seat.answers(FIRST)
    assert not marked(turn) and "My marks" in turn.buttons and words.WHO_READS in turn.text
    bot.discord.faults.end(fault)
    assert marked(await seat.answers(UNKNOWN)) and not notices(seat.where)


async def test_a_notice_that_discord_does_not_take_comes_before_the_next_marks(bot, seat):
    refusal = bot.discord.faults.add("refused", f"POST /channels/{seat.where.id}/messages", code=NOT_NOW)
    await comes_in("is added", seat)
    await happened(refusal)
    turn = await seat.answers(FIRST)
    assert not marked(turn) and [message.id < turn.id for message in notices(seat.where)] == [True]


async def test_move_to_dm_goes_on_openly_and_where_it_fails_marks_stay_hidden(seat):
    await comes_in("is added", seat)
    notice = await is_told(seat.where)
    seat.who.user.takes_direct = False
    await told_alone(await seat.who.click(notice, "Move to DM"), "direct messages", "The interview is kept")
    assert not marked(await seat.answers(FIRST))
    seat.who.user.takes_direct = True
    await told_alone(await seat.who.click(notice, "Move to DM"), "in your direct messages")
    seat.where, seat.on = seat.who.direct, await seat.who.direct.waits_for(can_answer)
    assert marked(await seat.answers(UNKNOWN)) and not notices(seat.where)


async def test_taken_up_again_where_somebody_came_in_it_is_said_and_in_a_fresh_thread_marks_are_open(seat):
    async def goes_on() -> str:
        offer = await seat.who.slash(general, "interview")
        return await told_alone(await seat.who.click(offer.message, "Go on with it"))

    general, old = seat.where.parent, seat.where
    assert general is not None
    await comes_in("joins", seat)
    assert "Somebody else was let into it" in await goes_on()
    turn = await seat.asked()
    assert [message.id < turn.id for message in notices(old)] == [True]
    assert not marked(await seat.answers(FIRST))
    await old.delete()
    assert "Only you and those who manage threads" in await goes_on()
    seat.where = await seat.who.sees_thread(general)
    seat.on = await seat.where.waits_for(can_answer)
    assert marked(await seat.answers(UNKNOWN)) and not notices(seat.where)


@pytest.mark.slow
async def test_who_came_in_while_the_bot_was_away_or_was_not_announced_yet(tmp_path: Path):
    """A kill between keeping and saying it; people who come in while there is no process, and no gateway."""
    async with served(tmp_path) as bot:
        bot.discord.rates.on = False
        group = a_group(bot)
        first, second, third = [await seated(bot, group["general"], newcomer(group)) for _ in range(3)]
        posted = f"POST /channels/{first.where.id}/messages"
        refusal = bot.discord.faults.add("refused", posted, times=ALWAYS, code=NOT_NOW)
        await comes_in("is added", first)
        await happened(refusal)
        await bot.kill()
        bot.discord.faults.end()
        await comes_in("joins", second)
        await bot.start()
        for seat in (first, second):
            await is_told(seat.where)
            assert not marked(await seat.answers(FIRST))
        assert marked(await third.answers(FIRST))
        bot.discord.faults.add("no resume", "GATEWAY")
        bot.discord.gateway.drop(None)
        await bot.discord.world.until(lambda: not bot.discord.events.connected(bot.discord.app), 5, lambda: "connected")
        await comes_in("is added", third)
        await is_told(third.where)
        assert not marked(await third.answers(UNKNOWN)) and len(notices(third.where)) == 1
        assert [len(notices(seat.where)) for seat in (first, second)] == [1, 1]
        assert bot.discord.complaints == []


# Without a process.

PLACE = Place("s1", "discord:1", "10", "20", "30")


class Known:
    """The place of a sitting as it is kept."""

    def __init__(self) -> None:
        self.place = PLACE
        self.knows = asyncio.Event()

    async def placed(self, session: str) -> Place:
        return self.place

    async def let_in(self, place: Place) -> None:
        self.place = replace(self.place, shared=True)

    async def told(self, place: Place) -> None:
        self.place = replace(self.place, told=True)
        self.knows.set()


class Posts:
    """Takes messages after so many refusals; somebody comes in once the first page of a turn was said."""

    metrics = SimpleNamespace(turn=lambda seconds: None)

    def __init__(self, known: Known, refusals: int = 0) -> None:
        self.known = known
        self.refusals = refusals
        self.tries: list[str] = []
        self.said: list[tuple[str, list[str]]] = []

    async def now(self, place: Place) -> Place:
        return self.known.place

    async def others_in(self, place: Place) -> bool:
        return False

    async def say_there(self, place: Place, page: Page, buttons: Sequence[Label], nonce: str) -> None:
        self.tries.append(nonce)
        if len(self.tries) <= self.refusals:
            raise NotSaid("Discord takes none.")

    async def send(
        self, place: Place, page: Page, buttons: Sequence[Label], nonce: str, ping: bool
    ) -> tuple[Place, None]:
        self.said.append(("".join(map(str, page.blocks)), [button.text for button in buttons]))
        await self.known.let_in(place)
        return place, None


async def test_a_notice_is_said_again_by_itself_until_it_is_taken():
    known = Known()
    posts = Posts(known, refusals=4)
    reading_along = ReadingAlong(cast(Any, posts), cast(Any, known), waits=(0.0,) * 5)
    await reading_along.let_in(PLACE)
    async with asyncio.timeout(5):
        await known.knows.wait()
    assert posts.tries == ["in.10"] * 5, "by the same nonce, so that it is not said twice"
    await reading_along.let_in(known.place)
    assert await reading_along.tell("s1") and len(posts.tries) == 5


async def test_let_in_between_two_pages_of_a_turn():
    known = Known()
    posts = Posts(known)
    interview = SimpleNamespace(session=Session(), session_id="s1", stands=lambda: Stands("answer"))
    reading_along = ReadingAlong(cast(Any, posts), cast(Any, known))
    mouth = ChannelMouth(cast(Any, posts), cast(Any, None), cast(Any, interview), PLACE, reading_along)
    mouth.note = "A note."
    marks = Reply("feedback", (Text(" ".join(f"mark{n}" for n in range(1500))),))
    await mouth.say(1, [marks, Reply("follow_up", (Text("And then?"),))])
    (first, none), (second, buttons) = posts.said
    assert first.startswith("A note.mark0 ") and none == []
    assert second == "And then?" and words.MY_MARKS in buttons
