"""What people do wrong with the interviews of others and their own: whoever did it is told kindly, and nobody else;
the interview goes on as if nothing had been."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import pytest
import pytest_asyncio

from tests.surfaces.discord.seats import (
    ANSWERS,
    COURSE,
    FIRST,
    Seat,
    a_group,
    clean,
    kinds,
    newcomer,
    seated,
    sessions,
    told_alone,
)
from tests.surfaces.discord.serving import Served

pytestmark = pytest.mark.asyncio(loop_scope="module")


@pytest_asyncio.fixture(loop_scope="module")
async def seat(bot: Served) -> AsyncIterator[Seat]:
    """Somebody who was asked the first question, in a thread on a server of their own."""
    group = a_group(bot)
    yield await seated(bot, group["general"], newcomer(group))
    assert clean(bot) == []


async def test_hint_pressed_twice_costs_one_hint(seat):
    first, second = await asyncio.gather(seat.who.click(seat.on, "Hint"), seat.who.click(seat.on, "Hint"))
    await seat.asked()
    kept = [one for one in (first, second) if one.ephemeral]
    assert len(kept) == 1, "one of them is told that the button was pressed already"
    assert "once" in kept[0].text and not kept[0].failed
    again = await seat.who.click(seat.said[0], "Hint")
    assert again.ephemeral and "once" in again.text, "and so is who presses it later"
    assert kinds(seat.story, "Hinted") == ["Hinted"]
    assert sum(message.text.startswith("-# You asked") for message in seat.said) == 1


async def test_skip_pressed_twice_leaves_one_question(seat):
    first, second = await asyncio.gather(seat.who.click(seat.on, "Skip"), seat.who.click(seat.on, "Skip"))
    await seat.asked()
    assert sorted(one.ephemeral for one in (first, second)) == [False, True]
    assert kinds(seat.story, "Skipped") == ["Skipped"]
    assert "Question 2 of 2" in seat.on.text


async def test_answer_pressed_twice_and_sent_twice_counts_once_more_and_not_instead(seat, story):
    one, other = await asyncio.gather(seat.opens(), seat.opens())
    assert one.modal and other.modal
    await seat.who.submit(one, FIRST)
    await seat.asked()
    assert await seat.goes_on() == story


async def test_my_report_pressed_twice_comes_twice_to_its_owner_alone(seat):
    await seat.goes_on(ANSWERS)
    first, second = await asyncio.gather(*(seat.who.click(seat.on, "My report") for _ in range(2)))
    for shown in (first, second):
        assert shown.ephemeral and [file.name for file in shown.message.files] == [f"viva-report-{_id(seat)}.md"]


async def test_my_marks_pressed_twice_come_twice_to_their_owner_alone(bot):
    group = a_group(bot)
    seat = await seated(bot, group["general"], newcomer(group), watch=True)
    await seat.answers(FIRST)
    for shown in await asyncio.gather(*(seat.who.click(seat.on, "My marks") for _ in range(2))):
        await told_alone(shown, "met")
    assert not any("**met**" in message.text for message in seat.said), "nobody else has read a mark"


async def test_move_to_dm_pressed_twice_moves_once(seat, story):
    await seat.answers(FIRST)
    opening = seat.said[0]
    shown = await asyncio.gather(*(seat.who.click(opening, "Move to DM") for _ in range(2)))
    await told_alone(await seat.who.click(opening, "Move to DM"), "in your direct messages already")
    assert all(one.ephemeral and "direct messages" in one.text for one in shown)
    assert len(seat.who.direct.said) == 1, "what stands open is said there, once"
    old, seat.where, seat.on = seat.where, seat.who.direct, seat.who.direct.said[0]
    assert await seat.goes_on() == story
    assert len([one for one in old.said if one.kind != 1]) == 3, "and nothing more in the thread"


async def test_moved_while_a_turn_is_worked_on_the_rest_of_it_is_said_there(bot, seat, story):
    form = await seat.opens()
    bot.discord.faults.add("slow", "/callback", seconds=1.0)  # the turn goes on once the answer is acknowledged
    submitted = asyncio.create_task(seat.who.submit(form, FIRST))
    await asyncio.sleep(0.3)
    await told_alone(await seat.who.click(seat.on, "Move to DM"), "direct messages")
    await submitted
    old, seat.where, seat.on = seat.where, seat.who.direct, seat.who.direct.said[0]
    await seat.asked()
    assert [one.text[:7] for one in old.said if one.kind != 1][1:] == ["> Batch"], "no mark was said in the thread"
    assert await seat.goes_on() == story


async def test_in_a_dm_instead_pressed_twice_begins_one(bot):
    group = a_group(bot)
    who = newcomer(group)
    group.takes("everyone", "create_private_threads")
    shown = await who.slash(group["general"], "interview", **COURSE)
    pressed = await asyncio.gather(*(who.click(shown.message, "In a DM instead") for _ in range(2)))
    assert all(one.ephemeral and not one.failed for one in pressed)
    await told_alone(await who.click(shown.message, "In a DM instead"), "too old", "/interview again")
    assert len(sessions(bot, who)) == 1


async def test_go_on_and_begin_anew_pressed_twice(bot, seat):
    general = seat.where.parent
    offer = await seat.who.slash(general, "interview", **COURSE)
    assert "unfinished" in offer.text and list(offer.buttons) == ["Go on with it", "Begin a new one"]
    gone_on = await asyncio.gather(*(seat.who.click(offer.message, "Go on with it") for _ in range(2)))
    assert all(one.ephemeral for one in gone_on) and any("<#" in one.text for one in gone_on)
    assert len(seat.said) == 2, "what stands open is said once more, once"
    anew = await asyncio.gather(*(seat.who.click(offer.message, "Begin a new one") for _ in range(2)))
    assert sorted("<#" in one.text for one in anew) == [False, True] and all(one.ephemeral for one in anew)
    assert len(sessions(bot, seat.who)) == 2, "one more, not two"


async def test_two_interviews_asked_for_at_once_are_one(bot):
    group = a_group(bot)
    who = newcomer(group)
    shown = await asyncio.gather(*(who.slash(group["general"], "interview", flow="quick") for _ in range(2)))
    assert all(one.ephemeral and not one.failed for one in shown)
    assert len(sessions(bot, who)) == 1 and len(who.sees_threads(group["general"])) == 1


async def test_somebody_elses_buttons_do_nothing_for_others(bot, story):
    group = a_group(bot)
    who, other = newcomer(group), newcomer(group)
    seat = await seated(bot, group["general"], who, watch=True)
    for label in ("Answer", "Hint", "Skip"):
        shown = await other.click(seat.on, label)
        await told_alone(shown, "somebody else's", "/interview")
        assert not shown.modal
    assert await seat.goes_on(ANSWERS) == story
    assert (await other.click(seat.on, "My report")).text == shown.text, "a report is its owner's alone"
    marks = await other.click(next(one for one in seat.said if "My marks" in one.buttons), "My marks")
    await told_alone(marks, "somebody else's")


async def test_commands_in_anothers_thread_touch_nothing(bot, story):
    group = a_group(bot)
    who, other = newcomer(group), newcomer(group)
    seat = await seated(bot, group["general"], who, watch=True)
    commands: list[tuple[str, dict[str, Any]]] = [
        ("hint", {}),
        ("skip", {}),
        ("end", {}),
        ("grade", {}),
        ("code", {}),
        ("dispute", {"why": "x"}),
    ]
    for line, options in commands:
        shown = await other.slash(seat.where, line, **options)
        await told_alone(shown, "somebody else's")
    await other.says(seat.where, "Say that it is about layers!", reply_to=seat.on)
    assert await seat.goes_on(ANSWERS) == story


async def test_who_is_brought_into_a_private_thread_and_talks_is_not_heard(bot, story):
    group = a_group(bot)
    moderator = newcomer(group, "manage_threads")
    who, other = newcomer(group), newcomer(group)
    seat = await seated(bot, group["general"], who)
    await moderator.brings(seat.where, other)
    said = len(seat.said)
    await other.says(seat.where, FIRST, mentions=[bot.discord.bot])
    await other.says(seat.where, FIRST, reply_to=seat.on)
    shown = await other.click(seat.on, "Answer")
    await told_alone(shown, "somebody else's")
    assert len(seat.said) == said
    assert await seat.goes_on(ANSWERS) == story


def _id(seat: Seat) -> str:
    return seat.on.buttons["My report"].custom_id.split(":")[2]
