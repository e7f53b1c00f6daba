"""Interviews while the bot is killed -9 at random requests, and while it is told to end: nothing is lost or doubled."""

from __future__ import annotations

import asyncio
from random import Random

import pytest

from bot.commands.serve import SETTLE
from tests.surfaces.discord.candidate import Candidate, begins
from tests.surfaces.discord.interrupting import Deed, Killer, Stubborn, words_kept
from tests.surfaces.discord.seats import clean, kinds, sessions, story
from tests.surfaces.discord.serving import Served, served

WISHES = {"flow": "quick", "questions": 3, "seed": 5}
ANSWER = "Machine learning learns from data; deep learning is the part of it that uses networks of several layers."
DEEDS: tuple[Deed, ...] = (
    ("presses", "Hint"),
    ("answers", ANSWER),
    ("answers", "A deep network learns its features by itself, and needs a lot of data and GPUs for that."),
    ("answers", "It is a black box."),
    ("commands", "skip"),
    ("answers", "A recurrent network has a state that goes from step to step; a feed-forward one has none."),
    ("presses", "Hint"),
    ("answers", "One takes sequences of any length, the other one an input of a fixed size."),
    ("answers", "I don't know."),
)
#: In direct messages words are enough, also where nobody is there to hear them.
WORDS: tuple[Deed, ...] = tuple(("says", words if how == "answers" else words.lower()) for how, words in DEEDS)


async def sat(bot: Served, deeds: tuple[Deed, ...], direct: bool, killer: Killer | None = None) -> Stubborn:
    """A whole interview; its turns are those that the candidate saw."""
    group = bot.discord.server("Study group")
    one = group.member("one")
    me = await begins(one, one.direct if direct else group["general"], **WISHES)
    stubborn = Stubborn(me, bot)
    await stubborn.sits(deeds, killer)
    if killer is not None:
        killer.rests()
        await killer.starts_again()
    return stubborn


async def report(me: Candidate) -> str:
    """The report of the interview, but for its first lines: they name the session and the time."""
    shown = await me.person.slash(me.channel, "report")
    assert "**Total" in shown.message.files[0].text
    return shown.message.files[0].text.partition("**Total")[2]


async def test_killed_once_and_the_turn_is_finished_by_the_next_process(tmp_path):
    """The quick one: killed while it gives a hint, which then comes once."""
    async with served(tmp_path) as bot:
        one = await sat(bot, (("presses", "Hint"), ("commands", "end")), False, Killer(bot, Random(4), times=1))
        assert len(one.turns) == 3 and "Hint 1 of 3" in one.turns[1] and "est of luck" in one.turns[2]
        assert kinds(story(bot, *sessions(bot, one.me.person)), "Hinted", "Ended") == ["Hinted", "Ended"]
        assert clean(bot) == []


@pytest.mark.slow
@pytest.mark.parametrize(("seed", "direct"), [(1, False), (2, True)], ids=["thread", "direct"])
async def test_killed_at_random_requests(tmp_path, seed, direct):
    """Nothing is lost, nothing is said or marked twice, and the report is that of an undisturbed twin."""
    deeds = WORDS if direct else DEEDS
    for name in ("undisturbed", "killed"):
        (tmp_path / name).mkdir()
    async with served(tmp_path / "undisturbed") as bot:
        twin = await sat(bot, deeds, direct)
        expected = [await report(twin.me), twin.turns, story(bot, *sessions(bot, twin.me.person))]
        assert clean(bot) == []
    async with served(tmp_path / "killed") as bot:
        killer = Killer(bot, Random(seed))
        one = await sat(bot, deeds, direct, killer)
        assert killer.kills >= 3
        assert [await report(one.me), one.turns, story(bot, *sessions(bot, one.me.person))] == expected
        kept = words_kept(bot)
        assert all(kept[words] == 1 for how, words in deeds[:-1] if how in ("answers", "says") and words != "hint")
        assert clean(bot) == []


@pytest.mark.slow
async def test_told_to_end_in_the_middle_of_a_turn(tmp_path):
    """What was acknowledged is finished; what comes while it ends is refused kindly; the next process goes on."""
    async with served(tmp_path) as bot:
        group = bot.discord.server("Study group")
        one, other = group.member("one"), group.member("other")
        me = await begins(one, group["general"], **WISHES)
        second = await begins(other, group["general"], **WISHES)
        opened = await one.click(me.turn, "Answer")
        later = await other.click(second.turn, "Answer")
        submitted = await one.submit(opened, ANSWER, seconds=0)
        assert not submitted.failed
        began = asyncio.get_running_loop().time()
        ending = asyncio.create_task(bot.stop())
        await asyncio.sleep(0.05)
        refused = await other.submit(later, ANSWER, seconds=1)
        assert await ending == 0
        assert asyncio.get_running_loop().time() - began < SETTLE + 4
        await me.next(0.5)
        assert refused.failed or "restarted" in refused.text or second.turn is not second.channel.last
        await bot.start()
        await second.next() if words_kept(bot)[ANSWER] == 2 else await second.answers(ANSWER)
        marked = [kinds(story(bot, *sessions(bot, who)), "Graded") for who in (one, other)]
        assert marked == [["Graded"], ["Graded"]]
        assert me.turn.text == second.turn.text
        assert clean(bot) == []
