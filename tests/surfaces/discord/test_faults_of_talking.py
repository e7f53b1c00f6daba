"""Answers in several messages, and what goes wrong with them: gaps, restarts, second thoughts, files that do not come.

Nothing is lost, what was said first counts first, and what belongs together is judged together.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Callable

import pytest
import pytest_asyncio

from tests.loopback.world import Message
from tests.surfaces.discord.seats import (
    COURSE,
    FIRST,
    SECOND,
    Seat,
    a_group,
    can_answer,
    clean,
    happened,
    kinds,
    newcomer,
    seated,
    seated_directly,
)
from tests.surfaces.discord.serving import Served, served

pytestmark = pytest.mark.asyncio(loop_scope="module")
BATCH, STOCHASTIC = FIRST.split(". ")
ONE_TURN = ["Answered", "Answered", "Graded", "Graded", "FollowedUp"]
TURN = ("Answered", "Graded", "FollowedUp", "Hinted", "Skipped", "Settled")


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def patient(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Served]:
    """A bot that waits for more for longer than any test: what it does in a test it does at once."""
    async with served(tmp_path_factory.mktemp("patient"), VIVA_SILENCE="60") as serving:
        serving.discord.rates.on = False
        yield serving


async def written(seat: Seat, many: int) -> list[str]:
    """Waits until so many messages of theirs are on the disk."""
    async with asyncio.timeout(15):
        while len(kinds(seat.story, "Heard")) < many:  # noqa: ASYNC110 - the disk wakes nobody
            await asyncio.sleep(0.02)
    return said(seat)


def said(seat: Seat) -> list[str]:
    """What they said, in the order in which it was written down."""
    return [json.loads(one.partition(" ")[2])["text"] for one in seat.story if one.startswith("Heard")]


def answered(seat: Seat) -> list[str]:
    """What of it was judged as an answer, in order."""
    return [json.loads(one.partition(" ")[2])["text"] for one in seat.story if one.startswith("Answered")]


def session_of(message: Message) -> str:
    """Which interview a message puts something of; empty where it puts nothing."""
    return message.buttons["Answer"].custom_id.split(":")[2] if can_answer(message) else ""


async def begun_anew(seat: Seat) -> Seat:
    """The interview that somebody begins in direct messages although one goes on there."""
    offered = await seat.who.slash(seat.where, "interview", **COURSE)
    assert not (await seat.who.click(offered, "Begin a new one")).failed
    on = await seat.where.waits_for(lambda message: session_of(message) not in ("", seat.session))
    return Seat(seat.bot, seat.who, seat.where, on)


def notice(words: str) -> Callable[[Message], bool]:
    return lambda message: words in message.text


# Messages that belong together.


@pytest.mark.parametrize("how", ["direct", "replies and mentions"])
async def test_an_answer_in_several_messages_is_judged_as_one_and_its_reply_too(bot, how):
    group = a_group(bot)
    who, other = newcomer(group), newcomer(group)
    if how == "direct":
        seat = await seated_directly(bot, who)
        await who.says(seat.where, BATCH)
        await who.says(seat.where, STOCHASTIC)
    else:
        seat = await seated(bot, group["general"], who, watch=True)
        await who.says(seat.where, BATCH, reply_to=seat.on)
        await other.says(seat.where, "Do not forget the stochastic one.", reply_to=seat.on)
        await who.says(seat.where, STOCHASTIC, mentions=[bot.discord.bot])
    await seat.asked()
    assert kinds(seat.story, *TURN) == ONE_TURN and answered(seat) == [BATCH, STOCHASTIC]
    assert len([one for one in seat.said if can_answer(one)]) == 2, "the question, and one follow-up"
    called = [] if how == "direct" else [bot.discord.bot]
    await who.says(seat.where, "It takes a mini-batch.", mentions=called)
    await who.says(seat.where, "That is a group of examples for each step.", mentions=called)
    await seat.asked()
    replies = [one for one in seat.story if one.startswith("Answered")][2:]
    assert ['"role": "reply"' in one for one in replies] == [True, True], "both are to what was asked"
    assert clean(bot) == []


async def test_who_is_seen_typing_is_waited_for(bot):
    seat = await seated_directly(bot, newcomer(a_group(bot)))
    await seat.who.says(seat.where, BATCH)
    await seat.who.types(seat.where)
    await written(seat, 1)
    await asyncio.sleep(0.5)  # as long as they type, and far longer than the silence that ends an answer here
    assert kinds(seat.story, *TURN) == []
    await seat.who.says(seat.where, STOCHASTIC)
    await seat.asked()
    assert kinds(seat.story, *TURN) == ONE_TURN and clean(bot) == []


@pytest.mark.parametrize("request_", ["/hint", "can I get a hint?", "a button"])
async def test_a_request_is_not_waited_with_and_what_was_said_before_it_counts_first(patient, request_):
    seat = await seated_directly(patient, newcomer(a_group(patient)))
    await seat.who.says(seat.where, BATCH)
    if request_ == "a button":
        await written(seat, 1)
        assert not (await seat.who.click(seat.on, "Hint")).failed
    else:
        await seat.who.says(seat.where, request_)
    await seat.asked()
    assert kinds(seat.story, *TURN) == ["Answered", "Hinted", "Graded", "FollowedUp"]
    assert answered(seat) == [BATCH] and clean(patient) == []


async def test_an_answer_by_the_button_comes_after_what_was_said_and_a_skip_leaves_what_was_answered(patient):
    seat = await seated_directly(patient, newcomer(a_group(patient)))
    await seat.who.says(seat.where, BATCH)
    await written(seat, 1)
    await seat.answers(STOCHASTIC)
    assert kinds(seat.story, *TURN) == ONE_TURN and answered(seat) == [BATCH, STOCHASTIC]
    await seat.who.says(seat.where, "Mini-batches take a group of examples.")
    await written(seat, 3)
    assert not (await seat.who.click(seat.on, "Skip")).failed
    await seat.asked()
    assert "Question 2 of 2" in seat.on.text
    assert kinds(seat.story, *TURN)[5:] == ["Answered", "Skipped", "Graded", "Settled"]
    assert clean(patient) == []


@pytest.mark.slow
async def test_what_was_said_to_one_interview_is_judged_at_once_when_the_next_in_that_channel_is_answered(patient):
    first = await seated_directly(patient, newcomer(a_group(patient)))
    await first.who.says(first.where, FIRST)
    await written(first, 1)
    second = await begun_anew(first)
    await second.who.says(second.where, BATCH)
    await written(second, 1)
    judged = first.session
    await first.asked(lambda message: session_of(message) == judged)
    assert answered(first) == [FIRST] and kinds(second.story, *TURN) == []
    assert clean(patient) == []


async def test_a_reply_to_an_interview_that_was_left_is_an_answer_to_what_stands_open_in_the_new_one(bot):
    first = await seated_directly(bot, newcomer(a_group(bot)))
    second = await begun_anew(first)
    assert not (await second.who.click(second.on, "Skip")).failed
    await second.asked()
    await second.who.says(second.where, SECOND, reply_to=first.on)
    await second.asked()
    [told] = [json.loads(one.partition(" ")[2]) for one in second.story if one.startswith("Answered")]
    assert told["question"] == "why-mini-batch", "both have an event of the number that put the one that was left"
    assert clean(bot) == []


# Second thoughts.


async def test_a_message_that_is_changed_before_its_turn_counts_as_it_stands_then(patient):
    seat = await seated_directly(patient, newcomer(a_group(patient)))
    first = await seat.who.says(seat.where, "Batch takes a single example.")
    await seat.who.says(seat.where, STOCHASTIC)
    await seat.who.edits(first, BATCH)
    await seat.where.waits_for(notice("it counts as it stands now"))
    await seat.who.edits(first, f"{BATCH}, and so on")
    await written(seat, 4)
    assert not (await seat.who.click(seat.on, "Hint")).failed
    await seat.asked()
    assert answered(seat) == [f"{BATCH}, and so on", STOCHASTIC], "in the order in which they were said"
    await seat.who.edits(first, "something else")
    await seat.where.waits_for(notice("I keep what you sent first"))
    assert sum("You changed" in message.text for message in seat.said) == 2
    assert answered(seat) == [f"{BATCH}, and so on", STOCHASTIC] and clean(patient) == []


async def test_a_message_that_is_deleted_before_its_turn_is_kept_and_that_is_said(patient):
    seat = await seated_directly(patient, newcomer(a_group(patient)))
    first = await seat.who.says(seat.where, FIRST)
    await written(seat, 1)
    await seat.who.deletes(first)
    await seat.where.waits_for(notice("You deleted a message"))
    assert not (await seat.who.click(seat.on, "Hint")).failed
    await seat.asked()
    assert answered(seat) == [FIRST] and clean(patient) == []


# Gaps and restarts.


async def test_a_connection_that_breaks_between_two_messages_keeps_them_together(patient):
    seat = await seated_directly(patient, newcomer(a_group(patient)))
    await seat.who.says(seat.where, BATCH)
    await written(seat, 1)
    patient.discord.gateway.drop(None)
    await seat.who.says(seat.where, STOCHASTIC)
    assert await written(seat, 2) == [BATCH, STOCHASTIC]
    await seat.who.says(seat.where, "/hint")
    await seat.asked()
    assert answered(seat) == [BATCH, STOCHASTIC] and kinds(seat.story, "Graded") == ["Graded"] * 2
    assert clean(patient) == []


@pytest.mark.slow
async def test_killed_between_two_messages_and_the_next_process_judges_all_that_was_said_as_one(tmp_path):
    async with served(tmp_path, VIVA_SILENCE="60") as bot:
        seat = await seated_directly(bot, newcomer(a_group(bot)))
        other = await seated_directly(bot, newcomer(a_group(bot)))
        first = await seat.who.says(seat.where, "Batch takes one example.")
        await written(seat, 1)
        await bot.kill()
        await seat.who.edits(first, BATCH)
        await seat.who.says(seat.where, STOCHASTIC)
        for answer in (BATCH, STOCHASTIC):
            await other.who.says(other.where, answer)
        bot.settings["VIVA_SILENCE"] = "1"
        await bot.start()
        await seat.who.says(seat.where, "That is all.")
        for one in (seat, other):
            await one.asked()
        assert answered(seat)[:2] == [BATCH, STOCHASTIC] and answered(other) == [BATCH, STOCHASTIC]
        assert said(seat)[-1] == "That is all.", "what came first counts first"
        for one in (seat, other):
            assert len([message for message in one.said if can_answer(message)]) == 2, "one turn"
        assert clean(bot) == []


@pytest.mark.slow
async def test_a_connection_that_breaks_again_while_it_is_caught_up_with_loses_nothing(bot):
    group = a_group(bot)
    slow, quick = [await seated_directly(bot, newcomer(group)) for _ in range(2)]
    discord = bot.discord
    discord.faults.add("no resume", "GATEWAY", times=2)
    history = discord.faults.add("slow", f"GET /channels/{slow.where.id}/messages", seconds=8.0)
    discord.gateway.drop(None)
    await discord.world.until(lambda: not discord.events.connected(discord.app), 5, lambda: "still there")
    await slow.who.says(slow.where, FIRST)
    await happened(history)
    discord.gateway.drop(None)
    await discord.world.until(lambda: not discord.events.connected(discord.app), 5, lambda: "still there")
    await quick.who.says(quick.where, FIRST)
    for seat in (slow, quick):
        await seat.asked(seconds=60)
        assert said(seat) == [FIRST] and kinds(seat.story, *TURN) == ["Answered", "Graded", "FollowedUp"]
        assert len([message for message in seat.said if can_answer(message)]) == 2
    discord.faults.end()
    assert clean(bot) == []


@pytest.mark.slow
async def test_where_the_history_may_not_be_read_the_owner_is_told_once(bot):
    discord, group = bot.discord, a_group(bot)
    for who in ("everyone", discord.bot):
        group.takes(who, "read_message_history")
    seats = [await seated(bot, group["general"], newcomer(group)) for _ in range(2)]
    identified = discord.gateway.identified
    for many in (len(identified), len(identified) + 1):
        discord.gateway.invalidate()
        await discord.world.until(lambda many=many: len(identified) > many, 30, lambda: "not back")
        for seat in seats:
            await seat.who.says(seat.where, FIRST, reply_to=seat.on)  # heard, after what may have been missed
            await seat.asked(seconds=30)
    [told] = [json.loads(line) for line in bot.log().splitlines() if "Read Message History" in line]
    assert told["level"] == "WARNING" and told["session"] in {seat.session for seat in seats}
    assert not [one for one in (group["general"], *(seat.where for seat in seats)) if str(one.id) in json.dumps(told)]


# Files.


FETCHED = ["404", "short", *(pytest.param(name, marks=pytest.mark.slow) for name in ("500", "503", "torn"))]


@pytest.mark.parametrize("fault", FETCHED)
async def test_of_a_message_whose_file_does_not_come_the_words_are_taken(bot, fault):
    seat = await seated_directly(bot, newcomer(a_group(bot)))
    bot.discord.faults.add(fault, "GET /attachments", times=2)
    await seat.who.says(seat.where, FIRST, files=[("more.md", SECOND.encode())])
    told = await seat.where.waits_for(notice("could not be had from Discord"))
    assert "`more.md`" in told.text and "send it again" in told.text and "beside it I took" in told.text
    await seat.asked()
    bot.discord.faults.end()
    assert answered(seat) == [FIRST] and clean(bot) == []


async def test_a_notice_that_is_cut_off_takes_nothing_with_it(bot):
    seat = await seated_directly(bot, newcomer(a_group(bot)))
    cut = bot.discord.faults.add("cut", f"POST /channels/{seat.where.id}/messages")
    await seat.who.says(seat.where, FIRST, files=[("net.zip", b"PK")])
    await seat.asked()
    assert cut.happened == 1 and answered(seat) == [FIRST] and clean(bot) == []


async def test_a_file_that_comes_at_the_second_try_is_taken_and_one_alone_that_does_not_is_said_not_to_be(bot):
    seat = await seated_directly(bot, newcomer(a_group(bot)))
    lost = bot.discord.faults.add("404", "GET /attachments")
    await seat.who.says(seat.where, "", files=[("answer.md", FIRST.encode())])
    told = await seat.where.waits_for(notice("could not be had from Discord"))
    assert "I did not take that" in told.text and told.text.count("send it again") == 1 and lost.happened == 1
    bot.discord.faults.add("502", "GET /attachments")
    await seat.who.says(seat.where, "", files=[("answer.md", FIRST.encode())])
    await seat.asked()
    assert answered(seat) == [FIRST] and clean(bot) == []


async def test_what_comes_after_a_message_with_a_slow_file_stays_behind_it(bot):
    seat = await seated_directly(bot, newcomer(a_group(bot)))
    bot.discord.faults.add("slow", "GET /attachments", seconds=0.5)
    await seat.who.says(seat.where, "", files=[("answer.md", BATCH.encode())])
    await seat.who.says(seat.where, STOCHASTIC)
    await seat.asked()
    assert answered(seat) == [BATCH, STOCHASTIC] and kinds(seat.story, *TURN) == ONE_TURN


PICTURES = {
    "it does not come": ("404", b"\x89PNG drawn", "could not be had from Discord, and is not kept"),
    "it is too large": ("", b"\x89PNG" + b"\0" * (9 << 20), "larger than 8 MiB, and was not kept"),
}


@pytest.mark.parametrize("what", PICTURES)
async def test_of_a_message_whose_picture_is_not_kept_the_words_are_taken(bot, what):
    fault, picture, words = PICTURES[what]
    seat = await seated_directly(bot, newcomer(a_group(bot)))
    if fault:
        bot.discord.faults.add(fault, "GET /attachments")
    await seat.who.says(seat.where, FIRST, files=[("net.png", picture)])
    told = await seat.where.waits_for(notice(words))
    assert "`net.png`" in told.text and "say in words what it shows" in told.text
    await seat.asked()
    assert answered(seat) == [FIRST] and clean(bot) == []


async def test_a_picture_for_which_the_disk_has_no_place_takes_no_words_with_it(bot):
    place = bot.home / "pictures"
    place.write_text("nothing can be kept below a file")
    seat = await seated_directly(bot, newcomer(a_group(bot)))
    await seat.who.says(seat.where, FIRST, files=[("net.png", b"\x89PNG drawn")])
    told = await seat.where.waits_for(notice("could not be kept"))
    assert "a fault on my side" in told.text and str(bot.home) not in told.text
    await seat.asked()
    place.unlink()
    assert answered(seat) == [FIRST] and clean(bot) == []
    assert '"level": "WARNING"' in bot.log() and "a picture was not kept" in bot.log()
