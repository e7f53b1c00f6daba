"""Where an interview can be begun and asked about, and where it goes on when its place is gone."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from tests.loopback.group import Group
from tests.loopback.person import Person
from tests.loopback.world import Channel, Message
from tests.surfaces.discord.seats import (
    ANSWERS,
    COURSE,
    FIRST,
    Seat,
    a_group,
    can_answer,
    clean,
    happened,
    kinds,
    newcomer,
    seated,
    seated_directly,
    sessions,
    told_alone,
)
from tests.surfaces.discord.serving import Served, served

pytestmark = pytest.mark.asyncio(loop_scope="module")
NEEDED = {
    "view_channel": "View Channel",
    "send_messages_in_threads": "Send Messages in Threads",
    "attach_files": "Attach Files",
    "create_private_threads": "Create Private Threads",
}


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def bot(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Served]:
    async with served(tmp_path_factory.mktemp("home")) as serving:
        serving.discord.rates.on = False  # people here answer faster than people do
        yield serving
        assert clean(serving) == []


@pytest_asyncio.fixture(loop_scope="module")
async def seat(bot: Served) -> Seat:
    """Somebody who was asked the first question, in a thread on a server of their own."""
    group = a_group(bot)
    return await seated(bot, group["general"], newcomer(group))


def newest(bot: Served, who: Person, where: Channel) -> Seat:
    """Somebody where their interview went on just now."""
    return Seat(bot, who, where, [message for message in where.said if can_answer(message)][-1])


def moved(message: Message) -> bool:
    """Whether a message says that the interview goes on here, and asks for an answer."""
    return can_answer(message) and "Nothing is lost; it goes on here" in message.text


async def goes_on_directly(seat: Seat, answers: tuple[str, ...] = ANSWERS[1:]) -> list[str]:
    """The rest of an interview that was moved to direct messages; its story."""
    seat.on = await seat.who.direct.waits_for(moved)
    seat.where = seat.who.direct
    return await seat.goes_on(answers)


# Where it can be begun.


@pytest.mark.parametrize("kind", ["voice", "stage", "news"])
async def test_where_there_are_no_private_threads_it_is_in_direct_messages(bot, kind):
    group = a_group(bot)
    who = newcomer(group)
    shown = await who.slash(group.channel("there", kind), "interview", **COURSE)
    await told_alone(shown, "in your direct messages with me")
    await who.direct.waits_for(can_answer)


async def test_in_a_post_of_a_forum_it_is_in_direct_messages(bot):
    group = a_group(bot)
    who = newcomer(group)
    post = await who.begins_thread(group.channel("forum", "forum"), "a post", "hello")
    await told_alone(await who.slash(post, "interview", **COURSE), "in your direct messages with me")
    await told_alone(await newcomer(group).slash(post, "interview", watch=True), "Nobody can watch there")


async def test_in_a_thread_of_others_it_gets_a_thread_beside_it(bot):
    group = a_group(bot)
    who, other = newcomer(group), newcomer(group)
    talk = await other.begins_thread(group["general"], "talk", "hello")
    await told_alone(await who.slash(talk, "interview", **COURSE), "<#")
    thread = await who.sees_thread(group["general"], "Interview")
    assert thread.private and not other.sees_channel(thread) and len(talk.said) == 1


async def test_announcements_can_be_watched(bot):
    group = a_group(bot)
    who = newcomer(group)
    channel = group.channel("announcements", "news")
    await told_alone(await who.slash(channel, "interview", **COURSE, watch=True), "Everybody in this channel")
    await (await who.sees_thread(channel)).waits_for(can_answer)


async def test_brought_along_where_the_bot_is_no_member_it_says_what_is_missing(bot, story):
    home, elsewhere = a_group(bot), bot.discord.server("elsewhere", bot=False)
    who = newcomer(home)
    elsewhere.member(who.name)
    await who.installs()
    shown = await who.slash(elsewhere["general"], "interview", **COURSE)
    await told_alone(shown, "not a member of this server", "no thread", "/viva", "direct messages")
    seat = Seat(bot, who, who.direct, await who.direct.waits_for(can_answer))
    assert await seat.goes_on(ANSWERS) == story
    assert elsewhere["general"].said == [], "and nothing is said there"


async def test_brought_along_into_a_conversation_of_others_it_stays_out_of_it(bot):
    group = a_group(bot)
    who, other, third = newcomer(group), newcomer(group), newcomer(group)
    await who.installs()
    for talk in (who.direct_with(other), who.direct_with(other, third)):
        await told_alone(await who.slash(talk, "hint"), "no interview going on here")
    talk = who.direct_with(other, third)
    await told_alone(await who.slash(talk, "interview", **COURSE), "in your direct messages with me")
    await told_alone(await who.slash(talk, "hint"), "It goes on in")
    assert talk.said == [], "nobody in it reads a word"


@pytest.mark.parametrize("permission", NEEDED)
async def test_a_missing_permission_is_named_with_a_mend_and_a_way_out(bot, story, permission):
    group = a_group(bot)
    who = newcomer(group)
    group.denies(group["general"], bot.discord.bot, permission)
    shown = await who.slash(group["general"], "interview", **COURSE)
    text = await told_alone(shown, f"**{NEEDED[permission]}**", "Server Settings → Roles", "direct messages")
    others = set(NEEDED.values()) - {NEEDED[permission]}
    assert permission == "view_channel" or not any(f"**{name}**" in text for name in others), "those alone"
    assert sessions(bot, who) == [] and list(shown.buttons) == ["In a DM instead"]
    await told_alone(await who.click(shown.message, "In a DM instead"), "in your direct messages with me")
    seat = Seat(bot, who, who.direct, await who.direct.waits_for(can_answer))
    assert permission != "view_channel" or await seat.goes_on(ANSWERS) == story


async def test_several_missing_permissions_are_named_one_by_one(bot):
    group = a_group(bot)
    group.takes("everyone", "create_public_threads, attach_files")
    shown = await newcomer(group).slash(group["general"], "interview", watch=True)
    text = await told_alone(shown, "**Create Public Threads**", "**Attach Files**")
    assert "Private" not in text and "Send Messages" not in text


async def test_too_many_threads(bot, story):
    group = a_group(bot)
    who = newcomer(group)
    bot.discord.faults.add("refused", f"POST /channels/{group['general'].id}/threads", code=160006)
    await told_alone(await who.slash(group["general"], "interview", **COURSE), "too many", "direct messages")
    seat = Seat(bot, who, who.direct, await who.direct.waits_for(can_answer))
    assert await seat.goes_on(ANSWERS) == story


async def test_neither_a_thread_nor_direct_messages_then_a_thread_after_all(bot, story):
    group = a_group(bot)
    who = newcomer(group)
    await who.closes_direct()
    group.denies(group["general"], "everyone", "create_private_threads")
    shown = await who.slash(group["general"], "interview", **COURSE)
    await told_alone(await who.click(shown.message, "In a DM instead"), "neither in a thread", "Privacy Settings")
    group.allows(group["general"], "everyone", "create_private_threads")
    offer = await who.slash(group["general"], "interview", **COURSE)
    await told_alone(offer, "unfinished interview")
    await told_alone(await who.click(offer.message, "Go on with it"), "<#")
    seat = newest(bot, who, await who.sees_thread(group["general"]))
    assert await seat.goes_on(ANSWERS) == story, "it is the same one, and it was kept"


# Commands from elsewhere.


async def test_commands_from_another_channel_work_where_the_interview_is(bot, seat):
    group = a_group(bot)
    group.member(seat.who.name)
    general = seat.where.parent
    await told_alone(await seat.who.slash(general, "hint"), "You asked for a hint", f"It goes on in <#{seat.where.id}>")
    await seat.asked()
    assert "Hint 1 of 3" in seat.on.text
    await told_alone(await seat.who.slash(group["general"], "skip"), "You left this question", "It goes on in")
    await seat.asked()
    assert "Question 2 of 2" in seat.on.text
    assert general.said == [] and group["general"].said == [], "others read nothing of it"
    program = await seat.who.slash(general, "code", file=("a.py", b"x = 1"))
    assert program.ephemeral, "a program least of all"


async def test_a_second_interview_from_another_server_is_offered_the_first(bot, seat, story):
    other = a_group(bot)
    other.member(seat.who.name)
    offer = await seat.who.slash(other["general"], "interview", **COURSE)
    await told_alone(offer, "unfinished interview", "0 answers so far")
    await told_alone(await seat.who.click(offer.message, "Go on with it"), f"<#{seat.where.id}>")
    assert seat.who.sees_threads(other["general"]) == [], "it stays on its own server"
    seat = newest(bot, seat.who, seat.where)
    assert await seat.goes_on(ANSWERS) == story


async def test_viva_is_for_those_who_may_manage_the_server(bot):
    group = a_group(bot)
    with pytest.raises(AssertionError, match="no command /viva"):
        await newcomer(group).slash(group["general"], "viva setup", board=True)
    await told_alone(
        await newcomer(group, "manage_guild").slash(group["general"], "viva setup", board=True), "**board**: on"
    )


# The place goes.


async def test_an_archived_thread_comes_back_with_the_next_word(seat, story):
    await seat.where.archive()
    assert await seat.goes_on(ANSWERS) == story
    assert not seat.where.archived


@pytest.mark.parametrize(
    "what", ["locked", "deleted", "its channel deleted", "send taken", "view taken", "put out", "removed"]
)
async def test_a_place_that_is_gone_is_left_for_direct_messages(bot, seat, story, what):
    modal = await seat.opens()
    mine = a_group(bot)
    mine.member(seat.who.name)  # who shares no server with a bot can't be written to
    await _goes(bot, seat, what)
    shown = await seat.who.submit(modal, FIRST) if what == "locked" else None
    if shown is None:  # the client has nothing left to press: any command goes on
        asked = await seat.who.slash(mine["general"], "hint")
        await told_alone(asked, "You asked for a hint", f"<#{seat.who.direct.id}>")
        moved_here = await seat.who.direct.waits_for(moved)
        hinted = await seat.who.direct.waits_for(lambda message: "Hint 1 of 3" in message.text)
        assert can_answer(moved_here) and can_answer(hinted)
        return
    assert await goes_on_directly(seat) == story


async def _goes(bot: Served, seat: Seat, what: str) -> None:
    parent = seat.where.parent
    assert parent is not None and parent.server is not None
    match what:
        case "locked":
            await seat.where.lock()
        case "deleted":
            await seat.where.delete()
        case "its channel deleted":
            await parent.delete()
        case "put out":
            await _group_of(bot, seat).owner.puts_out(seat.where, bot.discord.bot)
        case _:
            group = _group_of(bot, seat)
            if what == "removed":
                await group.removes_bot()
            else:
                group.denies(
                    parent, bot.discord.bot, "view_channel" if what == "view taken" else "send_messages_in_threads"
                )


def _group_of(bot: Served, seat: Seat) -> Group:
    assert seat.where.server is not None
    return Group(bot.discord, seat.where.server)


@pytest.mark.parametrize("what", ["deleted", "send taken", "view taken"])
async def test_gone_while_a_turn_is_worked_on_it_goes_on_in_direct_messages(bot, seat, story, what):
    modal = await seat.opens()
    slow = bot.discord.faults.add("slow", f"POST /channels/{seat.where.id}/messages", seconds=0.5)
    await seat.who.submit(modal, FIRST)
    await happened(slow)
    await _goes(bot, seat, what)
    assert await goes_on_directly(seat) == story


async def test_gone_and_no_direct_messages_either_it_is_kept_until_the_next_interview(bot, seat, story):
    general = seat.where.parent
    await seat.who.closes_direct()
    modal = await seat.opens()
    await seat.where.lock()
    shown = await seat.who.submit(modal, FIRST)
    await bot.discord.world.until(lambda: "neither where" in shown.text, 10, lambda: shown.text)
    own = [message for message in shown.messages if "neither where" in message.text]
    assert own[0].ephemeral and "it goes on there" in own[0].text
    offer = await seat.who.slash(general, "interview", **COURSE)
    await told_alone(offer, "unfinished interview")
    await told_alone(await seat.who.click(offer.message, "Go on with it"), "<#")
    seat = newest(bot, seat.who, await seat.who.sees_thread(general))
    assert await seat.goes_on(ANSWERS[1:]) == story


async def test_direct_messages_closed_in_the_middle(bot, story):
    group = a_group(bot)
    who = newcomer(group)
    seat = await seated_directly(bot, who)
    modal = await seat.opens()
    await who.closes_direct()
    shown = await who.submit(modal, FIRST)
    await bot.discord.world.until(lambda: "no direct messages from me any more" in shown.text, 10, lambda: shown.text)
    offer = await who.slash(group["general"], "interview", **COURSE)
    await told_alone(await who.click(offer.message, "Go on with it"), "<#")
    seat = newest(bot, who, await who.sees_thread(group["general"]))
    assert await seat.goes_on(ANSWERS[1:]) == story


async def test_move_to_dm_where_direct_messages_are_closed_stays_where_it_is(seat, story):
    await seat.who.closes_direct()
    await told_alone(await seat.who.click(seat.on, "Move to DM"), "direct messages", "The interview is kept")
    assert await seat.goes_on(ANSWERS) == story


async def test_who_left_the_thread_is_brought_back_into_it(seat, story):
    await seat.who.leaves_thread(seat.where)
    assert not seat.who.sees_channel(seat.where)
    await told_alone(await seat.who.slash(seat.where.parent, "hint"), f"<#{seat.where.id}>")
    await seat.asked()
    assert seat.who.sees_channel(seat.where) and kinds(seat.story, "Hinted") == ["Hinted"]
    await seat.who.leaves_thread(seat.where)
    offer = await seat.who.slash(seat.where.parent, "interview", **COURSE)
    await told_alone(await seat.who.click(offer.message, "Go on with it"), f"<#{seat.where.id}>")
    assert seat.who.sees_channel(seat.where)


async def test_who_left_the_server_goes_on_in_direct_messages(bot, seat, story):
    mine = a_group(bot)
    mine.member(seat.who.name)
    await seat.who.leaves(_group_of(bot, seat))
    offer = await seat.who.slash(seat.who.direct, "interview", **COURSE)
    await told_alone(await seat.who.click(offer.message, "Go on with it"), "in your direct messages")
    seat = newest(bot, seat.who, seat.who.direct)
    assert await seat.goes_on(ANSWERS) == story


async def test_removed_and_invited_again(bot, seat, story):
    group = _group_of(bot, seat)
    general = seat.where.parent
    await group.removes_bot()
    await group.invites_bot("create_private_threads, send_messages_in_threads, attach_files")
    offer = await seat.who.slash(general, "interview", **COURSE)
    await told_alone(await seat.who.click(offer.message, "Go on with it"), "<#")
    seat = newest(bot, seat.who, await seat.who.sees_thread(general))
    assert await seat.goes_on(ANSWERS) == story
