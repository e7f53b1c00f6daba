"""What goes wrong at Discord: nothing is lost, nothing is said or done twice, and the interview goes on by itself."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from itertools import pairwise

import pytest
import pytest_asyncio
from _pytest.mark import ParameterSet

from tests.surfaces.discord.seats import (
    ANSWERS,
    COURSE,
    FIRST,
    Seat,
    a_group,
    can_answer,
    happened,
    kinds,
    newcomer,
    seated,
    seated_directly,
    sessions,
)
from tests.surfaces.discord.serving import Served

pytestmark = pytest.mark.asyncio(loop_scope="module")
CALLBACK, MESSAGES, EDIT = "/callback", "/messages", "PATCH /webhooks"


@pytest_asyncio.fixture(loop_scope="module")
async def seat(bot: Served) -> AsyncIterator[Seat]:
    """Somebody who was asked the first question; afterwards nothing goes wrong any more."""
    group = a_group(bot)
    yield await seated(bot, group["general"], newcomer(group))
    bot.discord.faults.end()
    assert [f"{one.request}: {one.wrong}" for one in bot.discord.complaints] == []
    assert not [line for line in bot.said().splitlines() if "an interaction failed" in line or "Ignoring" in line]


def _slow(case: str) -> ParameterSet:
    """A case that takes its time, and one of its kind is among the quick ones."""
    return pytest.param(case, marks=pytest.mark.slow)


def said_once(seat: Seat) -> bool:
    """Whether nothing stands twice in a row where the interview is."""
    texts = [message.text for message in seat.said]
    return all(one != following for one, following in pairwise(texts))


# Requests.


ONCE = ["429", "503", "cut", *map(_slow, ("429 global", "500", "502", "504", "slow"))]
SEEMING = ["acts, then cut", _slow("acts, then 502")]


@pytest.mark.parametrize("name", ONCE)
@pytest.mark.parametrize("where", [CALLBACK, MESSAGES])
async def test_a_request_fails_once(bot, seat, story, name, where):
    where = f"POST /channels/{seat.where.id}/messages" if where == MESSAGES else where
    fault = bot.discord.faults.add(name, where, seconds=0.5)
    shown = await seat.who.submit(await seat.opens(), FIRST) if where != CALLBACK else await _in_spite(seat)
    await seat.asked()
    assert fault.happened == 1
    assert not shown.failed and shown.text.startswith("> Batch gradient"), "answered all the same, in time"
    assert await seat.goes_on() == story and said_once(seat)


async def _in_spite(seat: Seat):
    """Opens the modal and sends it off, though one of the two is answered late."""
    opened = await seat.opens()
    assert opened.modal is not None, opened
    return await seat.who.submit(opened, FIRST)


@pytest.mark.parametrize("name", SEEMING)
@pytest.mark.parametrize("where", [CALLBACK, MESSAGES, EDIT])
async def test_a_request_works_and_seems_to_fail(bot, seat, story, name, where):
    modal = await seat.opens()
    where = f"POST /channels/{seat.where.id}/messages" if where == MESSAGES else where
    fault = bot.discord.faults.add(name, where)
    if where == EDIT:
        shown = await seat.who.slash(seat.where, "grade")
        assert "Nothing has been graded yet" in shown.text and len(shown.messages) == 1
    shown = await seat.who.submit(modal, FIRST)
    await seat.asked()
    assert fault.happened == 1
    assert shown.text.startswith("> Batch gradient") and len(shown.messages) == 1, "said, and said once"
    told = await seat.goes_on()
    assert [one for one in told if "/grade" not in one and "Remarked" not in one] == story and said_once(seat)


@pytest.mark.parametrize("name", SEEMING)
async def test_an_interview_is_begun_once_though_its_acknowledgement_seemed_to_fail(bot, story, name):
    group = a_group(bot)
    who = newcomer(group)
    bot.discord.faults.add(name, CALLBACK)
    shown = await who.slash(group["general"], "interview", **COURSE)
    assert "Your interview is in" in shown.text and shown.ephemeral and not shown.thinking
    assert len(sessions(bot, who)) == 1 == len(who.sees_threads(group["general"]))
    bot.discord.faults.end()


@pytest.mark.slow
async def test_discord_takes_no_answer_in_time_and_the_words_are_kept(bot, seat, story):
    modal = await seat.opens()
    bot.discord.faults.add("502", CALLBACK, times=9)
    shown = await seat.who.submit(modal, FIRST)
    assert shown.failed, "the client says so itself: nobody else can"
    await seat.asked(seconds=30)
    bot.discord.faults.end()
    assert await seat.goes_on() == story


@pytest.mark.parametrize("times", [1, _slow("6")])
async def test_an_outage_is_waited_for_without_anybodys_doing(bot, seat, story, times):
    times = int(times)
    fault = bot.discord.faults.add("503", f"POST /channels/{seat.where.id}/messages", times=times)
    shown = await seat.who.submit(await seat.opens(), FIRST)
    await seat.asked(seconds=60)
    assert fault.happened == times and not shown.failed
    told = [message for message in shown.messages if "neither your fault" in message.text]
    assert (times < 4 and not told) or (told[0].ephemeral and "Nothing is lost" in told[0].text)
    assert await seat.goes_on() == story and said_once(seat)


@pytest.mark.slow
async def test_threads_cannot_be_made_for_a_moment(bot):
    group = a_group(bot)
    who = newcomer(group)
    bot.discord.faults.add("503", f"POST /channels/{group['general'].id}/threads", times=2)
    bot.discord.faults.add("502", "/thread-members/", times=1)
    shown = await who.slash(group["general"], "interview", **COURSE)
    assert "<#" in shown.text, shown
    await (await who.sees_thread(group["general"])).waits_for(can_answer)
    bot.discord.faults.end()


async def test_an_attachment_cannot_be_had_for_a_moment(bot, seat, story):
    said = await seat.who.says(seat.where, "", mentions=[bot.discord.bot], files=[("answer.md", FIRST.encode())])
    await seat.asked()
    assert said.files and kinds(seat.story, "Answered") == ["Answered"]
    assert [one for one in await seat.goes_on() if "Heard" not in one] == [one for one in story if "Heard" not in one]


# Interactions and events.


async def test_an_interaction_delivered_twice_counts_once(bot, story):
    group = a_group(bot)
    who = newcomer(group)
    bot.discord.faults.add("twice", "INTERACTION_CREATE", times=1000)
    seat = await seated(bot, group["general"], who)
    assert len(sessions(bot, who)) == 1 == len(who.sees_threads(group["general"]))
    told = await seat.goes_on(ANSWERS)
    bot.discord.faults.end()
    assert told == story and said_once(seat)
    assert bot.discord.interactions.done[-1].follow_ups == []


async def test_a_button_delivered_twice_counts_once(bot, seat):
    bot.discord.faults.add("twice", "INTERACTION_CREATE", times=1)
    shown = await seat.who.click(seat.on, "Hint")
    await seat.asked()
    assert not shown.ephemeral and shown.text == "-# You asked for a hint."
    assert kinds(seat.story, "Hinted") == ["Hinted"]


async def test_an_answer_that_comes_after_its_token_has_run_out_is_kept(bot, seat, story):
    modal = await seat.opens()
    late = bot.discord.faults.add("late", "INTERACTION_CREATE")
    shown = await seat.who.submit(modal, FIRST)
    await happened(late)
    assert shown.failed, "Discord takes no answer to it any more"
    await seat.asked()
    assert await seat.goes_on() == story


@pytest.mark.slow
async def test_a_command_that_comes_too_late_is_done_all_the_same(bot, seat):
    bot.discord.faults.add("late", "INTERACTION_CREATE")
    assert (await seat.who.slash(seat.where, "skip")).failed
    await seat.asked()
    assert "Question 2 of 2" in seat.on.text and kinds(seat.story, "Skipped") == ["Skipped"]


async def test_a_token_that_runs_out_during_a_turn_harms_nobody(bot, seat, story):
    slow = bot.discord.faults.add("slow", f"POST /channels/{seat.where.id}/messages", seconds=0.5)
    await seat.who.submit(await seat.opens(), FIRST)
    await happened(slow)
    bot.discord.clock.advance(minutes=16)
    await seat.asked()
    assert await seat.goes_on() == story


async def test_events_out_of_order(bot, story):
    group = a_group(bot)
    seat = await seated_directly(bot, newcomer(group))
    bot.discord.faults.add("swap", "MESSAGE_CREATE")
    bot.discord.faults.add("swap", "INTERACTION_CREATE")
    await seat.who.says(seat.where, FIRST)  # told after whatever comes next
    await seat.asked()
    assert [one for one in await seat.goes_on() if "Heard" not in one] == [one for one in story if "Heard" not in one]
    bot.discord.faults.end()


# The gateway.


async def _connected_again(bot: Served, before: int, how: str) -> None:
    identified = bot.discord.gateway.identified
    await bot.discord.world.until(
        lambda: len(identified) > before and bot.discord.events.connected(bot.discord.app), 30, lambda: str(identified)
    )
    assert identified[-1][1] == how


@pytest.mark.parametrize("end", ["cut", "closed", "asked to reconnect"])
async def test_a_gateway_that_drops_is_resumed_and_what_was_said_meanwhile_is_heard(bot, story, end):
    group = a_group(bot)
    seat = await seated_directly(bot, newcomer(group))
    before = len(bot.discord.gateway.identified)
    if end == "asked to reconnect":
        bot.discord.gateway.ask_to_reconnect()
    else:
        bot.discord.gateway.drop(None if end == "cut" else 4000)
    await seat.who.says(seat.where, FIRST)
    await seat.asked(seconds=30)
    await _connected_again(bot, before, "RESUME")
    assert [one for one in await seat.goes_on() if "Heard" not in one] == [one for one in story if "Heard" not in one]


@pytest.mark.parametrize("place", ["direct", _slow("thread")])
async def test_a_session_that_cannot_be_resumed_catches_up_with_what_was_said(bot, story, place):
    group = a_group(bot)
    who = newcomer(group)
    seat = await seated_directly(bot, who) if place == "direct" else await seated(bot, group["general"], who)
    before = len(bot.discord.gateway.identified)
    bot.discord.faults.add("no resume", "GATEWAY")
    bot.discord.gateway.drop(None)
    await bot.discord.world.until(lambda: not bot.discord.events.connected(bot.discord.app), 5, lambda: "still there")
    await who.says(seat.where, FIRST, reply_to=seat.on)
    await seat.asked(seconds=40)
    await _connected_again(bot, before, "IDENTIFY")
    assert [one for one in await seat.goes_on() if "Heard" not in one] == [one for one in story if "Heard" not in one]
    assert said_once(seat)


@pytest.mark.slow
async def test_a_catch_up_takes_nothing_that_was_said_before_the_interview(bot, story):
    group = a_group(bot)
    who = newcomer(group)
    await who.says(who.direct, "hello")
    await who.direct.waits_for(lambda message: "/interview" in message.text)
    seat = await seated_directly(bot, who)
    before = len(bot.discord.gateway.identified)
    bot.discord.gateway.invalidate()
    await _connected_again(bot, before, "IDENTIFY")
    assert await seat.goes_on(ANSWERS) == story


@pytest.mark.slow
async def test_op_nine_out_of_the_blue(bot, seat, story):
    before = len(bot.discord.gateway.identified)
    bot.discord.gateway.invalidate()
    await _connected_again(bot, before, "IDENTIFY")
    assert await seat.goes_on(ANSWERS) == story and said_once(seat)


@pytest.mark.slow
async def test_what_is_pressed_while_the_gateway_is_away_can_be_pressed_again(bot, seat, story):
    modal = await seat.opens()
    before = len(bot.discord.gateway.identified)
    bot.discord.faults.add("no gateway", "GATEWAY")
    bot.discord.gateway.drop(None)
    shown = await seat.who.submit(modal, FIRST)
    assert shown.failed, "and the form stays open: it is sent off again"
    await _connected_again(bot, before, "IDENTIFY")
    await seat.who.submit(modal, FIRST)
    await seat.asked(seconds=30)
    assert await seat.goes_on() == story


@pytest.mark.slow
async def test_many_faults_at_once(bot, story):
    group = a_group(bot)
    seats = await asyncio.gather(*(seated(bot, group["general"], newcomer(group)) for _ in range(3)))
    for name in ("502", "503", "cut", "acts, then 502", "429"):
        bot.discord.faults.add(name, "POST /channels", times=2, seconds=0.3)
    told = await asyncio.gather(*(seat.goes_on(ANSWERS) for seat in seats))
    bot.discord.faults.end()
    assert all(one == story for one in told) and all(said_once(seat) for seat in seats)
