"""`/dispute` in Discord: what comes of it is for the candidate alone, in an interview and after its end."""

from __future__ import annotations

import pytest

from tests.surfaces.discord.seats import ANSWERS, a_group, clean, newcomer, seated, sessions, story, told_alone

pytestmark = pytest.mark.asyncio(loop_scope="module")


async def test_a_mark_is_objected_to_in_private_also_after_the_end(bot):
    group = a_group(bot)
    who = newcomer(group)
    seat = await seated(bot, group["general"], who)
    await seat.answers(ANSWERS[0])
    shown = await who.slash(seat.where, "dispute", why="I deserve more.", question=1)
    await told_alone(shown, "as before", "points at no words of your answer")
    assert await seat.goes_on(ANSWERS[1:])
    said = len(seat.said)
    shown = await who.slash(seat.where, "dispute", why="I said “a single example, which is noisy”.", question=1)
    await told_alone(shown, "Question 1", "a single example, which is noisy")
    shown = await who.slash(seat.where, "dispute", why="Your reference is outdated.", question=1)
    await told_alone(shown, "whoever keeps the questions", "No mark changes")
    assert len(seat.said) == said, "nobody else is told"
    (session,) = sessions(bot, who)
    objected = [one for one in story(bot, session) if one.startswith("Disputed")]
    assert ["I deserve more." in objected[0], "which is noisy" in objected[1], "outdated" in objected[2]] == [True] * 3
    assert clean(bot) == []
