"""The loopback's gateway and faults, met by real discord.py: what it survives in them, and what it is told."""

from __future__ import annotations

import asyncio
import json
import sys
import time
from collections.abc import AsyncIterator

import pytest

from tests.loopback import Loopback, Process
from tests.loopback.events import Session
from tests.loopback.group import Group
from tests.loopback.person import Person

TRIAL = (sys.executable, "-m", "tests.loopback.trial")
CALLBACK, SAY = "POST /interactions", "POST /channels"


@pytest.fixture
def group(discord: Loopback) -> Group:
    return discord.server("Study group", channels=["general"])


@pytest.fixture
def one(group: Group) -> Person:
    return group.member("one")


@pytest.fixture
async def bot(discord: Loopback, group: Group) -> AsyncIterator[Process]:
    async with Process(discord, *TRIAL) as running:
        await discord.ready()
        yield running


async def test_after_a_cut_it_resumes_and_hears_what_it_missed(discord, group, one, bot):
    discord.gateway.drop()
    await discord.world.until(lambda: not discord.events.connected(discord.app), 5, str)
    missed = asyncio.create_task(one.slash(group["general"], "choose", what="missed"))
    await discord.connected()
    assert (await missed).text == "missed × 1"
    assert [how for _, how in discord.gateway.identified] == ["IDENTIFY", "RESUME"]


async def test_asked_to_reconnect_it_resumes(discord, group, one, bot):
    discord.gateway.ask_to_reconnect()
    await discord.world.until(lambda: len(discord.gateway.identified) == 2, 10, str)
    assert discord.gateway.identified[-1][1] == "RESUME"
    assert (await one.slash(group["general"], "choose", what="here")).text == "here × 1"


@pytest.mark.slow  # the library waits before it identifies anew
async def test_a_session_that_cannot_be_resumed_is_begun_anew(discord, group, one, bot):
    discord.faults.add("no resume")
    discord.gateway.drop(4000)
    await discord.world.until(lambda: len(discord.gateway.identified) == 2, 15, str)
    assert discord.gateway.identified[-1][1] == "IDENTIFY"
    assert (await one.slash(group["general"], "choose", what="anew")).text == "anew × 1"


@pytest.mark.slow  # the library waits between its attempts
async def test_a_gateway_that_is_down_at_the_start_is_tried_again(discord, group, one):
    discord.faults.add("no gateway", "GATEWAY", times=2)
    async with Process(discord, *TRIAL) as bot:
        await discord.ready(seconds=40)
        assert len(discord.faults.happened) == 2 and "Retrying" in bot.log


async def test_a_wrong_token_and_an_intent_that_is_off_are_refused(discord, group):
    async with Process(discord, *TRIAL, DISCORD_TOKEN="wrong") as bot:
        assert await bot.exits() == 1 and "Improper token" in bot.log
    assert discord.rates.invalids() == 1
    async with Process(discord, *TRIAL, TRIAL_CONTENT=1) as bot:
        assert await bot.exits() == 1 and "PrivilegedIntentsRequired" in bot.log


@pytest.mark.slow  # the second shard may identify five seconds after the first
async def test_each_server_belongs_to_a_shard(discord, group, one):
    discord.app.shards = 2
    groups = [group]
    while {_shard(made) for made in groups} != {0, 1}:  # an id decides it, and ids are made of the time
        groups.append(discord.server(f"server {len(groups)}"))
    async with Process(discord, *TRIAL):
        await discord.world.until(lambda: len(discord.gateway.identified) == 2, 20, str)
        for other in groups:
            await one.joins(other)
            said = await one.slash(other["general"], "choose", what=other.server.name)
            assert said.text.startswith(other.server.name)
        told = {session.shard[0]: _commanded_from(session) for session in discord.events.of(discord.app)}
    assert told == {shard: [made.id for made in groups if _shard(made) == shard] for shard in (0, 1)}


def _shard(group: Group, shards: int = 2) -> int:
    """By the documented rule."""
    return (group.id >> 22) % shards


def _commanded_from(session: Session) -> list[int]:
    """The servers of the commands that this connection was told of, in order."""
    events = [json.loads(text) for _, text in session.told]
    return [int(event["d"]["guild_id"]) for event in events if event["t"] == "INTERACTION_CREATE"]


@pytest.mark.slow
async def test_three_seconds_to_the_first_response_and_one_response(discord, group, one, bot):
    late = asyncio.create_task(one.slash(group["general"], "never"))
    await one.slash(group["general"], "twice")
    shown = await late
    assert shown.failed == "The application did not respond" and shown.messages == []
    await asyncio.sleep(0.8)
    assert (await one.slash(group["general"], "seen")).text == "twice:40060; too late:10062"


async def test_a_token_lives_a_quarter_of_an_hour(discord, group, one, bot):
    shown = await one.slash(group["general"], "later", seconds=0)
    discord.clock.advance(minutes=16)
    await discord.world.until(lambda: any(asked.status == 401 for asked in discord.asked), 5, str)
    assert shown.thinking
    counted = (await one.slash(group["general"], "count")).message
    discord.clock.advance(minutes=16)
    assert (await one.click(counted, "Count")).text == "counted 1"  # each click brings a token of its own


async def test_an_interaction_that_comes_twice_is_answered_once(discord, group, one, bot):
    discord.faults.add("twice")
    assert (await one.slash(group["general"], "choose", what="once")).text == "once × 1"
    callbacks = "POST /interactions/{interaction_id}/{interaction_token}/callback"
    await discord.world.until(lambda: discord.requests[callbacks] == 2, 5, str)
    assert [asked.status for asked in discord.asked if asked.request == callbacks] == [200, 400]


async def test_events_overtake_one_another(discord, group, one, bot):
    discord.faults.add("swap", "MESSAGE_CREATE")
    await one.says(one.direct, "first")
    await one.types(one.direct)
    assert (await one.slash(group["general"], "seen")).text == "typing; message:first"


@pytest.mark.slow
async def test_an_interaction_that_comes_too_late(discord, group, one, bot):
    discord.faults.add("late")
    assert (await one.slash(group["general"], "choose", what="late")).failed
    assert "10062" in bot.log


async def test_a_server_that_fails_is_asked_again(discord, group, one, bot):
    discord.faults.add("502", CALLBACK)
    shown = await one.slash(group["general"], "choose", what="again")
    assert shown.text == "again × 1" and shown.took is not None and shown.took > 1


@pytest.mark.slow
async def test_servers_fail_in_many_ways(discord, group, one, bot):
    discord.faults.add("acts, then 502", CALLBACK)
    assert (await one.slash(group["general"], "choose", what="done already")).text == "done already × 1"
    discord.faults.add("500", SAY)
    discord.faults.add("slow", SAY, seconds=0.3)
    began = time.monotonic()
    assert (await one.slash(group["general"], "same")).text == "1 message"
    assert time.monotonic() - began > 1.2
    discord.faults.add("503", SAY)
    assert (await one.slash(group["general"], "same", seconds=1)).thinking
    discord.faults.add("cut", CALLBACK)
    assert (await one.slash(group["general"], "choose", what="cut")).failed
    assert {name for name, _ in discord.faults.happened} == {"acts, then 502", "500", "slow", "503", "cut"}


async def test_limits_of_requests_are_told_and_kept(discord, group, one, bot):
    discord.faults.add("429", SAY, seconds=0.4)
    discord.faults.add("429 global", SAY, seconds=0.4)
    began = time.monotonic()
    assert (await one.slash(group["general"], "same")).text == "1 message"
    assert time.monotonic() - began > 0.8
    assert {limited.everything for limited in discord.limited} == {False, True}
    assert discord.own_limited == []


@pytest.mark.slow  # the bucket of messages is empty for five seconds
async def test_the_library_waits_where_a_bucket_is_empty(discord, group, one, bot):
    began = time.monotonic()
    await one.slash(group["general"], "burst", seconds=20)
    assert time.monotonic() - began > 4.5 and discord.limited == []
    assert [message.text for message in group["general"].said] == [f"burst {n}" for n in range(7)]


async def test_a_permission_that_is_missing_from_now_on(discord, group, one, bot):
    general = group["general"]
    group.denies(general, discord.bot, "create_private_threads")
    assert (await one.slash(general, "thread")).text == "refused: 403 50013"
    assert (await one.slash(general, "thread", public=True)).text.startswith("<#")
    group.denies(general, discord.bot, "view_channel")
    assert (await one.slash(general, "thread")).text == "refused: 403 50001"
    group.allows(general, discord.bot, "view_channel")
    group.takes("everyone", "send_messages_in_threads")
    assert (await one.slash(general, "thread", public=True)).text == "refused: 403 50013"


async def test_a_body_that_breaks_a_limit_is_refused_and_noted(discord, group, one, bot):
    assert (await one.slash(group["general"], "long")).text.startswith("50035: Invalid Form Body")
    [complaint] = discord.complaints
    assert "content" in complaint.wrong and "interaction_token" in complaint.request
    discord.complaints.clear()
