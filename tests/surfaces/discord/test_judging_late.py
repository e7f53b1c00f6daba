"""What an outage kept from being judged: looked for every few minutes, and said in the interview's place."""

from __future__ import annotations

import asyncio
import json
import logging
import sqlite3
from pathlib import Path

import pytest

from bot.errors import SittingBusy
from bot.surfaces.discord.judging_late import EVERY, JudgingLate
from tests.loopback_model import MODEL, running
from tests.surfaces.discord.seats import FIRST, SECOND, a_group, clean, newcomer, seated_directly, told_alone
from tests.surfaces.discord.serving import Served, served
from tests.surfaces.discord.test_broken_off import Looks


async def test_one_after_another_is_judged_until_the_model_fails_again(caplog: pytest.LogCaptureFixture) -> None:
    judged: list[str] = []
    fails: set[str] = {"c"}

    async def unjudged() -> list[str]:
        return ["a", "b", "c", "d"]

    async def judge(session: str) -> bool:
        if session == "a":
            raise SittingBusy("Somebody has it.")
        judged.append(session)
        return session not in fails

    looks = Looks()
    task = asyncio.create_task(JudgingLate(unjudged, judge, looks).look())
    await looks.waiting.wait()
    assert judged == ["b", "c"] and "Somebody has it" in caplog.text and caplog.records[0].levelno == logging.WARNING
    fails.clear()
    await looks.next()
    task.cancel()
    assert judged == ["b", "c", "b", "c", "d"] and looks.waits == [EVERY, EVERY]


@pytest.mark.slow
async def test_a_late_grade_is_a_new_message(tmp_path: Path) -> None:
    """The model's server is out of order for one answer; at the next one it works again."""
    async with running() as server:
        environment = {"OPENAI_BASE_URL": server.url, "VIVA_MODEL": f"openai:{MODEL}", "VIVA_INTERVIEWER": "offline"}
        async with served(tmp_path, **environment) as bot:
            seat = await seated_directly(bot, newcomer(a_group(bot)))
            server.faults += ["malformed"] * 3  # for each form in which it is asked
            await seat.answers(FIRST)
            assert graded(bot) == [True] and not server.faults
            while graded(bot)[-1]:
                await seat.answers(SECOND)
            told = await seat.where.waits_for(lambda message: "is judged now" in message.text, seconds=20)
            assert "Question 1, which could not be judged before" in told.text and "Answer" in told.buttons
            cost = await seat.who.slash(seat.where, "cost")
            await told_alone(cost, "tokens read", "price not known")
            assert not clean(bot)


def graded(bot: Served) -> list[bool]:
    """Of every judgement in the log, whether it is to be tried again."""
    with sqlite3.connect(f"file:{bot.home / 'viva.db'}?mode=ro", uri=True, timeout=10) as database:
        rows = database.execute("SELECT body FROM events WHERE kind = 'Graded' ORDER BY seq")
        return [bool(json.loads(body).get("retry")) for (body,) in rows]
